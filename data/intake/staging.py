"""Rows of one sheet, chunk by chunk, into a temporary table, with their codes turned into numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from sqlalchemy import BigInteger, Column, String, Table

from data.intake.consequences import EVIDENCE
from data.intake.layouts import Layout
from data.intake.rows import Refused, Rows
from data.intake.settling import PERSON
from data.intake.working import Working
from data.records import RECORDS, unread
from data.store import bulk_insert

IDENTITY = ("name", "id_number", "phone", "address")


class Staging:
    """The rows of one sheet on their way into the records: a temporary table, and what has to be known to merge it."""

    def __init__(self, work: Working, layout: Layout, batch: int, file: int) -> None:
        self.work, self.layout, self.batch, self.file = work, layout, batch, file
        self.target: Table = RECORDS[layout.table]
        self.count = 0
        self.unplaced: dict[
            str | None, int
        ] = {}  # units of refused rows without a sound key: their first line
        stored = [
            Column(c.name, c.type)
            for c in self.target.c
            if c.name not in ("row_id", "known_from", "known_to")
        ]
        extra = [Column(f"{name}_text", String) for name in IDENTITY] if self.target is PERSON else []
        if layout.table in EVIDENCE:
            extra += [
                Column("id_hash", BigInteger),
                Column("name_hash", BigInteger),
                Column("code_hash", BigInteger),
            ]
        self.table = work.temporary(f"staged_{self.target.name}", *stored, *extra)

    def add(self, rows: Rows) -> None:
        """Number the codes of a chunk and keep it for the merge."""
        if not len(rows):
            return
        work, count = self.work, len(rows)
        columns: dict[str, object] = {
            "key": rows.key,
            "content": rows.content,
            "batch": np.full(count, self.batch),
            "file": np.full(count, self.file),
            "line": rows.lines,
        }
        values = rows.values
        for column in self.target.c:
            if column.name in values and column.name not in ("unit", "place", "family"):
                columns[column.name] = values[column.name]
        if rows.subjects is not None:
            work.subjects.register(*rows.subjects.distinct())
            columns["subject"] = work.subjects.of(rows.subjects.hashes)
            references = work.unsettled_references()
            if len(work.persons.resolve_references(references)):
                work.refresh_links()
        if self.target.name == "unit":
            columns["unit"] = self._numbers("unit", values["code"])
            columns["parent"] = self._numbers("unit", values.get("parent_code"))
            columns["successor"] = self._numbers("unit", values.get("successor_code"))
        elif "unit" in values:
            columns["source_unit"] = _nullable(work.units.numbers(self.layout.system, values["unit"]))
        if self.target.name == "place":
            columns["place"] = self._numbers("place", values["code"])
        elif "place" in values:
            columns["place_code"], columns["place"] = values["place"], self._numbers("place", values["place"])
        if "family" in values:
            columns["family"] = self._numbers("family", values["family"])
        columns |= self._evidence(values)
        bulk_insert(work.records, self.table, pa.table({k: v for k, v in columns.items() if v is not None}))
        self.count += count

    def spare(self, refused: Refused) -> None:
        """Bear in mind what a snapshot holds although nobody can read it: that is not to be withdrawn."""
        for line, code in refused.unplaced:
            self.unplaced.setdefault(code, line)
        count = len(refused.keys)
        rows = {
            "table_name": pa.repeat(self.target.name, count),
            "key": refused.keys,
            "file": pa.repeat(self.file, count),
        }
        bulk_insert(self.work.records, unread, pa.table(rows))

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

    def _evidence(self, values: dict[str, pa.Array]) -> dict[str, pa.Array]:
        out = {}
        if self.target is PERSON:
            for name in IDENTITY:
                if (column := values.get(f"person.{name}")) is not None:
                    out[f"{name}_text"] = column
            for target, kind in (("person.id_number", "id"), ("person.name", "name")):
                if target in values:
                    out[f"{kind}_hash"] = self._hashes(kind, values[target])
        if self.layout.table in EVIDENCE:
            codes = values.get("code", values.get("person.record_code"))
            if codes is not None:
                out["code_hash"] = self._hashes("code", codes)
        return out


def _nullable(numbers: np.ndarray) -> pa.Array:
    return pa.array(numbers, mask=numbers < 0)
