"""The record that speaks for each person whom a figure counts: the last one of the card's programme and of the months that the
figure is about, at the unit where the person counts; where there is none at it, at a unit above or below.

Most cards count what was done wherever it was done: half of the older people of a village had their check-up at the centre. A record
of a unit that is neither is no matter of theirs: its doctor is not named to those who check here, and nothing is read off it."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from metrics.card import Basis, Card, Period
from metrics.context import Horizon, named_tables, rules_of
from metrics.gaps import first_month_of, last_rules, last_table, named_values, rows_of_card
from metrics.standards import number
from metrics.tables import ancestry, course

#: What has to be prepared for ``speaking``, beside the rules of the card and its last rows.
RULES = (select(course.c.unit), select(ancestry.c.unit))


def of_figure(card: Card, table, month: int, basis: Basis, horizon: Horizon) -> list[ColumnElement[bool]]:
    """The conditions that keep the rows of ``last_table`` of which a figure can speak."""
    conditions = rows_of_card(card, table, month)
    if table.name == "contract":
        last = date(month // 12, month % 12 + 1, calendar.monthrange(month // 12, month % 12 + 1)[1])
        return [*conditions, table.c.signed_on <= last]
    if table.name == "dose" and (vaccines := named_values(card, "vaccine")):
        conditions.append(table.c.vaccine.in_(sorted(vaccines)))
    first = _first_month(card, month, basis, horizon)
    return conditions if first is None else [*conditions, table.c.month >= first]


def _first_month(card: Card, month: int, basis: Basis, horizon: Horizon) -> int | None:
    """None: rows of any month before. What stands now, or is due now, may rest on old ones: a dose on the day of birth counts a
    year later."""
    if card.period in (Period.AS_OF, Period.COHORT):
        return None
    if card.period is Period.SEASON:
        return month - (month - (number("season_first_month") - 1)) % 12
    return first_month_of(month, basis, horizon)


def speaking_rows(
    card: Card, month: int, basis: Basis, horizon: Horizon, counted: FromClause
) -> Select | None:
    """person, unit, at (where the row is), row_id, doctor, day, entered_on: a row for each of ``counted`` (person, unit) that has one;
    None where the card reads no record that could speak. A row at a unit that was merged into theirs is at theirs; of rows elsewhere
    only those at a unit above or below it."""
    table = last_table(card)
    if table is None or table.name not in named_tables([*rules_of([card]), *last_rules(card)]):
        return None
    c = table.c
    day = _day(table)
    doctor = c.doctor if "doctor" in c else literal(None)
    place = [counted.c.person, counted.c.unit]
    theirs = case((course.c.unit.is_not(None), 1), else_=0)
    order = [theirs.desc(), day.desc(), c.row_id.desc()]
    rows = (
        select(
            *place,
            c.unit.label("at"),
            c.row_id,
            doctor.label("doctor"),
            day.label("day"),
            c.entered_on,
            func.row_number().over(partition_by=place, order_by=order).label("nth"),
        )
        .select_from(
            counted.join(table, c.person == counted.c.person).outerjoin(
                course, and_(course.c.unit == c.unit, course.c.credited == counted.c.unit)
            )
        )
        .where(*of_figure(card, table, month, basis, horizon), or_(theirs == 1, _on_a_line(c.unit, counted)))
    ).subquery()
    return select(*(one for one in rows.c if one.name != "nth")).where(rows.c.nth == 1)


def speaking(
    card: Card, month: int, basis: Basis, horizon: Horizon, counted: FromClause, units: Sequence[int]
) -> Select | None:
    """``speaking_rows`` with day_services (how many rows that could speak the doctor has on that day; the unit, where the source
    names no doctor) and typed_rows (at the unit on the day of entry); both only of rows at ``units``.

    The connection holds everybody who has a row at ``units``: elsewhere some are not there, so nothing is said of elsewhere.
    """
    rows = speaking_rows(card, month, basis, horizon, counted)
    if rows is None:
        return None
    table, last = last_table(card), rows.subquery()
    c = table.c
    inside = c.unit.in_(select(course.c.unit).where(course.c.credited.in_(list(units))))
    where = [*of_figure(card, table, month, basis, horizon), inside]
    by = [c.unit.label("at"), _day(table).label("day"), *([c.doctor] if "doctor" in c else [])]
    done = _numbers(by, where)
    typed = _numbers([c.unit.label("at"), c.entered_on], [*where, c.entered_on.is_not(None)])
    same = and_(*(last.c[one.name].is_not_distinct_from(done.c[one.name]) for one in by))
    entered = and_(typed.c["at"] == last.c["at"], typed.c.entered_on == last.c.entered_on)
    number = case((done.c.n.is_not(None), func.coalesce(typed.c.n, 0)))
    return select(*last.c, done.c.n.label("day_services"), number.label("typed_rows")).select_from(
        last.outerjoin(done, same).outerjoin(typed, entered)
    )


def _on_a_line(unit: ColumnElement, counted: FromClause) -> ColumnElement[bool]:
    """Whether a unit is above or below the one where the person counts."""
    a = ancestry.c
    above = and_(a.unit == counted.c.unit, a.ancestor == unit)
    below = and_(a.unit == unit, a.ancestor == counted.c.unit)
    return exists().where(or_(above, below))


def _day(table) -> ColumnElement:
    return table.c.signed_on if table.name == "contract" else table.c.day


def _numbers(by: list[ColumnElement], where: list[ColumnElement[bool]]) -> Subquery:
    """How many rows there are of each."""
    return select(*by, func.count().label("n")).where(*where).group_by(*by).subquery()
