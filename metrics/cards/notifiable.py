"""Notifiable cases, and whether they were reported in time: what S13, S28 and the warnings share."""

from __future__ import annotations

from sqlalchemy import BigInteger, case, cast, extract, or_

from metrics.standards import by_day
from metrics.tables import incident


def _seconds(start, end):
    return cast(extract("epoch", end) - extract("epoch", start), BigInteger)


def within_hours(start, end, hours):
    """Whether ``end`` is at most so many hours after ``start``; unknown where either is."""
    return _seconds(start, end) <= hours * 3600


NOTIFIABLE = incident.c.kind == "notifiable"
#: A case of class A, or managed as such, is written as severe.
_HOURS = case(
    (incident.c.severity == "high", by_day("class_a_hours", incident.c.day)),
    else_=by_day("class_b_hours", incident.c.day),
)
IN_TIME = within_hours(incident.c.found_at, incident.c.reported_at, _HOURS)
LATE = _seconds(incident.c.found_at, incident.c.reported_at) > _HOURS * 3600
FAULTY = or_(incident.c.reported_at.is_(None), LATE, incident.c.outcome == "wrong")
TIMES = ("class_a_hours", "class_b_hours")
