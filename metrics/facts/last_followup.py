"""The last follow-up of a patient's year so far."""

from __future__ import annotations

from sqlalchemy import func, select

from metrics.facts.registry import fact
from metrics.sql import reigning, year_start
from metrics.tables import followup

_followups = select(
    followup.c.programme,
    followup.c.person,
    year_start(followup.c.month).label("y0"),
    followup.c.day,
    followup.c.month,
    followup.c.entered_on,
    followup.c.row_id,
    followup.c.sbp,
    followup.c.dbp,
    followup.c.fpg,
    followup.c.adherence,
).subquery()
_reigning = reigning(
    _followups,
    "programme",
    "person",
    "y0",
    until=_followups.c.y0 + 11,
    order=[_followups.c.day, func.coalesce(_followups.c.entered_on, _followups.c.day), _followups.c.row_id],
).subquery()

#: Each follow-up for as long as it is the last one of its year.
last_followup = fact(
    "last_followup",
    select(
        _reigning.c.programme,
        _reigning.c.person,
        _reigning.c.y0,
        _reigning.c.day,
        _reigning.c.s,
        _reigning.c.e,
        _reigning.c.sbp,
        _reigning.c.dbp,
        _reigning.c.fpg,
        _reigning.c.adherence,
    ),
)
