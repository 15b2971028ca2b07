"""Who has a valid health record."""

from __future__ import annotations

from sqlalchemy import Select, case, select

from metrics.facts.registry import fact
from metrics.facts.stay import resident
from metrics.sql import FOREVER, dated, merged, month_of, within, year_start
from metrics.tables import health_record


def _record_spans(*where, left_until=None) -> Select:
    """Months in which persons have a valid record: person, s, e.

    A record cancelled for death or departure counts up to ``left_until`` (by default that month).
    """
    left = month_of(health_record.c.cancelled_on)
    ended = case(
        (health_record.c.cancelled_on.is_(None), FOREVER),
        (health_record.c.cancel_reason.in_(["died", "moved"]), left if left_until is None else left_until),
        else_=left - 1,
    )
    rows = (
        select(health_record.c.person, month_of(health_record.c.created_on).label("s"), ended.label("e"))
        .where(*where, month_of(health_record.c.created_on) <= ended)
        .subquery()
    )
    return merged(rows, "person")


#: Persons with a valid record; two records of one person count once.
recorded = fact("recorded", _record_spans())
#: The same with a record that the source marks as electronic.
recorded_electronic = fact("recorded_electronic", _record_spans(health_record.c.electronic.is_(True)))
#: Persons with a valid record in the figures of a year: who dies or leaves stays to its end.
recorded_in_year = fact(
    "recorded_in_year",
    dated(
        lambda keep: _record_spans(
            left_until=year_start(month_of(health_record.c.cancelled_on)) + 11 if keep else None
        ),
        "keep_departed",
    ),
)
#: The same with a record of which the source says whether it is electronic.
recorded_told = fact("recorded_told", _record_spans(health_record.c.electronic.is_not(None)))
#: Residents with a valid record.
recorded_resident = fact("recorded_resident", within(recorded, resident))
