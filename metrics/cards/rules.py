"""The rules that cards about the work of units are made of: rows as events, as what stands, as periods of a duty.

Each gives a select in one of the two shapes of ``metrics.card.Card``; ``metrics.cards.shapes`` makes cards of them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, Select, Table, and_, case, cast, func, literal, select

from metrics.facts.work import checked_unit, family, item_state, open_unit
from metrics.sql import FOREVER, at_least, at_most, last_month_in_force, merged, month_of, year_start
from metrics.tables import ancestry, duty_term, standard_item


def tenths(column: ColumnElement) -> ColumnElement:
    """A measured quantity as whole tenths: hours, kilograms, points."""
    return cast(func.floor(column * 10 + 0.5), BigInteger)


def whole(column: ColumnElement) -> ColumnElement:
    """A measured quantity as a whole number."""
    return cast(func.floor(column + 0.5), BigInteger)


def span_of(start: ColumnElement, end: ColumnElement) -> tuple[ColumnElement, ColumnElement]:
    """First and last month at whose end something stands that holds from ``start`` to ``end`` (last day; NULL: open)."""
    return month_of(start), case((end.is_(None), FOREVER), else_=last_month_in_force(end))


def first_day(table: Table) -> ColumnElement:
    """The day from which a row holds: of a document that names none, the day on which it was issued."""
    return func.coalesce(table.c.start_on, table.c.day) if "day" in table.c else table.c.start_on


def events(
    table: Table,
    *where: ColumnElement,
    n: ColumnElement | None = None,
    of: ColumnElement | None = None,
    month: ColumnElement | None = None,
    what: ColumnElement | None = None,
) -> Select:
    """unit, month, n[, of], what, and person or thing: one row each of the table that fits."""
    columns = [
        table.c.unit,
        (table.c.month if month is None else month).label("month"),
        (literal(1) if n is None else func.coalesce(n, 0)).label("n"),
        *([] if of is None else [of.label("of")]),
        _whose(table),
        *([] if what is None else [what.label("what")]),
    ]
    return select(*columns).where(*where)


def _whose(table: Table) -> ColumnElement:
    """The person whom a row is about, or, of the work of units, the row itself."""
    return table.c.person if "person" in table.c else table.c.row_id.label("thing")


def kinds_of_year(table: Table, name: ColumnElement, *where: ColumnElement) -> Select:
    """thing, unit, s, e, what: each name at each level from its first row of a year to the year's end.

    Counted anew at every level: what two stations have in common is one thing at their centre.
    """
    rows = (
        select(
            ancestry.c.ancestor.label("unit"),
            name.label("what"),
            year_start(table.c.month).label("y0"),
            func.min(table.c.month).label("s"),
        )
        .join(ancestry, ancestry.c.unit == table.c.unit)
        .where(*where, name.is_not(None))
        .group_by(ancestry.c.ancestor, name, year_start(table.c.month))
        .subquery()
    )
    number = func.dense_rank().over(order_by=rows.c.what)
    return select(number.label("thing"), rows.c.unit, rows.c.s, (rows.c.y0 + 11).label("e"), rows.c.what)


def standing(
    table: Table,
    *where: ColumnElement,
    n: ColumnElement | None = None,
    start: ColumnElement | None = None,
    end: ColumnElement | None = None,
    what: ColumnElement | None = None,
) -> Select:
    """thing, unit, s, e[, n][, what]: each row of the table that fits, while it holds (first day to end_on)."""
    s, e = span_of(first_day(table) if start is None else start, table.c.end_on if end is None else end)
    columns = [_whose(table), table.c.unit, s.label("s"), e.label("e")]
    columns += [] if n is None else [func.coalesce(n, 0).label("n")]
    columns += [] if what is None else [what.label("what")]
    return select(*columns).where(*where)


def told(table: Table, item: ColumnElement, *among: ColumnElement) -> Select:
    """thing, unit, s, e: the rows ``among`` of which the source says the item at all (``Card.told``).

    A centre registers its own rows with those of its stations and clinics: an item that stands in none of
    them, ever, is one that the register does not hold.
    """
    rows = select(table.c.unit, item.label("item")).subquery()
    registered, holds = family.alias("registered"), family.alias("holds")
    heads = (
        select(registered.c.head).join(rows, rows.c.unit == registered.c.unit).where(rows.c.item.is_not(None))
    )
    return standing(table, *among, table.c.unit.in_(select(holds.c.unit).where(holds.c.head.in_(heads))))


def at(column: ColumnElement, *kinds: str) -> ColumnElement:
    """Whether a unit is of one of the kinds."""
    return column.in_(select(open_unit.c.unit).where(open_unit.c.kind.in_(kinds)))


def units_open(*kinds: str) -> Select:
    """thing, unit, s, e, what: every unit of the kinds while it is open."""
    return select(
        open_unit.c.unit.label("thing"),
        open_unit.c.unit,
        open_unit.c.s,
        open_unit.c.e,
        open_unit.c.name.label("what"),
    ).where(open_unit.c.kind.in_(kinds))


def units_holding(held: Select, *kinds: str) -> Select:
    """thing, unit, s, e: units of the kinds while they hold something (spans of unit, s, e, which may overlap)."""
    spans = held.subquery()
    joined = merged(
        select(spans.c.unit, spans.c.s, spans.c.e).where(spans.c.s <= spans.c.e).subquery(), "unit"
    ).subquery()
    s, e = at_least(joined.c.s, open_unit.c.s), at_most(joined.c.e, open_unit.c.e)
    return (
        select(open_unit.c.unit.label("thing"), open_unit.c.unit, s.label("s"), e.label("e"))
        .join(joined, joined.c.unit == open_unit.c.unit)
        .where(open_unit.c.kind.in_(kinds), s <= e)
    )


def periods_owed(
    key: str,
    table: Table,
    where: tuple[ColumnElement, ...],
    people: ColumnElement | None,
    month: ColumnElement,
) -> Select:
    """unit, month, n, of, thing, what: a period of a unit that has passed, in its last month; n: it was done."""
    handed_in = [table.c.day.is_not(None)] if "day" in table.c else []
    rows = select(
        table.c.unit,
        month.label("month"),
        (literal(0) if people is None else func.coalesce(people, 0)).label("people"),
    ).where(*where, *handed_in)
    done, ever = rows.subquery(), rows.subquery()
    begun = select(func.min(ever.c.month)).scalar_subquery()
    fits = and_(
        done.c.unit == open_unit.c.unit,
        done.c.month.between(duty_term.c.first, duty_term.c.last),
        done.c.people >= duty_term.c.people,
    )
    times = func.count(done.c.unit)
    return (
        select(
            open_unit.c.unit,
            duty_term.c.last.label("month"),
            case((times >= duty_term.c.times, 1), else_=0).label("n"),
            literal(1).label("of"),
            duty_term.c.first.label("thing"),
        )
        .select_from(duty_term.join(open_unit, open_unit.c.kind == duty_term.c.kind).outerjoin(done, fits))
        .where(
            duty_term.c.duty == key,
            open_unit.c.whole <= duty_term.c.first,
            open_unit.c.e >= duty_term.c.last,
            duty_term.c.last >= begun,
        )
        .group_by(open_unit.c.unit, duty_term.c.first, duty_term.c.last, duty_term.c.times)
    )


def items_met(standard: str, *kinds: str) -> Select:
    """thing, unit, s, e: items of a standard at open units of the kinds, while their latest check found them met."""
    state = item_state
    return (
        select(
            state.c.number.label("thing"),
            state.c.unit,
            state.c.s,
            at_most(state.c.e, open_unit.c.e).label("e"),
        )
        .select_from(state.join(open_unit, open_unit.c.unit == state.c.unit))
        .where(state.c.standard == standard, state.c.met, open_unit.c.kind.in_(kinds))
    )


def items_owed(standard: str, *kinds: str) -> Select:
    """thing, unit, s, e, what: every item of a standard at the units of the kinds that were ever checked by it."""
    return (
        select(
            standard_item.c.number.label("thing"),
            checked_unit.c.unit,
            checked_unit.c.s,
            checked_unit.c.e,
            standard_item.c.item.label("what"),
        )
        .join(checked_unit, checked_unit.c.standard == standard_item.c.standard)
        .where(standard_item.c.standard == standard, checked_unit.c.kind.in_(kinds))
    )
