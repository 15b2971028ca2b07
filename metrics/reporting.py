"""Figures that units report without records: read, added up, and put where records give none.

A reported figure is one of the table ``reported_count``: an indicator, a unit, a month, and the numerator
and denominator as the card shows them on its default basis. Records stand wherever they give a figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, inspect, select

from data import records
from data.store import read_frame
from metrics import published
from metrics.card import Card
from metrics.context import Horizon, in_force
from metrics.counting import Frame
from metrics.deriving import EMPTY, NONE_CAME, OK, PART_CAME, UNTOLD, Made
from metrics.principal import Principal
from metrics.shaping import value_of
from metrics.small_numbers import is_hidden
from metrics.tree import Tree

#: Where the records of a unit and month have one of these statuses, a reported figure takes its place.
NO_FIGURE = (NONE_CAME, UNTOLD, EMPTY)

#: ``published.reported.status`` of what names no indicator that can be reported.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Stated:
    """What is reported of one card, [unit, month]; NaN where nothing is. At units above, the sum of those below."""

    numerator: np.ndarray  # as ``published.figure`` holds it
    denominator: np.ndarray
    status: np.ndarray  # OK, or PART_CAME where a unit below that has reported before did not


@dataclass(frozen=True)
class Reports:
    """Everything that is reported: rows of ``published.reported``, and what they come to."""

    rows: pd.DataFrame
    by_card: dict[str, Stated]

    def filled(self, made: Iterable[Made]) -> list[Made]:
        """The figures with the reported ones where records give none, on default bases only."""
        return [self._filled(one) for one in made]

    def _filled(self, one: Made) -> Made:
        stated = self.by_card.get(one.card.key)
        if stated is None or one.basis is not one.card.bases[0]:
            return one
        here = np.isin(one.status, NO_FIGURE) & ~np.isnan(stated.numerator)
        denominator = stated.denominator if one.card.is_ratio else None
        value = value_of(one.card, stated.numerator, denominator)
        denominator = np.nan if denominator is None else denominator
        return replace(
            one,
            numerator=np.where(here, stated.numerator, one.numerator),
            listed=np.where(here, np.nan, one.listed),
            denominator=np.where(here, denominator, one.denominator),
            value=np.where(here, value, one.value),
            status=np.where(here, stated.status, one.status),
            reported=here,
        )


def reports(
    connection: Connection,
    cards: Iterable[Card],
    units: pd.DataFrame,
    horizon: Horizon,
    known_at: int | None = None,
) -> Reports:
    """What is reported of the cards for the units (of ``records.unit``) in the months of ``horizon``."""
    by_key = {card.key: card for card in cards if card.derived is None}
    rows = _read(connection, by_key.values(), known_at)
    frame, tree = Frame(tuple(int(unit) for unit in units["unit"]), horizon), Tree.of(units)
    place = frame.row()
    shown = rows[(rows["status"] == "ok") & rows["unit"].isin(place)]
    by_card = {key: _stated(by_key[key], group, frame, tree) for key, group in shown.groupby("indicator")}
    kept = rows["unit"].isin(place) & rows["month"].between(horizon.first, horizon.last)
    return Reports(rows[kept].reset_index(drop=True), by_card)


# -- reading --------------------------------------------------------------------------------------


def _read(connection: Connection, cards: Iterable[Card], known_at: int | None) -> pd.DataFrame:
    """Rows of ``published.reported``: of several of one place the latest."""
    table, file = records.reported_count, records.source_file
    found = connection.execute(
        select(
            table.c.indicator,
            table.c.unit,
            table.c.month,
            table.c.numerator,
            table.c.denominator,
            file.c.name.label("file"),
        )
        .outerjoin(file, file.c.file == table.c.file)
        .where(in_force(table, known_at), table.c.unit.is_not(None))
        .order_by(table.c.rank, table.c.row_id)
    )
    cards = list(cards)
    named = spellings(cards)
    by_key = {card.key: card for card in cards}
    columns = list(published.reported.c.keys())
    rows: dict[tuple, dict] = {}
    for row in found.mappings():
        key = named.get(row["indicator"].strip())
        status, value = UNKNOWN, None
        if key is not None:
            status, value = _worth(by_key[key], row["numerator"], row["denominator"])
        indicator = key or row["indicator"].strip()
        rows[indicator, row["unit"], row["month"]] = dict(row) | {
            "indicator": indicator,
            "value": value,
            "status": status,
        }
    frame = pd.DataFrame(list(rows.values()), columns=columns)
    return frame.astype({"numerator": float, "denominator": float, "value": float})


def spellings(cards: Iterable[Card]) -> dict[str, str]:
    """What a file may write -> key: the key, the names, the catalogue's name where one card alone answers it."""
    cards = list(cards)
    requirement: dict[str, list[str]] = {}
    for card in cards:
        for row in card.catalogue:
            requirement.setdefault(row, []).append(card.key)
    named = {row: keys[0] for row, keys in requirement.items() if len(keys) == 1}
    for card in cards:
        named |= dict.fromkeys((card.name.zh, card.name.en, card.key), card.key)
    return named


def _worth(card: Card, numerator: float | None, denominator: float | None) -> tuple[str, float | None]:
    """Status and value of a reported figure, in the unit of ``published.figure.value``."""
    if numerator is None:
        return "none", None
    if not card.is_ratio:
        return "ok", numerator
    if denominator is None:
        return "no_denominator", None
    if denominator <= 0:
        return "empty", None
    sides = np.array([_kept(numerator, card.top_scale)]), np.array([_kept(denominator, card.bottom_scale)])
    return "ok", float(value_of(card, *sides)[0])


def _kept(shown: float, scale: int) -> float:
    """A number as it is shown (yuan, hours) as ``published.figure`` holds it (fen, tenths)."""
    return round(shown * scale)


# -- adding up ------------------------------------------------------------------------------------


def _stated(card: Card, rows: pd.DataFrame, frame: Frame, tree: Tree) -> Stated:
    """Own figures of units; a unit without one has the sum of those directly below it."""
    numerator, denominator = (np.full(frame.shape, np.nan) for _ in range(2))
    place, ever = frame.row(), np.zeros(len(frame.units), dtype=bool)
    for row in rows.itertuples():
        ever[place[row.unit]] = True
        if frame.horizon.first <= row.month <= frame.horizon.last:
            at = place[row.unit], row.month - frame.horizon.first
            numerator[at] = _kept(row.numerator, card.top_scale)
            denominator[at] = np.round(row.denominator * card.bottom_scale)
    lacking = (ever[:, None] & tree.open_months(frame.horizon)).astype(int)
    status = np.full(frame.shape, OK)
    below: dict[int, list[int]] = {}
    for child, parent in enumerate(tree.parents):
        below.setdefault(parent, []).append(child)
    for unit in sorted(range(len(tree.parents)), key=lambda p: -tree.depth[p]):
        own = ~np.isnan(numerator[unit])
        lacking[unit, own] = 0
        if unit not in below:
            continue
        parts = numerator[below[unit]]
        late = lacking[below[unit]].sum(axis=0)
        # Counts that are made anew at every level cannot be added up.
        summed = ~own & ~np.isnan(parts).all(axis=0) & (not card.each_level)
        numerator[unit, summed] = np.nansum(parts, axis=0)[summed]
        denominator[unit, summed] = np.nansum(denominator[below[unit]], axis=0)[summed]
        lacking[unit] = np.where(own, 0, np.where(summed, late, lacking[unit] + late))
        status[unit, summed & (late > 0)] = PART_CAME
    return Stated(numerator, denominator, status)


# -- for pages ------------------------------------------------------------------------------------

_COLUMNS = published.reported.c


def stated(
    principal: Principal, connection: Connection, unit: int, card: Card, month: int
) -> pd.Series | None:
    """What a unit itself reported of a card for a month (numerator, denominator, value, file); None: nothing,
    or a small number of people who are none of the principal's."""
    rows = _published(connection, principal, _COLUMNS.indicator == card.key, _COLUMNS.unit == unit)
    rows = rows[rows["month"] == month]
    if rows.empty or is_hidden(principal, card, unit, *rows.iloc[0][["numerator", "denominator"]]):
        return None
    return rows.iloc[0]


def not_understood(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Reported figures that count nowhere: indicator, unit, month, file, status (unknown, no_denominator, ...)."""
    return _published(connection, principal, _COLUMNS.status != "ok")


def _published(connection: Connection, principal: Principal, *where) -> pd.DataFrame:
    table = published.reported
    if not inspect(connection).has_table(table.name, schema=table.schema):
        return pd.DataFrame(columns=list(table.c.keys()))
    return read_frame(connection, select(table).where(principal.figures.holds(table.c.unit), *where))
