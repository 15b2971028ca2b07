"""The rows of a select as a frame: the same types on every engine."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, CursorResult, Select


def read_frame(connection: Connection, statement: Select) -> pd.DataFrame:
    """The rows of a select under the names of its columns.

    Whole numbers and their sums are int64, float64 where one is missing; other numbers float64; days are dates. DuckDB hands whole columns over: a row at a
    time takes eight times as long, and meanwhile no other thread runs.
    """
    result = connection.execute(statement)
    names = list(result.keys())
    if connection.dialect.name == "duckdb":
        return _of_columns(result, names)
    rows = result.fetchall()
    if not rows:
        return pd.DataFrame(columns=names)
    columns = zip(names, zip(*rows, strict=True), strict=True)
    return pd.DataFrame({name: _plain(values) for name, values in columns})


def _plain(values: tuple) -> list:
    """PostgreSQL gives the sum of whole numbers as decimals."""
    if not any(isinstance(one, Decimal) for one in values):
        return list(values)
    whole = all(one is None or one == one.to_integral_value() for one in values)
    return [None if one is None else int(one) if whole else float(one) for one in values]


def _of_columns(result: CursorResult, names: list[str]) -> pd.DataFrame:
    table = result.cursor.to_arrow_table().rename_columns(names)
    result.close()
    for place, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type) or pa.types.is_integer(field.type):
            whole = pa.types.is_integer(field.type) or field.type.scale == 0
            numbers = table.column(place).cast(pa.int64() if whole else pa.float64())
            table = table.set_column(place, field.name, numbers)
    return table.to_pandas()
