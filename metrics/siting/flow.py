"""People divided among units that have room for so many: largest flows, and what of them new sites can change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

_GRAINS = 1_000_000_000  # people; the flow counts them in 32 bits


@dataclass(frozen=True, eq=False)
class Flow:
    """Rows of people, columns of sites, and which site may serve whom.

    row, column  int64[entries], by column, then by row
    people       float64[rows], above 0
    room         float64[columns]
    """

    row: np.ndarray
    column: np.ndarray
    people: np.ndarray
    room: np.ndarray

    @staticmethod
    def of(row: np.ndarray, column: np.ndarray, people: np.ndarray, room: np.ndarray) -> Flow:
        """From pairs in any order and more than once; rows without people or pairs drop out."""
        keep = people[row] > 0
        code = np.unique(column[keep] * np.int64(max(len(people), 1)) + row[keep])
        column, row = code // max(len(people), 1), code % max(len(people), 1)
        names, row = np.unique(row, return_inverse=True)
        return Flow(row, column, people[names], room)

    @cached_property
    def is_whole(self) -> bool:
        """Whether people and rooms are whole numbers."""
        numbers = np.concatenate([self.people, self.room])
        return bool((numbers == np.rint(numbers)).all()) and float(numbers.sum()) < 2**50

    def step(self, value: float) -> float:
        """By how much a better solution beats ``value`` at least: less than that is rounding."""
        return 1 - 1e-6 if self.is_whole else 1e-9 * max(1.0, abs(value))

    def only(self, keep: np.ndarray) -> Flow:
        """With the columns for which ``keep`` (bool) holds; all rows stay."""
        entries = keep[self.column]
        number = np.cumsum(keep) - 1
        return Flow(self.row[entries], number[self.column[entries]], self.people, self.room[keep])

    def merged(self) -> Flow:
        """Rows with the same sites become one: whoever may go to the same places is the same to the flow."""
        order = np.lexsort((self.column, self.row))
        row, column = self.row[order], self.column[order]
        start = np.searchsorted(row, np.arange(len(self.people) + 1))
        known: dict[bytes, int] = {}
        group = np.array(
            [known.setdefault(column[a:b].tobytes(), len(known)) for a, b in pairwise(start)],
            dtype=np.int64,
        )
        people = np.bincount(group, weights=self.people, minlength=len(known))
        return Flow.of(group[self.row], self.column, people, self.room)


def pushed(flow: Flow, chosen: np.ndarray) -> float:
    """How many people the ``chosen`` columns (bool) serve at most."""
    part = flow.only(chosen)
    if not len(part.row):
        return 0.0
    return float(_network(part)[0]) if _counts(part) else float(_by_linear_programme(part).sum())


def loads(flow: Flow, chosen: np.ndarray) -> np.ndarray:
    """float64[columns]: how many people each column serves in one of the largest flows to the ``chosen`` ones (bool)."""
    found, part = np.zeros(len(flow.room)), flow.only(chosen)
    if not len(part.row):
        return found
    if _counts(part):
        amount = _network(part)[1].tocoo()
        sink = len(part.people) + len(part.room) + 1
        into = amount.col == sink
        at = np.zeros(len(part.room))
        at[amount.row[into] - 1 - len(part.people)] = amount.data[into]
    else:
        at = np.bincount(part.column, weights=_by_linear_programme(part), minlength=len(part.room))
    found[chosen] = at
    return found


def _counts(flow: Flow) -> bool:
    """Whether whole people can be counted in 32 bits."""
    return flow.is_whole and max(float(flow.people.sum()), float(flow.room.max(initial=0))) <= _GRAINS


def _network(flow: Flow) -> tuple[int, sparse.csr_array]:
    """The largest flow of whole people and the amounts by (node, node): source, rows, columns, sink."""
    rows, columns = len(flow.people), len(flow.room)
    people, room = flow.people.astype(np.int32), flow.room.astype(np.int32)
    start = np.concatenate([np.zeros(rows, dtype=np.int64), 1 + flow.row, 1 + rows + np.arange(columns)])
    end = np.concatenate([1 + np.arange(rows), 1 + rows + flow.column, np.full(columns, 1 + rows + columns)])
    most = np.concatenate([people, np.minimum(people[flow.row], room[flow.column]), room])
    nodes = rows + columns + 2
    graph = sparse.csr_array((most, (start, end)), shape=(nodes, nodes))
    result = maximum_flow(graph, 0, nodes - 1)
    return int(result.flow_value), result.flow


def _by_linear_programme(flow: Flow) -> np.ndarray:
    """float64[entries]: the same for people who are no whole numbers."""
    rows, columns, entries = len(flow.people), len(flow.room), len(flow.row)
    one, entry = np.ones(entries), np.arange(entries)
    matrix = sparse.vstack(
        [
            sparse.csr_array((one, (flow.row, entry)), shape=(rows, entries)),
            sparse.csr_array((one, (flow.column, entry)), shape=(columns, entries)),
        ],
        format="csc",
    )
    result = linprog(-one, A_ub=matrix, b_ub=np.concatenate([flow.people, flow.room]), method="highs")
    if result.status != 0:
        raise RuntimeError(f"the solver failed: {result.message}")
    return result.x


@dataclass(frozen=True, eq=False)
class Shrunk:
    """What new sites can change: a smaller flow.

    column  int64[columns]: the column of the whole flow that each column of this one was
    base    how many people of this flow the open columns serve today
    """

    flow: Flow
    column: np.ndarray
    base: float


def shrunk(flow: Flow, is_open: np.ndarray) -> Shrunk:
    """The part of ``flow`` that opening more than ``is_open`` (bool[columns]) can change.

    Exact as long as nothing closes: nobody who is settled can be on a way by which one more person finds room, whatever
    opens. Such a way begins with somebody unserved and leads through the unsettled only.
    """
    inside = unsettled(flow, is_open)
    entries = inside[flow.row]
    row, column = flow.row[entries], flow.column[entries]
    used = np.zeros(len(flow.room), dtype=bool)
    used[column] = True
    part = Flow.of(row, (np.cumsum(used) - 1)[column], flow.people, flow.room[used]).merged()
    return Shrunk(part, np.flatnonzero(used), pushed(part, is_open[used]))


def unsettled(flow: Flow, is_open: np.ndarray) -> np.ndarray:
    """bool[rows]: after a largest flow to the open columns, everybody who is not served, and whoever is served by the
    units that they could go to (all full), or by the units that these could go to, and so on.

    The others and the rooms of those units are a smallest cut. All rows where people are no whole numbers.
    """
    already = flow.only(is_open)
    if not (_counts(already) and len(already.row)):
        return np.ones(len(flow.people), dtype=bool)
    return _changeable(already, _network(already)[1])


def _changeable(already: Flow, amounts: sparse.csr_array) -> np.ndarray:
    rows, columns = len(already.people), len(already.room)
    amount = amounts.tocoo()
    served = np.zeros(rows)
    from_source = amount.row == 0
    served[amount.col[from_source] - 1] = amount.data[from_source]
    going = (amount.row >= 1) & (amount.row <= rows) & (amount.data > 0)
    # From the unserved to all units that they may go to, from a unit to whoever is served there.
    unserved = np.flatnonzero(served < already.people)
    start = np.concatenate([np.zeros(len(unserved), dtype=np.int64), 1 + already.row, amount.col[going]])
    end = np.concatenate([1 + unserved, 1 + rows + already.column, amount.row[going]])
    graph = sparse.csr_array((np.ones(len(start)), (start, end)), shape=(1 + rows + columns,) * 2)
    met = breadth_first_order(graph, 0, return_predecessors=False)
    inside = np.zeros(1 + rows + columns, dtype=bool)
    inside[met] = True
    return inside[1 : 1 + rows]
