"""By which dated values the months of two figures count: as they did, and as they would have by those of the other figure's time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from metrics.card import Basis, Card, Period
from metrics.context import Horizon
from metrics.gaps import first_month_of
from metrics.standards import Parameter, number, parameters

Values = tuple[Parameter, ...]


@dataclass(frozen=True)
class Times:
    """The months that two figures are about, and which month of the one stands against which of the other.

    first, earlier   first and last month of the earlier figure
    begin, month     first and last month of the later figure
    back             a month of the later figure that is not the earlier one's as well stands against the month so long before it;
                     0: against the last month of the earlier figure
    """

    first: int
    earlier: int
    begin: int
    month: int
    back: int = 0


@dataclass(frozen=True)
class Change:
    """A parameter's values in two months that stand against each other, and from which day the later one holds."""

    old: float
    new: float
    on: date


def times_of(card: Card, basis: str, earlier: int, month: int, horizon: Horizon) -> Times:
    """Of a year so far against another year's each month stands against the same month of that year; of twelve months what came in
    against what went out.
    """
    first, begin = (_first_of_time(card, basis, one, horizon) for one in (earlier, month))
    back = 0
    if basis == Basis.R12:
        back = max(month - earlier, 12)
    elif basis == Basis.YTD and first != begin:
        back = begin - first
    return Times(first, earlier, begin, month, back)


def by_the_end(times: Times) -> Times:
    """The same of figures that are counted at the end of their time: the last month stands against the last one."""
    return replace(times, back=times.month - times.earlier)


def _first_of_time(card: Card, basis: str, month: int, horizon: Horizon) -> int:
    """The first month that a figure is about: of a year so far, of twelve months; else the month itself."""
    if basis not in (Basis.YTD, Basis.R12):
        return month
    if card.period is Period.SEASON:
        return month - (month - (number("season_first_month") - 1)) % 12
    return first_month_of(month, Basis(basis), horizon)


def change_of(key: str, times: Times) -> Change | None:
    """How a parameter was changed between two figures; None where each month has the value of the one that it stands against.

    The newest of several changes that set the figures apart.
    """
    values = _as_read(key)
    for before, after in _pairs(times, _back(key, times)):
        old, new = _in_force(values, before), _in_force(values, after)
        if old.value != new.value:
            return Change(old.value, new.value, new.start)
    return None


def _pairs(times: Times, back: int) -> Iterator[tuple[int, int]]:
    """Months that stand against each other, those of the later figure first, newest first."""
    for month in range(times.month, max(times.begin, times.earlier + 1) - 1, -1):
        yield (min(month - back, times.earlier) if back else times.earlier), month
    if back:
        for month in range(min(times.earlier, times.begin - 1), times.first - 1, -1):
            yield month, min(month + back, times.month)


def as_before(key: str, times: Times) -> Values:
    """Its dated values by which the later figure counts as if nobody had changed it: each month by that which it stands against."""
    values, back = _as_read(key), _back(key, times)
    known = tuple(value for value in values if _month(value.start) <= times.earlier)
    if not back:
        return (*known, *_after(values, times.month))
    return _spliced(values, times.earlier + 1, _moved(known, back))


def as_after(key: str, times: Times) -> Values:
    """Its dated values by which the earlier figure counts as if it had been changed as long before: each month by that which stands
    against it. Where months stand against the last one alone, all that was changed since is as long before it as it was before the
    later one, so that the earlier figure's year has the new value in as large a part.
    """
    values, back = _as_read(key), _back(key, times)
    if back:
        known = tuple(value for value in values if _month(value.start) <= times.month)
        made = _spliced(values, times.first, _moved(known, -back))
        return made if times.begin > times.earlier else _spliced(made, times.begin, values)
    since = [value for value in values if times.earlier < _month(value.start) <= times.month]
    apart = times.month - times.earlier
    moved = _moved(tuple(since), -(_whole_years(apart) if _is_of_year(key) else apart))
    kept = tuple(value for value in values if value.start < moved[0].start)
    # The oldest value also holds before its date, however early what follows it now begins.
    return (*(kept or (replace(values[0], start=date.min),)), *moved)


def as_at_end(key: str, times: Times) -> Values | None:
    """Its dated values had that of the earlier figure's last month been in force all its time; None where it was."""
    values = _as_read(key)
    last = _in_force(values, times.earlier)
    if all(_in_force(values, month).value == last.value for month in range(times.first, times.earlier)):
        return None
    return _spliced(values, times.first, (replace(last, start=date.min), *_after(values, times.earlier)))


def _after(values: Values, month: int) -> Values:
    return tuple(value for value in values if _month(value.start) > month)


def _spliced(before: Values, month: int, after: Values) -> Values:
    """The values of the one before a month begins, of the other from then on."""
    day = date(month // 12, month % 12 + 1, 1)
    first = [value for value in after if value.start <= day][-1]
    return (
        *(value for value in before if value.start < day),
        replace(first, start=day),
        *(value for value in after if value.start > day),
    )


def _moved(values: Values, months: int) -> Values:
    return tuple(replace(value, start=_months_later(value.start, months)) for value in values)


def _months_later(day: date, months: int) -> date:
    if day == date.min:
        return day
    month = max(_month(day) + months, 12)
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _as_read(key: str) -> Values:
    """Its values from the day on from which rules read them; the oldest from ever on."""
    values = parameters()[key]
    if _is_of_year(key):
        values = tuple(replace(value, start=_next_year(value.start)) for value in values)
        # Of two that begin with the same year the later one holds.
        values = tuple({value.start: value for value in values}.values())
    return (replace(values[0], start=date.min), *values[1:])


def _back(key: str, times: Times) -> int:
    return _whole_years(times.back) if _is_of_year(key) else times.back


def _whole_years(months: int) -> int:
    return -(-months // 12) * 12


def _is_of_year(key: str) -> bool:
    """Whether a year asks for what is in force when it begins."""
    return key.endswith("_per_year")


def _next_year(day: date) -> date:
    """The first day of a year that is not before a day."""
    month = _month(day) + (day.day > 1)
    month += (number("year_first_month") - 1 - month) % 12
    return date(month // 12, month % 12 + 1, 1)


def _in_force(values: Values, month: int) -> Parameter:
    return [value for value in values if _month(value.start) <= month][-1]


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
