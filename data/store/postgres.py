"""The bureau server's store: one PostgreSQL database, a schema a part, a change one transaction.

Whoever reads for a page acts as the reader and is shown the rows of whoever asks; imports, builds and commands act as the
writer. Where the database has no such roles, its login does everything (``data.postgres.roles``).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from data.keys import KeyFile
from data.postgres.acquaintance import make_acquainted
from data.postgres.engines import HELD, PAGES, WORK, Server
from data.postgres.prepared import Prepared, look
from data.store.contract import BUSY, EMPTY, PARTS, Draft, StoreError
from data.store.rows import Asking

# Any constant will do: it names the lock that keeps two changes apart.
_LOCK = 7_420_015


class PostgresStore:
    """See ``data.store.contract.Store``. ``demo``: tables of an older version are brought up to date at once."""

    dialect = "postgresql"

    def __init__(self, server: Server, keys: KeyFile, *, demo: bool = False) -> None:
        self.keys = keys
        self._engines = {purpose: server.engine(purpose) for purpose in (PAGES, HELD, WORK)}
        self._demo = demo
        self._prepared: Prepared | None = None
        self._guard = threading.Lock()

    def generation(self) -> int:
        if self._look() is None:
            return 0
        with self._reading(WORK) as connection:
            return _generation(connection)

    @contextmanager
    def snapshot(self, asking: Asking | None = None) -> Iterator[_PostgresSnapshot]:
        if self._look() is None:
            yield _PostgresSnapshot(self, 0, None, asking)
            return
        with self._reading(WORK if asking is None else HELD) as holder:
            generation = _generation(holder)
            name = holder.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            yield _PostgresSnapshot(self, generation, name, asking)

    def records(self) -> AbstractContextManager[Connection]:
        return self.read("records")

    def identity(self) -> AbstractContextManager[Connection]:
        return self.read("identity")

    def published(self) -> AbstractContextManager[Connection]:
        return self.read("published")

    @contextmanager
    def read(
        self, part: str, snapshot: str | None = None, asking: Asking | None = None
    ) -> Iterator[Connection]:
        """A connection to read a part with; ``snapshot`` names an exported state to read, ``asking`` whose rows."""
        if self._look() is None:
            raise StoreError(EMPTY.format(part=part))
        with self._reading(WORK if asking is None else PAGES, snapshot, asking) as connection:
            if not connection.execute(
                text("SELECT count(*) FROM store.part WHERE part = :part"), {"part": part}
            ).scalar_one():
                raise StoreError(EMPTY.format(part=part))
            yield connection  # closing rolls back: temporary tables made in it are gone

    @contextmanager
    def _reading(
        self, purpose: str, snapshot: str | None = None, asking: Asking | None = None
    ) -> Iterator[Connection]:
        """A connection that sees one state from its first statement on."""
        with self._engines[purpose].connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
            if snapshot is not None:
                _take_up(connection, snapshot)
            told = {} if asking is None else asking().settings()
            self._prepared.act(connection, "writer" if purpose == WORK else "reader", told)
            yield connection

    @contextmanager
    def change(self, *parts: str) -> Iterator[Draft]:
        if unknown := set(parts) - set(PARTS):
            raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
        prepared = self._look(makes=True)
        with self._engines[WORK].begin() as connection:
            prepared.act(connection, "writer")
            if not connection.execute(
                text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOCK}
            ).scalar_one():
                raise StoreError(BUSY)
            number = _generation(connection) + 1
            yield Draft(number, **dict.fromkeys(parts, connection))
            if prepared.roles is not None and "published" in parts:
                make_acquainted(connection)
            connection.execute(text("DELETE FROM store.generation"))
            connection.execute(text("INSERT INTO store.generation VALUES (:number)"), {"number": number})
            for part in parts:
                connection.execute(
                    text(
                        "INSERT INTO store.part VALUES (:part, :number)"
                        " ON CONFLICT (part) DO UPDATE SET generation = :number"
                    ),
                    {"part": part, "number": number},
                )

    def _look(self, *, makes: bool = False) -> Prepared | None:
        """The database as it may be worked with; None while there is nothing in it. Raises NotPreparedError."""
        with self._guard:
            if self._prepared is None:
                self._prepared = look(self._engines[WORK], makes=makes, demo=self._demo)
            return self._prepared

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()


def _take_up(connection: Connection, snapshot: str) -> None:
    """Read the state that another connection holds. OperationalError, as of a server that is away, where it is gone."""
    try:
        # Our own server gave the name; SET takes no parameters.
        connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
    except DBAPIError as error:
        # The server was started anew since, or ended the connection that held it.
        raise OperationalError(None, None, error.orig) from error


def _generation(connection: Connection) -> int:
    return connection.execute(text("SELECT max(number) FROM store.generation")).scalar() or 0


@dataclass(frozen=True)
class _PostgresSnapshot:
    store: PostgresStore
    generation: int
    name: str | None  # None: there is nothing yet
    asking: Asking | None

    @property
    def keys(self) -> KeyFile:
        return self.store.keys

    def records(self) -> AbstractContextManager[Connection]:
        return self.store.read("records", self.name, self.asking)

    def identity(self) -> AbstractContextManager[Connection]:
        return self.store.read("identity", self.name, self.asking)

    def published(self) -> AbstractContextManager[Connection]:
        return self.store.read("published", self.name, self.asking)
