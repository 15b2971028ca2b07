"""Citizen ID numbers (GB 11643-1999) and 17-digit health record codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from data.intake.cells import is_missing, normal
from data.intake.findings import UnreadableError

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_NOISE = re.compile(r"[\s\-]")
_RECORD_CODE = re.compile(r"(\d{6})(\d{3})(\d{3})(\d{5})")


@dataclass(frozen=True)
class IdNumber:
    """A valid number: always 18 characters, whatever the file wrote."""

    text: str

    @property
    def born_on(self) -> date:
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def sex(self) -> int:
        """1 male, 2 female."""
        return 1 if int(self.text[16]) % 2 else 2


def check_character(body: str) -> str:
    """The last character of a number whose first 17 digits are given."""
    return _CHECK[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def parse_id_number(text: str) -> IdNumber | None:
    """A valid ID number, None where there is none; the old form of 15 digits becomes 18.

    The area is not checked: it is where the number was first given out, lists of it change yearly, and
    it says nothing about where a person lives.
    """
    text = _NOISE.sub("", normal(text)).upper()
    if is_missing(text):
        return None
    if "*" in text or text.count("X") > 1:
        raise UnreadableError("id_masked")
    if "E+" in text or text.endswith(".0"):
        raise UnreadableError("id_damaged")
    if re.fullmatch(r"\d{15}", text):
        body = text[:6] + "19" + text[6:]
        text = body + check_character(body)
    if not re.fullmatch(r"\d{17}[\dX]", text):
        raise UnreadableError("id_length" if re.fullmatch(r"[\dX]+", text) else "id_other_document")
    if len(set(text[:17])) <= 2:
        raise UnreadableError("id_dummy")
    if check_character(text[:17]) != text[17]:
        # Excel keeps 15 digits of a number and writes zeros for the rest.
        raise UnreadableError("id_damaged" if text.endswith("000") else "id_checksum")
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise UnreadableError("id_birth_date") from error
    if not 1870 <= born.year <= 2100:
        raise UnreadableError("id_birth_date")
    return IdNumber(text)


def parse_record_code(text: str) -> str | None:
    """The code as text without hyphens and blanks; other numbers that systems use are kept as they are."""
    text = _NOISE.sub("", normal(text)).upper()
    if is_missing(text):
        return None
    if "E+" in text:  # a spreadsheet took it for a number: its last digits are lost
        raise UnreadableError("record_code_damaged")
    return text


def is_record_code(code: str) -> bool:
    """17 digits: county, town, village or committee (none of them zero), person."""
    match = _RECORD_CODE.fullmatch(code)
    return bool(match) and all(int(part) for part in match.groups())
