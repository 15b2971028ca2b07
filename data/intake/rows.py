"""A chunk of text cells becomes typed, hashed rows: what is read, what is refused, and why.

Nothing here touches the store: numbers of subjects and units are given later, from the texts and hashes
that a row carries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.hashing import Hasher
from data.intake.about import Subjects, subjects_of
from data.intake.derived import derive
from data.intake.findings import FLAG, REJECT, Finding
from data.intake.layouts import LayoutColumn
from data.intake.masking import shown
from data.intake.parsing import ColumnParser, Parsed
from data.intake.recognising import Header
from data.intake.rules import ENDS, implausible, too_large
from data.intake.sheets import Chunk
from data.records import RECORDS

_SEPARATOR = "\x1f"


@dataclass
class Rows:
    """Accepted rows of one chunk, column by column, all of one length."""

    lines: np.ndarray
    key: np.ndarray
    content: np.ndarray
    values: dict[str, pa.Array]  # by target
    subjects: Subjects | None  # None: the table is not about persons

    def __len__(self) -> int:
        return len(self.lines)


@dataclass
class Refused:
    """Refused rows of one chunk: which rows of the records they stand for, as far as anyone can tell."""

    count: int
    keys: np.ndarray  # of those whose business key is sound
    unplaced: list[tuple[int, str | None]]  # of the others: line, and the unit as the file writes it


class RowMaker:
    """Turns chunks of one sheet into rows. Not shared between threads."""

    def __init__(
        self, header: Header, hasher: Hasher, limits: dict[str, tuple[float, float]], today: date
    ) -> None:
        self.header, self.layout = header, header.layout
        self.table = RECORDS[self.layout.table]
        self._hasher, self._limits, self._today = hasher, limits, today
        self._parsers = {
            column: ColumnParser(column, from_1904=self.layout.dates_1904) for column in header.positions
        }
        self._in_key = frozenset(column for column in header.positions if self.layout.is_in_key(column))

    def make(self, chunk: Chunk) -> tuple[Rows, list[Finding], Refused]:
        """Accepted rows, findings, and the rows that were refused."""
        count = len(chunk.lines)
        work = _Work(
            chunk, self.header, self._in_key, np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        )
        work.note(np.array(chunk.too_long, dtype=np.int64), "row_too_long", REJECT)
        work.unsound[chunk.too_long] = True
        values = self._values(chunk, work)
        self._require(values, work)
        subjects = None
        if self.table.info["person"]:
            subjects = subjects_of(self.layout, values, count, self._hasher)
            unknown = np.flatnonzero(subjects.hashes == 0)
            work.note(unknown, "person_unknown", REJECT)
            if "person" in self.layout.key:
                work.unsound[unknown] = True
        for target, rows, rule in derive(self.layout, values, chunk, self.header):
            work.note(rows, rule, FLAG, self._labelled(target))
        for target, rows, rule in implausible(self.layout.table, values, self._limits, self._today):
            work.note(rows, rule, FLAG, self._labelled(target))
        refused = self._refused(values, subjects, work)
        if refused.count:
            values, subjects = _taken(values, subjects, np.flatnonzero(~work.refused))
        lines = np.asarray(chunk.lines)[~work.refused]
        key, content = self._keys(values, subjects, len(lines)), self._contents(values, subjects, len(lines))
        return Rows(lines, key, content, values, subjects), work.findings, refused

    def _refused(self, values: dict[str, pa.Array], subjects: Subjects | None, work: _Work) -> Refused:
        units = values["unit"].to_pylist() if "unit" in values and work.refused.any() else None
        shifted = set(work.chunk.too_long)
        unplaced = [
            (work.chunk.lines[row], units[row] if units is not None and row not in shifted else None)
            for row in np.flatnonzero(work.refused & work.unsound).tolist()
        ]
        sound = np.flatnonzero(work.refused & ~work.unsound)
        keys = self._keys(*_taken(values, subjects, sound), len(sound))
        return Refused(int(work.refused.sum()), keys, unplaced)

    def _values(self, chunk: Chunk, work: _Work) -> dict[str, pa.Array]:
        """Typed columns by target; of several columns with one target the first that is filled in counts."""
        values: dict[str, pa.Array] = {}
        for column, parser in self._parsers.items():
            cells = chunk.columns[self.header.positions[column]]
            unit = self.header.unit_positions.get(column)
            parsed = parser.parse(cells, None if unit is None else chunk.columns[unit])
            for target, part in parsed.items():
                self._check(column, target, part, work)
                new = part.values
                if target == "person.source":  # numbers of two issuers are never the same number
                    new = pc.binary_join_element_wise(pa.scalar(column.issuer), new, _SEPARATOR)
                values[target] = pc.coalesce(values[target], new) if target in values else new
        for target, value in self.layout.constants.items():
            values[target] = pa.repeat(value, len(chunk.lines))
        return values

    def _check(self, column: LayoutColumn, target: str, part: Parsed, work: _Work) -> None:
        """Note cells that cannot be read, and numbers that do not fit."""
        severity = REJECT if column.required or ENDS.intersection(column.to) else FLAG
        if target == column.to[0]:
            by_rule: dict[str, list[int]] = {}
            for row, rule in part.rules:
                by_rule.setdefault(rule, []).append(row)
            for rule, rows in by_rule.items():
                work.note(np.array(rows), rule, severity, column)
        large = too_large(self.layout.table, target, part.values)
        if len(large):
            work.note(large, "number_too_large", severity, column)
            mask = np.zeros(len(part.values), dtype=bool)
            mask[large] = True
            part.values = pc.if_else(pa.array(mask), pa.scalar(None, part.values.type), part.values)

    def _require(self, values: dict[str, pa.Array], work: _Work) -> None:
        for column in self.layout.required:
            for target in column.to:
                empty = np.flatnonzero(values[target].is_null().to_numpy(zero_copy_only=False))
                work.note(empty[~work.refused[empty]], "required_missing", REJECT, column)

    def _labelled(self, target: str) -> LayoutColumn | None:
        """The column of the file that a finding about a target should name."""
        return next((column for column in self._parsers if target in column.to), None)

    def _keys(self, values: dict[str, pa.Array], subjects: Subjects | None, count: int) -> np.ndarray:
        """Hash of table, source and business key."""
        layout = self.layout
        source = "" if layout.shared else layout.name
        parts = [pa.repeat(f"{layout.table}{_SEPARATOR}{source}", count)]
        for part in layout.key:
            if part == "person":
                parts.append(subjects.texts)
            else:
                parts.append(_canonical(values.get(part, values.get(f"key.{part}")), count))
        return np.array(self._hasher.rows(_joined(parts).to_pylist()), dtype=np.int64)

    def _contents(self, values: dict[str, pa.Array], subjects: Subjects | None, count: int) -> np.ndarray:
        """Hash of every value, in canonical form."""
        held = [target for target in sorted(values) if not target.startswith(("key.", "mark."))]
        named = [
            pc.binary_join_element_wise(f"{target}=", values[target].cast(pa.string()), "") for target in held
        ]
        if subjects is not None:
            named.append(subjects.texts)
        texts = _joined([pa.repeat(self.layout.table, count), *named])
        return np.array(self._hasher.rows(texts.to_pylist()), dtype=np.int64)


@dataclass
class _Work:
    """Findings of one chunk while it is being made."""

    chunk: Chunk
    header: Header
    in_key: frozenset[LayoutColumn]  # columns that the business key is made of
    refused: np.ndarray
    unsound: np.ndarray  # rows whose business key cannot be relied on
    findings: list[Finding] = field(default_factory=list)

    def note(self, rows: np.ndarray, rule: str, severity: str, column: LayoutColumn | None = None) -> None:
        if not len(rows):
            return
        if severity == REJECT:
            self.refused[rows] = True
        if column in self.in_key:
            self.unsound[rows] = True
        cells, label = None, None
        if column is not None:
            position = self.header.positions[column]
            cells, label = self.chunk.columns[position], self.header.labels[position]
        for row in rows.tolist():
            value = None if cells is None else shown(cells[row].as_py(), column)
            self.findings.append(Finding(self.chunk.lines[row], label, value, rule, severity))


def _taken(
    values: dict[str, pa.Array], subjects: Subjects | None, rows: np.ndarray
) -> tuple[dict[str, pa.Array], Subjects | None]:
    """Some rows of a chunk."""
    places = pa.array(rows)
    chosen = {target: column.take(places) for target, column in values.items()}
    return chosen, subjects.take(rows) if subjects is not None else None


def _canonical(column: pa.Array | None, count: int) -> pa.Array:
    """A column as text, one text for each value, a missing one apart from an empty one."""
    if column is None:
        return pa.repeat("", count)
    return pc.fill_null(column.cast(pa.string()), "\x00")


def _joined(columns: list[pa.Array]) -> pa.Array:
    """Texts side by side; what is missing is left out."""
    return pc.binary_join_element_wise(*columns, _SEPARATOR, null_handling="skip")
