"""Village doctors' money of a year: who worked where, by how much it is shared out, and what each gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection, or_, select

from data.records import staff
from metrics import published
from metrics.appraisal.material import VILLAGE_DOCTOR
from metrics.funds.doctors import Doctor, DoctorMoney, doctors_money
from metrics.funds.scores import doctor_scores
from metrics.funds.settlements import population
from metrics.funds.settling import Line
from metrics.funds.terms import Terms
from metrics.principal import Principal

CENTRE = "centre"
#: Kinds of units at which village doctors work.
PLACES = ("clinic", "station")


def places(principal: Principal, connection: Connection) -> dict[int, int | None]:
    """clinic or station -> its centre, None where it stands under none; of centres whose places are all in scope.

    What one doctor gets hangs on the scores of all others of the centre: who does not see them all would reckon wrong.
    """
    above, unit = published.unit.alias(), published.unit
    rows = connection.execute(
        select(unit.c.unit, above.c.unit.label("centre"))
        .outerjoin(above, (above.c.unit == unit.c.parent) & (above.c.kind == CENTRE))
        .where(unit.c.kind.in_(PLACES))
        .order_by(unit.c.unit)
    )
    found = {int(row.unit): None if row.centre is None else int(row.centre) for row in rows}
    partly = {centre for unit, centre in found.items() if unit not in principal.own and centre is not None}
    return {unit: centre for unit, centre in found.items() if unit in principal.own and centre not in partly}


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
            principal.own.holds(staff.c.unit),
        )
    )
    worked: dict[Doctor, set[int]] = {}
    for unit, staff_no, start, end in rows:
        months = range(max(start, first).month, min(end or last, last).month + 1)
        worked.setdefault((int(unit), staff_no), set()).update(months)
    return {doctor: len(months) for doctor, months in sorted(worked.items()) if months}


def shares(
    principal: Principal,
    built: Connection,
    known: Connection,
    register: Connection,
    year: int,
    terms: Terms,
    lines: Iterable[Line],
    services: Mapping[tuple[int, str], int] | None = None,
) -> DoctorMoney:
    """What village doctors get of a settlement whose ``lines`` these are.

    built, known, register  connections to published figures, records and register
    services  what each unit did (``settlements.services``), to share out by work points; None: by people served
    """
    centre_of = places(principal, built)
    people: dict[int, int] = {}
    for kind in (CENTRE, *PLACES):
        people |= population(principal, built, year, kind)
    scores, _ = doctor_scores(principal, register, year)
    return doctors_money(
        terms,
        {line.unit: line.earned for line in lines if line.programme == ""},
        people,
        centre_of,
        months_worked(principal, known, year, centre_of),
        scores,
        None if services is None else work_points(terms, services, centre_of),
    )


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
