"""The units that are known, as figures need them."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from data import records
from data.store import read_frame
from metrics import published
from metrics.context import in_force


def unit_rows(connection: Connection, known_at: int | None = None) -> pd.DataFrame:
    """Rows of ``published.unit`` by number, known now or right after an event: parent and successor are Int64."""
    table = records.unit
    columns = [column for column in table.c if column.name in published.unit.c]
    statement = select(*columns).where(in_force(table, known_at), table.c.unit.is_not(None))
    return read_frame(connection, statement.order_by(table.c.unit)).astype(
        {"parent": "Int64", "successor": "Int64"}
    )
