"""What an import changed, recounted: what the touched persons count now, less what they counted before.

Nearly every count is a sum over persons, so the difference is exact: an incremental build equals a full
one to the digit. ``metrics.touched`` says whose rows, which of them and which months a card's difference
needs. Rows about units change what all figures share: then all is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, select, union

from data import records
from data.store import Snapshot
from metrics.card import Card
from metrics.context import prepare, rules_of
from metrics.counting import Frame, count_cards, parts_of
from metrics.difference import prepare_difference, sign
from metrics.figuring import Grids
from metrics.strata import Breakdown, Strata, is_broken_down, strata_rules
from metrics.touched import WORK, Piece, changed, pieces
from metrics.traits import Grids as Managed

# Tables that no rule reads: every build looks at them anew.
_NOT_COUNTED = {"delivery_note", "population", "reported_count"}


@dataclass(frozen=True)
class Changes:
    """Which record tables have rows that came into or went out of force since an event."""

    since: int  # number of the last event that the figures know
    tables: frozenset[str]  # about persons or the work of units
    shared: bool  # something that all figures rest on: units, places


def changes_since(connection: Connection, event: int) -> Changes:
    """What changed after ``event``."""
    found = {
        name
        for name, table in records.RECORDS.items()
        if connection.execute(select(table.c.row_id).where(changed(table, event)).limit(1)).first()
        is not None
    }
    suspects = select(records.suspected.c.person).where(changed(records.suspected, event)).limit(1)
    counted = {name for name in found if records.RECORDS[name].info["person"] or name in WORK}
    shared = bool(found - counted - _NOT_COUNTED)
    if connection.execute(suspects).first() is not None:
        counted.add(records.suspected.name)
    return Changes(event, frozenset(counted), shared)


def recount(
    known: Snapshot,
    everyone: Connection,
    also: Iterable[Select],
    cards: list[Card],
    frame: Frame,
    units: pd.DataFrame,
    tallies: pd.DataFrame,
    strata: Strata,
    changes: Changes,
    progress: Callable[[str, float], None],
) -> tuple[Grids, Strata]:
    """The counts of everyone: those published before, and the differences of what changed.

    On the connection ``everyone`` the rules ``also`` get their meaning for all persons, and those of the
    cards that must be counted over all persons: it is one pass for both.
    """
    grids = Grids.from_rows(tallies, frame)
    plan = pieces(everyone, cards, frame.horizon, changes.since, changes.tables)
    anew = [card for piece in plan if piece.chosen is None for card in piece.cards]
    prepare(everyone, [*rules_of(anew), *also], frame.horizon)
    managed = Managed.of(everyone, units, strata.axis.months[strata.axis.newest])
    strata, flipped = strata.of_grids(managed)
    for position, piece in enumerate(plan):
        progress(piece.name, 0.1 + 0.7 * position / len(plan))
        if piece.chosen is None:
            _recount_piece(everyone, piece, frame, grids, strata, managed)
        else:
            with known.records() as connection:
                prepare_difference(
                    connection,
                    [*rules_of(piece.cards), *strata_rules(piece.cards)],
                    piece.horizon,
                    changes.since,
                    piece.chosen,
                )
                _recount_piece(connection, piece, frame, grids, strata, managed)
    if flipped.any():
        progress("strata", 0.8)
        _recount_grids(known, cards, frame, strata, managed, flipped)
    for card in cards:
        for part in parts_of(card):
            grids.setdefault((card.key, part), frame.empty())  # tallies hold no zeros
    return grids, strata


def _recount_piece(
    connection: Connection, piece: Piece, frame: Frame, grids: Grids, strata: Strata, managed: Managed
) -> None:
    """Add a piece's differences to the grids; what has no difference takes the place of the old counts."""
    within = Frame(frame.units, piece.horizon)
    first = piece.horizon.first - frame.horizon.first
    months = slice(first, first + len(piece.horizon.months))
    breakdown = None
    if any(is_broken_down(card) for card in piece.cards):
        breakdown = Breakdown(connection, frame, strata.axis, managed)
    counted = count_cards(
        connection, piece.cards, within, sign=sign if piece.chosen else None, breakdown=breakdown
    )
    anew = set() if piece.chosen else {card.key for card in piece.cards}
    for (key, part), grid in grids.items():  # a source system that has gone is in no new count
        if key in anew and "@" in part:
            grid[:, months] = 0
    for place, counts in counted.items():
        grid = grids.setdefault(place, frame.empty())
        grid[:, months] = counts + (grid[:, months] if piece.chosen else 0)
    if breakdown is None:
        return
    if piece.chosen:
        strata.add(breakdown.found)
    else:
        strata.counts |= breakdown.found.counts


def _recount_grids(
    known: Snapshot, cards: list[Card], frame: Frame, strata: Strata, managed: Managed, which: np.ndarray
) -> None:
    """Count some management grids over again, from all rows of whoever may live there."""
    some = set(managed.numbers[which].tolist())
    places = [place for place, grid in managed.of_place.items() if grid in some]
    lived = (records.residence, records.health_record)
    persons = union(*(select(table.c.person).where(table.c.place.in_(places)) for table in lived)).subquery()
    broken = [card for card in cards if is_broken_down(card)]
    with known.records() as connection:
        prepare(connection, strata_rules(broken), frame.horizon, persons=select(persons.c.person))
        breakdown = Breakdown(connection, frame, strata.axis, managed)
        count_cards(connection, broken, frame, breakdown=breakdown)
    strata.replace_grids(breakdown.found, which)
