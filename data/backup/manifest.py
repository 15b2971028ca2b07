"""What a copy is of, and the digest of each of its files. Written last: a folder without it is no copy."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

NAME = "manifest.json"
_PRODUCT, _FORMAT = "jiceng", 1
_STEP = 1024 * 1024

Progress = Callable[[str, int, int], None]  # name of a file, bytes done, bytes in all


class BackupError(Exception):
    """A copy that cannot be made or put in force; the message says why, in both languages."""


@dataclass(frozen=True)
class Manifest:
    """``files``: path within the copy -> (bytes, SHA-256)."""

    made_at: str  # ISO 8601, UTC
    installation: str  # its id
    kind: str
    name: str
    engine: str  # duckdb, postgresql
    schema: str  # the last step of migrations that the program knew
    with_keys: bool
    secret: str  # what the secret key is told by: fingerprint()
    files: dict[str, tuple[int, str]]
    seal: str = ""  # keyed_seal(), of all the rest


def keyed_seal(manifest: Manifest, secret: bytes) -> str:
    """What only whoever has the installation's secret key can write: HMAC-SHA256 of the manifest."""
    key = hmac.new(secret, b"jiceng: seal of a backup", hashlib.sha256).digest()
    told = json.dumps(asdict(replace(manifest, seal="")), ensure_ascii=False, sort_keys=True)
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()


def is_sealed_with(manifest: Manifest, secret: bytes) -> bool:
    """Whether the manifest stands as the owner of the key wrote it."""
    return hmac.compare_digest(manifest.seal.encode(), keyed_seal(manifest, secret).encode())


def fingerprint(secret: bytes) -> str:
    """What tells two keys apart and tells nothing of them."""
    return hashlib.sha256(b"jiceng: which key\n" + secret).hexdigest()[:16]


def digest(path: Path, told: Callable[[int], None] = lambda read: None) -> tuple[int, str]:
    """(bytes, SHA-256) of a file; ``told`` hears how much was read."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while part := file.read(_STEP):
            found.update(part)
            size += len(part)
            told(len(part))
    return size, found.hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Whole or not at all."""
    part = folder / f"{NAME}.part"
    part.write_text(
        json.dumps(
            {"product": _PRODUCT, "format": _FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1
        ),
        "utf-8",
    )
    part.replace(folder / NAME)


def read(folder: Path) -> Manifest:
    """Raises BackupError where the folder is no copy of ours, or one that this program does not understand."""
    try:
        told = json.loads((folder / NAME).read_text("utf-8"))
        product, version = told.pop("product"), told.pop("format")
    except FileNotFoundError as error:
        raise BackupError(
            f"{folder} 不是备份，或备份没有完成（缺少 {NAME}）。\n"
            f"{folder} is no backup, or one that was not finished: it has no {NAME}."
        ) from error
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise BackupError(_damaged(folder / NAME)) from error
    if product != _PRODUCT:
        raise BackupError(f"{folder} 是其他系统的备份。\n{folder} is a backup of another product.")
    if version != _FORMAT:
        raise BackupError(
            f"{folder} 由更新版本的程序备份，请先安装新版本。\n"
            f"{folder} was made by a newer program: install that first."
        )
    try:
        files = {path: (int(size), str(sha)) for path, (size, sha) in told.pop("files").items()}
        return Manifest(**told, files=files)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError(_damaged(folder / NAME)) from error


def verify(folder: Path, manifest: Manifest, progress: Progress = lambda name, done, total: None) -> None:
    """Raises BackupError where a file lacks, is another one, or leads out of the folder. Changes nothing."""
    total, done = sum(size for size, _ in manifest.files.values()), 0
    for name, expected in manifest.files.items():
        path = _within(folder, name)
        if not path.is_file():
            raise BackupError(
                f"备份不完整，缺少 {name}，没有恢复任何内容。\n"
                f"The backup is not whole: {name} is missing. Nothing was restored."
            )
        if path.stat().st_size != expected[0] or digest(path) != expected:
            raise BackupError(_other(name))
        done += expected[0]
        progress(name, done, total)


def copy_listed(folder: Path, manifest: Manifest, part: str, target: Path) -> None:
    """The listed files below ``part`` of a copy into the new folder ``target``, of mode 600; nothing else of it is taken.

    Each is told by its digest while it is copied, not before alone. Raises BackupError.
    """
    target.mkdir(mode=0o700)
    for name, expected in manifest.files.items():
        if not name.startswith(f"{part}/"):
            continue
        source, place = _within(folder, name), target / name.removeprefix(f"{part}/")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _copy(source, place) != expected:
            raise BackupError(_other(name))


def _copy(source: Path, target: Path) -> tuple[int, str]:
    """(bytes, SHA-256) of what was copied. Raises BackupError for anything but a plain file."""
    found, size = hashlib.sha256(), 0
    try:
        # O_NONBLOCK: a pipe in place of a file must not hold us up.
        handle = os.open(
            source,
            os.O_RDONLY
            | getattr(os, "O_NOFOLLOW", 0)
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_BINARY", 0),
        )
    except OSError as error:
        raise BackupError(_damaged(source)) from error
    with os.fdopen(handle, "rb") as read_from:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise BackupError(_damaged(source))
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while part := read_from.read(_STEP):
                found.update(part)
                size += len(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
    return size, found.hexdigest()


def _within(folder: Path, name: str) -> Path:
    """Where a listed file is. Raises BackupError where its path leads elsewhere, by itself or by a link on the way."""
    path = PurePosixPath(name)
    there = folder.resolve() / path
    if path.is_absolute() or ".." in path.parts or "\\" in name or there.resolve() != there:
        raise BackupError(_damaged(folder / NAME))
    return there


def _other(name: str) -> str:
    return (
        f"备份已损坏：{name} 与备份时不一致，没有恢复任何内容。\n"
        f"The backup is damaged: {name} is not what was written. Nothing was restored."
    )


def _damaged(path: Path) -> str:
    return f"备份已损坏：{path} 无法读取。\nThe backup is damaged: {path} cannot be read."
