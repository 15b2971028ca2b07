"""The shapes of figures about the work of units, counted slowly: what stands, what is owed, what was checked.

Every shape has ``reads`` (tables; before the first row of a register there is no figure) and ``kinds``
(of units that it is about; figures exist only for these and for units above one; None: any).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from tests.plain.district import STANDARDS, District, parameter, remembered
from tests.plain.months import first_day, last_day, month_of
from tests.plain.shapes import Flow, approved, rolled_up

REGISTERS = {
    *("activity", "appraisal", "appraisal_item", "check_item", "child_visit", "document", "drug_line"),
    *("facility", "finding", "health_event", "incident", "inspection", "lab_order", "maternal_visit"),
    *("money", "pregnancy", "referral", "sample", "screening", "staff", "tb_course", "training"),
}
MONTHS = {"month": 1, "two_months": 2, "quarter": 3, "half": 6, "year": 12}
DIGITS = 9  # of values that are compared


# -- what the cards' rules have in common -------------------------------------------------------------


def rows_where(table: str, fits: Callable[[dict], object]) -> Callable[[District], list[dict]]:
    """The rows of a table for which ``fits`` holds (is True; a None is no)."""
    return lambda district: [row for row in district.rows(table) if fits(row)]


def counted(table: str, fits, n=lambda row: 1, **more) -> Flow:
    """How often something happened, or how much of it (``n``) there was, in the month of its day."""
    rows = rows_where(table, fits)
    more.setdefault("reads", (table,))
    return Flow(lambda d: ((row["unit"], row["month"], n(row)) for row in rows(d)), **more)


def shared(table: str, hit, among, **more) -> Flow:
    """Of the rows ``among``, those that hit."""
    rows = rows_where(table, among)
    more.setdefault("reads", (table,))
    return Flow(
        lambda d: ((row["unit"], row["month"], 1 if hit(row) else 0, 1) for row in rows(d)), of=True, **more
    )


def ratio(table: str, n: str, of: str, fits, **more) -> Flow:
    """A sum over a sum; rows that lack one of the two are in neither."""
    rows = rows_where(table, lambda row: row[n] is not None and row[of] is not None and fits(row))
    more.setdefault("reads", (table,))
    return Flow(lambda d: ((row["unit"], row["month"], row[n], row[of]) for row in rows(d)), of=True, **more)


def surveyed(kind: str, *fits, **more) -> Flow:
    """So many of so many, in samples of a kind."""
    return ratio(
        "sample",
        "positive",
        "asked",
        lambda row: row["kind"] == kind and all(fit(row) for fit in fits),
        **more,
    )


def open_at_end(row: dict, month: int) -> bool:
    """Whether a unit is open on the last day of a month."""
    opened, closed = row.get("opened_on"), row.get("closed_on")
    return (opened is None or opened <= last_day(month)) and (closed is None or closed >= last_day(month))


def open_throughout(row: dict, first: int, last: int) -> bool:
    """Whether a unit is open from the first day of a month to the last day of another."""
    opened, closed = row.get("opened_on"), row.get("closed_on")
    return (opened is None or opened <= first_day(first)) and (closed is None or closed >= last_day(last))


def holds(start: dt.date | None, end: dt.date | None, month: int) -> bool:
    """Whether what holds from ``start`` to ``end`` (last day; None: no end) holds on the last day of a month."""
    return start is not None and start <= last_day(month) and (end is None or end >= last_day(month))


def started(row: dict) -> dt.date | None:
    """The day from which a row holds: of a document that names none, the day on which it was issued."""
    return row["start_on"] or row.get("day")


def in_use(*kinds: str) -> Callable[[dict], bool]:
    """Facilities of the kinds that are not recorded as out of use."""
    return lambda row: row["kind"] in kinds and row["working"] is not False


def any_holding(table: str, fits) -> Callable[[District, int, int], bool]:
    """For ``OfUnits``: a row of the unit that fits holds at the month's end."""

    @remembered
    def spans(district: District) -> dict[int, list]:
        found: dict[int, list] = {}
        for row in district.rows(table):
            if fits(row):
                found.setdefault(row["unit"], []).append((started(row), row["end_on"]))
        return found

    return lambda district, unit, month: any(
        holds(start, end, month) for start, end in spans(district).get(unit, ())
    )


def any_before(table: str, fits, months: int | None = None) -> Callable[[District, int, int], bool]:
    """For ``OfUnits``: a row of the unit that fits lies in the month or the ``months`` - 1 before (None: ever)."""

    @remembered
    def happened(district: District) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row in district.rows(table):
            if row["month"] is not None and fits(row):
                found.setdefault(row["unit"], []).append(row["month"])
        return found

    return lambda district, unit, month: any(
        one <= month and (months is None or one > month - months) for one in happened(district).get(unit, ())
    )


def tenths(value: float | None) -> int | None:
    """A measured quantity as whole tenths."""
    return None if value is None else int((value * 10 + 0.5) // 1)


def whole(value: float | None) -> int | None:
    """A measured quantity as a whole number."""
    return None if value is None else int((value + 0.5) // 1)


# -- before a register is kept; units that a card is not about ----------------------------------------


@remembered
def begun(district: District, table: str) -> float:
    """The month of a register's first row in the whole store; infinity where there is none."""
    days = ("start_on", "day", "booked_on", "notified_on")
    months = [
        month_of(row[day])
        for row in district.tables.get(table, ())
        for day in days
        if row["unit"] is not None and row.get(day) is not None
    ]
    return min(months, default=float("inf"))


def is_kept(district: District, tables: Iterable[str], month: int) -> bool:
    """Whether every register among the tables was kept by then."""
    return all(begun(district, table) <= month for table in tables if table in REGISTERS)


@remembered
def is_about(district: District, kinds: tuple[str, ...] | None, unit: int) -> bool:
    """Whether a unit is of one of the kinds, or above one that is."""
    return kinds is None or any(
        row["kind"] in kinds and unit in district.above(below) for below, row in district.units.items()
    )


# -- the shapes ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What is there at each month's end: rows of (unit, start, end[, weight]).

    ``listed``: the rows of which the counted ones are a part, as a share.
    """

    rows: Callable[[District], Iterable[tuple]]
    listed: Callable[[District], Iterable[tuple]] | None = None
    reads: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None
    basis: str = "as_of"
    band: str | None = None  # of the approved population that is divided by
    share: str | None = None

    def figures(self, district: District) -> dict[tuple, tuple]:
        numerator = self._sums(district, self.rows)
        listed = None if self.listed is None else self._sums(district, self.listed)
        found = {}
        for unit in district.units:
            for month in district.months:
                of = None if listed is None else listed[unit, month]
                divided = approved(district, self.band, self.share, unit, month) if self.band else of
                found[unit, month, self.basis] = (numerator[unit, month], of, divided)
        return found

    @staticmethod
    def _sums(district: District, rows) -> Counter:
        counts: Counter = Counter()
        for unit, start, end, *weight in rows(district):
            for month in district.months:
                if holds(start, end, month):
                    counts[unit, month] += int((weight[0] or 0) if weight else 1)
        return rolled_up(district, counts)


def standing(table: str, fits, weight=None, among=None, **more) -> Standing:
    """Rows of a table from their first day to end_on; with ``among``, as a share of the rows that fit that."""

    def spans(test, weigh):
        return lambda d: (
            (row["unit"], started(row), row["end_on"], *([weigh(row)] if weigh else []))
            for row in d.rows(table)
            if test(row)
        )

    more.setdefault("reads", (table,))
    counted_rows = fits if among is None else lambda row: among(row) and fits(row)
    return Standing(spans(counted_rows, weight), listed=None if among is None else spans(among, None), **more)


@dataclass(frozen=True)
class OfUnits:
    """Of the units of some kinds that are open at the month's end, those for which something holds."""

    kinds: tuple[str, ...]
    held: Callable[[District, int, int], object]  # district, unit, month
    reads: tuple[str, ...] = ()

    def figures(self, district: District) -> dict[tuple, tuple]:
        numerator, listed = Counter(), Counter()
        for unit, row in district.units.items():
            for month in district.months:
                if row["kind"] in self.kinds and open_at_end(row, month):
                    listed[unit, month] += 1
                    numerator[unit, month] += 1 if self.held(district, unit, month) else 0
        numerator, listed = rolled_up(district, numerator), rolled_up(district, listed)
        return {
            (unit, month, "as_of"): (numerator[unit, month], listed[unit, month], listed[unit, month])
            for unit in district.units
            for month in district.months
        }


@dataclass(frozen=True)
class Owed:
    """A duty of ``duties.csv``: done periods over periods that have passed, each in its last month.

    ``rows``: what was done, (unit, month[, people]). A period counts from the one on in which anything of
    the duty was first done by anyone, and only at units that were open throughout it.
    """

    key: str
    rows: Callable[[District], Iterable[tuple]]
    reads: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind for term in duty(self.key) for kind in term["kinds"].split()))

    def figures(self, district: District) -> dict[tuple, tuple]:
        return Flow(self._periods, of=True).figures(district)

    def _periods(self, district: District):
        done = [row for row in self.rows(district) if row[1] is not None]
        begin = min((row[1] for row in done), default=None)
        if begin is None:
            return
        for last in district.months:
            if last < begin:
                continue
            for term, first in self._ending(last):
                for unit, row in district.units.items():
                    if row["kind"] in term["kinds"].split() and open_throughout(row, first, last):
                        yield unit, last, _times(done, unit, first, last, term) >= int(term["times"]), 1

    def _ending(self, last: int):
        """The term, and the first month of its period, if a period ends with the month."""
        terms = duty(self.key)
        for term, following in zip(terms, [*terms[1:], None], strict=True):
            length = MONTHS[term["every"]]
            first = last - length + 1
            starts = month_of(dt.date.fromisoformat(term["from"]))
            ends = month_of(dt.date.fromisoformat(following["from"])) if following else None
            aligned = (first - int(parameter("year_first_month") - 1)) % length == 0
            if aligned and starts <= first and (ends is None or first < ends):
                yield term, first


def _times(done: list[tuple], unit: int, first: int, last: int, term: dict) -> int:
    enough = int(term["people"] or 0)
    return sum(
        1
        for at, month, *people in done
        if at == unit and first <= month <= last and ((people[0] or 0) if people else 0) >= enough
    )


def owed(key: str, table: str, fits, people: str | None = None) -> Owed:
    """A duty that rows of a table fulfil; a document without a day is not handed in yet."""
    rows = rows_where(table, lambda row: row["day"] is not None and fits(row))

    def done(district: District):
        for row in rows(district):
            yield (row["unit"], row["month"], *([row[people]] if people else []))

    return Owed(key, done, reads=(table,))


@cache
def duty(key: str) -> list[dict[str, str]]:
    """The terms of a duty, oldest first."""
    with (STANDARDS / "duties.csv").open(encoding="utf-8-sig", newline="") as file:
        return sorted((row for row in csv.DictReader(file) if row["key"] == key), key=lambda row: row["from"])


@dataclass(frozen=True)
class Checked:
    """A standard of ``checks.csv`` at units ever checked: items met at the latest check, of all its items."""

    key: str
    kinds: tuple[str, ...]
    reads: tuple[str, ...] = ("check_item",)

    def figures(self, district: District) -> dict[tuple, tuple]:
        met, owed_items = Counter(), Counter()
        items = standard(self.key)
        for unit, row in district.units.items():
            checks = sorted(
                (one for one in _checks(district).get(unit, ()) if one["item"] in items),
                key=lambda one: (one["day"], one["row_id"]),
            )
            if row["kind"] not in self.kinds or not checks:
                continue
            closed = row.get("closed_on")
            for month in district.months:
                if month_of(checks[0]["day"]) > month or (closed is not None and closed < last_day(month)):
                    continue
                latest = {one["item"]: one["met"] for one in checks if one["day"] <= last_day(month)}
                owed_items[unit, month] += len(items)
                met[unit, month] += sum(latest.values())
        met, owed_items = rolled_up(district, met), rolled_up(district, owed_items)
        return {
            (unit, month, "as_of"): (met[unit, month], owed_items[unit, month], owed_items[unit, month])
            for unit in district.units
            for month in district.months
        }


@remembered
def _checks(district: District) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = {}
    for row in district.rows("check_item"):
        if row["unit"] is not None:
            found.setdefault(row["unit"], []).append(row)
    return found


@cache
def standard(key: str) -> frozenset[str]:
    """The items of a standard."""
    with (STANDARDS / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["item"] for row in csv.DictReader(file) if row["standard"] == key)


@dataclass(frozen=True)
class Made:
    """A figure made of another's: what is compared is its value alone, in place of the numerator.

    how      points, relative (change against the month twelve months before), or rank
    scale    how many of what the base counts make one of its unit (fen for yuan: 100)
    lower    the lower the better
    """

    base: object
    how: str
    scale: float = 1
    lower: bool = False
    reads: tuple[str, ...] = field(default=())  # the values of the base are already missing where they must

    @property
    def kinds(self) -> tuple[str, ...] | None:
        return getattr(self.base, "kinds", None)

    def figures(self, district: District) -> dict[tuple, tuple]:
        values = {place: self._value(district, place, parts) for place, parts in self._parts(district)}
        made = self._ranks(district, values) if self.how == "rank" else self._changes(values)
        return {place: (made.get(place), None, None) for place in values}

    def _parts(self, district: District):
        return self.base.figures(district).items()

    def _value(self, district: District, place: tuple, parts: tuple) -> float | None:
        numerator, _, denominator = parts
        is_ratio = getattr(self.base, "of", False) or self._is_part()
        kept = is_kept(district, getattr(self.base, "reads", ()), place[1])
        if not kept or numerator is None or (is_ratio and not denominator):
            return None
        return numerator / ((denominator if is_ratio else 1) * self.scale)

    def _is_part(self) -> bool:
        if isinstance(self.base, (OfUnits, Checked, Owed)):
            return True
        return bool(getattr(self.base, "listed", None) or getattr(self.base, "band", None))

    def _changes(self, values: dict) -> dict[tuple, float]:
        changes = {}
        for (unit, month, basis), now in values.items():
            before = values.get((unit, month - 12, basis))
            if now is None or before is None or (self.how == "relative" and before <= 0):
                continue
            change = now - before
            changes[unit, month, basis] = round(change / before if self.how == "relative" else change, DIGITS)
        return changes

    def _ranks(self, district: District, values: dict) -> dict[tuple, int]:
        from tests.plain.count import is_open  # which imports this module

        ranks = {}
        for (unit, month, basis), value in values.items():
            if value is None or not is_open(district, unit, month):
                continue
            row = district.units[unit]
            others = [
                values.get((other, month, basis))
                for other, its in district.units.items()
                if (its["parent"], its["kind"]) == (row["parent"], row["kind"])
                and is_open(district, other, month)
            ]
            better = (lambda one: one < value) if self.lower else (lambda one: one > value)  # noqa: B023
            ranks[unit, month, basis] = 1 + sum(1 for other in others if other is not None and better(other))
        return ranks


@dataclass(frozen=True)
class People:
    """The approved population of a band itself; nothing where none is approved, or nobody."""

    band: str
    reads: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None

    def figures(self, district: District) -> dict[tuple, tuple]:
        return {
            (unit, month, "as_of"): (approved(district, self.band, None, unit, month) or None, None, None)
            for unit in district.units
            for month in district.months
        }
