"""Interface text in two languages: ``text("overview.title")``; words of indicators are on the cards."""

from __future__ import annotations

from pathlib import Path

from data import words
from data.words import LANGUAGES, Text
from metrics import wording

__all__ = ["LANGUAGES", "Text", "entries", "text"]

_FOLDER = Path(__file__).parent / "text"


def text(language: str) -> Text:
    """The interface's catalogue of a language, with the words that documents share."""
    return words.catalogue(_FOLDER, language, wording.FOLDER)


def entries(language: str) -> dict[str, str]:
    """Every entry of the interface's catalogue: "section.key" -> text."""
    return words.entries(_FOLDER, language) | words.entries(wording.FOLDER, language)
