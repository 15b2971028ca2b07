"""The log, as commands write it: whoever is at the keyboard did it, as the system knows them."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from data.access import open_access
from data.access.accounts import folded
from data.installation import Installation
from data.small_database import SmallDatabase
from metrics.principal import LOCAL, Principal


def user() -> str:
    """Who is at the keyboard, as the system knows them."""
    return getpass.getuser()


def operator() -> Principal:
    """The same as whoever asks: who runs commands has the files, so they may everything."""
    return replace(LOCAL, name=folded(user()))


@contextmanager
def open_log(installation: Installation) -> Iterator[SmallDatabase]:
    """Accounts, sessions and the log of an installation, for the block."""
    opened = open_access(installation)
    try:
        yield opened
    finally:
        opened.close()
