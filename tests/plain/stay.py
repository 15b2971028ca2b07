"""Who is managed where on the last day of a month, and who is a resident."""

from __future__ import annotations

from datetime import date, timedelta

from tests.plain.district import District, parameter, remembered
from tests.plain.months import month_of

EVER = date(9999, 12, 31)
BEFORE = date(1, 1, 1)


@remembered
def record_in_force(district: District, person: int) -> dict | None:
    """The record not cancelled that was made last, else the last cancelled one."""
    records = district.of(person, "health_record")
    if not records:
        return None
    return max(records, key=lambda r: (r["cancelled_on"] is None, r["created_on"], r["row_id"]))


@remembered
def died_on(district: District, person: int) -> date:
    """The first day of death that the master or any record of the person notes."""
    days = [district.masters[person]["died_on"]]
    days += [record["died_on"] for record in district.of(person, "health_record")]
    return min((day for day in days if day is not None), default=EVER)


@remembered
def managements(district: District, person: int) -> list[tuple[date, date, int]]:
    """(first day, last day, unit), as the register says; without a register as the record in force says."""
    rows = district.of(person, "residence")
    if rows:
        found = [(row["start_on"], row["end_on"] or EVER, row["unit"]) for row in rows]
    else:
        found = _from_record(district, person)
    born_on = district.masters[person]["born_on"]
    pieces = []
    for first_on, last_on, unit in found:
        if unit is None:
            continue
        first_on = max(first_on, born_on or first_on)
        last_on = min(last_on, died_on(district, person))
        pieces += _credited(district, unit, first_on, last_on)
    return sorted(pieces)


def _from_record(district: District, person: int) -> list[tuple]:
    master, record = district.masters[person], record_in_force(district, person)
    born_on = master["born_on"]
    unit = record["unit"] if record and record["unit"] is not None else master["unit"]
    if born_on is None or unit is None:
        return []
    last_on = EVER
    if record and record["cancelled_on"] and record["cancel_reason"] in ("died", "moved"):
        last_on = record["cancelled_on"]
    return [(_known_from(district, person), last_on, unit)]


def _known_from(district: District, person: int) -> date:
    master = district.masters[person]
    if master["arrived_on"] is not None:
        return master["arrived_on"]
    born_on = master["born_on"]
    days = [master["entered_on"]]
    if record_in_force(district, person) is not None:
        first_record = min(record["created_on"] for record in district.of(person, "health_record"))
        if first_record < _a_year_after(born_on):
            return born_on  # a child whose record is made within its first year has lived here from birth
        days.append(first_record)
    return max(born_on, min((day for day in days if day is not None), default=born_on))


def _a_year_after(day: date) -> date:
    return date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _credited(district: District, unit: int, first_on: date, last_on: date) -> list[tuple[date, date, int]]:
    """A management cut at mergers: to the day before it counts for the old unit, from then on for the successor."""
    row = district.units.get(unit)
    if row is None or not (row["successor"] and row["closed_on"]):
        return [(first_on, last_on, unit)] if first_on <= last_on else []
    before = (first_on, min(last_on, row["closed_on"] - timedelta(days=1)), unit)
    after = _credited(district, row["successor"], max(first_on, row["closed_on"]), last_on)
    return [*([before] if before[0] <= before[1] else []), *after]


@remembered
def management(district: District, person: int, month: int) -> tuple[date, date, int] | None:
    """The management that counts at a month's end: the last one begun, unless it ended in an earlier month."""
    begun = [piece for piece in managements(district, person) if month_of(piece[0]) <= month]
    if not begun:
        return None
    latest = begun[-1]
    return latest if month_of(latest[1]) >= month else None


@remembered
def managed_by(district: District, person: int, month: int) -> int | None:
    """The unit that manages the person at the month's end; death and departure count to the month's end."""
    found = management(district, person, month)
    return found[2] if found else None


def resident_at(district: District, person: int, month: int) -> int | None:
    """The unit of a resident: a floating person counts once six months here are complete."""
    return _resident_by(district, person, month, parameter("resident_months", month))


@remembered
def _resident_by(district: District, person: int, month: int, months: float) -> int | None:
    """The same where so many months here make a resident."""
    master = district.masters[person]
    if master["registered"] is False and master["arrived_on"] is not None:
        complete = month_of(master["arrived_on"]) + int(months)
        if month < complete:
            return None
    return managed_by(district, person, month)


@remembered
def resident_of_year(district: District, person: int, month: int) -> int | None:
    """The last unit of the year so far at which the person was a resident, as the month's figures see it."""
    months = parameter("resident_months", month)
    return last_of_year(district, month, lambda one: _resident_by(district, person, one, months))


def last_of_year(district: District, month: int, unit_in) -> int | None:
    """The unit of the latest month of the year so far that has one; or the month's, where nobody is kept."""
    if not parameter("keep_departed", month):
        return unit_in(month)
    for one in reversed(district.year_so_far(month)):
        if (unit := unit_in(one)) is not None:
            return unit
    return None
