"""Notices as somebody may read them. Who asks comes first."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd
from sqlalchemy import Connection, func, inspect, select

from data.store import read_frame
from metrics import published
from metrics.card import Basis, Card
from metrics.changing.noticing import COLUMNS
from metrics.changing.suited import is_raised
from metrics.principal import Principal
from metrics.small_numbers import DENOMINATOR, NUMERATOR, VALUE

_N = published.notice.c


def raised_in(
    principal: Principal, connection: Connection, among: Collection[int], month: int
) -> pd.DataFrame:
    """Notices raised in a month for some units, rows of ``published.notice``; the surest first."""
    rows = _read(principal, connection, _N.month == month, _N.unit.in_(sorted(among)))
    return rows.sort_values(["q", "p", "indicator", "unit"], ignore_index=True)


def looked_at(
    principal: Principal,
    connection: Connection,
    among: Collection[int],
    month: int,
    cards: Mapping[str, Card],
) -> int:
    """How many pairs of unit and card have a figure of the month that is looked at: public, of a card whose months stand by themselves."""
    c = published.figure.c
    keys = sorted(card.key for card in cards.values() if is_raised(card))
    statement = select(func.count()).where(
        c.month == month,
        c.basis == Basis.MONTH,
        c.stratum == "",
        c.value.is_not(None),
        c.hidden.bitwise_and(NUMERATOR | DENOMINATOR | VALUE) == 0,
        c.indicator.in_(keys),
        c.unit.in_(sorted(among)),
        principal.figures.holds(c.unit),
    )
    return int(connection.execute(statement).scalar_one())


def of_pair(principal: Principal, connection: Connection, unit: int, card: Card, month: int) -> pd.DataFrame:
    """Notices of one unit and card up to a month, the newest first."""
    rows = _read(principal, connection, _N.month <= month, _N.unit == unit, _N.indicator == card.key)
    return rows.sort_values("month", ascending=False, ignore_index=True)


def notices_in(connection: Connection) -> pd.DataFrame:
    """Every notice, rows of ``published.notice``; for builds. None of figures of an older version."""
    table = published.notice
    if not inspect(connection).has_table(table.name, schema=table.schema):
        return pd.DataFrame(columns=list(COLUMNS))
    return read_frame(connection, select(table))


def _read(principal: Principal, connection: Connection, *where) -> pd.DataFrame:
    table = published.notice
    if not inspect(connection).has_table(table.name, schema=table.schema):
        return pd.DataFrame(columns=list(COLUMNS))  # figures of an older version, until they are built anew
    return read_frame(connection, select(table).where(*where, principal.figures.holds(_N.unit)))
