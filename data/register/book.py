"""The register of one installation: small, edited by people, apart from the records.

On a DuckDB installation it is one SQLite file beside the store, on a bureau server the schema ``register`` of the
PostgreSQL database. Both are transactional, so an edit stands whole or not at all, and every edit is in ``history``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from data.installation import Installation
from data.register.tables import SCHEMA, history, metadata

FILE = "register.sqlite"
_WAIT_S = 30  # for somebody else's edit to end


class EditedMeanwhileError(Exception):
    """Somebody saved the same row after it was read: ``by``, ``at`` and the row now in force."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = dict(row)
        self.by: str = row["edited_by"]
        self.at: datetime = row["edited_at"]
        super().__init__(f"changed meanwhile by {self.by} at {self.at:%Y-%m-%d %H:%M}")


class Register:
    """Reading and writing what people edit. Make one with ``open_register``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the register."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection to write with: leaving the block keeps all of it, an exception nothing."""
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


def open_register(installation: Installation) -> Register:
    """The register of an installation; made where there is none yet."""
    if installation.database:
        url = make_url(installation.database).set(drivername="postgresql+psycopg2")
        engine = create_engine(url, pool_size=5, pool_pre_ping=True)
    else:
        installation.folder.joinpath("store").mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            f"sqlite:///{installation.folder / 'store' / FILE}",
            poolclass=NullPool,
            connect_args={"timeout": _WAIT_S},
            execution_options={"schema_translate_map": {SCHEMA: None}},
        )
        event.listen(engine, "connect", _plain_transactions)
        event.listen(engine, "begin", _write_at_once)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        metadata.create_all(connection)
    return Register(engine)


def _plain_transactions(connection, _record) -> None:
    # SQLAlchemy begins and ends transactions, not the driver; readers do not wait for a writer.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")


def _write_at_once(connection: Connection) -> None:
    # Two edits begun as readers could not both become writers: the second would fail, not wait.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


# -- edits -----------------------------------------------------------------------------------------


def add(connection: Connection, table: Table, values: Mapping[str, Any], by: str) -> int | None:
    """A new row of a table that people edit; gives its number where the key is one number."""
    row = {**values, "version": 1, "edited_at": _now(), "edited_by": by}
    number = None
    keys = list(table.primary_key.columns)
    if len(keys) == 1 and keys[0].name not in row:
        number = (connection.execute(select(func.max(keys[0]))).scalar() or 0) + 1
        row[keys[0].name] = number
    connection.execute(insert(table).values(row))
    note(connection, table.name, _key(table, row), "add", by, after=row)
    return number


def change(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    version: int,
    values: Mapping[str, Any],
    by: str,
    action: str = "change",
) -> int:
    """Write ``values`` into the row of ``key`` that was read as ``version``; gives the new version.

    Raises EditedMeanwhileError when another version is in force, LookupError when there is no such row.
    """
    is_row = [table.c[name] == value for name, value in key.items()]
    before = connection.execute(select(table).where(*is_row)).mappings().first()
    if before is None:
        raise LookupError(f"no such {table.name}: {key}")
    new = {**values, "version": version + 1, "edited_at": _now(), "edited_by": by}
    done = connection.execute(update(table).where(*is_row, table.c.version == version).values(new))
    if done.rowcount != 1:
        raise EditedMeanwhileError(before)
    note(
        connection,
        table.name,
        _key(table, key),
        action,
        by,
        before={k: before[k] for k in values},
        after=values,
    )
    return version + 1


def note(
    connection: Connection,
    of: str,
    key: str,
    action: str,
    by: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """One line of the history."""
    connection.execute(
        insert(history).values(
            entry=(connection.execute(select(func.max(history.c.entry))).scalar() or 0) + 1,
            at=_now(),
            by=by,
            of=of,
            key=key,
            action=action,
            before=_json(before),
            after=_json(after),
        )
    )


def _key(table: Table, row: Mapping[str, Any]) -> str:
    return "/".join(str(row[column.name]) for column in table.primary_key.columns)


def _json(values: Mapping[str, Any] | None) -> str | None:
    if values is None:
        return None
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return json.dumps(plain, ensure_ascii=False)


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)
