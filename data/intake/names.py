"""Names of persons in one spelling, so that equal names compare equal."""

from __future__ import annotations

import re

from data.intake.cells import is_missing, normal

_DOTS = re.compile("[•‧∙⋅●．・.]")
_REMARK = re.compile(r"[(（\[【].*?[)）\]】]")
_BLANKS = re.compile(r"\s+")


def parse_name(text: str) -> str | None:
    """The name without remarks such as （已故） and without blanks; one middle dot for all.

    Rare characters stay as written: only the dots, blanks and Latin letters are brought to one form.
    """
    text = _REMARK.sub("", text.replace("\u3000", " ")).strip()
    if is_missing(normal(text)):
        return None
    text = _DOTS.sub("·", text)
    if text.isascii() or re.search("[A-Za-z]", text):
        return _BLANKS.sub(" ", text).strip("· ").upper()
    return _BLANKS.sub("", text).strip("·")
