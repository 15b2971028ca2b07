"""How a group rounds its readings, and how often honest readings rounded so are alike.

A manual cuff is read to even numbers or to fives, some devices show tens, columns in kPa are read to halves and turned into
mmHg: ends of readings tell the habit, and the habit is nobody's fault. So nothing is ever said of the digits themselves; they only set what is to be expected of repeats and near repeats.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

HALF_KPA = 3.75  # in mmHg, written as whole numbers
#: In units of the last digit; fours: even numbers rounded to even numbers once more.
STEPS = (1, 2, 4, 5, 10, HALF_KPA)
#: Whoever rounds so has no ends that come again in every ten.
NOT_IN_TENS = (4, HALF_KPA)
_PERIOD = 60  # all of them come again after so many
_ROUNDS = 60


def _left(step: float) -> np.ndarray:
    """[end]: how often a habit leaves it; 7.5 becomes 7 or 8."""
    found = np.zeros(_PERIOD)
    for whole in (np.floor, np.ceil):
        ends = np.arange(0, _PERIOD, step)
        ends = np.where(ends % 1 == 0.5, whole(ends), np.round(ends)).astype(int)
        np.add.at(found, ends, step / _PERIOD / 2)
    return found


_LEFT = np.array([_left(step) for step in STEPS])  # [habit, end]


def habits(value: np.ndarray, group: np.ndarray, groups: int, unit: float) -> np.ndarray:
    """[groups, habits]: how often a group's readings are rounded so (``STEPS``); NaN readings do not count.

    A mixture fitted to the readings' ends by expectation and maximisation: some round always, some now and then.
    """
    known = np.isfinite(value) & (group >= 0)
    end = np.round(value[known] / unit).astype(np.int64) % _PERIOD
    counted = np.bincount(group[known] * _PERIOD + end, minlength=groups * _PERIOD).reshape(groups, _PERIOD)
    weight = np.full((groups, len(STEPS)), 1 / len(STEPS))
    for _ in range(_ROUNDS):
        each = weight[:, :, None] * _LEFT
        each /= np.maximum(each.sum(1, keepdims=True), 1e-12)
        weight = (each * counted[:, None, :]).sum(2) + 1e-9
        weight /= weight.sum(1, keepdims=True)
    return weight


def alike(deviation: float, near: float) -> np.ndarray:
    """[habits, habits]: chance that two readings whose true difference is normal with ``deviation`` are at most ``near`` apart, by how either
    is rounded (``STEPS``). All in units of the last digit."""
    at = ((np.arange(200) + 0.5) * _PERIOD / 200)[:, None]  # never half-way between two steps
    steps = (np.arange(400) + 0.5) / 400
    there = at + deviation * ndtri(steps)[None, :]
    first, second = ([np.round(np.round(one / step) * step) for step in STEPS] for one in (at, there))
    return np.array([[(np.abs(b - a) <= near + 1e-6).mean() for b in second] for a in first])


def added(weight: np.ndarray) -> np.ndarray:
    """[groups]: the variance that rounding adds to a reading (Sheppard), in squared units of the last digit."""
    return weight @ (np.array(STEPS, dtype=float) ** 2 / 12)
