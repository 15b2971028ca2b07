"""What one signed-in session burdens the server with: visits, and files on their way in. Both are kept in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

VISITS = 20  # of a session at once: each is a window, with its own state on the server


class Burden:
    """``key``: of a signed-in session. One for a server; asked in its loop alone."""

    def __init__(self) -> None:
        self._visits: Counter[str] = Counter()
        self._coming: Counter[str] = Counter()  # bytes

    def is_full(self, key: str) -> bool:
        """Whether a session has as many visits as it may."""
        return self._visits[key] >= VISITS

    @contextmanager
    def visit(self, key: str) -> Iterator[None]:
        """One more for the block."""
        with _counted(self._visits, key, 1):
            yield

    @contextmanager
    def coming(self, key: str, size: int) -> Iterator[int]:
        """A file of ``size`` bytes is on its way for the block. Gives the bytes of all that are."""
        with _counted(self._coming, key, size):
            yield self._coming[key]


@contextmanager
def _counted(counter: Counter[str], key: str, number: int) -> Iterator[None]:
    counter[key] += number
    try:
        yield
    finally:
        counter[key] -= number
        if not counter[key]:
            del counter[key]
