"""What signals say together: one clear family is seen, several middling ones are, supporting ones alone are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.truth import combined, signals
from metrics.truth.together import FAMILIES, SUPPORTING, family_of, many
from tests.truth.evaluation import RULES
from tests.truth.tuning import explained

_ALL = tuple(kind for family in FAMILIES for kind in family)


def district(groups: int = 100, seed: int = 3) -> pd.DataFrame:
    """Units in which nobody did anything: each signal's p is a draw."""
    draw = np.random.default_rng(seed)
    rows = pd.DataFrame(
        [(unit, "", kind) for unit in range(groups) for kind in _ALL], columns=["unit", "doctor", "kind"]
    )
    return rows.assign(p=draw.random(len(rows)), number=100.0)


def listed(rows: pd.DataFrame) -> set[int]:
    found = combined(rows, RULES)
    return set(found.loc[found["q"] <= RULES.q, "unit"])


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


def test_one_clear_family_is_seen():
    assert listed(put(district(), ("person",), 1e-6)) == {7}


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
