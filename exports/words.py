"""Words of documents in two languages: ``text("deck.title")``, with the words that pages share."""

from __future__ import annotations

from pathlib import Path

from data import words
from data.words import LANGUAGES, Text
from metrics import wording

__all__ = ["FOLDER", "LANGUAGES", "Text", "entries", "text"]

FOLDER = Path(__file__).parent / "text"


def text(language: str) -> Text:
    """The documents' catalogue of a language: sections of ``exports/text``, then of ``metrics/text/common``."""
    return words.catalogue(FOLDER, language, wording.FOLDER)


def entries(language: str) -> dict[str, str]:
    """Every entry of the documents' own catalogue: "section.key" -> text."""
    return words.entries(FOLDER, language)
