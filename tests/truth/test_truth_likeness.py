"""How alike a person's readings are depends on how unlike its people are and how often they are seen: neither is a reason to check."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics.truth import Work, signals
from tests.truth.evaluation import RULES

_UNITS, _CENTRES, _SAME = 24, tuple(range(1, 11)), 2
_FIRST = pd.Timestamp("2024-01-01")


def work(invented: bool) -> Work:
    """Clinics see 60 diabetics eight times. Centres see 20 so, and examine 200 healthy people twice, who differ less from each other.

    ``invented``: the centre ``_SAME`` writes readings that have nothing to do with the person.
    """
    draw, rows = np.random.default_rng(11), []
    for unit in range(1, _UNITS + 1):
        centre = unit in _CENTRES
        sorts = [("dm", 20, 8, 0.18), ("checkup", 200, 2, 0.09)] if centre else [("dm", 60, 8, 0.18)]
        for kind, people, visits, unlike in sorts:
            usual = np.log(7.2 if kind == "dm" else 5.4) + draw.normal(0, unlike, people)
            usual = np.repeat(usual[:, None], visits, axis=1)
            if invented and unit == _SAME:
                usual = draw.permuted(usual, axis=0)
            read = np.round(np.exp(usual + draw.normal(0, 0.1, usual.shape)), 1)
            for number in range(people):
                who = unit * 1000 + number + (500 if kind == "dm" else 0)
                first = _FIRST + pd.Timedelta(days=int(draw.integers(0, 60)))
                rows += [
                    (who, unit, kind, first + pd.Timedelta(days=700 // visits * at), read[number, at])
                    for at in range(visits)
                ]
    frame = pd.DataFrame(rows, columns=["person", "unit", "kind", "day", "fpg"])
    frame = frame.assign(row_id=np.arange(len(frame)), doctor="", entered_on=frame["day"], mode="clinic")
    frame = frame.assign(sbp=np.nan, dbp=np.nan, complete=True)
    persons = frame.drop_duplicates("person")[["person", "unit"]]
    persons = persons.assign(birth=pd.Timestamp("1950-05-05"), sex="1", died_on=pd.NaT, phone=-1)
    stays = pd.DataFrame({"person": [0], "unit": [1], "from_on": [_FIRST], "to_on": [_FIRST]})
    units = pd.DataFrame(
        {"unit": range(1, _UNITS + 1), "parent": -1, "kind": "clinic", "lon": 1.0, "lat": 1.0}
    )
    return Work(frame, persons, stays, units)


def person_glucose(given: Work) -> pd.DataFrame:
    rows = signals(given, RULES)
    return rows[(rows["kind"] == "person_glucose") & (rows["doctor"] == "")].set_index("unit")


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    return person_glucose(work(invented=False))


def test_centres_that_examine_the_healthy_do_not_stand_out(honest):
    centres, clinics = honest.loc[list(_CENTRES)], honest.drop(list(_CENTRES))
    assert centres["observed"].max() < clinics["observed"].min() - 0.1  # as a plain comparison would tell
    assert honest["p"].notna().all() and honest["p"].min() > 0.01
    assert abs(centres["expected"].mean() - centres["observed"].mean()) < 0.05


def test_what_is_usual_is_shown_for_the_own_mix_of_people(honest):
    assert honest.loc[list(_CENTRES), "expected"].max() < honest.drop(list(_CENTRES))["expected"].min()


def test_readings_that_have_nothing_to_do_with_the_person_still_do(honest):
    found = person_glucose(work(invented=True))
    assert found["p"].idxmin() == _SAME and found.loc[_SAME, "p"] < 0.01 < honest.loc[_SAME, "p"]


def test_people_of_whom_no_other_unit_has_the_like_are_not_compared():
    given = work(invented=False)
    kept = given.contacts[~((given.contacts["kind"] == "checkup") & (given.contacts["unit"] != _SAME))]
    alone = person_glucose(Work(kept, given.persons, given.stays, given.units))
    diabetics = (kept["unit"].eq(_SAME) & kept["kind"].eq("dm")).sum()
    assert alone.loc[_SAME, "number"] == diabetics
