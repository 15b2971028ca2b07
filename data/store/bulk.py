"""Writing and reading many rows at once, the same call on every engine."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from sqlalchemy import ColumnElement, Connection, Integer, MetaData, Select, Table, text
from sqlalchemy.schema import CreateColumn, CreateSchema

# A marker that no text of ours can be: COPY reads it back as NULL, so that "" stays an empty text.
_NULL = r"\N"

_BATCH = 1_000_000  # rows

_GUARDED = text("SELECT row_security_active(CAST(:table AS regclass))")
_COLUMNS = text(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = :schema"
    " ORDER BY table_name"
)


def create_missing(connection: Connection, metadata: MetaData) -> None:
    """Create the schema, tables and columns of ``metadata`` that are not there yet; columns are empty then.

    A PostgreSQL database has them from its migrations, and whoever writes may make none: there it looks, no more.
    """
    there: dict[str, set[str]] = {}
    for table, column in connection.execute(_COLUMNS, {"schema": metadata.schema}):
        there.setdefault(table, set()).add(column)
    if all(set(table.c.keys()) <= there.get(table.name, set()) for table in metadata.tables.values()):
        return
    connection.execute(CreateSchema(metadata.schema, if_not_exists=True))
    metadata.create_all(connection, checkfirst=True)
    for table in metadata.tables.values():
        place = connection.dialect.identifier_preparer.format_table(table)
        for column in table.c:
            if table.name in there and column.name not in there[table.name]:
                words = str(CreateColumn(column).compile(dialect=connection.dialect)).replace(" NOT NULL", "")
                connection.execute(text(f"ALTER TABLE {place} ADD COLUMN {words}"))


def bulk_insert(connection: Connection, table: Table, rows: pd.DataFrame | pa.Table) -> int:
    """Insert rows whose column names are columns of ``table``; columns left out become NULL.

    Returns the number of rows. Arrow goes in directly on DuckDB and by COPY on PostgreSQL.
    """
    arrow = rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, preserve_index=False)
    unknown = set(arrow.column_names) - set(table.c.keys())
    if unknown:
        raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    if arrow.num_rows == 0:
        return 0
    quote = connection.dialect.identifier_preparer.quote
    target = connection.dialect.identifier_preparer.format_table(table)
    columns = ", ".join(quote(name) for name in arrow.column_names)
    raw = connection.connection.driver_connection
    if connection.dialect.name == "duckdb":
        raw.register("incoming_rows", arrow)
        raw.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM incoming_rows")
        raw.unregister("incoming_rows")
    else:
        guarded = table.schema is not None and connection.execute(_GUARDED, {"table": target}).scalar_one()
        # COPY takes no rows into a table whose rows are guarded: they pass through one that is not.
        into = "incoming_rows" if guarded else target
        with raw.cursor() as cursor:
            if guarded:
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {into} AS SELECT {columns} FROM {target} WITH NO DATA"
                )
            cursor.copy_expert(
                f"COPY {into} ({columns}) FROM STDIN (FORMAT csv, NULL '{_NULL}')", _csv(arrow)
            )
            if guarded:
                cursor.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {into}")
                cursor.execute(f"DROP TABLE {into}")
    return arrow.num_rows


def bulk_select(connection: Connection, statement: Select) -> dict[str, np.ndarray]:
    """The rows of a select as one array a column, by name: of many rows the fast way. NULL is masked or None."""
    if connection.dialect.name == "duckdb":
        compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
        raw = connection.connection.driver_connection
        return raw.execute(str(compiled).replace("%%", "%")).fetchnumpy()
    result = connection.execute(statement)
    names = list(result.keys())
    columns = zip(*result, strict=True)
    # Without rows there is no value to tell a column's type by, and one of floats could be no index.
    empty = {name: np.array([], _dtype(column)) for name, column in statement.selected_columns.items()}
    return dict(zip(names, map(np.array, columns), strict=False)) or empty


def _dtype(column: ColumnElement) -> type:
    return np.int64 if isinstance(column.type, Integer) else object


def bulk_batches(connection: Connection, statement: Select) -> Iterator[dict[str, np.ndarray]]:
    """The rows of a select that holds no NULL, so many at a time that millions fit into memory."""
    if connection.dialect.name != "duckdb":
        rows = bulk_select(connection, statement)
        if all(map(len, rows.values())):
            yield rows
        return
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    raw = connection.connection.driver_connection
    for batch in raw.execute(str(compiled).replace("%%", "%")).to_arrow_reader(_BATCH):
        columns = zip(batch.schema.names, batch.columns, strict=True)
        yield {name: column.to_numpy() for name, column in columns}


def _csv(arrow: pa.Table) -> io.BytesIO:
    """The rows as the csv that COPY reads: NULL as an unquoted marker, texts always quoted."""
    columns = []
    for column in arrow.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.string())
        if pa.types.is_binary(column.type):
            column = pa.array(
                [None if cell is None else rf"\x{cell.hex()}" for cell in column.to_pylist()], pa.string()
            )
        columns.append(column)
    buffer = io.BytesIO()
    frame = pa.table(columns, names=arrow.column_names).to_pandas(types_mapper=pd.ArrowDtype)
    frame.to_csv(buffer, header=False, index=False, na_rep=_NULL, encoding="utf-8", quoting=0)
    buffer.seek(0)
    return buffer
