"""An installation: one folder with everything that belongs to one bureau, or to the demo.

installation.toml   kind, name, when made and with which arguments; written last, so that a folder
                    without it holds nothing that counts
secret.key          key of the keyed hashes (mode 600); never in the store, never in the repository
identity.key        key of residents' names (mode 600), unless config.toml names another place (docs/identifiers.md)
config.toml         optional: keys that differ from the defaults
parameters.csv      the bureau's own values of parameters; targets.csv its own targets (docs/standards.md)
geometry/           optional: borders, villages, grids, roads, sites as GeoJSON and csv (docs/geometry.md)
sources/            the demo's source files (demo only)
holidays.csv        optional: days off and weekends worked that the shipped notices do not know
store/              records, identities, published figures (DuckDB)
register.sqlite     the register: what people wrote
evidence/           files that prove what the register says
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from data.config import Config, read_config
from data.keys import DEFAULT, VARIABLE, KeyFile
from data.lock import LockedError, exclusive

HOME_VARIABLE = "JICENG_HOME"
KINDS = ("demo", "own")
_CODE = Path(__file__).resolve().parent.parent

# May lie in a folder that still counts as empty: what an interrupted making left, and a configuration.
_HARMLESS = {
    "secret.key",
    DEFAULT,
    "installation.toml.part",
    "installation.lock",
    "config.toml",
    "parameters.csv",
    "targets.csv",
}


class InstallationError(Exception):
    """No installation, the wrong kind, or no room for one; the message says what to do, in both languages."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where one bureau's data are, and with which settings. Make with the functions below."""

    folder: Path
    kind: str  # "demo" or "own": never both in one store
    id: str  # random; tells two installations apart
    name: str
    made_at: str  # ISO 8601, local time
    arguments: Mapping[str, object]  # of the demo: residents, seed, until
    config: Config = field(repr=False)  # may hold a password

    @property
    def is_demo(self) -> bool:
        return self.kind == "demo"

    @property
    def database(self) -> str:
        """Address of the PostgreSQL database; empty for DuckDB files."""
        return self.config.database

    @property
    def memory_limit(self) -> str:
        """What a build on DuckDB may use, such as "2GB"."""
        return self.config.build_memory

    @property
    def sources(self) -> Path:
        return self.folder / "sources"

    @property
    def identity_key(self) -> KeyFile:
        """The key file of residents' names: JICENG_IDENTITY_KEY, else config.toml's, else in the folder."""
        return key_file(self.folder, self.config)

    def secret(self) -> bytes:
        """The key of the keyed hashes. Raises InstallationError when it is lost."""
        try:
            return bytes.fromhex((self.folder / "secret.key").read_text("ascii").strip())
        except (OSError, ValueError) as error:
            raise InstallationError(
                f"密钥文件 {self.folder / 'secret.key'} 缺失或损坏，请从备份恢复；没有它，人员无法匹配。\n"
                f"The key file {self.folder / 'secret.key'} is missing or damaged: restore it from a backup. "
                "Without it persons cannot be matched."
            ) from error


def home() -> Path:
    """The installation folder: JICENG_HOME, else ``var/`` beside the code."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser().absolute() if named else _CODE / "var"


def exists(folder: Path | None = None) -> bool:
    """True when the folder holds an installation."""
    return ((folder or home()) / "installation.toml").is_file()


def is_empty(folder: Path | None = None) -> bool:
    """True when an installation may be made here."""
    folder = folder or home()
    return not folder.exists() or (
        folder.is_dir() and {entry.name for entry in folder.iterdir()} <= _HARMLESS
    )


def open_installation(folder: Path | None = None) -> Installation:
    """The installation in a folder (default: ``home()``). Raises InstallationError when there is none."""
    folder = folder or home()
    try:
        about = tomllib.loads((folder / "installation.toml").read_text("utf-8"))
        kind, identifier = about["kind"], about["id"]
    except FileNotFoundError as error:
        raise InstallationError(
            f"{folder} 中还没有数据。请先运行 python3 manage.py run（演示）或 python3 manage.py init（自有数据）。\n"
            f"There is no installation in {folder}. First say: python3 manage.py run (demo) or "
            "python3 manage.py init (own data)."
        ) from error
    except (OSError, KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InstallationError(
            f"{folder / 'installation.toml'} 无法读取，请从备份恢复。\n"
            f"{folder / 'installation.toml'} cannot be read: restore it from a backup. ({error!r})"
        ) from error
    return Installation(
        folder=folder,
        kind=kind,
        id=identifier,
        name=about.get("name", ""),
        made_at=about.get("made_at", ""),
        arguments=about.get("arguments", {}),
        config=read_config(folder),
    )


def make_installation(
    folder: Path | None = None, *, kind: str, name: str = "", arguments: Mapping[str, object] | None = None
) -> Installation:
    """Make an installation in an empty place. Raises InstallationError anywhere else."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    folder = folder or home()
    config = read_config(folder)  # a mistake in it is told now, before anything is made
    try:
        with exclusive(folder / "installation.lock"):
            if not is_empty(folder):
                raise InstallationError(_not_empty(folder))
            close_to_others(folder)
            _write_secret(folder / "secret.key")
            key_file(folder, config).make()
            _write_about(folder / "installation.toml", kind=kind, name=name, arguments=arguments or {})
    except LockedError as error:
        raise InstallationError(
            f"另一个进程正在 {folder} 中建立数据，请稍候再试。\n"
            f"Another process is making an installation in {folder}: try again in a moment."
        ) from error
    except OSError as error:
        raise InstallationError(
            f"无法写入 {folder}：{error.strerror}。请设置环境变量 {HOME_VARIABLE} 指向可写的文件夹。\n"
            f"Cannot write to {folder}: {error.strerror}. Set {HOME_VARIABLE} to a folder that can be written."
        ) from error
    return open_installation(folder)


def close_to_others(folder: Path) -> None:
    """Nobody but its owner may enter a folder (POSIX; mode 700). One that is somebody else's stays as it is."""
    if os.name == "posix":
        with suppress(PermissionError):
            folder.chmod(0o700)


def require_disk(folder: Path, needed: int, purpose: str) -> None:
    """Raises InstallationError when the disk of ``folder`` has less than ``needed`` bytes free."""
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        gib = 1024**3
        raise InstallationError(
            f"磁盘空间不足：{purpose} 需要 {needed / gib:.1f} GB，{place} 只剩 {free / gib:.1f} GB。请清理，"
            f"或设置环境变量 {HOME_VARIABLE} 指向更大的磁盘。\n"
            f"Disk too full: {purpose} needs {needed / gib:.1f} GB, {place} has {free / gib:.1f} GB. Free some, "
            f"or set {HOME_VARIABLE} to a folder on a larger disk."
        )


def key_file(folder: Path, config: Config) -> KeyFile:
    """The key file of residents' names; a relative path is meant from the folder, wherever the process stands."""
    return KeyFile(folder / Path(os.environ.get(VARIABLE) or config.identity_key or DEFAULT).expanduser())


def _not_empty(folder: Path) -> str:
    if exists(folder):
        kind = open_installation(folder).kind
        return (
            f"{folder} 已是{'演示' if kind == 'demo' else '自有'}数据，演示与真实数据不共用一处。"
            f"请设置环境变量 {HOME_VARIABLE} 指向一个空文件夹。\n"
            f"{folder} already holds an installation ({kind}); demo and real records never share a place. "
            f"Set {HOME_VARIABLE} to an empty folder."
        )
    return (
        f"{folder} 不是空文件夹。请设置环境变量 {HOME_VARIABLE} 指向一个空文件夹。\n"
        f"{folder} is not empty. Set {HOME_VARIABLE} to an empty folder."
    )


def _write_secret(path: Path) -> None:
    """A new key, readable by its owner only. Replaces what an interrupted making left."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def _write_about(path: Path, *, kind: str, name: str, arguments: Mapping[str, object]) -> None:
    """Whole or not at all: written beside, then renamed."""
    lines = [
        f"kind = {_toml(kind)}",
        f"id = {_toml(secrets.token_hex(8))}",
        f"name = {_toml(name)}",
        f"made_at = {_toml(datetime.now().isoformat(timespec='seconds'))}",
        "",
        "[arguments]",
        *(f"{key} = {_toml(value)}" for key, value in arguments.items()),
    ]
    part = path.with_name(path.name + ".part")
    part.write_text("\n".join(lines) + "\n", "utf-8")
    part.replace(path)


def _toml(value: object) -> str:
    """A text, number or truth value as TOML: for these JSON is written the same way."""
    return json.dumps(value, ensure_ascii=False)
