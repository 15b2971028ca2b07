"""Events that somebody marks on control charts: what is known to be different from a month on, in the register.

The principal first. Who answers for targets marks events, for their units and systems; what concerns every indicator is for those of
all systems, what concerns every unit for those of every unit. Whoever may see a unit's figures sees its events.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, or_, select

from data.register import add, change
from data.register.tables import marked_event
from data.store import read_frame
from metrics.card import Card
from metrics.cards import CARDS
from metrics.principal import NotAllowedError, Principal

STANDING, REMOVED = "standing", "removed"

#: Nobody has marked anything.
NOTHING = pd.DataFrame(columns=["unit", "indicator", "month"])


def events_of(principal: Principal, connection: Connection, unit: int, card: Card) -> pd.DataFrame:
    """Events that stand for a unit and card, the oldest month first: the columns of the register's table."""
    columns = marked_event.c
    return read_frame(
        connection,
        select(marked_event)
        .where(
            columns.state == STANDING,
            or_(columns.unit.is_(None), (columns.unit == unit) & principal.figures.holds(columns.unit)),
            or_(columns.indicator.is_(None), columns.indicator == card.key),
        )
        .order_by(columns.month, columns.event),
    )


def rebasing(connection: Connection) -> pd.DataFrame:
    """unit, indicator, month of every standing event from which on limits begin anew; for builds."""
    columns = marked_event.c
    return read_frame(
        connection,
        select(columns.unit, columns.indicator, columns.month)
        .where(columns.state == STANDING, columns.rebase)
        .order_by(columns.event),
    )


def months_of(marked: pd.DataFrame, unit: int, key: str) -> set[int]:
    """The months of ``rebasing`` that are about a unit and card."""
    of_unit = marked["unit"].isna() | (marked["unit"] == unit)
    of_card = marked["indicator"].isna() | (marked["indicator"] == key)
    return {int(month) for month in marked.loc[of_unit & of_card, "month"]}


def may_mark(principal: Principal, unit: int | None, card: Card | None) -> bool:
    """Whether somebody may mark an event of a unit (None: of all) and card (None: of all)."""
    units = principal.own.everything if unit is None else unit in principal.own
    systems = not principal.systems if card is None else principal.in_charge_of(card.system)
    return principal.may("standards") and units and systems


def mark(
    principal: Principal,
    connection: Connection,
    unit: int | None,
    card: Card | None,
    month: int,
    words: str,
    rebase: bool,
) -> int:
    """Mark an event; gives its number. Raises NotAllowedError, ValueError without words."""
    _require(principal, unit, card)
    if not words.strip():
        raise ValueError("an event needs words")
    key = None if card is None else card.key
    values = {"unit": unit, "indicator": key, "month": month, "words": words.strip(), "rebase": rebase}
    return add(connection, marked_event, values | {"state": STANDING}, principal.name)


def amend(
    principal: Principal,
    connection: Connection,
    number: int,
    version: int,
    month: int,
    words: str,
    rebase: bool,
) -> None:
    """Say it otherwise. Raises as ``mark``, LookupError where there is none, EditedMeanwhileError."""
    _standing(principal, connection, number)
    if not words.strip():
        raise ValueError("an event needs words")
    values = {"month": month, "words": words.strip(), "rebase": rebase}
    change(connection, marked_event, {"event": number}, version, values, principal.name, "change")


def remove(principal: Principal, connection: Connection, number: int, version: int) -> None:
    """Take an event off the charts; the history keeps it. Raises as ``amend``."""
    _standing(principal, connection, number)
    change(
        connection, marked_event, {"event": number}, version, {"state": REMOVED}, principal.name, "withdraw"
    )


def _standing(principal: Principal, connection: Connection, number: int) -> dict[str, Any]:
    columns = marked_event.c
    chosen = select(marked_event).where(columns.event == number, columns.state == STANDING)
    row = connection.execute(chosen).mappings().first()
    if row is None:
        raise LookupError(f"no event {number}")
    card = None if row["indicator"] is None else CARDS.get(row["indicator"])
    _require(principal, row["unit"], card)
    return dict(row)


def _require(principal: Principal, unit: int | None, card: Card | None) -> None:
    if not may_mark(principal, unit, card):
        raise NotAllowedError(f"{principal.name} ({principal.role}) may not mark events of unit {unit}")
