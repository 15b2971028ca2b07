"""One change at a time: an operating-system lock on a file, gone with the process that holds it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.store.contract import StoreError


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock for the block; StoreError at once when another process (or thread) holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        _take(handle, path)
        yield
    finally:
        os.close(handle)  # closing gives the lock back, on every system


def _take(handle: int, path: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise StoreError(
            f"另一个导入或计算正在进行，请待其结束后再试。Another import or build is writing to {path.parent}; "
            "wait for it to end and try again."
        ) from error
