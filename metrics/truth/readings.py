"""Readings that are compared: blood pressure as a pair, fasting glucose by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.truth.prepared import Level, Prepared, before
from metrics.truth.rounding import added, habits
from metrics.truth.rules import Rules


@dataclass(frozen=True)
class Kind:
    name: str  # pressure, glucose
    columns: tuple[str, ...]
    unit: float  # of the last digit
    of: str  # contacts of this kind tell who is ill

    def near(self, rules: Rules) -> tuple[float, ...]:
        return tuple(getattr(rules, f"near_{column}") / self.unit for column in self.columns)


_NORMAL = 1.4826  # standard deviation of a normal distribution over its median absolute deviation

PRESSURE = Kind("pressure", ("sbp", "dbp"), 1.0, "htn")
GLUCOSE = Kind("glucose", ("fpg",), 0.1, "dm")


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
    like: (
        np.ndarray
    )  # [contacts]: of whom and how: the ill and others, checkups and others, are not of one width
    even: (
        np.ndarray
    )  # [contacts, columns]: ``value`` as far from the middle, in widths, as others of its ``like`` are
    stretch: np.ndarray  # [contacts, columns]: of ``even`` over ``value``


def read(prepared: Prepared, level: Level, kind: Kind, rules: Rules) -> Readings:
    value = prepared.contacts[list(kind.columns)].to_numpy(float) / kind.unit
    known = np.isfinite(value).all(1)
    weight = [
        habits(prepared.contacts[name].to_numpy(float), level.of, level.number, kind.unit)
        for name in kind.columns
    ]
    cell, cells = _cells(prepared, rules)
    finer = [habits(prepared.contacts[name].to_numpy(float), cell, cells, kind.unit) for name in kind.columns]
    now, then = before(prepared, known, 1, level)
    step = value[now] - value[then]
    deviation = np.array(
        [_typical(step[:, k], level, now, weight[k], rules.typical_fewest) for k in range(len(kind.columns))]
    )
    relation = 0.0
    if len(kind.columns) == 2 and len(step) > rules.typical_fewest and np.isfinite(deviation).all():
        cut = np.clip(step, -3 * deviation, 3 * deviation)
        if cut.std(0).min() > 0:  # where everybody copies there is none
            relation = float(np.clip(np.corrcoef(cut.T)[0, 1], 0, 0.8))
    like = _like(prepared, kind)
    even, stretch = _evened(value, known, like, rules.sort_fewest)
    return Readings(kind, level, value, known, weight, cell, finer, deviation, relation, like, even, stretch)


def _like(prepared: Prepared, kind: Kind) -> np.ndarray:
    """0 to 3: whether the person is ill, and whether it is a checkup."""
    c = prepared.contacts
    ill = c["person"].isin(c.loc[c["kind"] == kind.of, "person"].unique())
    return ill.to_numpy() * 2 + (c["kind"] == "checkup").to_numpy()


def _evened(
    value: np.ndarray, known: np.ndarray, like: np.ndarray, fewest: float
) -> tuple[np.ndarray, np.ndarray]:
    """Readings of all sorts on the middle and the width (by quartiles) of all; a sort of few is left as it is."""
    even, stretch = value.copy(), np.ones_like(value)
    if known.sum() < fewest:
        return even, stretch
    low, middle, high = np.quantile(value[known], (0.25, 0.5, 0.75), axis=0)
    for one in np.unique(like):
        mine = like == one
        if (known & mine).sum() < fewest:
            continue
        below, centre, above = np.quantile(value[known & mine], (0.25, 0.5, 0.75), axis=0)
        stretch[mine] = (high - low) / np.maximum(above - below, 1)
        even[mine] = middle + (value[mine] - centre) * stretch[mine]
    return even, stretch


def _cells(prepared: Prepared, rules: Rules) -> tuple[np.ndarray, int]:
    """The doctor and half-year of each contact; where these are too few to tell a habit the doctor, else the unit."""
    c = prepared.contacts
    half = c["day"].dt.year * 2 + (c["day"].dt.month > 6)
    cell, cells = np.zeros(len(c), np.int64), 0
    for by in (["unit"], ["unit", "doctor"], ["unit", "doctor", half]):
        finer = c.groupby(by).ngroup().to_numpy()
        telling = np.bincount(finer)[finer] >= rules.habit_fewest if len(c) else np.zeros(0, bool)
        cell = np.where(telling | (cells == 0), cells + finer, cell)
        cells += int(finer.max(initial=-1)) + 1
    return cell, cells


def _typical(step: np.ndarray, level: Level, now: np.ndarray, weight: np.ndarray, fewest: float) -> float:
    """Standard deviation of a true difference in the middle group, by its middle half, less what rounding adds."""
    frame = pd.DataFrame({"group": level.of[now], "wide": np.abs(step)})
    each = frame[frame["group"] >= 0].groupby("group")["wide"].agg(["median", "size"])
    each = each[each["size"] >= fewest]
    rounded = 2 * added(weight)[each.index.to_numpy(dtype=np.int64)]
    found = np.sqrt(np.maximum((_NORMAL * each["median"].to_numpy()) ** 2 - rounded, 1.0))
    return float(np.median(found)) if len(found) else np.nan
