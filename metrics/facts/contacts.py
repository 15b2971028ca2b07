"""What a patient's year asks for by when, and which contacts and checks were made."""

from __future__ import annotations

from sqlalchemy import (
    Date,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from metrics.facts.patients import enrolment_rows
from metrics.facts.registry import fact
from metrics.facts.stay import stay
from metrics.sql import FOREVER, at_least, at_most, first_of, month_of, year_start
from metrics.standards import by_day, by_month, values_of
from metrics.tables import checkup, followup, year

FACE_TO_FACE = ("clinic", "station", "community", "home")
# As many contacts as any year asks for.
_MOST = max(values_of("contacts_per_year"))
_KS = range(1, _MOST + 1)

#: The days on which a patient had a contact that counts towards the standard, several on a day as one.
contact_days = (
    select(
        followup.c.programme,
        followup.c.person,
        followup.c.day,
        followup.c.month,
        year_start(followup.c.month).label("y0"),
    )
    .where(
        or_(
            followup.c.mode.in_(FACE_TO_FACE),
            and_(followup.c.mode == "phone", by_day("phone_counts", followup.c.day) == 1),
        )
    )
    .distinct()
    .subquery()
)
_contact_line = select(
    contact_days.c.programme,
    contact_days.c.person,
    contact_days.c.y0,
    contact_days.c.month,
    func.row_number()
    .over(
        partition_by=[contact_days.c.programme, contact_days.c.person, contact_days.c.y0],
        order_by=contact_days.c.day,
    )
    .label("k"),
).subquery()

#: The months of the first contacts of a patient's year, as many as it asks for (FOREVER: not made).
contacts = fact(
    "contacts",
    select(
        _contact_line.c.programme,
        _contact_line.c.person,
        _contact_line.c.y0,
        *(
            func.coalesce(first_of(_contact_line.c.k == k, _contact_line.c.month), FOREVER).label(f"c{k}")
            for k in _KS
        ),
    )
    .where(_contact_line.c.k <= _MOST)
    .group_by(_contact_line.c.programme, _contact_line.c.person, _contact_line.c.y0),
)

_checkups = select(
    checkup.c.person, checkup.c.month, checkup.c.complete, year_start(checkup.c.month).label("y0")
).subquery()

#: The month of a person's first health check of a year, of any and of a complete one.
checked = fact(
    "checked",
    select(
        _checkups.c.person,
        _checkups.c.y0,
        func.min(_checkups.c.month).label("s"),
        func.coalesce(first_of(_checkups.c.complete.is_(True), _checkups.c.month), FOREVER).label(
            "complete_s"
        ),
        (_checkups.c.y0 + 11).label("e"),
    ).group_by(_checkups.c.person, _checkups.c.y0),
)

_piece_s = at_least(enrolment_rows.c.s, stay.c.s)
_piece_e = at_most(enrolment_rows.c.e, stay.c.e)
# The first day of a year on which a patient was enrolled here, and the last month managed in it.
_year_managed = (
    select(
        enrolment_rows.c.programme,
        enrolment_rows.c.person,
        *year.c,
        func.min(at_least(year.c.first_on, enrolment_rows.c.start_on, stay.c.first_on)).label("owed_from"),
        func.max(at_most(_piece_e, year.c.y1)).label("last_managed"),
    )
    .select_from(
        enrolment_rows.join(stay, stay.c.person == enrolment_rows.c.person).join(
            year, and_(_piece_s <= year.c.y1, _piece_e >= year.c.y0)
        )
    )
    .where(_piece_s <= _piece_e)
    .group_by(enrolment_rows.c.programme, enrolment_rows.c.person, *year.c)
    .subquery()
)


def _month_when_owed(k: int):
    """The month at whose end ``k`` contacts are owed: when ``k`` of so many parts of 365 days have been managed.

    A year asks for what is in force when it begins. The last contact is owed in the last month, with all else.
    """

    def of(a_year: int):
        days = -(-365 * k // a_year)
        if k >= a_year:
            return literal(FOREVER)
        return month_of(cast(_owed.c.owed_from, Date) + literal_column(f"INTERVAL '{days - 1} days'"))

    return by_month("contacts_per_year", _owed.c.y0, of)


_a_year = by_month("contacts_per_year", _year_managed.c.y0)
_owed = select(
    *(c for c in _year_managed.c if c.name not in ("first_on", "last_on")),
    # In the last month: all four, pro rata (rounded up) for whoever came within the year.
    case(
        (_year_managed.c.owed_from <= _year_managed.c.first_on, _a_year),
        else_=cast(
            func.ceil(
                _a_year
                * (cast(_year_managed.c.last_on - _year_managed.c.owed_from, Integer) + 1)
                / literal_column("365.0")
            ),
            Integer,
        ),
    ).label("full"),
).subquery()


def _when(k: int):
    # Days managed stop with the last month managed: a contact that would come due later is not owed.
    month = _month_when_owed(k)
    return case((month <= _owed.c.last_managed, month), else_=FOREVER).label(f"t{k}")


#: A patient's year: from which month 1, 2, 3 contacts are owed, how many in the last month, which were made.
patient_year = fact(
    "patient_year",
    select(
        _owed.c.programme,
        _owed.c.person,
        _owed.c.y0,
        _owed.c.y1,
        _owed.c.full,
        *(_when(k) for k in _KS[:-1]),
        *(func.coalesce(contacts.c[f"c{k}"], FOREVER).label(f"c{k}") for k in _KS),
        func.coalesce(checked.c.s, FOREVER).label("checked"),
    ).select_from(
        _owed.outerjoin(
            contacts,
            and_(
                contacts.c.programme == _owed.c.programme,
                contacts.c.person == _owed.c.person,
                contacts.c.y0 == _owed.c.y0,
            ),
        ).outerjoin(checked, and_(checked.c.person == _owed.c.person, checked.c.y0 == _owed.c.y0))
    ),
)

_full_made = case(
    (patient_year.c.full <= 1, patient_year.c.c1),
    *((patient_year.c.full == k, patient_year.c[f"c{k}"]) for k in _KS[1:]),
    else_=FOREVER,
)
_met_from = at_least(_full_made, patient_year.c.checked)

#: From which month of the year a patient has met all that the year asks for.
met_standard = fact(
    "met_standard",
    select(
        patient_year.c.programme,
        patient_year.c.person,
        patient_year.c.y0,
        _met_from.label("s"),
        patient_year.c.y1.label("e"),
    ).where(_met_from <= patient_year.c.y1),
)


def _schedule_piece(owed_from, owed_until, made) -> Select:
    s = at_least(owed_from, made, patient_year.c.y0)
    e = at_most(owed_until - 1, patient_year.c.y1 - 1)
    return select(
        patient_year.c.programme, patient_year.c.person, patient_year.c.y0, s.label("s"), e.label("e")
    ).where(s <= e)


_p = patient_year.c
_owed_from = [_p.y0, *(_p[f"t{k}"] for k in _KS[:-1])]
_made = [_p.y0, *(_p[f"c{k}"] for k in _KS[:-1])]
_on_schedule = union_all(
    *map(_schedule_piece, _owed_from, [*_owed_from[1:], literal(FOREVER)], _made),
    select(_p.programme, _p.person, _p.y0, _p.y1.label("s"), _p.y1.label("e")).where(_met_from <= _p.y1),
).subquery()

#: Months in which a patient has had the contacts owed so far (in the last month: all that the year asks for).
on_schedule = fact("on_schedule", select(*_on_schedule.c))
