"""Merged units as a cause of their own where rows are events or things: counted by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from metrics.build import build
from metrics.cards import CARDS
from metrics.merging import Merger, between, mergers
from metrics.principal import LOCAL, Scope
from metrics.why.asking import split
from metrics.why.sharing import Split
from tests.property.stores import new_store, write_tables
from tests.property.test_gap_length import row
from tests.roles import as_role

NOVEMBER, DECEMBER = 2025 * 12 + 10, 2025 * 12 + 11
TAKES, OTHER, CLOSED = 3, 5, 6
VISITS, BEDS = "htn_screen35_rate", "beds"
DAY = dt.date

#: First visits of a month by unit: with a reading, without. Station 6 of centre 5 is merged into station 3 of centre 2 on 1 December.
MADE = {
    NOVEMBER: {TAKES: (2, 2), CLOSED: (3, 0), OTHER: (1, 4)},
    DECEMBER: {TAKES: (6, 2), OTHER: (1, 4)},
}


def tables() -> dict[str, list[dict]]:
    about = {"subject": 1, "person": 1}
    visits = [
        (month, unit, reading)
        for month, of in MADE.items()
        for unit, (with_it, without) in of.items()
        for reading in [True] * with_it + [False] * without
    ]
    # unit, beds, first and last day: those of station 6 end with it, and are new ones of station 3.
    beds = [
        (TAKES, 4, DAY(2020, 1, 1), None),
        (CLOSED, 7, DAY(2020, 1, 1), DAY(2025, 11, 30)),
        (TAKES, 6, DAY(2025, 12, 1), None),
        (OTHER, 20, DAY(2020, 1, 1), None),
    ]
    return {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="C", name="中心", kind="centre", parent=1),
            row(3, unit=TAKES, code="S", name="站", kind="station", parent=2),
            row(4, unit=OTHER, code="D", name="二中心", kind="centre", parent=1),
            row(
                5,
                unit=CLOSED,
                code="T",
                name="并入的站",
                kind="station",
                parent=OTHER,
                closed_on=DAY(2025, 12, 1),
                successor=TAKES,
            ),
        ],
        "person": [row(1, **about, unit=2, born_on=DAY(1960, 1, 1), born_month=1960 * 12, registered=True)],
        "residence": [row(1, **about, unit=2, start_on=DAY(2020, 1, 1), end_on=None)],
        "encounter": [
            row(
                n,
                **about,
                unit=unit,
                visit_no=str(n),
                day=DAY(2025, month % 12 + 1, 3),
                month=month,
                kind="outpatient",
                first_visit=True,
                sbp=120 if reading else None,
            )
            for n, (month, unit, reading) in enumerate(visits, 1)
        ],
        "facility": [
            row(n, unit=unit, kind="beds", quantity=many, start_on=first, end_on=last, working=True)
            for n, (unit, many, first, last) in enumerate(beds, 1)
        ],
    }


@pytest.fixture(scope="module")
def merged():
    with new_store() as (store, place):
        write_tables(store, tables())
        build(store, place, cards=[CARDS[VISITS], CARDS[BEDS]])
        yield store


def causes(found: Split) -> dict[str, tuple]:
    assert found.reason == ""
    assert sum(cause.value for cause in found.causes) == found.after[2] - found.before[2]
    return {cause.name: (cause.numerator, cause.denominator) for cause in found.causes}


@pytest.mark.parametrize("basis", ["month", "ytd"])
def test_events_that_came_with_a_merged_unit(merged, basis):
    found = split(merged, LOCAL, VISITS, TAKES, DECEMBER, basis, NOVEMBER)
    told = causes(found)
    assert told["units"] == (3, 3)  # what station 6 made in November
    # Of the month: from 5 of 7 at both stations to 6 of 8. Of the year so far: 6 of 8 more, 3 of 3 of them came with the station.
    more = (1, 1) if basis == "month" else (3, 5)
    assert (told["services"][0], told["denominator"][1]) == more
    (cause,) = [cause for cause in found.causes if cause.name == "units"]
    assert cause.merged == (CLOSED,)
    assert cause.people is None


def test_events_that_went_with_one(merged):
    found = split(merged, LOCAL, VISITS, OTHER, DECEMBER, "month", NOVEMBER)
    assert (found.before, found.after) == ((4, 8, Fraction(1, 2)), (1, 5, Fraction(1, 5)))
    assert causes(found) == {"units": (-3, -3)}


def test_what_stood_at_a_unit_of_others_is_not_told(merged):
    """Whoever may not see station 6 does not learn its number through the station that it was merged into."""
    theirs = Scope(frozenset({TAKES}))
    director = as_role("主任", "director", theirs, theirs)
    told = causes(split(merged, director, VISITS, TAKES, DECEMBER, "month", NOVEMBER))
    assert told == {"services": (4, 0), "denominator": (0, 4)}


def test_a_merger_within_a_unit_is_no_cause(merged):
    assert "units" not in causes(split(merged, LOCAL, VISITS, 1, DECEMBER, "month", NOVEMBER))


def test_things_that_came_and_went_with_one(merged):
    """Seven beds came with the station, of which six are left; centre 5 lost seven."""
    assert causes(split(merged, LOCAL, BEDS, TAKES, DECEMBER, "as_of", NOVEMBER)) == {
        "units": (7, 0),
        "services": (-1, 0),
    }
    assert causes(split(merged, LOCAL, BEDS, OTHER, DECEMBER, "as_of", NOVEMBER)) == {"units": (-7, 0)}


def test_only_a_merger_in_between_counts():
    long_ago, just_now, to_come = (Merger(9, month, 1) for month in (NOVEMBER - 20, DECEMBER, DECEMBER + 1))
    assert between([long_ago, just_now, to_come], NOVEMBER, DECEMBER) == [just_now]


def test_every_crossing_of_the_border_counts():
    """Station 6 comes to station 3 in June, and goes on with it to centre 5 in September."""
    into = {CLOSED: (DAY(2025, 6, 1), TAKES), TAKES: (DAY(2025, 9, 1), OTHER)}
    units = [
        one | dict(zip(("closed_on", "successor"), into.get(one["unit"], (None, None)), strict=True))
        for one in tables()["unit"]
    ]
    june, september = 2025 * 12 + 5, 2025 * 12 + 8
    with new_store() as (store, _):
        write_tables(store, tables() | {"unit": units})
        with store.snapshot() as known, known.records() as connection:
            found = mergers(connection, [2, TAKES])
    assert set(found) == {
        Merger(CLOSED, june, 1),
        Merger(CLOSED, september, -1),
        Merger(TAKES, september, -1),
    }
    assert len(found) == 3
