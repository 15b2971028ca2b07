"""What the months seen say about those ahead, against the textbook's normal distribution of all units and months at once."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.heading import pace

SO_FAR, LEFT, UNITS = 4, 3, 3
MONTHS = SO_FAR + LEFT


def test_all_units_at_once_say_the_same():
    rng = np.random.default_rng(1)
    seen, chance = rng.normal(0, 0.3, (UNITS, SO_FAR)), rng.uniform(0.01, 0.2, (UNITS, SO_FAR))
    chance_ahead = rng.uniform(0.01, 0.2, (UNITS, LEFT))
    by_chance = np.hstack([chance, chance_ahead])
    months = [(unit, month) for unit in range(UNITS) for month in range(MONTHS)]
    known = np.array([month < SO_FAR for _, month in months])
    weights = []
    for found, (noise, drift, own) in zip(
        pace.ahead(seen, chance, chance_ahead), pace.VARIANCES, strict=True
    ):
        whole = np.zeros((len(months), len(months)))
        for i, (unit, month) in enumerate(months):
            for j, (other, later) in enumerate(months):
                walked = 1 + min(month, later)
                whole[i, j] = pace.LEVEL + pace.TOGETHER * walked + pace.SHARED * (month == later)
                whole[i, j] += (unit == other) * (own + drift * walked)
                whole[i, j] += (i == j) * (noise + by_chance[unit, month])
        inner, across = whole[np.ix_(known, known)], whole[np.ix_(~known, known)]
        d = seen.ravel()
        assert found.mean.ravel() == pytest.approx(across @ np.linalg.solve(inner, d))
        spread = whole[np.ix_(~known, ~known)] - across @ np.linalg.solve(inner, across.T)
        own_blocks = [spread[k : k + LEFT, k : k + LEFT] for k in range(0, UNITS * LEFT, LEFT)]
        assert found.covariance == pytest.approx(np.stack(own_blocks))
        likely = -0.5 * (np.linalg.slogdet(inner)[1] + d @ np.linalg.solve(inner, d))
        weights.append(found.log_weight - likely)
    assert weights == pytest.approx([weights[0]] * len(weights))


def test_a_break_is_a_step_in_a_month_that_nobody_knows():
    """The mean over every month in which it can begin; it holds from then on."""
    found = pace.Ahead(0.0, np.zeros((1, LEFT)), np.zeros((1, LEFT, LEFT)), np.zeros((1, LEFT)))
    steps = [(np.arange(LEFT) >= begun).astype(float) for begun in range(LEFT)]
    by_hand = pace.BREAKS_BY * np.mean([np.outer(step, step) for step in steps], axis=0)
    assert found.broken().covariance[0] == pytest.approx(by_hand)
    assert pace.chance_of_break(2) == pytest.approx(1 - (1 - pace.BREAK) * (1 - pace.BREAK))
