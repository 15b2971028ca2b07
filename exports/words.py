"""Words of documents in two languages: ``text("deck.title")``, with the words that pages share."""

from __future__ import annotations

from pathlib import Path

from data import words
from data.register.carrying import BY as REGISTER
from data.words import LANGUAGES, Text
from metrics import wording
from metrics.principal import LOCAL

__all__ = ["FOLDER", "LANGUAGES", "Text", "entries", "text", "who"]

FOLDER = Path(__file__).parent / "text"


def text(language: str) -> Text:
    """The documents' catalogue of a language: sections of ``exports/text``, then of ``metrics/text/common``."""
    return words.catalogue(FOLDER, language, wording.FOLDER)


def who(name: str, said: Text) -> str:
    """Who did something, in words: whoever sat at this machine has no name of their own, nor has the program, which brings what
    was written in it to the records."""
    own = {LOCAL.name: "who.local", REGISTER: "who.register", "manage.py": "who.command"}
    return said(own[name]) if name in own else name


def entries(language: str) -> dict[str, str]:
    """Every entry of the documents' own catalogue: "section.key" -> text."""
    return words.entries(FOLDER, language)
