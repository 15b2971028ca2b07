"""Whose rows a figure is made of: one row a person (or thing) and unit, by the card's own rule in a context."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import BigInteger, Connection, Select, cast, func, literal, select, union_all

from data.store import bulk_select
from metrics.card import Basis, Card
from metrics.context import Horizon
from metrics.gaps import first_month_of

COLUMNS = ("who", "n", "d", "n_away", "d_away")


def made_of(
    connection: Connection, card: Card, units: Sequence[int], month: int, basis: str, horizon: Horizon
) -> pd.DataFrame:
    """COLUMNS, all whole numbers: what each person or thing adds to the numerator and to who is listed at the units, and
    what it adds at units elsewhere. ``prepare_for`` has made the context, in which rows of these people alone are there.

    A rule that counts anew at every level is asked of the first unit alone.
    """
    rows = (_events if card.is_events else _spans)(card, month, basis, horizon).subquery()
    statement = select(
        rows.c.who, rows.c.unit, _sum(rows.c.n).label("n"), _sum(rows.c.d).label("d")
    ).group_by(rows.c.who, rows.c.unit)
    found = pd.DataFrame(bulk_select(connection, statement))
    here = found["unit"].isin([units[0]] if card.each_level else list(units))
    parts = {"n": found["n"].where(here, 0), "d": found["d"].where(here, 0)}
    if not card.each_level:  # elsewhere are the units above, too
        parts |= {"n_away": found["n"].where(~here, 0), "d_away": found["d"].where(~here, 0)}
    wide = found[["who"]].assign(**{"n_away": 0, "d_away": 0} | parts).groupby("who", as_index=False).sum()
    return wide[list(COLUMNS)].astype("int64")


def _sum(column):
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _who(card: Card) -> str:
    return "person" if card.is_personal else "thing"


def _spans(card: Card, month: int, basis: str, horizon: Horizon) -> Select:
    parts = []
    for place, rule in (("n", card.numerator), ("d", card.listed)):
        if rule is None:
            continue
        spans = rule.subquery()
        weight = spans.c.n if "n" in spans.c else literal(1)
        values = {"n": literal(0), "d": literal(0)} | {place: weight}
        parts.append(
            select(
                func.coalesce(spans.c[_who(card)], -1).label("who"),
                spans.c.unit,
                *(value.label(name) for name, value in values.items()),
            ).where(spans.c.s <= month, spans.c.e >= month, spans.c.unit.is_not(None))
        )
    both = union_all(*parts).subquery()
    return select(both.c.who, both.c.unit, both.c.n, both.c.d)


def _events(card: Card, month: int, basis: str, horizon: Horizon) -> Select:
    events = card.numerator.subquery()
    who = func.coalesce(events.c[_who(card)], -1) if _who(card) in events.c else literal(-1)
    of = events.c.of if "of" in events.c else literal(0)
    return select(who.label("who"), events.c.unit, events.c.n, of.label("d")).where(
        events.c.month.between(first_month_of(month, Basis(basis), horizon), month),
        events.c.unit.is_not(None),
    )
