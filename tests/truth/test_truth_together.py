"""What signals say together: one clear family is seen, several middling ones are, supporting ones alone are not.

Listed is where several causes bear each other out; one alone is a hint.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.truth import combined, signals
from metrics.truth.together import (
    FAMILIES,
    NO_HABIT,
    ONE_CAUSE,
    SUPPORTING,
    borne_out,
    cause_of,
    family_of,
    many,
)
from tests.truth.evaluation import RULES
from tests.truth.tuning import explained

_ALL = tuple(kind for family in FAMILIES for kind in family)


def district(groups: int = 100, seed: int = 3) -> pd.DataFrame:
    """Units in which nobody did anything: each signal's p is a draw."""
    draw = np.random.default_rng(seed)
    rows = pd.DataFrame(
        [(unit, "", kind) for unit in range(groups) for kind in _ALL], columns=["unit", "doctor", "kind"]
    )
    return rows.assign(p=draw.random(len(rows)), number=100.0, observed=0.1)


def listed(rows: pd.DataFrame, level: str = "") -> set[int]:
    """Units that stand out, ``level``: as listed or hinted alone."""
    found = combined(rows, RULES)
    assert not (found["listed"] & found["hinted"]).any()
    assert ((found["q"] <= RULES.q) == (found["listed"] | found["hinted"])).all()
    return set(found.loc[found[level] if level else found["q"] <= RULES.q, "unit"])


def put(rows: pd.DataFrame, kinds: tuple[str, ...], p: float) -> pd.DataFrame:
    """Unit 7 with these signals so, and all others in the middle."""
    mine = rows["unit"] == 7
    chosen = mine & rows["kind"].isin(kinds)
    return rows.assign(p=rows["p"].where(~mine, 0.5).where(~chosen, p))


def test_every_signal_has_a_family():
    work = explained(11, 1, share=0)[0][0]
    kinds = set(signals(work, RULES)["kind"])
    assert {family_of(kind).removesuffix("_glucose") for kind in kinds} == {family[0] for family in FAMILIES}
    assert family_of("near_before") == family_of("near_late") == family_of("repeats_recent") == "repeats"
    assert family_of("narrow_glucose") != family_of("narrow")
    assert cause_of("narrow_glucose") == cause_of("crowded") == cause_of("repeats")
    firsts = {family[0] for family in FAMILIES}
    assert {family for cause in ONE_CAUSE for family in cause} | set(NO_HABIT) <= firsts


def test_one_clear_family_is_seen():
    assert listed(put(district(), ("person",), 1e-6)) == {7}


def test_one_cause_alone_is_a_hint_however_clear():
    rows = district()
    for kinds in (("person",), ("repeats", "near", "narrow", "crowded", "templates", "repeats_glucose")):
        more = rows[(rows["unit"] == 7) & (rows["kind"] == "repeats")].assign(kind="repeats_glucose")
        given = put(pd.concat([rows, more], ignore_index=True), kinds, 1e-14)
        assert listed(given, "hinted") == {7}
        assert not listed(given, "listed")


@pytest.mark.parametrize(
    "kinds", [("person", "pressures"), ("repeats", "near", "near_before", "steps", "season")]
)
def test_two_causes_bear_each_other_out(kinds: tuple[str, ...]):
    given = put(district(), kinds, 1e-5)
    assert listed(given, "listed") == {7}
    assert not listed(given, "hinted")


def test_what_no_habit_explains_is_listed_alone():
    assert listed(put(district(), ("dead", "hospital", "far", "travel"), 1e-6), "listed") == {7}


def test_who_copies_half_of_all_pressures_is_listed_for_that():
    given = put(district(), ("repeats",), 1e-9)
    assert listed(given, "hinted") == {7}
    mine = (given["unit"] == 7) & (given["kind"] == "repeats")
    assert listed(given.assign(observed=given["observed"].where(~mine, 0.5)), "listed") == {7}
    glucose = given.assign(kind=given["kind"].where(~mine, "repeats_glucose"), observed=0.9)
    assert not listed(glucose, "listed")


def test_a_doctor_who_is_only_hinted_at_does_not_hide_a_listed_unit():
    """A unit with two doctors: the one who did a third has one trace, the unit two."""
    rows = put(district(), ("person", "pressures"), 1e-6).assign(number=300.0)
    doctors = [rows[rows["unit"] == unit].assign(doctor="a", number=100.0, p=0.5) for unit in range(100)]
    doctors[7]["p"] = np.where(doctors[7]["kind"] == "person", 1e-7, 0.5)
    found = combined(pd.concat([rows, *doctors], ignore_index=True), RULES).set_index(["unit", "doctor"])
    assert found.loc[(7, ""), "listed"] and found.loc[(7, "a"), "hinted"]
    doctors[7]["p"] = np.where(doctors[7]["kind"].isin(["person", "pressures"]), 1e-7, 0.5)
    found = combined(pd.concat([rows, *doctors], ignore_index=True), RULES).set_index(["unit", "doctor"])
    assert found.loc[(7, "a"), "listed"]
    assert not found.loc[(7, ""), ["listed", "hinted"]].any()


@given(st.lists(st.floats(1e-12, 0.6), min_size=4, max_size=4))
def test_together_is_the_root_of_capped_squares(p: list[float]):
    """By hand: standard scores by the standard library, one cause at most ``cause_most``, those for a group nothing."""
    kinds = ("person", "pressures", "steps", "dead")
    rows = pd.DataFrame({"unit": 1, "doctor": "", "kind": kinds, "p": p, "family": kinds, "observed": 0.1})
    score = [max(-NormalDist().inv_cdf(one), 0) for one in p]
    score[:3] = [min(one, RULES.cause_most) for one in score[:3]]
    mine = pd.DataFrame({"unit": [1], "doctor": [""]})
    found = borne_out(rows.assign(p=rows["p"].clip(upper=0.5)), mine, RULES)
    assert found[0] == pytest.approx(math.hypot(*score), rel=1e-5, abs=1e-6)


def test_several_middling_families_are_seen_and_one_is_not():
    rows = district()
    assert 7 not in listed(put(rows, ("person",), 0.003))
    assert listed(
        put(rows, ("person", "narrow", "pressures", "steps", "season", "crowded", "templates"), 0.003)
    ) == {7}


def test_supporting_signals_cannot_stand_alone():
    rows = put(district(), SUPPORTING, 0.0)
    assert 7 not in listed(rows)
    assert listed(put(rows, (*SUPPORTING, "person", "narrow", "pressures"), 0.005)) == {7}


def test_a_signal_told_in_several_ways_counts_once():
    rows = put(district(), ("repeats", "near", "near_before"), 0.003)
    assert 7 not in listed(rows)


def test_many_of_nobody_is_even():
    """Simulated: families that are draws give p that are draws."""
    draw = np.random.default_rng(8)
    rows = pd.DataFrame({"unit": np.arange(4000), "doctor": ""})
    families = pd.DataFrame({"unit": np.repeat(rows["unit"], 12), "doctor": "", "p": draw.random(48_000)})
    found = many(families, rows)
    for level in (0.01, 0.05, 0.2):
        assert (found <= level).mean() == pytest.approx(level, rel=0.25)


@given(st.floats(1e-6, 0.49))
def test_many_of_one_family_is_its_own_p(p: float):
    rows = pd.DataFrame({"unit": [1], "doctor": [""]})
    assert many(rows.assign(p=p), rows)[0] == pytest.approx(p, rel=1e-6)
