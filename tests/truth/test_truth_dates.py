"""Rows typed before their day, and intervals that are too exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from metrics.truth import Work
from metrics.truth.dates import ahead, interval
from metrics.truth.prepared import prepare
from tests.truth.evaluation import RULES

_UNITS, _PERSONS, _VISITS = 20, 40, 5
_FIRST = pd.Timestamp("2024-01-01")


def work(after) -> Work:
    """Units 1 to 20 whose people are seen again after ``after(draw, unit, person)`` days."""
    draw, rows = np.random.default_rng(4), []
    for unit in range(1, _UNITS + 1):
        for person in range(_PERSONS):
            day = _FIRST + pd.Timedelta(days=int(draw.integers(0, 60)))
            for _ in range(_VISITS):
                rows.append((unit * 1000 + person, unit, day))
                day += pd.Timedelta(days=int(after(draw, unit, person)))
    frame = pd.DataFrame(rows, columns=["person", "unit", "day"])
    frame["row_id"], frame["doctor"], frame["kind"], frame["mode"] = (
        np.arange(len(frame)),
        "",
        "htn",
        "clinic",
    )
    frame["entered_on"], frame["complete"] = frame["day"], True
    frame["sbp"], frame["dbp"], frame["fpg"] = 130.0, 80.0, np.nan
    persons = frame.drop_duplicates("person")[["person", "unit"]]
    persons = persons.assign(birth=pd.Timestamp("1950-05-05"), sex="1", died_on=pd.NaT, phone=-1)
    stays = pd.DataFrame({"person": [0], "unit": [1], "from_on": [_FIRST], "to_on": [_FIRST]})
    units = pd.DataFrame(
        {"unit": range(1, _UNITS + 1), "parent": -1, "kind": "clinic", "lon": 1.0, "lat": 1.0}
    )
    return Work(frame, persons, stays, units)


def found(of, given: Work):
    prepared = prepare(given, RULES)
    return of(prepared, prepared.units, RULES)


def anyhow(draw, unit, person) -> int:
    return draw.integers(60, 120)


def test_rows_typed_before_their_day_are_counted():
    given = work(anyhow)
    early = given.contacts["unit"].eq(3) & (given.contacts["row_id"] % 4 == 0)
    contacts = given.contacts.copy()
    contacts.loc[early, "entered_on"] -= pd.Timedelta(days=5)
    contacts.loc[contacts["row_id"] == contacts.loc[contacts["unit"] == 5, "row_id"].min(), "entered_on"] -= (
        pd.Timedelta(days=1)
    )
    told = found(ahead, replace(given, contacts=contacts))
    assert told.observed[2] * told.number[2] == early.sum() == told.behind.sum() - 1
    assert told.p[2] < 1e-6
    assert told.p[4] > 0.1  # one slip of the pen
    assert np.delete(told.p, [2, 4]).min() == 1


def test_who_comes_after_exactly_ninety_days_stands_out():
    told = found(interval, work(lambda draw, unit, person: 90 if unit == 3 else anyhow(draw, unit, person)))
    assert told.p[2] < 1e-4
    assert told.observed[2] == 1
    assert np.delete(told.p, 2).min() > 0.01


@pytest.mark.parametrize("every", [5, 7])
def test_fixed_days_of_the_week_and_market_days_do_not(every: int):
    def after(draw, unit, person) -> int:
        return every * draw.integers(60 // every, 120 // every) if unit == 3 else draw.integers(60, 120)

    assert found(interval, work(after)).p[2] > 0.05


def test_a_village_seen_on_few_days_gives_few_intervals():
    given = work(lambda draw, unit, person: 91)
    contacts = given.contacts.copy()
    mine = contacts["unit"] == 3
    first = contacts.groupby("person")["day"].transform("min")
    contacts.loc[mine, "day"] -= (first - _FIRST)[mine]  # all of unit 3 are seen on the same days
    told = found(interval, replace(given, contacts=contacts))
    assert told.number[2] == _VISITS - 1
    assert np.isnan(told.p[2])
