"""The management grid that a person lives in."""

from __future__ import annotations

from sqlalchemy import func, literal, select, union_all

from metrics.facts.registry import fact
from metrics.tables import health_record, residence

_places = union_all(
    select(
        residence.c.person,
        residence.c.place,
        residence.c.start_on.label("since"),
        literal(1).label("register"),
    ).where(residence.c.place.is_not(None)),
    select(
        health_record.c.person,
        health_record.c.place,
        health_record.c.created_on.label("since"),
        literal(0).label("register"),
    ).where(health_record.c.place.is_not(None)),
).subquery()
_latest_place = select(
    _places.c.person,
    _places.c.place,
    func.row_number()
    .over(
        partition_by=_places.c.person,
        order_by=[_places.c.register.desc(), _places.c.since.desc(), _places.c.place.desc()],
    )
    .label("nth"),
).subquery()

#: The management grid a person lives in, as last known.
home = fact("home", select(_latest_place.c.person, _latest_place.c.place).where(_latest_place.c.nth == 1))
