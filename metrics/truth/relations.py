"""How readings hang together: a person's with each other, pressures with each other, neighbours in the list, the season.

All are correlations, compared as Fisher's z with those of peers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.found import Found
from metrics.truth.peers import values
from metrics.truth.prepared import Level, Prepared, before
from metrics.truth.readings import Readings
from metrics.truth.rules import Rules
from metrics.truth.shared import following

_YEAR = 365.25
_COLDEST = 15  # day of the year


def person_effect(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """A person's reading with the mean of the others: people differ, so it is never nought; they also vary, so it is never one."""
    at = np.flatnonzero(readings.known & prepared.first & (level.of >= 0))
    value = cut(readings.even[:, 0], readings.known)[at]
    both = np.stack([level.of[at], prepared.contacts["person"].to_numpy()[at]])
    found, person = np.unique(both, axis=1, return_inverse=True)
    person = person.ravel()
    visits = np.bincount(person)[person]
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (np.bincount(person, weights=value)[person] - value) / (visits - 1)
    several = visits > 1
    group = level.of[at][several]
    seen_again = np.bincount(person) > 1
    persons = np.bincount(found[0][seen_again].astype(np.int64), minlength=level.number)
    return correlated(value[several], others[several], group, level, rules, 0, at[several], 2.0 * persons)


def steps(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """A step from visit to visit with the next: chance swings back (near -0.5), what is invented walks on or swings too well."""
    now, last = before(prepared, readings.known, 2, level)
    one_back = np.full(len(level.of), -1)
    later, earlier = before(prepared, readings.known, 1, level)
    one_back[later] = earlier
    middle = one_back[now]
    value = cut(readings.value[:, 0], readings.known)
    return correlated(
        value[now] - value[middle], value[middle] - value[last], level.of[now], level, rules, 0, now
    )


def pressures(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Steps of the systolic with those of the diastolic pressure."""
    now, then = before(prepared, readings.known, 1, level)
    upper, lower = (cut(readings.value[:, k], readings.known) for k in range(2))
    return correlated(upper[now] - upper[then], lower[now] - lower[then], level.of[now], level, rules, 0, now)


def neighbours(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Different persons who follow each other in the list have nothing to do with each other.

    A row of checkups lies higher than follow-ups do, and a new cuff moves all that come after: readings count from the
    mean of their sort in the group's half-year.
    """
    now, then = following(prepared, level, readings, rules)
    value = from_their_mean(cut(readings.even[:, 0], readings.known), prepared, level, readings)
    return correlated(value[now], value[then], level.of[now], level, rules, 0, now)


def season(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Pressure is higher in winter: steps of a person's readings with the steps of the season."""
    now, then = before(prepared, readings.known, 1, level)
    day = prepared.contacts["day"].dt.day_of_year.to_numpy()
    cold = np.cos(2 * np.pi * (day - _COLDEST) / _YEAR)
    value = cut(readings.value[:, 0], readings.known)
    return correlated(value[now] - value[then], cold[now] - cold[then], level.of[now], level, rules, -1, now)


def from_their_mean(value: np.ndarray, prepared: Prepared, level: Level, readings: Readings) -> np.ndarray:
    day = prepared.contacts["day"]
    half = (day.dt.year * 2 + (day.dt.month > 6)).to_numpy()
    known = pd.Series(np.where(readings.known, value, np.nan))
    return value - known.groupby([level.of, readings.like, half]).transform("mean").fillna(0).to_numpy()


def cut(value: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Without extremes: a slip of the pen is no relation."""
    if not known.any():
        return value
    low, high = np.percentile(value[known], [0.5, 99.5])
    return np.clip(value, low, high)


def correlated(
    x: np.ndarray,
    y: np.ndarray,
    group: np.ndarray,
    level: Level,
    rules: Rules,
    side: int,
    behind: np.ndarray,
    worth: np.ndarray | None = None,
) -> Found:
    """``behind``: places of the contacts that are compared. ``worth``: so many pairs of their kind are they worth; None: as many as there are."""
    compared = np.zeros(len(level.of), bool)
    compared[behind] = True
    inside = group >= 0
    x, y, group = x[inside], y[inside], group[inside]

    def mean(of: np.ndarray) -> np.ndarray:
        return np.bincount(group, weights=of, minlength=level.number) / np.maximum(number, 1)

    number = np.bincount(group, minlength=level.number).astype(float)
    x, y = x - mean(x)[group], y - mean(y)[group]
    with np.errstate(invalid="ignore", divide="ignore"):
        r = mean(x * y) / np.sqrt(mean(x * x) * mean(y * y))
        enough = (number >= rules.fewest) & np.isfinite(r)
        z = np.arctanh(np.clip(r, -0.999, 0.999))
        worth = number if worth is None else worth
        error = np.where(enough, np.sqrt(1.5 / np.maximum(worth - 3, 1)), np.nan)
    stands = values(np.where(enough, z, np.nan), error, rules.spread_relation, side)
    shown = [np.tanh(part) for part in (stands.expected, stands.low, stands.high)]
    return Found(r, *shown, number, stands.p, compared)
