"""From counts to figures: months to bases, units to their parents, numerators over denominators.

Pure functions over grids [unit, month]; the same for every engine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from metrics.card import SCALE, Basis, Card


def rolled_up(grid: np.ndarray, parents: Sequence[int], depth: Sequence[int]) -> np.ndarray:
    """Each unit with the sum of all units below it. ``parents`` are positions, -1 for none."""
    total = grid.copy()
    for position in sorted(range(len(parents)), key=lambda p: -depth[p]):
        if parents[position] >= 0:
            total[parents[position]] += total[position]
    return total


def on_basis(grid: np.ndarray, basis: Basis, year_starts: np.ndarray) -> np.ndarray:
    """Monthly sums on a basis: the month itself, the year so far, twelve months.

    ``year_starts[m]`` is the position of the first month of the year of month m.
    """
    if basis in (Basis.MONTH, Basis.AS_OF):
        return grid
    sums = np.concatenate([np.zeros((grid.shape[0], 1), dtype=np.int64), grid.cumsum(axis=1)], axis=1)
    months = np.arange(grid.shape[1])
    starts = np.maximum(year_starts, 0) if basis is Basis.YTD else np.maximum(months - 11, 0)
    return sums[:, months + 1] - sums[:, starts]


def value_of(card: Card, numerator: np.ndarray, denominator: np.ndarray | None) -> np.ndarray:
    """The value shown: a count, a share as 0..1, a mean; NaN where there is nothing to divide by."""
    scale = SCALE.get(card.unit, 1)
    if denominator is None:
        return numerator / scale
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / (denominator * scale), np.nan)
