"""Ranks: the published ranking of countries, what must hold of any ranking, and whether the true rank is inside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from metrics.statistics.ranks import holm, pairwise, rankable, ranks, simulated
from metrics.statistics.scales import rate_scale, share_halves, share_scale

# PISA 2018, mathematics, OECD: mean and standard error (data of the csranks package).
PISA_2018 = [
    ("Australia", 491.36, 1.94),
    ("Austria", 498.94, 2.97),
    ("Belgium", 508.07, 2.26),
    ("Canada", 512.02, 2.36),
    ("Chile", 417.41, 2.42),
    ("Colombia", 390.93, 2.99),
    ("Czech Republic", 499.47, 2.46),
    ("Denmark", 509.4, 1.74),
    ("Estonia", 523.41, 1.74),
    ("Finland", 507.3, 1.97),
    ("France", 495.41, 2.32),
    ("Germany", 500.04, 2.65),
    ("Greece", 451.37, 3.09),
    ("Hungary", 481.08, 2.32),
    ("Iceland", 495.19, 1.95),
    ("Ireland", 499.63, 2.2),
    ("Israel", 463.03, 3.5),
    ("Italy", 486.59, 2.78),
    ("Japan", 526.97, 2.47),
    ("Korea", 525.93, 3.12),
    ("Latvia", 496.13, 1.96),
    ("Lithuania", 481.19, 1.95),
    ("Luxembourg", 483.42, 1.1),
    ("Mexico", 408.8, 2.49),
    ("Netherlands", 519.23, 2.63),
    ("New Zealand", 494.49, 1.71),
    ("Norway", 500.96, 2.22),
    ("Poland", 515.65, 2.6),
    ("Portugal", 492.49, 2.68),
    ("Slovak Republic", 486.16, 2.56),
    ("Slovenia", 508.9, 1.36),
    ("Spain", 481.39, 1.46),
    ("Sweden", 502.39, 2.65),
    ("Switzerland", 515.31, 2.91),
    ("Turkey", 453.51, 2.26),
    ("United Kingdom", 501.77, 2.56),
    ("United States", 478.24, 3.24),
]


def test_published_rank_of_a_country():
    """Mogstad, Romano, Shaikh, Wilhelm: the United Kingdom is 13th in mathematics, truly between 7th and 23rd (csranks, vignette).

    Theirs is a bootstrap, ours Holm's, which is a little wider at most.
    """
    names, score, error = zip(*PISA_2018, strict=True)
    uk = names.index("United Kingdom")
    low, high = pairwise(score, error, 1, 0.95)
    assert ranks(score)[uk] == 13
    assert 6 <= low[uk] <= 7
    assert 23 <= high[uk] <= 24
    assert ranks(score)[names.index("Japan")] == 1
    assert low[names.index("Colombia")] == high[names.index("Colombia")] == 37


def test_holm_published():
    """Holm, Scandinavian Journal of Statistics 6, 1979; the figures are those of R's p.adjust of 0.01 to 0.05."""
    assert np.allclose(holm([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09])
    assert np.allclose(holm([0.03, np.nan, 0.01]), [0.03, np.nan, 0.02], equal_nan=True)


values = arrays(float, 12, elements=st.floats(-5, 5).map(lambda v: round(v, 2)))
errors = arrays(float, 12, elements=st.floats(0.1, 2))


@given(y=values, s=errors, sign=st.sampled_from([1, -1]))
def test_the_rank_is_inside_its_interval(y, s, sign):
    low, high = pairwise(y, s, sign, 0.95)
    rank = ranks(y, sign)
    assert ((low >= 1) & (low <= rank) & (rank <= high) & (high <= 12)).all()
    surer = pairwise(y, s, sign, 0.99)
    assert ((surer.low <= low) & (surer.high >= high)).all()


@given(n=arrays(int, 10, elements=st.integers(1, 300)), part=arrays(float, 10, elements=st.floats(0, 1)))
def test_the_rank_of_the_raw_share_is_inside_too(n, part):
    x = np.round(part * n)
    low, high = pairwise(*share_scale(x, n), 1, 0.95, halves=share_halves(x, n))
    assert ((low <= ranks(x / n)) & (ranks(x / n) <= high)).all()


def test_three_of_four_is_ranked_nowhere():
    x, n = [3, 0, 2, 4, 1], [4, 4, 4, 4, 4]
    low, high = pairwise(*share_scale(x, n), 1, 0.95, halves=share_halves(x, n))
    assert low.tolist() == [1] * 5
    assert high.tolist() == [5] * 5
    assert not rankable(*share_scale(x, n), 0.95).ranked


def test_many_indicators_at_once_are_as_one_by_one():
    random = np.random.default_rng(1)
    y, s = random.normal(size=(40, 9)), random.uniform(0.1, 1, (40, 9))
    y[random.random((40, 9)) < 0.2] = np.nan
    y[0] = np.nan
    sign = random.choice([1, -1], 40)
    together, may = pairwise(y, s, sign, 0.95), rankable(y, s, 0.95)
    for one in range(40):
        assert np.array_equal(
            pairwise(y[one], s[one], sign[one], 0.95),
            (together.low[one], together.high[one]),
            equal_nan=True,
        )
        assert rankable(y[one], s[one], 0.95).reason == may.reason[one]
    assert np.isnan(together.low[0]).all()
    assert may.reason[0] == "few"


def test_why_not():
    s = np.full(8, 1.0)
    assert rankable(np.arange(8) * 5.0, s, 0.95).reason == ""
    assert rankable(np.arange(4) * 5.0, s[:4], 0.95).reason == "few"
    assert rankable(np.full(8, 3.0), s, 0.95).reason == "alike"
    assert rankable([0, 0, 0, 0, 0, 0, 0, 5.0], s, 0.95).reason == "noisy"


def test_alike_units_are_not_ranked():
    random = np.random.default_rng(7)
    for size, share in [(5, 0.5), (30, 0.3), (200, 0.6)]:
        n = np.full((300, 15), size)
        assert rankable(*share_scale(random.binomial(n, share), n), 0.95).ranked.mean() < 0.01


def test_reliability_is_the_real_part_of_the_variance():
    """Twenty real units with a variance of 16 between and 4 within: 0.8."""
    random = np.random.default_rng(11)
    found = rankable(
        random.normal(0, 4, (400, 20)) + random.normal(0, 2, (400, 20)), np.full((400, 20), 2), 0.95
    )
    assert np.mean(found.typical) == pytest.approx(0.8, abs=0.03)


def test_no_units():
    assert rankable([], [], 0.95).reason == "few"
    assert pairwise([], [], 1, 0.95).low.shape == (0,)


def test_ties_share_the_better_rank_and_nan_has_none():
    assert np.array_equal(ranks([5, 7, 5, np.nan, 1]), [2, 1, 2, np.nan, 4], equal_nan=True)
    assert np.array_equal(ranks([5, 7, 5], -1), [1, 3, 1])
    with pytest.raises(ValueError, match="more, or less"):
        ranks([1, 2], 0)


def test_true_ranks_are_inside():
    """Ten units of which three are truly alike: the interval holds a unit's true rank at least as often as it says."""
    random = np.random.default_rng(4)
    truth = np.array([0, 0, 0, 0.5, 0.5, 1, 1.5, 2, 3, 4.0])
    best, worst = 1 + (truth > truth[:, None]).sum(1), (truth >= truth[:, None]).sum(1)
    y = truth + random.normal(0, 0.7, (1000, 10))
    low, high = pairwise(y, np.full((1000, 10), 0.7), np.ones(1000), 0.95)
    # A tie has several true ranks; the interval holds all of them.
    assert ((low <= best) & (high >= worst)).mean(0).min() >= 0.95


@pytest.mark.parametrize("size", [4, 8, 20])
def test_true_ranks_are_inside_when_there_are_few_people(size):
    random = np.random.default_rng(6)
    truth = np.array([0.3, 0.3, 0.3, 0.5, 0.5, 0.7, 0.8, 0.8])
    best, worst = 1 + (truth > truth[:, None]).sum(1), (truth >= truth[:, None]).sum(1)
    n = np.full((1000, 8), size)
    x = random.binomial(n, truth)
    low, high = pairwise(*share_scale(x, n), np.ones(1000), 0.95, halves=share_halves(x, n))
    assert ((low <= best) & (high >= worst)).mean(0).min() >= 0.95


def test_less_is_better_turns_everything_round():
    x, n = np.array([1, 30, 12, 70]), np.array([40, 60, 30, 90])
    up = pairwise(*share_scale(x, n), 1, 0.95, halves=share_halves(x, n))
    down = pairwise(*share_scale(n - x, n), -1, 0.95, halves=share_halves(n - x, n))
    assert np.array_equal(up, down)
    assert up.low.tolist() == [4, 2, 2, 1]


def test_simulated_ranks():
    x, n = [5, 40, 60, 80, np.nan, 95], [10, 100, 100, 100, 0, 100]
    first = simulated(*share_scale(x, n), 1, 0.9, draws=500, seed=3)
    again = simulated(*share_scale(x, n), 1, 0.9, draws=500, seed=3)
    assert np.array_equal(first.interval, again.interval, equal_nan=True)
    assert np.isnan(first.median[4])
    assert first.median[5] == 1
    known = ~np.isnan(first.median)
    low, high = (side[known] for side in first.interval)
    assert ((low >= 1) & (low <= first.median[known]) & (first.median[known] <= high) & (high <= 5)).all()
    assert first.best[known].sum() == pytest.approx(1)  # a quarter of five units is one
    nobody = simulated([np.nan], [np.nan], 1, 0.9, draws=5, seed=1)
    assert np.isnan(nobody.median).all()


def test_simulated_two_units_by_hand():
    """1 and 4, errors 1: between them 3.5 (Q 4.5, less 1, over 1), so 7/9 of a difference is real; its error is the root of 14/9."""
    found = simulated([1, 4], [1, 1], 1, 0.9, draws=6000, seed=1, among=0.5)
    assert found.best[1] == pytest.approx(stats.norm.cdf(3 * 7 / 9 / np.sqrt(14 / 9)), abs=0.01)
    less = simulated([1, 4], [1, 1], -1, 0.9, draws=6000, seed=1, among=0.5)
    assert less.best[0] == pytest.approx(found.best[1], abs=0.01)


def test_rates_have_a_scale_too():
    y, s = rate_scale([0, 3, 5], [10, 10, 0])
    assert np.isnan(y).tolist() == [False, False, True]
    assert y[0] > 0
    assert s[0] == s[1] > 0
