"""The stage on which the demo's register is written: units and how good they are, the time, the chances, the words."""

from __future__ import annotations

import calendar
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, select, update

from data.demo.towns import REFERENCE
from data.register.book import key_of
from data.register.tables import history
from metrics.principal import EVERYTHING, Principal, Scope
from metrics.roles import RIGHTS_OF


@dataclass(frozen=True)
class Scene:
    """What every part reads.

    tree        the units as ``metrics.figures.units`` gives them, with town and quality, by code
    last_month  the last month with figures; ``event`` is what they rest on
    draw        chances, drawn in one order: the parts are written one after the other
    words       ``data/demo/register.toml``
    """

    tree: pd.DataFrame
    last_month: int
    event: int
    draw: random.Random
    words: dict[str, Any]

    @property
    def today(self) -> date:
        """The day on which all of it stands as it does."""
        return last_day(self.last_month)

    @property
    def reference(self) -> int:
        """The reference centre."""
        own = self.tree[(self.tree["town"] == REFERENCE) & (self.tree["kind"] == "centre")]
        return int(own["unit"].iloc[0])

    def of_kind(self, *kinds: str) -> pd.DataFrame:
        """Units of the district's towns that are open to the end, the poorest first."""
        there = self.tree[self.tree["kind"].isin(kinds) & (self.tree["town"] >= 0)]
        return there[there["closed_on"].isna()].sort_values("quality", kind="stable")

    def director(self, unit: int) -> Principal:
        """The director of a centre: sees all figures, and people of the own units."""
        own = self.tree.loc[(self.tree["unit"] == unit) | (self.tree["parent"] == unit), "unit"]
        name = self.words["director"].format(centre=self.tree.set_index("unit")["name"][unit])
        return Principal(
            name, "director", EVERYTHING, Scope(frozenset(int(one) for one in own)), RIGHTS_OF["director"]
        )


def last_day(month: int) -> date:
    """The last day of a month number."""
    year, number = month // 12, month % 12 + 1
    return date(year, number, calendar.monthrange(year, number)[1])


def at_work(day: date, hour: int = 10) -> datetime:
    """A time of a day, not after now: nothing in the register is of a time to come."""
    return min(datetime(day.year, day.month, day.day, hour), datetime.now().replace(microsecond=0))


def dated(connection: Connection, table: Table, key: Mapping[str, Any], **times: datetime) -> None:
    """Let a row and what its history tells of it be of these times: it was written then, as far as the demo goes."""
    connection.execute(
        update(table).where(*[table.c[name] == value for name, value in key.items()]).values(times)
    )
    h = history.c
    told = select(h.entry, h.after).where(
        h.of == table.name, h.key == key_of(table, key), h.after.is_not(None)
    )
    for entry, after in connection.execute(told).all():
        said = json.loads(after)
        if mine := {name: at for name, at in times.items() if name in said}:
            said |= {name: at.isoformat() for name, at in mine.items()}
            values = {"after": json.dumps(said, ensure_ascii=False), "at": max(mine.values())}
            connection.execute(update(history).where(h.entry == entry).values(values))
