"""Rows on their way to a file: numpy columns named as in ``data.records``, turned into Arrow.

A column is an array whose missing values are written as: ``FAR`` for days, -1 for whole numbers and
truth values, NaN for decimals. Words are :class:`Words` (codes into a short list, -1 missing) or an
Arrow array of strings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.demo.days import FAR

Column = "np.ndarray | Words | pa.Array"
Rows = dict[str, Column]


@dataclass(frozen=True)
class Words:
    """A column of few words: ``words[code]``; code -1 is missing."""

    codes: np.ndarray
    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, index: np.ndarray) -> Words:
        return Words(self.codes[index], self.words)

    def arrow(self) -> pa.Array:
        """The words themselves as Arrow strings."""
        codes = np.asarray(self.codes, np.int32)
        return pa.DictionaryArray.from_arrays(
            pa.array(codes, mask=codes < 0), pa.array(self.words, pa.string())
        ).cast(pa.string())


def words(index: np.ndarray, *of: str) -> Words:
    """A column of words by index."""
    return Words(np.asarray(index), of)


def chosen(condition: np.ndarray, yes: str, no: str | None) -> Words:
    """``yes`` where the condition holds, else ``no`` (None: missing)."""
    if no is None:
        return Words(np.where(condition, 0, -1), (yes,))
    return Words(np.where(condition, 0, 1), (yes, no))


def length(rows: Rows) -> int:
    return len(next(iter(rows.values())))


def take(rows: Rows, index: np.ndarray) -> Rows:
    """The rows at ``index`` (numbers or a mask), in that order."""
    if index.dtype == bool:
        index = np.flatnonzero(index)
    out: Rows = {}
    for name, column in rows.items():
        if isinstance(column, pa.Array):
            out[name] = column.take(pa.array(index))
        elif isinstance(column, Words):
            out[name] = column.take(index)
        else:
            out[name] = column[index]
    return out


def stack(parts: list[Rows]) -> Rows:
    """Rows of several parts one below the other; a column that a part lacks is missing there."""
    parts = [p for p in parts if p and length(p)]
    if not parts:
        return {}
    names = list(dict.fromkeys(name for p in parts for name in p))
    return {name: _join([p.get(name) for p in parts], [length(p) for p in parts]) for name in names}


def _join(columns: list, lengths: list[int]) -> Column:
    present = [c for c in columns if c is not None]
    if len(present) == len(columns) and all(
        isinstance(c, Words) and c.words == present[0].words for c in present
    ):
        return Words(np.concatenate([c.codes for c in present]), present[0].words)
    if any(isinstance(c, (Words, pa.Array)) for c in present):
        arrays = [
            pa.nulls(n, pa.string()) if c is None else c.arrow() if isinstance(c, Words) else c
            for c, n in zip(columns, lengths, strict=True)
        ]
        return pa.concat_arrays([a.cast(pa.string()) for a in arrays])
    kind = np.result_type(*present)
    missing = np.nan if kind.kind == "f" else FAR if kind == np.int32 else -1
    return np.concatenate(
        [np.full(n, missing, kind) if c is None else c for c, n in zip(columns, lengths, strict=True)]
    )


def whole(column: np.ndarray) -> pa.Array:
    """Whole numbers as Arrow, -1 missing."""
    values = np.asarray(column, np.int64)
    return pa.array(values, mask=values == -1)


def text_of_whole(column: np.ndarray, width: int = 0) -> pa.Array:
    """Whole numbers as strings, zero-padded to ``width``; -1 missing."""
    text = pc.cast(whole(column), pa.string())
    return pc.utf8_lpad(text, width, "0") if width else text


def glue(*parts: pa.Array | str) -> pa.Array:
    """Strings joined side by side; missing where any part is."""
    return pc.binary_join_element_wise(*[p if isinstance(p, pa.Array) else pa.scalar(p) for p in parts], "")
