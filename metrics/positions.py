"""Keys to positions, and sums at positions: what counting in arrays is made of."""

from __future__ import annotations

import numpy as np

_UNKNOWN = -1
# A table of positions may have so many places for each key, and so many more; else keys are searched.
_SPARSE, _ROOM = 8, 4_000_000


class Positions:
    """The position of each of some integers; -1 for any other."""

    def __init__(self, keys: np.ndarray) -> None:
        keys = np.asarray(keys, dtype=np.int64)
        self._order = np.argsort(keys)
        self._keys = keys[self._order]
        self._least = int(self._keys[0]) if len(keys) else 0
        room = int(self._keys[-1]) - self._least + 1 if len(keys) else 0
        self._table = None
        if room <= _SPARSE * len(keys) + _ROOM:
            self._table = np.full(room + 1, _UNKNOWN, dtype=np.int32)  # the last place is of no key
            self._table[self._keys - self._least] = self._order

    def __call__(self, wanted: np.ndarray) -> np.ndarray:
        if not len(self._keys):
            return np.full(len(wanted), _UNKNOWN)
        if self._table is not None:
            at = wanted.astype(np.int64) - self._least
            at[(at < 0) | (at >= len(self._table))] = len(self._table) - 1
            return self._table[at]
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, self._order[at], _UNKNOWN)


def summed(at: np.ndarray, n: np.ndarray | None, length: int) -> np.ndarray:
    """How much of ``n`` (None: one each) falls to each position; sums stay exact up to 2**53."""
    if n is None:
        return np.bincount(at, minlength=length)
    return np.rint(np.bincount(at, weights=n, minlength=length)).astype(np.int64)
