"""Notices as somebody may read them. Who asks comes first."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection, inspect, select

from data.store import read_frame
from metrics import published
from metrics.card import Card
from metrics.changing.noticing import COLUMNS
from metrics.principal import Principal

_N = published.notice.c


def raised_in(
    principal: Principal, connection: Connection, among: Collection[int], month: int
) -> pd.DataFrame:
    """Notices raised in a month for some units, rows of ``published.notice``; the surest first."""
    rows = _read(principal, connection, _N.month == month, _N.unit.in_(sorted(among)))
    return rows.sort_values(["q", "p", "indicator", "unit"], ignore_index=True)


def of_pair(principal: Principal, connection: Connection, unit: int, card: Card, month: int) -> pd.DataFrame:
    """Notices of one unit and card up to a month, the newest first."""
    rows = _read(principal, connection, _N.month <= month, _N.unit == unit, _N.indicator == card.key)
    return rows.sort_values("month", ascending=False, ignore_index=True)


def notices_in(connection: Connection) -> pd.DataFrame:
    """Every notice, rows of ``published.notice``; for builds. None of figures of an older version."""
    table = published.notice
    if not inspect(connection).has_table(table.name, schema=table.schema):
        return pd.DataFrame(columns=list(COLUMNS))
    return read_frame(connection, select(table))


def _read(principal: Principal, connection: Connection, *where) -> pd.DataFrame:
    table = published.notice
    if not inspect(connection).has_table(table.name, schema=table.schema):
        return pd.DataFrame(columns=list(COLUMNS))  # figures of an older version, until they are built anew
    return read_frame(connection, select(table).where(*where, principal.figures.holds(_N.unit)))
