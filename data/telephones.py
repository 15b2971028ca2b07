"""A telephone number as sources write it, brought to one form, so that the same number is found to be the same."""

from __future__ import annotations

import re
import unicodedata

_SEVERAL = re.compile(r"[,;/|、或]")  # two numbers in a cell: the first that is one counts
_EXTENSION = re.compile(r"(转|分机|ext|[x#]).*", re.IGNORECASE)
_FROM_ABROAD = re.compile(r"^\s*\(?(\+|00)\s*86")
_OTHER = re.compile(r"[^0-9]")
_MOBILE = re.compile(r"(?:86|0)(1[3-9][0-9]{9})")  # with a prefix that says nothing
_SHORTEST, _LONGEST = 7, 12  # a number without area code; an area code of four digits and eight more
_SAME = re.compile(r"([0-9])\1{6}$")  # 00000000000, 11111111111, 13000000000
_COUNTED = "0123456789" * 2


def number_of(text: str | None) -> str | None:
    """Digits only, an area code kept, 86 for China left out; None where the text is obviously no number (无, 11111111111)."""
    if not text:
        return None
    for part in _SEVERAL.split(unicodedata.normalize("NFKC", text)):
        found = _one(part)
        if found is not None:
            return found
    return None


def _one(text: str) -> str | None:
    text = _EXTENSION.sub("", text)
    abroad = _FROM_ABROAD.match(text)
    digits = _OTHER.sub("", text[abroad.end() :] if abroad else text)
    prefixed = _MOBILE.fullmatch(digits)
    if prefixed:
        digits = prefixed[1]
    elif abroad and len(digits) > 8 and digits[0] != "0" and not _MOBILE.fullmatch("0" + digits):
        # From abroad an area code has no 0.
        digits = "0" + digits
    if not _SHORTEST <= len(digits) <= _LONGEST or _SAME.search(digits) or digits in _COUNTED:
        return None
    return digits
