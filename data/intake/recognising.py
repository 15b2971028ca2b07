"""Which layout a sheet follows, told by its headers, and where its header stands.

Exports put merged titles above the header, spread a header over two lines, and add a line of units.
The header is the line (or pair of lines) that says most words that some layout knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data.intake.findings import UnreadableError
from data.intake.layouts import Layout, LayoutColumn, normal_header

# Columns that say nothing: running numbers, and the reasons that `rejects.py` put beside the rows.
REASON_HEADERS = ("退回原因", "处理办法", "Reason", "What to do")
_MEANINGLESS = frozenset(normal_header(label) for label in ("序号", *REASON_HEADERS))
SEARCHED = 40  # rows from the top among which the header must be
_UNIT = re.compile(
    r"[(（]?(?:mmhg|kpa|mmol/l|mg/dl|kg|cm|m|%|℃|°c|kg/m2|次/分|次|元|万元|岁|人|份|支|年|月|日|克|分钟?)[)）]?"
)


@dataclass(frozen=True)
class Header:
    layout: Layout
    first: int  # index, among the rows searched, of the header's first line
    height: int  # 1 or 2 lines
    labels: tuple[str, ...]  # one a column, as the file writes it
    positions: dict[LayoutColumn, int]  # where each column of the layout stands
    unit_positions: dict[LayoutColumn, int]  # where the unit of a column's values stands
    items: tuple[int, ...]  # positions of what makes a form complete, as far as the file has it
    unknown: tuple[str, ...]  # headers that the layout does not know


def find_header(rows: Sequence[list[str]], layouts: Sequence[Layout], words: str) -> Header:
    """The best reading of a sheet's first rows. `words`: file name, sheet name and titles.

    Raises UnreadableError: `layout_unknown` when no layout fits, `layout_ambiguous` when two fit equally.
    """
    found: list[tuple[tuple[float, int], Header]] = []
    words_known = {
        normal_header(label) for layout in layouts for column in layout.columns for label in column.labels
    }
    for first, row in enumerate(rows[:SEARCHED]):
        if sum(normal_header(cell) in words_known for cell in row) < 2:
            continue
        for labels, height in _readings(rows, first):
            headers = [_match(layout, labels, first, height) for layout in layouts]
            found += [(_score(header, words), header) for header in headers if header is not None]
    if not found:
        raise UnreadableError("layout_unknown")
    best = max(score for score, _ in found)
    winners = {header.layout.name: header for score, header in reversed(found) if score == best}
    if len(winners) > 1:
        raise UnreadableError("layout_ambiguous")
    return next(iter(winners.values()))


def is_unit_row(cells: Sequence[str]) -> bool:
    """True for a line below the header that holds nothing but units of measurement."""
    filled = [normal_header(cell) for cell in cells if cell.strip()]
    return bool(filled) and all(_UNIT.fullmatch(cell) for cell in filled)


def _readings(rows: Sequence[list[str]], first: int) -> list[tuple[list[tuple[str, ...]], int]]:
    """The spellings that each column of a header may have, for one line and for two."""
    row = rows[first]
    one = [(cell.strip(),) for cell in row]
    if first + 1 >= len(rows):
        return [(one, 1)]
    below = rows[first + 1]
    two, above = [], ""
    for place in range(max(len(row), len(below))):
        upper = row[place].strip() if place < len(row) else ""
        lower = below[place].strip() if place < len(below) else ""
        above = upper or above  # a merged group label stands over its first column only
        two.append((lower, above + lower, f"{above}({lower})") if lower else (upper,))
    return [(one, 1), (two, 2)]


def _match(layout: Layout, labels: list[tuple[str, ...]], first: int, height: int) -> Header | None:
    """The header as this layout reads it; None when something that it needs is not there."""
    places: dict[str, int] = {}
    for place, spellings in enumerate(labels):
        for spelling in spellings:
            places.setdefault(normal_header(spelling), place)
    places.pop("", None)
    if any(label in places for label in layout.never):
        return None
    positions = _place(places, {column: column.labels for column in layout.columns})
    fed = {target for column in positions for target in column.to}
    if any(not fed.issuperset(column.to) for column in layout.required) or not fed.issuperset(layout.marks):
        return None
    if "person" in layout.key and not any(target.startswith("person.") for target in fed):
        return None
    units = _place(places, {column: column.unit_labels for column in positions})
    items = _place(places, dict(enumerate(layout.complete)))
    used = {*positions.values(), *units.values(), *items.values()}
    if height == 2 and not _needs_second_line(labels, used):
        return None
    unknown = [
        spellings[0]
        for place, spellings in enumerate(labels)
        if place not in used and spellings[0] and not any(_known(layout, s) for s in spellings)
    ]
    return Header(
        layout,
        first,
        height,
        tuple(s[0] for s in labels),
        positions,
        units,
        tuple(items.values()),
        tuple(unknown),
    )


def _place(places: dict[str, int], wanted: dict) -> dict:
    """Position by the first spelling that the file has; what it lacks is left out."""
    out = {}
    for thing, spellings in wanted.items():
        for spelling in spellings:
            if (place := places.get(normal_header(spelling))) is not None:
                out[thing] = place
                break
    return out


def _needs_second_line(labels: list[tuple[str, ...]], used: set[int]) -> bool:
    """Two lines are a header only if the lower one names a column that we read."""
    return any(len(labels[place]) > 1 for place in used)


def _known(layout: Layout, label: str) -> bool:
    label = normal_header(label)
    return (
        label in layout.unused
        or label in _MEANINGLESS
        or any(label == normal_header(spelling) for column in layout.columns for spelling in column.labels)
    )


def _score(header: Header, words: str) -> tuple[float, int]:
    """How much of the header the layout explains; then whether names and titles speak for it."""
    filled = [label for label in header.labels if label]
    explained = len(filled) - len(header.unknown)
    read = len(header.positions) + len(header.items)
    hinted = any(hint in words for hint in header.layout.hints)
    return (explained / max(len(filled), 1) + read / 100 + hinted / 1000, -header.height)
