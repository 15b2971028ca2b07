"""Verdicts agree with their intervals, with scipy's tests, and with the direction of the indicator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from metrics.statistics import intervals, verdict

C = 0.95


@given(n=st.integers(1, 400), part=st.floats(0, 1), goal=st.floats(0.01, 0.99))
def test_share_word_is_the_interval(n, part, goal):
    x = round(part * n)
    low, high = intervals.wilson(x, n, C)
    word = verdict.share_against(x, n, goal, 1, C).word
    if min(abs(goal - low), abs(goal - high)) > 1e-9:
        assert word == ("worse" if goal > high else "better" if goal < low else "same")


@given(x=st.integers(0, 60), over=st.floats(0.5, 300), goal=st.floats(0.01, 3))
def test_rate_word_is_the_exact_interval(x, over, goal):
    low, high = intervals.exact_count(x, C)
    word = verdict.rate_against(x, over, goal, -1, C).word
    if min(abs(goal * over - low), abs(goal * over - high)) > 1e-6:
        assert word == ("better" if goal * over > high else "worse" if goal * over < low else "same")


def test_mean_is_students_test():
    values = np.array([3.0, 5.5, 4.1, 9.0])
    p = verdict.mean_against(4, values.mean(), values.std(ddof=1), 2.0, 1, C).p
    assert np.isclose(p, stats.ttest_1samp(values, 2.0).pvalue)


@pytest.mark.parametrize(
    ("x", "n", "goal", "sign", "word"),
    [
        (3, 4, 0.5, 1, "same"),  # three of four is not 75 % of a good clinic
        (300, 400, 0.5, 1, "better"),
        (300, 400, 0.5, -1, "worse"),
        (300, 400, 0.5, 0, "higher"),
        (100, 400, 0.5, 0, "lower"),
        (399, 400, 1.0, 1, "worse"),  # a target of all of them is missed by one
        (400, 400, 1.0, 1, "same"),
        (0, 0, 0.5, 1, "none"),
        (5, 4, 0.5, 1, "none"),
        (3, 4, 1.2, 1, "none"),
        (3, 4, np.nan, 1, "none"),
    ],
)
def test_share_words(x, n, goal, sign, word):
    found = verdict.share_against(x, n, goal, sign, C)
    assert found.word == word
    assert np.isnan(found.p) == (word == "none")


# R's fisher.test: Fisher's criminal twins (Journal of the Royal Statistical Society 98, 1935), his tea (1935), Yates's teeth (1934).
FISHER = [(10, 13, 2, 17, 0.0005367), (3, 4, 1, 4, 0.4857), (4, 20, 1, 22, 0.1745)]


@pytest.mark.parametrize(("x", "n", "x2", "n2", "p"), FISHER)
def test_fisher_published(x, n, x2, n2, p):
    assert np.isclose(verdict.fisher(x, n, x2, n2), p, rtol=2e-4)


@given(x=st.integers(0, 12), more=st.integers(0, 12), x2=st.integers(0, 40), more2=st.integers(1, 60))
def test_fisher_second_library(x, more, x2, more2):
    theirs = stats.fisher_exact([[x, more], [x2, more2]]).pvalue
    assert np.isclose(verdict.fisher(x, x + more, x2, x2 + more2), theirs)


def test_share_peers_are_the_others():
    x, n = np.array([30, 20, 45, 0.0]), np.array([50, 60, 70, 0.0])
    found = verdict.share_against_peers(x, n, 1, C)
    for one in range(3):
        rest = np.delete([0, 1, 2], np.flatnonzero(np.arange(3) == one))
        table = np.array([[x[one], n[one] - x[one]], [x[rest].sum(), (n - x)[rest].sum()]])
        square = stats.chi2_contingency(table, correction=False).statistic * (n.sum() - 1) / n.sum()
        assert np.isclose(found.p[one], stats.chi2.sf(square, 1))
    assert found.word.tolist() == ["same", "worse", "better", "none"]


def test_share_peers_small_is_exact():
    found = verdict.share_against_peers([0, 1], [3, 90], -1, C)
    assert np.allclose(found.p, stats.fisher_exact([[0, 3], [1, 89]]).pvalue)


def test_rate_peers_are_exact():
    x, over = np.array([2, 14, 9.0]), np.array([10, 12, 40.0])
    found = verdict.rate_against_peers(x, over, -1, C)
    for one in range(3):
        theirs = stats.binom(x.sum(), over[one] / over.sum())
        assert np.isclose(found.p[one], min(1, 2 * min(theirs.cdf(x[one]), theirs.sf(x[one] - 1))))
    assert found.word.tolist() == ["same", "worse", "better"]


def test_groups_and_gaps():
    group = np.array(["a", "a", "b", "b", "a"])
    assert np.allclose(verdict.others([1, 2, 4, 8, np.nan], group), [2, 1, 8, 4, np.nan], equal_nan=True)
    alone = verdict.share_against_peers([3, 4, 5], [9, 9, 9], 1, C, group=np.array(["a", "b", "b"]))
    assert alone.word.tolist()[0] == "none"


def test_a_fault_is_no_peer():
    clean = verdict.share_against_peers([30, 20], [50, 60], 1, C)
    faulty = verdict.share_against_peers([30, 20, 99], [50, 60, 9], 1, C)
    assert np.allclose(faulty.p[:2], clean.p)
    assert faulty.word[2] == "none"


def test_all_or_none_of_everybody_is_no_difference():
    for x in ([0, 0], [50, 60]):
        assert verdict.share_against_peers(x, [50, 60], 1, C).word.tolist() == ["same", "same"]
    assert verdict.rate_against_peers([0, 0], [5, 6], 1, C).word.tolist() == ["same", "same"]


def test_false_alarms_are_few():
    """Units like their peers, 40 of 30 people in 200 districts: at most about one in twenty is called different."""
    random = np.random.default_rng(5)
    n = np.full(40, 30)
    p = np.concatenate([verdict.share_against_peers(random.binomial(n, 0.3), n, 1, C).p for _ in range(200)])
    assert 0.03 < (p < 0.05).mean() < 0.06
