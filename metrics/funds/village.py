"""Which village doctors worked where in a year, and by how much: what their money is shared out by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection, or_, select

from data.records import staff
from metrics import published
from metrics.appraisal.material import VILLAGE_DOCTOR
from metrics.funds.doctors import Doctor
from metrics.funds.terms import Terms
from metrics.principal import Principal

CENTRE = "centre"
#: Kinds of units at which village doctors work.
PLACES = ("clinic", "station")


def places(principal: Principal, connection: Connection) -> dict[int, int | None]:
    """clinic or station -> its centre, of those in scope; None where it stands under none."""
    above, unit = published.unit.alias(), published.unit
    rows = connection.execute(
        select(unit.c.unit, above.c.unit.label("centre"))
        .outerjoin(above, (above.c.unit == unit.c.parent) & (above.c.kind == CENTRE))
        .where(unit.c.kind.in_(PLACES), principal.figures.holds(unit.c.unit))
        .order_by(unit.c.unit)
    )
    return {int(row.unit): None if row.centre is None else int(row.centre) for row in rows}


def months_worked(
    principal: Principal, connection: Connection, year: int, among: Iterable[int]
) -> dict[Doctor, int]:
    """(unit, staff number) -> months of the year with a day of work as a village doctor (the records).

    Who leaves nobody knows yet works to the year's end.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = connection.execute(
        select(staff.c.unit, staff.c.staff_no, staff.c.start_on, staff.c.end_on).where(
            staff.c.known_to.is_(None),
            staff.c.role == VILLAGE_DOCTOR,
            staff.c.start_on <= last,
            or_(staff.c.end_on.is_(None), staff.c.end_on >= first),
            staff.c.unit.in_(list(among)),
            principal.persons.holds(staff.c.unit),
        )
    )
    worked: dict[Doctor, set[int]] = {}
    for unit, staff_no, start, end in rows:
        months = range(max(start, first).month, min(end or last, last).month + 1)
        worked.setdefault((int(unit), staff_no), set()).update(months)
    return {doctor: len(months) for doctor, months in sorted(worked.items()) if months}


def work_points(
    terms: Terms, services: Mapping[tuple[int, str], float], among: Iterable[int]
) -> dict[int, Fraction]:
    """unit -> work points of all programmes together; ``services`` as ``settlements.services`` gives them."""
    found: dict[int, Fraction] = {}
    for unit in among:
        points = sum(
            (
                each * Fraction(str(services.get((unit, card), 0)))
                for (_, card), each in terms.work_points.items()
            ),
            Fraction(0),
        )
        if points:
            found[unit] = points
    return found
