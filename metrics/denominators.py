"""The denominators in force: approved populations by unit and year, spread over months."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, select

from data import records
from metrics.card import Statistic
from metrics.counting import Frame
from metrics.standards import number

#: Marks months without an approved population.
MISSING = -1


def populations(connection: Connection) -> dict[tuple[str, str], dict[tuple[int, int], int]]:
    """(kind, band) -> (unit, year) -> persons; of several approvals the latest is in force."""
    table = records.population
    found: dict[tuple[str, str], dict[tuple[int, int], int]] = {}
    for row in connection.execute(
        select(table.c.kind, table.c.band, table.c.unit, table.c.year, table.c.persons)
        .where(table.c.known_to.is_(None), table.c.unit.is_not(None))
        .order_by(table.c.approved_on.is_not(None), table.c.approved_on, table.c.row_id)
    ):
        found.setdefault((row.kind, row.band), {})[row.unit, row.year] = row.persons
    return found


def in_force(
    statistic: Statistic, populations: dict, frame: Frame, kinds: list[str], parents: list[int]
) -> np.ndarray:
    """Denominators [unit, month]; MISSING where none is approved for the year.

    Never carried forward from another year. Only the bureau, where it has no figure of its own,
    takes the sum of its centres, and only if each of them has one.
    """
    approved = populations.get((statistic.kind, statistic.band), {})
    grid = np.full(frame.shape, MISSING, dtype=np.int64)
    for position, unit in enumerate(frame.units):
        for month in range(frame.shape[1]):
            persons = approved.get((unit, (frame.horizon.first + month) // 12))
            if persons is not None:
                grid[position, month] = persons
    for position, kind in enumerate(kinds):
        if kind != "bureau":
            continue
        centres = [p for p, parent in enumerate(parents) if parent == position and kinds[p] == "centre"]
        if centres:
            complete = (grid[centres] != MISSING).all(axis=0)
            sums = np.where(complete, grid[centres].sum(axis=0), MISSING)
            grid[position] = np.where(grid[position] == MISSING, sums, grid[position])
    if statistic.share is not None:
        grid = np.where(
            grid == MISSING, MISSING, np.floor(grid * number(statistic.share) + 0.5).astype(np.int64)
        )
    return grid
