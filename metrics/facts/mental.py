"""Severe mental disorder: contacts, how far apart they are, and the state at the last one."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select, union_all

from metrics.facts.contacts import FACE_TO_FACE
from metrics.facts.patients import managed
from metrics.facts.registry import fact
from metrics.sql import FOREVER, at_least, at_most, merged, reigning, year_start
from metrics.standards import by_month
from metrics.tables import followup, year

_ours = followup.c.programme == "smi"
_contacts = (
    select(followup.c.person, followup.c.month, year_start(followup.c.month).label("y0"))
    .where(_ours, or_(followup.c.mode.in_(FACE_TO_FACE), followup.c.inpatient.is_(True)))
    .distinct()
    .subquery()
)
# From where gaps are counted: the month before the year, for whoever came later the month of coming.
_managed = merged(
    select(managed.c.person, managed.c.s, managed.c.e).where(managed.c.programme == "smi").subquery(),
    "person",
).subquery()
_year_managed = (
    select(
        _managed.c.person,
        year.c.y0,
        year.c.y1,
        at_least(func.min(_managed.c.s), year.c.y0 - 1).label("anchor"),
        func.max(at_most(_managed.c.e, year.c.y1)).label("last_managed"),
    )
    .select_from(_managed.join(year, and_(_managed.c.s <= year.c.y1, _managed.c.e >= year.c.y0)))
    .group_by(_managed.c.person, year.c.y0, year.c.y1)
    .subquery()
)
_points = union_all(
    select(
        _year_managed.c.person,
        _year_managed.c.y0,
        _year_managed.c.last_managed,
        _year_managed.c.anchor.label("month"),
    ),
    select(_year_managed.c.person, _year_managed.c.y0, _year_managed.c.last_managed, _contacts.c.month)
    .select_from(
        _year_managed.join(
            _contacts,
            and_(_contacts.c.person == _year_managed.c.person, _contacts.c.y0 == _year_managed.c.y0),
        )
    )
    .where(_contacts.c.month > _year_managed.c.anchor),
).subquery()
_next = func.lead(_points.c.month).over(
    partition_by=[_points.c.person, _points.c.y0], order_by=_points.c.month
)
_gaps = select(
    *_points.c,
    (_points.c.month + by_month("smi_gap_months", _points.c.month)).label("due"),
    func.coalesce(_next, FOREVER).label("following"),
).subquery()
_failed = (
    select(_gaps.c.person, _gaps.c.y0, func.min(_gaps.c.due).label("month"))
    .where(_gaps.c.following > _gaps.c.due, _gaps.c.due <= _gaps.c.last_managed)
    .group_by(_gaps.c.person, _gaps.c.y0)
    .subquery()
)

#: Months of a year in which no two contacts so far, nor the last one and now, are too far apart.
smi_on_schedule = fact(
    "smi_on_schedule",
    select(
        _year_managed.c.person,
        _year_managed.c.y0,
        _year_managed.c.y0.label("s"),
        (func.coalesce(_failed.c.month, _year_managed.c.y1 + 1) - 1).label("e"),
    )
    .select_from(
        _year_managed.outerjoin(
            _failed, and_(_failed.c.person == _year_managed.c.person, _failed.c.y0 == _year_managed.c.y0)
        )
    )
    .where(func.coalesce(_failed.c.month, FOREVER) > _year_managed.c.y0),
)

_followups = (
    select(
        followup.c.person,
        year_start(followup.c.month).label("y0"),
        followup.c.day,
        followup.c.month,
        followup.c.entered_on,
        followup.c.row_id,
        followup.c.adherence,
        followup.c.condition,
        followup.c.inpatient,
    )
    .where(_ours)
    .subquery()
)
_reigning = reigning(
    _followups,
    "person",
    "y0",
    until=_followups.c.y0 + 11,
    order=[_followups.c.day, func.coalesce(_followups.c.entered_on, _followups.c.day), _followups.c.row_id],
).subquery()

#: Each follow-up for as long as it is the last one of its year.
smi_last = fact(
    "smi_last",
    select(
        *(_reigning.c[name] for name in ("person", "y0", "s", "e", "adherence", "condition", "inpatient"))
    ),
)
