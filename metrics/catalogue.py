"""What is asked for and what answers it: the requirements of every system, with their cards.

``cards/catalogue.csv`` has one row a requirement, with a note where it cannot be meant as written; which
cards answer it, the cards themselves say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from metrics.card import Card, Form, Words
from metrics.cards import CARDS
from metrics.context import named_tables, rules_of
from metrics.standards import read_csv
from metrics.tables import CURRENT

PATH = Path(__file__).parent / "cards" / "catalogue.csv"


@dataclass(frozen=True)
class Requirement:
    """One row of the catalogue. ``note`` says how it is meant where its words cannot be taken as written."""

    system: str
    row: str
    name: Words
    source: str
    note: Words | None
    cards: tuple[Card, ...]

    @property
    def is_done(self) -> bool:
        return bool(self.cards)

    @property
    def form(self) -> Form | None:
        """Which of the four it is: that of its first card; None while nothing answers it."""
        return self.cards[0].form if self.cards else None

    @property
    def records(self) -> tuple[str, ...]:
        """The record tables that its figures come from."""
        names = named_tables(rules_of(self.cards)) & CURRENT.keys()
        approved = {"population"} if any(card.statistic for card in self.cards) else set()
        return tuple(sorted(names | approved))


@cache
def requirements() -> tuple[Requirement, ...]:
    """Every requirement, in the order of the catalogue."""
    answers: dict[str, list[Card]] = {}
    for card in CARDS.values():
        for row in card.catalogue:
            answers.setdefault(row, []).append(card)
    return tuple(
        Requirement(
            system=row["system"],
            row=row["row"],
            name=Words(zh=row["zh"], en=row["en"]),
            source=row["source"],
            note=Words(zh=row["note_zh"], en=row["note_en"]) if row["note_zh"] else None,
            cards=tuple(answers.get(row["row"], ())),
        )
        for row in read_csv(PATH)
    )
