"""Passwords: what is asked of one, and the slow salted hash that is kept of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import string
import threading

# RFC 7914's interactive setting, one step up: 32 MB and some tenth of a second for each guess.
_N, _R, _P = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024
_SALT, _LENGTH = 16, 32
_LONGEST = 256  # characters: more is no password but an attempt to keep the server busy
# Of each some 32 MB of memory: whoever asks for more at once waits.
_AT_ONCE = threading.BoundedSemaphore(4)
_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


def hashed(password: str) -> str:
    """``scrypt$n$r$p$salt$hash``, with a new salt each time."""
    salt = secrets.token_bytes(_SALT)
    return f"scrypt${_N}${_R}${_P}${_text(salt)}${_text(_derived(password, salt, _N, _R, _P))}"


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one of which the hash was kept; as slow without a hash as with one."""
    if len(password) > _LONGEST:
        return False
    _, n, r, p, salt, expected = (kept or _NOBODY).split("$")
    found = _derived(password, _bytes(salt), int(n), int(r), int(p))
    return hmac.compare_digest(found, _bytes(expected)) and kept is not None


def faults(password: str, name: str, least: int) -> list[str]:
    """Codes of what is wrong with a new password: short, long, kinds, name. Empty: nothing."""
    found = []
    if len(password) < least:
        found.append("short")
    if len(password) > _LONGEST:
        found.append("long")
    others = any(letter not in "".join(_KINDS) for letter in password)
    if sum(any(letter in kind for letter in password) for kind in _KINDS) + others < 3:
        found.append("kinds")  # three of: small letters, capitals, digits, anything else
    if name and name.casefold() in password.casefold():
        found.append("name")
    return found


def invented(length: int = 16) -> str:
    """A password for a first sign-in, without letters that look alike."""
    letters = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
    while True:
        found = "".join(secrets.choice(letters) for _ in range(length))
        if not faults(found, "", length):
            return found


def _derived(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    with _AT_ONCE:
        return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=_LENGTH)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: str) -> bytes:
    return base64.b64decode(value)


#: Of no password that anyone knows: a name that does not exist takes as long to refuse as one that does.
_NOBODY = hashed(secrets.token_urlsafe(_LENGTH))
