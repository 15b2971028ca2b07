"""The denominators in force: approved populations by unit and year, spread over months.

Three kinds stand side by side: residents by statistics (``resident``), registered by public security
(``registered``), and whoever the record system knows by name (``recorded``), which is counted here.
For a unit, year and band one of them is what figures are divided by: the kind whose row says
``in_force``, else the kind that the parameter ``coverage_kind`` names for the year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, select, true

from data import records
from metrics.card import Statistic
from metrics.context import Horizon
from metrics.context import in_force as versions_in_force
from metrics.counting import Frame
from metrics.facts import resident
from metrics.shaping import rolled_up
from metrics.standards import value_in
from metrics.tree import Tree

#: Marks months without an approved population.
MISSING = -1

#: Kinds by the value of the parameter ``coverage_kind``.
KINDS = {1: "resident", 2: "registered", 3: "recorded"}
#: The kind of a sum of centres whose denominators are not all of one kind.
MIXED = "mixed"
#: Bands of which the record system's own number is told, whether or not anybody approved one.
BANDS = ("all", "0-3", "0-6", "15+", "18+", "35+", "60+", "65+", "70+", "f15-49")


@dataclass(frozen=True)
class Row:
    """People of a kind and band at a unit in a year; ``chosen``: said to be in force (None: not said)."""

    unit: int
    year: int
    kind: str
    band: str
    persons: int
    approved_by: str | None = None
    approved_on: date | None = None
    chosen: bool | None = None


class Populations:
    """What is approved, and what the record system counts; ``of`` says which is in force."""

    def __init__(self, rows: list[Row], recorded: Callable[[str], dict[tuple[int, int], int]]) -> None:
        """``rows``: a later one of the same place replaces an earlier one. ``recorded``: band -> (unit, year) -> persons."""
        self._rows = {(row.unit, row.year, row.band, row.kind): row for row in rows}
        self._recorded = recorded
        self._chosen: dict[tuple[int, int, str], Row] = {}
        for row in rows:
            if row.chosen and self._rows[row.unit, row.year, row.band, row.kind] is row:
                self._chosen[row.unit, row.year, row.band] = row

    def rows(self) -> list[Row]:
        """Every row that is not replaced by a later one."""
        return list(self._rows.values())

    def of(self, unit: int, year: int, band: str, kind: str | None = None) -> Row | None:
        """What figures of a unit and year are divided by; ``kind`` asks for one kind, in force or not."""
        if kind is None:
            if chosen := self._chosen.get((unit, year, band)):
                return chosen
            kind = KINDS[value_in("coverage_kind", year * 12)]
            row = self._by_kind(unit, year, band, kind)
            return None if row is not None and row.chosen is False else row
        return self._by_kind(unit, year, band, kind)

    def _by_kind(self, unit: int, year: int, band: str, kind: str) -> Row | None:
        row = self._rows.get((unit, year, band, kind))
        if row is None and kind == "recorded":
            persons = self._recorded(band).get((unit, year))
            row = None if persons is None else Row(unit, year, kind, band, persons)
        return row


def populations(connection: Connection, frame: Frame, tree: Tree, known_at: int | None = None) -> Populations:
    """What is known, now or right after an event, on a connection on which ``resident`` is made; of several approvals the latest holds."""
    table = records.population
    found = connection.execute(
        select(
            table.c.unit,
            table.c.year,
            table.c.kind,
            table.c.band,
            table.c.persons,
            table.c.approved_by,
            table.c.approved_on,
            table.c.in_force.label("chosen"),
        )
        .where(versions_in_force(table, known_at), table.c.unit.is_not(None))
        .order_by(table.c.approved_on.is_not(None), table.c.approved_on, table.c.row_id)
    )
    known: dict[str, dict[tuple[int, int], int]] = {}

    def recorded(band: str) -> dict[tuple[int, int], int]:
        if band not in known:
            known[band] = _recorded(connection, band, frame, tree)
        return known[band]

    return Populations([Row(*row) for row in found], recorded)


def _recorded(connection: Connection, band: str, frame: Frame, tree: Tree) -> dict[tuple[int, int], int]:
    """(unit, year) -> residents known by name at the year's end, or in the newest month; at units above, the sum."""
    found = {}
    for year in sorted({month // 12 for month in frame.horizon.months}):
        month = min(year * 12 + 11, frame.horizon.last)
        grid = np.zeros((len(frame.units), 1), dtype=np.int64)
        place = frame.row()
        for unit, n in connection.execute(
            select(resident.c.unit, func.sum(case((_of_band(band, month), 1), else_=0)))
            .where(resident.c.s <= month, resident.c.e >= month)
            .group_by(resident.c.unit)
        ):
            if unit in place:
                grid[place[unit], 0] = n
        for unit, n in zip(frame.units, rolled_up(grid, tree.parents, tree.depth)[:, 0], strict=True):
            found[unit, year] = int(n)
    return found


def _of_band(band: str, month: int) -> ColumnElement:
    """Whether a resident is of a band at a month's end; whose birth is unknown is of none but ``all``."""
    if band == "all":
        return true()
    sex, low, high = re.fullmatch(r"([fm]?)(\d+)(?:\+|-(\d+))", band).groups()
    conditions = [resident.c.born_month <= month - int(low) * 12]
    if high is not None:
        conditions.append(resident.c.born_month > month - (int(high) + 1) * 12)
    if sex:
        conditions.append(resident.c.sex == {"m": 1, "f": 2}[sex])
    return and_(*conditions)


def in_force(statistic: Statistic, populations: Populations, frame: Frame, tree: Tree) -> np.ndarray:
    """Denominators [unit, month]; MISSING where none is approved for the year.

    Never carried forward from another year. Only the bureau, where it has no figure of its own,
    takes the sum of the centres open in the year, and only if each of them has one.
    """
    kind = None if statistic.kind == "resident" else statistic.kind
    grid = np.full(frame.shape, MISSING, dtype=np.int64)
    shares = np.ones(frame.shape[1])
    months = list(frame.horizon.months)
    for year in sorted({month // 12 for month in months}):
        within = np.array([month // 12 == year for month in months])
        for position, row in enumerate(_of_year(populations, year, statistic.band, frame.units, tree, kind)):
            if row is not None:
                grid[position, within] = row.persons
    if statistic.share is not None:
        shares = np.array([value_in(statistic.share, month) for month in months])
        grid = np.where(grid == MISSING, MISSING, np.floor(grid * shares + 0.5).astype(np.int64))
    return grid


def _of_year(
    populations: Populations,
    year: int,
    band: str,
    units: tuple[int, ...],
    tree: Tree,
    kind: str | None = None,
) -> list[Row | None]:
    """The row in force of every unit, the bureau's made of its centres' where it has none."""
    rows = [populations.of(unit, year, band, kind) for unit in units]
    for bureau, of_unit in enumerate(tree.kinds):
        if of_unit == "bureau" and rows[bureau] is None:
            parts = [
                rows[p]
                for p, parent in enumerate(tree.parents)
                if parent == bureau and tree.kinds[p] == "centre" and _open_in(tree, p, year)
            ]
            if parts and None not in parts:
                kinds = {part.kind for part in parts}
                rows[bureau] = Row(
                    units[bureau],
                    year,
                    kinds.pop() if len(kinds) == 1 else MIXED,
                    band,
                    sum(part.persons for part in parts),
                )
    return rows


def _open_in(tree: Tree, position: int, year: int) -> bool:
    return tree.opened[position] <= year * 12 + 11 and tree.closed[position] >= year * 12


def published_populations(connection: Connection, horizon: Horizon, units: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``published.population`` of the years of the figures: every kind side by side, one in force."""
    frame = Frame(tuple(int(unit) for unit in units["unit"]), horizon)
    tree = Tree.of(units)
    known = populations(connection, frame, tree)
    years = sorted({month // 12 for month in horizon.months})
    bands = sorted({*BANDS, *(row.band for row in known.rows())})
    rows = []
    for year in years:
        for band in bands:
            chosen = _of_year(known, year, band, frame.units, tree)
            for unit, row in zip(frame.units, chosen, strict=True):
                sides = {kind: known.of(unit, year, band, kind) for kind in KINDS.values()}
                sides = {kind: side for kind, side in sides.items() if side is not None}
                if row is not None:
                    sides[row.kind] = row
                rows += [replace(side, chosen=side is row) for side in sides.values()]
    columns = ["unit", "year", "kind", "band", "persons", "approved_by", "approved_on", "in_force"]
    return pd.DataFrame(
        [
            (r.unit, r.year, r.kind, r.band, r.persons, r.approved_by, r.approved_on, bool(r.chosen))
            for r in rows
        ],
        columns=columns,
    )
