"""The door of the installation that is being served: opened once for the server."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from data.access import open_access
from data.config import ConfigError, read_config
from data.installation import Installation, InstallationError, exists, home, is_empty, open_installation
from data.small_database import SmallDatabase
from signin.desk import Desk
from signin.oidc import Oidc
from signin.settings import Settings
from signin.turned_away import TurnedAway

SECRET_FILE = "oidc.secret"
SECRET_VARIABLE = "JICENG_OIDC_SECRET"
_turned_away = TurnedAway()


def settings() -> Settings:
    """How one signs in here. Where nothing was ever made there is nothing to see but how to make one: open, to this
    machine. Raises InstallationError or ConfigError where something is there and cannot be read, or was there and is
    gone: a disk that fell off is no demo."""
    if not exists():
        if str(home()) in _served or not is_empty():
            raise InstallationError(_GONE.format(folder=home()))
        return Settings.of(read_config(), demo=True)
    found = _installation()
    return Settings.of(found.config, demo=found.is_demo)


def desk() -> Desk:
    """The door. InstallationError when there is no installation."""
    return Desk(access(), settings(), _turned_away)


def access() -> SmallDatabase:
    """Accounts, sessions and the log of the installation in force."""
    found = _installation()
    return _access(str(found.folder), found.id)


def oidc() -> Oidc:
    """The identity server of the installation in force. Raises ConfigError where its secret cannot be read."""
    found, asked = _installation(), settings()
    return _oidc(str(found.folder), asked.issuer, asked.client, asked.claim)


def close() -> None:
    """The server stops."""
    if str(home()) in _served and exists():
        desk().close_counts()


def _installation() -> Installation:
    about = home() / "installation.toml"
    found = _opened(str(home()), about.stat().st_mtime_ns if about.is_file() else 0)
    _served.add(str(home()))
    return found


_served: set[str] = set()  # folders of which this process has shown something
_GONE = (
    "{folder} 中的数据缺少 installation.toml（文件丢失，或磁盘没有挂载），看板暂停服务。请从备份恢复或挂载磁盘。\n"
    "installation.toml is missing from {folder} (lost, or the disk is not mounted): nothing is shown until it is back."
)


@lru_cache(maxsize=1)
def _opened(folder: str, written: int) -> Installation:
    return open_installation(Path(folder))


@lru_cache(maxsize=1)
def _access(folder: str, identifier: str) -> SmallDatabase:
    return open_access(open_installation(Path(folder)))


@lru_cache(maxsize=1)
def _oidc(folder: str, issuer: str, client: str, claim: str) -> Oidc:
    return Oidc(issuer, client, secret_of(Path(folder)), claim)


def secret_of(folder: Path) -> str:
    """The client's secret: of the environment, else of a file that nobody else may read; "": a client without one."""
    if said := os.environ.get(SECRET_VARIABLE):
        return said
    path = folder / SECRET_FILE
    if not path.exists():
        return ""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ConfigError(
            f"{path} 其他用户也能读取，请改为仅本用户可读。\nOthers can read {path}: chmod 600 {path}"
        )
    return path.read_text("utf-8").strip()
