"""Funnels: exact limits against scipy's distributions, overdispersion against published figures, false alarms counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from metrics.statistics.between import between
from metrics.statistics.funnel import Kind, exact_limits, funnel
from metrics.statistics.widening import overdispersion

# Colditz and others, JAMA 271, 1994: 13 trials of BCG (cases, not, cases without BCG, not).
BCG = np.array(
    [
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
        (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
        (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
    ]
)  # fmt: skip


def test_between_variance_published():
    """DerSimonian and Laird's of these trials: Q 152.2330, variance 0.3088 (Viechtbauer, Journal of Statistical Software 36, 2010)."""
    a, b, c, d = BCG.T
    y = np.log(a / (a + b)) - np.log(c / (c + d))
    found = between(y, np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
    assert round(float(found.q), 4) == 152.2330
    assert round(float(found.variance), 4) == 0.3088
    assert found.units == 13


@given(n=st.integers(1, 500), centre=st.floats(0.02, 0.98), confidence=st.sampled_from([0.95, 0.998]))
def test_share_limits_are_where_scipy_has_them(n, centre, confidence):
    x = np.arange(n + 1)
    tail = (1 - confidence) / 2
    low, high = exact_limits(Kind.SHARE, n, centre, confidence)
    out_low, out_high = stats.binom.cdf(x, n, centre) < tail, stats.binom.sf(x - 1, n, centre) < tail
    assert ((x / n < low - 1e-9) == out_low).all()
    assert ((x / n > high + 1e-9) == out_high).all()


@given(due=st.floats(0.05, 300), confidence=st.sampled_from([0.95, 0.998]))
def test_rate_limits_are_where_scipy_has_them(due, confidence):
    x, tail = np.arange(900), (1 - confidence) / 2
    low, high = exact_limits(Kind.RATE, 1.0, due, confidence)
    assert ((x < low - 1e-9) == (stats.poisson.cdf(x, due) < tail)).all()
    assert ((x > high + 1e-9) == (stats.poisson.sf(x - 1, due) < tail)).all()


# Test data of PHEindicatormethods (UK Health Security Agency), testdata_funnel_ratio_outputs.csv: for so many events, the expected
# number at which they lie on the lower and the upper limit.
UKHSA = [
    (1, 0.95, 5.571644585, 0.025317898),
    (1, 0.998, 9.233410143, 0.001000547),
    (10, 0.95, 18.39035797, 4.795387629),
    (10, 0.998, 24.13397235, 2.960519),
    (653, 0.95, 705.0634143, 603.8692656),
    (653, 0.998, 735.8854597, 576.8733549),
]


@pytest.mark.parametrize(("events", "confidence", "on_low", "on_high"), UKHSA)
def test_rate_limits_ukhsa(events, confidence, on_low, on_high):
    assert exact_limits(Kind.RATE, 1.0, on_low, confidence).low == pytest.approx(events, rel=1e-4)
    assert exact_limits(Kind.RATE, 1.0, on_high, confidence).high == pytest.approx(events, rel=1e-3)


def test_points_out_are_the_points_beyond_the_limits():
    random = np.random.default_rng(2)
    n = random.integers(3, 400, 40)
    x = random.binomial(n, random.choice([0.2, 0.3, 0.45], 40))
    found = funnel(Kind.SHARE, x, n, adjust=False)
    low, high = found.limits(n, 0.95)
    assert (found.outside(0.95) == np.where(x / n > high, 1, np.where(x / n < low, -1, 0))).all()
    assert (np.abs(found.outside(0.998)) <= np.abs(found.outside(0.95))).all()


def test_one_event_where_none_is_due_is_not_out_and_none_never_above():
    assert (
        funnel(Kind.RATE, [0] * 11 + [100], [0.01] * 11 + [1000], adjust=False).outside(0.95).tolist()
        == [0] * 12
    )


def test_winsorised_phi_by_hand():
    """Eleven z-scores: the tenths are the second and the tenth, so the ends count as 4 and 2."""
    z = np.array([-9, -4, -1, 0, 0, 1, 1, 1, 2, 2, 30.0])
    assert overdispersion(z, 0.1) == pytest.approx((16 + 16 + 1 + 0 + 0 + 1 + 1 + 1 + 4 + 4 + 4) / 11)
    assert np.isnan(overdispersion([], 0.1))


def test_overdispersion_is_used_when_it_is_there_and_only_widens():
    random = np.random.default_rng(3)
    n = np.full(60, 500)
    x = random.binomial(n, np.clip(random.normal(0.4, 0.08, 60), 0, 1))
    wide, plain = funnel(Kind.SHARE, x, n), funnel(Kind.SHARE, x, n, adjust=False)
    assert wide.adjusted
    assert not plain.adjusted
    assert wide.phi == plain.phi > 1 + 2 * np.sqrt(2 / 60)
    assert (wide.p >= plain.p).all()
    sizes = np.array([10, 100, 1000])
    assert (wide.limits(sizes, 0.95).low <= plain.limits(sizes, 0.95).low).all()
    assert (wide.limits(sizes, 0.95).high >= plain.limits(sizes, 0.95).high).all()
    low, high = wide.limits(n, 0.95)
    assert (wide.outside(0.95) == np.where(x / n > high, 1, np.where(x / n < low, -1, 0))).all()
    # The spread that was put in comes out: 0.08 of a share of 0.4 is 0.082 on the arcsine scale; winsorising takes some.
    assert 0.05 < np.sqrt(wide.variance) < 0.09


def test_overdispersion_is_not_used_when_it_may_be_chance_or_units_are_few():
    n, away = np.full(40, 400), np.resize([-11, 11], 40)  # 11 of 160: 1.12 standard deviations
    unsure = funnel(Kind.SHARE, 160 + away, n)
    assert 1 < unsure.phi < 1 + 2 * np.sqrt(2 / 40)
    assert not unsure.adjusted
    few = funnel(Kind.SHARE, [40, 360, 40, 360], [400] * 4)
    assert few.phi > 100
    assert not few.adjusted


def test_gaps_faults_and_nobody():
    found = funnel(Kind.SHARE, [3, np.nan, 5, 2], [10, 10, 4, 10])
    assert found.centre == 5 / 20
    assert np.isnan(found.p).tolist() == [False, True, True, False]
    assert found.above.tolist() == [1, 0, 0, -1]
    assert found.outside(0.95).tolist() == [0, 0, 0, 0]
    nobody = funnel(Kind.SHARE, [np.nan], [np.nan])
    assert np.isnan(nobody.centre)
    assert nobody.outside(0.95).tolist() == [0]
    assert np.isnan(nobody.limits([10], 0.95).low).all()


@pytest.mark.parametrize("x", [0, 1])
def test_nothing_or_everything_everywhere(x):
    n = np.full(20, 30)
    found = funnel(Kind.SHARE, n * x, n)
    assert not found.outside(0.95).any()
    assert not found.adjusted


@pytest.mark.parametrize(("confidence", "most"), [(0.95, 0.05), (0.998, 0.002)])
def test_false_alarms_are_at_most_what_the_level_says(confidence, most):
    random = np.random.default_rng(7)
    alarms = []
    for _ in range(150):
        n = random.integers(20, 401, 30)
        alarms.append((funnel(Kind.SHARE, random.binomial(n, 0.3), n).outside(confidence) != 0).mean())
    assert np.mean(alarms) <= most


@pytest.mark.parametrize(("apart", "most_out", "least_found"), [(0, 0.005, 0.9), (0.04, 0.04, 0.5)])
def test_eight_units_that_spread_are_not_called_out_and_one_far_off_is(apart, most_out, least_found):
    """Many counties have no more centres: 8 that spread by 4 points, and one of them 20 points below."""
    rng = np.random.default_rng(11)
    out, found = [], []
    for _ in range(300):
        people = rng.integers(200, 2_000, 8)
        true = np.clip(0.7 + apart * rng.standard_normal(8), 0.02, 0.98)
        out.extend(funnel(Kind.SHARE, rng.binomial(people, true), people).outside(0.998) != 0)
        true[0] = 0.5
        found.append(funnel(Kind.SHARE, rng.binomial(people, true), people).outside(0.998)[0] < 0)
    assert np.mean(out) < most_out
    assert np.mean(found) > least_found
