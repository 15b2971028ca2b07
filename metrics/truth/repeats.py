"""The same reading again: copied from visit to visit, in turn, or from a year before; and readings that hardly move."""

from __future__ import annotations

import numpy as np

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared, before, typed_last
from metrics.truth.readings import Readings
from metrics.truth.rounding import alike
from metrics.truth.rules import Rules


def repeats(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Visits whose whole vector was read at one of the person's last visits, against what rounding makes likely."""
    exactly = tuple(0.0 for _ in readings.kind.columns)
    hit, never = np.zeros(len(level.of), bool), np.ones(len(level.of))
    compared = np.zeros(len(level.of), bool)
    for back in range(1, int(rules.lags) + 1):
        now, then = before(prepared, readings.known, back, readings.level)
        which = typed_last(prepared, now, then)
        same = (np.abs(readings.value[now] - readings.value[then]) < 0.5).all(1)
        hit[which[same]] = True
        compared[which] = True
        np.multiply.at(never, which, 1 - _chance(readings, exactly, now, then))
    stands = counts(
        level.count(hit), level.total(1 - never, compared), rules.spread_count, rules.repeats_bounds
    )
    return shares(level.count(hit), level.count(compared), stands, rules.fewest, hit)


def near(prepared: Prepared, level: Level, readings: Readings, rules: Rules, back: int) -> Found:
    """Visits whose readings are all near the person's ``back`` visits earlier."""
    close = readings.kind.near(rules)
    now, then = before(prepared, readings.known, back, readings.level)
    hit, compared = np.zeros(len(level.of), bool), np.zeros(len(level.of), bool)
    which = typed_last(prepared, now, then)
    compared[which] = True
    alike_now = (np.abs(readings.value[now] - readings.value[then]) <= np.array(close) + 1e-6).all(1)
    hit[which[alike_now]] = True
    number = level.count(compared)
    expected = np.bincount(which, weights=_chance(readings, close, now, then), minlength=len(level.of))
    stands = counts(
        level.count(hit), level.total(expected, compared), rules.spread_count, rules.repeats_bounds
    )
    return shares(level.count(hit), number, stands, rules.fewest, hit)


def _chance(readings: Readings, close: tuple[float, ...], now: np.ndarray, then: np.ndarray) -> np.ndarray:
    """[pairs]: of being so alike by chance; columns that go together are alike together a little more often."""
    found = np.full(len(now), 1 / np.sqrt(1 - readings.relation**2))
    for weight, deviation, near_by in zip(readings.finer, readings.deviation, close, strict=True):
        either = (weight @ alike(deviation, near_by))[readings.cell[now]]
        found *= (either * weight[readings.cell[then]]).sum(1)
    return np.minimum(found, 1)
