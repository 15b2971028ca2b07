"""Generated districts for building the forecast: what the method may have been fitted to. Not the withheld ones.

Three of four work in one of many ways (``varied``); every fourth is as simple as those that the first forecast was built on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.heading import varied


def districts(seed: int, count: int) -> list[pd.DataFrame]:
    """``count`` districts of 24 months: unit, month, numerator (year to date), denominator, target (share)."""
    rng = np.random.default_rng(seed)
    return [_simple(rng) if number % 4 == 3 else varied.district(rng) for number in range(count)]


def _simple(rng: np.random.Generator) -> pd.DataFrame:
    units = int(rng.integers(6, 40))
    people = np.round(np.exp(rng.normal(rng.uniform(4.5, 7), rng.uniform(0.3, 1), units))) + 20
    season = rng.dirichlet(np.full(12, rng.choice([1.0, 3.0, 10.0, 60.0])))
    season2 = season
    if rng.random() < 0.25:  # a campaign moves
        season2 = 0.6 * season + 0.4 * np.roll(season, int(rng.integers(-2, 3)))
    own = np.stack([rng.dirichlet(season * c + 0.05) for c in rng.choice([8, 40, 300], units)])
    level = np.exp(rng.normal(np.log(rng.uniform(0.3, 2.5)), rng.uniform(0.05, 0.5), units))
    months = rng.choice([0.0, 0.1, 0.3, 0.6])
    drift = rng.choice([0.0, 0.03, 0.1])
    saturates = rng.random() < 0.5
    again = rng.uniform(0, 0.3)
    common = rng.normal(0, rng.choice([0.05, 0.15, 0.3]))
    rows = []
    finals = np.zeros((2, units))
    for year in range(2):
        pace = level * (np.exp(common + rng.normal(0, again, units)) if year else 1)
        done = np.zeros(units)
        of = people * (1 + 0.02 * year)
        walk = np.zeros(units)
        blend = rng.uniform(0.4, 1.0)
        for k in range(12):
            walk += rng.normal(0, drift, units)
            shift = (rng.random(units) < 0.02) * np.log(0.4)
            walk += shift
            usual = blend * own[:, k] + (1 - blend) * (season2 if year else season)[k]
            force = pace * usual * np.exp(walk + rng.normal(0, 1, units) * months)
            left = np.maximum(np.round(of) - done, 0)
            share = 1 - np.exp(-force) if saturates else np.minimum(of * force * 0.6 / np.maximum(left, 1), 1)
            done = done + rng.binomial(left.astype(int), np.clip(share, 0, 1))
            rows += [
                (u, (2024 + year) * 12 + k, float(done[u]), float(np.round(of[u]))) for u in range(units)
            ]
        finals[year] = done / np.round(of)
    frame = pd.DataFrame(rows, columns=["unit", "month", "numerator", "denominator"])
    around = np.clip(
        finals[0] * np.exp(rng.normal(0.05, 0.2, units)), 0.03, 0.99
    )  # nothing of this year's end
    if rng.random() < 0.5:
        around[:] = np.round(np.median(around), 2)
    return frame.assign(target=frame["unit"].map(dict(enumerate(around))))
