"""Patients of a programme: enrolled, managed at a unit, managed in a year."""

from __future__ import annotations

from sqlalchemy import Select, and_, case, func, or_, select

from metrics.facts.registry import fact
from metrics.facts.stay import by_year, stay
from metrics.sql import FOREVER, at_least, at_most, merged, month_of, spans_of
from metrics.tables import enrolment

_enrol_end = case((enrolment.c.end_on.is_(None), FOREVER), else_=month_of(enrolment.c.end_on))
enrolment_rows = (
    select(
        enrolment.c.programme,
        enrolment.c.person,
        enrolment.c.start_on,
        month_of(enrolment.c.start_on).label("s"),
        _enrol_end.label("e"),
    )
    # Type 1 diabetes is not the programme's; an unnamed type counts as type 2.
    .where(
        or_(enrolment.c.programme != "dm", func.coalesce(enrolment.c.subtype, "type2") == "type2"),
        month_of(enrolment.c.start_on) <= _enrol_end,
    )
    .subquery()
)

#: Patients enrolled in a programme.
enrolled = fact("enrolled", merged(enrolment_rows, "programme", "person"))

#: The same at the unit that manages them, as of month ends.
managed = fact(
    "managed",
    select(
        enrolled.c.programme,
        stay.c.person,
        stay.c.unit,
        at_least(enrolled.c.s, stay.c.s).label("s"),
        at_most(enrolled.c.e, stay.c.e).label("e"),
    )
    .select_from(enrolled.join(stay, stay.c.person == enrolled.c.person))
    .where(at_least(enrolled.c.s, stay.c.s) <= at_most(enrolled.c.e, stay.c.e)),
)

#: Patients managed on any day of a year, until its end, credited to the last unit.
managed_year = fact("managed_year", by_year(managed, "programme", "person"))


def patients_of_year(programme: str) -> Select:
    """Patients of a programme managed in the year: person, unit, s, e."""
    return spans_of(managed_year).where(managed_year.c.programme == programme)


def patients_as_of(programme: str) -> Select:
    """Patients of a programme managed at the month's end: person, unit, s, e."""
    return spans_of(managed).where(managed.c.programme == programme)


def within_year(inner, programme: str, *where) -> Select:
    """The part of a patient's spans (programme, person, y0, s, e) within the year managed, at the unit credited."""
    s, e = at_least(inner.c.s, managed_year.c.s), at_most(inner.c.e, managed_year.c.e)
    return (
        select(managed_year.c.person, managed_year.c.unit, s.label("s"), e.label("e"))
        .select_from(
            managed_year.join(
                inner,
                and_(
                    inner.c.programme == managed_year.c.programme,
                    inner.c.person == managed_year.c.person,
                    inner.c.y0 == managed_year.c.y0,
                ),
            )
        )
        .where(managed_year.c.programme == programme, *where, s <= e)
    )
