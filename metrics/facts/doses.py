"""Doses owed by the schedule, and whether they were given."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select

from metrics.facts.registry import fact
from metrics.facts.stay import stay
from metrics.sql import FOREVER
from metrics.standards import by_month
from metrics.tables import dose, person, schedule, year

_given = (
    select(dose.c.person, dose.c.vaccine, dose.c.dose_no, func.min(dose.c.month).label("given"))
    .group_by(dose.c.person, dose.c.vaccine, dose.c.dose_no)
    .subquery()
)
_recommended = person.c.born_month + schedule.c.age_months
_due_month = _recommended + by_month("dose_grace_months", _recommended)

#: Doses that the schedule asks for, in the month in which they count as missed if not given: given says when.
dose_owed = fact(
    "dose_owed",
    select(
        person.c.person,
        schedule.c.vaccine,
        schedule.c.dose_no,
        schedule.c.added,
        _due_month.label("month"),
        person.c.registered,
        func.coalesce(_given.c.given, FOREVER).label("given"),
    )
    .select_from(
        person.join(
            schedule,
            and_(
                person.c.born_month >= schedule.c.first_born,
                or_(schedule.c.sex.is_(None), schedule.c.sex == person.c.sex),
            ),
        ).outerjoin(
            _given,
            and_(
                _given.c.person == person.c.person,
                _given.c.vaccine == schedule.c.vaccine,
                _given.c.dose_no == schedule.c.dose_no,
            ),
        )
    )
    # Children only: whoever was an adult when figures begin owes no dose of the schedule.
    .where(person.c.born_month > select(func.min(year.c.y0)).scalar_subquery() - 15 * 12),
)

#: The same where the child was managed in that month, of those children whom the reports of that month count.
dose_due = fact(
    "dose_due",
    select(*dose_owed.c, stay.c.unit)
    .select_from(
        dose_owed.join(
            stay, and_(stay.c.person == dose_owed.c.person, dose_owed.c.month.between(stay.c.s, stay.c.e))
        )
    )
    .where(
        or_(
            by_month("due_floating", dose_owed.c.month) == 1,
            dose_owed.c.registered.is_distinct_from(False),
        )
    ),
)
