"""What every store promises, whatever the engine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from data.keys import KeyFile
from data.store.rows import Asking

PARTS = ("records", "identity", "published")


BUSY = (
    "另一个导入或计算正在进行，请待其结束后再试。"
    "Another import or build is under way: wait for it to end and try again."
)

EMPTY = "尚无数据，请先导入文件。There is nothing in the part {part} of the store yet: import files first."


class StoreError(Exception):
    """A store that cannot be opened, written or published; the message says what to do."""


@dataclass
class Draft:
    """Connections to write with; None for parts that the change does not touch."""

    number: int  # of the generation that the change will publish
    records: Connection | None = None
    identity: Connection | None = None
    published: Connection | None = None
    passing: Callable[[], None] = lambda: None

    def pass_on(self) -> None:
        """Let go of the memory that a long change holds; what is written stays unpublished all the same."""
        self.passing()


class Snapshot(Protocol):
    """One generation, for as long as it is held: whatever is published meanwhile, it reads the same."""

    generation: int
    keys: KeyFile  # of the names in the part identity

    def records(self) -> AbstractContextManager[Connection]: ...

    def identity(self) -> AbstractContextManager[Connection]: ...

    def published(self) -> AbstractContextManager[Connection]: ...


class Store(Protocol):
    """Readers get the generation in force; a change publishes the next one whole or not at all."""

    dialect: str  # "duckdb" or "postgresql"
    keys: KeyFile  # of the names in the part identity

    def generation(self) -> int:
        """Number of the generation in force; 0 for an empty store. Cheap: part of every cache key."""

    def snapshot(self, asking: Asking | None = None) -> AbstractContextManager[Snapshot]:
        """The generation in force, held: for what is read in several steps.

        ``asking`` says whose rows may be read, asked at each reading: a PostgreSQL server withholds all others, files
        do not. None: imports, builds and commands, which read everything.
        """

    def records(self) -> AbstractContextManager[Connection]:
        """A connection to read records with; temporary tables are its own."""

    def identity(self) -> AbstractContextManager[Connection]:
        """A connection to read identities with."""

    def published(self) -> AbstractContextManager[Connection]:
        """A connection to read published figures with."""

    def change(self, *parts: str) -> AbstractContextManager[Draft]:
        """Write to the named parts: leaving the block publishes, an exception discards.

        Raises StoreError when another change is under way or the disk is too full.
        """

    def close(self) -> None:
        """Give connections back; the store can be used again afterwards."""
