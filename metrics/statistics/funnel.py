"""Funnel limits: how far from the pooled figure a unit of its size may lie by chance.

Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24, 2005.

Limits and p-values are exact (binomial for shares, Poisson for rates) at every size, with both tails treated alike: a unit is out
above when a count of *at least* its own has a chance below half of what the level leaves outside. (The paper's appendix
interpolates the upper limit from the other side and would put a unit with one event out where none is expected.)

Limits are widened as ``widening.py`` has it where units differ by more than chance.

False alarms, measured on districts of 30 units, seed 7. All truly alike (20 to 400 people, share 0.3; 2,000 districts): 3.7 % of units
beyond 95 % limits, 0.13 % beyond 99.8 %, in 3.9 % of districts at least one; the adjustment came into use in 0.15 %. Units that truly spread
by 4 points without any being an outlier (200 to 2,000 people; 500 districts): 10.4 % and 1.3 % with the adjustment, 49 % and 29 %
without it. The winsorised variance is a little too small: with overdispersion trust the 99.8 % limits only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.intervals import Interval, as_share, floats, outside, spread
from metrics.statistics.scales import rate_scale, share_scale
from metrics.statistics.verdict import binomial_tails, doubled, poisson_tails
from metrics.statistics.widening import FEWEST, TRIM, widened

_HALVINGS = 60


class Kind(StrEnum):
    SHARE = "share"
    RATE = "rate"


@dataclass(frozen=True, eq=False)
class Funnel:
    kind: Kind
    centre: float  # the pooled figure; NaN where nobody counts
    p: np.ndarray  # [units] two-sided, after the adjustment where it is used
    above: np.ndarray  # [units] 1 above the centre, -1 below, 0 on it or unknown
    phi: float  # 1: as chance has it; NaN of nobody
    variance: float  # between units, on the scale; 0 where the adjustment is not used
    adjusted: bool

    def outside(self, confidence: float) -> np.ndarray:
        """[units] 1 out above, -1 out below, 0 within or unknown."""
        return np.where(self.p < outside(confidence), self.above, 0)

    def limits(self, denominator: ArrayLike, confidence: float) -> Interval:
        """The limits for units of these sizes, as shares or rates. Nothing lies below a limit of 0 or above a share of 1."""
        (n,) = floats(denominator)
        n = np.where(n > 0, n, np.nan)
        exact = exact_limits(self.kind, n, self.centre, confidence)
        if not self.adjusted:
            return exact
        middle, error = _scaled(self.kind, self.centre * n, n)
        half = spread(confidence) * np.sqrt(error**2 + self.variance)
        wide = Interval(_back(self.kind, middle - half), _back(self.kind, middle + half))
        return Interval(np.minimum(exact.low, wide.low), np.maximum(exact.high, wide.high))


def funnel(
    kind: Kind,
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    trim: float = TRIM,
    fewest: int = FEWEST,
    adjust: bool = True,
) -> Funnel:
    """Of the units of one indicator, [units]. Units that have no figure, or no share, count nowhere and are NaN."""
    x, n = as_share(numerator, denominator) if kind == Kind.SHARE else floats(numerator, denominator)
    fit = (x >= 0) & (n > 0)
    x, n = np.where(fit, x, np.nan), np.where(fit, n, np.nan)
    units = int(fit.sum())
    centre = float(np.nansum(x) / np.nansum(n)) if units else np.nan
    p = doubled(*_tails(kind, x, n, centre))
    y, error = _scaled(kind, x, n)
    z = (y - _scaled(kind, centre * n, n)[0]) / error
    found = widened(p, z, error, trim, fewest if adjust else units + 1)
    above = np.where(fit, np.sign(x - centre * n), 0).astype(int)
    return Funnel(kind, centre, found.p, above, found.phi, found.variance, found.adjusted)


def exact_limits(kind: Kind, denominator: ArrayLike, centre: float, confidence: float) -> Interval:
    """The counts whose tail is half of what the confidence leaves outside, as shares or rates, by halving."""
    (n,) = floats(denominator)
    tail = outside(confidence) / 2
    due = n * centre
    # Far enough: beyond it a Poisson tail, which is the longer one, is below any level that is asked for.
    most = n if kind == Kind.SHARE else due + 20 * np.sqrt(due) + 100
    low = _halved(lambda x: _tails(kind, x, n, centre)[0] >= tail, np.zeros_like(n), due)
    high = _halved(lambda x: _tails(kind, x, n, centre)[1] < tail, due, most)
    return Interval(low / n, high / n)


def _halved(holds, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Where ``holds`` turns true between ``low`` and ``high``; ``low`` where it holds there already, ``high`` where it never does."""
    at_once = holds(low)
    low, high = low.copy(), np.array(high, dtype=float)
    start = low.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        yes = holds(middle)
        low, high = np.where(yes, low, middle), np.where(yes, middle, high)
    return np.where(at_once, start, high)


def _tails(kind: Kind, x: np.ndarray, n: np.ndarray, centre: float) -> tuple[np.ndarray, np.ndarray]:
    if kind == Kind.SHARE:
        return binomial_tails(x, n, np.full(np.shape(n), centre))
    return poisson_tails(x, n * centre)


def _scaled(kind: Kind, x: ArrayLike, n: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    return (share_scale if kind == Kind.SHARE else rate_scale)(x, n, plain=True)


def _back(kind: Kind, value: np.ndarray) -> np.ndarray:
    """From the scale to a share or a rate; what lies beyond an end of the scale is the end."""
    if kind == Kind.SHARE:
        return np.sin(np.clip(value, 0, np.pi / 2)) ** 2
    return np.maximum(value, 0) ** 2
