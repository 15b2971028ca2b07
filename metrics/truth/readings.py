"""Readings that are compared: blood pressure as a pair, fasting glucose by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.truth.prepared import Level, Prepared, before
from metrics.truth.rounding import added, habits
from metrics.truth.rules import Rules


@dataclass(frozen=True)
class Kind:
    name: str  # pressure, glucose
    columns: tuple[str, ...]
    unit: float  # of the last digit

    def near(self, rules: Rules) -> tuple[float, ...]:
        return tuple(getattr(rules, f"near_{column}") / self.unit for column in self.columns)


_TELLING = 20  # readings that tell how somebody rounds
_TYPICAL = 30  # differences that tell how wide they are
_NORMAL = 1.4826  # standard deviation of a normal distribution over its median absolute deviation

PRESSURE = Kind("pressure", ("sbp", "dbp"), 1.0)
GLUCOSE = Kind("glucose", ("fpg",), 0.1)


@dataclass(frozen=True)
class Readings:
    """``value`` [contacts, columns] in units of the last digit; ``known``: all columns are there; ``weight`` a column: habits."""

    kind: Kind
    level: Level  # visits are compared within its groups
    value: np.ndarray
    known: np.ndarray
    weight: list[np.ndarray]  # [groups, habits]
    cell: np.ndarray  # [contacts]: who, when (half a year): habits belong to a doctor and a device
    finer: list[np.ndarray]  # [cells, habits]
    deviation: (
        np.ndarray
    )  # [columns] of the difference of a person's readings, before rounding: the middle group's
    relation: float  # correlation of the columns' differences


def read(prepared: Prepared, level: Level, kind: Kind) -> Readings:
    value = prepared.contacts[list(kind.columns)].to_numpy(float) / kind.unit
    known = np.isfinite(value).all(1)
    weight = [
        habits(prepared.contacts[name].to_numpy(float), level.of, level.number, kind.unit)
        for name in kind.columns
    ]
    cell, cells = _cells(prepared)
    finer = [habits(prepared.contacts[name].to_numpy(float), cell, cells, kind.unit) for name in kind.columns]
    now, then = before(prepared, known, 1, level)
    step = value[now] - value[then]
    deviation = np.array([_typical(step[:, k], level, now, weight[k]) for k in range(len(kind.columns))])
    relation = 0.0
    if len(kind.columns) == 2 and len(step) > 30 and np.isfinite(deviation).all():
        cut = np.clip(step, -3 * deviation, 3 * deviation)
        if cut.std(0).min() > 0:  # where everybody copies there is none
            relation = float(np.clip(np.corrcoef(cut.T)[0, 1], 0, 0.8))
    return Readings(kind, level, value, known, weight, cell, finer, deviation, relation)


def _cells(prepared: Prepared) -> tuple[np.ndarray, int]:
    """The doctor and half-year of each contact; where these are too few to tell a habit the doctor, else the unit."""
    c = prepared.contacts
    half = c["day"].dt.year * 2 + (c["day"].dt.month > 6)
    cell, cells = np.zeros(len(c), np.int64), 0
    for by in (["unit"], ["unit", "doctor"], ["unit", "doctor", half]):
        finer = c.groupby(by).ngroup().to_numpy()
        telling = np.bincount(finer)[finer] >= _TELLING if len(c) else np.zeros(0, bool)
        cell = np.where(telling | (cells == 0), cells + finer, cell)
        cells += int(finer.max(initial=-1)) + 1
    return cell, cells


def _typical(step: np.ndarray, level: Level, now: np.ndarray, weight: np.ndarray) -> float:
    """Standard deviation of a true difference in the middle group, by its middle half, less what rounding adds."""
    group = level.of[now]
    found = []
    for one in np.unique(group[group >= 0]):
        mine = np.abs(step[group == one])
        if len(mine) >= _TYPICAL:
            wide = _NORMAL * np.median(mine)
            found.append(np.sqrt(max(wide**2 - 2 * added(weight[one : one + 1])[0], 1.0)))
    return float(np.median(found)) if found else np.nan
