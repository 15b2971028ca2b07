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
_SEEN = (
    2,
    3,
    4,
    6,
    9,
    10**6,
)  # visits: up to so many the mean of the others tells about as much; finer cells hold too few people


def person_effect(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """A person's reading with the mean of the others: people differ, so it is never nought; they also vary, so it is never one.

    The mean of many others tells more of a person than a single one does, and the healthy are more alike than the ill: what is expected
    of a group is what other groups find in people of the same sort (``Readings.like``) who were seen as often. Rows of which others have too few are left out.
    """
    at = np.flatnonzero(readings.known & prepared.first & (level.of >= 0))
    value = cut(readings.even[:, 0], readings.known)[at]
    both = np.stack([level.of[at], prepared.contacts["person"].to_numpy()[at]])
    person = np.unique(both, axis=1, return_inverse=True)[1].ravel()
    visits = np.bincount(person)[person]
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (np.bincount(person, weights=value)[person] - value) / (visits - 1)
    sort = readings.like[at] * len(_SEEN) + np.searchsorted(_SEEN, visits)
    several = visits > 1
    at, x, y, sort, group = at[several], value[several], others[several], sort[several], level.of[at][several]
    x, y = (each - _mean_of(each, group, level.number)[group] for each in (x, y))
    told, expected = _of_others(x, y, sort, group, level.number, rules)
    worth = 2.0 * np.bincount(
        np.unique(both[:, several][:, told], axis=1)[0].astype(np.int64), minlength=level.number
    )
    return correlated(x[told], y[told], group[told], level, rules, 0, at[told], worth, expected)


def _mean_of(value: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    number = np.bincount(group, minlength=groups)
    return np.bincount(group, weights=value, minlength=groups) / np.maximum(number, 1)


def _of_others(
    x: np.ndarray, y: np.ndarray, sort: np.ndarray, group: np.ndarray, groups: int, rules: Rules
) -> tuple[np.ndarray, np.ndarray]:
    """Which pairs other groups have enough of the sort of; [groups] the correlation (Fisher's z) of such a mix of sorts in other groups."""
    sorts = int(sort.max(initial=0)) + 1
    cell = group * sorts + sort

    def elsewhere(of: np.ndarray) -> np.ndarray:
        here = np.bincount(cell, weights=of, minlength=groups * sorts).reshape(groups, sorts)
        return here.sum(0) - here

    number = elsewhere(np.ones(len(x)))
    told = number.ravel()[cell] >= rules.sort_fewest
    mine = np.bincount(cell[told], minlength=groups * sorts).reshape(groups, sorts)
    both, one, other = ((mine * elsewhere(of) / np.maximum(number, 1)).sum(1) for of in (x * y, x * x, y * y))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.arctanh(np.clip(both / np.sqrt(one * other), -0.999, 0.999))
    return told, np.nan_to_num(z)


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
    cold = np.cos(2 * np.pi * (day - rules.coldest_day) / _YEAR)
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
    usual: np.ndarray | float = 0.0,
) -> Found:
    """``behind``: places of the contacts that are compared. ``worth``: so many pairs of their kind are they worth; None: as many as there are.

    ``usual``: [groups] Fisher's z that is known to be expected of each; what is left is compared with that of peers.
    """
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
    stands = values(np.where(enough, z - usual, np.nan), error, rules.spread_relation, side)
    shown = [np.tanh(part + usual) for part in (stands.expected, stands.low, stands.high)]
    return Found(r, *shown, number, stands.p, compared)
