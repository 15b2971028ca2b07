"""The key of the log's chain, and from which entry on the log is keyed.

Whoever can write to the database alone could put a whole new chain of plain hashes in place of the old one. With a key
that only the installation has, the hashes cannot be made. Logs of older versions begin with plain hashes; from which entry on
they are keyed stands in the installation's folder, beside the key, so that it cannot be moved from within the database.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from data.access.tables import entry
from data.installation import Installation, InstallationError
from data.small_database import SmallDatabase

OPTION = "jiceng_log_key"  # of connections
FILE = "log_keyed_from"
KEYED = "k"  # before a keyed hash
_PURPOSE = b"jiceng: chain of the log"


@dataclass(frozen=True)
class LogKey:
    """``since``: number of the first entry whose hash is keyed."""

    key: bytes = field(repr=False)
    since: int


def key_of(installation: Installation, log: SmallDatabase) -> LogKey:
    """The key; the first time it is written down that the log is keyed from its next entry on.

    Raises InstallationError where the installation's secret is lost or what was written down cannot be read.
    """
    key = hmac.new(installation.secret(), _PURPOSE, hashlib.sha256).digest()
    path = installation.folder / FILE
    if not path.exists():
        _write(path, _first(log))
    try:
        return LogKey(key, int(path.read_text("ascii")))
    except (OSError, ValueError) as error:
        raise InstallationError(
            f"{path} 无法读取，请从备份恢复；日志的核验以它为准。\n"
            f"{path} cannot be read: restore it from a backup. It tells from where on the log is to be verified."
        ) from error


def _first(log: SmallDatabase) -> int:
    """The first keyed entry, or the one that is written next."""
    with log.reading() as connection:
        keyed = select(func.min(entry.c.entry)).where(entry.c.chain.startswith(KEYED))
        found = connection.execute(keyed).scalar()
        if found is None:
            found = (connection.execute(select(func.max(entry.c.entry))).scalar() or 0) + 1
    return found


def _write(path: Path, number: int) -> None:
    """Whole or not at all; who comes second finds what the first wrote."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(f"{number}\n", "ascii")
    part.replace(path)
