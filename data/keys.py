"""The key file: with what names are sealed. Never in the database, in a backup of it, or in the repository.

One line a key: its number, 64 hexadecimal digits, the day on which it was made. The highest number seals; the others
only open what a rotation (``data.resealing``) has not sealed anew yet.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from datetime import date
from pathlib import Path

from data.sealing import Sealer

VARIABLE = "JICENG_IDENTITY_KEY"
DEFAULT = "identity.key"
_HEAD = (
    "# 基层 Jiceng：居民姓名等的加密密钥。与数据库和备份分开保管；丢失后姓名无法恢复。\n"
    "# Key of residents' names. Keep a copy apart from the database and its backups: without it names are gone.\n"
)
_BYTES = 32


class KeyFileError(Exception):
    """A key file that is missing, damaged or cannot be written; the message says what to do, in both languages."""


class KeyFile:
    """The keys of one installation. ``path`` may lie anywhere that the process can read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # A reader may hold a generation whose rows a rotation has sealed anew meanwhile: what was read is kept.
        self._known: dict[int, bytes] = {}

    def exists(self) -> bool:
        return self.path.is_file()

    def make(self) -> None:
        """Make the file with its first key; one that is there stays as it is."""
        if not self.exists():
            self._write({1: (secrets.token_bytes(_BYTES), date.today().isoformat())}, replace=False)

    def sealer(self) -> Sealer:
        """What seals and opens. Raises KeyFileError."""
        keys = {number: key for number, (key, _) in self.read().items()}
        self._known |= keys
        return Sealer(dict(self._known), max(keys))

    def read(self) -> dict[int, tuple[bytes, str]]:
        """number -> (key, day). Raises KeyFileError."""
        try:
            lines = self.path.read_text("utf-8").splitlines()
        except FileNotFoundError as error:
            raise KeyFileError(_missing(self.path)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(_damaged(self.path)) from error
        keys: dict[int, tuple[bytes, str]] = {}
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            try:
                number, key, day = line.split()
                pair = int(number), bytes.fromhex(key)
            except ValueError as error:
                raise KeyFileError(_damaged(self.path)) from error
            if pair[0] in keys or pair[0] < 1 or len(pair[1]) != _BYTES:
                raise KeyFileError(_damaged(self.path))
            keys[pair[0]] = pair[1], day
        if not keys:
            raise KeyFileError(_damaged(self.path))
        return keys

    def add(self) -> int:
        """A new key, with which everything is sealed from now on. Returns its number."""
        keys = self.read()
        number = max(keys) + 1
        self._write(keys | {number: (secrets.token_bytes(_BYTES), date.today().isoformat())}, replace=True)
        return number

    def drop_older(self) -> None:
        """Keep the newest key only: for when nothing needs the others any more."""
        keys = self.read()
        newest = max(keys)
        if len(keys) > 1:
            self._write({newest: keys[newest]}, replace=True)

    def open_to_others(self) -> bool:
        """Whether accounts of the machine other than the owner's may read the file (POSIX)."""
        return os.name == "posix" and bool(self.path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))

    def _write(self, keys: dict[int, tuple[bytes, str]], *, replace: bool) -> None:
        """Whole or not at all, readable by its owner only; ``replace`` False: a file that is there wins."""
        text = _HEAD + "".join(f"{number} {key.hex()} {day}\n" for number, (key, day) in keys.items())
        part = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                part.replace(self.path)
            else:
                with suppress(FileExistsError):
                    os.link(part, self.path)
            _keep_name(self.path.parent)
        except OSError as error:
            raise KeyFileError(
                f"无法写入密钥文件 {self.path}：{error.strerror}。请建立其文件夹，或修改 config.toml 的 identity_key。\n"
                f"The key file {self.path} cannot be written: {error.strerror}. Make its folder, or change "
                "identity_key in config.toml."
            ) from error
        finally:
            part.unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """What a folder's files are called is on the disk too: without it a failing current could bring the old key back."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _missing(path: Path) -> str:
    return (
        f"缺少密钥文件 {path}：居民姓名无法读取，指标不受影响。请从单独保管的副本恢复；"
        f"文件在别处的，请设置 config.toml 的 identity_key 或环境变量 {VARIABLE}。\n"
        f"The key file {path} is missing: names of residents cannot be read; figures are not concerned. Restore it from\n"
        f"the copy that is kept apart; where it lies elsewhere, set identity_key in config.toml or {VARIABLE}."
    )


def _damaged(path: Path) -> str:
    return (
        f"密钥文件 {path} 无法读取或已损坏：居民姓名无法读取，指标不受影响。请从单独保管的副本恢复。\n"
        f"The key file {path} cannot be read or is damaged: names of residents cannot be read; figures are not "
        "concerned. Restore it from the copy that is kept apart."
    )
