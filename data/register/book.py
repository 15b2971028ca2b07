"""The register of one installation: small, edited by people, apart from the records.

On a DuckDB installation it is one SQLite file beside the store, on a bureau server the schema ``register`` of the
PostgreSQL database. Both are transactional, so an edit stands whole or not at all, and every edit is in ``history``.
One edit is written at a time, on both; readers see one state and wait for nobody.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateColumn

from data.installation import Installation
from data.register.tables import SCHEMA, history, metadata

FILE = "register.sqlite"
BUSY = "别人正在保存，请稍候再试。Somebody else is saving: try again in a moment."
_WAIT_S = 30  # for somebody else's edit to end
# Any constant will do: it names the lock that keeps two edits apart (the store's changes have another).
_LOCK = 7_420_016


class EditedMeanwhileError(Exception):
    """Somebody saved the same row after it was read: ``by``, ``at`` and the row now in force."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = dict(row)
        self.by: str = row["edited_by"]
        self.at: datetime = row["edited_at"]
        super().__init__(f"changed meanwhile by {self.by} at {self.at:%Y-%m-%d %H:%M}")


class RegisterBusyError(Exception):
    """Somebody else's edit does not end; the message says so in both languages."""


class Register:
    """Reading and writing what people edit. Make one with ``open_register``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._postgres = engine.dialect.name == "postgresql"
        self._writer = engine.execution_options(register_writes=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the register, and cannot write."""
        with self._engine.connect() as connection:
            if self._postgres:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            else:
                connection.exec_driver_sql("PRAGMA query_only = ON")  # NullPool: gone with the connection
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection to write with: leaving the block keeps all of it, an exception nothing.

        Raises RegisterBusyError when somebody else's edit does not end within half a minute.
        """
        connection = self._writer.connect()
        try:
            try:
                transaction = connection.begin()
                if self._postgres:
                    # Rows are numbered from the highest one: that needs one writer at a time.
                    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_S}s'"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            except OperationalError as error:
                raise RegisterBusyError(BUSY) from error
            with transaction:
                yield connection
        finally:
            connection.close()

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


def exists(installation: Installation) -> bool:
    """Whether anybody ever opened a register here: nothing is made by asking."""
    if not installation.database:
        return _path(installation).is_file()
    engine = _postgres(installation)
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT to_regclass('register.history')")).scalar() is not None
    finally:
        engine.dispose()


def open_register(installation: Installation) -> Register:
    """The register of an installation; made where there is none yet, completed where it is an older version's."""
    if installation.database:
        engine = _postgres(installation)
    else:
        _path(installation).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            f"sqlite:///{_path(installation)}",
            poolclass=NullPool,
            connect_args={"timeout": _WAIT_S},
            execution_options={"schema_translate_map": {SCHEMA: None}},
        )
        event.listen(engine, "connect", _plain_transactions)
        event.listen(engine, "begin", _begin)
        _readers_do_not_wait(engine)
    register = Register(engine)
    with register.reading() as connection:
        missing = list(_missing(connection))
    if missing:
        with register.writing() as connection:
            _complete(connection)
    return register


def _path(installation: Installation):
    # Not in store/: whoever empties that folder to import anew keeps what people wrote.
    return installation.folder / FILE


def _postgres(installation: Installation) -> Engine:
    url = make_url(installation.database).set(drivername="postgresql+psycopg2")
    return create_engine(url, pool_size=5, pool_pre_ping=True)


def _plain_transactions(connection, _record) -> None:
    # SQLAlchemy begins and ends transactions, not the driver.
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    # Two edits begun as readers could not both become writers: the second would fail, not wait.
    writes = connection.get_execution_options().get("register_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _readers_do_not_wait(engine: Engine) -> None:
    """Write-ahead logging, kept in the file. Switching to it waits for nobody, so it is tried until it is there."""
    raw = engine.raw_connection()
    try:
        for _ in range(100 * _WAIT_S):
            try:
                raw.driver_connection.execute("PRAGMA journal_mode = WAL")
                return
            except Exception as error:
                if "locked" not in str(error):
                    raise
                time.sleep(0.01)
        raise RegisterBusyError(BUSY)
    finally:
        raw.close()


def _missing(connection: Connection) -> Iterator[str]:
    """What the register lacks: tables, and columns that this version of the product added."""
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    there = inspect(connection)
    names = set(there.get_table_names(schema=schema))
    for table in metadata.sorted_tables:
        if table.name not in names:
            yield table.name
            continue
        columns = {column["name"] for column in there.get_columns(table.name, schema=schema)}
        yield from (f"{table.name}.{c.name}" for c in table.c if c.name not in columns)


def _complete(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    metadata.create_all(connection)
    for name in list(_missing(connection)):  # what people wrote stays: only columns are added
        table, _, column = name.partition(".")
        table = metadata.tables[f"{SCHEMA}.{table}"]
        place = connection.dialect.identifier_preparer.format_table(table)
        if connection.dialect.name != "postgresql":
            place = connection.dialect.identifier_preparer.quote(table.name)
        words = str(CreateColumn(table.c[column]).compile(dialect=connection.dialect))
        words = words.replace(" NOT NULL", "")  # rows that are there have no value yet
        connection.execute(text(f"ALTER TABLE {place} ADD COLUMN {words}"))


# -- edits -----------------------------------------------------------------------------------------


def add(connection: Connection, table: Table, values: Mapping[str, Any], by: str) -> int | None:
    """A new row of a table that people edit; gives its number where the key is one number.

    Raises EditedMeanwhileError when somebody has added the row of that key already.
    """
    row = {**values, "version": 1, "edited_at": _now(), "edited_by": by}
    number = None
    keys = list(table.primary_key.columns)
    if len(keys) == 1 and keys[0].name not in row:
        number = row[keys[0].name] = next_number(connection, table)
    else:
        there = connection.execute(select(table).where(*[c == row[c.name] for c in keys])).mappings().first()
        if there is not None:
            raise EditedMeanwhileError(there)
    connection.execute(insert(table).values(row))
    note(connection, table.name, key_of(table, row), "add", by, after=values)
    return number


def add_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], by: str) -> None:
    """Several new rows, as ``add`` writes one, of a table whose keys the rows hold; nobody may have added one of them."""
    if not rows:
        return
    at, first = _now(), next_number(connection, history)
    edited = {"version": 1, "edited_at": at, "edited_by": by}
    connection.execute(insert(table), [{**row, **edited} for row in rows])
    about = {"at": at, "by": by, "of": table.name, "action": "add", "before": None}
    lines = [
        {**about, "entry": first + place, "key": key_of(table, row), "after": _json(row)}
        for place, row in enumerate(rows)
    ]
    connection.execute(insert(history), lines)


def next_number(connection: Connection, table: Table) -> int:
    """One more than the highest number of a table's key. Sound because one edit is written at a time."""
    (key,) = table.primary_key.columns
    return (connection.execute(select(func.max(key))).scalar() or 0) + 1


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
        raise LookupError(f"no such {table.name}: {dict(key)}")
    new = {**values, "version": version + 1, "edited_at": _now(), "edited_by": by}
    done = connection.execute(update(table).where(*is_row, table.c.version == version).values(new))
    if done.rowcount != 1:
        raise EditedMeanwhileError(before)
    was = {name: before[name] for name in values}
    note(connection, table.name, key_of(table, key), action, by, before=was, after=values)
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
            entry=next_number(connection, history),
            at=_now(),
            by=by,
            of=of,
            key=key,
            action=action,
            before=_json(before),
            after=_json(after),
        )
    )


def history_of(connection: Connection, of: str, key: str) -> list[dict[str, Any]]:
    """The history of a row, oldest first: at, by, action, and before and after as mappings (None: not said).

    Whoever asks must have made sure that the row is in the asker's scope.
    """
    rows = connection.execute(
        select(history).where(history.c.of == of, history.c.key == key).order_by(history.c.entry)
    ).mappings()
    return [
        {
            "at": row["at"],
            "by": row["by"],
            "action": row["action"],
            "before": json.loads(row["before"]) if row["before"] else None,
            "after": json.loads(row["after"]) if row["after"] else None,
        }
        for row in rows
    ]


def key_of(table: Table, row: Mapping[str, Any]) -> str:
    """The key of a row as text, its parts joined by /: as history and evidence name it."""
    return "/".join(str(row[column.name]) for column in table.primary_key.columns)


def _json(values: Mapping[str, Any] | None) -> str | None:
    if values is None:
        return None
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return json.dumps(plain, ensure_ascii=False)


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)
