"""Whether a monthly series suits a control chart, and what to beware of.

Refused: cumulative figures (each month holds the one before: Wheeler's limits mean nothing there), too few points, nothing that
varies, counts too rare for a chart of months (by a rule of thumb below about one a month; here an argument).
Beware: a season (the same months of different years go together) and neighbouring months that go together; both raise the rate
of false alarms. Both are tests of one series, so of a hundred suitable ones a few are said to need care.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from metrics.statistics.intervals import floats, outside, spread

CUMULATIVE, SHORT, FLAT, RARE = "cumulative", "short", "flat", "rare"  # refused
SEASONAL, LINKED = "seasonal", "linked"  # beware
YEAR = 12


@dataclass(frozen=True)
class Suitability:
    refused: tuple[str, ...]
    beware: tuple[str, ...]

    @property
    def suits(self) -> bool:
        return not self.refused


def suitability(
    values: ArrayLike,
    confidence: float,
    *,
    enough: int,
    first_month: int = 0,
    counts: ArrayLike | None = None,
    rare: float = 1.0,
    centre: ArrayLike | None = None,
) -> Suitability:
    """Of one series, [months].

    enough       points below which nothing is said
    first_month  which month of its year the first one is: 0 to 11
    counts       numerators, where the values are rates: rare when their mean is below ``rare``
    centre       the chart's centre line, so that a marked event is not taken for months that go together; None: the mean
    """
    (x,) = floats(values)
    known = x[~np.isnan(x)]
    refused, beware = [], []
    if len(known) < enough:
        refused.append(SHORT)
    if is_cumulative(x, first_month):
        refused.append(CUMULATIVE)
    if len(known) and (known == known[0]).all():
        refused.append(FLAT)
    if counts is not None:
        (numbers,) = floats(counts)
        numbers = numbers[~np.isnan(numbers)]
        if len(numbers) and numbers.mean() < rare:
            refused.append(RARE)
    if not refused:
        (middle,) = floats(np.mean(known) if centre is None else centre)
        rest = x - middle
        season = seasonality(rest, first_month)
        if season < outside(confidence):
            beware.append(SEASONAL)
        if abs(autocorrelation(rest)) > spread(confidence) / np.sqrt(len(known)):
            beware.append(LINKED)
    return Suitability(tuple(refused), tuple(beware))


def is_cumulative(values: np.ndarray, first_month: int = 0, steps: int = 6) -> bool:
    """Whether the figure only grows within every year, at least ``steps`` steps of it are known, and most are real growth.

    A suspicion from the numbers alone: who knows the indicator's basis need not ask.
    """
    step = np.diff(values)
    new_year = (np.arange(1, len(values)) + first_month) % YEAR == 0
    inside = step[~new_year & ~np.isnan(step)]
    return len(inside) >= steps and bool((inside >= 0).all() and (inside > 0).mean() > 0.5)


def seasonality(values: np.ndarray, first_month: int = 0) -> float:
    """p-value of "the months of the year do not differ" (one-way analysis of variance); NaN of less than two years."""
    known = ~np.isnan(values)
    month, x = (np.arange(len(values))[known] + first_month) % YEAR, values[known]
    groups = np.unique(month)
    left = len(x) - len(groups)
    if len(x) < 2 * YEAR or left < 1:
        return np.nan
    sums, number = np.bincount(month, x, YEAR), np.bincount(month, minlength=YEAR)
    means = sums / np.maximum(number, 1)
    within = ((x - means[month]) ** 2).sum()
    among = (number * (means - x.mean()) ** 2).sum()
    if within == 0:
        return 0.0 if among > 0 else 1.0
    return float(fdtrc(len(groups) - 1, left, among / (len(groups) - 1) / (within / left)))


def autocorrelation(values: np.ndarray) -> float:
    """Of neighbouring months (lag 1); 0 where nothing varies."""
    x = values - np.nanmean(values)
    pairs = x[1:] * x[:-1]
    spread_of = np.nansum(x**2)
    return float(np.nansum(pairs) / spread_of) if spread_of > 0 else 0.0
