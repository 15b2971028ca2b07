"""A filled-in check sheet read back: whose number it bears, and an outcome for each line that has one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from data.intake.findings import UnreadableError
from data.intake.probing import unsound
from data.intake.reading import is_book, open_source
from data.words import LANGUAGES
from metrics.verifying.book import Answer
from metrics.verifying.errors import VerifyError
from metrics.verifying.outcomes import OUTCOMES
from metrics.wording import common

_SEARCHED = 30  # rows in which the headings stand


def answers_of(path: Path, number: int, memory: str) -> list[Answer]:
    """The answers of a workbook (or csv) made of the sheet of verification ``number``, in either language. Raises VerifyError.

    It is opened in a process of its own first (``memory``: how much that may take): it may come from anywhere.
    """
    try:
        if is_book(path) and unsound([path], memory):
            raise VerifyError("no_sheet")
        rows = [cells for _, cells in open_source(path).sheets[0].rows]
    except UnreadableError as error:
        raise VerifyError("no_sheet") from error
    return answers_in(rows, number)


def answers_in(rows: Iterable[list[str]], number: int) -> list[Answer]:
    """The same of its rows."""
    rows = [[cell.strip() for cell in row] for row in rows]
    top = _heading(rows)
    if top is None:
        raise VerifyError("no_sheet")
    of = _number(rows[:top])
    if of is None:
        raise VerifyError("no_sheet")
    if of != number:
        raise VerifyError("other_sheet", number=of)
    at = {name: _place(rows[top], name) for name in ("line", "outcome", "note", "version")}
    words = _outcomes()
    found: dict[int, Answer] = {}
    for row in rows[top + 1 :]:
        line, outcome = _cell(row, at["line"]), _cell(row, at["outcome"])
        if not line.isdecimal() or not outcome:
            continue
        if outcome not in words:
            raise VerifyError("bad_outcome", line=line, value=outcome[:40])
        if int(line) in found:
            raise VerifyError("twice", line=line)
        version = _cell(row, at["version"])
        taken = int(version) if version.isdecimal() and len(version) < 10 else 1
        found[int(line)] = Answer(int(line), words[outcome], _cell(row, at["note"]), taken)
    return list(found.values())


def _heading(rows: list[list[str]]) -> int | None:
    for at, row in enumerate(rows[:_SEARCHED]):
        if _place(row, "line") is not None and _place(row, "outcome") is not None:
            return at
    return None


def _number(rows: list[list[str]]) -> int | None:
    named = {common(language)("verify_sheet.number") for language in LANGUAGES}
    for row in rows:
        for label, value in pairwise(row):
            if label in named and value.isdecimal() and len(value) < 10:
                return int(value)
    return None


def _place(row: list[str], name: str) -> int | None:
    named = {common(language)(f"verify_sheet.{name}") for language in LANGUAGES}
    return next((at for at, cell in enumerate(row) if cell in named), None)


def _cell(row: list[str], at: int | None) -> str:
    return "" if at is None or at >= len(row) else row[at]


def _outcomes() -> dict[str, str]:
    """Every word of an outcome, and its code, -> the code."""
    words = {common(language)(f"verify_outcome.{one}"): one for language in LANGUAGES for one in OUTCOMES}
    return words | {one: one for one in OUTCOMES}
