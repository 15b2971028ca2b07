"""Scoring sheets: those that ship, a bureau's own, and which are in force.

What a sheet is made of is in ``items.py``, how its file is read in ``sheet_text.py``; both are to be had from here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from data.installation import home
from metrics.appraisal.items import (
    GRADES,
    KINDS,
    PERIOD,
    SUBJECTS,
    TARGET,
    WEIGHED,
    Grades,
    Item,
    Method,
    Section,
    Sheet,
    SheetError,
    shown,
)
from metrics.appraisal.sheet_text import frozen_text, parse
from metrics.standards.files import text_of

__all__ = [
    "GRADES",
    "KINDS",
    "PERIOD",
    "SUBJECTS",
    "TARGET",
    "WEIGHED",
    "Grades",
    "Item",
    "Method",
    "Section",
    "Sheet",
    "SheetError",
    "find",
    "frozen_text",
    "own",
    "parse",
    "sheets",
    "sheets_in_force",
    "shipped",
    "shown",
]

FOLDER = Path(__file__).parent.parent / "standards" / "sheets"
OWN = "sheets"  # folder of an installation that holds a bureau's own


@cache
def shipped() -> tuple[Sheet, ...]:
    """The sheets that come with the product."""
    return tuple(parse(path.read_text("utf-8"), path.name) for path in sorted(FOLDER.glob("*.toml")))


def own(folder: Path | None = None) -> tuple[tuple[Sheet, ...], tuple[SheetError, ...]]:
    """A bureau's own sheets, and what is wrong with those that cannot be used."""
    found, wrong = [], []
    for path in sorted((folder or home() / OWN).glob("*.toml")):
        try:
            found.append(replace(parse(text_of(path), str(path)), own=True))
        except SheetError as error:
            wrong.append(error)
    return tuple(found), tuple(wrong)


def sheets(folder: Path | None = None) -> tuple[Sheet, ...]:
    """Every sheet that can be used; a bureau's takes the place of a shipped one of the same key and version."""
    among = {(sheet.key, sheet.version): sheet for sheet in (*shipped(), *own(folder)[0])}
    return tuple(among.values())


def find(key: str, version: str, among: Iterable[Sheet] | None = None) -> Sheet:
    """The sheet of a key and version. Raises LookupError when there is none any more."""
    for sheet in sheets() if among is None else among:
        if (sheet.key, sheet.version) == (key, version):
            return sheet
    raise LookupError(f"no scoring sheet {key} of version {version}")


def sheets_in_force(kind: str, month: int, among: Iterable[Sheet] | None = None) -> list[Sheet]:
    """The sheets for a kind of unit in a month: of every key the newest that has begun, the bureau's first."""
    newest: dict[str, Sheet] = {}
    for sheet in sheets() if among is None else among:
        if sheet.year_from > month // 12:
            continue
        before = newest.get(sheet.key)
        if before is None or (sheet.year_from, sheet.own) >= (before.year_from, before.own):
            newest[sheet.key] = sheet
    return [sheet for sheet in newest.values() if kind in sheet.kinds]
