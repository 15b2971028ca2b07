"""What a disk or a damaged file does to any database, told in words that say what to do.

Drivers tell of both as errors of one kind with everything else that can go wrong, in English and in their own words; the
words are all that tells them apart.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

FULL = (
    "磁盘空间不足，未做任何更改。请清理磁盘后重试。\n"
    "The disk is full and nothing was changed: free some space and try again."
)
DAMAGED = (
    "数据文件已损坏或无法读取。请停止服务，用最近的备份恢复（manage.py restore），并检查磁盘。\n"
    "A data file is damaged or cannot be read. Stop the server, restore the latest backup (manage.py restore), and have "
    "the disk looked at."
)

_FULL_NUMBERS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = (
    "No space left",
    "disk is full",
    "Disk quota exceeded",
    "File too large",
    "could not extend file",
)
_DAMAGED_WORDS = (
    "not a valid DuckDB database file",
    "Corrupt database file",
    "Could not read enough bytes",
    "Could not read from file",
    "database does not exist",
    "file is not a database",
    "database disk image is malformed",
    "disk I/O error",
    "invalid page in block",
)


def failure(error: BaseException) -> str | None:
    """What to tell of an error that a disk or a damaged file has caused, Chinese and then English; None for any other."""
    for one in _causes(error):
        if isinstance(one, OSError) and one.errno in _FULL_NUMBERS:
            return FULL
        if not isinstance(one, DBAPIError | sqlite3.Error):
            continue
        words = str(one.orig) if isinstance(one, DBAPIError) else str(one)
        if any(said in words for said in _FULL_WORDS):
            return FULL
        if any(said in words for said in _DAMAGED_WORDS):
            return DAMAGED
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
