"""Sentences that explain and judge, in two languages: sections of ``metrics/text`` (appraisal, funds, supervision)."""

from __future__ import annotations

from pathlib import Path

from data import words
from data.words import Text

FOLDER = Path(__file__).parent / "text"


def sentences(language: str) -> Text:
    """The catalogue of a language."""
    return words.catalogue(FOLDER, language)
