"""Whose rows make up a figure in a state of knowledge, of one card and unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection, select

from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.anew import Ruled
from metrics.card import Card
from metrics.context import Horizon
from metrics.late import events, report_day
from metrics.made_of import made_of
from metrics.merging import between, mergers, stood_there
from metrics.past import Built, Standing, horizon_at, may_ask, prepare_for, standing_on
from metrics.principal import Principal


@dataclass(frozen=True)
class Reading:
    """One card of a unit with all below it (the unit first), in whatever state of knowledge, for whoever asks."""

    principal: Principal
    known: Snapshot | Store
    ruled: Ruled
    units: Sequence[int]
    basis: str
    horizons: Built

    @property
    def card(self) -> Card:
        return self.ruled.card

    @property
    def unit(self) -> int:
        return self.units[0]

    def under(self, ruled: Ruled) -> Reading:
        """The same by a card made of other values."""
        return replace(self, ruled=ruled)

    def of(self, standing: Standing, *months: int) -> dict[int, pd.DataFrame]:
        """month -> ``made_of``; nobody where nothing was known."""
        with self.known.records() as connection:
            horizon = self._prepared(connection, standing)
            return {
                one: made_of(connection, self.card, self.units, one, self.basis, horizon)
                for one in set(months)
            }

    def stood_at_merged(self, standing: Standing, earlier: int, month: int) -> pd.DataFrame:
        """``merging.stood_there`` of the units that were merged in or out between the two months, as far as they are the principal's."""
        with self.known.records() as connection:
            merged = between(mergers(connection, self.units, standing.event), earlier, month)
            merged = [one for one in merged if may_ask(self.principal, self.card, [one.unit])]
            horizon = self._prepared(connection, standing) if merged else self.horizons[None]
            return stood_there(connection, self.card, merged, earlier, month, self.basis, horizon)

    def _prepared(self, connection: Connection, standing: Standing) -> Horizon:
        horizon = horizon_at(standing.event, self.horizons)
        prepare_for(connection, self.card, self.units, horizon, standing, self.ruled.facts)
        return horizon

    def standing(self, month: int) -> Standing | None:
        """What was known of a month on its report day; None where that day is still to come: all of it is in time."""
        day = report_day(month)
        with self.known.records() as connection:
            book = events(connection)
            if book.empty or book["on"].max().date() <= day:
                return None
            return standing_on(connection, month, day, self.horizons)


def published_figure(
    connection: Connection, card: Card, unit: int, month: int, basis: str
) -> pd.Series | None:
    """The figure that is published, None where it has no value."""
    c = published.figure.c
    names = (c.numerator, c.denominator, c.value, c.origin)
    where = (c.indicator == card.key, c.unit == unit, c.month == month, c.basis == basis, c.stratum == "")
    rows = read_frame(connection, select(*names).where(*where))
    return None if rows.empty or pd.isna(rows.iloc[0]["value"]) else rows.iloc[0]


def agree(card: Card, row: pd.Series, rows: pd.DataFrame) -> bool:
    """Whether the rows come to what is published: they do, but where a unit's own report stands for them."""
    if row["origin"] != "records" or int(row["numerator"]) != int(rows["n"].sum()):
        return False
    return not card.is_ratio or card.statistic is not None or int(row["denominator"]) == int(rows["d"].sum())
