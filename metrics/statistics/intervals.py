"""Intervals of one figure: what its chance alone would make of it.

Wilson: Wilson, Probable inference, Journal of the American Statistical Association 22, 1927; recommended for shares by
Newcombe, Statistics in Medicine 17, 1998. Byar: Breslow, Day, Statistical Methods in Cancer Research II, IARC 1987, chapter
2. Exact limits of a count: Garwood, Biometrika 28, 1936. Means: ``means``.

Counts need not be whole (a denominator or a service may be counted pro rata): every formula here is continuous in them.
All functions take arrays that broadcast against each other and return two arrays of that shape; NaN where there is none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainccinv, gammaincinv, ndtri

EXACT_BELOW = 10  # counts: Byar's formula is as good as exact from here on (APHO, Technical briefing 3, 2008)

ROUNDING = 1e-9  # of the denominator


class Interval(NamedTuple):
    low: np.ndarray
    high: np.ndarray


def spread(confidence: float) -> float:
    """How many standard deviations either side hold ``confidence`` of a normal distribution: 0.95 -> 1.96."""
    return float(ndtri(1 - outside(confidence) / 2))


def outside(confidence: float) -> float:
    """What a confidence leaves outside: 0.95 -> 0.05. ValueError unless it lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")
    return 1 - confidence


def is_share(numerator: ArrayLike, denominator: ArrayLike) -> np.ndarray:
    """bool: whether the numerator can be a part of the denominator.

    A numerator above its denominator (102 %) is no share: one of the two is counted wrongly, or the denominator is an
    approved number and not those among whom the numerator was counted. There is no honest interval for it; the first is
    to be shown as a fault of the data, the second is a rate (``rate``).
    """
    return ~np.isnan(as_share(numerator, denominator)[0])


def as_share(numerator: ArrayLike, denominator: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """(numerator, denominator), both NaN where they make no share. Pro-rata sums may be above by rounding: that is all of them."""
    x, n = floats(numerator, denominator)
    fit = (n > 0) & (x >= 0) & (x <= n * (1 + ROUNDING))
    return np.where(fit, np.minimum(x, n), np.nan), np.where(fit, n, np.nan)


def wilson(numerator: ArrayLike, denominator: ArrayLike, confidence: float) -> Interval:
    """Wilson's score interval of a share. 0 of n and n of n have one; 0 of 0 and more than n of n have none (NaN)."""
    x, n = as_share(numerator, denominator)
    z2 = spread(confidence) ** 2
    middle, half = x + z2 / 2, np.sqrt(z2 * (x * (n - x) / n + z2 / 4))
    # Both ends are exact in theory; rounding would put them a hair outside.
    low = np.where(x == 0, 0, (middle - half) / (n + z2))
    high = np.where(x == n, 1, (middle + half) / (n + z2))
    return Interval(low, high)


def byar(count: ArrayLike, confidence: float) -> Interval:
    """Byar's approximate interval of a count; of 0 the lower limit is 0. NaN below 0."""
    (x,) = floats(count)
    x = np.where(x >= 0, x, np.nan)
    z = spread(confidence)
    above = x + 1
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low = x * np.maximum(1 - 1 / (9 * x) - z / (3 * np.sqrt(x)), 0) ** 3
    return Interval(np.where(x == 0, 0, low), above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3)


def exact_count(count: ArrayLike, confidence: float) -> Interval:
    """The exact (Garwood, chi-square) interval of a count, by its gamma form, so also of counts that are not whole."""
    (x,) = floats(count)
    x = np.where(x >= 0, x, np.nan)
    tail = outside(confidence) / 2
    hardly = x < 1e-3  # the limit is below the smallest number there is, and scipy has none
    low = np.where(hardly, 0, gammaincinv(np.where(hardly, 1, x), tail))
    return Interval(low, gammainccinv(x + 1, tail))


def count(observed: ArrayLike, confidence: float, exact_below: float = EXACT_BELOW) -> Interval:
    """Of a count: exact below ``exact_below``, Byar from there on, as English public health does it."""
    (x,) = floats(observed)
    small, large = exact_count(x, confidence), byar(x, confidence)
    return Interval(
        np.where(x < exact_below, small.low, large.low), np.where(x < exact_below, small.high, large.high)
    )


def rate(
    observed: ArrayLike, exposure: ArrayLike, confidence: float, exact_below: float = EXACT_BELOW
) -> Interval:
    """Of ``observed`` events in ``exposure`` (persons, months, expected events), which is taken as known: a rate may be
    above 1. NaN where the exposure is not above 0."""
    x, over = floats(observed, exposure)
    over = np.where(over > 0, over, np.nan)
    low, high = count(x, confidence, exact_below)
    return Interval(low / over, high / over)


def floats(*values: ArrayLike) -> list[np.ndarray]:
    """As arrays of float64 of one shape."""
    return list(np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in values)))
