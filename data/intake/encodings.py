"""How the bytes of a text file become characters, and which character parts its columns.

A byte order mark decides; else strict UTF-8; else strict GB18030, which contains GBK and GB 2312. A file
that is none of these is refused: a character dropped in silence could be a digit.
"""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

from data.intake.findings import UnreadableError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLOCK = 1 << 20
_DELIMITERS = ",\t;|"


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_encoding(path: Path) -> str:
    """Name of the encoding that every byte of the file obeys. Raises UnreadableError."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            if _obeys(path, name):
                return name
            raise UnreadableError("file_encoding")
    for name in ("utf-8", "gb18030"):
        if _obeys(path, name):
            return name
    raise UnreadableError("file_encoding")


def _obeys(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                if "\x00" in decoder.decode(block):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def find_delimiter(path: Path, encoding: str) -> str:
    """The separator that the first lines hold most of."""
    with path.open(encoding=encoding, newline="") as file:
        head = [file.readline(100_000) for _ in range(30)]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in head))
