"""The range that year-to-date figures will reach by the year's end, and the chance of meeting a target.

What is still to come is last year's course at this year's pace (``metrics.heading.course``, ``metrics.heading.pace``),
plus the chance of single services: binomial among those who are left where everybody counts once, so that no forecast
goes beyond the denominator, Poisson otherwise. Whether a unit that is ahead of last year keeps its lead in people, or
slows down because few are left (a proportional hazard: Cox, Regression models and life-tables, Journal of the Royal
Statistical Society B 34, 1972), is weighed like the variances: by which of the two explains the months so far.

Everything is exact arithmetic over a fixed grid; no random numbers, the same figures give the same forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, gammainc, roots_hermitenorm

from metrics.heading.course import YEAR, district_course, filled, increments, shrunk, trust
from metrics.heading.pace import UNSEEN, Ahead, ahead, chance_of_break, total

#: Services that the district's course is worth against a unit's own.
WEIGHTS = (50.0, 400.0, np.inf)
_HALF = 0.5  # added to counts before taking logs: none in a month is possible, not infinitely slow
_NODES, _AREAS = roots_hermitenorm(11)
_AREAS = _AREAS / _AREAS.sum()
_LEAST = 1e-4  # combinations less likely than this part of the likeliest one are left out
#: What the likelihood counts for: units of a district are alike in more than the model holds, so twenty of them say little more than one. Fitted
#: on the districts of ``tests/heading/tuning.py``.
_TRUST = 0.05


@dataclass(frozen=True, eq=False)
class Histories:
    """Units that are looked at together: services in counts, months in the order of the figure's year.

    now        [unit, month so far]: cumulative services of this year; NaN unknown, the last month is known
    last       [unit, 12]: of last year; NaN unknown, the last month is known
    of_now     [unit]: this year's denominator; NaN for counts, which have none
    of_last    [unit, 12]: last year's denominators
    once       whether everybody counts once: a share that cannot pass its denominator
    """

    now: np.ndarray
    last: np.ndarray
    of_now: np.ndarray
    of_last: np.ndarray
    once: bool

    @property
    def months(self) -> int:
        """How many months of the year have passed."""
        return self.now.shape[1]


@dataclass(frozen=True, eq=False)
class Outlook:
    """What will be reached by a month: a mixture of binomial or Poisson numbers of services still to come.

    done     [unit]: services so far
    left     [unit]: people who are left; infinite for counts
    of_end   [unit]: the denominator at the year's end; NaN for counts
    rate     [unit, part]: the share of those left (or the number) that each part of the mixture expects
    weight   [part]: sums to 1
    """

    done: np.ndarray
    left: np.ndarray
    of_end: np.ndarray
    rate: np.ndarray
    weight: np.ndarray

    def chance(self, services: np.ndarray) -> np.ndarray:
        """[unit]: the chance that at least so many services are done by then; NaN for NaN."""
        needed = np.ceil(np.round(np.asarray(services, float) - self.done, 6))
        found = (self._at_least(np.maximum(needed, 1)) * self.weight).sum(axis=1)
        found = np.where(needed <= 0, 1.0, np.where(needed > self.left, 0.0, found))
        return np.where(np.isnan(needed), np.nan, np.clip(found, 0, 1))

    def _at_least(self, needed: np.ndarray) -> np.ndarray:
        needed = needed[:, None]
        if np.isinf(self.left).all():
            return gammainc(needed, self.rate)
        after = np.maximum(self.left[:, None] - needed, 0) + 1
        return betainc(needed, after, np.clip(self.rate, 0, 1))

    def reached(self, share: float) -> np.ndarray:
        """[unit]: services so many that there is ``share`` of a chance of no more: 0.1 gives the lower end of 80 %."""
        low = self.done.copy()  # at least this is certain
        high = np.where(np.isinf(self.left), self.done + 1, self.done + np.floor(self.left))
        for _ in range(60):
            short = np.isinf(self.left) & (self.chance(high + 1) > 1 - share)
            if not short.any():
                break
            high = np.where(short, self.done + 2 * (high - self.done) + 1, high)
        while (high - low > 0.5).any():
            middle = np.floor((low + high) / 2)
            enough = self.chance(middle + 1) <= 1 - share
            low, high = np.where(enough, low, middle + 1), np.where(enough, middle, high)
            high = np.maximum(high, low)
        return low


def outlook(histories: Histories, flat: float) -> Outlook:
    """What every unit will have reached by the year's end. ``flat``: see ``district_course``."""
    return outlooks(histories, flat, [YEAR - histories.months])[0]


def outlooks(
    histories: Histories, flat: float, horizons: Sequence[int], place: int | None = None
) -> list[Outlook]:
    """What every unit (or the one at ``place``) will have reached so many months from now.

    A unit's past must hold something: this year's and last year's last months above nothing.
    """
    one = histories
    so_far = one.months
    course = district_course(one.last, flat)
    last, now = filled(one.last, course), filled(one.now, course)
    told = np.arange(len(now)) if place is None else np.array([place])
    of_end, of_then = _denominators(one)
    seen = ~np.isnan(np.diff(one.now, axis=1, prepend=0.0))
    parts = []
    for weight in WEIGHTS:
        shares, own = shrunk(last, course, weight), trust(last, weight)
        before = _services_behind(last, shares, weight)
        chance = 1 / (increments(now) + _HALF) + 1 / (before[:, :so_far] + _HALF)
        chance = np.where(seen, chance, UNSEEN)
        for hazard in (False, True) if one.once else (False,):
            scale = _Scale(hazard, now[:, -1], of_end, of_then, last[:, -1])
            expected = scale.expected(shares)
            known, stretch = scale.seen(now)
            d = np.log(known + scale.least) - np.log(expected[:, :so_far] + scale.least)
            d = np.where(seen, d, 0.0)
            coming = expected[told, so_far:]
            for found in ahead(d, chance, 1 / (before[:, so_far:] + _HALF)):
                log = found.log_weight + np.where(seen, stretch, 0.0).sum()
                parts.append(_Part(log, hazard, coming, found.of(told), own[told]))
    return [_mixture(one.once, now[told, -1], of_end[told], parts, months) for months in horizons]


def _denominators(one: Histories) -> tuple[np.ndarray, np.ndarray]:
    """[unit] at this year's end, grown from now on as all units together did last year; and at last year's end."""
    then, end = one.of_last[:, one.months - 1], one.of_last[:, -1]
    both = ~np.isnan(then) & ~np.isnan(end) & (then > 0)
    growth = end[both].sum() / then[both].sum() if both.any() else 1.0
    return one.of_now * growth, end


def _services_behind(last: np.ndarray, shares: np.ndarray, weight: float) -> np.ndarray:
    """[unit, month]: how many services the expectation of a month rests on: the unit's own and the district's."""
    own = last[:, -1:]
    everybody = last[:, -1].sum()
    worth = everybody if np.isinf(weight) else np.minimum(own + weight, everybody)
    return np.maximum(shares * worth, 0)


class _Scale:
    """On which scale paces are compared: services, or the hazard of being served of those who are left."""

    def __init__(
        self, hazard: bool, done: np.ndarray, of_end: np.ndarray, of_then: np.ndarray, total_then: np.ndarray
    ) -> None:
        self.hazard = hazard
        self.of = np.maximum(of_end, np.where(np.isnan(of_end), np.nan, done)) if hazard else of_end
        ratio = np.where(np.isnan(of_end) | ~(of_then > 0), 1.0, of_end / np.where(of_then > 0, of_then, 1.0))
        self.year = total_then * ratio  # last year's services, for this year's denominator
        self.least = (_HALF / self.of)[:, None] if hazard else np.full((len(done), 1), _HALF)

    def expected(self, shares: np.ndarray) -> np.ndarray:
        """[unit, 12] by last year's course."""
        if not self.hazard:
            return self.year[:, None] * shares
        reached = np.cumsum(shares, axis=1) * self.year[:, None] / self.of[:, None]
        return np.diff(self._hazard(reached), axis=1, prepend=0.0)

    def seen(self, now: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """[unit, month] of this year, and the log of how the scale stretches there (0 for services)."""
        monthly = increments(now)
        if not self.hazard:
            return monthly, np.zeros_like(monthly)
        share = np.maximum.accumulate(now / self.of[:, None], axis=1)
        hazards = np.diff(self._hazard(share), axis=1, prepend=0.0)
        left = np.maximum(1 - share, _HALF / self.of[:, None])
        stretch = (monthly + _HALF) / (self.of[:, None] * left * (hazards + self.least))
        return hazards, np.log(np.maximum(stretch, 1e-12))

    def _hazard(self, share: np.ndarray) -> np.ndarray:
        return -np.log(np.maximum(1 - share, _HALF / self.of[:, None]))


@dataclass(frozen=True, eq=False)
class _Part:
    """One combination of course, scale and variances: how likely, and what it expects of the months ahead."""

    log_weight: float
    hazard: bool
    expected: np.ndarray  # [unit, month ahead]
    ahead: Ahead
    own: np.ndarray  # [unit]: how far ``expected`` is the unit's own last year

    def rate(self, months: int, left: np.ndarray, breaks: bool) -> np.ndarray:
        """[unit, node]: the share of those left who will be served within ``months``, or the number of services; ``breaks``: if the pace does."""
        found = self.ahead.within(months)
        mean, spread = total(self.expected[:, :months], found.broken() if breaks else found, self.own)
        coming = np.exp(np.minimum(mean[:, None] + spread[:, None] * _NODES, 50))
        if self.hazard:
            return -np.expm1(-coming)
        if np.isinf(left).all():
            return coming
        return np.minimum(coming / np.maximum(left, _HALF)[:, None], 1.0)


def _mixture(once: bool, done: np.ndarray, of_end: np.ndarray, parts: list[_Part], months: int) -> Outlook:
    left = np.maximum(of_end - done, 0.0) if once else np.full(len(done), np.inf)
    log = _TRUST * np.array([part.log_weight for part in parts])
    likely = np.exp(log - log.max())
    chosen = [(part, worth) for part, worth in zip(parts, likely, strict=True) if worth > _LEAST]
    chance = chance_of_break(months)
    cases = [
        (part, worth * often, breaks)
        for part, worth in chosen
        for breaks, often in ((False, 1 - chance), (True, chance))
    ]
    rates = np.concatenate([part.rate(months, left, breaks) for part, _, breaks in cases], axis=1)
    weight = np.concatenate([worth * _AREAS for _, worth, _ in cases])
    return Outlook(done, left, of_end, rates, weight / weight.sum())
