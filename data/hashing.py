"""Keyed 63-bit hashes: the only form in which identifiers and business keys reach the records.

The key lies in the installation (`secret.key`), never in the store: without it a hash of an ID number
cannot be undone by trying all numbers.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

_63_BITS = (1 << 63) - 1


class Hasher:
    """Hashes of one installation. `kind` keeps equal texts of different meaning apart."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        # BLAKE2 takes at most 64 bytes of key; a digest of the secret always fits.
        self._row_key = hmac.digest(secret, b"rows", "sha256")

    def identifier(self, kind: str, text: str) -> int:
        """HMAC-SHA256, truncated: for ID numbers, names and other identifiers of persons."""
        return (
            int.from_bytes(hmac.digest(self._secret, f"{kind}\x1f{text}".encode(), "sha256")[:8], "big")
            & _63_BITS
        )

    def rows(self, texts: Iterable[str]) -> list[int]:
        """Business keys and row contents: BLAKE2, keyed too, several times faster."""
        blake, key = hashlib.blake2b, self._row_key
        return [
            int.from_bytes(blake(text.encode(), digest_size=8, key=key).digest(), "big") & _63_BITS
            for text in texts
        ]
