"""Originals of files with refused or doubtful rows: they name people, so they are kept sealed.

``received/<sha256><suffix>.sealed``, bound to the digest. Whoever reads one gets a plain copy in a folder of its own, for the
length of a block.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.installation import Installation
from data.leftovers import OPEN, RECEIVED, sweep
from data.sealing import Sealer, key_of_file

FOLDER = RECEIVED
_SEALED = ".sealed"


def keep(installation: Installation, sealer: Sealer, source: Path, sha256: str) -> None:
    """Keep a file; one that is kept already stays."""
    kept = _path(installation, sha256, source.name)
    if kept.exists():
        return
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    _seal(sealer, source, kept, sha256)


def is_kept(installation: Installation, sha256: str, name: str) -> bool:
    return _path(installation, sha256, name).is_file()


@contextmanager
def opened(installation: Installation, sha256: str, name: str) -> Iterator[Path]:
    """A plain copy of a kept file for the block. Raises KeyFileError, and SealError where it was changed."""
    folder = installation.folder / FOLDER
    sweep(installation.folder)
    kept = _path(installation, sha256, name)
    with tempfile.TemporaryDirectory(prefix=OPEN, dir=folder) as place:
        plain = Path(place) / f"{sha256}{Path(name).suffix.lower()}"
        installation.identity_key.sealer().open_file(kept, plain, sha256.encode())
        yield plain


def plain_originals(installation: Installation) -> list[Path]:
    """What an older release kept in the clear."""
    return [path for path in _files(installation) if path.suffix != _SEALED]


def seal_plain_originals(installation: Installation) -> bool:
    """Seal what an older release kept in the clear. Returns whether there was anything."""
    plain = plain_originals(installation)
    if not plain:
        return False
    installation.identity_key.make()
    sealer = installation.identity_key.sealer()
    for path in plain:
        if path.suffix != ".part":
            keep(installation, sealer, path, path.stem)
        path.unlink()
    return True


def keys_in_use(installation: Installation) -> dict[int, int]:
    """Number of a key -> how many files it seals."""
    found: dict[int, int] = {}
    for path in _files(installation):
        if path.suffix == _SEALED and (key := key_of_file(path)) is not None:
            found[key] = found.get(key, 0) + 1
    return found


def reseal(installation: Installation, sealer: Sealer) -> int:
    """Seal every kept file with the current key. Returns how many were not. Raises SealError."""
    done = 0
    for path in _files(installation):
        if path.suffix != _SEALED or key_of_file(path) == sealer.current:
            continue
        sha256 = path.name.partition(".")[0]
        with tempfile.TemporaryDirectory(prefix=OPEN, dir=path.parent) as place:
            plain = Path(place) / "plain"
            sealer.open_file(path, plain, sha256.encode())
            _seal(sealer, plain, path, sha256)
        done += 1
    return done


def _seal(sealer: Sealer, source: Path, kept: Path, sha256: str) -> None:
    """Whole or not at all: written beside, then renamed."""
    part = kept.with_name(kept.name + ".part")
    part.unlink(missing_ok=True)
    sealer.seal_file(source, part, sha256.encode())
    part.replace(kept)


def _files(installation: Installation) -> list[Path]:
    folder = installation.folder / FOLDER
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _path(installation: Installation, sha256: str, name: str) -> Path:
    return installation.folder / FOLDER / f"{sha256}{Path(name).suffix.lower()}{_SEALED}"
