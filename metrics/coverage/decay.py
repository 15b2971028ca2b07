"""How much less a unit counts the farther it is: weights of costs, 1 near and 0 beyond the limit.

A decay is a function from an array of costs to an array of weights. The same one serves both steps of the floating
catchment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Decay = Callable[[np.ndarray], np.ndarray]


def none(limit: float) -> Decay:
    """Everything within the limit counts alike: the classic method (Luo & Wang 2003, doi:10.1068/b29120)."""
    _check(limit)
    return lambda cost: (np.asarray(cost, float) <= limit).astype(float)


def bands(limit: float, steps: Sequence[tuple[float, float]]) -> Decay:
    """Steps of (share of the limit, weight), nearest first, each up to and with its end (Luo & Qi 2009).

    ``steps`` are those of ``speeds.decay_bands``.
    """
    _check(limit)
    ends, weights = np.array([end for end, _ in steps]), np.array([weight for _, weight in steps])
    if (np.diff(ends) <= 0).any() or (np.diff(weights) > 0).any() or (weights < 0).any():
        raise ValueError("bands go outwards and weigh less and less")
    padded = np.append(weights, 0.0)
    return lambda cost: padded[np.searchsorted(ends * limit, np.asarray(cost, float), side="left")]


def gaussian(limit: float) -> Decay:
    """A bell that falls from 1 to 0 at the limit (Dai 2010, doi:10.1016/j.healthplace.2010.06.012)."""
    _check(limit)
    edge = np.exp(-0.5)

    def weigh(cost: np.ndarray) -> np.ndarray:
        part = np.asarray(cost, float) / limit
        return np.where(part <= 1, (np.exp(-0.5 * part**2) - edge) / (1 - edge), 0.0)

    return weigh


def linear(limit: float) -> Decay:
    """From 1 straight down to 0 at the limit."""
    _check(limit)
    return lambda cost: np.clip(1 - np.asarray(cost, float) / limit, 0.0, 1.0)


def _check(limit: float) -> None:
    if not 0 < limit < np.inf:
        raise ValueError(f"no limit: {limit}")
