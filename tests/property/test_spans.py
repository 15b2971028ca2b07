"""The helpers that every rule is written with, against plain sets of months; and mistakes in them are noticed."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select

from metrics.facts import by_year
from metrics.sql import merged, reigning, within, without
from metrics.tables import year
from tests.mutation.mutants import mutants

_COLUMNS = ("person", "unit", "s", "e")
inner = Table("inner_spans", MetaData(), *(Column(name, Integer) for name in _COLUMNS))
outer = Table("outer_spans", MetaData(), *(Column(name, Integer) for name in _COLUMNS))
happened = Table("happened", MetaData(), *(Column(name, Integer) for name in ("person", "month", "place")))
YEARS = [0, 12, 24]
PERSONS = range(1, 120)


def _spans(draw: random.Random) -> list[dict]:
    """Up to four spans a person, overlapping and touching, some of one month."""
    rows = []
    for person in PERSONS:
        for _ in range(draw.randint(0, 4)):
            s = draw.randint(0, 30)
            rows.append(
                {
                    "person": person,
                    "unit": draw.randint(1, 2),
                    "s": s,
                    "e": s + draw.choice([0, 0, 1, 2, 5, 12]),
                }
            )
    return rows


def _stays(draw: random.Random) -> list[dict]:
    """Spans of a person that do not overlap, as stays are."""
    rows = []
    for person in PERSONS:
        s = draw.randint(0, 8)
        while s < 30 and draw.random() < 0.8:
            e = s + draw.choice([0, 0, 1, 3, 8])
            rows.append({"person": person, "unit": draw.randint(1, 3), "s": s, "e": e})
            s = e + draw.choice([1, 1, 2, 4])
    return rows


DRAW = random.Random(3)
INNER, OUTER = _spans(DRAW), _stays(DRAW)
HAPPENED = [
    {"person": person, "month": DRAW.randint(0, 20), "place": place}
    for person in PERSONS
    for place in range(DRAW.randint(0, 5))
]


def months(rows: list[dict], *keys: str) -> Counter:
    """How often each (key, month) is covered."""
    return Counter(
        (*(row[key] for key in keys), month) for row in rows for month in range(row["s"], row["e"] + 1)
    )


def _merged() -> Counter:
    """Joined where they overlap or touch: as long as can be."""
    covered = set(months(INNER, "person"))
    found = Counter()
    for person, s in covered:
        if (person, s - 1) not in covered:
            e = s
            while (person, e + 1) in covered:
                e += 1
            found[person, s, e] += 1
    return found


def _within() -> Counter:
    covered = months(INNER, "person")
    found = Counter()
    for person, unit, month in months(OUTER, "person", "unit"):
        found[person, unit, month] += covered[person, month]
    return +found


def _without() -> Counter:
    covered = months(INNER, "person")
    return Counter({place: 1 for place in months(OUTER, "person", "unit") if not covered[place[0], place[2]]})


def _by_year() -> Counter:
    """Who was there in a year so far is there still, at the last unit."""
    unit_of = {(person, month): unit for person, unit, month in months(OUTER, "person", "unit")}
    found = Counter()
    for person in PERSONS:
        for y0 in YEARS:
            last = None
            for month in range(y0, y0 + 12):
                last = unit_of.get((person, month), last)
                if last is not None:
                    found[person, last, month] += 1
    return found


def _reigning() -> Counter:
    """The latest event so far, by month and place; nothing after month 25."""
    found = Counter()
    for person in PERSONS:
        own = sorted((row["month"], row["place"]) for row in HAPPENED if row["person"] == person)
        for month in range(26):
            before = [place for when, place in own if when <= month]
            if before:
                found[person, before[-1], month] += 1
    return found


_holes = merged(inner, "person").subquery()
RULES = {
    "merged": (merged(inner, "person"), None, _merged()),
    "within": (within(inner, outer), ("person", "unit"), _within()),
    "without": (without(outer, _holes), ("person", "unit"), _without()),
    "by_year": (by_year(outer, "person"), ("person", "unit"), _by_year()),
    "reigning": (
        reigning(
            happened, "person", until=happened.c.month * 0 + 25, order=[happened.c.month, happened.c.place]
        ),
        ("person", "place"),
        _reigning(),
    ),
}

# Mistakes that change nothing, by what their names hold, and why.
EQUIVALENT = {
    "THEN 0 ELSE 1 END": "islands are numbered 2, 4, 6",
    "without: anon_1.person IS NULL OR anon_1.s <= anon_1.e": "a hole that ends before it begins leaves no month out",
    "without: outer_spans.s < anon_1.s": "the hole begins with the span: either column says so",
    "without: outer_spans.e > anon_1.e": "the hole ends with the span: either column says so",
    "without: outer_spans.e <= anon_1.e": "the hole ends with the span: either column says so",
    "without: inner_spans.s <= max(": "holes that touch leave out the same months, joined or not",
    "without: +1 -1 in max(": "holes that touch leave out the same months, joined or not",
    "without: anon_1.hole_e IS NOT NULL": "without a hole nothing begins after it",
}


@pytest.fixture(scope="module")
def connection():
    engine = create_engine("duckdb:///:memory:")
    with engine.connect() as opened:
        for table, rows in (
            (inner, INNER),
            (outer, OUTER),
            (happened, HAPPENED),
            (year, [{"y0": y0, "y1": y0 + 11} for y0 in YEARS]),
        ):
            table.create(opened)
            opened.execute(table.insert(), rows)
        yield opened.execution_options(compiled_cache=None)
    engine.dispose()


def _counted(connection, rule, keys) -> Counter:
    """Months covered, by keys; without keys the rows themselves."""
    if keys is None:
        return Counter(map(tuple, connection.execute(rule)))
    spans = rule.subquery()
    columns = [spans.c[name] for name in (*keys, "s", "e")]
    rows = connection.execute(select(*columns).where(spans.c.s <= spans.c.e)).mappings().all()
    return months([dict(row) for row in rows], *keys)


@pytest.mark.parametrize("name", RULES)
def test_helper(connection, name):
    rule, keys, right = RULES[name]
    assert _counted(connection, rule, keys) == right


@pytest.mark.parametrize("name", RULES)
def test_mistakes_in_a_helper_are_noticed(connection, name):
    rule, keys, right = RULES[name]
    survived = []
    for mutant in mutants(rule, helpers=True):
        undo = mutant.make()
        try:
            found = _counted(connection, rule, keys)
        finally:
            undo()
        title = f"{name}: {mutant.name.removeprefix('without where ')}"
        if found == right and not any(part in title for part in EQUIVALENT):
            survived.append(title)
    assert survived == []
