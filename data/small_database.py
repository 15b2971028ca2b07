"""A small transactional database beside the store: a SQLite file of the installation, or a schema on its PostgreSQL server.

Both are transactional, so a change stands whole or not at all. One change is written at a time, on both; readers see one
state and wait for nobody. A file completes itself when it is opened; the tables of a server are made by migrations
(``data.migrations``), and whoever works with them acts as its writer (``data.postgres.roles``), also to read: what people
wrote, and accounts, are none of the reader's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateColumn

from data.installation import Installation
from data.postgres.engines import SMALL, Server, is_gone
from data.postgres.prepared import Prepared, look

BUSY = "别人正在保存，请稍候再试。Somebody else is saving: try again in a moment."
_WAIT_S = 30  # for somebody else's change to end


class DatabaseBusyError(Exception):
    """Somebody else's change does not end; the message says so in both languages."""


@dataclass(frozen=True)
class Plan:
    """What a small database holds.

    file      its name in an installation without a PostgreSQL server
    metadata  its tables, in one schema of its own
    lock      any constant: it names the PostgreSQL lock that keeps two changes apart; no two plans share one
    triggers  of the file: name -> what stands between CREATE TRIGGER name and its end; a server has its own from migrations
    """

    file: str
    metadata: MetaData
    lock: int
    triggers: Mapping[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        return self.metadata.schema


class SmallDatabase:
    """Reading and writing. Make one with ``open_database``."""

    def __init__(self, engine: Engine, plan: Plan, prepared: Prepared | None = None) -> None:
        self._engine = engine
        self._lock = plan.lock
        self._prepared = prepared  # of a server
        self._writer = engine.execution_options(one_writer=True)

    def tell(self, **told: Any) -> None:
        """What whoever uses its connections finds among their execution options, from here on."""
        self._engine = self._engine.execution_options(**told)
        self._writer = self._writer.execution_options(**told)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state, and cannot write."""
        with self._engine.connect() as connection:
            if self._prepared is not None:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                self._prepared.act(connection, "writer")
            else:
                connection.exec_driver_sql("PRAGMA query_only = ON")  # NullPool: gone with the connection
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection to write with: leaving the block keeps all of it, an exception nothing.

        Raises DatabaseBusyError when somebody else's change does not end within half a minute.
        """
        connection = self._writer.connect()
        try:
            try:
                transaction = connection.begin()
                if self._prepared is not None:
                    self._prepared.act(connection, "writer")
                    # Rows are numbered from the highest one: that needs one writer at a time.
                    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_S}s'"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": self._lock})
            except OperationalError as error:
                if self._prepared is not None and is_gone(error):
                    raise  # the server is away: that is another thing than somebody who is saving
                raise DatabaseBusyError(BUSY) from error
            with transaction:
                yield connection
        finally:
            connection.close()

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


def exists(installation: Installation, plan: Plan) -> bool:
    """Whether anybody ever opened it here: nothing is made by asking."""
    if not installation.database:
        return _path(installation, plan).is_file()
    engine = Server.of(installation).engine(SMALL)
    try:
        return look(engine, makes=False, demo=_is_demo(installation)) is not None
    finally:
        engine.dispose()


def open_database(installation: Installation, plan: Plan) -> SmallDatabase:
    """Made where there is none yet; a file of an older version is completed.

    Raises NotPreparedError where the owner of a server has to migrate it first.
    """
    if installation.database:
        engine = Server.of(installation).engine(SMALL)
        return SmallDatabase(engine, plan, look(engine, makes=True, demo=_is_demo(installation)))
    path = _path(installation, plan)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=NullPool,
        hide_parameters=True,  # an error in the log tells no value of a row
        connect_args={"timeout": _WAIT_S},
        execution_options={"schema_translate_map": {plan.schema: None}},
    )
    event.listen(engine, "connect", _plain_transactions)
    event.listen(engine, "begin", _begin)
    _readers_do_not_wait(engine)
    path.chmod(0o600)  # hashes of passwords, and what was done by whom; its companions are made alike
    database = SmallDatabase(engine, plan)
    with database.reading() as connection:
        missing = list(_missing(connection, plan))
    if missing:
        with database.writing() as connection:
            _complete(connection, plan)
    return database


def _path(installation: Installation, plan: Plan) -> Path:
    # Not in store/: whoever empties that folder to import anew keeps what people wrote.
    return installation.folder / plan.file


def _is_demo(installation: Installation) -> bool:
    return getattr(installation, "kind", "") == "demo"


def _plain_transactions(connection, _record) -> None:
    # SQLAlchemy begins and ends transactions, not the driver.
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    # Two changes begun as readers could not both become writers: the second would fail, not wait.
    writes = connection.get_execution_options().get("one_writer")
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
        raise DatabaseBusyError(BUSY)
    finally:
        raw.close()


def _missing(connection: Connection, plan: Plan) -> Iterator[str]:
    """What a file lacks: tables, columns that this version of the product added, triggers."""
    there = inspect(connection)
    names = set(there.get_table_names())
    for table in plan.metadata.sorted_tables:
        if table.name not in names:
            yield table.name
            continue
        columns = {column["name"] for column in there.get_columns(table.name)}
        yield from (f"{table.name}.{c.name}" for c in table.c if c.name not in columns)
    rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    yield from sorted(plan.triggers.keys() - set(rows.scalars()))


def _complete(connection: Connection, plan: Plan) -> None:
    plan.metadata.create_all(connection)
    for name in list(_missing(connection, plan)):  # what people wrote stays: only columns are added
        if name in plan.triggers:
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {plan.triggers[name]}")
            continue
        table, _, column = name.partition(".")
        table = plan.metadata.tables[f"{plan.schema}.{table}"]
        place = connection.dialect.identifier_preparer.quote(table.name)
        words = str(CreateColumn(table.c[column]).compile(dialect=connection.dialect))
        words = words.replace(" NOT NULL", "")  # rows that are there have no value yet
        connection.execute(text(f"ALTER TABLE {place} ADD COLUMN {words}"))
