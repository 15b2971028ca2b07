"""A figure as it stood: what was known of a month at an earlier day, computed anew from the versions of the records.

Rules and parameters are those of today: what differs from the figure of today is what became known since (late entry,
corrections, undone imports, units that were moved or merged in the list of units). How rules and parameters differ is
``metrics.change``'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data import records
from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.card import Card
from metrics.cards import CARDS
from metrics.context import Horizon, named_tables, prepare, rules_of
from metrics.counting import Frame, count_cards
from metrics.figuring import Grids, figures
from metrics.gaps import persons_of, units_below
from metrics.principal import NotAllowedError, Principal
from metrics.reporting import reports
from metrics.small_numbers import is_of_persons
from metrics.unit_rows import unit_rows

_OF_THE_MAP = {"reach", "unit_near"}  # made of where units are now


@dataclass(frozen=True)
class Known:
    """A figure as known right after an event; NaN where there is no number, as in ``published.figure``."""

    event: int
    numerator: float
    denominator: float
    value: float
    status: str  # see ``published.STATUSES``; "absent": nothing of the unit was known


def has_past(card: Card) -> bool:
    """Whether a card's figure can be computed as it stood: neither made of other cards' figures nor of the map's ways."""
    return card.derived is None and not named_tables(rules_of([card])) & _OF_THE_MAP


def moments(known: Snapshot | Store) -> pd.DataFrame:
    """What changed what is known, oldest first: event, at, kind, of each day the last event."""
    table = records.event
    with known.records() as connection:
        rows = read_frame(connection, select(table.c.event, table.c.at, table.c.kind).order_by(table.c.event))
    days = pd.to_datetime(rows["at"]).dt.date
    return rows[~days.duplicated(keep="last")].reset_index(drop=True)


def event_of(known: Snapshot | Store, at: datetime) -> int | None:
    """The number of the last event up to a time; None: nothing was known yet."""
    table = records.event
    with known.records() as connection:
        return connection.execute(select(func.max(table.c.event)).where(table.c.at <= at)).scalar()


def figures_known(
    known: Snapshot | Store,
    principal: Principal,
    key: str,
    unit: int,
    month: int,
    basis: str,
    events: Iterable[int | None],
) -> list[Known]:
    """One figure as known right after each event; None: now. Raises NotAllowedError outside the scope, and ValueError
    for a card without a past (``has_past``) or a basis that is not the card's.

    A difference between two states may be one person. So figures of people are for whoever may see these people.
    """
    card = CARDS[key]
    if not has_past(card) or basis not in card.bases:
        raise ValueError(f"{key} has no past on the basis {basis}")
    with known.published() as connection:
        below = units_below(connection, unit)
        build = connection.execute(
            select(published.build).order_by(published.build.c.build.desc()).limit(1)
        ).one()
    scope = principal.persons if is_of_persons(card) else principal.figures
    if any(one not in scope for one in below) or (
        is_of_persons(card) and not principal.in_charge_of(card.system)
    ):
        raise NotAllowedError(f"{principal.name} may not see the past of unit {unit}")
    horizon = Horizon(_first_month(month, build.first_month), month)
    found = []
    for event in events:
        with known.records() as connection:
            then = build.event if event is None else event
            found.append(_figure(connection, card, unit, below, horizon, basis, then))
    return found


def _first_month(month: int, first: int) -> int:
    """Two years are enough for every basis; what is counted does not depend on where counting begins."""
    return max(first, month - month % 12 - 12)


def _figure(
    connection: Connection, card: Card, unit: int, below: list[int], horizon: Horizon, basis: str, event: int
) -> Known:
    units = unit_rows(connection, event)
    if unit not in set(units["unit"]):
        return Known(event, np.nan, np.nan, np.nan, "absent")
    prepare(connection, rules_of([card]), horizon, known_at=event, persons=persons_of(connection, below))
    frame = Frame(tuple(int(one) for one in units["unit"]), horizon)
    grids = Grids(count_cards(connection, [card], frame))
    stated = reports(connection, [card], units, horizon, event)
    rows, _ = figures(connection, [card], frame, horizon, units, grids, None, stated, event)
    chosen = rows[(rows["unit"] == unit) & (rows["month"] == horizon.last) & (rows["basis"] == basis)]
    if chosen.empty:
        return Known(event, np.nan, np.nan, np.nan, "absent")
    row = chosen.iloc[0]
    numbers = [
        np.nan if pd.isna(row[name]) else float(row[name]) for name in ("numerator", "denominator", "value")
    ]
    return Known(event, *numbers, str(row["status"]))
