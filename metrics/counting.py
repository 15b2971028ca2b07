"""The one pass over the records: a rule in, counts by unit and month out.

Spans are grouped by (unit, s, e) in the database and spread over months here; events are grouped
by (unit, month). A *grid* is an integer array [unit, month] over a ``Frame``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Connection, Select, cast, func, select

from data.store import bulk_select
from metrics.card import Card
from metrics.context import Horizon, text_of
from metrics.sql import at_least, at_most

Sign = Callable[[ColumnElement], ColumnElement]
PARTS = ("numerator", "denominator", "listed", "told")


@dataclass(frozen=True)
class Frame:
    """The axes of every grid: units by number, months of a horizon."""

    units: tuple[int, ...]
    horizon: Horizon

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.units), len(self.horizon.months)

    def empty(self) -> np.ndarray:
        return np.zeros(self.shape, dtype=np.int64)

    def row(self) -> dict[int, int]:
        """Position of each unit."""
        return {unit: position for position, unit in enumerate(self.units)}


def parts_of(card: Card) -> tuple[str, ...]:
    """The parts that a card counts."""
    if card.is_events:
        return ("numerator", "denominator") if card.is_listed else ("numerator",)
    spans = {"numerator": card.numerator, "listed": card.listed, "told": card.told}
    return tuple(part for part, rule in spans.items() if rule is not None)


def count_card(
    connection: Connection,
    card: Card,
    frame: Frame,
    shared: dict[str, np.ndarray],
    sign: Sign | None = None,
) -> dict[str, np.ndarray]:
    """The grids of a card's parts. ``shared`` keeps spans already counted: cards have populations in common.

    ``sign`` says of the column ``person`` whether a row counts once or takes one away; None: each counts once.
    """
    if card.is_events:
        return _count_events(connection, card.numerator, frame, sign)
    grids = {}
    for part, rule in (("numerator", card.numerator), ("listed", card.listed), ("told", card.told)):
        if rule is None:
            continue
        text = text_of(rule)
        if text not in shared:
            shared[text] = _count_spans(connection, rule, frame, sign)
        grids[part] = shared[text]
    return grids


def _count_spans(connection: Connection, rule: Select, frame: Frame, sign: Sign | None) -> np.ndarray:
    first, last = frame.horizon.first, frame.horizon.last
    spans = rule.subquery()
    clipped = (
        select(
            spans.c.unit,
            at_least(spans.c.s, first).label("s"),
            at_most(spans.c.e, last).label("e"),
            *([sign(spans.c.person).label("weight")] if sign else []),
            *([spans.c.n.label("weight")] if "n" in spans.c else []),
        )
        .where(spans.c.s <= last, spans.c.e >= first, spans.c.s <= spans.c.e, spans.c.unit.is_not(None))
        .subquery()
    )
    n = cast(func.sum(clipped.c.weight), BigInteger) if "weight" in clipped.c else func.count()
    grouped = select(clipped.c.unit, clipped.c.s, clipped.c.e, n.label("n")).group_by(
        clipped.c.unit, clipped.c.s, clipped.c.e
    )
    steps = np.zeros((len(frame.units), len(frame.horizon.months) + 1), dtype=np.int64)
    rows = _columns(connection, grouped, frame)
    if rows is not None:
        unit, s, e, n = rows
        np.add.at(steps, (unit, s - first), n)
        np.add.at(steps, (unit, e - first + 1), -n)
    return steps.cumsum(axis=1)[:, :-1]


def _count_events(
    connection: Connection, rule: Select, frame: Frame, sign: Sign | None
) -> dict[str, np.ndarray]:
    events = rule.subquery()
    parts = {"numerator": events.c.n, **({"denominator": events.c.of} if "of" in events.c else {})}
    if sign:
        parts = {part: column * sign(events.c.person) for part, column in parts.items()}
    grouped = (
        select(
            events.c.unit,
            events.c.month,
            *(
                cast(func.coalesce(func.sum(column), 0), BigInteger).label(part)
                for part, column in parts.items()
            ),
        )
        .where(events.c.month.between(frame.horizon.first, frame.horizon.last), events.c.unit.is_not(None))
        .group_by(events.c.unit, events.c.month)
    )
    grids = {part: frame.empty() for part in parts}
    rows = _columns(connection, grouped, frame)
    if rows is not None:
        unit, month, *sums = rows
        for part, n in zip(parts, sums, strict=True):
            np.add.at(grids[part], (unit, month - frame.horizon.first), n)
    return grids


def _columns(connection: Connection, rule: Select, frame: Frame) -> np.ndarray | None:
    """The rows of a grouped rule as integer columns, units as positions in the frame."""
    rows = bulk_select(connection, rule)
    columns = np.array([*rows.values()], dtype=np.int64)
    if not columns.size:
        return None
    known = np.isin(columns[0], frame.units)
    columns = columns[:, known]
    order = np.argsort(frame.units)
    columns[0] = order[np.searchsorted(np.asarray(frame.units)[order], columns[0])]
    return columns
