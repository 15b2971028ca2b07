"""Means: Student's interval as published, the same on logarithms by a second library, and how often intervals hold the truth."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from metrics.statistics import verdict
from metrics.statistics.mean_funnel import mean_funnel
from metrics.statistics.means import deviation_of, mean, mean_scale, unscaled

C = 0.95


def test_students_interval_by_a_second_library():
    values = np.array([3.0, 5.5, 4.1, 9.0])
    theirs = stats.t.interval(0.9, 3, values.mean(), stats.sem(values))
    sd = deviation_of(4, values.sum(), (values**2).sum())
    assert np.isclose(sd, values.std(ddof=1))
    assert np.allclose(mean(4, values.mean(), sd, 0.9), theirs)


def test_on_logarithms_by_hand():
    """16 values, mean 100, deviation 80: the logarithm of the mean has the error 80 / 100 / 4 = 0.2; t of 15 degrees is 2.1314."""
    low, high = mean(16, 100, 80, C, tailed=True)
    assert np.allclose([low, high], [100 * np.exp(-0.2 * 2.13145), 100 * np.exp(0.2 * 2.13145)], rtol=1e-5)
    assert high - 100 > 100 - low > 0


def test_what_has_no_interval():
    assert np.isnan(mean([1, 0, 3], 2.0, [0, 0, np.nan], C)).all()
    assert np.isnan(mean([9, 9], [0, -2], 1.0, C, tailed=True)).all()
    assert not np.isnan(mean([9, 9], [0, -2], 1.0, C)).any()


def test_squares_that_no_values_have():
    """Equal values do not spread, whatever rounding says; squares below the square of the sum are nobody's."""
    assert deviation_of(3, 0.3, 0.1**2 * 3) == 0
    assert np.isnan(deviation_of([1, 4], [2, 40], [4, 100])).all()


@given(
    values=st.lists(st.floats(0.5, 5_000), min_size=3, max_size=30),
    goal=st.floats(0.5, 5_000),
    tailed=st.booleans(),
)
def test_word_and_interval_agree(values, goal, tailed):
    values = np.array(values)
    sd = deviation_of(len(values), values.sum(), (values**2).sum())
    low, high = mean(len(values), values.mean(), sd, C, tailed=tailed)
    word = verdict.mean_against(len(values), values.mean(), sd, goal, 1, C, tailed=tailed).word
    if min(abs(goal - low), abs(goal - high)) > 1e-6 * goal:
        assert word == ("better" if low > goal else "worse" if high < goal else "same")


def covered(size: int, spread: float, tailed: bool, districts: int = 3_000) -> tuple[float, float]:
    """(share of intervals that hold the true mean, share that lie below it) of log-normal values."""
    values = np.random.default_rng(7).lognormal(0, spread, (districts, size))
    low, high = mean(size, values.mean(1), values.std(1, ddof=1), C, tailed=tailed)
    true = np.exp(spread**2 / 2)
    return ((low <= true) & (true <= high)).mean(), (high < true).mean()


@pytest.mark.parametrize(
    ("size", "spread", "least"), [(30, 0.5, 0.93), (30, 1.0, 0.89), (100, 1.0, 0.92), (300, 1.0, 0.93)]
)
def test_skewed_costs_are_covered(size, spread, least):
    """Better than Student's at every size, and never below what the method says."""
    share, below = covered(size, spread, True)
    plain, plain_below = covered(size, spread, False)
    assert share >= least and share > plain and below < plain_below


def test_few_skewed_values_are_not_covered():
    """Why there is a least number: of 10 values one interval in ten misses."""
    assert covered(10, 1.0, True)[0] < 0.9


@pytest.mark.parametrize("tailed", [False, True])
def test_a_funnel_of_equals_is_wide_enough(tailed):
    """Thirty units truly alike, 30 to 1,000 log-normal (or normal) values each, 150 districts."""
    random, out = np.random.default_rng(7), []
    for _ in range(150):
        n = np.exp(random.uniform(np.log(30), np.log(1_000), 30)).astype(int)
        unit = np.repeat(np.arange(30), n)
        many = len(unit)
        values = random.lognormal(4, 0.8, many) if tailed else random.normal(90, 8, many)
        total, squares = (np.bincount(unit, values**power) for power in (1, 2))
        found = mean_funnel(n, total / n, deviation_of(n, total, squares), tailed=tailed)
        out.append([(found.outside(level) != 0).mean() for level in (0.95, 0.998)])
    inner, outer = np.mean(out, axis=0)
    assert 0.03 < inner < 0.06
    assert outer < (0.006 if tailed else 0.003)


def test_the_funnel_by_hand():
    """Two of 100 values, means 9 and 11, deviation 4 in both: centre 10, error 0.4, z 2.5 either way."""
    found = mean_funnel([100, 100], [9.0, 11.0], [4.0, 4.0], tailed=False)
    assert found.centre == 10 and np.isclose(found.deviation, 4) and not found.adjusted
    assert np.allclose(found.p, 2 * stats.norm.sf(2.5))
    assert found.outside(0.95).tolist() == [-1, 1] and found.outside(0.998).tolist() == [0, 0]
    low, high = found.limits([100, 400], 0.95)
    assert np.allclose(high - 10, 1.959964 * np.array([0.4, 0.2])) and np.allclose(10 - low, high - 10)


def test_the_funnel_is_widened_where_units_differ():
    """Means that spread by a fifth between thirty units, within them chance makes a fiftieth: hardly anybody stands out."""
    random = np.random.default_rng(3)
    average = 100 * np.exp(random.normal(0, 0.2, 30))
    found = mean_funnel(np.full(30, 1_000), average, average * 0.6, tailed=True)
    assert found.adjusted and 0.1 < np.sqrt(found.variance) < 0.3
    plain = mean_funnel(np.full(30, 1_000), average, average * 0.6, tailed=True, fewest=31)
    assert (found.outside(0.998) != 0).sum() <= 2 and (plain.outside(0.998) != 0).sum() > 20
    narrow, wide = found.limits(1_000, 0.95), found.limits(1_000, 0.998)
    assert wide.low < narrow.low < found.centre < narrow.high < wide.high


def test_nobody_has_no_funnel():
    found = mean_funnel([1, np.nan], [3.0, 4.0], [np.nan, 1.0], tailed=True)
    assert np.isnan(found.centre) and np.isnan(found.p).all() and (found.above == 0).all()


@pytest.mark.parametrize("tailed", [False, True])
@pytest.mark.parametrize("within", [0.0, np.inf])
def test_units_within_which_nothing_spreads_have_no_funnel(tailed, within):
    """Eleven clinics where every visit costs 10 yuan, one where every visit costs 50: chance has no size, so nobody is out of it."""
    average = np.array([10.0] * 11 + [50.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mean_funnel(np.full(12, 100), average, np.full(12, within), tailed=tailed)
        limits = found.limits([50, 100], 0.95)
    assert np.isnan(found.p).all() and (found.above == 0).all() and (found.outside(0.95) == 0).all()
    assert np.isnan([*limits.low, *limits.high, found.phi, found.deviation]).all()
    assert np.isclose(found.centre, average.mean()) and not found.adjusted


def test_the_scale_and_back():
    value, error = mean_scale([4, 4], [50.0, 50.0], [10.0, 10.0], tailed=[True, False])
    assert np.allclose(unscaled(value, [True, False]), 50)
    assert np.allclose(error, [0.1, 5])
