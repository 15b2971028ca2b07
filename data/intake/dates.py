"""Dates, times and months in the forms that exported files hold.

Every function takes the text of a cell and returns a value, or None for "not filled in", or raises
UnreadableError with the rule that is broken. Nothing is guessed: a date without its year is refused.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from data.intake.cells import is_missing, normal
from data.intake.findings import UnreadableError

_PARTS = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?)?[分秒]?)?(?:Z|[+-]\d\d:?\d\d)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\s*(\d\d):?(\d\d)(?::?(\d\d))?)?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|(\d{4})(\d\d)")
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_NO_YEAR = re.compile(r"\d{1,2}[月/.-]\d{1,2}日?")
_SHORT_YEAR = re.compile(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_QUARTER = re.compile(r"\d{4}年?第?[1-4一二三四]季度?|\d{4}年?")

# Days that systems write for "none".
_SENTINELS = frozenset(
    [date(1, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1753, 1, 1)]
)
_FIRST_YEAR, _LAST_YEAR = 1870, 2100
_SERIALS = range(10_000, 73_051)  # 1927 to 2100, in the 1900 system


def parse_datetime(text: str, *, from_1904: bool = False) -> datetime | None:
    """A day and, where the cell has one, a time of day."""
    text = normal(text)
    if is_missing(text):
        return None
    match = _PARTS.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _datetime(match.groups())
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in _SERIALS:
        return _from_serial(float(text), from_1904)
    if _NO_YEAR.fullmatch(text):
        raise UnreadableError("date_no_year")
    if _SHORT_YEAR.fullmatch(text):
        raise UnreadableError("date_short_year")
    if _MONTH.fullmatch(text) or _QUARTER.fullmatch(text):
        raise UnreadableError("date_no_day")
    raise UnreadableError("date_unreadable")


def parse_date(text: str, *, from_1904: bool = False, month_is_enough: bool = False) -> date | None:
    """A day; a time of day is dropped. `month_is_enough`: a bare month is its first day."""
    try:
        moment = parse_datetime(text, from_1904=from_1904)
    except UnreadableError as error:
        if error.rule == "date_no_day" and month_is_enough and (month := parse_month(text)) is not None:
            return date(month // 12, month % 12 + 1, 1)
        raise
    return None if moment is None else moment.date()


def parse_month(text: str) -> int | None:
    """A month as year * 12 + month - 1; a whole date gives its month."""
    text = normal(text)
    if is_missing(text):
        return None
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1] or match[3]), int(match[2] or match[4])
        if 1 <= month <= 12 and _FIRST_YEAR <= year <= _LAST_YEAR:
            return year * 12 + month - 1
        raise UnreadableError("month_unreadable")
    try:
        day = parse_date(text)
    except UnreadableError as error:
        raise UnreadableError("month_unreadable") from error
    return None if day is None else day.year * 12 + day.month - 1


def _datetime(groups: tuple[str | None, ...]) -> datetime | None:
    year, month, day, hour, minute, second = (int(g or 0) for g in groups)
    if year == 9999:
        return None
    try:
        found = date(year, month, day)
        clock = time(hour, minute, second)
    except ValueError as error:
        raise UnreadableError("date_impossible") from error
    if found in _SENTINELS:
        return None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UnreadableError("date_impossible")
    return datetime.combine(found, clock)


def _from_serial(serial: float, from_1904: bool) -> datetime:
    """Excel counts days from 1899-12-30 (its 1900 is a leap year that never was) or from 1904-01-01."""
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    # Whole seconds: a double holds the fraction of a day only to some microseconds.
    return start + timedelta(seconds=round(serial * 86_400))
