"""What a build has made, written: all of it in one change of the published part, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Table, delete, func, inspect, select

from data.store import bulk_insert, create_missing
from metrics import published
from metrics.moved import drop_outdated, drop_unwatched, hide


class OvertakenError(Exception):
    """Another build was published while this one was being made."""


@dataclass(frozen=True)
class Moves:
    """How reported figures moved: the only rows that stay from build to build (``metrics.moved``).

    reported   the headline figures of the build before
    found      rows of ``published.moved``
    opened     ``moved.laid_open``: what is no longer to be told
    """

    reported: pd.DataFrame
    found: pd.DataFrame
    opened: pd.DataFrame


def begin(into: Connection, number: int) -> None:
    """Make the tables of this version. Raises OvertakenError when ``number`` is not the next build."""
    _drop_other_versions(into)
    create_missing(into, published.metadata)
    if (into.execute(select(func.max(published.build.c.build))).scalar() or 0) != number - 1:
        raise OvertakenError


def write(into: Connection, tables: Mapping[str, pd.DataFrame | None], moves: Moves) -> None:
    """Rows by the name of their published table, in place of those there; None: no rows."""
    for name, rows in tables.items():
        _replace(into, published.PUBLISHED[name], rows)
    drop_outdated(into, date.today())
    drop_unwatched(into, moves.reported)
    bulk_insert(into, published.moved, moves.found)
    hide(into, moves.opened)


def _drop_other_versions(connection: Connection) -> None:
    """Tables of an older version of the program: a build writes everything anew but its own history."""
    there = inspect(connection)
    for table in published.PUBLISHED.values():
        if table is published.build or not there.has_table(table.name, schema=table.schema):
            continue
        columns = {column["name"] for column in there.get_columns(table.name, schema=table.schema)}
        if columns != {*table.c.keys()}:
            table.drop(connection)


def _replace(connection: Connection, table: Table, rows: pd.DataFrame | None) -> None:
    connection.execute(delete(table))
    if rows is not None and len(rows):
        bulk_insert(connection, table, rows)
