"""How much units really differ: the variance between them that chance does not explain.

Method of moments: DerSimonian, Laird, Controlled Clinical Trials 7, 1986. Units are the last axis; NaN units do not count.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincc

from metrics.statistics.intervals import floats


class Between(NamedTuple):
    variance: np.ndarray  # [...]; 0 where the units differ no more than chance would have it
    q: np.ndarray  # Cochran's Q
    p: np.ndarray  # of Q, were all units alike
    centre: np.ndarray  # weighted mean
    units: np.ndarray


def between(value: ArrayLike, error: ArrayLike) -> Between:
    """Of values with standard errors, both [..., units]. NaN of fewer than two units."""
    y, s = floats(value, error)
    known = ~np.isnan(y) & (s > 0)
    w = np.where(known, 1 / np.where(known, s, 1) ** 2, 0)
    y = np.where(known, y, 0)
    units, all_w = known.sum(-1), w.sum(-1)
    enough = units >= 2
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (w * y).sum(-1) / all_w
        q = np.where(enough, (w * (y - centre[..., None]) ** 2).sum(-1), np.nan)
        variance = excess(q, units, all_w, (w**2).sum(-1))
    p = gammaincc(np.where(enough, (units - 1) / 2, np.nan), q / 2)
    return Between(np.where(enough, variance, np.nan), q, p, centre, units)


def excess(q: np.ndarray, units: np.ndarray, weight: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """The variance that ``q`` has beyond its expectation; ``weight``, ``squares``: sums of the weights and their squares."""
    return np.maximum(0, (q - (units - 1)) / (weight - squares / weight))
