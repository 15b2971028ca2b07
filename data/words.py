"""Catalogues of words in two languages: a folder with ``zh.toml`` and ``en.toml``, "section.key" -> sentence.

``{n}`` is filled in. ``[n:day|days]`` is the first word where ``n`` is written as 1, else the second.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
_FORMS = re.compile(r"\[(\w+):([^|\]]*)\|([^|\]]*)\]")
_ONE = ("1", "+1", "−1")


class Text:
    """The catalogue of one language. Calling it with a key and its values gives the sentence."""

    def __init__(self, language: str, *folders: Path) -> None:
        self.language = language
        self._entries = {key: said for folder in folders for key, said in entries(folder, language).items()}

    def __call__(self, key: str, **values: object) -> str:
        """Raises KeyError naming the key when the catalogue lacks it, or a value of it."""
        try:
            return _agreeing(self._entries[key], values).format(**values)
        except KeyError as error:
            raise KeyError(f"text {key!r} ({self.language}): nothing for {error}") from error


def _agreeing(sentence: str, values: dict[str, object]) -> str:
    """The sentence with its words of one or of many chosen; what is filled in is not looked into."""
    return _FORMS.sub(lambda form: form[2] if str(values[form[1]]) in _ONE else form[3], sentence)


@cache
def catalogue(folder: Path, language: str, *more: Path) -> Text:
    """The catalogue of a folder in one language, read once; ``more`` folders hold words that are shared."""
    return Text(language, folder, *more)


@cache
def entries(folder: Path, language: str) -> dict[str, str]:
    """Every entry of a catalogue: "section.key" -> text."""
    found: dict[str, str] = {}
    _flatten(tomllib.loads((folder / f"{language}.toml").read_text("utf-8")), "", found)
    return found


def _flatten(table: dict, prefix: str, found: dict[str, str]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", found)
        else:
            found[prefix + key] = value
