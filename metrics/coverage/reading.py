"""What is covered and what is delivered, read for pages and papers from the published tables.

A cell belongs to whoever may see the figures of its nearest unit; so does a point. A cell without any unit near
belongs to the whole district.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, or_, select

from data.store import read_frame
from metrics import published
from metrics.coverage.earth import Plane
from metrics.coverage.lattice import Lattice
from metrics.principal import Principal

YEAR = 12


@dataclass(frozen=True)
class About:
    """What the map is made of: the row of ``published.lattice``. Distances in metres, ``minutes``: the longest way."""

    month: int
    lattice: Lattice
    people_from: str
    rule_m: int
    catchment_m: int
    travel: str | None
    mode: str | None
    minutes: int | None
    unplaced: int
    units_unplaced: int


def about(principal: Principal, connection: Connection) -> About | None:
    """None where there is no map: nobody is known to live anywhere, and no unit or border has coordinates."""
    row = connection.execute(select(published.lattice)).mappings().first()
    if row is None:
        return None
    values = dict(row)
    kind, side_m = values.pop("kind"), values.pop("side_m")
    plane = Plane.around(values.pop("lon"), values.pop("lat"))
    if not principal.figures.everything:  # of the district, not of one unit
        values |= {"unplaced": 0, "units_unplaced": 0}
    return About(lattice=Lattice(kind, side_m, plane), **values)


def cells(principal: Principal, connection: Connection, month: int | None = None) -> pd.DataFrame:
    """Cells of the map in scope (``published.cell``; the newest month, or another that is published), with ``unit_name``
    of the nearest unit and ``within`` (boolean: nobody in it lives beyond the rule; missing: not known)."""
    table, unit = published.cell, published.unit
    newest = select(func.max(table.c.month)).scalar_subquery() if month is None else int(month)
    statement = (
        select(table, unit.c.name.label("unit_name"))
        .select_from(table.outerjoin(unit, unit.c.unit == table.c.unit))
        .where(table.c.month == newest, _seen(principal, table.c.unit))
        .order_by(table.c.row, table.c.column)
    )
    frame = read_frame(connection, statement)
    counts = ["people", "people_0_6", "people_65", "floating", "contracted", "beyond", "beyond_0_6", "beyond_65",
              "beyond_floating", "one_choice", "slow", "unit"]  # fmt: skip
    frame = frame.astype({**dict.fromkeys(counts, "Int64"), "metres": float, "minutes": float})
    return frame.assign(within=frame["beyond"] == 0)


def _seen(principal: Principal, unit):
    if principal.figures.everything:
        return or_(unit.is_(None), unit.is_not(None))
    return principal.figures.holds(unit)


def cell_reach(principal: Principal, connection: Connection) -> pd.DataFrame:
    """cell, kind, unit, unit_name, metres: the nearest open unit of each kind, where it is in scope."""
    table, cell, unit = published.cell_reach, published.cell, published.unit
    statement = (
        select(table, unit.c.name.label("unit_name"))
        .join(cell, cell.c.cell == table.c.cell)
        .join(unit, unit.c.unit == table.c.unit)
        .where(
            cell.c.month == _newest(), _seen(principal, cell.c.unit), principal.figures.holds(table.c.unit)
        )
        .order_by(table.c.cell, table.c.kind)
    )
    return read_frame(connection, statement)


def cell_access(principal: Principal, connection: Connection) -> pd.DataFrame:
    """cell, supply, per_1000, unsure of the cells in scope."""
    table, cell = published.cell_access, published.cell
    statement = (
        select(table)
        .join(cell, cell.c.cell == table.c.cell)
        .where(cell.c.month == _newest(), _seen(principal, cell.c.unit))
        .order_by(table.c.cell, table.c.supply)
    )
    return read_frame(connection, statement)


def _newest():
    return select(func.max(published.cell.c.month)).scalar_subquery()


def demand_points(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Where people live (``published.point``): those whose nearest unit is in scope."""
    table = published.point
    statement = select(table).where(_seen(principal, table.c.unit)).order_by(table.c.point)
    return read_frame(connection, statement)


def served_units(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Units in scope and whom they serve (``published.served``), with code, name, kind, and ``near_name``
    (missing where that one is out of scope)."""
    table, unit, other = published.served, published.unit, published.unit.alias("other")
    statement = (
        select(table, unit.c.code, unit.c.name, unit.c.kind, unit.c.parent, unit.c.lon, unit.c.lat,
               other.c.name.label("near_name"))
        .join(unit, unit.c.unit == table.c.unit)
        .outerjoin(other, (other.c.unit == table.c.near_unit) & principal.figures.holds(other.c.unit))
        .where(principal.figures.holds(table.c.unit))
        .order_by(unit.c.code)
    )  # fmt: skip
    return read_frame(connection, statement)


def ground(connection: Connection, *layers: str) -> pd.DataFrame:
    """The bureau's own borders, roads and sites (``published.ground``) of some layers; nobody's figures."""
    table = published.ground
    order = (table.c.layer, table.c.code, table.c.name, table.c.lon, table.c.lat)
    return read_frame(connection, select(table).where(table.c.layer.in_(layers)).order_by(*order))


def grids(principal: Principal, connection: Connection) -> pd.DataFrame:
    """The smallest management grids and their teams (rows of ``published.place`` whose ``teams`` are told), of the cells
    in scope."""
    table = published.place
    statement = select(table).where(table.c.teams.is_not(None)).order_by(table.c.place)
    if not principal.figures.everything:
        mine = select(published.cell.c.cell).where(principal.figures.holds(published.cell.c.unit))
        statement = statement.where(table.c.cell.in_(mine))
    return read_frame(connection, statement)


def corners(cells: pd.DataFrame, lattice: Lattice) -> np.ndarray:
    """The corners of cells (column, row) in degrees: shape (cells, 4 or 6, 2), counterclockwise, not closed."""
    return lattice.polygon(cells["column"].to_numpy(np.int64), cells["row"].to_numpy(np.int64))


@dataclass(frozen=True)
class Cover:
    """People on the map, and those farther from a unit than the rule allows; None: not known of somebody."""

    people: int
    beyond: int | None
    beyond_65: int | None
    share_beyond: float  # NaN: not known, or nobody lives there


def cover(cells: pd.DataFrame) -> Cover:
    """The sums of the map."""
    people, beyond, old = (
        None if cells[name].isna().any() else int(cells[name].sum())
        for name in ("people", "beyond", "beyond_65")
    )
    share = beyond / people if people and beyond is not None else math.nan
    return Cover(people or 0, beyond, old, share)


def delivery(principal: Principal, connection: Connection, first: int, last: int) -> pd.DataFrame:
    """What was delivered by unit, source and month: unit, source, month, status, estimated."""
    table = published.delivery
    return read_frame(
        connection,
        select(table).where(table.c.month.between(first, last), principal.figures.holds(table.c.unit)),
    )
