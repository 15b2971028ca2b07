"""Sealing: AES-256-GCM over what names residents, bound to where it belongs.

A sealed row is a nonce of 12 bytes (random) and the ciphertext with its tag of 16. What it is bound to is not stored with
it: whoever moves a blob to another row, or changes a bit of it, gets an error, and nobody a wrong name.
https://csrc.nist.gov/pubs/sp/800/38/d/final
"""

from __future__ import annotations

import hmac
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE, _TAG = 12, 16
_MAGIC = b"JICENG sealed 1\n"
_FRAME = 1 << 20  # bytes of a file that are sealed together
_HEAD = struct.Struct(">I")
_63_BITS = (1 << 63) - 1


class SealError(Exception):
    """What cannot be opened: ``rule`` is key (no such key here) or seal (changed, or of another place)."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class Sealer:
    """Seals with the key ``current``, opens with any of ``keys`` (number -> 32 bytes)."""

    def __init__(self, keys: Mapping[int, bytes], current: int) -> None:
        self.current = current
        self._keys = {number: AESGCM(key) for number, key in keys.items()}
        self._marking = {number: hmac.digest(key, b"marks", "sha256") for number, key in keys.items()}

    def seal(self, texts: Iterable[bytes | None], places: Sequence[bytes]) -> list[bytes | None]:
        """Each text sealed for its place, with the current key; None stays None."""
        encrypt = self._keys[self.current].encrypt
        random = os.urandom(_NONCE * len(places))
        sealed: list[bytes | None] = []
        for start, (text, place) in zip(
            range(0, len(random), _NONCE), zip(texts, places, strict=True), strict=True
        ):
            nonce = random[start : start + _NONCE]
            sealed.append(None if text is None else nonce + encrypt(nonce, text, place))
        return sealed

    def open(self, sealed: bytes, place: bytes, key: int) -> bytes:
        """The text of a place. Raises SealError."""
        if key not in self._keys:
            raise SealError("key")
        try:
            return self._keys[key].decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise SealError("seal") from error

    def mark(self, kind: str, text: str | None, key: int | None = None) -> int:
        """A keyed hash by which sealed texts that are equal can be told, without opening them: HMAC-SHA256, 1 to 2**63 - 1; 0 of nothing.

        Made of the sealing key (``key``, else the current one): of what has few possible values, whoever has the key of a hash
        finds the text by trying, so no other key may do what this one does. Only marks of one key can be compared.
        """
        if not text:
            return 0
        secret = self._marking[self.current if key is None else key]
        digest = hmac.digest(secret, f"{kind}\x1f{text}".encode(), "sha256")
        return int.from_bytes(digest[:8], "big") & _63_BITS or 1

    # -- files, in frames, so that their size does not matter

    def seal_file(self, source: Path, target: Path, name: bytes) -> None:
        """``source`` sealed as ``target``, which must not be there yet; ``name`` is what it is bound to."""
        with source.open("rb") as plain, _private(target) as out:
            out.write(_MAGIC + _HEAD.pack(self.current))
            number, frame = 0, plain.read(_FRAME)
            while True:
                following = plain.read(_FRAME)
                (sealed,) = self.seal([frame], [_frame_place(name, number, last=not following)])
                out.write(_HEAD.pack(len(sealed)) + sealed)
                if not following:
                    return
                number, frame = number + 1, following

    def open_file(self, source: Path, target: Path, name: bytes) -> None:
        """What ``seal_file`` sealed, as ``target``. Raises SealError; the target is then not to be used."""
        with source.open("rb") as file, _private(target) as out:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise SealError("seal")
            (key,) = _HEAD.unpack(_exactly(file, _HEAD.size))
            number, sealed = 0, _next_frame(file)
            while sealed is not None:
                following = _next_frame(file)
                out.write(self.open(sealed, _frame_place(name, number, last=following is None), key))
                number, sealed = number + 1, following
            if number == 0:
                raise SealError("seal")


def key_of_file(path: Path) -> int | None:
    """The number of the key with which a file is sealed; None where it is not sealed."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return None
        return _HEAD.unpack(_exactly(file, _HEAD.size))[0]


def _frame_place(name: bytes, number: int, *, last: bool) -> bytes:
    return b"file" + struct.pack(">QB", number, last) + name


def _next_frame(file) -> bytes | None:
    head = file.read(_HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size or (size := _HEAD.unpack(head)[0]) > _FRAME + _NONCE + _TAG:
        raise SealError("seal")
    return _exactly(file, size)


def _exactly(file, size: int) -> bytes:
    read = file.read(size)
    if len(read) < size:
        raise SealError("seal")
    return read


def _private(path: Path):
    """A new file that its owner alone may read."""
    # Windows would otherwise change line ends on the way.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")
