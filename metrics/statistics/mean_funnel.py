"""A funnel for means: how far from the mean of all a unit of its size may lie by chance.

Spiegelhalter, Statistics in Medicine 24, 2005, for normal means: the limits are the pooled mean plus and minus so many standard
errors, with one standard deviation for all units, pooled within them. Of money and time all this is on the scale of logarithms
(``means``), and what is pooled is the coefficient of variation. Widened as ``widening`` has it where units differ by more than chance.

Measured (the data of ``tests/statistics/test_means.py``): of 30 units truly alike, with 30 to 1,000 values each, 4.7 % (log-normal)
and 4.6 % (normal) lie beyond the 95 % limits, 0.36 % and 0.27 % beyond the 99.8 % limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from metrics.statistics.intervals import Interval, floats, outside, spread
from metrics.statistics.means import mean_scale, scaled, unscaled
from metrics.statistics.widening import FEWEST, TRIM, widened


@dataclass(frozen=True, eq=False)
class MeanFunnel:
    centre: float  # the mean of all values; NaN of none
    deviation: float  # of single values within units, on the scale; NaN where they do not spread, and then there is no funnel
    tailed: bool
    p: np.ndarray  # [units] two-sided, after the adjustment where it is used
    above: np.ndarray  # [units] 1 above the centre, -1 below, 0 on it or unknown
    phi: float  # 1: as chance has it; NaN of nobody
    variance: float  # between units, on the scale; 0 where the adjustment is not used
    adjusted: bool

    def outside(self, confidence: float) -> np.ndarray:
        """[units] 1 out above, -1 out below, 0 within or unknown."""
        return np.where(self.p < outside(confidence), self.above, 0)

    def limits(self, number: ArrayLike, confidence: float) -> Interval:
        """The limits for units with so many values."""
        (n,) = floats(number)
        n = np.where(n > 0, n, np.nan)
        half = spread(confidence) * np.sqrt(self.deviation**2 / n + self.variance)
        middle = scaled(self.centre, self.tailed)
        return Interval(unscaled(middle - half, self.tailed), unscaled(middle + half, self.tailed))


def mean_funnel(
    number: ArrayLike,
    average: ArrayLike,
    deviation: ArrayLike,
    *,
    tailed: bool,
    trim: float = TRIM,
    fewest: int = FEWEST,
) -> MeanFunnel:
    """Of the units of one indicator, [units]. Units without a mean or a deviation count nowhere and are NaN.

    Where nothing spreads within any unit (one price for every visit), chance has no size: there is no funnel, and all is NaN.
    """
    n, middle, sd = floats(number, average, deviation)
    y, own = mean_scale(n, middle, sd, tailed=tailed)
    fit = ~np.isnan(y)
    units = int(fit.sum())
    n, middle = np.where(fit, n, np.nan), np.where(fit, middle, np.nan)
    if not units:
        return MeanFunnel(np.nan, np.nan, tailed, y, np.zeros(y.shape, int), np.nan, 0.0, False)
    centre = float(np.nansum(n * middle) / np.nansum(n))
    pooled = float(np.sqrt(np.nansum((n - 1) * n * own**2) / np.nansum(n - 1)))
    if not 0 < pooled < np.inf:
        nobody = np.full(y.shape, np.nan)
        return MeanFunnel(centre, np.nan, tailed, nobody, np.zeros(y.shape, int), np.nan, 0.0, False)
    error = pooled / np.sqrt(n)
    z = (y - scaled(centre, tailed)) / error
    found = widened(2 * ndtr(-np.abs(z)), z, error, trim, fewest)
    above = np.where(fit, np.sign(middle - centre), 0).astype(int)
    return MeanFunnel(centre, pooled, tailed, found.p, above, found.phi, found.variance, found.adjusted)
