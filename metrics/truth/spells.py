"""Readings that lie wide for a while and narrow for a while.

People are as far from the usual on one evening as on another. Who makes up some of the rows, and does so in one go, writes runs of
readings that lie near to the middle, or far from it, beside those that were measured.
"""

from __future__ import annotations

import numpy as np

from metrics.truth.found import Found
from metrics.truth.prepared import Level, Prepared
from metrics.truth.readings import Readings
from metrics.truth.relations import correlated, cut, from_their_mean
from metrics.truth.rules import Rules
from metrics.truth.shared import following

_LEAST = 0.5  # added before the logarithm, in squared widths: what lies in the very middle is not infinitely near to it


def spells(prepared: Prepared, level: Level, readings: Readings, rules: Rules, typed: bool) -> Found:
    """How far from the middle rows of different persons lie that follow each other: by day, or in the order of typing."""
    now, then = following(prepared, level, readings, rules, typed)
    off = _off(prepared, level, readings)
    # Of different persons: unlike steps of one, none of these pairs holds part of another's chance.
    worth = 1.5 * np.bincount(level.of[now], minlength=level.number)
    return correlated(off[now], off[then], level.of[now], level, rules, 1, now, worth)


def _off(prepared: Prepared, level: Level, readings: Readings) -> np.ndarray:
    """[contacts]: logarithm of the squared distance from the mean of the sort in the group's half-year."""
    squares = np.zeros(len(level.of))
    for value, wide in zip(readings.even.T, readings.deviation, strict=True):
        off = from_their_mean(cut(value, readings.known), prepared, level, readings)
        squares += (off / wide) ** 2
    return np.log(squares + _LEAST)
