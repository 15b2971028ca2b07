"""Indirect standardisation: what a unit would show if its people were ill, or cared for, like everyone of their age and sex.

Expected: the unit's people of each stratum times the reference's rate of that stratum. The ratio of observed to expected, times the
reference's crude rate, is the standardised rate. Interval by Byar, exact when small: Breslow, Day, Statistical Methods in Cancer
Research II, IARC 1987, chapter 2; APHO, Technical briefing 3, 2008. Ratios of two units with different people are not strictly
comparable with each other, only with the reference (the same book, 2.3).

Strata are whatever crosses age, sex and residence: nothing here knows what a stratum is. People of strata for which the reference has
nobody, or of unknown stratum (NaN reference), cannot be expected anything of: they are left out on both sides, and ``left_out`` says
how many they are.

Shares. Byar takes what is counted as rare; of a share of 60 % it would make too wide an interval. With ``share`` the interval
is narrowed by the variance that the expected number has: sum of n r (1 - r) in place of sum of n r. (The dispersion below 1 of a sum of
unlike trials; the interval is Byar's of the count divided by it.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.intervals import EXACT_BELOW, Interval, count, floats


@dataclass(frozen=True, eq=False)
class Standardised:
    """All [units]; NaN where nothing is expected."""

    observed: np.ndarray
    expected: np.ndarray
    ratio: np.ndarray
    ratio_interval: Interval
    crude: np.ndarray  # the unit's own rate, of those who are compared
    rate: np.ndarray  # standardised: ratio x the reference's crude rate; may exceed 1 for a share
    rate_interval: Interval
    left_out: np.ndarray  # share of the unit's people who are in no stratum of the reference
    reference: float  # the reference's crude rate

    @property
    def moved(self) -> np.ndarray:
        """How far standardising moves the unit, as a rate."""
        return self.rate - self.crude

    @property
    def moved_widths(self) -> np.ndarray:
        """The same in half widths of its interval: below about 0.5 the unit's people make no difference worth telling."""
        half = (self.rate_interval.high - self.rate_interval.low) / 2
        return np.abs(self.moved) / np.where(half > 0, half, np.nan)


def matters(result: Standardised, widths: float) -> bool:
    """Whether case mix matters for the indicator: it moves at least one unit by more than ``widths`` half widths."""
    moved = result.moved_widths
    return bool((moved[~np.isnan(moved)] > widths).any())


def standardise(
    observed: ArrayLike,
    people: ArrayLike,
    confidence: float,
    *,
    reference: tuple[ArrayLike, ArrayLike] | None = None,
    share: bool = False,
    exact_below: float = EXACT_BELOW,
) -> Standardised:
    """Of ``observed`` and ``people``, both [units, strata]; NaN or no people counts as nobody.

    ``reference``: its (observed, people) by stratum; None: all the units together. ValueError when a stratum has people below 0.
    """
    x, n = floats(observed, people)
    if (n < 0).any() or (x < 0).any():
        raise ValueError("counts of people and events are not negative")
    none = np.isnan(x) | np.isnan(n)
    x, n = np.where(none, 0, x), np.where(none, 0, n)
    if reference is None:
        standard_x, standard_n = x.sum(0), n.sum(0)
    else:
        standard_x, standard_n = floats(*reference)
    usable = (standard_n > 0) & ~np.isnan(standard_x)
    standard_x, standard_n = np.where(usable, standard_x, 0), np.where(usable, standard_n, 0)
    r = standard_x / np.where(usable, standard_n, 1)
    overall = float(standard_x.sum() / standard_n.sum()) if usable.any() else np.nan

    compared = np.where(usable, n, 0)
    seen, everyone = np.where(usable, x, 0).sum(-1), n.sum(-1)
    due = (compared * r).sum(-1)
    due = np.where(due > 0, due, np.nan)
    dispersion = (compared * r * (1 - r)).sum(-1) / due if share else np.ones_like(due)
    # All of a stratum without exception: no variance to speak of, and no interval narrower than nothing.
    dispersion = np.where(dispersion > 0, dispersion, np.nan)
    low, high = count(seen / dispersion, confidence, exact_below)
    interval = Interval(low * dispersion / due, high * dispersion / due)
    with np.errstate(divide="ignore", invalid="ignore"):
        crude = seen / np.where(compared.sum(-1) > 0, compared.sum(-1), np.nan)
        left_out = 1 - compared.sum(-1) / np.where(everyone > 0, everyone, np.nan)
    return Standardised(
        seen,
        due,
        seen / due,
        interval,
        crude,
        seen / due * overall,
        Interval(interval.low * overall, interval.high * overall),
        left_out,
        overall,
    )
