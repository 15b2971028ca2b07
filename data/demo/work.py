"""The work of units: what ``work.csv`` says they do, as rows of every unit of the district.

Units of good quality do nearly all of it, poorer ones skip periods and miss items. Of every kind of unit with
more than one, the best does everything and one of the three poorest fails each single thing, so that of every
requirement some unit meets it and some does not. The reference centre has exactly the totals of the list.
Nothing here depends on the number of residents: a small centre holds as many meetings as a large one.
"""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sqlalchemy import Boolean, Date, DateTime, Double, String

from data.demo.days import FAR, add_months, day, months_of
from data.demo.draw import spread, stream
from data.demo.geography import Units
from data.demo.registers import closed_days
from data.demo.rows import Rows, Words, length, stack, take
from data.demo.towns import REFERENCE
from data.demo.work_list import CHECK, ONCE, Value, Work, parse, read_work
from data.records import RECORDS

#: What happens to units rather than being done by them: how often depends on chance, and one unit has none.
_BEFALLS = frozenset({"incident", "finding"})
_START = "start_on"
_YEARS_STANDING = 8  # what stands ``once`` began up to so many years before the first year
_RECHECKED = 0.35  # of the items of a standard that are looked at again in a half-year
AREA_VISITS = 0.0965  # visits of a resident a month, at every hospital and institution of the area
_NEVER = FAR * 1440  # a minute that never comes
#: The items of every standard; the demo looks at all of them.
CHECKS = Path(__file__).parents[2] / "metrics" / "standards" / "checks.csv"
_CHECKED_KINDS = ("centre", "station", "clinic")


@dataclass(frozen=True)
class District:
    """What the work of units depends on: the units, the years, the last day that is written."""

    seed: int
    units: Units
    last: int  # day
    years: tuple[int, ...]

    def of_kind(self, kind: str) -> np.ndarray:
        return np.array([i for i, k in enumerate(self.units.kind) if k == kind], np.int64)


@dataclass(frozen=True)
class Cast:
    """Who of the units of a kind does everything, and which three may fail."""

    best: int
    spared: int  # nothing ever befalls it
    poor: tuple[int, ...]


def cast(district: District, kind: str) -> Cast | None:
    """The roles among the units of a kind, none of them the reference centre's; None where there are too few."""
    units = district.units
    there = [
        u
        for u in district.of_kind(kind)
        if units.town[u] not in (-1, REFERENCE) and closed_days(units)[u] == FAR
    ]
    ranked = sorted(there, key=lambda u: float(units.quality[u]))
    return Cast(ranked[-1], ranked[-2], tuple(ranked[:3])) if len(ranked) >= 5 else None


def all_work() -> list[Work]:
    """The list, and a look at every item of a standard that the list does not name."""
    with CHECKS.open(encoding="utf-8", newline="") as file:
        standards: dict[str, list[str]] = {}
        for row in csv.DictReader(file):
            standards.setdefault(row["standard"], []).append(row["item"])
    works = [one for work in read_work() for one in _by_item(work, standards)]
    named = {word for work in works if work.table == "check_item" for word in work.values["item"].words}
    items = [item for of_standard in standards.values() for item in of_standard if item not in named]
    return works + [
        Work(
            10_000 + number,
            "check_item",
            _CHECKED_KINDS,
            CHECK,
            {"item": Value("words", words=(item,)), "met": parse("90%")},
            {},
        )
        for number, item in enumerate(items)
    ]


def _by_item(work: Work, standards: dict[str, list[str]]) -> list[Work]:
    """A line that names a whole standard, as one line for each of its items."""
    standard = work.values.get("standard")
    if standard is None:
        return [work]
    rest = {name: value for name, value in work.values.items() if name != "standard"}
    return [
        replace(work, line=work.line * 100 + i, values={"item": Value("words", words=(item,)), **rest})
        for i, item in enumerate(standards[standard.words[0]])
    ]


def work_rows(district: District, works: list[Work] | None = None) -> dict[str, Rows]:
    """The rows of every table in the list, all units together, in the order of the list."""
    parts: dict[str, list[Rows]] = {}
    for work in all_work() if works is None else works:
        for kind in work.by:
            rows = _rows(district, work, kind)
            if rows and length(rows):
                parts.setdefault(work.table, []).append(rows)
    return {table: finished(district, table, stack(of_table)) for table, of_table in parts.items()}


def finished(district: District, table: str, rows: Rows) -> Rows:
    """Rows without what was not yet or no longer possible; days and minutes that never come left empty."""
    columns = RECORDS[table].c
    first = next(c for c in ("day", _START, "month") if c in rows and c in columns)
    begun = rows[first] <= (
        district.last if first != "month" else int(months_of(np.array([district.last]))[0])
    )
    rows = take(rows, begun)
    for name, column in rows.items():
        if name not in columns:
            continue
        if isinstance(columns[name].type, DateTime):
            rows[name] = np.where((column <= 0) | (column > (district.last + 1) * 1440), _NEVER, column)
        elif isinstance(columns[name].type, Date) and name not in ("due_on", "end_on", "contract_to"):
            rows[name] = np.where(column > district.last, FAR, column).astype(np.int32)
    return rows


def numbered(rows: Rows) -> Rows:
    """Rows with a number of their own within the unit, under each name that a layout has for it."""
    number = _numbers(rows["unit"])
    return rows | {"key.no": number, "key.line": number, "key.order": number}


def _numbers(units: np.ndarray) -> np.ndarray:
    """1, 2, 3, ... within each unit, in the order of the rows."""
    order = np.argsort(units, kind="stable")
    ordered = units[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    numbers = np.empty(len(units), np.int64)
    numbers[order] = np.arange(len(units)) - np.repeat(starts, np.diff(np.r_[starts, len(units)])) + 1
    return numbers


def _topic(work: Work) -> int:
    """A number of what a line is about."""
    about = next((work.values[name] for name in ("kind", "account", "item") if name in work.values), None)
    name = about.words[0] if about is not None and about.words else ""
    return zlib.crc32(f"{work.table} {name.split('.')[0]}".encode())


def _rows(district: District, work: Work, kind: str) -> Rows:
    """The rows of one line of the list by the units of one kind."""
    rng = stream(district.seed, "work", work.table, work.line, kind)
    units = district.of_kind(kind)
    roles = cast(district, kind)
    # One and the same unit fails in all that is of one kind: kinds, standards and lines do not make up for each other.
    poor = roles.poor[_topic(work) % len(roles.poor)] if roles else -1
    if work.per_year == ONCE:
        unit, when = _standing(district, rng, work, units, poor)
    elif work.per_year == CHECK:
        unit, when = _checks(district, rng, units)
    else:
        unit, when = _periodic(district, rng, work, units, roles, poor)
    kept = when < closed_days(district.units)[unit]
    unit, when = unit[kept], when[kept]
    if not len(unit):
        return {}
    fails = unit == poor
    if roles and work.per_year == ONCE:
        # One unit lacks the thing, another has too little of it.
        fails = unit == roles.poor[(_topic(work) + 1) % len(roles.poor)]
    if len(units) == 1:
        # The only one of its kind: it fails in one year and not in the others.
        fails = (months_of(when) // 12 == district.years[0]) & (work.per_year != ONCE)
    place = Place(
        unit=unit,
        when=when,
        quality=district.units.quality[unit],
        best=unit == (roles.best if roles else -1),
        fails=fails,
        first=_first_of_year(unit, when),
        own=district.units.town[unit] == REFERENCE,
        always=work.per_year == CHECK,
    )
    rows: Rows = {"unit": unit}
    columns = RECORDS[work.table].c
    if _START in columns and "day" not in columns:
        rows[_START] = when
    elif "day" in columns:
        rows["day"] = when
    if work.table in ("document",):
        rows["month"] = months_of(when)
    for name, value in work.values.items():
        if name not in columns:
            raise ValueError(f"work.csv, line {work.line}: {work.table} has no column {name}")
        if value.kind != "nothing":
            # A thing is found when it is found; only what follows can be late.
            at = replace(place, fails=np.zeros(len(unit), bool)) if name == "found_at" else place
            rows[name] = _cells(rng, value, columns[name], at, rows)
    if work.per_year == ONCE and _START in columns and _START not in rows:
        rows[_START] = when
    _totals(work, rows, place)
    if work.table == "activity" and roles and "topic" in rows:
        # One centre held nothing against AIDS and tuberculosis in the first year.
        at = [i for i, word in enumerate(rows["topic"].words) if word in ("tb", "aids")]
        forgotten = (unit == roles.poor[0]) & (months_of(when) // 12 == district.years[0])
        rows = take(rows, ~(forgotten & np.isin(rows["topic"].codes, at)))
    return rows


@dataclass(frozen=True)
class Place:
    """Where and when each row of a line happens, and how well: arrays of one length."""

    unit: np.ndarray
    when: np.ndarray  # day
    quality: np.ndarray
    best: np.ndarray  # of the unit that does everything
    fails: np.ndarray  # of the unit (or in the year) that fails this
    first: np.ndarray  # the unit's first row of a year
    own: np.ndarray  # of the reference centre or its stations
    always: bool  # what fails, fails every time: an item of a standard


def _first_of_year(unit: np.ndarray, when: np.ndarray) -> np.ndarray:
    key = unit * 4000 + months_of(when) // 12
    _, index = np.unique(key, return_index=True)
    first = np.zeros(len(unit), bool)
    first[index] = True
    return first


# -- how often -------------------------------------------------------------------------------


def _standing(
    district: District, rng: np.random.Generator, work: Work, units: np.ndarray, poor: int
) -> tuple[np.ndarray, np.ndarray]:
    """One row a unit since years ago; a poor one lacks it, another has it only since the first year."""
    n = len(units)
    begin = day(district.years[0])
    when = begin - rng.integers(30, 365 * _YEARS_STANDING, n)
    late = (rng.random(n) < 0.12) & (district.units.town[units] != REFERENCE)
    when = np.where(late, begin + rng.integers(20, 600, n), when)
    lacking = (units == poor) | ((rng.random(n) < 0.06) & (district.units.quality[units] < 0) & ~late)
    if n == 1:
        # The only one of its kind has it from the second year on.
        when, lacking = np.full(n, begin + 400 + work.line % 200), np.zeros(n, bool)
    return units[~lacking], when[~lacking].astype(np.int32)


def _checks(district: District, rng: np.random.Generator, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every item in the first half-year, later the third that is looked at again."""
    unit, when = [], []
    for year in district.years:
        for half in (0, 1):
            start = day(year, 1 + 6 * half)
            again = np.ones(len(units), bool)
            if (year, half) != (district.years[0], 0):
                again = rng.random(len(units)) < _RECHECKED
            # A standard's items are looked at on one day: it depends on the unit and the half-year alone.
            unit.append(units[again])
            when.append(start + 20 + (units[again] * 7 + half * 31 + year) % 120)
    return np.concatenate(unit), np.concatenate(when).astype(np.int32)


def _periodic(
    district: District,
    rng: np.random.Generator,
    work: Work,
    units: np.ndarray,
    roles: Cast | None,
    poor: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows spread evenly over each year, less those that were skipped."""
    unit, when = [], []
    befalls = work.table in _BEFALLS
    for year in district.years:
        count = np.full(len(units), int(work.per_year))
        if befalls and roles:
            own = district.units.town[units] == REFERENCE
            some = rng.poisson(work.per_year * np.exp(-0.5 * district.units.quality[units]))
            count = np.where(own, count, np.maximum(some, (units == poor) | (units == roles.best)))
            count[units == roles.spared] = 0
        elif befalls and year != district.years[0]:
            count[:] = 0
        wanted = work.reference.get((year, "rows"))
        if wanted is not None:
            own = np.flatnonzero(district.units.town[units] == REFERENCE)
            shared = np.full(len(own), int(wanted) // max(len(own), 1))
            shared[: int(wanted) - int(shared.sum())] += 1
            count[own] = shared
        index = np.repeat(np.arange(len(units)), count)
        j = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
        n = count[index]
        kept = np.ones(len(index), bool)
        if not befalls:
            kept = ~_skipped(district, rng, year, units[index], j, n, roles, poor)
            if wanted is not None:
                kept |= district.units.town[units[index]] == REFERENCE
        start, end = _period(year, j, n)
        days = start + (rng.random(len(index)) * (end - start)).astype(np.int64)
        unit.append(units[index][kept])
        when.append(days[kept])
    return np.concatenate(unit), np.concatenate(when).astype(np.int32)


def _skipped(
    district: District,
    rng: np.random.Generator,
    year: int,
    unit: np.ndarray,
    j: np.ndarray,
    n: np.ndarray,
    roles: Cast | None,
    poor: int,
) -> np.ndarray:
    """Periods in which nothing was done (a mask)."""
    quality = district.units.quality[unit]
    chance = np.clip(0.05 - 0.09 * quality, 0.005, 0.14)
    chance = np.where(district.units.town[unit] == REFERENCE, 0.02, chance)
    skipped = rng.random(len(unit)) < chance
    # The centre that is compared with published figures does what it owes.
    skipped &= unit != district.units.of_town(REFERENCE)[0]
    if roles is None:
        at = 1 if int(n[0]) == 1 else 0
        return (district.years[min(at, len(district.years) - 1)] == year) & (j == n // 2)
    skipped &= unit != roles.best
    # What is owed often is neglected most.
    neglect = np.where(n > 12, 0.95, 0.3)
    return skipped | ((unit == poor) & ((rng.random(len(unit)) < neglect) | (j == n // 2)))


def _period(year: int, j: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First day and the day after the last of each of ``n`` equal parts of a year; whole months where they fit."""
    first, length_of_year = day(year), day(year + 1) - day(year)
    by_month = (n > 0) & (12 % np.maximum(n, 1) == 0)
    step = 12 // np.maximum(n, 1)
    base = np.full(len(j), first, np.int32)
    month_start = add_months(base, j * step)
    month_end = add_months(base, (j + 1) * step)
    start = first + j * length_of_year // np.maximum(n, 1)
    end = first + (j + 1) * length_of_year // np.maximum(n, 1)
    return np.where(by_month, month_start, start), np.where(by_month, month_end, np.maximum(end, start + 1))


# -- cells -----------------------------------------------------------------------------------


def _cells(rng: np.random.Generator, value: Value, column, place: Place, rows: Rows):
    """The cells of one column, of the type that the record keeps."""
    n = len(place.unit)
    given = rng.random(n) < value.often if value.often < 1 else np.ones(n, bool)
    match value.kind:
        case "chance":
            return np.where(given, _chance(rng, value.low, place), -1).astype(np.int8)
        case "share":
            share = np.where(place.best, value.high, _between(rng, value, place))
            return np.where(given, np.round(share / 100 * rows["asked"]), -1).astype(np.int64)
        case "number":
            number = _between(rng, value, place)
            if isinstance(column.type, Double):
                return np.where(given, np.floor(number) if value.whole else np.round(number, 1), np.nan)
            return np.where(given, np.floor(number), -1).astype(np.int64)
        case "offset":
            return _offset(rng, value, column, place, given)
    return _words(rng, value, column, given, place)


def _chance(rng: np.random.Generator, often: float, place: Place) -> np.ndarray:
    """True so often: better units more, the best always, the failing one half of the time and once a year not."""
    n = len(place.unit)
    if often in (0.0, 1.0):
        return np.full(n, often == 1.0)
    if often < 0.5:  # something bad, or rare
        true = (rng.random(n) < often * np.exp(-place.quality)) & ~place.best
        return true | (place.fails & place.first)
    odds = np.log(often / (1 - often)) + 1.2 * place.quality
    true = rng.random(n) < 1 / (1 + np.exp(-odds))
    failing = (rng.random(n) < 0.5) & ~place.first & ~place.always
    return np.where(place.best, True, np.where(place.fails, failing, true))


def _between(rng: np.random.Generator, value: Value, place: Place) -> np.ndarray:
    """Numbers between two bounds: the best unit in the upper third, the failing one in the lowest tenth."""
    u = np.clip(rng.random(len(place.unit)) * 0.75 + 0.125 + 0.14 * place.quality, 0, 1)
    u = np.where(place.best, 0.67 + 0.33 * rng.random(len(u)), u)
    u = np.where(place.fails, 0.1 * rng.random(len(u)), u)
    span = value.high - value.low + (0.999 if value.whole and value.kind == "number" else 0)
    return value.low + u * span


def _offset(rng: np.random.Generator, value: Value, column, place: Place, given: np.ndarray) -> np.ndarray:
    """Days or minutes after the row's day: short ones for the best unit, late ones for the failing."""
    n = len(place.unit)
    u = np.clip(rng.random(n) * 0.8 + 0.1 - 0.1 * place.quality, 0, 1)
    u = np.where(place.best, 0.5 * u, u)
    minutes = value.low + u * (value.high - value.low)
    if value.high > 0 and value.low != value.high:
        factor = 2 if column.name.startswith("closed") else 1.5
        minutes = np.where(place.fails & place.first, value.high * factor + 1440 * factor, minutes)
        given = given & ~(place.fails & ~place.first & (rng.random(n) < 0.3))
    if isinstance(column.type, DateTime):
        opening = place.when.astype(np.int64) * 1440 + 8 * 60 + (place.unit * 37 + place.when) % 400
        return np.where(given, opening + minutes.astype(np.int64), _NEVER)
    return np.where(given, place.when + np.floor(minutes / 1440 + 0.5).astype(np.int64), FAR).astype(np.int32)


def _words(rng: np.random.Generator, value: Value, column, given: np.ndarray, place: Place):
    n = len(given)
    choice = rng.integers(0, len(value.words), n) if len(value.words) > 1 else np.zeros(n, np.int64)
    if isinstance(column.type, String):
        return Words(np.where(given, choice, -1), value.words)
    cells = np.array([_constant(word, column) for word in value.words])
    missing = {Date: FAR, Double: np.nan}.get(type(column.type), -1)
    kind = {Date: np.int32, Double: float, Boolean: np.int8}.get(type(column.type), np.int64)
    return np.where(given, cells[choice], missing).astype(kind)


def _constant(word: str, column) -> float:
    if isinstance(column.type, Boolean):
        return {"true": 1, "yes": 1, "1": 1, "false": 0, "no": 0, "0": 0}[word.lower()]
    if isinstance(column.type, Date):
        return day(*(int(part) for part in word.split("-")))
    return float(word)


# -- exact totals ----------------------------------------------------------------------------


def _totals(work: Work, rows: Rows, place: Place) -> None:
    """The sums that the reference centre must have, put right row by row."""
    for (year, name), wanted in work.reference.items():
        if name == "rows":
            continue
        own = np.flatnonzero(place.own & (months_of(place.when) // 12 == year))
        if not len(own):
            continue
        if name == "positive" and wanted <= 1:
            wanted = np.round(wanted * rows["asked"][own].sum())
        rows[name][own] = spread(rows[name][own], wanted)


def area_rows(district: District, residents: int) -> Rows:
    """What hospitals and institutions of the whole area had together: visits a month, in proportion to residents."""
    rng = stream(district.seed, "area visits")
    month = np.array([year * 12 + m for year in district.years for m in range(12)])
    days = np.array([day(m // 12, m % 12 + 1, 28) for m in month], np.int32)
    rows: Rows = {
        "unit": np.zeros(len(days), np.int64),
        "kind": Words(np.zeros(len(days), int), ("area_visits",)),
        "day": days,
        "asked": np.round(residents * AREA_VISITS * (0.95 + 0.1 * rng.random(len(days)))).astype(np.int64),
        "method": Words(np.zeros(len(days), int), ("register",)),
    }
    return take(rows, days <= district.last)
