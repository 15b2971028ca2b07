"""What of a figure came or went with units that were merged, where rows are not people on a list: events and things.

A visit of this month has no counterpart last month, and a merged clinic's beds are new beds at the other unit. So rows after a merger
cannot be told apart one by one. What can be told is what stood at the merged unit before: of the earlier figure's time, those months whose
place in the later figure's time lies after the merger. That came with the unit, or went with it; all else is services.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, func, literal, select

from data.store import read_frame
from metrics.card import Basis, Card
from metrics.context import Horizon, courses
from metrics.gaps import first_month_of

COLUMNS = ("who", "unit", "n", "d")


@dataclass(frozen=True)
class Merger:
    """A unit whose people and work count elsewhere from ``month`` on, its first whole month; ``sign``: 1 came here, -1 went from here."""

    unit: int
    month: int
    sign: int


def mergers(connection: Connection, units: Sequence[int], known_at: int | None = None) -> list[Merger]:
    """Units merged into some of these from outside, and those of these merged into others outside: one of every time they cross."""
    found = []
    was_inside: dict[int, bool] = {}
    for row in sorted(courses(connection, known_at), key=lambda row: (row["unit"], row["from_on"])):
        unit, inside = row["unit"], row["credited"] in units
        if inside != was_inside.get(unit, unit in units):
            month = row["from_on"].year * 12 + row["from_on"].month - 1 + (row["from_on"].day > 1)
            found.append(Merger(unit, month, 1 if inside else -1))
        was_inside[unit] = inside
    return found


def between(merged: Sequence[Merger], earlier: int, month: int) -> list[Merger]:
    """Those that set the later figure apart from the earlier one: there are months before the merger whose counterparts come after it."""
    return [one for one in merged if one.month <= month and one.month > earlier - 11]


def stood_there(
    connection: Connection,
    card: Card,
    merged: Sequence[Merger],
    earlier: int,
    month: int,
    basis: str,
    horizon: Horizon,
) -> pd.DataFrame:
    """COLUMNS and sign: what stood at merged units, by person or thing (-1: nobody is told), in a context of the card.

    Of events the months of the earlier figure's time from ``month - earlier`` before the merger on, up to it; of things the earlier month.
    """
    parts = []
    for one in merged:
        first, last = one.month - (month - earlier), one.month - 1
        rules = (
            _events(card, one.unit, first, last, earlier, basis, horizon)
            if card.is_events
            else _things(card, one.unit, first, last, earlier)
        )
        parts += [read_frame(connection, rule).assign(sign=one.sign) for rule in rules]
    if not parts:
        return pd.DataFrame(columns=[*COLUMNS, "sign"], dtype="int64")
    rows = pd.concat(parts, ignore_index=True).fillna(0).astype("int64")
    return rows.groupby(["who", "unit", "sign"], as_index=False)[["n", "d"]].sum()


def _events(card: Card, unit: int, first: int, last: int, earlier: int, basis: str, horizon: Horizon) -> list:
    rows = card.numerator.subquery()
    first, last = max(first, first_month_of(earlier, Basis(basis), horizon)), min(last, earlier)
    if first > last:
        return []
    sums = {"n": func.sum(rows.c.n), "d": func.sum(rows.c.of) if "of" in rows.c else literal(0)}
    return [
        select(literal(-1).label("who"), rows.c.unit, *(value.label(name) for name, value in sums.items()))
        .where(rows.c.unit == unit, rows.c.month.between(first, last))
        .group_by(rows.c.unit)
    ]


def _things(card: Card, unit: int, first: int, last: int, earlier: int) -> list:
    if not first <= earlier <= last:
        return []
    found = []
    for place, rule in (("n", card.numerator), ("d", card.listed)):
        if rule is None:
            continue
        rows = rule.subquery()
        weight = func.sum(rows.c.n) if "n" in rows.c else func.count()
        values = {"n": literal(0), "d": literal(0)} | {place: weight}
        who = rows.c.thing
        found.append(
            select(
                func.coalesce(who, -1).label("who"),
                rows.c.unit,
                *(value.label(name) for name, value in values.items()),
            )
            .where(rows.c.unit == unit, rows.c.s <= earlier, rows.c.e >= earlier)
            .group_by(who, rows.c.unit)
        )
    return found
