"""Numbers of residents that stand where none belong: a shifted cell, an ID number used as the number of a contract.

The records hold no identifiers. A text of a row about a person that is a valid ID number or a mobile number is kept as a
keyed hash, so that rows which share it still meet; so is a health record's own code, which nothing needs to read.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from data.hashing import Hasher
from data.intake.findings import UnreadableError
from data.intake.id_numbers import parse_id_number

_SUSPECT = r"^(\d{15}|\d{17}[\dXx]|1[3-9]\d{9})$"
_MOBILE = re.compile(r"1[3-9]\d{9}")


def shielded(texts: pa.Array, hasher: Hasher) -> pa.Array:
    """The column with such numbers replaced."""
    suspect = pc.fill_null(pc.match_substring_regex(texts, _SUSPECT), False)
    if not pc.any(suspect).as_py():
        return texts
    encoded = texts.dictionary_encode()
    known = [shield(text, hasher) for text in encoded.dictionary.to_pylist()]
    return pa.array(known, pa.string()).take(encoded.indices)


def shield(text: str, hasher: Hasher) -> str:
    """The text, or what stands for it."""
    if _MOBILE.fullmatch(text) or _is_id_number(text):
        return token(text, hasher)
    return text


def token(text: str, hasher: Hasher) -> str:
    """What stands for a number: the same for the same number."""
    return f"#{hasher.identifier('shielded', text):016x}"


def tokens(texts: pa.Array, hasher: Hasher) -> pa.Array:
    """Every text of a column replaced."""
    encoded = texts.dictionary_encode()
    known = [token(text, hasher) for text in encoded.dictionary.to_pylist()]
    return pa.array(known, pa.string()).take(encoded.indices)


def _is_id_number(text: str) -> bool:
    try:
        return len(text) in (15, 18) and parse_id_number(text) is not None
    except UnreadableError:
        return False
