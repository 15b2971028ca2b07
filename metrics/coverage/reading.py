"""What is delivered and what is covered: the map's cells and the delivery of units, read for pages."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select

from metrics import published
from metrics.principal import Principal
from metrics.reading import read_frame


def cells(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Cells of the map whose nearest unit is in scope, with the unit's name."""
    table, unit = published.cell, published.unit
    statement = (
        select(table, unit.c.name.label("unit_name"))
        .select_from(table.outerjoin(unit, unit.c.unit == table.c.unit))
        .where(principal.figures.holds(table.c.unit))
        .order_by(table.c.cell)
    )
    return read_frame(connection, statement)


@dataclass(frozen=True)
class Cover:
    """People on the map, and those farther from a unit than the rule allows."""

    people: int
    beyond: int
    beyond_65: int
    share_beyond: float


def cover(cells: pd.DataFrame) -> Cover:
    """The sums of the map; a cell whose distance is unknown is not counted as beyond."""
    outside = cells[~cells["within"].fillna(True).astype(bool)]
    people, beyond = int(cells["people"].sum()), int(outside["people"].sum())
    return Cover(people, beyond, int(outside["people_65"].sum()), beyond / people if people else math.nan)


def delivery(principal: Principal, connection: Connection, first: int, last: int) -> pd.DataFrame:
    """What was delivered by unit, source and month: unit, source, month, status, estimated."""
    table = published.delivery
    return read_frame(
        connection,
        select(table).where(table.c.month.between(first, last), principal.figures.holds(table.c.unit)),
    )
