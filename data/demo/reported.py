"""Figures of a system that delivers nothing else: two centres ask people and lecture with a system of their own.

Their surveys of awareness are in no register; what these came to is reported month by month for the year so
far. Their lectures are registered too: one centre reports the same number, the other more.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.demo.days import months_of
from data.demo.geography import Units
from data.demo.rows import Column, Rows, Words, length, stack, take, words

ONLY_FIGURES = ("青溪镇社区卫生服务中心", "云台乡社区卫生服务中心")
SURVEYS, LECTURES = "居民健康知识知晓率", "健康讲座场次"
#: Lectures a year, at the first of the two, that its system knows and the register does not.
UNREGISTERED = 3


def apart(samples: Rows, units: Units) -> tuple[Rows, Rows]:
    """Samples that are registered, and the surveys that only the two centres' own system holds."""
    own = np.isin(samples["unit"], [units.named(name) for name in ONLY_FIGURES])
    own &= _is(samples["kind"], "awareness")
    return take(samples, ~own), take(samples, own)


def reported_rows(surveys: Rows, activities: Rows, units: Units, last: int) -> Rows:
    """What the two centres report for each month up to ``last``: the year so far."""
    parts = []
    lectures = take(activities, _is(activities["kind"], "lecture"))
    for place, name in enumerate(ONLY_FIGURES):
        unit = units.named(name)
        asked = take(surveys, surveys["unit"] == unit)
        held = take(lectures, units.town[lectures["unit"]] == units.town[unit])  # with its stations
        first = int(months_of(held["day"]).min()) // 12 * 12
        months = np.arange(first, last + 1)
        known = (
            _so_far(asked["day"], asked["positive"], months),
            _so_far(asked["day"], asked["asked"], months),
        )
        count = _so_far(held["day"], np.ones(length(held), np.int64), months)
        if place == 0:
            count = count + UNREGISTERED * (months % 12 + 1) // 12
        parts += [_rows(unit, SURVEYS, months, *known), _rows(unit, LECTURES, months, count, None)]
    return stack(parts)


def _rows(
    unit: int, indicator: str, months: np.ndarray, numerator: np.ndarray, denominator: np.ndarray | None
) -> Rows:
    n = len(months)
    rows: Rows = {
        "unit": np.full(n, unit, np.int64),
        "indicator": words(np.zeros(n, int), indicator),
        "month": months,
        "numerator": numerator,
        "denominator": np.full(n, -1, np.int64) if denominator is None else denominator,
    }
    # Nothing is reported of a rate while nobody was asked.
    return rows if denominator is None else take(rows, denominator > 0)


def _so_far(days: np.ndarray, amounts: np.ndarray, months: np.ndarray) -> np.ndarray:
    """The sum of the amounts in each month's year, up to the month."""
    at = months_of(days)
    within = (at[None, :] <= months[:, None]) & (at[None, :] // 12 == months[:, None] // 12)
    return (within * amounts[None, :]).sum(axis=1)


def _is(column: Column, word: str) -> np.ndarray:
    cells = column.arrow() if isinstance(column, Words) else column
    return np.array(pa.array(cells).to_pylist(), object) == word
