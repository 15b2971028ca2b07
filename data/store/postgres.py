"""The bureau server's store: one PostgreSQL database, a schema a part, a change one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

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
        with self._engine.connect() as connection:
            try:
                return connection.execute(text("SELECT number FROM store.generation")).scalar_one()
            except ProgrammingError as error:
                if error.orig.pgcode in (
                    "42P01",
                    "3F000",
                ):  # no such table, no such schema: nothing written yet
                    return 0
                raise

    def records(self) -> AbstractContextManager[Connection]:
        return self._read("records")

    def identity(self) -> AbstractContextManager[Connection]:
        return self._read("identity")

    def published(self) -> AbstractContextManager[Connection]:
        return self._read("published")

    @contextmanager
    def _read(self, part: str) -> Iterator[Connection]:
        with self._engine.connect() as connection:
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
