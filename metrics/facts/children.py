"""Children of 0 to 6: what a year of their age asks for by when, and which checks were made."""

from __future__ import annotations

from sqlalchemy import Integer, Select, and_, case, cast, func, literal, literal_column, select, union_all

from metrics.facts.registry import fact
from metrics.facts.stay import resident, resident_year
from metrics.sql import FOREVER, at_least, at_most, first_of, year_start
from metrics.standards.schedules import child_checks
from metrics.tables import child_visit, year

_CHILDHOOD = 7 * 12  # 0 to 6: not yet seven
MOST = max(child_checks().values())  # checks of one year that anything depends on
_NUMBERS = tuple(range(1, MOST + 1))

# Aged 6 or less on the year's last day; from the first to the last month here in the year.
_year_here = (
    select(
        resident.c.person,
        resident.c.born_month,
        *year.c,
        func.min(at_least(resident.c.s, year.c.y0)).label("first"),
        func.max(at_most(resident.c.e, year.c.y1)).label("last"),
    )
    .select_from(resident.join(year, and_(resident.c.s <= year.c.y1, resident.c.e >= year.c.y0)))
    .where(resident.c.born_month + _CHILDHOOD > year.c.y1)
    .group_by(resident.c.person, resident.c.born_month, *year.c)
    .subquery()
)

# The month of the year in which the child is a year older, and the checks a year asks for before and from then.
_turns = _year_here.c.y0 + (_year_here.c.born_month - _year_here.c.y0 + 1200) % 12
_age_then = cast((_turns - _year_here.c.born_month) / literal_column("12.0"), Integer)


def _checks_at(age):
    return case(*((age == years, checks) for years, checks in child_checks().items()), else_=0)


_rates = select(*_year_here.c, _turns.label("turns"), _age_then.label("age_then")).subquery()
_paced = select(
    *_rates.c,
    at_least(_rates.c.turns, _rates.c["first"]).label("older"),
    _checks_at(_rates.c.age_then - 1).label("before"),
    _checks_at(_rates.c.age_then).label("after"),
).subquery()
#: Twelfths of checks owed when the child turns a year older.
_by_then = (_paced.c.before * (_paced.c.older - _paced.c["first"])).label("by_then")
_owed = select(*_paced.c, _by_then).subquery()


def _ceil(twelfths, rate):
    return cast(func.ceil(twelfths * literal_column("1.0") / func.nullif(rate, 0)), Integer)


def _when_owed(k: int):
    """The month at whose end ``k`` checks are owed: each month adds a twelfth of what a year at that age asks for."""
    month = case(
        (_owed.c.by_then >= 12 * k, _owed.c["first"] + _ceil(literal(12 * k), _owed.c.before) - 1),
        else_=_owed.c.older + _ceil(12 * k - _owed.c.by_then, _owed.c.after) - 1,
    )
    # What would come due after the child left is not owed.
    return case((month <= _owed.c["last"], month), else_=FOREVER)


_days = (
    select(
        child_visit.c.person,
        child_visit.c.day,
        child_visit.c.month,
        year_start(child_visit.c.month).label("y0"),
    )
    .where(child_visit.c.kind == "check")
    .distinct()
    .subquery()
)
_line = select(
    _days.c.person,
    _days.c.y0,
    _days.c.month,
    func.row_number().over(partition_by=[_days.c.person, _days.c.y0], order_by=_days.c.day).label("k"),
).subquery()
_checks = (
    select(
        _line.c.person,
        _line.c.y0,
        *(func.coalesce(first_of(_line.c.k == k, _line.c.month), FOREVER).label(f"c{k}") for k in _NUMBERS),
    )
    .where(_line.c.k <= MOST)
    .group_by(_line.c.person, _line.c.y0)
    .subquery()
)

#: A child's year: when 1, 2, .. checks are owed (t1 ..), when they were made (c1 ..), how many the year asks for.
child_year = fact(
    "child_year",
    select(
        _owed.c.person,
        _owed.c.y0,
        _owed.c.y1,
        _owed.c["first"].label("s"),
        *(_when_owed(k).label(f"t{k}") for k in _NUMBERS),
        *(func.coalesce(_checks.c[f"c{k}"], FOREVER).label(f"c{k}") for k in _NUMBERS),
    ).select_from(
        _owed.outerjoin(_checks, and_(_checks.c.person == _owed.c.person, _checks.c.y0 == _owed.c.y0))
    ),
)
_c = child_year.c


def _piece(owed_from, owed_until, made) -> Select:
    s = at_least(owed_from, made, _c.y0)
    e = at_most(owed_until - 1, _c.y1)
    return select(_c.person, _c.y0, s.label("s"), e.label("e")).where(s <= e)


_borders = [_c.y0, *(_c[f"t{k}"] for k in _NUMBERS), literal(FOREVER)]
_made = [_c.y0, *(_c[f"c{k}"] for k in _NUMBERS)]
_on_schedule = union_all(*(_piece(_borders[k], _borders[k + 1], _made[k]) for k in (0, *_NUMBERS))).subquery()

#: Months in which a child has had the checks owed so far in the year: person, y0, s, e.
child_on_schedule = fact("child_on_schedule", select(*_on_schedule.c))

_last_made = case(*((_c[f"t{k}"] <= _c.y1, _c[f"c{k}"]) for k in reversed(_NUMBERS)), else_=FOREVER)
#: From which month a child has had all checks that the year asks for, where it asks for any.
child_met = fact(
    "child_met",
    select(_c.person, _c.y0, _last_made.label("s"), _c.y1.label("e")).where(_last_made <= _c.y1),
)


def children_of_year(*where) -> Select:
    """Residents in the figures of a year who are 6 or younger on its last day: person, unit, s, e."""
    r = resident_year.c
    return select(r.person, r.unit, r.s, r.e).where(r.born_month + _CHILDHOOD > r.y0 + 11, *where)


def children_with(inner, *where) -> Select:
    """The part of a child's spans (person, y0, s, e) within the year, at the unit credited."""
    r = resident_year.c
    s, e = at_least(inner.c.s, r.s), at_most(inner.c.e, r.e)
    return (
        select(r.person, r.unit, s.label("s"), e.label("e"))
        .select_from(resident_year.join(inner, and_(inner.c.person == r.person, inner.c.y0 == r.y0)))
        .where(r.born_month + _CHILDHOOD > r.y0 + 11, *where, s <= e)
    )


def children_due() -> Select:
    """Children of whom the year asks for a check at all."""
    return children_with(
        select(_c.person, _c.y0, _c.y0.label("s"), _c.y1.label("e")).where(_c.t1 <= _c.y1).subquery()
    )
