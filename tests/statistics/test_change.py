"""The test of the newest months against those before."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from metrics.statistics.change import change


def test_by_hand():
    """Before: 10 12 14 (mean 12, variance 4); then 20 and 22, mean 21: t = 9 / (2 sqrt(1/2 + 1/3)), 2 degrees of freedom."""
    found = change([10, 12, 14, 20, 22], 2, enough=3)
    assert (found.by, found.way) == (9, 1)
    assert np.isclose(found.p, 2 * stats.t.sf(9 / (2 * np.sqrt(5 / 6)), 2))


def test_many_at_once_and_gaps():
    series = np.array(
        [[10, 12, 14, 20, 22], [10, np.nan, 14, 20, 22], [10, 12, 14, 20, np.nan], [5, 5, 5, 5, 5]]
    )
    found = change(series, 2, enough=3)
    assert np.isnan(found.p).tolist() == [False, True, True, False]
    assert found.p[3] == 1
    assert found.way.tolist() == [1, 0, 0, 0]
    assert change([5, 5, 5, 6, 6], 2, enough=3).p == 0  # nothing ever varied, and now it did


def test_what_never_changes_has_not_changed():
    """Figures of which the mean is not quite themselves, in binary."""
    found = change(np.full((3, 27), [[0.1], [1 / 3], [1e9 + 0.1]]), 3, enough=12)
    assert found.p.tolist() == [1, 1, 1]
    assert found.way.tolist() == [0, 0, 0]


@pytest.mark.parametrize("recent", [1, 3])
def test_unchanged_series_have_even_p_values(recent):
    p = change(np.random.default_rng(1).normal(size=(4000, 27)), recent, enough=12).p
    assert stats.kstest(p, "uniform").pvalue > 0.01
