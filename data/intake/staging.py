"""Rows of a pile of sheets, chunk by chunk, into a temporary table, with their codes turned into numbers.

Sheets that feed the same record table are merged together: what a merge costs beyond its rows is paid once a
pile, not once a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, String, Table, delete

from data import identity
from data.intake.consequences import EVIDENCE
from data.intake.layouts import Layout
from data.intake.rows import Refused, Rows
from data.intake.settling import PERSON
from data.intake.shielding import shield, shielded, tokens
from data.intake.working import Working
from data.records import RECORDS, unread
from data.store import bulk_insert

_REFERENCES = 50_000  # so many new subjects are resolved at once


@dataclass
class StagedSheet:
    """One sheet of a pile. Its rank is known when it has been read to the end."""

    file: int
    name: str | None
    layout: Layout
    snapshot: bool
    rank: int = 0
    last_line: int = 0
    # Units of refused rows without a sound key, and where the first stands. None: the row could be anyone's.
    unplaced: dict[str | None, int] = field(default_factory=dict)


class Staging:
    """The rows of a pile of sheets on their way into one record table.

    `table` holds the rows; `pile` holds one row a sheet, once `close` was called.
    """

    def __init__(self, work: Working, target: Table, batch: int) -> None:
        self.work, self.target, self.batch = work, target, batch
        self.sheets: list[StagedSheet] = []
        self.count = 0
        stored = [
            Column(c.name, c.type)
            for c in self.target.c
            if c.name not in ("row_id", "known_from", "known_to")
        ]
        # Names are sealed before they are staged: what a database spills to disk is on the disk.
        extra = []
        if self.target is PERSON:
            extra = [
                Column("sealed", LargeBinary),
                Column("sealed_with", Integer),
                Column("phone_mark", BigInteger),
            ]
        if target.name in EVIDENCE:
            extra += [
                Column("id_hash", BigInteger),
                Column("name_hash", BigInteger),
                Column("code_hash", BigInteger),
            ]
        self.table = work.temporary(f"staged_{self.target.name}", *stored, *extra)
        self.pile = work.temporary(
            "pile",
            Column("file", Integer),
            Column("sheet", String),
            Column("layout", String),
            Column("snapshot", Boolean),
            Column("rank", BigInteger),
            Column("lines_before", BigInteger),  # of the sheets before: so that lines can be numbered through
        )

    def begin(self, sheet: StagedSheet) -> None:
        """What is added from now on is of this sheet."""
        self.sheets.append(sheet)

    def add(self, rows: Rows) -> None:
        """Number the codes of a chunk and keep it for the merge."""
        if not len(rows):
            return
        work, count, sheet = self.work, len(rows), self.sheets[-1]
        sheet.last_line = int(rows.lines.max())
        columns: dict[str, object] = {
            "key": rows.key,
            "content": rows.content,
            "batch": np.full(count, self.batch),
            "file": np.full(count, sheet.file),
            "line": rows.lines,
        }
        values = rows.values
        for column in self.target.c:
            if column.name in values and column.name not in ("unit", "place", "family"):
                columns[column.name] = self._kept(column, values[column.name])
        if rows.subjects is not None:
            work.subjects.register(*rows.subjects.distinct())
            columns["subject"] = work.subjects.of(rows.subjects.hashes)
            if len(work.subjects.new_references) > _REFERENCES:
                self._resolve()
        if self.target.name == "unit":
            columns["unit"] = self._numbers("unit", values["code"])
            columns["parent"] = self._numbers("unit", values.get("parent_code"))
            columns["successor"] = self._numbers("unit", values.get("successor_code"))
        elif "unit" in values:
            codes = shielded(values["unit"], work.hasher)
            columns["source_unit"] = _nullable(work.units.numbers(sheet.layout.system, codes))
        if self.target.name == "place":
            columns["place"] = self._numbers("place", values["code"])
        elif "place" in values:
            columns["place_code"] = self._kept(self.target.c.place_code, values["place"])
            columns["place"] = self._numbers("place", values["place"])
        if "family" in values:
            columns["family"] = self._numbers("family", values["family"])
        columns |= self._evidence(values)
        if self.target is PERSON:
            columns |= self._sealed(values, rows, columns["subject"])
        bulk_insert(work.records, self.table, pa.table({k: v for k, v in columns.items() if v is not None}))
        self.count += count

    def _kept(self, column: Column, texts: pa.Array) -> pa.Array:
        """A column as the records keep it: no number of a resident, wherever it stood."""
        if not (self.target.info["person"] and isinstance(column.type, String)):
            return texts
        if column is RECORDS["health_record"].c.code:
            return tokens(texts, self.work.hasher)
        return shielded(texts, self.work.hasher)

    def spare(self, refused: Refused) -> None:
        """Bear in mind what a snapshot holds although nobody can read it: that is not to be withdrawn."""
        sheet, count = self.sheets[-1], len(refused.keys)
        for line, code in refused.unplaced:
            sheet.unplaced.setdefault(code if code is None else shield(code, self.work.hasher), line)
        rows = {
            "table_name": pa.repeat(self.target.name, count),
            "key": refused.keys,
            "file": pa.repeat(sheet.file, count),
        }
        bulk_insert(self.work.records, unread, pa.table(rows))

    def abandon(self) -> None:
        """The last sheet could not be read to its end: nothing of it counts."""
        sheet = self.sheets.pop()
        self.work.records.execute(delete(self.table).where(self.table.c.file == sheet.file))
        self.work.records.execute(delete(unread).where(unread.c.file == sheet.file))

    def close(self) -> None:
        """All sheets have been read: ready to be merged."""
        self._resolve()
        sheets = self.sheets
        rows = {
            "file": [sheet.file for sheet in sheets],
            "sheet": pa.array([sheet.name for sheet in sheets], pa.string()),
            "layout": [sheet.layout.name for sheet in sheets],
            "snapshot": [sheet.snapshot for sheet in sheets],
            "rank": [sheet.rank for sheet in sheets],
            "lines_before": [sum(s.last_line for s in sheets[:place]) for place in range(len(sheets))],
        }
        bulk_insert(self.work.records, self.pile, pa.table(rows))
        self.work.count_in({sheet.file: sheet.layout.name for sheet in sheets})

    def drop(self) -> None:
        for table in (self.table, self.pile):
            table.drop(self.work.records)

    def _resolve(self) -> None:
        """Find the persons of new subjects that only give a number."""
        if len(self.work.persons.resolve_references(self.work.unsettled_references())):
            self.work.refresh_links()

    def _numbers(self, kind: str, codes: pa.Array | None) -> pa.Array | None:
        if codes is None:
            return None
        hashes = self._hashes(kind, codes)
        filled = hashes.drop_null().to_numpy()
        numbers = np.zeros(len(hashes), dtype=np.int64)
        numbers[hashes.is_valid().to_numpy(zero_copy_only=False)] = self.work.codes[kind].of(filled)
        return pa.array(numbers, mask=hashes.is_null().to_numpy(zero_copy_only=False))

    def _hashes(self, kind: str, texts: pa.Array) -> pa.Array:
        encoded = texts.dictionary_encode()
        hashed = [self.work.hasher.identifier(kind, text) for text in encoded.dictionary.to_pylist()]
        return pa.array(hashed, pa.int64()).take(encoded.indices)

    def _sealed(self, values: dict[str, pa.Array], rows: Rows, subject: np.ndarray) -> dict[str, object]:
        missing = pa.nulls(len(rows), pa.string())
        said = pa.table(
            {name: values.get(f"person.{name}", missing) for name in identity.Identifiers._fields}
        )
        sealer = self.work.sealer
        return {
            "sealed": identity.sealed(sealer, said, rows.key, rows.content, subject),
            "sealed_with": np.full(len(rows), sealer.current),
            "phone_mark": identity.marks(sealer, said["phone"].to_pylist()),
        }

    def _evidence(self, values: dict[str, pa.Array]) -> dict[str, pa.Array]:
        out = {}
        if self.target is PERSON:
            for target, kind in (("person.id_number", "id"), ("person.name", "name")):
                if target in values:
                    out[f"{kind}_hash"] = self._hashes(kind, values[target])
        if self.target.name in EVIDENCE:
            codes = values.get("code", values.get("person.record_code"))
            if codes is not None:
                out["code_hash"] = self._hashes("code", codes)
        return out


def _nullable(numbers: np.ndarray) -> pa.Array:
    return pa.array(numbers, mask=numbers < 0)
