"""One at a time: an operating-system lock on a file, gone with the process that holds it.

Standard library only: it also guards the making of the environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockedError(Exception):
    """Another process (or thread) holds the lock."""


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock of ``path`` for the block; raises LockedError at once when it is held elsewhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        try:
            _take(handle)
        except OSError as error:
            raise LockedError(path) from error
        yield
    finally:
        os.close(handle)  # closing gives the lock back, on every system


def _take(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
