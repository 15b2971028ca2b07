"""Ranks with how sure they are, and whether units should be ranked at all.

A rank is a noisy thing: Goldstein, Spiegelhalter, Journal of the Royal Statistical Society A 159, 1996; Marshall,
Spiegelhalter, British Medical Journal 316, 1998. Two intervals of it:

- ``pairwise`` (the one to show): a unit's rank is at best one more than the number of units that are surely better, at worst
  the number of units less those that are surely worse; "surely" after Holm's correction for all its comparisons. It holds the true
  rank in at least ``confidence`` of cases whatever the truth is (Mogstad, Romano, Shaikh, Wilhelm, Review of Economic Studies 91, 2024).
- ``simulated``: ranks of draws from the units' posterior, shrunk to the common mean. Narrower, and says how likely a unit is to be
  among the best or the worst; where units hardly differ it promises too much.

Measured: 8,000 indicators of 15 truly alike units (5 to 200 people, shares 0.3 to 0.9; seed 7): 0.01 % were ranked.

Values and errors are on a scale where they are about normal (``scales``). Arrays are [..., units], so hundreds of indicators go
at once; units without a value have no rank and are nobody's rival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from metrics.statistics.between import between
from metrics.statistics.intervals import Interval, floats, outside

RELIABLE = 0.7  # the least reliability for telling units apart (Adams, The Reliability of Provider Profiling, RAND TR-653, 2009)
FEWEST = 5  # units; fewer are compared one by one

# Why units are not ranked; "" when they are.
FEW, ALIKE, NOISY = "few", "alike", "noisy"


@dataclass(frozen=True, eq=False)
class Rankable:
    ranked: np.ndarray  # bool [...]
    reason: (
        np.ndarray
    )  # [...] "", few: too few units, alike: chance explains the differences, noisy: most of them is chance
    reliability: np.ndarray  # [..., units] share of the variance of this unit's value that is real
    typical: np.ndarray  # [...] median of it
    p: np.ndarray  # [...] were all units alike


def ranks(value: ArrayLike, sign: ArrayLike = 1) -> np.ndarray:
    """[..., units] 1 is best; equal values share the better rank; NaN has none. ``sign`` [...]: 1 more is better, -1 less."""
    y = _signed(value, sign)
    better = (y[..., None, :] > y[..., :, None]).sum(-1)
    return np.where(np.isnan(y), np.nan, better + 1.0)


def rankable(
    value: ArrayLike,
    error: ArrayLike,
    confidence: float,
    *,
    reliable: float = RELIABLE,
    fewest: int = FEWEST,
) -> Rankable:
    """Whether the data allow a ranking: enough units, more between them than chance, and most of what is seen is real."""
    y, s = floats(value, error)
    s = np.where(np.isnan(y), np.nan, s)
    found = between(y, s)
    real = found.variance[..., None]
    reliability = real / (real + s**2)
    enough = found.units >= fewest
    alike = ~(found.p < outside(confidence))
    # The median by hand, with a NaN at the end: nanmedian warns of an indicator without units.
    order = np.sort(np.concatenate([reliability, np.full((*y.shape[:-1], 1), np.nan)], axis=-1), axis=-1)
    counted = np.maximum((~np.isnan(reliability)).sum(-1), 1)
    at = [np.take_along_axis(order, k[..., None], -1)[..., 0] for k in ((counted - 1) // 2, counted // 2)]
    typical = (at[0] + at[1]) / 2
    noisy = ~(typical >= reliable)
    reason = np.where(~enough, FEW, np.where(alike, ALIKE, np.where(noisy, NOISY, "")))
    return Rankable(reason == "", reason, reliability, typical, found.p)


def pairwise(
    value: ArrayLike,
    error: ArrayLike,
    sign: ArrayLike,
    confidence: float,
    *,
    halves: tuple[ArrayLike, ArrayLike] | None = None,
) -> Interval:
    """[..., units] the ranks that a unit may truly have. Costs units x units x log(units) an indicator.

    ``halves``: the values with half an event less and half an event more (``scales.share_halves``, ``rate_halves``): what was counted
    moves in steps, and without it 4 of 4 would be surely better than 0 of 4, which Fisher's test does not say.
    """
    y, s = floats(_signed(value, sign), error)
    y = np.where(s > 0, y, np.nan)
    known = ~np.isnan(y)
    s = np.where(known, s, np.nan)
    away = y[..., None, :] - y[..., :, None]  # [..., unit, rival]
    gap = np.abs(away)
    if halves is not None:
        ends = [_signed(end, sign) for end in halves]
        worse_end, better_end = np.minimum(*ends), np.maximum(*ends)
        ahead = worse_end[..., None, :] - better_end[..., :, None]
        behind = worse_end[..., :, None] - better_end[..., None, :]
        gap = np.maximum(np.where(away > 0, ahead, behind), 0)
    p = 2 * ndtr(-gap / np.sqrt(s[..., None, :] ** 2 + s[..., :, None] ** 2))
    themselves = np.eye(y.shape[-1], dtype=bool)
    sure = holm(np.where(themselves, np.nan, p)) < outside(confidence)
    better, worse = (sure & (away > 0)).sum(-1), (sure & (away < 0)).sum(-1)
    units = known.sum(-1, keepdims=True)
    return Interval(np.where(known, better + 1.0, np.nan), np.where(known, units - worse, np.nan))


def holm(p: ArrayLike) -> np.ndarray:
    """p-values of one family (the last axis) after Holm's correction (Scandinavian Journal of Statistics 6, 1979)."""
    (p,) = floats(p)
    order = np.argsort(p, axis=-1)  # NaN last
    tests = (~np.isnan(p)).sum(-1, keepdims=True)
    steps = np.maximum(tests - np.arange(p.shape[-1]), 1)
    raised = np.maximum.accumulate(np.take_along_axis(p, order, -1) * steps, axis=-1)
    result = np.empty_like(p)
    np.put_along_axis(result, order, np.minimum(raised, 1), -1)
    return result


@dataclass(frozen=True, eq=False)
class Simulated:
    interval: Interval  # [units]
    median: np.ndarray  # [units]
    best: np.ndarray  # [units] chance of being among the best
    worst: np.ndarray  # [units]


def simulated(
    value: ArrayLike,
    error: ArrayLike,
    sign: int,
    confidence: float,
    *,
    draws: int,
    seed: int,
    among: float = 0.25,
) -> Simulated:
    """Ranks of ``draws`` from the posterior of one indicator's units; the same seed gives the same ranks.

    The units' true values are taken as normal around their mean with the variance of ``between``; where that is 0 all units
    are one point, and ranks mean nothing (``rankable`` says so first). ``among``: the part of the units that is "the best".
    """
    y, s = floats(_signed(value, sign), error)
    known = ~np.isnan(y) & (s > 0)
    found = between(y, np.where(known, s, np.nan))
    real = float(np.nan_to_num(found.variance))
    y, s = y[known], s[known]
    weight = real / (real + s**2)
    # The mean is uncertain too, and for all units alike; its variance is that of a weighted mean (Morris, JASA 78, 1983).
    w = 1 / (real + s**2)
    middle = (w * y).sum() / w.sum() if len(y) else np.nan
    random = np.random.default_rng(seed)
    centre = middle + random.standard_normal((draws, 1)) / np.sqrt(max(w.sum(), 1e-300))
    own = np.sqrt(weight) * s * random.standard_normal((draws, len(y)))
    drawn = centre + weight * (y - centre) + own
    order = np.argsort(np.argsort(-drawn, axis=1), axis=1) + 1.0
    tail = outside(confidence) / 2
    many = max(1, round(among * len(y)))

    def spread_out(values: np.ndarray) -> np.ndarray:
        result = np.full(known.shape, np.nan)
        result[known] = values
        return result

    if not len(y):
        nobody = np.full(known.shape, np.nan)
        return Simulated(Interval(nobody, nobody), nobody, nobody, nobody)
    low, half, high = np.quantile(order, [tail, 0.5, 1 - tail], axis=0, method="inverted_cdf")
    return Simulated(
        Interval(spread_out(low), spread_out(high)),
        spread_out(half),
        spread_out((order <= many).mean(0)),
        spread_out((order > len(y) - many).mean(0)),
    )


def _signed(value: ArrayLike, sign: ArrayLike) -> np.ndarray:
    """So that more is better. ValueError where neither side is: there is no order then."""
    sign = np.asarray(sign, dtype=float)
    if not np.isin(sign, (1, -1)).all():
        raise ValueError("only an indicator of which more, or less, is better has ranks")
    return np.asarray(value, dtype=float) * sign[..., None] if sign.ndim else np.asarray(value, float) * sign
