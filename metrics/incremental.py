"""What an import changed, recounted: counts of the persons touched, as known now less as known before.

Nearly every count is a sum over persons, so the difference is exact: an incremental build equals a
full one to the digit. Households and other things counted anew at each level are no such sum (a
household is there as long as any member is): their cards are counted over everyone. Rows about units
or populations change what all figures share: then all is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Select, and_, or_, select, union

from data import records
from data.store import Store
from metrics.card import Card
from metrics.context import named_tables, prepare, rules_of
from metrics.counting import Frame, count_card, parts_of
from metrics.figuring import Grids


@dataclass(frozen=True)
class Changes:
    """Which record tables have rows that came into or went out of force since an event."""

    since: int  # number of the last event that the figures know
    tables: frozenset[str]  # about persons
    shared: bool  # something that all figures rest on: units, places


def changes_since(connection: Connection, event: int) -> Changes:
    """What changed after ``event``."""
    changed = {
        name
        for name, table in records.RECORDS.items()
        if connection.execute(select(table.c.row_id).where(_changed(table, event)).limit(1)).first()
        is not None
    }
    personal = {name for name in changed if records.RECORDS[name].info["person"]}
    return Changes(event, frozenset(personal), bool(changed - personal - {"delivery_note", "population"}))


def _changed(table, event: int):
    return or_(table.c.known_from > event, and_(table.c.known_to.is_not(None), table.c.known_to > event))


def touched_persons(event: int, tables: frozenset[str]) -> Select:
    """Persons with a changed row in one of the tables."""
    parts = [
        select(records.RECORDS[name].c.person).where(_changed(records.RECORDS[name], event))
        for name in sorted(tables)
    ]
    return select(union(*parts).subquery().c.person)


def recount(
    store: Store,
    cards: list[Card],
    frame: Frame,
    tallies: pd.DataFrame,
    changes: Changes,
    progress: Callable[[str, float], None],
) -> Grids:
    """The counts of everyone: those published before, plus what the touched persons count now, less what they did."""
    grids = Grids.from_rows(tallies, frame)
    # Whether a person's rows count at all hangs on the demographic master, whatever a rule reads.
    concerned = [
        card
        for card in cards
        if "person" in changes.tables or named_tables(rules_of([card])) & changes.tables
    ]
    after = _counts(store, _sums(concerned), frame, progress, 0.1, changes)
    before = _counts(store, _sums(concerned), frame, progress, 0.4, changes, known_at=changes.since)
    for place in after:
        grids[place] = grids.get(place, frame.empty()) + after[place] - before[place]
    grids.update(_counts(store, [card for card in concerned if card.each_level], frame, progress, 0.7))
    for card in cards:
        for part in parts_of(card):
            grids.setdefault((card.key, part), frame.empty())  # tallies hold no zeros
    return grids


def _sums(cards: list[Card]) -> list[Card]:
    return [card for card in cards if not card.each_level]


def _counts(
    store: Store,
    cards: list[Card],
    frame: Frame,
    progress: Callable[[str, float], None],
    share: float,
    changes: Changes | None = None,
    known_at: int | None = None,
) -> Grids:
    """Counts of the cards: of the persons that the changes touched, or of everyone."""
    grids, shared = Grids(), {}
    persons = touched_persons(changes.since, changes.tables) if changes and changes.tables else None
    with store.records() as connection:
        prepare(connection, rules_of(cards), frame.horizon, known_at=known_at, persons=persons)
        for position, card in enumerate(cards):
            progress(card.key, share + 0.3 * position / len(cards))
            for part, counts in count_card(connection, card, frame, shared).items():
                grids[card.key, part] = counts
    return grids
