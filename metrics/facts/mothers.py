"""Deliveries with what was done before and after, and pregnancies that go on."""

from __future__ import annotations

from sqlalchemy import Integer, and_, case, cast, func, select

from metrics.facts.registry import fact
from metrics.sql import month_of, one
from metrics.tables import maternal_visit, pregnancy

_m, _p = maternal_visit.c, pregnancy.c
_left = func.coalesce(_p.discharged_on, _p.delivered_on)
# Nobody is examined, and no newborn seen, by telephone; keeping track of a risk may be done so.
_in_person = func.coalesce(_m.mode, "") != "phone"
_check = and_(_m.kind == "antenatal", _in_person, _m.day <= _p.delivered_on)
_visits = (
    select(
        _p.row_id,
        func.sum(one(_check)).label("antenatal"),
        func.sum(one(and_(_m.kind == "antenatal", _m.day <= _p.delivered_on, _m.high_risk.is_(True)))).label(
            "risk_visits"
        ),
        func.sum(one(and_(_m.kind == "day42", _in_person, _m.day >= _p.delivered_on))).label("day42"),
        # Days from discharge (without one: from delivery) to the first visit at home or at the centre.
        func.min(
            case(
                (
                    and_(_m.kind == "postpartum", _in_person, _m.day >= _left),
                    cast(_m.day - _left, Integer),
                )
            )
        ).label("postpartum_after"),
    )
    .select_from(
        pregnancy.join(maternal_visit, and_(_m.person == _p.person, _m.pregnancy_no == _p.pregnancy_no))
    )
    .where(_p.delivered_on.is_not(None))
    .group_by(_p.row_id)
    .subquery()
)

#: Deliveries in their month, at the unit that keeps the pregnancy.
delivery = fact(
    "delivery",
    select(
        _p.person,
        _p.unit,
        month_of(_p.delivered_on).label("month"),
        _p.delivered_on,
        _left.label("left_on"),
        func.coalesce(_p.live_births, 0).label("live_births"),
        _p.booked_on,
        _p.booked_weeks,
        _p.first_check_on,
        _p.high_risk,
        _p.hospital,
        func.coalesce(_visits.c.antenatal, 0).label("antenatal"),
        func.coalesce(_visits.c.risk_visits, 0).label("risk_visits"),
        func.coalesce(_visits.c.day42, 0).label("day42"),
        _visits.c.postpartum_after,
    )
    .select_from(pregnancy.outerjoin(_visits, _visits.c.row_id == _p.row_id))
    .where(_p.delivered_on.is_not(None)),
)
