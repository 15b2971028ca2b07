"""Why one figure changed between two months, from the records: states of knowledge (``past``) put to ``why.split``."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import select

from data.store import Snapshot, Store
from metrics import published
from metrics.card import Card
from metrics.cards import CARDS
from metrics.past import Known, event_of, figures_known
from metrics.principal import Principal
from metrics.standards import value_in, values_of
from metrics.why import parts_of, split


@dataclass(frozen=True)
class Merged:
    """A unit that was merged into the one asked about since, and its figure of the first month."""

    unit: int
    name: str
    figure: Known


@dataclass(frozen=True)
class Changed:
    """What a change is made of. ``shares``: cause (``why.CAUSES``) -> part of the value; None where one is missing."""

    until: datetime  # what was known by then is what was known in time
    then: Known | None  # the first month as known then; None: the records do not go back so far
    before: Known  # the first month as known now
    merged: tuple[Merged, ...]
    now: Known
    shares: dict[str, Fraction] | None
    parameters: tuple[tuple[str, float, float], ...]  # key, value in the first month, in the second


def changed(
    known: Snapshot | Store, principal: Principal, key: str, unit: int, before: int, month: int, basis: str
) -> Changed:
    """Of one figure, from month ``before`` to ``month``. Raises as ``past.figures_known`` does.

    Where the records do not go back to the first month nothing is known of what came late: that share is 0, and
    ``then`` says so.
    """
    card = CARDS[key]
    until = told_by(before)
    event = event_of(known, until)
    first, *rest = figures_known(
        known, principal, key, unit, before, basis, [None] if event is None else [None, event]
    )
    now = figures_known(known, principal, key, unit, month, basis, [None])[0]
    merged = _merged(known, principal, card, unit, before, month, basis)
    then = rest[0] if rest else None
    parts = [
        parts_of(one.numerator, one.denominator, card.is_ratio)
        for one in (then or first, first, *(one.figure for one in merged), now)
    ]
    shares = (
        None if any(part is None for part in parts) else split(parts[0], parts[1], parts[2:-1], parts[-1])
    )
    dated = ((name, value_in(name, before), value_in(name, month)) for name in card.parameters)
    return Changed(until, then, first, merged, now, shares, tuple(one for one in dated if one[1] != one[2]))


def told_by(month: int) -> datetime:
    """The last moment at which what is known of a month counts as known in time."""
    year, at = divmod(month, 12)
    days = values_of("report_days")[-1]
    return datetime(year, at + 1, calendar.monthrange(year, at + 1)[1], 23, 59, 59) + timedelta(days=days)


def _merged(
    known: Snapshot | Store, principal: Principal, card: Card, unit: int, before: int, month: int, basis: str
) -> tuple[Merged, ...]:
    """Units whose successor the unit became after the first month. Only of a unit of the same kind is that a join of
    equals: of a centre it shows in the figures of those below it."""
    table = published.unit
    with known.published() as connection:
        rows = connection.execute(
            select(table.c.unit, table.c.name, table.c.closed_on).where(
                table.c.successor == unit, table.c.closed_on.is_not(None)
            )
        ).all()
    found = []
    for row in rows:
        closed = row.closed_on.year * 12 + row.closed_on.month - 1
        if before < closed <= month and row.unit in principal.persons:
            figure = figures_known(known, principal, card.key, row.unit, before, basis, [None])[0]
            found.append(Merged(int(row.unit), row.name, figure))
    return tuple(found)
