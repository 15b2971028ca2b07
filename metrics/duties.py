"""Duties as a calendar: what of a year's periods units did, missed, or need not do yet.

A duty's figure of a month alone says of the period that ends in it how many units owed it and how many did it;
``duties.csv`` says which periods are still to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd
from sqlalchemy import Connection, select

from data.store import read_frame
from metrics import published
from metrics.card import Basis, Form
from metrics.cards import CARDS
from metrics.principal import Principal
from metrics.standards import duties, duty_terms

_YEAR = 12


def duty_keys() -> list[str]:
    """Keys of the cards that are duties and have terms, in their order."""
    known = duties()
    return [key for key, card in CARDS.items() if card.form is Form.DUTY and key in known]


def done_periods(
    principal: Principal, connection: Connection, among: tuple[int, ...], year: int, until: int
) -> pd.DataFrame:
    """indicator, unit, month, done, owed: periods of a calendar year that ended by the month ``until``.

    ``among``: the units. done and owed count units: a bureau's row says how many of those below did it.
    """
    table = published.figure
    statement = select(
        table.c.indicator,
        table.c.unit,
        table.c.month,
        table.c.numerator.label("done"),
        table.c.denominator.label("owed"),
    ).where(
        table.c.indicator.in_(duty_keys()),
        table.c.basis == str(Basis.MONTH),
        table.c.stratum == "",
        table.c.unit.in_(list(among)),
        table.c.month.between(year * _YEAR, min(until, year * _YEAR + _YEAR - 1)),
        table.c.denominator > 0,
        principal.figures.holds(table.c.unit),
    )
    return read_frame(connection, statement).astype({"done": float, "owed": float})


def best_of_year(
    found: Mapping[int, tuple[float, float]], periods: Iterable[tuple[int, int]], until: int
) -> tuple[float, float] | None:
    """The most that can be done of a year's periods, and all that are owed; None before the first one has ended.

    ``found``: done and owed by the last month of each period that ended by the month ``until``. A missed period cannot
    be made up; each that is still to come is owed by as many as owed the newest one.
    """
    if not found:
        return None
    done, owed = (sum(pair[place] for pair in found.values()) for place in (0, 1))
    coming = found[max(found)][1] * sum(last > until for _, last in periods)
    return done + coming, owed + coming


def periods_of_year(key: str, kinds: Iterable[str], year: int) -> list[tuple[int, int]]:
    """First and last months of the periods of a duty that end in a calendar year, owed by units of the kinds."""
    kinds = set(kinds)
    return sorted({(first, last) for first, last, kind in _periods(year).get(key, ()) if kind in kinds})


@cache
def _periods(year: int) -> dict[str, list[tuple[int, int, str]]]:
    found: dict[str, list[tuple[int, int, str]]] = {}
    for row in duty_terms(year * _YEAR, year * _YEAR + _YEAR - 1):
        found.setdefault(row["duty"], []).append((row["first"], row["last"], row["kind"]))
    return found
