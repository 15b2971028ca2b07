"""What each site would save each demand point, and exact reductions of it.

Covering and p-median are one problem: choose sites so that the sum over demand points of the *best* saving among the
chosen sites is largest. In covering a site within the rule saves the point's whole weight; in the p-median it saves the
point's people times what their way becomes shorter. So both share merging, domination, start, bound and solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy import sparse

_MOST_COMPARED = 4_000_000  # pairs of savings looked at for domination; more are left alone


@dataclass(frozen=True, eq=False)
class Savings:
    """Positive savings, by row (demand), then the largest first, then by column (site).

    row, column   int64[entries]
    saving        float64[entries], above 0
    rows          how many rows there are
    site          int64[columns]: the site of each column
    movable       how many of the first columns are units that stand and may close; the others are candidates
    """

    row: np.ndarray
    column: np.ndarray
    saving: np.ndarray
    rows: int
    site: np.ndarray
    movable: int = 0

    @property
    def columns(self) -> int:
        return len(self.site)

    @cached_property
    def is_whole(self) -> bool:
        """Whether all savings are whole numbers, so that one solution beats another by 1 at least."""
        return bool((self.saving == np.rint(self.saving)).all()) and float(self.saving.sum()) < 2**50

    def step(self, value: float) -> float:
        """By how much a better solution beats ``value`` at least: less than that is rounding."""
        return 1 - 1e-6 if self.is_whole else 1e-9 * max(1.0, abs(value))

    def best(self, chosen: np.ndarray) -> np.ndarray:
        """float64[rows]: each row's best saving among the ``chosen`` columns (bool); 0 without any."""
        found = np.zeros(self.rows)
        keep = chosen[self.column]
        row, saving = self.row[keep], self.saving[keep]
        first = np.flatnonzero(np.diff(row, prepend=-1))
        found[row[first]] = saving[first]
        return found

    def value(self, chosen: np.ndarray) -> float:
        """What the ``chosen`` columns (bool) save together."""
        return float(self.best(chosen).sum())


def made(
    row: np.ndarray,
    column: np.ndarray,
    saving: np.ndarray,
    site: np.ndarray,
    movable: int = 0,
) -> Savings:
    """Savings from entries in any order; of several for one row and column the largest counts, none below 0.

    Rows are numbered anew: whatever has nothing to save drops out.
    """
    keep = saving > 0
    row, column, saving = row[keep], column[keep], saving[keep]
    order = np.lexsort((-saving, column, row))
    row, column, saving = row[order], column[order], saving[order]
    once = np.ones(len(row), dtype=bool)
    once[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    row, column, saving = row[once], column[once], saving[once]
    names, row = np.unique(row, return_inverse=True)
    order = np.lexsort((column, -saving, row))
    return Savings(row[order], column[order], saving[order], len(names), site, movable)


def merged(savings: Savings) -> Savings:
    """Rows that rank the same columns in the same order become one.

    Exact: whichever columns are chosen, the first chosen one in that order is the best of every such row, so that the
    sum of the bests is the best of the sums.
    """
    start = np.searchsorted(savings.row, np.arange(savings.rows + 1))
    known: dict[bytes, int] = {}
    group = np.empty(savings.rows, dtype=np.int64)
    first: list[int] = []
    for row, (a, b) in enumerate(pairwise(start)):
        key = savings.column[a:b].tobytes()
        group[row] = known.setdefault(key, len(first))
        if group[row] == len(first):
            first.append(row)
    length = np.diff(start)[first] if first else np.zeros(0, dtype=np.int64)
    offset = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    place = np.arange(len(savings.row)) - start[savings.row]
    target = offset[group[savings.row]] + place
    total = np.bincount(target, weights=savings.saving, minlength=int(offset[-1]))
    column = np.empty(int(offset[-1]), dtype=np.int64)
    column[target] = savings.column
    row = np.repeat(np.arange(len(first)), length)
    return Savings(row, column, total, len(first), savings.site, savings.movable)


def undominated(savings: Savings) -> Savings:
    """Without candidates that another column is at least as good as in every row, or that save nothing.

    Exact when at most so many are chosen: the other one can take its place. A unit that stands and may close takes it
    just as well: not closing it costs neither a move nor a new site. Of equal ones the first stays.
    """
    size = np.bincount(savings.column, minlength=savings.columns)
    keep = (size > 0) | (np.arange(savings.columns) < savings.movable)
    length = np.bincount(savings.row, minlength=savings.rows).astype(np.int64)
    if int((length**2).sum()) <= _MOST_COMPARED:
        keep &= ~_dominated(savings, size, length)
    return only(savings, keep)


def _dominated(savings: Savings, size: np.ndarray, length: np.ndarray) -> np.ndarray:
    """bool[columns]: candidates that some other column is as good as everywhere."""
    start = np.cumsum(length) - length
    times = length[savings.row]
    left = np.repeat(np.arange(len(savings.row)), times)
    within = np.arange(len(left)) - np.repeat(np.cumsum(times) - times, times)
    right = start[savings.row[left]] + within
    as_good = savings.saving[left] <= savings.saving[right]
    left, right = savings.column[left[as_good]], savings.column[right[as_good]]
    shape = (savings.columns, savings.columns)
    often = sparse.coo_array((np.ones(len(left), dtype=np.int64), (left, right)), shape=shape).tocsr().tocoo()
    worse, better = (axis.astype(np.int64) for axis in often.coords)
    everywhere = (often.data == size[worse]) & (worse != better)
    worse, better = worse[everywhere], better[everywhere]
    code = worse * savings.columns + better
    equal = np.isin(code, better * savings.columns + worse)
    found = np.zeros(savings.columns, dtype=bool)
    found[worse[~equal | (better < worse)]] = True
    found[: savings.movable] = False
    return found


def only(savings: Savings, keep: np.ndarray) -> Savings:
    """With the columns for which ``keep`` (bool) holds; rows that save nothing any more drop out."""
    number = np.cumsum(keep) - 1
    entries = keep[savings.column]
    names, row = np.unique(savings.row[entries], return_inverse=True)
    return Savings(
        row,
        number[savings.column[entries]],
        savings.saving[entries],
        len(names),
        savings.site[keep],
        int(keep[: savings.movable].sum()),
    )


def settled(savings: Savings, opened: np.ndarray) -> tuple[Savings, float]:
    """With the columns ``opened`` (bool) taken as open for good, and what these save together already.

    What is left of every other saving is what it adds to the best of the opened ones.
    """
    have = savings.best(opened)
    rest = savings.saving - have[savings.row]
    keep = (rest > 0) & ~opened[savings.column]
    number = np.cumsum(~opened) - 1
    found = made(
        savings.row[keep],
        number[savings.column[keep]],
        rest[keep],
        savings.site[~opened],
        int((~opened[: savings.movable]).sum()),
    )
    return found, float(have.sum())
