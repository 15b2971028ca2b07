"""Figures in words that pages and documents share: months, papers, systems, who is missing. Plain text, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from data import words
from data.words import Text
from metrics.card import Card, Direction
from metrics.judgement import counts_people
from metrics.units import MISSING, count, counted, is_missing, unit_suffix

FOLDER = Path(__file__).parent / "text" / "common"
#: Stands beside a judgement's colour, so that colour is never alone.
SHAPES = {"above": "▲", "at": "●", "course": "◆", "below": "▼", "none": "·"}
_SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_BETWEEN = "；"


def common(language: str) -> Text:
    """The catalogue of the shared words alone."""
    return words.catalogue(FOLDER, language)


def month_code(month: int) -> str:
    """24321 -> "2026-10": as addresses, names of files and tables have it."""
    return f"{month // 12}-{month % 12 + 1:02}"


def month_name(month: int, text: Text) -> str:
    """The month as people write it, in the language of ``text``."""
    return text("month.name", year=month // 12, number=month % 12 + 1, short=_SHORT[month % 12])


def month_alone(month: int, text: Text) -> str:
    """The month without its year."""
    return text("month.only", number=month % 12 + 1, short=_SHORT[month % 12])


def paper_words(source: str, text: Text) -> str:
    """A source as a reader knows it: papers get their titles; one that has none stands as it was written."""
    known = words.entries(FOLDER, text.language)
    return text("list.semicolon").join(
        known.get(f"paper.{one.strip()}", one.strip()) for one in source.split(_BETWEEN)
    )


def hidden_word(text: Text) -> str:
    """What stands for a number that a reader may not see: never 0, and not what stands for a missing one."""
    return text("status.hidden")


def hidden_why(text: Text, least: float) -> str:
    """Why numbers are hidden: the sentence below a table that has some; ``least``: the fewest that are shown."""
    return text("status.hidden_why", n=f"{least:g}")


def missing_words(missing: float, card: Card, text: Text) -> str:
    """How many people are missing, or things where the card counts things; or how many are too many."""
    if is_missing(missing):
        return MISSING
    if not card.is_ratio:
        suffix = unit_suffix(card.unit, text.language)
    elif card.parts is not None:
        suffix = unit_suffix(card.parts, text.language)
    elif "money" in card.reads:  # an amount told as the people whom it pays for
        suffix = text("unit.paid_for")
    else:
        suffix = text("unit.people" if counts_people(card) else "unit.things")
    n = counted(count(missing), suffix)
    return text("missing.too_many", n=n) if too_many(missing, card) else n


def too_many(missing: float, card: Card) -> bool:
    """Whether ``missing`` is what should not have happened: the target is 0."""
    return card.direction is Direction.LOWER and missing > 0


def short_names(units: pd.DataFrame) -> dict[int, str]:
    """Each unit's name without the ending that all units of its kind among these share."""
    short: dict[int, str] = {}
    for _, same in units.groupby("kind"):
        names = same["name"].tolist()
        ending = _shared_ending(names)
        for unit, name in zip(same["unit"].astype(int), names, strict=True):
            short[unit] = name[: len(name) - ending] or name
    return short


def _shared_ending(names: Sequence[str]) -> int:
    """How many characters at their end all the names have in common; 0 for a single name."""
    shortest = min(map(len, names))
    same = 0
    while len(names) > 1 and same < shortest and len({name[-1 - same] for name in names}) == 1:
        same += 1
    return same
