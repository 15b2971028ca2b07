"""Whether a group stands apart from its peers by more than chance and by more than honest groups differ.

Honest groups differ: people, devices, habits. So each test has two spreads: chance within the group, and the variance between groups,
which is estimated from the middle of them (some of the others may have made their records up) and is never below what the rules
say. Counts: gamma-Poisson (negative binomial). Values: Student's t. Variance between: ``metrics.statistics.between`` (DerSimonian,
Laird), over those that a first, robust estimate (the median of the squared standard scores; Mandel, Paule, Analytical Chemistry 42,
1970) and then its own do not set apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betainc, gammaincinv, ndtri, stdtr

from metrics.statistics.between import between

_APART = 2.5  # standard deviations from which a group does not tell what its peers are like
_LOST = 1.25  # variance that the cut takes away: of a normal distribution 1.1, of one with longer tails more
_HALF = 0.4549364231195728  # median of a squared standard normal
_TAIL = 0.025  # expected ranges hold 95 %
_ROUNDS = 8


class Stands(NamedTuple):
    """How each group stands: arrays [groups]."""

    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray


def counts(
    observed: np.ndarray,
    expected: np.ndarray,
    least: float,
    bounds: tuple[float, float],
    forgiven: float | np.ndarray = 0,
) -> Stands:
    """Upper tail of counts whose expectation is known up to a common factor within ``bounds``. NaN or 0 expected: no test.

    least     log standard deviation between groups at least
    forgiven  so many of a group are no reason for anything: the tail is that of the others
    """
    known = expected > 0
    o, e = np.where(known, observed, 0.0), np.where(known, expected, np.nan)
    core, factor, spread = known, float(np.clip(1.0, *bounds)), least
    for _ in range(_ROUNDS):
        p = _upper(o, e * factor, spread)
        core = known & ~(p < 0.01)
        total = np.nansum(e[core])
        if total <= 0:
            break
        factor = float(np.clip((o[core].sum() + 1) / (total + 1 / np.clip(factor, *bounds)), *bounds))
        m = e[core] * factor
        excess = (((o[core] - m) ** 2 - m).sum()) / (m**2).sum()
        spread = max(least, float(np.sqrt(max(excess, 0))))
    mean = e * factor
    return Stands(mean, *_range(mean, spread), _upper(np.maximum(o - forgiven, 0), mean, spread))


def _upper(observed: np.ndarray, mean: np.ndarray, spread: float) -> np.ndarray:
    """Chance of so many or more, of a Poisson count whose mean is gamma distributed."""
    shape = 1 / spread**2
    with np.errstate(invalid="ignore"):
        tail = betainc(np.maximum(observed, 1e-9), shape, mean / (mean + shape))
    return np.where(observed > 0, tail, np.where(np.isnan(mean), np.nan, 1.0))


def _range(mean: np.ndarray, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """About where 95 % of such counts lie: a gamma distribution of the same mean and variance."""
    shape = mean**2 / (mean + (mean * spread) ** 2)
    return gammaincinv(shape, _TAIL) * mean / shape, gammaincinv(shape, 1 - _TAIL) * mean / shape


def values(value: np.ndarray, error: np.ndarray, least: float, side: int) -> Stands:
    """Tail of values with standard errors: ``side`` -1 too low, 1 too high, 0 either. NaN: no test; fewer than five: none."""
    known = np.isfinite(value) & (error > 0)
    nothing = np.full(value.shape, np.nan)
    if known.sum() < 5:
        return Stands(nothing, nothing, nothing, nothing)
    v, s = value[known], error[known]
    centre = float(np.median(v))
    spread = max(least, _between_most(v - centre, s))
    for _ in range(_ROUNDS):
        weight = 1 / (s**2 + spread**2)
        near = np.abs(v - centre) * np.sqrt(weight) <= _APART
        if near.sum() < 5:
            break
        centre = float((weight * v)[near].sum() / weight[near].sum())
        spread = max(least, float(np.sqrt(between(v[near], s[near]).variance * _LOST)))
    wide = np.where(known, np.sqrt(error**2 + spread**2), np.nan)
    z = (value - centre) / wide
    freedom = max(5, near.sum() - 1)
    low, high = stdtr(freedom, z), stdtr(freedom, -z)
    p = low if side < 0 else high if side > 0 else np.minimum(1, 2 * np.minimum(low, high))
    half = ndtri(1 - _TAIL) * wide
    middle = np.where(known, centre, np.nan)
    return Stands(middle, middle - half, middle + half, np.where(known, p, np.nan))


def _between_most(off: np.ndarray, error: np.ndarray) -> float:
    """The standard deviation between groups with which half of the squared standard scores are as small as they ought to be."""
    low, high = 0.0, float(np.abs(off).max()) + 1e-9
    if np.median((off / error) ** 2) <= _HALF:
        return 0.0
    for _ in range(40):
        middle = (low + high) / 2
        above = np.median(off**2 / (error**2 + middle**2)) > _HALF
        low, high = (middle, high) if above else (low, middle)
    return high
