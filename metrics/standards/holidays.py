"""Working days: Monday to Friday, less the official days off, with the weekends on which people work instead.

``holidays.csv`` holds the State Council's notices, and of a year without one the days that the law itself names: what is
moved to weekends then is not known. A bureau adds the next year's notice, or local days, in its own
``<installation>/holidays.csv`` (columns ``day``, ``kind`` off or work, ``source``), whose rows come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from data.installation import home
from metrics.standards.files import StandardsError, edited_lines, read_csv

FILE = "holidays.csv"
_KINDS = {"off": False, "work": True}
_DAY = timedelta(days=1)


@cache
def exceptions() -> dict[date, bool]:
    """Days that are not what their weekday says: True for a day on which people work."""
    return shipped() | own(home() / FILE)


def shipped() -> dict[date, bool]:
    """Those of the notices that ship."""
    path = Path(__file__).with_name(FILE)
    found: dict[date, bool] = {}
    for line, row in enumerate(read_csv(path), 2):
        try:
            day, works = date.fromisoformat(row["day"]), _KINDS[row["kind"]]
        except (ValueError, KeyError) as error:
            raise StandardsError(
                f"{path.name}, line {line}: {error}; days as 2026-01-31, kinds off, work"
            ) from error
        if day in found:
            raise StandardsError(f"{path.name}, line {line}: {day} stands there twice")
        found[day] = works
    return found


def own(path: Path) -> dict[date, bool]:
    """Those of a bureau's file. Raises StandardsError with line, column and remedy."""
    found = {}
    for line in edited_lines(path, ("day", "kind", "source"), ("zh", "en")):
        try:
            day = date.fromisoformat(line["day"])
        except ValueError as error:
            raise line.wrong("day", "日期写作 2026-01-31", "write a date as 2026-01-31") from error
        if line["kind"] not in _KINDS:
            raise line.wrong("kind", "只能是 off（放假）或 work（上班）", "off (a day off) or work")
        if not line["source"]:
            raise line.wrong("source", "请写明依据（文件名、文号）", "name the document that says so")
        found[day] = _KINDS[line["kind"]]
    return found


def is_told(year: int) -> bool:
    """Whether a notice about the year is known; without one its working days are a guess."""
    return year in _noticed() or any(day.year == year for day in own(home() / FILE))


@cache
def _noticed() -> frozenset[int]:
    """Years of which a shipped notice tells. Every notice moves days to weekends, the law alone moves none."""
    return frozenset(day.year for day, works in shipped().items() if works)


def is_working_day(day: date) -> bool:
    """Whether people work on the day."""
    return exceptions().get(day, day.weekday() < 5)


def after(day: date, days: int, *, working: bool) -> date:
    """The last of so many days after ``day``: calendar days, or working days alone; the day itself is not counted."""
    if not working:
        return day + days * _DAY
    while days > 0:
        day += _DAY
        days -= is_working_day(day)
    return day


def working_dues(first: date, last: date, counts: Iterable[int]) -> list[dict]:
    """Rows of ``metrics.tables.working_due``: when each number of working days after each day is over."""
    length = (last - first).days + 1
    days = [first + place * _DAY for place in range(length)]
    return [
        {"day": day, "days": count, "due_on": after(day, count, working=True)}
        for count in counts
        for day in days
    ]


def fingerprint() -> str:
    """The bureau's own days as text: for the digest of definitions, which takes in the shipped file itself."""
    return "\n".join(f"{day} {works}" for day, works in sorted(own(home() / FILE).items()))
