"""A column of text cells in, a typed Arrow column and its findings out.

A chunk of a hundred thousand rows holds a few thousand distinct dates and a handful of codes, so every
parser is an ordinary function of one text that runs once a distinct value; spreading the results over
the rows is done by Arrow. That keeps the parsers readable and the intake fast.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.intake.cells import is_missing, normal
from data.intake.coordinates import parse_coordinates, parse_degrees
from data.intake.dates import parse_date, parse_datetime, parse_month
from data.intake.findings import UnreadableError
from data.intake.id_numbers import parse_id_number, parse_record_code
from data.intake.layouts import LayoutColumn
from data.intake.names import parse_name
from data.intake.numbers import parse_int, parse_money, parse_number, parse_pressure

# Results remembered across chunks: at most so many texts a column, so that memory stays flat.
_REMEMBERED = 50_000

# Whole columns that the parser would return as they stand: numbers of persons, visits, units, records.
_CODE = "^[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*$"
_VERBATIM = dict.fromkeys(("text", "unit", "place", "family", "person", "phone"), _CODE) | {
    "record_code": "^[0-9]{17}$"
}
# Dates with a time of day are nearly all distinct; their days are few.
_WITH_TIME = r"^(\d{4}-\d\d-\d\d)[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?$"
# Between several codes in one cell.
_BETWEEN = re.compile(r"[、，,;；/|]")


@dataclass
class Parsed:
    """One target of a chunk: typed values and, beside them, the rule that a cell broke (None: fine)."""

    values: pa.Array
    rules: list[tuple[int, str]]  # (row in the chunk, rule)


class ColumnParser:
    """Parses one source column of a layout. Not shared between threads: it remembers texts seen."""

    def __init__(self, column: LayoutColumn, *, from_1904: bool = False) -> None:
        self.column = column
        self._parse, self._types = _parser(column, from_1904)
        self._seen: dict[object, tuple[object, str | None]] = {}

    def parse(self, cells: pa.Array, units: pa.Array | None = None) -> dict[str, Parsed]:
        """Values by target. `units` is the neighbouring column that names each row's unit."""
        if units is not None:
            return self._parse_pairs(cells, units)
        if self.column.type in _VERBATIM and _all_match(cells, _VERBATIM[self.column.type]):
            return {self.column.to[0]: Parsed(cells, [])}
        if self.column.type == "date":
            cells = pc.replace_substring_regex(cells, _WITH_TIME, r"\1")
        encoded = cells.dictionary_encode()
        distinct = encoded.dictionary.to_pylist()
        # A column in which nearly every text is new (numbers of persons, of visits) is not worth remembering.
        look = self._read if 2 * len(distinct) > len(cells) else self._result
        return self._spread([look(text) for text in distinct], encoded.indices.to_numpy(zero_copy_only=False))

    def _parse_pairs(self, cells: pa.Array, units: pa.Array) -> dict[str, Parsed]:
        first, second = cells.dictionary_encode(), units.dictionary_encode()
        width = len(second.dictionary)
        pairs = first.indices.to_numpy(zero_copy_only=False).astype(
            np.int64
        ) * width + second.indices.to_numpy(zero_copy_only=False)
        distinct, indices = np.unique(pairs, return_inverse=True)
        texts, names = first.dictionary.to_pylist(), second.dictionary.to_pylist()
        results = [self._result((texts[pair // width], names[pair % width])) for pair in distinct.tolist()]
        return self._spread(results, indices)

    def _result(self, given: object) -> tuple[object, str | None]:
        """(value, rule) of a text, or of a text and its unit; remembered."""
        known = self._seen.get(given)
        if known is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            known = self._seen[given] = self._read(given)
        return known

    def _read(self, given: object) -> tuple[object, str | None]:
        try:
            return (self._parse(given) if isinstance(given, str) else self._parse(*given)), None
        except UnreadableError as error:
            return None, error.rule

    def _spread(self, results: list[tuple[object, str | None]], indices: np.ndarray) -> dict[str, Parsed]:
        rules = _rules([rule for _, rule in results], indices)
        take = pa.array(indices)
        out = {}
        for place, (target, kind) in enumerate(zip(self.column.to, self._types, strict=True)):
            values = [value for value, _ in results]
            if len(self.column.to) > 1:
                values = [None if value is None else value[place] for value in values]
            out[target] = Parsed(pa.array(values, kind).take(take), rules)
        return out


def _all_match(cells: pa.Array, pattern: str) -> bool:
    return pc.all(pc.match_substring_regex(cells, pattern)).as_py() is True


def _rules(rules: list[str | None], indices: np.ndarray) -> list[tuple[int, str]]:
    bad = np.array([rule is not None for rule in rules], dtype=bool)
    if not bad.any():
        return []
    return [(int(row), rules[indices[row]]) for row in np.flatnonzero(bad[indices])]


def _parser(column: LayoutColumn, from_1904: bool) -> tuple[Callable, tuple[pa.DataType, ...]]:
    """The function of one text, and the Arrow type of each target."""
    units = column.units
    text = pa.string()
    simple: dict[str, tuple[Callable, pa.DataType]] = {
        "text": (parse_text, text),
        "unit": (parse_text, text),
        "place": (parse_text, text),
        "family": (parse_text, text),
        "person": (parse_text, text),
        "phone": (parse_text, text),
        "name": (parse_name, text),
        "record_code": (parse_record_code, text),
        "id_number": (_id_text, text),
        "int": (lambda cell: parse_int(cell, units), pa.int64()),
        "money": (lambda cell: parse_money(cell, units), pa.int64()),
        "number": (_number(column), pa.float64()),
        "date": (
            lambda cell: parse_date(cell, from_1904=from_1904, month_is_enough=column.month_is_enough),
            pa.date32(),
        ),
        "datetime": (lambda cell: parse_datetime(cell, from_1904=from_1904), pa.timestamp("us")),
        "month": (parse_month, pa.int64()),
        "filled": (lambda cell: None if is_missing(normal(cell)) else True, pa.bool_()),
        "degrees": (parse_degrees, pa.float64()),
    }
    if column.type == "bp":
        return parse_pressure, (pa.int64(), pa.int64())
    if column.type == "coordinates":
        return parse_coordinates, (pa.float64(), pa.float64())
    if column.type == "code":
        return _code_parser(column), (_code_type(column),)
    if column.type == "codes":
        return _several(_code_parser(column)), (text,)
    parse, kind = simple[column.type]
    return parse, (kind,)


def parse_text(cell: str) -> str | None:
    text = normal(cell)
    return None if is_missing(text) else text


def _id_text(cell: str) -> str | None:
    number = parse_id_number(cell)
    return None if number is None else number.text


def _number(column: LayoutColumn) -> Callable:
    def parse(cell: str, unit: str | None = None) -> float | None:
        named = None
        if unit is not None and not is_missing(text := normal(unit)):
            named = column.unit_codes.get(text, text)
        return parse_number(cell, column.units, named)

    return parse


def _code_parser(column: LayoutColumn) -> Callable:
    """Code or label, whichever the export shows; case, width and leading zeros do not matter."""
    known = {}
    for code in column.codes:
        for spelling in (code.code, code.code.lstrip("0"), code.label):
            known.setdefault(normal(spelling).lower(), code.value)

    def parse(cell: str) -> object:
        text = normal(cell)
        lowered = text.lower()
        if lowered.endswith(".0"):  # a code that a spreadsheet took for a number
            lowered = lowered[:-2]
        for spelling in (lowered, lowered.lstrip("0")):
            if spelling and spelling in known:
                return known[spelling]
        if is_missing(text):
            return None
        if column.otherwise is not None:
            return column.otherwise
        if column.open:
            return text
        raise UnreadableError("code_unknown")

    return parse


def _several(parse: Callable) -> Callable:
    """Several codes in one cell, in the order in which they stand, 、 between."""

    def parse_all(cell: str) -> str | None:
        values = [parse(part) for part in _BETWEEN.split(cell)]
        return "、".join(dict.fromkeys(value for value in values if value is not None)) or None

    return parse_all


def _code_type(column: LayoutColumn) -> pa.DataType:
    values = [code.value for code in column.codes if code.value is not None]
    if not values:
        return pa.string()
    if all(isinstance(value, bool) for value in values):
        return pa.bool_()
    return pa.int64() if all(isinstance(value, int) for value in values) else pa.string()
