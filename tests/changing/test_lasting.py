"""Lasting changes against ordinary least squares by hand, and what must hold of them whatever the series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from metrics.statistics.lasting import Terms, raised

TERMS = Terms(recent=3, history=24, settled=6, false=0.2, lasting=4, over=3)
MONTHS = 66
STEP_AT = 36


def by_hand(values: list[float], first_month: int, start: int | None) -> tuple[float, float]:
    """(p, by) of the newest three months: a regression on months of the year, and a level from ``start`` on, row by row."""
    rows, y = [], []
    for at, value in enumerate(values):
        row = [1.0 if (at + first_month) % 12 == month else 0.0 for month in range(12)]
        if start is not None:
            row.append(1.0 if at >= start else 0.0)
        rows.append(row)
        y.append(value)
    before = [at for at in range(len(values) - 3) if not np.isnan(y[at])]
    x = np.array([rows[at] for at in before])
    fit, _, rank, _ = np.linalg.lstsq(x, np.array([y[at] for at in before]), rcond=None)
    rest = [y[at] - float(np.dot(rows[at], fit)) for at in before]
    free = len(before) - rank
    variance = sum(one * one for one in rest) / free
    ahead = np.mean([rows[at] for at in range(len(values) - 3, len(values))], axis=0)
    by = float(np.mean(y[-3:]) - ahead @ fit)
    error = variance * (1 / 3 + float(ahead @ np.linalg.pinv(x.T @ x) @ ahead))
    return 2 * stats.t.sf(abs(by) / error**0.5, free), by


@pytest.mark.parametrize(("start", "missing"), [(None, ()), (None, (3, 17)), (20, ()), (20, (5, 25))])
def test_the_test_is_least_squares(start, missing):
    random = np.random.default_rng(3)
    values = random.normal(0, 1, 40) + np.sin(np.arange(40) / 12 * 2 * np.pi)
    values[-5:] += 3
    values[list(missing)] = np.nan
    begun = {} if start is None else {0: [start]}
    terms = Terms(recent=3, history=24, settled=6, false=0.9, lasting=1, over=99)
    found = raised(values[None], np.zeros(1), 4, terms, begun)
    first = found[0]
    p, by = by_hand(values[: first.month + 1].tolist(), 4, start)
    assert first.p == pytest.approx(p)
    assert first.way == np.sign(by)


def district(seed: int, step: float, pairs: int = 40, moved: int = 4) -> np.ndarray:
    """Seasonal series of which the first ``moved`` move for good by ``step`` deviations of a month."""
    random = np.random.default_rng(seed)
    season = random.normal(0, 2, (pairs, 12))
    values = season[:, np.arange(MONTHS) % 12] + random.normal(0, 1, (pairs, MONTHS))
    values[:moved, STEP_AT:] += step
    return values


@given(st.integers(0, 10**6), st.sampled_from([-1, 1]), st.integers(0, 11))
def test_a_lasting_change_is_raised_exactly_once(seed, way, first_month):
    """Of a step that nobody can miss: one notice, in its direction, from its month on; thirty months long."""
    values = district(seed, 15.0 * way)
    found = [one for one in raised(values, np.zeros(len(values)), first_month, TERMS) if one.series < 4]
    assert sorted(one.series for one in found) == [0, 1, 2, 3]
    for one in found:
        assert one.way == way
        assert one.since == STEP_AT
        assert STEP_AT + TERMS.lasting - 1 <= one.month <= STEP_AT + TERMS.lasting
        assert one.after - one.before == pytest.approx(15 * way, abs=5)


@given(st.integers(0, 10**6), st.floats(-50, 50), st.floats(0.1, 20))
def test_level_scale_and_season_do_not_matter(seed, level, scale):
    values = district(seed, 6.0)
    season = np.random.default_rng(seed + 1).normal(0, 5, 12)[np.arange(MONTHS) % 12]
    key = [(one.series, one.month, one.since, one.way) for one in raised(values, np.zeros(40), 0, TERMS)]
    other = raised(level + scale * (values + season), np.zeros(40), 0, TERMS)
    assert [(one.series, one.month, one.since, one.way) for one in other] == key
    assert key


def test_a_spike_is_not_raised():
    """One month of a campaign stands in three windows: that is not four months."""
    values = district(5, 0.0)
    values[:, STEP_AT] += 40
    assert raised(values, np.zeros(40), 0, TERMS) == []


def test_a_change_back_is_a_second_one():
    values = district(11, 15.0)
    values[:4, STEP_AT + 15 :] -= 15
    found = [one for one in raised(values, np.zeros(40), 0, TERMS) if one.series == 0]
    assert [(one.way, one.since) for one in found] == [(1, STEP_AT), (-1, STEP_AT + 15)]


def test_what_is_known_to_be_different_is_not_raised():
    """A unit that was merged into another: a new level begins there, and only what comes after is compared with it."""
    values = district(13, 15.0)
    begun = {place: [STEP_AT] for place in range(4)}
    assert [one for one in raised(values, np.zeros(40), 0, TERMS, begun) if one.series < 4] == []
    values[:4, STEP_AT + 14 :] += 15
    found = [one for one in raised(values, np.zeros(40), 0, TERMS, begun) if one.series < 4]
    assert {(one.series, one.since) for one in found} == {(place, STEP_AT + 14) for place in range(4)}


@pytest.mark.parametrize("known", [24, 29])
def test_too_short_a_past_says_nothing(known):
    values = district(1, 15.0)[:, STEP_AT + 6 - known : STEP_AT + 6]
    assert raised(values, np.zeros(40), 0, TERMS) == []


def test_none_varies_less_than_chance():
    """A count that happened to be the same each month: that is luck, and two more is nothing."""
    values = np.full((30, 40), 3.0)
    values[0, 30:] += 0.1
    assert raised(values, np.full(30, 0.25), 0, TERMS) == []
