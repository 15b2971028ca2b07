"""Use of services, and the first event of a year."""

from __future__ import annotations

from sqlalchemy import FromClause, Select, func, select, union_all

from metrics.facts.registry import fact
from metrics.sql import merged, month_of, spans_of, year_start
from metrics.tables import CURRENT, checkup, followup, person_tag, service

_uses = union_all(
    *(
        select(
            table.c.person, year_start(table.c.month).label("y0"), func.min(table.c.month).label("s")
        ).group_by(table.c.person, year_start(table.c.month))
        for table in (CURRENT["encounter"], checkup, followup, CURRENT["referral"])
    ),
    select(service.c.person, year_start(service.c.month).label("y0"), func.min(service.c.month).label("s"))
    .where(service.c.kind != "update")
    .group_by(service.c.person, year_start(service.c.month)),
).subquery()

#: From which month of a year a person has had a service: visit, check, follow-up, consultation, referral.
served = fact(
    "served",
    select(_uses.c.person, _uses.c.y0, func.min(_uses.c.s).label("s"), (_uses.c.y0 + 11).label("e")).group_by(
        _uses.c.person, _uses.c.y0
    ),
)


_use_months = union_all(
    *(
        select(table.c.person, table.c.month)
        for table in (CURRENT["encounter"], checkup, followup, CURRENT["referral"])
    ),
    select(service.c.person, service.c.month).where(service.c.kind != "update"),
).subquery()
_year_of_use = select(
    _use_months.c.person, _use_months.c.month.label("s"), (_use_months.c.month + 11).label("e")
).subquery()

#: Months in which a person has had a service within twelve months.
served_rolling = fact("served_rolling", merged(_year_of_use, "person"))


def first_of_year(events, *where) -> Select:
    """From the first event of a person's year to the year's end: person, s, e."""
    rows = (
        select(events.c.person, events.c.month, year_start(events.c.month).label("y0"))
        .where(*where)
        .subquery()
    )
    return select(rows.c.person, func.min(rows.c.month).label("s"), (rows.c.y0 + 11).label("e")).group_by(
        rows.c.person, rows.c.y0
    )


def first_seen(events: FromClause, *where) -> Select:
    """From a person's first event of a year, at the unit that performed it, to the year's end: person, unit, s, e."""
    y0 = year_start(events.c.month)
    line = func.row_number().over(
        partition_by=[events.c.person, y0], order_by=[events.c.day, events.c.row_id]
    )
    rows = (
        select(
            events.c.person,
            events.c.unit,
            events.c.month.label("s"),
            (y0 + 11).label("e"),
            line.label("nth"),
        )
        .where(events.c.unit.is_not(None), *where)
        .subquery()
    )
    return spans_of(rows).where(rows.c.nth == 1)


def assessed(tag: str) -> Select:
    """From a person's first assessment of a year to the year's end: person, s, e."""
    rows = select(person_tag.c.person, month_of(person_tag.c.start_on).label("month")).where(
        person_tag.c.tag == tag
    )
    return first_of_year(rows.subquery())
