"""The chance of a change: are the last months different from those before, with a p-value that can be corrected for multiplicity.

Student's test of the mean of the newest ``recent`` months against the months before (prediction form: the variance is that of the
months before). Exact for independent normal months; the rules of ``xmr`` say more to the eye, but have no p-value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from metrics.statistics.intervals import floats

ROUNDING = 1e-9  # of the largest value


class Change(NamedTuple):
    p: np.ndarray  # [...] two-sided
    way: np.ndarray  # [...] 1 up, -1 down, 0 equal or unknown
    by: np.ndarray  # [...] newest mean less the one before


def change(values: ArrayLike, recent: int, *, enough: int) -> Change:
    """Of series [..., months], at the newest month. NaN unless all ``recent`` months are known, and ``enough`` before them."""
    (x,) = floats(values)
    before, now = x[..., :-recent], x[..., -recent:]
    known = ~np.isnan(before)
    number = known.sum(-1)
    fit = (number >= max(enough, 2)) & ~np.isnan(now).any(-1)
    n = np.where(fit, number, np.nan)
    middle = np.where(known, before, 0).sum(-1) / n
    square = (np.where(known, before - middle[..., None], 0) ** 2).sum(-1) / (n - 1)
    by = now.mean(-1) - middle
    # The mean of twenty times 0.1 is not quite 0.1: what differs by rounding alone does not differ.
    near = ROUNDING * np.max(np.where(np.isnan(x), 0, np.abs(x)), axis=-1, initial=0)
    by = np.where(np.abs(by) <= near, 0, by)
    square = np.where(square <= near**2, 0, square)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(by) / np.sqrt(square * (1 / recent + 1 / n))
    p = np.where(by == 0, 1.0, 2 * stdtr(n - 1, -t))
    return Change(np.where(fit, p, np.nan), np.where(fit, np.sign(by), 0).astype(int), by)
