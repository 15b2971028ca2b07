"""The files of an installation, copied while it is worked with.

Parts of a DuckDB store never change once they are published, so one generation is copied as it is; SQLite files are copied by
SQLite itself, which gives the state of one moment.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from data.backup.manifest import BackupError
from data.leftovers import OPEN, UPLOAD

#: Never in a copy unless asked for: what opens what the copy holds.
KEYS = ("*.key*", "*.secret*")
# Made anew, or of work under way.
_LEFT_OUT = ("*.lock", "sources", "store", "before-restore-*", "*.sqlite*")
# Wherever they lie: work under way, residents in the clear (``data.leftovers``), a password that opens everything.
_NEVER = ("*.part", f"{OPEN}*", f"{UPLOAD}*", "first-password.txt")
_DATABASES = ("register.sqlite", "access.sqlite")
_TRIES = 5


def is_key(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in KEYS)


def copy(home: Path, target: Path, *, key_file: Path, keys: bool, store: bool) -> None:
    """Everything of an installation folder into ``target``; ``store``: the DuckDB store and SQLite files as well.

    ``key_file`` is a key whatever it is called, where it lies in the folder.
    """
    target.mkdir(parents=True)
    left_out = () if keys else (key_file.resolve(),)
    for path in sorted(home.iterdir()):
        if not any(fnmatch.fnmatch(path.name, pattern) for pattern in _LEFT_OUT):
            _take(path, target / path.name, left_out, keys=keys)
    if store:
        for name in _DATABASES:
            if (home / name).is_file():
                _sqlite(home / name, target / name)
        _generation(home / "store", target / "store")


def files_of(folder: Path) -> Iterator[Path]:
    """Every file below a folder."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _take(source: Path, target: Path, left_out: tuple[Path, ...], *, keys: bool) -> None:
    """A file, or a folder with what is in it."""
    if any(fnmatch.fnmatch(source.name, pattern) for pattern in _NEVER):
        return
    if source.is_dir():
        target.mkdir()
        for path in sorted(source.iterdir()):
            _take(path, target / path.name, left_out, keys=keys)
    elif keys or not (is_key(source.name) or source.resolve() in left_out):
        shutil.copy2(source, target)


def _sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")
        (told,) = new.execute("PRAGMA integrity_check").fetchone()
    if told != "ok":
        raise BackupError(
            f"{source} 已损坏，备份没有完成：{told}\n{source} is damaged, the backup was not finished: {told}"
        )
    target.chmod(0o600)


def _generation(source: Path, target: Path) -> None:
    """The generation in force. Another one may be published twice meanwhile, and its files go: then it is that one."""
    for attempt in range(_TRIES):
        try:
            told = json.loads((source / "current.json").read_text("utf-8"))
        except FileNotFoundError:
            return  # nothing was ever imported
        except ValueError as error:
            raise BackupError(
                f"{source / 'current.json'} 已损坏，备份没有完成。\n"
                f"{source / 'current.json'} is damaged: the backup was not finished."
            ) from error
        target.mkdir(exist_ok=True)
        try:
            for name in told["parts"].values():
                shutil.copyfile(source / name, target / name)
        except FileNotFoundError:
            shutil.rmtree(target)
            if attempt == _TRIES - 1:
                raise
            continue
        (target / "current.json").write_text(json.dumps({**told, "before": {}}, indent=1), "utf-8")
        return
