"""Days as integers (days since 1970-01-01, int32): all of the simulation's arithmetic on dates."""

from __future__ import annotations

from datetime import date

import numpy as np

FAR = 2**30  # a day that never comes: not dead, not left, no end. Written as an empty cell.
YEAR_DAYS = 365.2425


def day(year: int, month: int = 1, of_month: int = 1) -> int:
    """The day number of a calendar date."""
    return (date(year, month, of_month) - date(1970, 1, 1)).days


def month_number(year: int, month: int) -> int:
    """``year * 12 + month - 1``."""
    return year * 12 + month - 1


def parse_month(text: str) -> int:
    """The month number of ``YYYY-MM``; ValueError otherwise."""
    year, _, month = text.partition("-")
    if len(text) != 7 or not (year + month).isdigit() or not 1 <= int(month) <= 12:
        raise ValueError(f"{text!r} is no month; write it as 2025-12")
    return month_number(int(year), int(month))


def first_of_month(month: int) -> int:
    """The first day of a month number."""
    return day(month // 12, month % 12 + 1)


def months_of(days: np.ndarray) -> np.ndarray:
    """Month numbers of days."""
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def years_of(days: np.ndarray) -> np.ndarray:
    """Calendar years of days."""
    return months_of(days) // 12


def add_months(days: np.ndarray, months: int | np.ndarray) -> np.ndarray:
    """The same day of the month ``months`` later (31st may spill into the month after)."""
    wanted = months_of(days) + months
    start = (wanted - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    own = months_of(days)
    own_start = (own - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return (start + (np.asarray(days) - own_start)).astype(np.int32)


def birthday(born: np.ndarray, years: int) -> np.ndarray:
    """The day on which someone turns ``years``."""
    return add_months(born, years * 12)


def iso(number: int) -> str:
    """A day as 2025-03-01."""
    return str(np.datetime64(int(number), "D"))
