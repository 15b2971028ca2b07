"""Intervals against published tables, against scipy's, and what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from metrics.statistics import intervals, means

# Newcombe, Statistics in Medicine 17, 1998, table I, method 3; confidence 0.95.
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
# Test data of PHEindicatormethods (UK Health Security Agency), testdata_Byars_Wilson.xlsx.
UKHSA_WILSON = [
    (65, 100, 0.95, 0.5525444329688797, 0.7363575175690247),
    (1045, 5000, 0.95, 0.19795549880013297, 0.22049130373189027),
    (0.445, 1, 0.95, 0.04381744772058822, 0.9334621276979156),
    (65, 100, 0.998, 0.4954946574070431, 0.7783540614089697),
    (0.445, 1, 0.998, 0.019347006132900975, 0.9702259947019541),
]
UKHSA_BYAR = [
    (65, 0.95, 50.163187710459454, 82.84913854593984),
    (1045, 0.95, 982.5932018073325, 1110.33121298565),
    (1, 0.95, 0.01307213290150435, 5.5637555824752605),
    (65, 0.998, 42.8802614714802, 94.00029084431802),
    (10, 0.998, 2.916318374695686, 24.193724927880535),
]
# The same, testdata_Rate.xlsx: per 100, exact below 10.
UKHSA_RATE = [
    (1, 100, 0.95, 0.025317807984289897, 5.571643390938898),
    (5, 100, 0.95, 1.62348639011842, 11.668332079322669),
    (10, 100, 0.95, 100 * 0.023937249569837822 * 2, 100 * 0.09195729302878237 * 2),
    (20, 100, 0.95, 12.211428834875937, 30.889880369197066),
    (5, 100, 0.998, 0.739371731917839, 16.454745203680105),
    (9856, 12345, 0.95, 78.26949058976757, 81.4300165427214),
]
# Garwood, Biometrika 28, 1936: the widely printed table of exact limits of a Poisson count, 0.95.
GARWOOD = [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (30, 20.24, 42.83)]
# NIST/SEMATECH e-Handbook, 1.3.5.2, ZARR13; and testdata_Mean.xlsx as above.
MEANS = [
    (195, 9.261460, 0.02278881, 0.95, 9.258242, 9.264679, 2e-6),
    (8, 53.704345, 20.97557525770931, 0.95, 36.168325241336504, 71.24036475866352, 1e-6),
    (8, 53.704345, 20.97557525770931, 0.998, 18.216705294788838, 89.19198470521118, 1e-6),
]


@pytest.mark.parametrize(("x", "n", "low", "high"), NEWCOMBE)
def test_wilson_newcombe(x, n, low, high):
    assert np.round(intervals.wilson(x, n, 0.95), 4).tolist() == [low, high]


@pytest.mark.parametrize(("x", "n", "confidence", "low", "high"), UKHSA_WILSON)
def test_wilson_ukhsa(x, n, confidence, low, high):
    assert np.allclose(intervals.wilson(x, n, confidence), [low, high], rtol=1e-12)


@pytest.mark.parametrize(("x", "confidence", "low", "high"), UKHSA_BYAR)
def test_byar_ukhsa(x, confidence, low, high):
    assert np.allclose(intervals.byar(x, confidence), [low, high], rtol=1e-12)


@pytest.mark.parametrize(("x", "n", "confidence", "low", "high"), UKHSA_RATE)
def test_rate_ukhsa(x, n, confidence, low, high):
    assert np.allclose(np.multiply(intervals.rate(x, n, confidence), 100), [low, high], rtol=1e-9)


@pytest.mark.parametrize(("x", "low", "high"), GARWOOD)
def test_exact_count_garwood(x, low, high):
    assert np.allclose(intervals.exact_count(x, 0.95), [low, high], atol=0.006)


@pytest.mark.parametrize(("n", "middle", "sd", "confidence", "low", "high", "near"), MEANS)
def test_mean(n, middle, sd, confidence, low, high, near):
    assert np.allclose(means.mean(n, middle, sd, confidence), [low, high], atol=near)


def test_second_library():
    for x, n, confidence in [(3, 4, 0.95), (0, 7, 0.9), (7, 7, 0.998), (120, 400, 0.99)]:
        theirs = stats.binomtest(x, n).proportion_ci(confidence, method="wilson")
        assert np.allclose(intervals.wilson(x, n, confidence), theirs, atol=1e-12)
    for x in (1, 4, 30):
        theirs = stats.chi2.ppf(0.025, 2 * x) / 2, stats.chi2.ppf(0.975, 2 * x + 2) / 2
        assert np.allclose(intervals.exact_count(x, 0.95), theirs)


def test_what_has_no_interval():
    low, high = intervals.wilson([0, 5, -1, np.nan, 3], [0, 4, 4, 4, np.nan], 0.95)
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    assert intervals.is_share([0, 5, 3], [0, 4, 3]).tolist() == [False, False, True]
    assert np.isnan(intervals.rate([1, 1, -1], [0, np.nan, 3], 0.95)).all()


def test_rounding_makes_no_more_than_all():
    assert intervals.wilson(0.1 + 0.2, 0.3, 0.95).high == 1  # 0.30000000000000004
    assert not intervals.is_share(10.001, 10)


def test_the_ends_belong_to_it():
    assert intervals.wilson(0, 9, 0.95).low == 0
    assert intervals.wilson(9, 9, 0.95).high == 1
    assert intervals.byar(0, 0.95).low == intervals.exact_count(0, 0.95).low == 0


def test_above_hundred_per_cent_is_a_rate_if_anything():
    assert np.isnan(intervals.wilson(51, 50, 0.95).low)
    low, high = intervals.rate(51, 50, 0.95)
    assert low < 1.02 < high


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, np.nan])
def test_a_confidence_that_is_none(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        intervals.wilson(1, 2, confidence)


counts = st.floats(0, 5000)


@given(n=st.floats(1e-3, 1e6), part=st.floats(0, 1), confidence=st.floats(0.5, 0.999))
def test_wilson_holds_the_share_and_stays_within(n, part, confidence):
    low, high = intervals.wilson(part * n, n, confidence)
    assert 0 <= low <= part + 1e-12
    assert part - 1e-12 <= high <= 1


@given(x=counts, confidence=st.floats(0.5, 0.999))
def test_counts_are_held_and_wider_when_surer(x, confidence):
    for of in (intervals.byar, intervals.exact_count, intervals.count):
        low, high = of(x, confidence)
        surer_low, surer_high = of(x, (1 + confidence) / 2)
        assert 0 <= surer_low <= low <= x <= high <= surer_high


@given(x=counts, more=st.floats(0.01, 100))
def test_more_is_higher(x, more):
    for of in (intervals.byar, intervals.exact_count):
        assert (np.subtract(of(x + more, 0.95), of(x, 0.95)) >= 0).all()


def test_byar_is_near_exact_from_ten_on():
    x = np.arange(10, 200)
    assert np.allclose(intervals.byar(x, 0.95), intervals.exact_count(x, 0.95), rtol=0.02)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_wilson_covers(share):
    """Over all outcomes of 40 tries, exactly: on average near 0.95 (Brown, Cai, DasGupta, Statistical Science 16, 2001)."""
    covered = []
    for n in range(20, 60):
        x = np.arange(n + 1)
        low, high = intervals.wilson(x, n, 0.95)
        covered.append(stats.binom.pmf(x, n, share)[(low <= share) & (share <= high)].sum())
    assert 0.935 < np.mean(covered) < 0.975


def test_exact_counts_cover_at_least():
    x = np.arange(200)
    low, high = intervals.exact_count(x, 0.95)
    for due in (0.3, 2.5, 11, 60):
        assert stats.poisson.pmf(x, due)[(low <= due) & (due <= high)].sum() >= 0.95
