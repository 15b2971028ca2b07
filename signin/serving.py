"""The door of the installation that is being served: opened once for the server."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from data.access import open_access
from data.config import read_config
from data.installation import Installation, exists, home, open_installation
from data.small_database import SmallDatabase
from signin.desk import Desk
from signin.settings import Settings


def settings() -> Settings:
    """How one signs in here. Without an installation there is nothing to see but how to make one: open, to this machine."""
    if not exists():
        return Settings.of(read_config(), demo=True)
    found = _installation()
    return Settings.of(found.config, demo=found.is_demo)


def desk() -> Desk:
    """The door. InstallationError when there is no installation."""
    return Desk(access(), settings())


def access() -> SmallDatabase:
    """Accounts, sessions and the log of the installation in force."""
    found = _installation()
    return _access(str(found.folder), found.id)


def _installation() -> Installation:
    about = home() / "installation.toml"
    return _opened(str(home()), about.stat().st_mtime_ns if about.is_file() else 0)


@lru_cache(maxsize=1)
def _opened(folder: str, written: int) -> Installation:
    return open_installation(Path(folder))


@lru_cache(maxsize=1)
def _access(folder: str, identifier: str) -> SmallDatabase:
    return open_access(open_installation(Path(folder)))
