"""Valid health records one by one: two records of one person are two records."""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, Select, case, select

from metrics.facts import stay
from metrics.sql import FOREVER, at_least, at_most, month_of
from metrics.tables import health_record, person


def last_valid(record: FromClause) -> ColumnElement:
    """The last month of a record; one that was cancelled for death or departure counts to that month's end."""
    return case(
        (record.c.cancelled_on.is_(None), FOREVER),
        (record.c.cancel_reason.in_(["died", "moved"]), month_of(record.c.cancelled_on)),
        else_=month_of(record.c.cancelled_on) - 1,
    )


record_end = last_valid(health_record)
_s = at_least(month_of(health_record.c.created_on), stay.c.s)
_e = at_most(record_end, stay.c.e)


def valid_records(
    *where: ColumnElement, more: tuple[ColumnElement, ...] = (), with_master: bool = False
) -> Select:
    """person, unit, s, e and ``more`` columns: each record while it is valid, where its person is managed.

    ``with_master``: joined with the demographic master, so that conditions and columns may name it.
    """
    rows = health_record.join(stay, stay.c.person == health_record.c.person)
    if with_master:
        rows = rows.join(person, person.c.person == health_record.c.person)
    return (
        select(health_record.c.person, stay.c.unit, _s.label("s"), _e.label("e"), *more)
        .select_from(rows)
        .where(_s <= _e, *where)
    )
