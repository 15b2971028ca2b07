"""The last build that was published, as the next one asks it: what it counted, reported and noticed, and whether it was made by today's rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Row, inspect, select

from data.store import Snapshot, StoreError, bulk_select
from metrics import published
from metrics.card import Card
from metrics.changing.notices import notices_in
from metrics.context import Horizon
from metrics.moved import NOTHING, figures_of, reported_months
from metrics.strata import Strata
from metrics.traits import Axis


@dataclass(frozen=True)
class Counts:
    """What a build counted before any sum; ``counted``: the months, past the last that is published."""

    event: int
    units: tuple[int, ...]
    counted: Horizon
    tallies: pd.DataFrame  # indicator, part, unit, month, n


@dataclass(frozen=True)
class LastBuild:
    """``row``: of ``published.build``, None where nothing has been published; ``definitions``: the digest of today's rules."""

    known: Snapshot
    row: Row | None
    definitions: str

    @property
    def number(self) -> int:
        return 0 if self.row is None else self.row.build

    @property
    def is_redefined(self) -> bool:
        """Whether it was made by other rules than today's."""
        return self.row is not None and self.row.definitions != self.definitions

    def is_same(self, event: int, horizon: Horizon) -> bool:
        """Whether it was made of the same records by the same rules, to the same month."""
        if self.row is None:
            return False
        before = (self.row.event, self.row.definitions, self.row.last_month)
        return before == (event, self.definitions, horizon.last)

    def counts(self) -> Counts | None:
        """None where nothing can be added to them: nothing is published, or other rules counted."""
        if self.row is None or self.is_redefined:
            return None
        with self.known.published() as connection:
            c = published.tally.c
            rows = bulk_select(connection, select(c.indicator, c.part, c.unit, c.month, c.n))
            units = connection.execute(select(published.unit.c.unit).order_by(published.unit.c.unit))
            units = tuple(units.scalars())
        horizon = Horizon(self.row.first_month, self.row.last_month)
        return Counts(self.row.event, units, months_counted(horizon), pd.DataFrame(rows))

    def strata(self, axis: Axis) -> Strata | None:
        """The strata that it counted; None where it did not count all months of the axis."""
        table = published.stratum_tally
        with self.known.published() as connection:
            there = inspect(connection)
            if not there.has_table(table.name, schema=table.schema):
                return None
            columns = {column["name"] for column in there.get_columns(table.name, schema=table.schema)}
            if columns != {*table.c.keys()}:
                return None  # an older version of the program counted
            rows = pd.DataFrame(bulk_select(connection, select(table)))
        return Strata.from_rows(rows, axis)

    def reported(self, headline: Iterable[Card]) -> pd.DataFrame:
        """The headline figures (``moved.figures_of``) of the months that are reported by now."""
        months = []
        if self.row is not None:
            months = reported_months(self.row.first_month, self.row.last_month, date.today())
        if not months:
            return NOTHING.copy()
        with self.known.published() as connection:
            return figures_of(connection, headline, months)

    def notices(self) -> pd.DataFrame:
        """Rows of ``published.notice``; none where its rules are not today's."""
        if self.row is None or self.is_redefined:
            return pd.DataFrame(columns=list(published.notice.c.keys()))
        with self.known.published() as connection:
            return notices_in(connection)


def last_build(known: Snapshot, definitions: str) -> LastBuild:
    """The last build that was published, seen by the rules of today (``definitions.digest``)."""
    return LastBuild(known, _newest_row(known), definitions)


def _newest_row(known: Snapshot) -> Row | None:
    if known.generation == 0:
        return None
    try:
        with known.published() as connection:
            table = published.build
            return connection.execute(select(table).order_by(table.c.build.desc()).limit(1)).first()
    except StoreError:
        return None  # records, but no figures yet


def months_counted(horizon: Horizon) -> Horizon:
    """The months that a build counts which publishes these: past the last one, so that the next month can be added to them."""
    return Horizon(horizon.first, horizon.years[-1] + 23)
