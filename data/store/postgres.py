"""The bureau server's store: one PostgreSQL database, a schema a part, a change one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from data.store.contract import BUSY, EMPTY, PARTS, Draft, StoreError

# Any constant will do: it names the lock that keeps two changes apart.
_LOCK = 7_420_015


class PostgresStore:
    """See ``data.store.contract.Store``."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        # SQLAlchemy 2.1 takes a bare postgresql:// to mean psycopg 3; the project uses psycopg2.
        self._engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg2"), pool_size=10, pool_pre_ping=True
        )

    def generation(self) -> int:
        with self._reading() as connection:
            return _generation(connection)

    @contextmanager
    def snapshot(self) -> Iterator[_PostgresSnapshot]:
        with self._reading() as holder:
            generation = _generation(holder)
            name = holder.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            yield _PostgresSnapshot(self, generation, name)

    def records(self) -> AbstractContextManager[Connection]:
        return self.read("records")

    def identity(self) -> AbstractContextManager[Connection]:
        return self.read("identity")

    def published(self) -> AbstractContextManager[Connection]:
        return self.read("published")

    def _reading(self) -> Connection:
        """A connection that sees one state from its first statement on."""
        return self._engine.connect().execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def read(self, part: str, snapshot: str | None = None) -> Iterator[Connection]:
        """A connection to read a part with; ``snapshot`` names an exported state to read."""
        with self._reading() as connection:
            if snapshot is not None:
                # Our own server gave the name; SET takes no parameters.
                connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            if connection.execute(text("SELECT to_regnamespace(:part)"), {"part": part}).scalar() is None:
                raise StoreError(EMPTY.format(part=part))
            yield connection  # closing rolls back: temporary tables made in it are gone

    @contextmanager
    def change(self, *parts: str) -> Iterator[Draft]:
        if unknown := set(parts) - set(PARTS):
            raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
        with self._engine.begin() as connection:
            if not connection.execute(
                text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOCK}
            ).scalar_one():
                raise StoreError(BUSY)
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS store"))
            connection.execute(text("CREATE TABLE IF NOT EXISTS store.generation (number integer NOT NULL)"))
            number = (connection.execute(text("SELECT max(number) FROM store.generation")).scalar() or 0) + 1
            for part in parts:
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {part}"))
            yield Draft(number, **dict.fromkeys(parts, connection))
            connection.execute(text("DELETE FROM store.generation"))
            connection.execute(text("INSERT INTO store.generation VALUES (:number)"), {"number": number})

    def close(self) -> None:
        self._engine.dispose()


def _generation(connection: Connection) -> int:
    if connection.execute(text("SELECT to_regclass('store.generation')")).scalar() is None:
        return 0  # nothing written yet
    return connection.execute(text("SELECT number FROM store.generation")).scalar_one()


@dataclass(frozen=True)
class _PostgresSnapshot:
    store: PostgresStore
    generation: int
    name: str

    def records(self) -> AbstractContextManager[Connection]:
        return self.store.read("records", self.name)

    def identity(self) -> AbstractContextManager[Connection]:
        return self.store.read("identity", self.name)

    def published(self) -> AbstractContextManager[Connection]:
        return self.store.read("published", self.name)
