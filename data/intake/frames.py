"""Small helpers between SQL and numpy: temporary tables of numbers, results as frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Column, Connection, MetaData, Select, Table, delete

from data.store import bulk_insert


def temporary(connection: Connection, name: str, *columns: Column) -> Table:
    """A new temporary table of this connection; on PostgreSQL it ends with the transaction."""
    # A DuckDB connection ends with its change; a PostgreSQL one goes back to a pool and must be clean.
    on_commit = {"postgresql_on_commit": "DROP"} if connection.dialect.name == "postgresql" else {}
    table = Table(name, MetaData(), *columns, prefixes=["TEMPORARY"], **on_commit)
    table.create(connection)
    return table


def fill(connection: Connection, table: Table, **columns: np.ndarray | pa.Array) -> None:
    """Replace the rows of a temporary table."""
    connection.execute(delete(table))
    bulk_insert(connection, table, pa.table({name: pa.array(values) for name, values in columns.items()}))


def frame(connection: Connection, query: Select) -> pd.DataFrame:
    """The rows of a query; missing whole numbers stay objects, so that hashes keep all their digits."""
    result = connection.execute(query)
    columns = zip(*result.fetchall(), strict=True)
    return pd.DataFrame(
        {name: np.fromiter(column, object) for name, column in zip(result.keys(), columns, strict=False)},
        columns=list(result.keys()),
        dtype=object,
    )


def numbers(connection: Connection, query: Select) -> np.ndarray:
    """The only column of a query, whole numbers."""
    return np.array([row[0] for row in connection.execute(query)], dtype=np.int64)
