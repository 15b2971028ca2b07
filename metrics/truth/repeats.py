"""The same reading again: copied from visit to visit, in turn, or from a year before; and readings that hardly move."""

from __future__ import annotations

import numpy as np

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared, before
from metrics.truth.readings import Readings
from metrics.truth.rounding import alike
from metrics.truth.rules import Rules

_BOUNDS = (0.3, 3.0)  # how far the district's own rate of chance repeats may be from the one computed


def repeats(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Visits whose whole vector was read at one of the person's last visits, against what rounding makes likely."""
    chance = _chance(readings, tuple(0.0 for _ in readings.kind.columns))
    hit, tries = np.zeros(len(level.of), bool), np.zeros(len(level.of))
    for back in range(1, int(rules.lags) + 1):
        now, then = before(prepared, readings.known, back)
        hit[now] |= (np.abs(readings.value[now] - readings.value[then]) < 0.5).all(1)
        tries[now] += 1
    compared = tries > 0
    some = 1 - (1 - chance[level.of]) ** tries
    stands = counts(level.count(hit), level.total(some, compared), rules.spread_count, _BOUNDS)
    return shares(level.count(hit), level.count(compared), stands, rules.fewest)


def near(prepared: Prepared, level: Level, readings: Readings, rules: Rules, back: int) -> Found:
    """Visits whose readings are all near the person's ``back`` visits earlier."""
    close = readings.kind.near(rules)
    now, then = before(prepared, readings.known, back)
    hit, compared = np.zeros(len(level.of), bool), np.zeros(len(level.of), bool)
    compared[now] = True
    hit[now] = (np.abs(readings.value[now] - readings.value[then]) <= np.array(close) + 1e-6).all(1)
    number = level.count(compared)
    stands = counts(level.count(hit), _chance(readings, close) * number, rules.spread_count, _BOUNDS)
    return shares(level.count(hit), number, stands, rules.fewest)


def _chance(readings: Readings, close: tuple[float, ...]) -> np.ndarray:
    """[groups]: of being so alike by chance; columns that go together are alike together a little more often."""
    each = [alike(w, d, c) for w, d, c in zip(readings.weight, readings.deviation, close, strict=True)]
    return np.minimum(np.prod(each, axis=0) / np.sqrt(1 - readings.relation**2), 1)
