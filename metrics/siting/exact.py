"""The mixed-integer programme of a choice of sites, for HiGHS through scipy.

A row whose sites save s1 >= s2 >= ... is written as levels: level k is won when any of its first k sites is chosen, and
counts what separates sk from the next (Cornuejols, Nemhauser, Wolsey: A canonical representation of simple plant location
problems, SIAM Journal on Algebraic and Discrete Methods 1, 1980). Rows that begin alike share levels. Its relaxation is as
tight as the one with an assignment for every pair, and much smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from metrics.siting.budget import Budget
from metrics.siting.savings import Savings

_OPTIMAL, _LIMIT = 0, 1  # scipy's words for how a solver ended


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the solver found: the chosen columns (None: nothing yet), its bound, and whether it came to an end."""

    chosen: np.ndarray | None
    bound: float
    done: bool


def budget_rows(columns: int, movable: int, budget: Budget) -> tuple[np.ndarray, np.ndarray]:
    """The budget as two rows of coefficients on the sites' variables, and what they may be at most."""
    units = np.arange(columns) < movable
    # candidates - closed <= new, closed <= moves; closed = movable - open
    matrix = np.vstack([np.ones(columns), np.where(units, -1.0, 0.0)])
    return matrix, np.array([budget.new + movable, budget.moves - movable], dtype=float)


def solved(savings: Savings, budget: Budget, seconds: float, *, relaxation: bool = False) -> Outcome:
    """The best choice within ``budget``, or what ``seconds`` allow; ``relaxation``: of the linear relaxation."""
    levels = _levels(savings)
    sites, nodes = savings.columns, len(levels.weight)
    if not nodes:
        chosen = np.arange(sites) < savings.movable
        return Outcome(chosen, 0.0, True)
    # y_node - y_parent - sum of the node's sites <= 0
    node = np.arange(nodes)
    has_parent = levels.parent >= 0
    entries = [
        (node, sites + node, np.ones(nodes)),
        (node[has_parent], sites + levels.parent[has_parent], -np.ones(int(has_parent.sum()))),
        (levels.of_site, levels.site, -np.ones(len(levels.site))),
    ]
    row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    links = sparse.csr_array((value, (row, column)), shape=(nodes, sites + nodes))
    matrix, most = budget_rows(sites, savings.movable, budget)
    limits = sparse.hstack([sparse.csr_array(matrix), sparse.csr_array((2, nodes))], format="csr")
    scale = float(levels.weight.max())
    return run(
        -np.concatenate([np.zeros(sites), levels.weight]) / scale,
        sparse.vstack([links, limits], format="csc"),
        np.concatenate([np.zeros(nodes), most]),
        np.ones(sites + nodes),
        sites,
        seconds,
        scale,
        relaxation,
    )


def run(
    costs: np.ndarray,
    matrix: sparse.csc_array,
    most: np.ndarray,
    upper: np.ndarray,
    sites: int,
    seconds: float,
    scale: float,
    relaxation: bool = False,
) -> Outcome:
    """HiGHS on: least ``costs`` with ``matrix`` @ x <= ``most``, 0 <= x <= ``upper``, the first ``sites`` whole."""
    whole = np.zeros(len(costs))
    whole[:sites] = 0 if relaxation else 1
    result = milp(
        costs,
        integrality=whole,
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(matrix, -np.inf, most),
        # The default gap of 0.01 % would call a proposal the best that is not.
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
    )
    if result.status not in (
        _OPTIMAL,
        _LIMIT,
    ):  # numbers that it cannot cope with: the start and its bound stand
        return Outcome(None, np.inf, False)
    done = result.status == _OPTIMAL
    chosen = None if result.x is None or relaxation else result.x[:sites] > 0.5
    bound = result.fun if done and relaxation else result.mip_dual_bound
    return Outcome(chosen, np.inf if bound is None else -float(bound) * scale, done)


@dataclass(frozen=True, eq=False)
class _Levels:
    weight: np.ndarray  # float64[nodes]
    parent: np.ndarray  # int64[nodes]: the level before; -1 for a first one
    of_site: np.ndarray  # int64[entries]: the node of each entry
    site: np.ndarray  # int64[entries]: a site that the node adds to its parent's


def _levels(savings: Savings) -> _Levels:
    start = np.searchsorted(savings.row, np.arange(savings.rows + 1)).tolist()
    column, saving = savings.column.tolist(), savings.saving.tolist()
    known: dict[tuple[int, ...], int] = {}
    weight: list[float] = []
    parent: list[int] = []
    of_site: list[int] = []
    site: list[int] = []
    for first, end in pairwise(start):
        node, place = -1, first
        while place < end:
            begin, worth = place, saving[place]
            while place < end and saving[place] == worth:
                place += 1
            key = (node, *column[begin:place])
            found = known.get(key)
            if found is None:
                found = known[key] = len(weight)
                weight.append(0.0)
                parent.append(node)
                of_site += [found] * (place - begin)
                site += column[begin:place]
            node = found
            weight[node] += worth - (saving[place] if place < end else 0.0)
    return _Levels(
        np.array(weight),
        np.array(parent, dtype=np.int64),
        np.array(of_site, dtype=np.int64),
        np.array(site, dtype=np.int64),
    )
