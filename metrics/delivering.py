"""What was delivered: for every unit, source and month, whether rows came, from notes or from the rows themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data import records
from metrics.context import in_force
from metrics.counting import Frame

# Tables of services, delivered month by month. A unit that never delivers one of them owes none.
SOURCES = ("checkup", "contract_item", "dose", "encounter", "followup", "prescription", "service")

# Registers of events that may well be empty for a month: only a delivery note says that one is missing,
# and before the district's first row nobody has kept it.
REGISTERS = (
    "activity",
    "appraisal",
    "appraisal_item",
    "check_item",
    "child_visit",
    "document",
    "drug_line",
    "facility",
    "finding",
    "health_event",
    "incident",
    "inspection",
    "lab_order",
    "maternal_visit",
    "money",
    "pregnancy",
    "referral",
    "sample",
    "screening",
    "staff",
    "tb_course",
    "training",
)

# A month without a row is taken as not delivered only where a usual month has at least so many:
# a small clinic may well have had nothing to report.
USUAL_ROWS = 8

_ROWS = ("unit", "source", "month", "status", "estimated")

WHOLE, PART, NONE = 0, 1, 2
WORDS = ("whole", "part", "none")


@dataclass(frozen=True)
class Delivery:
    """One source [unit, month]: how much came, and which units owe it at all."""

    status: np.ndarray
    concerned: np.ndarray
    unkept: np.ndarray | bool = False  # [month]: a register that nobody had begun to keep


def delivered(
    connection: Connection,
    frame: Frame,
    open_months: np.ndarray,
    read: Collection[str],
    known_at: int | None = None,
) -> tuple[dict[str, Delivery], pd.DataFrame]:
    """What came of each source that is ``read``, and the rows of ``published.delivery``.

    ``open_months`` [unit, month]: the unit exists. A delivery note of the bureau decides; without one
    it is inferred and marked as estimated. Only a unit's own rows count, not its stations'.
    """
    notes = _notes(connection, frame, known_at)
    grids: dict[str, Delivery] = {}
    rows = []
    for source in [source for source in (*SOURCES, *REGISTERS) if source in read]:
        stated = np.full(frame.shape, -1)
        for unit, month, status in notes.get(source, ()):
            stated[unit, month] = WORDS.index(status)
        if source in REGISTERS:
            unkept = np.array(frame.horizon.months) < _first_month(connection, source, known_at)
            grid = np.where(unkept[None, :], NONE, np.where(stated >= 0, stated, WHOLE))
            grids[source] = Delivery(grid, open_months, unkept)
            concerned = stated >= 0
        else:
            counts = _row_counts(connection, source, frame, known_at)
            grid = np.where(stated >= 0, stated, _inferred(counts, open_months))
            concerned = (counts.sum(axis=1, keepdims=True) > 0) & open_months | (stated >= 0)
            grids[source] = Delivery(grid, concerned)
        unit, month = np.nonzero(concerned)
        rows.append(
            pd.DataFrame(
                {
                    "unit": np.asarray(frame.units)[unit],
                    "source": source,
                    "month": month + frame.horizon.first,
                    "status": np.asarray(WORDS)[grid[unit, month]],
                    "estimated": stated[unit, month] < 0,
                }
            )
        )
    return grids, pd.concat(rows or [pd.DataFrame(columns=_ROWS)], ignore_index=True)


#: Of a register's rows, the columns that say from when on it was kept.
_DAYS = ("start_on", "day", "booked_on", "notified_on")


def _first_month(connection: Connection, source: str, known_at: int | None) -> float:
    """The month of a register's first row; infinity where there is none."""
    table = records.RECORDS[source]
    days = [func.min(table.c[name]) for name in _DAYS if name in table.c]
    row = connection.execute(select(*days).where(in_force(table, known_at), table.c.unit.is_not(None))).one()
    return min((first.year * 12 + first.month - 1 for first in row if first is not None), default=np.inf)


def _inferred(counts: np.ndarray, open_months: np.ndarray) -> np.ndarray:
    grid = np.full(counts.shape, WHOLE)
    for unit in range(len(counts)):
        delivered_months = counts[unit][counts[unit] > 0]
        if len(delivered_months) and np.median(delivered_months) >= USUAL_ROWS:
            grid[unit][(counts[unit] == 0) & open_months[unit]] = NONE
    return grid


def _row_counts(connection: Connection, source: str, frame: Frame, known_at: int | None) -> np.ndarray:
    table = records.RECORDS[source]
    grid = frame.empty()
    position = frame.row()
    rows = connection.execute(
        select(table.c.unit, table.c.month, func.count())
        .where(
            in_force(table, known_at),
            table.c.unit.is_not(None),
            table.c.month.between(frame.horizon.first, frame.horizon.last),
        )
        .group_by(table.c.unit, table.c.month)
    )
    for unit, month, n in rows:
        if unit in position:
            grid[position[unit], month - frame.horizon.first] = n
    return grid


def _notes(
    connection: Connection, frame: Frame, known_at: int | None
) -> dict[str, list[tuple[int, int, str]]]:
    note = records.RECORDS["delivery_note"]
    position = frame.row()
    found: dict[str, list[tuple[int, int, str]]] = {}
    for unit, source, month, status in connection.execute(
        select(note.c.unit, note.c.source, note.c.month, note.c.status).where(in_force(note, known_at))
    ):
        if unit in position and frame.horizon.first <= month <= frame.horizon.last:
            found.setdefault(source, []).append((position[unit], month - frame.horizon.first, status))
    return found


def over_window(grid: np.ndarray, year_starts: np.ndarray | None, months: int | None) -> np.ndarray:
    """Status of a figure that needs several months: NONE when none came, PART when one is missing or in part.

    ``year_starts``: the year so far; else the last ``months`` months.
    """
    worst = np.empty_like(grid)
    for month in range(grid.shape[1]):
        start = max(0, int(year_starts[month]) if year_starts is not None else month - months + 1)
        window = grid[:, start : month + 1]
        worst[:, month] = np.where(
            (window == NONE).all(axis=1), NONE, np.where((window > WHOLE).any(axis=1), PART, WHOLE)
        )
    return worst


def with_parents(grid: np.ndarray, concerned: np.ndarray, parents: list[int], depth: list[int]) -> np.ndarray:
    """A parent's figure is whole when its own and every child's part is; NONE when nothing at all came.

    ``concerned`` [unit, month]: the unit contributes there at all.
    """
    missing = ((grid == NONE) & concerned).astype(int)
    partial = ((grid == PART) & concerned).astype(int)
    contributing = concerned.astype(int)
    for position in sorted(range(len(parents)), key=lambda p: -depth[p]):
        if parents[position] >= 0:
            for sums in (missing, partial, contributing):
                sums[parents[position]] += sums[position]
    return np.where(
        (missing > 0) & (missing == contributing), NONE, np.where((missing > 0) | (partial > 0), PART, WHOLE)
    )
