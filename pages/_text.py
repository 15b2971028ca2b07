"""Interface text in two languages: ``text("overview.title")``; words of indicators are on the cards."""

from __future__ import annotations

import re
from pathlib import Path

from data import words
from data.words import LANGUAGES, Text
from metrics import wording

__all__ = ["LANGUAGES", "Text", "entries", "literal", "text", "typed"]

_TOLD = 40  # letters of a wrong value that a notice repeats
# What Markdown would obey: any sign can be told to be none. A point makes lists and links (www.) alone.
_MARKS = re.compile(r"[!-\-/:-@\[-`{-~]|(?<=[wW])\.|\.(?=\s)")
_FOLDER = Path(__file__).parent / "text"


def text(language: str) -> Text:
    """The interface's catalogue of a language, with the words that documents share."""
    return words.catalogue(_FOLDER, language, wording.FOLDER)


def literal(asked: str) -> str:
    """What somebody put into the address, as the words that it is: cut, and no link or picture of a notice."""
    return typed(asked[:_TOLD])


def typed(words: str) -> str:
    """What people or files call something, for a place that reads Markdown (labels and headings too): shown as it was
    typed, on one line. Our own HTML is escaped by ``pages._html`` instead, lists to choose from read no Markdown."""
    return _MARKS.sub(r"\\\g<0>", " ".join(words.split()))


def entries(language: str) -> dict[str, str]:
    """Every entry of the interface's catalogue: "section.key" -> text."""
    return words.entries(_FOLDER, language) | words.entries(wording.FOLDER, language)
