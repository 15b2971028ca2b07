"""The fewest people beyond the rule when it also says how many people one unit serves.

Everyone may be served by any open unit within the limit, each unit serves so many at most, a cell's people may be divided
among several units. For given units that is a largest flow; which sites to open is a mixed-integer programme (the capacitated
form of maximal covering: Current, Storbeck, Capacitated covering models, Environment and Planning B 15, 1988). Counts of people are
whole, so the best division of them is whole too.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from metrics.siting.budget import Budget
from metrics.siting.exact import Outcome, budget_rows, run
from metrics.siting.flow import Flow, pushed, shrunk
from metrics.siting.problem import Problem
from metrics.siting.relaxing import relaxed, ruled
from metrics.siting.solving import SECONDS, Solution, closed_bound

_LARGEST = 1_000_000  # pairs; with more of them left the solver is not asked, the bound stands
_SHARE = 0.4  # of the time for the start and as much for the bound; the rest is the solver's


@dataclass(frozen=True, eq=False)
class CapacityModel:
    """Each row is divided among sites, each of which takes so many at most.

    Standing units are the first columns; they are all open. Entries are sorted by column.
    """

    flow: Flow
    standing: int

    @property
    def movable(self) -> int:
        return self.standing

    @property
    def columns(self) -> int:
        return len(self.flow.room)

    def worth(self, prices: np.ndarray) -> np.ndarray:
        taken, win = self._taken(prices)
        return np.bincount(self.flow.column, weights=taken * win, minlength=self.columns)

    def served(self, prices: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        taken, _ = self._taken(prices)
        taken = np.where(chosen[self.flow.column], taken, 0)
        flow = self.flow
        return np.bincount(flow.row, weights=taken / flow.people[flow.row], minlength=len(flow.people))

    def first_prices(self, chosen: np.ndarray) -> np.ndarray:
        return np.zeros(len(self.flow.people))

    def step(self, value: float) -> float:
        return self.flow.step(value)

    def _taken(self, prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """By entry: the people whom its site takes, those who win it most first, and what each one wins.

        The price of a row is for all its people.
        """
        flow = self.flow
        win = np.maximum(1 - prices / flow.people, 0)[flow.row]
        order = np.lexsort((-win, flow.column))
        asked = np.where(win[order] > 0, flow.people[flow.row[order]], 0)
        start = np.searchsorted(flow.column[order], np.arange(self.columns))
        before = np.concatenate([[0.0], np.cumsum(asked)])
        earlier = before[:-1] - before[start][flow.column[order]]
        taken = np.empty(len(win))
        taken[order] = np.clip(flow.room[flow.column[order]] - earlier, 0, asked)
        return taken, win


def fewest_beyond(
    problem: Problem,
    new: int,
    people_a_unit: float,
    *,
    room: np.ndarray | None = None,
    seconds: float = SECONDS,
) -> Solution:
    """At most ``new`` sites that leave the fewest people beyond the rule or without room.

    people_a_unit  how many people a new unit serves, and an existing one for which ``room`` says nothing else
    room           float64[existing]: how many each existing unit serves; None: ``people_a_unit``

    The solution's measure is people whom no open unit within the limit has room for.
    """
    began = time.monotonic()
    whole = whole_flow(problem, people_a_unit, room)
    small, already = shrunk(whole, problem.standing)
    before = float(np.asarray(problem.people, dtype=float).sum()) - already
    standing, budget = small.standing, Budget(new)
    model = CapacityModel(small.flow, standing)
    base = small.base
    chosen, value = _greedy(small.flow, standing, new, base, began + seconds * _SHARE)
    until = time.monotonic() + max(began + seconds - time.monotonic(), 0) * _SHARE / (1 - _SHARE)
    about = relaxed(model, budget, chosen, value, until)
    bound = closed_bound(model, about.bound, value)
    if bound > value:
        out = ruled(model, budget, about, value).out
        left = began + seconds - time.monotonic()
        flow = small.flow.only(~out)
        if left > 0 and len(flow.row) <= _LARGEST:
            outcome = _solved(flow, standing, budget, left)
            if outcome.chosen is not None:
                choice = np.zeros(model.columns, dtype=bool)
                choice[~out] = outcome.chosen
                choice[:standing] = True
                if (better := pushed(small.flow, choice)) >= value + model.step(value):
                    chosen, value = choice, better
            bound = (
                value if outcome.done else closed_bound(model, max(min(bound, outcome.bound), value), value)
            )
    site = small.site[chosen] - problem.standing
    return Solution(
        chosen=tuple(sorted(site[site >= 0].tolist())),
        closed=(),
        value=float(value - base),
        bound=float(bound - base),
        before=before,
        exact=bool(bound <= value),
        seconds=time.monotonic() - began,
    )


def whole_flow(problem: Problem, people_a_unit: float, room: np.ndarray | None = None) -> Flow:
    """Everyone, every site and every pair within the rule; ValueError when a room is no number of 0 or more."""
    rooms = np.full(problem.sites, float(people_a_unit))
    if room is not None:
        if len(room) != problem.standing:
            raise ValueError(f"room has {len(room)} values for {problem.standing} units")
        rooms[: problem.standing] = room
    if not (np.isfinite(rooms).all() and (rooms >= 0).all()):
        raise ValueError("room must be numbers of 0 or more")
    pairs = problem.pairs_within
    return Flow.of(pairs.demand, pairs.site, np.asarray(problem.people, dtype=float), rooms)


def _greedy(flow: Flow, standing: int, new: int, base: float, until: float) -> tuple[np.ndarray, float]:
    """Opens, one after the other, the site that serves most people more, then exchanges while that helps.

    What a site adds never grows as others open, so that only those are tried whose last known gain is still larger
    than the best (Minoux, Accelerated greedy algorithms, 1978).
    """
    chosen = np.arange(len(flow.room)) < standing
    value = base
    hope = np.minimum(
        np.bincount(flow.column, weights=flow.people[flow.row], minlength=len(flow.room)), flow.room
    )
    hope[:standing] = 0
    for _ in range(new):
        site = _best(flow, chosen, value, hope, until)
        if site is None:
            break
        chosen[site] = True
        value, hope[site] = value + hope[site], 0
    return chosen, value


def _best(flow: Flow, chosen: np.ndarray, value: float, hope: np.ndarray, until: float) -> int | None:
    """The site that adds most; ``hope`` is brought up to date for the sites that were tried."""
    best, site = 0.0, None
    for column in np.argsort(-hope, kind="stable"):
        if hope[column] <= best or chosen[column]:
            break
        if site is not None and time.monotonic() > until:
            break
        chosen[column] = True
        hope[column] = pushed(flow, chosen) - value
        chosen[column] = False
        if hope[column] > best:
            best, site = hope[column], int(column)
    return site


def _solved(flow: Flow, standing: int, budget: Budget, seconds: float) -> Outcome:
    """The mixed-integer programme: people of each pair as a share of what the pair may carry at most."""
    rows, sites, entries = len(flow.people), len(flow.room), len(flow.row)
    most = np.minimum(flow.people[flow.row], flow.room[flow.column])
    entry = np.arange(entries)
    scale = float(most.max(initial=1.0))
    amount = sites + entry
    served = sparse.csr_array((most / scale, (flow.row, amount)), shape=(rows, sites + entries))
    taken = sparse.csr_array((most / scale, (flow.column, amount)), shape=(sites, sites + entries))
    opened = sparse.csr_array((-flow.room / scale, (np.arange(sites),) * 2), shape=(sites, sites + entries))
    new = flow.column >= standing
    some = np.arange(int(new.sum()))
    link = sparse.csr_array(
        (
            np.concatenate([np.ones(len(some)), -np.ones(len(some))]),
            (np.concatenate([some, some]), np.concatenate([amount[new], flow.column[new]])),
        ),
        shape=(len(some), sites + entries),
    )
    matrix, at_most = budget_rows(sites, standing, budget)
    limits = sparse.hstack([sparse.csr_array(matrix), sparse.csr_array((2, entries))], format="csr")
    return run(
        np.concatenate([np.zeros(sites), -most / scale]),
        sparse.vstack([served, taken + opened, link, limits], format="csc"),
        np.concatenate([flow.people / scale, np.zeros(sites + len(some)), at_most]),
        np.ones(sites + entries),
        sites,
        seconds,
        scale,
    )
