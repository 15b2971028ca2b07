"""Lasting changes of many monthly series, each raised once: seasons taken out, levels begun anew where a change was raised.

Each month the newest ``recent`` months of a series are compared with what the months before expect for the same months of the year:
least squares of a month's own level (January, February, ...) and of a level for each stretch between raised changes. The p-value is
Student's, exact for independent normal months with any season that stays the same. All series of a month are corrected together
(``multiplicity``); what stands ``lasting`` months in a row is raised (``notices``). From then on the series has a new level from the
month that fits best, so the months of the change do not count as a change again.

Values may be such that chance alone has a known variance (roots of counts, angles of shares): none is believed to vary less.
What it costs in false alarms, and how often a lasting change is raised: ``docs/statistics.md``, measured by ``tests/changing``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from scipy.special import stdtr

from metrics.statistics.multiplicity import q_values
from metrics.statistics.notices import State, step

YEAR = 12


@dataclass(frozen=True)
class Terms:
    """By which a change is raised; months throughout.

    recent    how many newest months are compared
    history   known months before them without which nothing is said: two years at least, to know the season
    settled   months of a new level before it is compared with anything
    false     part of what is raised that may be false (0..1)
    lasting, over   see ``notices``
    """

    recent: int
    history: int
    settled: int
    false: float
    lasting: int
    over: int


class Test(NamedTuple):
    """Of one series at one month: the newest months' mean less what was expected."""

    p: float  # NaN: too little is known
    by: float


class Raised(NamedTuple):
    """One notice: position of the series, of the month in which it is raised, of the first changed month; 1 up, -1 down."""

    series: int
    month: int
    since: int
    way: int
    before: float  # what was expected of the months since then, on average
    after: float  # what they were
    p: float
    q: float


def raised(
    values: np.ndarray,
    chance: np.ndarray,
    first_month: int,
    terms: Terms,
    begun: Mapping[int, Sequence[int]] = MappingProxyType({}),
) -> list[Raised]:
    """Notices of all series in the order of months.

    values       [series, months]; NaN: not known
    chance       [series]: variance that a month has by chance alone; 0: not known
    first_month  which month of its year the first one is: 0 to 11
    begun        series -> months from which on something known is different (a merged unit, another rule): a new level each
    """
    series, months = values.shape
    phase = (np.arange(months) + first_month) % YEAR
    starts = {place: sorted(months) for place, months in begun.items()}  # series -> where new levels begin
    state, found = State.empty(series), []
    for now in range(terms.history + terms.recent - 1, months):
        seen, when = values[:, : now + 1], phase[: now + 1]
        p, by = _all(seen, chance, when, terms)
        for place in (place for place, months in begun.items() if now in months):
            state.forget(place)
        for place in starts:
            p[place], by[place] = _one(seen[place], chance[place], when, _until(now, starts[place]), terms)
        q = q_values(p)
        signal = np.where(np.isnan(p), np.nan, np.where(q <= terms.false, np.sign(by), 0))
        state, news = step(state, signal, lasting=terms.lasting, over=terms.over)
        for place in np.flatnonzero(news):
            place, known = int(place), starts.setdefault(int(place), [])
            levels = _until(now, known)
            since = _since(seen[place], when, levels, terms)
            from_, to = _between(seen[place], when, levels, since)
            about = (int(news[place]), from_, to, float(p[place]), float(q[place]))
            found.append(Raised(place, now, since, *about))
            known.append(since)
            known.sort()
    return found


def _until(month: int, starts: Sequence[int]) -> list[int]:
    return [one for one in starts if one <= month]


def _between(values: np.ndarray, phase: np.ndarray, starts: list[int], since: int) -> tuple[float, float]:
    """(expected, seen), means over the known months from ``since`` on; months of the year not known before are left out."""
    design, known = _design(phase, starts), ~np.isnan(values)
    before = known & (np.arange(len(values)) < since)
    fit = np.linalg.lstsq(design[before], values[before], rcond=None)[0]
    told = known & (np.arange(len(values)) >= since) & np.isin(phase, phase[before])
    return float((design[told] @ fit).mean()), float(values[told].mean())


def _all(
    values: np.ndarray, chance: np.ndarray, phase: np.ndarray, terms: Terms
) -> tuple[np.ndarray, np.ndarray]:
    """(p, by) of all series as if none had begun a new level: with the season alone, the fit is the means of its months."""
    before, now = values[:, : -terms.recent], values[:, -terms.recent :]
    season, ahead = phase[: before.shape[1]], phase[before.shape[1] :]
    of = np.eye(YEAR)[season]  # [months, month of the year]
    known = ~np.isnan(before)
    number = known @ of
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(known, before, 0) @ of / number
    rest = np.where(known, before - means[:, season], 0)
    free = known.sum(1) - (number > 0).sum(1)
    fit = (known.sum(1) >= terms.history) & (free > 0) & (number[:, ahead] > 0).all(1)
    fit &= ~np.isnan(now).any(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        by = (now - means[:, ahead]).mean(1)
        # Of months that are compared with the same month of the year, errors add up; others are independent.
        weights = np.eye(YEAR)[ahead].sum(0)
        spread = 1 / terms.recent + np.where(weights > 0, weights**2 / number, 0).sum(1) / terms.recent**2
        variance = np.maximum((rest**2).sum(1) / free, chance)
        p = _p(by, variance * spread, free, np.nanmax(np.abs(values), axis=1, initial=0))
    return np.where(fit, p, np.nan), np.where(fit, by, 0)


def _one(values: np.ndarray, chance: float, phase: np.ndarray, starts: list[int], terms: Terms) -> Test:
    """The same of one series with levels from ``starts``, by least squares."""
    first = len(values) - terms.recent
    before, now = values[:first], values[first:]
    if not starts:
        p, by = _all(values[None], np.array([chance]), phase, terms)
        return Test(float(p[0]), float(by[0]))
    known = ~np.isnan(before)
    settled = known[starts[-1] :].sum() >= terms.settled
    if not settled or known.sum() < terms.history or np.isnan(now).any():
        return Test(np.nan, 0.0)
    if not np.isin(phase[first:], phase[:first][known]).all():
        return Test(np.nan, 0.0)
    design = _design(phase, starts)
    used = design[:first][known]
    inverse = np.linalg.pinv(used.T @ used)
    fit = inverse @ used.T @ before[known]
    free = known.sum() - np.linalg.matrix_rank(used)
    if free <= 0:
        return Test(np.nan, 0.0)
    mean = design[first:].mean(0)
    by = now.mean() - mean @ fit
    variance = max(((before[known] - used @ fit) ** 2).sum() / free, chance)
    spread = 1 / terms.recent + mean @ inverse @ mean
    return Test(float(_p(by, variance * spread, free, np.nanmax(np.abs(values)))), float(by))


def _p(by, variance, free, largest):
    """Two-sided; what differs by rounding alone does not differ."""
    near = 1e-9 * largest
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(by) / np.sqrt(variance)
    return np.where(np.abs(by) <= near, 1.0, np.where(variance <= near**2, np.nan, 2 * stdtr(free, -t)))


def _since(values: np.ndarray, phase: np.ndarray, starts: list[int], terms: Terms) -> int:
    """The month from which on a new level fits best, among those that the signals have looked at."""
    last = len(values)
    least = max([0, *(start + 1 for start in starts)])
    tried = range(max(least, last - terms.recent - terms.lasting + 1), last - terms.lasting + 1)
    known = ~np.isnan(values)

    def misfit(start: int) -> float:
        design = _design(phase, [*starts, start])[known]
        fit = np.linalg.lstsq(design, values[known], rcond=None)[0]
        return float(((values[known] - design @ fit) ** 2).sum())

    return min(tried, key=lambda start: (misfit(start), start))


def _design(phase: np.ndarray, starts: list[int]) -> np.ndarray:
    """[months, columns]: the month of the year, and a level from each start on beside the one before."""
    levels = np.arange(len(phase))[:, None] >= np.array(starts, dtype=int)[None, :]
    return np.hstack([np.eye(YEAR)[phase], levels.astype(float)])
