"""On which day of the week each visit is made: village after village, no last day missed, days as even as that allows.

Which visits are made is decided before (``metrics.visiting.choosing``). That nobody's last day is missed is certain: where
village after village would miss one, whoever has a last day comes in its order (earliest due date first, which meets all
days if any order does: Jackson 1955), the rest follow by village. That few days go to the same village is a rule of thumb.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from metrics.standards.holidays import is_working_day

_DAY = timedelta(days=1)
WEEK = 7


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def working_days(monday: date, after: date) -> list[date]:
    """The working days of a week that lie after a day."""
    days = (monday + timedelta(days=k) for k in range(WEEK))
    return [day for day in days if day > after and is_working_day(day)]


def first_week(after: date) -> date:
    """The Monday of the first week with a working day after a day."""
    day = after + _DAY
    while not is_working_day(day):
        day += _DAY
    return monday_of(day)


def by_day(
    last: Sequence[int], village: Sequence[int], days: int, first: Sequence[int] | None = None
) -> np.ndarray:
    """[visit]: on which of the week's ``days`` (from 0) it is made.

    last     [visit]: the last of the days on which it is in time; days - 1: any, but it presses; more: any
    village  [visit]: where it is
    first    [visit]: the first day on which it counts; None: any. Its last day goes before it
    Any number of visits fits into a day; they are spread evenly, more of them early where last days ask for it.
    """
    pressing, village = np.asarray(last, np.int64), np.asarray(village)
    last = np.minimum(pressing, days - 1)
    if len(last) == 0:
        return np.array([], np.int64)
    if days < 1 or last.min() < 0:
        raise ValueError("no day on which it would be in time")
    due = np.cumsum(np.bincount(last, minlength=days))
    even = -(-len(last) * np.arange(1, days + 1) // days)
    until = np.maximum.accumulate(np.maximum(even, np.where(np.arange(days) < days - 1, due, len(last))))
    day_at = np.searchsorted(until, np.arange(len(last)), side="right")
    order = _by_village(pressing, village)
    if (day_at > last[order]).any():
        order = _by_last_day(pressing, village, days)
    found = np.empty(len(last), np.int64)
    found[order] = day_at
    if first is not None:  # few: the others keep their days
        found = np.minimum(np.maximum(found, np.asarray(first, np.int64)), last)
    return found


def _by_village(last: np.ndarray, village: np.ndarray) -> np.ndarray:
    """Village after village, the one whose first last day is earliest first."""
    names, which = np.unique(village, return_inverse=True)
    first = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(first, which, last)
    return np.lexsort((np.arange(len(last)), last, which, first[which]))


def _by_last_day(last: np.ndarray, village: np.ndarray, days: int) -> np.ndarray:
    """Whoever has a last day in the week by it, within a day by village; then everybody else by village."""
    pressed = last < days - 1
    some, rest = np.flatnonzero(pressed), np.flatnonzero(~pressed)
    some = some[np.lexsort((some, village[some], last[some]))]
    rest = rest[_by_village(last[rest], village[rest])]
    return np.concatenate([some, rest])
