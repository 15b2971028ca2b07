"""Rows of one unit or doctor that were typed late or in a pile, against the other rows of the same hands.

Who makes up what was not done types it afterwards. What honest people type late was measured like everything else: it is as wide, moves as
much from visit to visit, and its two pressures go together as in the other rows, whoever the people are and however the
hand rounds. So each group is its own peer.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri, stdtr

from metrics.truth.found import Found
from metrics.truth.prepared import Level, Prepared, before
from metrics.truth.readings import Readings
from metrics.truth.rules import Rules

_TAIL = ndtri(0.975)
_STILL = 2.0  # added to a step before its logarithm, in last digits: no step at all is not infinitely little


def narrow(prepared: Prepared, level: Level, part: Level, readings: Readings, rules: Rules) -> Found:
    """Standard deviation of the readings of ``part`` over that of the others (the columns' geometric mean)."""
    sides = [_widths(prepared, one, readings, rules) for one in (part, _others(level, part))]
    (logs, errors, number), (others, more, _) = sides
    return _found(
        logs - others, 0.0, np.hypot(errors, more), rules.spread_width, -1, np.exp, number, part, readings
    )


def still(prepared: Prepared, level: Level, part: Level, readings: Readings, rules: Rules) -> Found:
    """Typical step from a person's visit to the next within ``part``, over that within the others."""
    sides = [_steps(prepared, one, readings, rules) for one in (part, _others(level, part))]
    (logs, errors, number), (others, more, _) = sides
    return _found(
        logs - others, 0.0, np.hypot(errors, more), rules.spread_width, -1, np.exp, number, part, readings
    )


def pressures(prepared: Prepared, level: Level, part: Level, readings: Readings, rules: Rules) -> Found:
    """Correlation of systolic with diastolic steps within ``part``, against that within the others (Fisher's z)."""
    sides = [_relation(prepared, one, readings, rules) for one in (part, _others(level, part))]
    (z, errors, number), (others, more, _) = sides
    wide = np.hypot(errors, more)
    return _found(z, others, wide, rules.spread_relation, 0, np.tanh, number, part, readings)


def _others(level: Level, part: Level) -> Level:
    return Level(level.groups, np.where(part.of >= 0, -1, level.of))


def _widths(prepared: Prepared, part: Level, readings: Readings, rules: Rules):
    chosen = readings.known & (part.of >= 0)
    number, persons = part.count(chosen), part.persons(prepared.contacts["person"].to_numpy(), chosen)
    logs = np.zeros(part.number)
    for value in readings.even.T:
        value = np.where(chosen, value, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = part.total(value**2, chosen) / number - (part.total(value, chosen) / number) ** 2
        logs += np.log(np.maximum(variance, 0.25)) / 2
    error = np.sqrt(rules.clustered / (2 * np.maximum(persons * 2, 2)))
    enough = number >= rules.fewest
    return np.where(enough, logs / readings.even.shape[1], np.nan), error, number


def _steps(prepared: Prepared, part: Level, readings: Readings, rules: Rules):
    now, then = before(prepared, readings.known, 1, part)
    size = np.log(np.abs(readings.even[now] - readings.even[then]) + _STILL).mean(1)
    mean, number = _means(size, part.of[now], part.number)
    spread = _means((size - mean[part.of[now]]) ** 2, part.of[now], part.number)[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(
            1.5 * np.maximum(spread, 0.1) / number
        )  # steps that follow each other share a reading
    return np.where(number >= rules.pairs_fewest, mean, np.nan), error, number


def _relation(prepared: Prepared, part: Level, readings: Readings, rules: Rules):
    now, then = before(prepared, readings.known, 1, part)
    most = 4 * readings.deviation
    step = np.clip(readings.value[now] - readings.value[then], -most, most)
    group = part.of[now]
    off = [each - _means(each, group, part.number)[0][group] for each in step.T]
    both, number = _means(off[0] * off[1], group, part.number)
    wide = [_means(each**2, group, part.number)[0] for each in off]
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.arctanh(np.clip(both / np.sqrt(wide[0] * wide[1]), -0.999, 0.999))
    error = np.sqrt(1.5 / np.maximum(number - 3, 1))
    return np.where(number >= rules.pairs_fewest, z, np.nan), error, number


def _means(value: np.ndarray, group: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    number = np.bincount(group, minlength=groups).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.bincount(group, weights=value, minlength=groups) / number, number


def _found(value, expected, error, least, side, shown, number, part: Level, readings: Readings) -> Found:
    """Student's t of ``value`` against ``expected``, with honest hands' own differences of at ``least`` so much."""
    wide = np.sqrt(error**2 + least**2)
    expected = np.where(np.isfinite(value), expected, np.nan)
    z = (value - expected) / wide
    freedom = np.maximum(number - 1, 1)
    p = stdtr(freedom, z) if side < 0 else 2 * stdtr(freedom, -np.abs(z))
    range_ = [shown(expected + times * wide) for times in (0, -_TAIL, _TAIL)]
    return Found(shown(value), *range_, number, p, readings.known & (part.of >= 0))
