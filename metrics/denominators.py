"""The denominators in force: approved populations by unit and year, spread over months."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, select

from data import records
from metrics.card import Statistic
from metrics.counting import Frame
from metrics.standards import number
from metrics.tree import Tree

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


def in_force(statistic: Statistic, populations: dict, frame: Frame, tree: Tree) -> np.ndarray:
    """Denominators [unit, month]; MISSING where none is approved for the year.

    Never carried forward from another year. Only the bureau, where it has no figure of its own,
    takes the sum of the centres open in the year, and only if each of them has one.
    """
    approved = populations.get((statistic.kind, statistic.band), {})
    grid = np.full(frame.shape, MISSING, dtype=np.int64)
    for position, unit in enumerate(frame.units):
        for month in range(frame.shape[1]):
            persons = approved.get((unit, (frame.horizon.first + month) // 12))
            if persons is not None:
                grid[position, month] = persons
    for position, kind in enumerate(tree.kinds):
        if kind == "bureau":
            grid[position] = np.where(
                grid[position] == MISSING, _sum_of_centres(grid, position, frame, tree), grid[position]
            )
    if statistic.share is not None:
        grid = np.where(
            grid == MISSING, MISSING, np.floor(grid * number(statistic.share) + 0.5).astype(np.int64)
        )
    return grid


def _sum_of_centres(grid: np.ndarray, bureau: int, frame: Frame, tree: Tree) -> np.ndarray:
    """By month; MISSING where a centre that was open at some time of the year has none, or none was open."""
    centres = [p for p, parent in enumerate(tree.parents) if parent == bureau and tree.kinds[p] == "centre"]
    january = np.array(frame.horizon.months) // 12 * 12
    is_open = (tree.opened[centres, None] <= january + 11) & (tree.closed[centres, None] >= january)
    complete = is_open.any(axis=0) & ((grid[centres] != MISSING) | ~is_open).all(axis=0)
    return np.where(complete, np.where(is_open, grid[centres], 0).sum(axis=0), MISSING)
