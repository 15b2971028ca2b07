"""One rich district in DuckDB with its facts computed, in which rules can be counted with mistakes in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb
import numpy as np
from sqlalchemy import Connection, Select, select, text
from sqlalchemy.exc import DBAPIError

from metrics.card import Card
from metrics.cards import CARDS
from metrics.context import Horizon, named_tables, prepare, rules_of, text_of
from metrics.counting import Frame, count_card
from metrics.facts import FACTS
from tests.mutation.mutants import Mutant, mutants
from tests.property.districts import FIRST, Plan, Tables
from tests.property.engine import filled

Counts = dict[str, np.ndarray]
_REFUSED = (DBAPIError, duckdb.Error)


@dataclass(frozen=True)
class World:
    """``counts``: of every card without a mistake, by part."""

    connection: Connection
    frame: Frame
    counts: dict[str, Counts]

    def differs(self, card: Card) -> bool:
        """Whether a card counts otherwise than the card of its key does; a refused query does."""
        try:
            found = count_card(self.connection, card, self.frame)
        except _REFUSED:
            return True
        right = self.counts[card.key]
        return any(not np.array_equal(found[part], right[part]) for part in right)

    def is_killed(self, card: Card, mutant: Mutant) -> bool:
        """Whether a mistake in the card's own rule shows."""
        undo = mutant.make()
        text_of.cache_clear()  # a mistake is made in the rule itself: its text is that without the mistake
        try:
            return self.differs(card)
        finally:
            undo()
            text_of.cache_clear()

    def changed_by(
        self, fact: str, mutant: Mutant, *, among: list[str] | None = None, enough: int = len(CARDS)
    ) -> list[str]:
        """Cards (of those named, at most ``enough``) that count otherwise with a mistake in a fact."""
        facts = _resting_on(fact)
        cards = [
            card
            for card in (CARDS.values() if among is None else map(CARDS.__getitem__, among))
            if named_tables(rules_of([card])) & set(facts)
        ]
        undo = mutant.make()
        try:
            self._compute(facts)
        except _REFUSED:
            return [card.key for card in cards]
        finally:
            undo()
        try:
            changed: list[str] = []
            for card in cards:
                if len(changed) < enough and self.differs(card):
                    changed.append(card.key)
            return changed
        finally:
            self._compute(facts)

    def _compute(self, facts: list[str]) -> None:
        for name in facts:
            self.connection.execute(
                text(
                    f"CREATE OR REPLACE TEMPORARY TABLE {name} AS {_sql(FACTS[name].select, self.connection)}"
                )
            )


@contextmanager
def world(plan: Plan, rows: Tables, cards: Collection[Card] = tuple(CARDS.values())) -> Iterator[World]:
    """The world of a district, in which some cards are counted."""
    with filled(rows) as connection:
        # A cached query would be the one without the mistake.
        connection = connection.execution_options(compiled_cache=None)
        frame = Frame(tuple(row["unit"] for row in rows["unit"]), Horizon(FIRST, plan.last))
        prepare(connection, rules_of(cards), frame.horizon)
        counts = {card.key: count_card(connection, card, frame) for card in cards}
        yield World(connection, frame, counts)


def facts_of(card: Card) -> list[str]:
    """The facts that a card rests on, the nearest last."""
    names = named_tables(rules_of([card]))
    return [name for name in FACTS if name in names]


def own_mutants(card: Card) -> list[Mutant]:
    """Mutants of the card's own selects."""
    return [mutant for rule in rules_of([card]) for mutant in mutants(rule)]


def fact_mutants(name: str) -> list[Mutant]:
    return list(mutants(FACTS[name].select))


def shifted(card: Card) -> list[tuple[str, Card]]:
    """The card with its window moved by a month, at either end, and with hits and misses exchanged."""
    rows = card.numerator.subquery()
    if card.is_events:
        changes = [
            ("month later", {"month": rows.c.month + 1}),
            ("month earlier", {"month": rows.c.month - 1}),
        ]
        if "of" in rows.c:
            changes.append(("hits exchanged", {"n": rows.c.of - rows.c.n}))
    else:
        changes = [
            ("begins later", {"s": rows.c.s + 1}),
            ("begins earlier", {"s": rows.c.s - 1}),
            ("ends earlier", {"e": rows.c.e - 1}),
            ("ends later", {"e": rows.c.e + 1}),
        ]
    return [(name, replace(card, numerator=_with(rows, columns))) for name, columns in changes]


def _with(rows, columns: dict) -> Select:
    return select(*(columns.get(c.name, c).label(c.name) for c in rows.c))


def _resting_on(fact: str) -> list[str]:
    """The fact and every later one that is computed from it."""
    return [name for name in FACTS if name == fact or fact in named_tables([FACTS[name].select])]


def _sql(rule: Select, connection: Connection) -> str:
    compiled = rule.compile(connection, compile_kwargs={"literal_binds": True})
    return str(compiled).replace(":", r"\:").replace("%%", "%")
