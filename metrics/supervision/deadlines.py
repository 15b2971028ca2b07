"""By when a finding is answered: so many calendar or working days, as the parameters in force on its day say.

``rectify_days`` is within how many days measure and effect are written down (the day of the notice is not counted),
``rectify_day_kind`` which days count. The due day of the fault itself is the same unless whoever issues it names
another one.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from metrics.standards import holidays, parameters

CALENDAR, WORKING = 1, 2


@lru_cache(maxsize=10_000)
def record_due(issued_on: date) -> date:
    """The last day on which measure and effect are written down in time."""
    return holidays.after(issued_on, days_given(issued_on), working=day_kind(issued_on) == WORKING)


def days_given(issued_on: date) -> int:
    """How many days a finding of that day gives."""
    return int(_on("rectify_days", issued_on))


def day_kind(issued_on: date) -> int:
    """Which days are counted: CALENDAR or WORKING."""
    return int(_on("rectify_day_kind", issued_on))


def is_certain(issued_on: date) -> bool:
    """Whether the due day rests on known days off: working days of a year without a notice are a guess."""
    if day_kind(issued_on) == CALENDAR:
        return True
    return all(holidays.is_told(year) for year in range(issued_on.year, record_due(issued_on).year + 1))


def repeat_months(issued_on: date) -> int:
    """Within how many months the same kind of finding at the same unit is a repeated problem."""
    return int(_on("repeat_months", issued_on))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last one."""
    number = day.year * 12 + day.month - 1 - months
    for last in range(day.day, 0, -1):
        try:
            return date(number // 12, number % 12 + 1, last)
        except ValueError:
            continue
    raise ValueError(f"no day {months} months before {day}")


@lru_cache(maxsize=10_000)
def _on(key: str, day: date) -> float:
    """The value in force on a day; the oldest one also holds before its date."""
    values = parameters()[key]
    return max((v for v in values if v.start <= day), key=lambda v: v.start, default=values[0]).value
