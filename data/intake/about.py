"""Whom a row is about, as its source says it: a subject.

The first that is filled in identifies: a system's own number of the person, a valid ID number (with the
name beside it), a health record code. The last two only point at a person; see `persons.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.hashing import Hasher
from data.intake.layouts import Layout

_SEPARATOR = "\x1f"


@dataclass
class Subjects:
    """The subject of every row of a chunk. `hashes` is 0 where nothing identifies anyone."""

    texts: pa.Array
    hashes: np.ndarray
    places: np.ndarray  # of each row, in the lists below; -1: nobody
    kinds: list[str]
    ref_hashes: list[int | None]
    ref_names: list[int | None]

    def take(self, rows: np.ndarray) -> Subjects:
        return replace(
            self, texts=self.texts.take(pa.array(rows)), hashes=self.hashes[rows], places=self.places[rows]
        )

    def distinct(self) -> tuple[np.ndarray, list[str], list, list]:
        """Hash, kind, ref_hash and ref_name of every subject that a row still names."""
        places, first = np.unique(self.places, return_index=True)
        return (
            self.hashes[first],
            [self.kinds[p] for p in places],
            [self.ref_hashes[p] for p in places],
            [self.ref_names[p] for p in places],
        )


def subjects_of(layout: Layout, values: dict[str, pa.Array], count: int, hasher: Hasher) -> Subjects:
    """The subjects of a chunk, from the person targets among its values."""
    nobody = pa.nulls(count, pa.string())
    name = values.get("person.name", nobody)
    number = values.get("person.id_number", nobody)
    code = values.get(
        "person.record_code", values.get("code", nobody) if layout.table == "health_record" else nobody
    )
    texts = pc.coalesce(
        _tagged("source", values.get("person.source", nobody)),
        _tagged("id", pc.binary_join_element_wise(number, name, _SEPARATOR)),
        _tagged("id", number),
        _tagged("code", code),
    )
    encoded = texts.dictionary_encode()
    parts = [text.split(_SEPARATOR) for text in encoded.dictionary.to_pylist()]
    hashes = np.array(
        [hasher.identifier("subject", text) for text in encoded.dictionary.to_pylist()] + [0], dtype=np.int64
    )
    places = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    points = [part[0] in ("id", "code") for part in parts]
    return Subjects(
        texts=pc.fill_null(texts, ""),
        hashes=hashes[places],
        places=places,
        kinds=[part[0] for part in parts],
        ref_hashes=[
            hasher.identifier(p[0], p[1]) if point else None for p, point in zip(parts, points, strict=True)
        ],
        ref_names=[hasher.identifier("name", p[2]) if p[0] == "id" and len(p) > 2 else None for p in parts],
    )


def _tagged(kind: str, texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(kind, texts, _SEPARATOR)
