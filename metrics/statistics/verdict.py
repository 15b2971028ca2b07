"""Better, no different or worse: than a fixed target, or than all the others.

The verdict is the test's: different where p is below 1 - confidence. Each test is the one that belongs to its interval, so that
word and picture agree: the score test to Wilson, the exact test to the exact count, Student's to the mean. (Where a count of ten
or more is drawn with Byar's limits, these may touch the target by a hair when the verdict does not.)

Against peers both sides are uncertain, and the unit itself is not among its peers: shares by the "N - 1" chi-square test, and by
Fisher's and Irwin's where an expected number is small (Campbell, Statistics in Medicine 26, 2007); counts exactly, given their
sum (Przyborowski, Wilenski, Biometrika 31, 1940). With thousands of people small differences are certain without mattering:
for many units together use ``funnel``, which knows of overdispersion, and carry ``p`` through ``multiplicity``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, gammainc, gammaincc, gammaln, ndtr, stdtr

from metrics.statistics.intervals import as_share, floats, outside
from metrics.statistics.means import mean_scale, scaled

BETTER, SAME, WORSE = "better", "same", "worse"
HIGHER, LOWER = "higher", "lower"  # different where neither side is better
NONE = "none"  # nothing to compare

SMALL = 1.0  # expected numbers below this: Fisher and Irwin's test (Campbell 2007)


class Verdict(NamedTuple):
    word: np.ndarray  # of the words above
    p: np.ndarray  # two-sided


def share_against(
    numerator: ArrayLike, denominator: ArrayLike, target: ArrayLike, sign: ArrayLike, confidence: float
) -> Verdict:
    """Shares against targets of 0..1. None of what is no share (``intervals.is_share``) or has no such target."""
    x, n, goal = floats(*as_share(numerator, denominator), target)
    fit = ~np.isnan(n) & (goal >= 0) & (goal <= 1)
    goal = np.where(fit, goal, np.nan)
    away = x / n - goal
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(away) / np.sqrt(goal * (1 - goal) / n)
    p = np.where(away == 0, 1.0, 2 * ndtr(-z))
    return worded(np.where(fit, p, np.nan), away, sign, confidence)


def rate_against(
    observed: ArrayLike, exposure: ArrayLike, target: ArrayLike, sign: ArrayLike, confidence: float
) -> Verdict:
    """Counts over an exposure against a target rate; both tails exact, doubled."""
    x, over, goal = floats(observed, exposure, target)
    fit = (x >= 0) & (over > 0) & (goal >= 0)
    x, due = np.where(fit, x, np.nan), np.where(fit, over * goal, np.nan)
    return worded(doubled(*poisson_tails(x, due)), x - due, sign, confidence)


def mean_against(
    number: ArrayLike,
    average: ArrayLike,
    deviation: ArrayLike,
    target: ArrayLike,
    sign: ArrayLike,
    confidence: float,
    *,
    tailed: ArrayLike = False,
) -> Verdict:
    """Means against a target, by Student's test on the scale of ``means``. None of fewer than two values."""
    n = floats(number, average)[0]
    value, error = mean_scale(number, average, deviation, tailed=tailed)
    away = value - scaled(target, tailed)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(away) / error
    p = np.where(away == 0, 1.0, 2 * stdtr(np.where(n >= 2, n, np.nan) - 1, -t))
    return worded(np.where(np.isnan(away), np.nan, p), away, sign, confidence)


def others(values: ArrayLike, group: ArrayLike | None = None) -> np.ndarray:
    """Of each unit the sum of all the others of its group, [units]; NaN counts as nothing there, and has no others."""
    (x,) = floats(values)
    known = ~np.isnan(x)
    place = np.zeros(x.shape, dtype=int) if group is None else np.unique(group, return_inverse=True)[1]
    sums = np.bincount(place, weights=np.where(known, x, 0))
    return np.where(known, sums[place] - x, np.nan)


def share_against_peers(
    numerator: ArrayLike,
    denominator: ArrayLike,
    sign: ArrayLike,
    confidence: float,
    *,
    group: ArrayLike | None = None,
    small: float = SMALL,
) -> Verdict:
    """Each unit's share against that of all the others of its group, [units].

    What is no share has no verdict and is no peer. The exact test takes counts as whole (rounded).
    """
    x, n = as_share(numerator, denominator)
    x2, n2 = others(x, group), others(n, group)
    n2 = np.where(n2 > 0, n2, np.nan)
    both, total = x + x2, n + n2
    with np.errstate(divide="ignore", invalid="ignore"):
        square = (total - 1) * (x * (n2 - x2) - x2 * (n - x)) ** 2 / (n * n2 * both * (total - both))
    p = np.where((both == 0) | (both == total), 1.0, 2 * ndtr(-np.sqrt(np.maximum(square, 0))))
    p = np.where(np.isnan(total), np.nan, p)
    least = np.minimum(n, n2) * np.minimum(both, total - both) / total
    for one in np.flatnonzero((least < small) & (least > 0)):
        p[one] = fisher(x[one], n[one], x2[one], n2[one])
    return worded(p, x / n - x2 / n2, sign, confidence)


def rate_against_peers(
    observed: ArrayLike,
    exposure: ArrayLike,
    sign: ArrayLike,
    confidence: float,
    *,
    group: ArrayLike | None = None,
) -> Verdict:
    """Each unit's rate against that of all the others of its group, [units]; exact, given how many events there are."""
    x, over = floats(observed, exposure)
    fit = (x >= 0) & (over > 0)
    x, over = np.where(fit, x, np.nan), np.where(fit, over, np.nan)
    x2, over2 = others(x, group), others(over, group)
    over2 = np.where(over2 > 0, over2, np.nan)
    p = doubled(*binomial_tails(x, x + x2, over / (over + over2)))
    return worded(p, x / over - x2 / over2, sign, confidence)


def worded(p: np.ndarray, away: np.ndarray, sign: ArrayLike, confidence: float) -> Verdict:
    """The words of p-values and of how far above (+) or below (-) the figures are."""
    p, away, sign = floats(p, away, sign)
    differs = p < outside(confidence)
    way = np.sign(away) * np.where(sign == 0, 1, sign)
    good, bad = np.where(sign == 0, HIGHER, BETTER), np.where(sign == 0, LOWER, WORSE)
    word = np.where(differs & (way > 0), good, np.where(differs & (way < 0), bad, SAME))
    return Verdict(np.where(np.isnan(p), NONE, word), p)


def doubled(below: np.ndarray, above: np.ndarray) -> np.ndarray:
    """The two-sided p-value: twice the smaller tail, at most 1."""
    return np.minimum(2 * np.minimum(below, above), 1)


def poisson_tails(count: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P(at most ``count``), P(at least ``count``) of a Poisson count; continuous in ``count``, NaN of NaN."""
    some = np.where(count > 0, count, 1)
    above = np.where(count > 0, gammainc(some, expected), 1.0)
    below = gammaincc(count + 1, expected)
    return below, np.where(np.isnan(below), np.nan, above)


def binomial_tails(count: np.ndarray, number: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P(at most ``count``), P(at least ``count``) of ``number`` tries; continuous in both, NaN of NaN."""
    count, number, share = floats(count, number, share)
    lost = np.isnan(count + number + share)
    all_of_them, some = count >= number, count > 0
    below = np.where(
        all_of_them, 1.0, 1 - betainc(count + 1, np.where(all_of_them, 1, number - count), share)
    )
    above = np.where(some, betainc(np.where(some, count, 1), np.maximum(number - count, 0) + 1, share), 1.0)
    return np.where(lost, np.nan, below), np.where(lost, np.nan, above)


def fisher(x: float, n: float, x2: float, n2: float) -> float:
    """Fisher's exact test of two shares, two-sided by Irwin's rule: all tables no likelier than this one."""
    x, n, x2, n2 = (round(value) for value in (x, n, x2, n2))
    both = x + x2
    k = np.arange(max(0, both - n2), min(both, n) + 1)
    weight = _ways(n, k) + _ways(n2, both - k)
    chance = np.exp(weight - weight.max())
    chance /= chance.sum()
    seen = chance[x - k[0]]
    return float(min(1.0, chance[chance <= seen * (1 + 1e-9)].sum()))


def _ways(number: int, chosen: np.ndarray) -> np.ndarray:
    return gammaln(number + 1) - gammaln(chosen + 1) - gammaln(number - chosen + 1)
