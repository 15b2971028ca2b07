"""A telephone number as sources write it, brought to one form, so that the same number is found to be the same."""

from __future__ import annotations

import re
import unicodedata

_SEVERAL = re.compile(r"[,;/|、或]")  # two numbers in a cell: the first that is one counts
_EXTENSION = re.compile(r"(转|分机|ext|[x#]).*", re.IGNORECASE)
_FROM_ABROAD = re.compile(r"^\s*\(?(\+|00)\s*86")
_OTHER = re.compile(r"[^0-9]")
_WITHIN = re.compile(
    r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"
)  # a mobile number as such, whatever stands beside it
_MOBILE = re.compile(r"(?:86|0)?(1[3-9][0-9]{9})")  # with a prefix that says nothing, or none
# Seven or eight digits, an area code before them or none, and an extension after a dash.
_LANDLINE = re.compile(
    r"([^0-9]*(?:0[0-9]{2,3}[^0-9]{0,2}|[1-9][0-9]{1,2}[^0-9]{1,2})?[2-8][0-9]{6,7}) *[-–—] *[0-9]{1,5}[^0-9]*"
)
_SHORTEST, _LONGEST = 7, 12  # a number without area code; an area code of four digits and eight more
_SAME = re.compile(r"([0-9])\1*|[0-9]*0{7}")  # 11111111111, 13000000000
_COUNTED = "0123456789" * 2


def number_of(text: str | None) -> str | None:
    """Digits only, an area code kept, 86 for China and an extension left out.

    None where the text is obviously no number (无, 11111111111). Of several the first counts; where nothing divides them the
    first mobile one.
    """
    if not text:
        return None
    text = unicodedata.normalize("NFKC", text)
    for part in _SEVERAL.split(text):
        part = _EXTENSION.sub("", part)
        for one in [*_WITHIN.findall(part), _WITHIN.sub(" ", part)]:
            found = _one(one)
            if found is not None:
                return found
    return None


def _one(text: str) -> str | None:
    abroad = _FROM_ABROAD.match(text)
    if abroad:
        text = text[abroad.end() :]
    digits = _OTHER.sub("", text)
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        digits = mobile[1]
    else:
        extended = _LANDLINE.fullmatch(text)
        if extended:
            digits = _OTHER.sub("", extended[1])
        if abroad and len(digits) > 8 and digits[0] != "0":
            digits = "0" + digits  # from abroad an area code has no 0
    if not _SHORTEST <= len(digits) <= _LONGEST or _SAME.fullmatch(digits) or digits in _COUNTED:
        return None
    return digits
