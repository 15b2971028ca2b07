"""Stable small numbers for hashed codes: subjects, units, places, families.

All hashes of a kind are held sorted in memory (12 bytes each), so that numbering a chunk costs no query.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, select

from data import identity
from data.store import bulk_insert


class Numbering:
    """Numbers of one kind. New hashes get the next numbers and are written at once."""

    def __init__(self, connection: Connection, kind: str) -> None:
        self._connection, self._kind = connection, kind
        self._load()

    def _load(self) -> None:
        table = identity.number
        rows = self._connection.execute(
            select(table.c.hash, table.c.number).where(table.c.kind == self._kind).order_by(table.c.hash)
        ).fetchall()
        self._hashes = np.array([row[0] for row in rows], dtype=np.int64)
        self._numbers = np.array([row[1] for row in rows], dtype=np.int64)

    def of(self, hashes: np.ndarray) -> np.ndarray:
        """The number of each hash."""
        distinct = np.unique(hashes)
        new = distinct[~self._known(distinct)]
        if len(new):
            numbers = np.arange(len(new), dtype=np.int64) + (self._numbers.max(initial=0) + 1)
            self._write(new, numbers)
            self._add(new, numbers)
        return self._numbers[np.searchsorted(self._hashes, hashes)]

    def _known(self, distinct: np.ndarray) -> np.ndarray:
        places = np.searchsorted(self._hashes, distinct)
        places[places == len(self._hashes)] = 0
        return self._hashes[places] == distinct if len(self._hashes) else np.zeros(len(distinct), bool)

    def _add(self, hashes: np.ndarray, numbers: np.ndarray) -> None:
        places = np.searchsorted(self._hashes, hashes)
        self._hashes = np.insert(self._hashes, places, hashes)
        self._numbers = np.insert(self._numbers, places, numbers)

    def _write(self, hashes: np.ndarray, numbers: np.ndarray) -> None:
        rows = pa.table({"kind": pa.repeat(self._kind, len(hashes)), "hash": hashes, "number": numbers})
        bulk_insert(self._connection, identity.number, rows)


class SubjectNumbering(Numbering):
    """Numbers of subjects; a new one is written with what it refers to."""

    def __init__(self, connection: Connection) -> None:
        self.new_references = np.empty(0, dtype=np.int64)  # subjects of kinds id and code not yet resolved
        super().__init__(connection, "subject")

    def _load(self) -> None:
        table = identity.subject
        rows = self._connection.execute(
            select(table.c.hash, table.c.subject).order_by(table.c.hash)
        ).fetchall()
        self._hashes = np.array([row[0] for row in rows], dtype=np.int64)
        self._numbers = np.array([row[1] for row in rows], dtype=np.int64)

    def register(self, hashes: np.ndarray, kinds: list[str], ref_hashes: list, ref_names: list) -> None:
        """Number the subjects that are new among these distinct ones."""
        new = np.flatnonzero(~self._known(hashes))
        if not len(new):
            return
        new = new[np.argsort(hashes[new], kind="stable")]
        numbers = np.arange(len(new), dtype=np.int64) + (self._numbers.max(initial=0) + 1)
        rows = pa.table(
            {
                "subject": numbers,
                "kind": [kinds[i] for i in new],
                "hash": hashes[new],
                "ref_hash": pa.array([ref_hashes[i] for i in new], pa.int64()),
                "ref_name": pa.array([ref_names[i] for i in new], pa.int64()),
            }
        )
        bulk_insert(self._connection, identity.subject, rows)
        self._add(hashes[new], numbers)
        refers = np.array([ref_hashes[i] is not None for i in new], dtype=bool)
        self.new_references = np.concatenate([self.new_references, numbers[refers]])
