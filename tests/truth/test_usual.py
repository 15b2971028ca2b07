"""A district's own ways single nobody out; who differs from them is seen all the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from metrics.truth.usual import by_district, together
from tests.truth.evaluation import RULES

LEAST = 1e-15


def rows(p, kind="repeats", doctor="") -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "doctor": doctor, "unit": range(len(p)), "p": p})


def test_what_lies_as_expected_stays_as_it_is():
    p = stats.norm.sf(stats.norm.ppf((np.arange(60) + 0.5) / 60))
    assert by_district(rows(p), LEAST, RULES).to_numpy() == pytest.approx(p, abs=0.01)


def test_a_way_of_the_whole_district_is_no_reason():
    """Scores about 6 with a spread of 3, by hand: the middle is 0, a spread away 1; one at 6 + 3 x 5 stands out as 5 would."""
    score = 6 + 3 * stats.norm.ppf((np.arange(41) + 0.5) / 41)
    score[-1] = 6 + 3 * 5
    found = by_district(rows(stats.norm.sf(score)), 1e-300, RULES)
    assert found.iloc[20] == pytest.approx(0.5, abs=0.01)
    assert found.iloc[:-1].min() > 0.005
    assert found.iloc[-1] == pytest.approx(stats.norm.sf(5), rel=0.8)


def test_it_never_makes_anybody_more_remarkable():
    p = np.linspace(0.4, 0.9, 30)
    assert (by_district(rows(p), LEAST, RULES) >= p - 1e-9).all()


def test_levels_and_kinds_are_apart_and_few_groups_are_left():
    odd = rows(np.full(30, 1e-9))
    others = [rows(np.full(8, 1e-9), kind="few"), rows(np.full(30, 0.5), doctor="d"), rows([np.nan] * 3)]
    every = pd.concat([odd, *others], ignore_index=True)
    found = by_district(every, LEAST, RULES)
    assert found[:30].min() == pytest.approx(0.5)
    assert found[30:38].max() == pytest.approx(1e-9)
    assert found[38:68].tolist() == pytest.approx([0.5] * 30)
    assert found[68:].isna().all()


def test_what_all_say_together_lies_around_its_own_middle():
    """Scores about -1 and half as wide again, by hand: the middle is 0, half as much more a scale; one at -1 + 1.5 x 4 is 4."""
    score = -1 + 1.5 * stats.norm.ppf((np.arange(81) + 0.5) / 81)
    score[-1] = -1 + 1.5 * 4
    found = together(rows(stats.norm.sf(score)), LEAST, RULES)
    assert found.iloc[40] == pytest.approx(0.5, abs=0.01)
    assert found.iloc[-1] == pytest.approx(stats.norm.sf(4), rel=0.3)
