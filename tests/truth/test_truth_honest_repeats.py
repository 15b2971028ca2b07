"""What may stand twice: a checkup's readings on the follow-up soon after it; and what is no reading: what is said on the telephone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics.truth import Work, combined, signals
from metrics.truth.prepared import prepare
from tests.truth.evaluation import RULES

_UNITS, _PERSONS, _ROUNDS = 20, 30, 4
_FIRST = pd.Timestamp("2024-01-01")
CARRIER = 3  # the unit that carries over


def work(gap: int, mode: str = "clinic") -> Work:
    """A checkup each quarter and a follow-up ``gap`` days later, by ``mode``; one unit writes the checkup's readings again."""
    draw, rows = np.random.default_rng(8), []
    for unit in range(1, _UNITS + 1):
        for person in range(_PERSONS):
            usual = draw.normal(140, 12)
            day = _FIRST + pd.Timedelta(days=int(draw.integers(0, 20)))
            for number in range(_ROUNDS):
                exam = (unit * 1000 + person, unit, day + pd.Timedelta(days=91 * number))
                read = (round(draw.normal(usual, 9)), round(draw.normal(82, 8)))
                again = read if unit == CARRIER else (round(draw.normal(usual, 9)), round(draw.normal(82, 8)))
                rows.append((*exam, "checkup", "clinic", *read))
                rows.append((*exam[:2], exam[2] + pd.Timedelta(days=gap), "htn", mode, *again))
    names = ["person", "unit", "day", "kind", "mode", "sbp", "dbp"]
    frame = pd.DataFrame(rows, columns=names).astype({"sbp": float, "dbp": float})
    frame = frame.assign(
        row_id=np.arange(len(frame)), doctor="", entered_on=frame["day"], complete=True, fpg=np.nan
    )
    persons = frame.drop_duplicates("person")[["person", "unit"]]
    persons = persons.assign(birth=pd.Timestamp("1950-05-05"), sex="1", died_on=pd.NaT, phone=-1)
    stays = pd.DataFrame({"person": [0], "unit": [1], "from_on": [_FIRST], "to_on": [_FIRST]})
    units = pd.DataFrame(
        {"unit": range(1, _UNITS + 1), "parent": -1, "kind": "clinic", "lon": 1.0, "lat": 1.0}
    )
    return Work(frame, persons, stays, units)


def listed(given: Work) -> set[int]:
    rows = combined(signals(given, RULES), RULES)
    return set(rows.loc[rows["q"] <= RULES.q, "unit"].astype(int))


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (2, set()),  # one visit
        (20, set()),  # the checkup counts as the follow-up
        (31, set()),  # the last such day
        (45, {CARRIER}),  # somebody ought to have measured again
    ],
)
def test_a_checkup_may_serve_the_follow_up_soon_after_it(gap, expected):
    assert listed(work(gap)) == expected


def test_what_is_said_on_the_telephone_is_no_reading():
    assert listed(work(45, "phone")) == set()
    given = work(45, "phone")
    measured = given.contacts[
        (given.contacts["mode"] == "clinic") & (given.contacts["sbp"] > given.contacts["dbp"])
    ]
    left = prepare(given, RULES).contacts
    assert sorted(left.loc[left["sbp"].notna(), "row_id"]) == sorted(measured["row_id"])
