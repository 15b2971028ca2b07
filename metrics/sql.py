"""The few helpers with which every rule is written: portable over DuckDB, PostgreSQL and Spark.

A *span* is a select of ``person, unit, s, e`` (or without ``unit`` while it has none yet): the person
counts from month ``s`` to month ``e``, both included. A month is ``year * 12 + month - 1``.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from metrics.standards import number, stretches

# Later than any month there is: an open end.
FOREVER = 99_999


def month_of(date: ColumnElement) -> ColumnElement:
    """The month of a date as an integer."""
    return cast(extract("year", date), Integer) * 12 + cast(extract("month", date), Integer) - 1


def last_month_in_force(last_day: ColumnElement) -> ColumnElement:
    """The last month on whose last day something still holds that holds up to ``last_day``."""
    return month_of(last_day + literal_column("INTERVAL '1 day'")) - 1


def year_start(month: ColumnElement) -> ColumnElement:
    """The first month of the year that ``month`` lies in; the parameter year_first_month says where years begin."""
    return month - (month - (number("year_first_month") - 1)) % 12


def age_at_least(born_on: ColumnElement, day: ColumnElement, years: int | ColumnElement) -> ColumnElement:
    """Whether someone born on ``born_on`` is ``years`` old on ``day``."""
    months = month_of(day) - month_of(born_on)
    return or_(
        months > years * 12,
        and_(months == years * 12, extract("day", day) >= extract("day", born_on)),
    )


def dated(rule: Callable[..., Select], *keys: str) -> Select:
    """What ``rule(value, ...)`` selects, each time with the values of the parameters in force in its months.

    ``rule`` gives spans or events; of spans each part is cut to the months in which its values hold, so
    figures of a month are those of the values in force at its end, whatever held before or comes later.
    """
    parts = []
    for first, last, values in stretches(*keys):
        rows = rule(*values)
        if first is None and last is None:
            return rows
        parts.append(_cut(rows.subquery(), first, last))
    return select(*union_all(*parts).subquery().c)


def _cut(rows: FromClause, first: int | None, last: int | None) -> Select:
    """The spans or events within some months (None: open), columns as they were."""
    if "month" in rows.c:
        conditions = [] if first is None else [rows.c.month >= first]
        conditions += [] if last is None else [rows.c.month <= last]
        return select(*rows.c).where(*conditions)
    s = rows.c.s if first is None else at_least(rows.c.s, first)
    e = rows.c.e if last is None else at_most(rows.c.e, last)
    ends = {"s": s, "e": e}
    return select(*(ends[c.name].label(c.name) if c.name in ends else c for c in rows.c)).where(s <= e)


def at_most(*values: ColumnElement) -> ColumnElement:
    """The least of values that are never NULL (engines differ on NULL)."""
    return func.least(*values)


def at_least(*values: ColumnElement) -> ColumnElement:
    """The greatest of values that are never NULL."""
    return func.greatest(*values)


def spans_of(table: FromClause) -> Select:
    """The spans of a fact, without whatever else it says: person, unit, s, e."""
    return select(table.c.person, table.c.unit, table.c.s, table.c.e)


def within(inner: FromClause, outer: FromClause, *, on: tuple[str, ...] = ("person",)) -> Select:
    """The part of each inner span that lies within an outer one: person, the outer's unit, s, e."""
    s = at_least(inner.c.s, outer.c.s)
    e = at_most(inner.c.e, outer.c.e)
    return (
        select(outer.c.person, outer.c.unit, s.label("s"), e.label("e"))
        .select_from(outer.join(inner, and_(*(inner.c[c] == outer.c[c] for c in on))))
        .where(s <= e)
    )


def merged(spans: FromClause, *keys: str) -> Select:
    """Spans of the same keys that overlap or touch, joined into one: keys, s, e."""
    by = [spans.c[key] for key in keys]
    before = func.max(spans.c.e).over(partition_by=by, order_by=[spans.c.s, spans.c.e], rows=(None, -1))
    starts = select(
        *by, spans.c.s, spans.c.e, case((spans.c.s <= before + 1, 0), else_=1).label("opens")
    ).subquery()
    island = func.sum(starts.c.opens).over(
        # Of equal spans the one that opens the island comes first, whatever order the engine met them in.
        partition_by=[starts.c[key] for key in keys],
        order_by=[starts.c.s, starts.c.e, starts.c.opens.desc()],
        rows=(None, 0),
    )
    numbered = select(
        *(starts.c[key] for key in keys), starts.c.s, starts.c.e, island.label("island")
    ).subquery()
    by = [numbered.c[key] for key in keys]
    return select(*by, func.min(numbered.c.s).label("s"), func.max(numbered.c.e).label("e")).group_by(
        *by, numbered.c.island
    )


def without(spans: FromClause, holes: FromClause) -> Select:
    """Spans (person, unit, s, e) less the holes (person, s, e; merged): what is left of each."""
    cut = (
        select(
            spans.c.person,
            spans.c.unit,
            spans.c.s,
            spans.c.e,
            # Not greatest/least: without a hole these must stay NULL.
            case((holes.c.s > spans.c.s, holes.c.s), (holes.c.s <= spans.c.s, spans.c.s)).label("hole_s"),
            case((holes.c.e < spans.c.e, holes.c.e), (holes.c.e >= spans.c.e, spans.c.e)).label("hole_e"),
        )
        .select_from(
            spans.outerjoin(
                holes, and_(holes.c.person == spans.c.person, holes.c.s <= spans.c.e, holes.c.e >= spans.c.s)
            )
        )
        .where(or_(holes.c.person.is_(None), holes.c.s <= holes.c.e))
        .subquery()
    )
    same_span = [cut.c.person, cut.c.unit, cut.c.s]
    following = func.lead(cut.c.hole_s).over(partition_by=same_span, order_by=cut.c.hole_s)
    first = func.row_number().over(partition_by=same_span, order_by=cut.c.hole_s)
    holed = select(*cut.c, following.label("next_hole_s"), first.label("nth")).subquery()
    before = select(
        holed.c.person, holed.c.unit, holed.c.s, func.coalesce(holed.c.hole_s - 1, holed.c.e).label("e")
    ).where(holed.c.nth == 1)
    after = select(
        holed.c.person,
        holed.c.unit,
        (holed.c.hole_e + 1).label("s"),
        func.coalesce(holed.c.next_hole_s - 1, holed.c.e).label("e"),
    ).where(holed.c.hole_e.is_not(None))
    left = union_all(before, after).subquery()
    return select(*left.c).where(left.c.s <= left.c.e)


def reigning(events: FromClause, *keys: str, until: ColumnElement, order: list[ColumnElement]) -> Select:
    """Each event from its month to the month before the next one of the same keys, at most ``until``.

    Two in one month: the later in ``order`` counts. Gives every column of ``events`` and s, e.
    """
    following = func.lead(events.c.month).over(partition_by=[events.c[key] for key in keys], order_by=order)
    rows = select(
        *events.c, events.c.month.label("s"), func.coalesce(following - 1, until).label("e")
    ).subquery()
    return select(*rows.c).where(rows.c.s <= rows.c.e)


def first_of(condition: ColumnElement, value: ColumnElement) -> ColumnElement:
    """The least value among the rows of a group where the condition holds, else NULL."""
    return func.min(case((condition, value), else_=null()))


def one(condition: ColumnElement) -> ColumnElement:
    """1 where the condition holds, 0 where it does not or is unknown."""
    return case((condition, 1), else_=0)
