"""What is missing from an indicator of the work of units: items not met, periods missed, cases left open.

The list is what the card's own rule leaves over (or, where the card counts what needs doing, what it
counts), for the same unit, month and state of knowledge as the published figure. Nobody is named in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Select, func, literal, null, select, union_all

from data import records
from data.store import Snapshot, Store, bulk_select
from metrics import published
from metrics.card import Basis, Card, Form, Gap
from metrics.cards import CARDS
from metrics.context import Horizon, in_force, prepare, rules_of
from metrics.gaps import first_month_of, units_below
from metrics.principal import Principal
from metrics.standards import standard_items

COLUMNS = ("unit", "unit_name", "first", "month", "what", "reason")


@dataclass(frozen=True)
class ThingPage:
    """``total`` is the length of the whole list; ``rows`` the page asked for (COLUMNS).

    first and month are the months of a period of a duty; elsewhere first is missing.
    """

    total: int
    rows: pd.DataFrame


def thing_page(
    known: Snapshot | Store,
    principal: Principal,
    key: str,
    unit: int,
    month: int,
    basis: str,
    page: int,
    size: int,
    language: str,
) -> ThingPage:
    """One page (from 1) of the list behind a figure; of units that are none of the principal's own nothing is there."""
    card = CARDS[key]
    with known.published() as connection:
        units = [one for one in units_below(connection, unit) if one in principal.own]
        names = dict(connection.execute(select(published.unit.c.unit, published.unit.c.name)).all())
        build = connection.execute(
            select(published.build).order_by(published.build.c.build.desc()).limit(1)
        ).one()
    if card.gap is Gap.NONE or not units:
        return ThingPage(0, pd.DataFrame(columns=list(COLUMNS)))
    horizon = Horizon(build.first_month, build.last_month)
    with known.records() as connection:
        prepare(connection, rules_of([card]), horizon, known_at=build.event)
        rule = (
            _events(card, units, month, Basis(basis), horizon)
            if card.is_events
            else _spans(card, units, month)
        )
        total, rows = _page(connection, rule, (page - 1) * size, size)
    rows["unit_name"] = rows["unit"].map(names)
    rows["reason"] = card.reason[language] if card.reason else None
    if card.form is Form.DUTY:
        rows["first"] = rows["thing"]
    else:
        rows["first"] = None
    if card.form is Form.CHECK:
        words = {item.code: item.zh if language == "zh" else item.en for item in standard_items()}
        rows["what"] = rows["what"].map(words)
    return ThingPage(total, rows[list(COLUMNS)])


def _events(card: Card, units: list[int], month: int, basis: Basis, horizon: Horizon) -> Select:
    """unit, thing, month, what of the events of the figure that do not count, or, of what needs doing, that do."""
    rows = card.numerator.subquery()
    within = rows.c.month.between(first_month_of(month, basis, horizon), month)
    missing = rows.c.n > 0 if card.gap is Gap.COUNTED else (rows.c.of == 1) & (rows.c.n == 0)
    return select(rows.c.unit, rows.c.thing, rows.c.month, _what(rows)).where(
        rows.c.unit.in_(units), within, missing
    )


def _spans(card: Card, units: list[int], month: int) -> Select:
    """unit, thing, month, what of the spans that cover the month and are not counted, or that are."""

    def covering(rule: Select, sign: int) -> Select:
        rows = rule.subquery()
        return select(rows.c.unit, rows.c.thing, _what(rows), literal(sign).label("sign")).where(
            rows.c.unit.in_(units), rows.c.s <= month, rows.c.e >= month
        )

    if card.gap is Gap.COUNTED:
        rows = covering(card.numerator, 1).subquery()
        return select(rows.c.unit, rows.c.thing, literal(month).label("month"), rows.c.what)
    both = union_all(covering(card.listed, 1), covering(card.numerator, -1)).subquery()
    return (
        select(both.c.unit, both.c.thing, literal(month).label("month"), func.max(both.c.what).label("what"))
        .group_by(both.c.unit, both.c.thing)
        .having(func.sum(both.c.sign) > 0)
    )


def _what(rows):
    return rows.c.what if "what" in rows.c else null().label("what")


def _page(connection: Connection, rule: Select, start: int, size: int) -> tuple[int, pd.DataFrame]:
    rows = rule.subquery()
    # Not ``execute``: DuckDB takes a bound value in GROUP BY for another one than the same in SELECT.
    [total] = bulk_select(connection, select(func.count().label("n")).select_from(rows))["n"]
    chosen = (
        select(rows.c.unit, rows.c.thing, rows.c.month, rows.c.what)
        .order_by(rows.c.month.desc(), rows.c.unit, rows.c.thing)
        .offset(start)
        .limit(size)
    )
    return int(total), pd.DataFrame(bulk_select(connection, chosen))


@dataclass(frozen=True)
class ItemState:
    """One item of a standard at a unit: when it was looked at, and whether it was met, oldest first."""

    standard: str  # key of the card
    code: str
    checks: tuple[tuple[date, bool], ...]


def item_history(known: Snapshot | Store, principal: Principal, unit: int, month: int) -> list[ItemState]:
    """Every item of every standard that was ever checked at a unit up to a month, in the order of the standards.

    Items of a standard of which any was looked at are all there: one that never was has no checks.
    """
    if unit not in principal.own:
        return []
    with known.published() as connection:
        event = connection.execute(
            select(published.build.c.event).order_by(published.build.c.build.desc()).limit(1)
        ).scalar_one()
    table = records.check_item
    statement = (
        select(table.c.item, table.c.day, table.c.met)
        .where(in_force(table, event), table.c.unit == unit, table.c.month <= month, table.c.met.is_not(None))
        .order_by(table.c.day, table.c.row_id)
    )
    found: dict[str, list[tuple[date, bool]]] = {}
    with known.records() as connection:
        for row in connection.execute(statement):
            found.setdefault(row.item, []).append((row.day, row.met))
    items = [item for item in standard_items() if item.standard in CARDS]
    looked_at = {item.standard for item in items if item.code in found}
    return [
        ItemState(item.standard, item.code, tuple(found.get(item.code, ())))
        for item in items
        if item.standard in looked_at
    ]
