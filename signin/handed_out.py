"""What the server has told each signed-in session: addresses of files, and the number of its visit.

The page behind the gate makes addresses of files that it gives or takes, and answers whoever asks for them. They are told
over the websocket, so the gate, which sees what goes through it, knows whom they were told; to anybody else there is no
such file. The same with a visit that a browser wants to go on with.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable

_MEDIA = re.compile(r"/?media/([0-9a-f]{32})(?:\.\w{1,8})?")
_UPLOAD = re.compile(r"/?_stcore/upload_file/([0-9a-f-]{36}/[0-9a-f-]{36})")
_SESSIONS = 2_000  # of which it is known; the one that was told nothing for longest is forgotten first
_EACH = 5_000  # addresses of one session


class HandedOut:
    """``key``: of a signed-in session."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()
        self._visits: OrderedDict[str, str] = OrderedDict()  # visit -> whose

    def note(self, key: str, addresses: Iterable[str]) -> None:
        """Addresses were told to a session; those of no files are passed over."""
        found = [number for one in addresses if (number := _number(one)) is not None]
        if not found:
            return
        told = self._files.setdefault(key, OrderedDict())
        self._files.move_to_end(key)
        for one in found:
            told[one] = None
            told.move_to_end(one)
        while len(told) > _EACH:
            told.popitem(last=False)
        while len(self._files) > _SESSIONS:
            self._files.popitem(last=False)

    def note_visit(self, key: str, visit: str) -> None:
        """A visit began."""
        self._visits[visit] = key
        while len(self._visits) > _SESSIONS * 10:
            self._visits.popitem(last=False)

    def knows(self, key: str, path: str) -> bool:
        """Whether a session was told the address of a file."""
        return path.startswith("/") and _number(path) in self._files.get(key, ())

    def visits_of(self, key: str) -> list[str]:
        """The visits that a session began, those that are over among them."""
        return [visit for visit, whose in self._visits.items() if whose == key]

    def is_visit_of(self, key: str, visit: str) -> bool:
        """Whether a visit is one that this session began."""
        return self._visits.get(visit) == key

    def forget(self, key: str) -> None:
        """The session has ended."""
        self._files.pop(key, None)


def _number(address: str) -> str | None:
    """What tells a file's address from others; None of an address that is none of a file."""
    found = _MEDIA.fullmatch(address) or _UPLOAD.fullmatch(address)
    return None if found is None else found[1]
