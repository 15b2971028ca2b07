"""Names of a release that did not seal them: sealed once, with nothing left of the plain columns.

On DuckDB the part is written into a new file and the old ones go: a dropped column stays in the free blocks of its file.
On PostgreSQL migration 0005 has put the plain rows aside, in ``identity.name_plain``; they are sealed into ``identity.name``
and the table is emptied by TRUNCATE, which takes its file away. What the server's own log and older backups hold is told
in docs/identifiers.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    inspect,
    select,
    text,
)

from data import identity
from data.originals import plain_originals, seal_plain_originals
from data.sealing import Sealer
from data.store.bulk import bulk_insert, create_missing
from data.store.contract import StoreError

_ROWS = 100_000  # sealed at once

_ASIDE = "name_plain"  # of PostgreSQL


def _plain_table(called: str) -> Table:
    return Table(
        called,
        MetaData(schema=identity.SCHEMA),
        Column("key", BigInteger),
        Column("content", BigInteger),
        Column("subject", Integer),
        *(Column(field, String) for field in identity.Identifiers._fields),
        Column("in_force", Boolean),
    )


PLAIN, ASIDE = _plain_table(identity.name.name), _plain_table(_ASIDE)


def is_plain(connection: Connection) -> bool:
    """Whether there are names that an older release kept in the clear."""
    there = inspect(connection)
    if connection.dialect.name == "postgresql":
        waiting = there.has_table(_ASIDE, schema=identity.SCHEMA)
        return waiting and connection.execute(select(ASIDE.c.key).limit(1)).first() is not None
    return there.has_table(PLAIN.name, schema=identity.SCHEMA) and "sealed" not in {
        column["name"] for column in there.get_columns(PLAIN.name, schema=identity.SCHEMA)
    }


def refuse_plain(connection: Connection) -> None:
    """Raises StoreError where names are not sealed yet: nothing is to be written beside them."""
    if is_plain(connection):
        raise StoreError(
            "居民姓名还是旧版本的明文，请先运行 python3 manage.py keys seal。\n"
            "Names of residents are in the clear, as an older release kept them: first say python3 manage.py keys seal"
        )


def is_due(store, installation) -> bool:
    """Whether ``seal_old`` has anything to do."""
    if plain_originals(installation):
        return True
    if store.generation() == 0:
        return False
    with store.identity() as connection:
        return is_plain(connection)


def seal_old(store, installation) -> bool:
    """Bring an older installation to sealed names. Returns whether there was anything to do.

    Makes the key file where there is none and nothing is sealed yet. Raises KeyFileError, StoreError. Killed at any
    moment, it leaves the plain rows or the sealed ones, whole.
    """
    keys = installation.identity_key
    if store.generation() == 0:
        return seal_plain_originals(installation)
    with store.identity() as connection:
        plain = is_plain(connection)
    if not plain:
        return seal_plain_originals(installation)
    keys.make()
    sealer = keys.sealer()
    if store.dialect == "duckdb":
        with store.identity() as old, store.anew("identity") as new:
            _copy_sealed(old, new, sealer)
    else:
        with store.change("identity") as draft:
            _empty_aside(draft.identity, sealer)
    seal_plain_originals(installation)
    return True


def _empty_aside(connection: Connection, sealer: Sealer) -> None:
    """Rows put aside are sealed, in the transaction of a PostgreSQL connection; a killed one leaves them aside."""
    rows = connection.execute(select(ASIDE).execution_options(yield_per=_ROWS))
    for part in rows.partitions():
        columns = zip(ASIDE.c.keys(), zip(*part, strict=True), strict=True)
        _insert(connection, pa.table({name: list(cells) for name, cells in columns}), sealer)
    connection.execute(text(f"TRUNCATE {identity.SCHEMA}.{_ASIDE}"))


def _copy_sealed(old: Connection, new: Connection, sealer: Sealer) -> None:
    create_missing(new, identity.metadata)
    there = set(inspect(old).get_table_names(schema=identity.SCHEMA))
    for table in identity.metadata.sorted_tables:
        if table.name not in there:
            continue
        plain = table is identity.name
        for rows in _batches(old, PLAIN if plain else table):
            if plain:
                _insert(new, rows, sealer)
            else:
                bulk_insert(new, table, rows)


def _batches(connection: Connection, table: Table) -> Iterator[pa.Table]:
    """A table of a DuckDB connection, so many rows at a time."""
    raw = connection.connection.driver_connection
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    found: Iterable[pa.RecordBatch] = raw.execute(
        f'SELECT {columns} FROM {identity.SCHEMA}."{table.name}"'
    ).to_arrow_reader(_ROWS)
    for batch in found:
        yield pa.Table.from_batches([batch])


def _insert(connection: Connection, rows: pa.Table, sealer: Sealer) -> None:
    key, content, subject = (
        np.array(rows[name].to_pylist(), dtype=np.int64) for name in ("key", "content", "subject")
    )
    sealed = {
        "key": key,
        "content": content,
        "subject": subject,
        "sealed": identity.sealed(sealer, rows, key, content, subject),
        "sealed_with": np.full(len(key), sealer.current),
        "in_force": rows["in_force"].combine_chunks(),
        "phone_mark": identity.marks(sealer, rows["phone"].to_pylist()),
    }
    bulk_insert(connection, identity.name, pa.table(sealed))
