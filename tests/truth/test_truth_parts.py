"""Fabrications that show against the same hands' other rows, or against other people of the same house."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from metrics.truth import Work, alike, contrast, signals, spells
from metrics.truth.pace import in_pile
from metrics.truth.prepared import Level, Prepared, prepare, typed_late
from metrics.truth.readings import PRESSURE, read
from tests.truth.evaluation import RULES

_UNITS, _PEOPLE, _VISITS = 16, 60, 4
_DAY = pd.Timedelta(days=1)


def work(seed: int = 4) -> Work:
    """16 units with one doctor and 60 people each, two to a household; four visits; every second one is typed 30 days late."""
    draw = np.random.default_rng(seed)
    person = np.repeat(np.arange(_UNITS * _PEOPLE), _VISITS)
    n = len(person)
    turn = np.arange(n) % _VISITS
    day = pd.Timestamp("2024-01-05") + (turn * 90 + (person // 2) % 30 * 2) * _DAY
    error = draw.normal(0, 9, n)
    sbp = draw.normal(135, 12, _UNITS * _PEOPLE)[person] + error
    dbp = draw.normal(80, 6, _UNITS * _PEOPLE)[person] + 0.5 * error + draw.normal(0, 4, n)
    contacts = pd.DataFrame(
        {
            "person": person,
            "unit": person // _PEOPLE + 1,
            "doctor": "a",
            "kind": "htn",
            "day": day,
            "entered_on": day + np.where(turn % 2, 30, 0) * _DAY,
            "mode": "clinic",
            "sbp": np.round(sbp),
            "dbp": np.round(dbp),
            "fpg": np.nan,
            "complete": None,
        }
    ).sort_values(["entered_on", "person"], ignore_index=True)
    contacts.insert(0, "row_id", np.arange(n))
    who = np.arange(_UNITS * _PEOPLE)
    persons = pd.DataFrame(
        {"person": who, "birth": pd.Timestamp("1950-05-05"), "sex": "1", "died_on": pd.NaT, "phone": -1}
    ).assign(unit=who // _PEOPLE + 1, family=who // 2)
    stays = pd.DataFrame({"person": [], "unit": [], "from_on": [], "to_on": []})
    units = pd.DataFrame(
        {"unit": range(1, _UNITS + 1), "parent": -1, "kind": "clinic", "lon": 110.0, "lat": 27.0}
    )
    return Work(
        contacts, persons, stays.astype({"from_on": "datetime64[ns]", "to_on": "datetime64[ns]"}), units
    )


def with_readings(given: Work, mine: np.ndarray, sbp: np.ndarray, dbp: np.ndarray) -> Work:
    contacts = given.contacts.copy()
    contacts.loc[mine, "sbp"], contacts.loc[mine, "dbp"] = np.round(sbp), np.round(dbp)
    return replace(given, contacts=contacts)


def late_of(given: Work, unit: int) -> np.ndarray:
    c = given.contacts
    return ((c["entered_on"] > c["day"]) & (c["unit"] == unit)).to_numpy()


def typed_from_memory(unit: int = 5) -> Work:
    """What the unit typed late is near each person's own level, and the two pressures go each its own way."""
    given, draw = work(), np.random.default_rng(8)
    mine = late_of(given, unit)
    person = given.contacts["person"].to_numpy()[mine]
    level = np.random.default_rng(9).normal((134, 80), (8, 5), (_UNITS * _PEOPLE, 2))[person]
    return with_readings(given, mine, *(level + draw.normal(0, 2, level.shape)).T)


def against_own(given: Work) -> dict[str, tuple[Prepared, object]]:
    prepared = prepare(given, RULES)
    level = prepared.units
    readings = read(prepared, level, PRESSURE, RULES)
    part = Level(level.groups, np.where(typed_late(prepared, RULES), level.of, -1))
    made = (contrast.narrow, contrast.still, contrast.pressures)
    return {one.__name__: one(prepared, level, part, readings, RULES) for one in made}


def test_rows_from_memory_stand_out_against_the_same_hands_others():
    found = against_own(typed_from_memory())
    for name in ("narrow", "still", "pressures"):
        p = found[name].p
        assert p[4] < 1e-3, name
        assert (np.delete(p, 4) > 1e-3).all(), name  # fifteen honest ones
        assert found[name].behind.sum() == _UNITS * _PEOPLE * _VISITS / 2


def test_what_is_typed_late_and_was_measured_does_not():
    for name, found in against_own(work()).items():
        assert (found.p > 1e-3).all(), name
        assert ((found.low < found.observed) & (found.observed < found.high)).mean() > 0.8, name


def test_the_relation_is_that_of_the_plain_correlation():
    given = typed_from_memory()
    c = given.contacts
    mine = c[(c["unit"] == 5) & (c["entered_on"] > c["day"])].sort_values(["person", "day"])
    steps = mine.groupby("person")[["sbp", "dbp"]].diff().dropna()
    assert against_own(given)["pressures"].observed[4] == pytest.approx(steps.corr().iloc[0, 1], abs=0.03)


def alike_at_home(given: Work):
    prepared = prepare(given, RULES)
    return alike.at_home(prepared, prepared.units, read(prepared, prepared.units, PRESSURE, RULES), RULES)


def test_whoever_is_written_down_after_the_other_at_home_is_seen():
    """In unit 3 of every two at home one has the other's reading, two more or less."""
    given = work()
    c = given.contacts.sort_values(["day", "person"])
    one, other = (c[(c["unit"] == 3) & (c["person"] % 2 == k)] for k in (0, 1))
    mine = np.isin(np.arange(len(given.contacts)), other.index)
    source = one.set_index(["person", "day"])
    target = given.contacts[mine]
    there = source.loc[pd.MultiIndex.from_arrays([target["person"] - 1, target["day"]])]
    moved = np.random.default_rng(2).choice([-2, 2], len(target))
    made = with_readings(given, mine, there["sbp"].to_numpy() + moved, there["dbp"].to_numpy())
    found = alike_at_home(made)
    assert found.p[2] < 1e-6
    assert found.observed[2] * found.number[2] == found.number[2] == _PEOPLE * _VISITS / 2
    assert (np.delete(found.p, 2) > 1e-3).all()


def test_who_lives_with_nobody_known_is_not_compared():
    given = work()
    alone = replace(given, persons=given.persons.drop(columns="family"))
    found = alike_at_home(alone)
    assert (found.number == 0).all()
    assert np.isnan(found.p).all()


def test_runs_of_readings_in_the_middle_are_seen_in_the_order_of_typing():
    """What unit 7 typed in its second and fourth month of typing is 130/80, give or take; no other reading is touched."""
    given = work()
    c = given.contacts
    mine = ((c["unit"] == 7) & (c["entered_on"].dt.month % 2 == 0)).to_numpy()
    draw = np.random.default_rng(6)
    made = with_readings(given, mine, draw.normal(135, 2, mine.sum()), draw.normal(80, 2, mine.sum()))
    prepared = prepare(made, RULES)
    found = spells.spells(
        prepared, prepared.units, read(prepared, prepared.units, PRESSURE, RULES), RULES, True
    )
    assert found.p[6] < 1e-3
    assert (np.delete(found.p, 6) > 1e-3).all()


def test_a_pile_is_many_rows_of_one_day_for_days_that_lie_apart():
    given = work()
    c = given.contacts.copy()
    c.loc[c["unit"] == 2, "entered_on"] = pd.Timestamp("2025-01-02")
    prepared = prepare(replace(given, contacts=c), RULES)
    piled = in_pile(prepared, prepared.units, RULES, RULES.batch_days)
    assert set(prepared.contacts["unit"][piled]) == {2}
    assert piled.sum() == _PEOPLE * _VISITS


def test_all_are_among_the_signals():
    kinds = set(signals(typed_from_memory(), RULES)["kind"])
    assert {"home", "alike_typed", "spells", "spells_typed", "own_narrow_late", "own_still_pile"} <= kinds
