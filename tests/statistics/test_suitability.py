"""Which series suit a chart: each reason on a series made for it, and how often good ones are doubted."""

from __future__ import annotations

import numpy as np
from scipy import stats

from metrics.statistics.suitability import autocorrelation, is_cumulative, seasonality, suitability

RANDOM = np.random.default_rng(12)
PLAIN = RANDOM.normal(50, 5, 36)


def asked(values, **more):
    found = suitability(values, 0.99, enough=12, **more)
    return found.refused, found.beware


def test_reasons():
    year = np.cumsum(RANDOM.uniform(1, 9, 12))
    season = 50 + 10 * np.sin(np.arange(36) * np.pi / 6) + RANDOM.normal(0, 2, 36)
    walk = np.cumsum(RANDOM.normal(size=60))
    assert asked(PLAIN) == ((), ())
    assert asked(PLAIN[:8]) == (("short",), ())
    assert asked(np.tile(year, 3)) == (("cumulative",), ())
    assert asked(np.tile(year, 3)[4:], first_month=4) == (("cumulative",), ())
    assert asked([7.0] * 20) == (("flat",), ())
    assert asked(PLAIN, counts=np.tile([0, 0, 1], 12)) == (("rare",), ())
    assert "seasonal" in asked(season)[1]
    assert "linked" in asked(walk)[1]
    assert asked([]) == (("short",), ())


def test_a_marked_event_is_not_taken_for_months_that_go_together():
    values = PLAIN + np.repeat([0, 40], 18)
    assert "linked" in asked(values)[1]
    assert asked(values, centre=np.repeat([50, 90], 18))[1] == ()


def test_a_share_that_falls_within_the_year_is_not_cumulative():
    assert not is_cumulative(PLAIN)
    assert not is_cumulative(np.full(24, 3.0))
    assert not is_cumulative(np.arange(4.0))


def test_second_library():
    groups = [PLAIN[month::12] for month in range(12)]
    assert np.isclose(seasonality(PLAIN), stats.f_oneway(*groups).pvalue)
    shifted = np.r_[np.nan, PLAIN[1:]]
    groups[0] = groups[0][1:]
    assert np.isclose(seasonality(shifted), stats.f_oneway(*groups).pvalue)
    assert np.isnan(seasonality(PLAIN[:20]))
    x = PLAIN - PLAIN.mean()
    assert np.isclose(autocorrelation(PLAIN), (x[1:] * x[:-1]).sum() / (x**2).sum())


def test_good_series_are_rarely_doubted():
    doubted = [bool(asked(one)[1]) for one in np.random.default_rng(3).normal(size=(300, 36))]
    assert np.mean(doubted) < 0.04
