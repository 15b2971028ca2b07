"""What is asked for and what is done: the requirements of each system, with the cards that answer them.

``cards/catalogue.csv`` has one row a requirement: done, with its cards, or left out, with the records
that it lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from metrics.card import Words
from metrics.standards import read_csv

PATH = Path(__file__).parent / "cards" / "catalogue.csv"


@dataclass(frozen=True)
class Requirement:
    """One row of the catalogue; ``lacks`` says what an unanswered one would need."""

    system: str
    row: str
    name: Words
    cards: tuple[str, ...]
    lacks: Words | None

    @property
    def is_done(self) -> bool:
        return self.lacks is None


@cache
def requirements() -> tuple[Requirement, ...]:
    """Every requirement of the systems that exist, in the order of the catalogue."""
    return tuple(
        Requirement(
            system=row["system"],
            row=row["row"],
            name=Words(zh=row["zh"], en=row["en"]),
            cards=tuple(row["cards"].split()),
            lacks=Words(zh=row["lacks_zh"], en=row["lacks_en"]) if row["state"] == "left_out" else None,
        )
        for row in read_csv(PATH)
    )
