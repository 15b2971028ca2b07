"""Tries that the door turned away without looking at a password: counted, so that nobody can fill the log with them.

The first of an address in a minute is an entry of its own; those that follow within the minute are one entry more, with
their number, written with whatever the door writes next. A server that is killed loses the count of its last minute.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Connection

from data.access import audit
from data.access.audit import Who
from data.small_database import SmallDatabase

_MINUTE = 60.0
_NAMES = 1_000  # told apart
_ADDRESSES = 1_000  # counted at a time: with more everything is written at once


@dataclass
class _Count:
    began: float
    n: int = 0
    names: set[str] = field(default_factory=set)

    def add(self, name: str) -> None:
        self.n += 1
        if len(self.names) < _NAMES:
            self.names.add(name)

    def add_all(self, other: _Count) -> None:
        self.n += other.n
        self.names |= set(islice(other.names, max(0, _NAMES - len(self.names))))


_Told = tuple[tuple[str, str], _Count]  # of which address and reason, and how many


class TurnedAway:
    """One for a server; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], _Count] = {}
        self._unsure: dict[Connection, list[_Told]] = {}  # of transactions that have not ended

    @contextmanager
    def writing(self, database: SmallDatabase) -> Iterator[Connection]:
        """``database.writing()``: what does not come to stand there is counted still."""
        told: list[_Told] = []
        try:
            with database.writing() as connection:
                with self._lock:
                    self._unsure[connection] = told
                try:
                    yield connection
                finally:
                    with self._lock:
                        del self._unsure[connection]
        except BaseException:
            with self._lock:
                for key, count in told:
                    self._counts.setdefault(key, _Count(count.began)).add_all(count)
            raise

    def note(self, connection: Connection, name: str, address: str, why: str) -> None:
        """One more; ``name`` as typed, folded; ``connection`` of ``writing``."""
        self.write(connection)
        with self._lock:
            count = self._counts.get((address, why))
            if count is not None:
                count.add(name)
                return
            self._counts[(address, why)] = _Count(time.monotonic())
            unsure = self._unsure.get(connection)
            if unsure is not None:
                unsure.append(((address, why), _Count(time.monotonic(), 1, {name})))
        audit.append(connection, Who(name, "", address), "failed", {"why": why})

    def is_counting(self, address: str, why: str) -> bool:
        """Whether an entry of this minute tells it already: then nothing needs to be written."""
        with self._lock:
            count = self._counts.get((address, why))
            return count is not None and time.monotonic() - count.began < _MINUTE

    def count(self, name: str, address: str, why: str) -> None:
        """One more of those that ``is_counting``."""
        with self._lock:
            self._counts.setdefault((address, why), _Count(time.monotonic())).add(name)

    def write(self, connection: Connection, *, everything: bool = False) -> None:
        """Write down the counts whose minute is over, or all."""
        now = time.monotonic()
        with self._lock:
            everything = everything or len(self._counts) >= _ADDRESSES
            over = {key: one for key, one in self._counts.items() if everything or now - one.began >= _MINUTE}
            for key in over:
                del self._counts[key]
            unsure = self._unsure.get(connection)
            if unsure is not None:
                unsure.extend(over.items())
        for (address, why), count in over.items():
            if count.n:
                (who,) = count.names if len(count.names) == 1 else ("",)
                about = {"why": why, "n": count.n, "names": len(count.names)}
                audit.append(connection, Who(who, "", address), "failed", about)
