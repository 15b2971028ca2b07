"""Rows of the records as the columns of a source file: headers, codes and units come from the layout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.demo.geography import Places, Units
from data.demo.people import Identities
from data.demo.rows import Rows, Words, glue, text_of_whole
from data.demo.styles import Style, write_days, write_minutes
from data.intake.layouts import Layout, LayoutColumn

_PERSON_PARTS = {
    "person.source": "empi", "person.id_number": "id_number", "person.record_code": "record_code",
    "person.name": "name", "person.phone": "phone", "person.address": "address",
}  # fmt: skip


@dataclass
class SheetColumn:
    """One column of a file: its header, what it feeds, and the cells (missing: empty)."""

    header: str
    target: str
    cells: pa.Array


@dataclass(frozen=True)
class Source:
    """Where the words for numbers are found."""

    units: Units
    places: Places
    people: Identities | None
    style: Style


def columns_of(
    layout: Layout, rows: Rows, source: Source, named: frozenset[str] = frozenset()
) -> list[SheetColumn]:
    """The columns of a file of the layout; targets that the rows lack are left out.

    ``named``: which of the targets that say who the person is are written.
    """
    columns: list[SheetColumn] = []
    fed: set[str] = set()
    headers: set[str] = set()
    for column in _preferred(layout, source.style):
        if any(t in fed or not _has(rows, t, named) for t in column.to):
            continue
        if ("person.source" in column.to and column.issuer != "empi") or column.label in headers:
            continue
        fed |= set(column.to)
        headers.add(column.label)
        columns.append(SheetColumn(column.label, column.to[0], _cells(column, rows, source)))
    columns += _items(layout, rows, source, {c.header for c in columns})
    return columns


def _preferred(layout: Layout, style: Style) -> list[LayoutColumn]:
    """Columns that hold two values first where the style likes them, else last."""
    pairs = [c for c in layout.columns if len(c.to) > 1 and c.type == "bp"]
    rest = [c for c in layout.columns if c not in pairs]
    if not style.pressure_in_one:
        return rest + pairs
    at = next((i for i, c in enumerate(rest) if "sbp" in c.to), len(rest))
    return rest[:at] + pairs + rest[at:]


def _has(rows: Rows, target: str, named: frozenset[str]) -> bool:
    return target in named if target in _PERSON_PARTS else target in rows


def _items(layout: Layout, rows: Rows, source: Source, present: set[str]) -> list[SheetColumn]:
    """Columns that only tell whether a form is complete."""
    out = []
    for labels in layout.complete:
        name = next(
            (f"item:{x}" for x in (*labels, *(_bare(y) for y in labels)) if f"item:{x}" in rows), None
        )
        if name and labels[0] not in present:
            values = rows[name]
            cells = _code(source, values) if name == "item:建档单位" else _text(values)
            out.append(SheetColumn(labels[0], name, cells))
    return out


def _bare(label: str) -> str:
    return label.split("(")[0]


def _cells(column: LayoutColumn, rows: Rows, source: Source) -> pa.Array:
    if column.type == "bp":
        return glue(_text(rows["sbp"]), "/", _text(rows["dbp"]))
    if column.type == "coordinates":
        return glue(_text(rows["lon"]), ",", _text(rows["lat"]))
    target = column.to[0]
    if target in _PERSON_PARTS:
        return _person(target, rows, source)
    values = rows[target]
    match column.type:
        case "date":
            return write_days(values, source.style.dates)
        case "datetime":
            return glue(*write_minutes(values))
        case "month":
            return pa.array([f"{m // 12}-{m % 12 + 1:02d}" if m >= 0 else None for m in values], pa.string())
        case "code":
            return _coded(column, values, source.style)
        case "codes":
            return _several(column, values, source.style)
        case "unit":
            return _code(source, values)
        case "place":
            return pa.array(source.places.code).take(pa.array(values))
        case "money":
            return _money(values)
        case "family":
            return glue("H", text_of_whole(values, 6))
        case "filled":
            return _filled(rows, values)
        case _:
            return _text(values)


def _person(target: str, rows: Rows, source: Source) -> pa.Array:
    if target in rows:
        return rows[target]
    cells = getattr(source.people, _PERSON_PARTS[target]).take(pa.array(rows["person"]))
    if target == "person.source" and source.style.by_id_number and "visit_no" in rows:
        # The clinic's till knows people by their ID number; by the index only who has none yet.
        number = source.people.id_number.take(pa.array(rows["person"]))
        return pc.if_else(pc.is_valid(number), pa.scalar(None, pa.string()), cells)
    return cells


def _code(source: Source, units: np.ndarray) -> pa.Array:
    return pa.array(source.units.code).take(pa.array(units))


def _coded(column: LayoutColumn, values: np.ndarray | Words | pa.Array, style: Style) -> pa.Array:
    """Values of the records as the file's codes or labels; what the layout cannot say stays empty."""
    known = {c.value for c in column.codes if c.value is not None}
    spell = column.code_of if style.codes else column.label_of

    def word(value: str | None) -> str | None:
        return spell(value) if value in known else value if column.open else None

    if isinstance(values, Words):
        spelled = pa.array([word(w) for w in values.words], pa.string())
        codes = np.asarray(values.codes, np.int64)
        return spelled.take(pa.array(codes, mask=codes < 0))
    if isinstance(values, pa.Array):
        names = values.dictionary_encode()
        return pa.array([word(v) for v in names.dictionary.to_pylist()], pa.string()).take(names.indices)
    boolean = any(v is True for v in known)
    lowest = int(values.max(initial=0)) + 1
    meaning = [bool(i) if boolean else i for i in range(lowest)]
    spelled = pa.array([spell(v) if v in known else None for v in meaning], pa.string())
    return spelled.take(pa.array(np.asarray(values, np.int64), mask=np.asarray(values) < 0))


def _several(column: LayoutColumn, values: Words, style: Style) -> pa.Array:
    """Several codes in one cell; the rows name them with blanks between."""
    spell = column.code_of if style.codes else column.label_of
    known = {c.value for c in column.codes if c.value is not None}
    cells = ["、".join(spell(w) if w in known else w for w in words.split()) for words in values.words]
    codes = np.asarray(values.codes, np.int64)
    return pa.array(cells, pa.string()).take(pa.array(codes, mask=codes < 0))


def _money(fen: np.ndarray) -> pa.Array:
    yuan, rest = (
        text_of_whole(np.where(fen < 0, -1, fen // 100)),
        text_of_whole(np.where(fen < 0, -1, fen % 100), 2),
    )
    return glue(yuan, ".", rest)


def _filled(rows: Rows, values: np.ndarray) -> pa.Array:
    """A card number where the person has a card."""
    number = text_of_whole(np.where(values == 1, rows["person"], -1), 9)
    return glue("6299", number)


def _text(values: np.ndarray | Words | pa.Array) -> pa.Array:
    if isinstance(values, Words):
        return values.arrow()
    if isinstance(values, pa.Array):
        return values
    if values.dtype.kind == "f":
        numbers = pa.array(values, mask=np.isnan(values))
        return pc.cast(numbers, pa.string())
    return text_of_whole(values)


def rows_in(columns: list[SheetColumn]) -> int:
    return len(columns[0].cells) if columns else 0
