"""The two shapes of a figure: what holds at a month's end, and what happened in a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.plain.district import District, parameter, remembered

Where = Callable[[District, int, int], int | None]  # person, month -> the unit credited, or nobody
Times = Callable[[District, int, int], int]  # person, month -> how often counted; a truth value is 0 or 1


def once(district: District, person: int, month: int) -> int:
    return 1


@dataclass(frozen=True)
class Stock:
    """Counted person by person at the end of each month.

    ``at`` says where a person is counted at all, ``counted`` how often in the numerator, ``listed``
    how often among those of whom the numerator is a part (None: nothing is listed).
    """

    at: Where
    counted: Times
    listed: Times | None = once
    basis: str = "as_of"
    band: str | None = None  # of the approved population that is divided by
    share: str | None = None  # a parameter: this share of the band
    reads: tuple[str, ...] = ()  # tables; before the first row of a register there is no figure
    kinds: tuple[str, ...] | None = None  # of units that it is about

    def tallies(self, district: District, unit_months: dict[str, Counter]) -> None:
        for month in district.months:
            for person in district.persons:
                unit = self.at(district, person, month)
                if unit is None:
                    continue
                unit_months["numerator"][unit, month] += int(self.counted(district, person, month))
                if self.listed is not None:
                    unit_months["listed"][unit, month] += int(self.listed(district, person, month))

    def figures(self, district: District) -> dict[tuple, tuple]:
        parts = {"numerator": Counter(), "listed": Counter()}
        self.tallies(district, parts)
        found = {}
        sums = {part: rolled_up(district, counts) for part, counts in parts.items()}
        for unit in district.units:
            for month in district.months:
                listed = sums["listed"][unit, month] if self.listed is not None else None
                denominator = approved(district, self.band, self.share, unit, month) if self.band else listed
                found[unit, month, self.basis] = (sums["numerator"][unit, month], listed, denominator)
        return found


@dataclass(frozen=True)
class Distinct:
    """Things (households, packages) counted anew at every level: a thing at two units is one thing above.

    ``things`` gives for a month pairs of (unit, thing).
    """

    counted: Callable[[District, int], Iterable[tuple[int, object]]]
    listed: Callable[[District, int], Iterable[tuple[int, object]]] | None = None
    basis: str = "as_of"
    reads: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None

    def figures(self, district: District) -> dict[tuple, tuple]:
        found = {}
        for month in district.months:
            counted = _at_every_level(district, self.counted(district, month))
            listed = _at_every_level(district, self.listed(district, month)) if self.listed else None
            for unit in district.units:
                of = len(listed[unit]) if listed is not None else None
                found[unit, month, self.basis] = (len(counted[unit]), of, of)
        return found


def _at_every_level(district: District, things: Iterable[tuple[int, object]]) -> dict[int, set]:
    sets: dict[int, set] = {unit: set() for unit in district.units}
    for unit, thing in things:
        if unit is None:
            continue
        for above in district.above(unit):
            sets[above].add(thing)
    return sets


@dataclass(frozen=True)
class Flow:
    """What happened in a month: (unit, month, n) or, for shares and means, (unit, month, n, of).

    ``each_level``: the events say themselves at which units they count, so nothing is added up.
    """

    events: Callable[[District], Iterable[tuple]]
    of: bool = False
    each_level: bool = False
    reads: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None

    def figures(self, district: District) -> dict[tuple, tuple]:
        numerator, denominator = Counter(), Counter()
        for unit, month, n, *of in self.events(district):
            if unit is None or month is None:
                continue
            numerator[unit, month] += int(n or 0)
            denominator[unit, month] += int(of[0]) if of else 0
        if not self.each_level:
            numerator, denominator = rolled_up(district, numerator), rolled_up(district, denominator)
        found = {}
        windows = {month: self._windows(district, month) for month in district.months}
        for unit in district.units:
            for month in district.months:
                for basis, months in windows[month].items():
                    n = sum(numerator[unit, one] for one in months)
                    of = sum(denominator[unit, one] for one in months) if self.of else None
                    found[unit, month, basis] = (n, of, of)
        return found

    @staticmethod
    def _windows(district: District, month: int) -> dict[str, range]:
        windows = {"month": range(month, month + 1), "ytd": district.year_so_far(month)}
        if month - 11 >= district.first:
            windows["r12"] = range(month - 11, month + 1)
        return windows


def rolled_up(district: District, counts: Counter) -> Counter:
    """Each unit's counts added to every unit above it."""
    sums: Counter = Counter()
    for (unit, month), n in counts.items():
        for above in district.above(unit):
            sums[above, month] += n
    return sums


def approved(district: District, band: str, share: str | None, unit: int, month: int) -> int | None:
    """The population in force for a unit and the year of a month; None where none is approved."""
    persons = _approved(district, band, unit, month // 12)
    if persons is None and district.units[unit]["kind"] == "bureau":
        centres = [
            key
            for key, row in district.units.items()
            if row["kind"] == "centre" and row["parent"] == unit and _open_in_year(row, month // 12)
        ]
        parts = [_approved(district, band, centre, month // 12) for centre in centres]
        persons = sum(parts) if parts and None not in parts else None
    if persons is None or share is None:
        return persons
    return int(persons * parameter(share, month) + 0.5)


def _open_in_year(unit: dict, year: int) -> bool:
    opened, closed = unit.get("opened_on"), unit.get("closed_on")
    return (opened is None or opened.year <= year) and (closed is None or closed.year >= year)


def _approved(district: District, band: str, unit: int, year: int) -> int | None:
    latest: dict[str, dict] = {}
    for row in _approvals(district).get((unit, year, band), ()):
        latest.pop(row["kind"], None)
        latest[row["kind"]] = row
    chosen = [row for row in latest.values() if row.get("in_force")]
    if chosen:
        return chosen[-1]["persons"]
    kind = ("resident", "registered", "recorded")[int(parameter("coverage_kind", year * 12)) - 1]
    row = latest.get(kind)
    if row is not None:
        return None if row.get("in_force") is False else row["persons"]
    return _by_name(district, band, unit, year) if kind == "recorded" else None


@remembered
def _approvals(district: District) -> dict[tuple[int, int, str], list[dict]]:
    """(unit, year, band) -> its approvals, the latest last."""
    found: dict[tuple[int, int, str], list[dict]] = {}
    for row in sorted(
        district.rows("population"), key=lambda row: (str(row.get("approved_on") or ""), row["row_id"])
    ):
        found.setdefault((row["unit"], row["year"], row["band"]), []).append(row)
    return found


@remembered
def _by_name(district: District, band: str, unit: int, year: int) -> int:
    """Residents known by name at the year's end, or in the newest month."""
    from tests.plain.stay import resident_at

    month = min(year * 12 + 11, district.last)
    sex = {"f": 2, "m": 1}.get(band[0])
    ages = band.lstrip("fm")
    found = 0
    for person in district.persons:
        at = resident_at(district, person, month)
        if at is None or unit not in district.above(at):
            continue
        master = district.masters[person]
        if band != "all":
            if master["born_month"] is None or (sex and master["sex"] != sex):
                continue
            age = (month - master["born_month"]) // 12
            low, _, high = ages.rstrip("+").partition("-")
            if age < int(low) or (high and age > int(high)):
                continue
        found += 1
    return found
