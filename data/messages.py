"""Words for the rules of the intake: what is wrong and what to do, in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("text")


@cache
def _catalogue(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))


def rules(language: str) -> frozenset[str]:
    """Every rule that has words."""
    return frozenset(_catalogue(language))


def message(rule: str, language: str) -> tuple[str, str]:
    """(what is wrong, what to do) of a rule."""
    entry = _catalogue(language)[rule]
    return entry["wrong"], entry["do"]
