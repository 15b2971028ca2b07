"""Who is managed where, month by month; who is a resident; and both by year."""

from __future__ import annotations

from sqlalchemy import Date, Select, and_, case, func, literal_column, select, union_all

from metrics.facts.registry import fact
from metrics.sql import FOREVER, at_least, at_most, dated, month_of
from metrics.standards import values_of
from metrics.tables import course, health_record, person, residence, year

_EVER = literal_column("DATE '9999-12-31'", Date)
_BIRTHDAY = literal_column("INTERVAL '1 year'")

_known_record = select(
    health_record.c.person,
    health_record.c.unit,
    health_record.c.created_on,
    health_record.c.died_on,
    case((health_record.c.cancel_reason.in_(["died", "moved"]), health_record.c.cancelled_on)).label(
        "left_on"
    ),
    func.row_number()
    .over(
        partition_by=health_record.c.person,
        order_by=[
            case((health_record.c.cancelled_on.is_(None), 0), else_=1),
            health_record.c.created_on.desc(),
            health_record.c.row_id.desc(),
        ],
    )
    .label("place_in_line"),
    func.min(health_record.c.created_on).over(partition_by=health_record.c.person).label("first_on"),
    func.min(health_record.c.died_on).over(partition_by=health_record.c.person).label("first_died_on"),
).subquery()

# The record in force, else the newest one: it says who manages the person when no register does.
record_in_force = fact(
    "record_in_force",
    select(
        _known_record.c.person,
        _known_record.c.unit,
        _known_record.c.first_on,
        _known_record.c.left_on,
        _known_record.c.first_died_on.label("died_on"),
    ).where(_known_record.c.place_in_line == 1),
)

_registered = select(residence.c.person).distinct().subquery()

_from_register = select(
    residence.c.person,
    residence.c.unit,
    residence.c.start_on.label("first_on"),
    func.coalesce(residence.c.end_on, _EVER).label("last_on"),
).where(residence.c.unit.is_not(None))

_known_on = func.coalesce(
    person.c.arrived_on,
    case(
        # A child whose record is made within its first year has lived here from birth.
        (record_in_force.c.first_on < person.c.born_on + _BIRTHDAY, person.c.born_on),
        else_=at_least(
            at_most(
                func.coalesce(record_in_force.c.first_on, person.c.entered_on, person.c.born_on),
                func.coalesce(person.c.entered_on, record_in_force.c.first_on, person.c.born_on),
            ),
            person.c.born_on,
        ),
    ),
)

_from_record = (
    select(
        person.c.person,
        func.coalesce(record_in_force.c.unit, person.c.unit).label("unit"),
        _known_on.label("first_on"),
        func.coalesce(record_in_force.c.left_on, _EVER).label("last_on"),
    )
    .select_from(
        person.outerjoin(record_in_force, record_in_force.c.person == person.c.person).outerjoin(
            _registered, _registered.c.person == person.c.person
        )
    )
    .where(
        _registered.c.person.is_(None),
        func.coalesce(record_in_force.c.unit, person.c.unit).is_not(None),
        person.c.born_on.is_not(None),
    )
)

_managed_by = union_all(_from_register, _from_record).subquery()

_alive = (
    select(
        _managed_by.c.person,
        _managed_by.c.unit,
        # A register may name a family's children from the day on which the family came.
        at_least(_managed_by.c.first_on, func.coalesce(person.c.born_on, _managed_by.c.first_on)).label(
            "first_on"
        ),
        at_most(
            _managed_by.c.last_on,
            func.coalesce(person.c.died_on, _EVER),
            func.coalesce(record_in_force.c.died_on, _EVER),
        ).label("last_on"),
    )
    .select_from(
        _managed_by.join(person, person.c.person == _managed_by.c.person).outerjoin(
            record_in_force, record_in_force.c.person == _managed_by.c.person
        )
    )
    .subquery()
)

# History stays with a unit up to its merger; from then on its people count for the successor.
_credited = (
    select(
        _alive.c.person,
        course.c.credited.label("unit"),
        at_least(_alive.c.first_on, course.c.from_on).label("first_on"),
        at_most(_alive.c.last_on, course.c.to_on).label("last_on"),
    )
    .select_from(_alive.join(course, course.c.unit == _alive.c.unit))
    .where(at_least(_alive.c.first_on, course.c.from_on) <= at_most(_alive.c.last_on, course.c.to_on))
    .subquery()
)

_next_first = func.lead(_credited.c.first_on).over(
    partition_by=_credited.c.person, order_by=[_credited.c.first_on, _credited.c.last_on, _credited.c.unit]
)
_in_line = select(*_credited.c, _next_first.label("next_first_on")).subquery()
_months = select(
    _in_line.c.person,
    _in_line.c.unit,
    _in_line.c.first_on,
    month_of(_in_line.c.first_on).label("s"),
    # The unit of the month's last day is credited; death and departure count to the month's end.
    at_most(
        case((_in_line.c.last_on == _EVER, FOREVER), else_=month_of(_in_line.c.last_on)),
        func.coalesce(month_of(_in_line.c.next_first_on) - 1, FOREVER),
    ).label("e"),
).subquery()

#: Everyone known and where they are managed, as of month ends; at most one unit a month.
stay = fact(
    "stay",
    select(
        _months.c.person,
        _months.c.unit,
        _months.c.first_on,
        _months.c.s,
        _months.c.e,
        person.c.born_month,
        person.c.sex,
        person.c.registered,
    )
    .select_from(_months.join(person, person.c.person == _months.c.person))
    .where(_months.c.s <= _months.c.e),
)


def _residents(months: int) -> Select:
    """Residents where so many months here make one of a floating person."""
    since = case(
        (
            and_(person.c.registered.is_(False), person.c.arrived_on.is_not(None)),
            at_least(stay.c.s, month_of(person.c.arrived_on) + months),
        ),
        else_=stay.c.s,
    )
    return (
        select(
            stay.c.person,
            stay.c.unit,
            since.label("s"),
            stay.c.e,
            stay.c.born_month,
            stay.c.sex,
            stay.c.registered,
        )
        .select_from(stay.join(person, person.c.person == stay.c.person))
        .where(since <= stay.c.e)
    )


#: Residents: a floating person counts once six months here are complete.
resident = fact("resident", dated(_residents, "resident_months"))


def by_year(spans, *keys: str) -> Select:
    """Spans cut at years; within a year each lasts until the next one of its keys, or the year's end.

    So whoever was there on any day of the year stays in its figures, credited to the last unit. Where the
    parameter ``keep_departed`` is 0, each lasts no longer than it does: who dies or leaves is out from the
    next month on.
    """
    return dated(lambda keep: _by_year(spans, keys, bool(keep)), "keep_departed")


def _by_year(spans, keys: tuple[str, ...], keep: bool) -> Select:
    pieces = (
        select(*spans.c, year.c.y0, year.c.y1)
        .select_from(spans.join(year, and_(spans.c.s <= year.c.y1, spans.c.e >= year.c.y0)))
        .subquery()
    )
    following = func.lead(pieces.c.s).over(
        partition_by=[*(pieces.c[key] for key in keys), pieces.c.y0], order_by=[pieces.c.s]
    )
    others = [c for c in pieces.c if c.name not in ("s", "e", "y1")]
    until = func.coalesce(following - 1, pieces.c.y1) if keep else at_most(pieces.c.e, pieces.c.y1)
    return select(*others, at_least(pieces.c.s, pieces.c.y0).label("s"), until.label("e"))


def _residents_of_year(months: int) -> Select:
    # As all months of the year count them by one value: a later value does not keep whom an earlier one counted.
    changes = len(values_of("resident_months")) > 1
    return by_year(_residents(months).subquery() if changes else resident, "person")


#: Residents in the figures of a year, until its end.
resident_year = fact("resident_year", dated(_residents_of_year, "resident_months"))
