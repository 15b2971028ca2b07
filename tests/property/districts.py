"""Tiny districts, dense in edge cases: rows of the record tables as dicts, from a seed.

Several districts share one database, each with a bureau of its own: what an example costs is planning
queries, not rows. Every person's rows are drawn from the seed and the person's own number, so that
fewer districts or persons (which is what Hypothesis shrinks) leave the others as they were.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from hypothesis import strategies as st

from data.records import RECORDS
from tests.plain.months import first_day, last_day, month_of
from tests.property import lives, works

FIRST = 2024 * 12
BUREAU, TOWN, VALLEY, STATION, CLINIC, OUTPOST = 1, 2, 3, 4, 5, 6
BANDS = ("all", "0-6", "18+", "60+", "65+", "70+", "f15-49")


@dataclass(frozen=True)
class Plan:
    """What a district is drawn from."""

    seed: int
    districts: int
    persons: int  # in each
    months: int  # that are counted, from January 2024 on

    @property
    def last(self) -> int:
        return FIRST + self.months - 1


plans = st.builds(
    Plan,
    seed=st.integers(0, 10**6),
    districts=st.integers(1, 8).map(lambda fewer: 9 - fewer),
    persons=st.integers(1, 25).map(lambda fewer: 26 - fewer),
    months=st.integers(14, 26),
)

Tables = dict[str, list[dict]]


def tables(plan: Plan) -> Tables:
    """The rows in force of a district, each with every column of its table."""
    rows: Tables = {name: [] for name in RECORDS}
    begin = works.beginnings(plan.seed)
    for district in range(plan.districts):
        draw = random.Random(f"{plan.seed} {district}")
        base = district * 100
        ground = random.Random(f"{plan.seed} {district} ground")
        point = random.Random(f"{plan.seed} {district} points")
        units = [works.placed(ground, row, base) for row in _units(draw, base)]
        rows["unit"] += works.located(point, units, base)
        rows["population"] += _populations(draw, base)
        rows["team"] += _teams(draw, base)
        rows["place"] += works.located(point, [*_places(base), *works.places(ground, base)], base)
        work = random.Random(f"{plan.seed} {district} work")
        for name, some in works.rows_of(work, base=base, begin=begin).items():
            rows[name] += some
        for number in range(1, plan.persons + 1):
            own = random.Random(f"{plan.seed} {district} {number}")
            for name, some in lives.rows_of(own, person=district * 1000 + number, base=base).items():
                rows[name] += some
    return {
        name: [completed(name, row, place) for place, row in enumerate(some, 1)]
        for name, some in rows.items()
    }


def completed(table: str, row: dict, row_id: int, event: int = 1) -> dict:
    """A row with every column: provenance, the month of its day, and None for what it does not say."""
    known = {
        "row_id": row_id,
        "key": row_id,
        "content": row_id,
        "rank": 1,
        "batch": 1,
        "file": 1,
        "line": row_id,
        "known_from": event,
    }
    if "person" in row:
        known["subject"] = row["person"]
    for day in ("day", "due_on"):
        if row.get(day) is not None and "month" in RECORDS[table].c:
            known["month"] = month_of(row[day])
    if table == "person" and row.get("born_on"):
        known["born_month"] = month_of(row["born_on"])
    if table in ("residence", "health_record"):
        known["place"] = _home(row["person"], row["start_on" if table == "residence" else "created_on"])
    return {column.name: None for column in RECORDS[table].c} | known | row


def _units(draw: random.Random, base: int) -> list[dict]:
    """A bureau, two centres, a station; a clinic that may merge into the station and an outpost into the clinic."""

    def one(unit, kind, parent, **more):
        above = None if parent is None else base + parent
        if "successor" in more:
            more["successor"] += base
        number = base + unit
        return {
            "unit": number,
            "code": f"U{number}",
            "name": f"机构{number}",
            "kind": kind,
            "parent": above,
            **more,
        }

    merges = draw.random() < 0.7
    closed_on = _some_day(draw, FIRST + 1, FIRST + 20)
    later = closed_on + dt.timedelta(days=draw.choice([0, 1, 40, 200]))
    earlier = closed_on - dt.timedelta(days=draw.choice([0, 1, 40, 200]))
    opened_on = draw.choice([None, _some_day(draw, FIRST - 3, FIRST + 8)])
    merged = {"closed_on": closed_on, "successor": STATION} if merges else {}
    also_merged = merges and draw.random() < 0.5
    outpost = {"closed_on": draw.choice([earlier, later]), "successor": CLINIC} if also_merged else {}
    valley = {"opened_on": draw.choice([None, None, _some_day(draw, FIRST, FIRST + 14)])}
    if draw.random() < 0.3:
        valley |= {"closed_on": last_day(FIRST + 15), "successor": TOWN}
    return [
        one(BUREAU, "bureau", None),
        one(TOWN, "centre", BUREAU, place_code=draw.choice([f"V{base}", f"V{base}G1", None])),
        one(VALLEY, "centre", BUREAU, **valley),
        one(STATION, "station", TOWN, opened_on=opened_on),
        one(CLINIC, "clinic", VALLEY, **merged),
        one(OUTPOST, "station", VALLEY, **outpost),
    ]


_MEMBERS = [
    None,
    "gp",
    "gp、nurse",
    "nurse、gp、specialist",
    "gp、nurse、public_health",
    "gp、nurse、specialist、public_health",
    "nurse、public_health",
    "gp、specialist",
]


def _teams(draw: random.Random, base: int) -> list[dict]:
    return [
        {
            "unit": base + draw.choice([TOWN, STATION, CLINIC]),
            "code": f"T{base}{draw.choice([n, 0])}",  # a code may stand twice
            "leader_gp": draw.choice([True, False, None]),
            "members": draw.choice(_MEMBERS),
        }
        for n in range(draw.randint(0, 4))
    ]


def _places(base: int) -> list[dict]:
    """A village or community, three groups of it, and a building in the first group."""
    village = f"V{base}"
    places = [
        (0, village, ("village", "community")[base // 100 % 2], works.town(base)),
        *((n, f"{village}G{n}", "group", village) for n in (1, 2, 3)),
    ]
    places.append((4, f"{village}B1", "building", f"{village}G1"))
    return [
        {
            "place": base * 10 + number,
            "code": code,
            "name": code,
            "level": level,
            "parent_code": above,
            "team_code": f"T{base}{number}" if number else None,
        }
        for number, code, level, above in places
    ]


def _home(person: int, day: dt.date) -> int | None:
    """Where a row says that someone lives: one of the district's places, one that nobody knows, or nowhere."""
    number = (person + day.day) % 7
    return None if number == 6 else person // 1000 * 1000 + number


def _populations(draw: random.Random, base: int) -> list[dict]:
    rows = []
    for year in (2024, 2025, 2026):
        for unit in (BUREAU, TOWN, VALLEY, STATION):
            for band in BANDS:
                if draw.random() < (0.3 if unit in (BUREAU, STATION) else 0.8):
                    row = {"unit": base + unit, "year": year, "kind": "resident", "band": band}
                    rows.append(row | {"persons": draw.choice([0, 3, 10, 999])})
                    if draw.random() < 0.2:
                        rows.append(row | {"persons": 7, "approved_on": dt.date(year, draw.randint(1, 6), 1)})
                    if draw.random() < 0.3:
                        said = draw.choice([True, None, None, False])
                        rows.append(row | {"persons": 5, "kind": "registered", "in_force": said})
                    if draw.random() < 0.1:
                        rows.append(row | {"persons": 4, "kind": "recorded", "in_force": True})
                    if draw.random() < 0.05:
                        rows[-1]["in_force"] = False
    return rows


def _some_day(draw: random.Random, first: int, last: int) -> dt.date:
    month = draw.randint(first, last)
    return draw.choice(
        [first_day(month), last_day(month), first_day(month) + dt.timedelta(days=draw.randint(0, 27))]
    )
