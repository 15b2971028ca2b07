"""q-values: the example of the paper that invented them, scipy's, families, gaps, and what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from metrics.statistics.multiplicity import q_values

# Benjamini, Hochberg 1995, section 3.2: fifteen endpoints of a trial of thrombolysis. Four are rejected at 0.05 (Bonferroni: three).
PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip


def test_the_paper():
    assert (q_values(PAPER) <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert (np.array(PAPER) <= 0.05 / 15).sum() == 3
    assert q_values(PAPER)[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])


def test_yekutieli_by_hand():
    """Three tests: 1 + 1/2 + 1/3 = 11/6."""
    assert q_values([0.01, 0.02, 0.3], any_dependence=True) == pytest.approx([0.055, 0.055, 0.55])


p_values = arrays(float, st.integers(1, 40), elements=st.floats(0, 1))


@given(p=p_values)
def test_second_library(p):
    assert np.allclose(q_values(p), stats.false_discovery_control(p, method="bh"))
    assert np.allclose(q_values(p, any_dependence=True), stats.false_discovery_control(p, method="by"))


@given(p=p_values, seed=st.integers(0, 99))
def test_order_and_gaps_do_not_matter(p, seed):
    q = q_values(p)
    assert ((q >= p) & (q <= 1)).all()
    order = np.random.default_rng(seed).permutation(len(p))
    assert np.array_equal(q_values(p[order]), q[order])
    gaps = q_values(np.r_[np.nan, p, np.nan])
    assert np.array_equal(gaps[1:-1], q)
    assert np.isnan(gaps[[0, -1]]).all()


def test_families_are_corrected_by_themselves():
    p = np.array([[0.01, 0.02, np.nan], [0.03, 0.9, 0.04]])
    family = np.array([["a", "b", "a"], ["a", "b", "b"]])
    q = q_values(p, family)
    assert np.allclose(q[[0, 1], [0, 0]], q_values([0.01, 0.03]))
    assert np.allclose(q[[0, 1, 1], [1, 1, 2]], q_values([0.02, 0.9, 0.04]))
    assert np.isnan(q[0, 2])


def test_nothing_and_nonsense():
    assert q_values([]).shape == (0,)
    assert np.isnan(q_values([np.nan, np.nan])).all()
    with pytest.raises(ValueError, match="between 0 and 1"):
        q_values([0.5, 1.2])


def test_false_discoveries_are_as_few_as_promised():
    """80 true nothings, 20 real ones; of what is raised at 0.1 at most a tenth is false (0.08 is the theory)."""
    random = np.random.default_rng(9)
    parts = []
    for _ in range(400):
        z = random.normal(size=100) + np.repeat([0, 3.0], [80, 20])
        raised = q_values(2 * stats.norm.sf(np.abs(z))) <= 0.1
        parts.append(raised[:80].sum() / max(raised.sum(), 1))
    assert 0.06 < np.mean(parts) < 0.1
