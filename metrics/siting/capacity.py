"""The fewest people beyond the rule when it also says how many people one unit serves.

Everyone may be served by any open unit within the limit, each unit serves so many at most, a cell's people may be divided
among several units. For given units that is a largest flow; which sites to open is a mixed-integer programme (the capacitated
form of maximal covering: Current, Storbeck, Capacitated covering models, Environment and Planning B 15, 1988). Counts of people are
whole, so the best division of them is whole too.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from metrics.siting.budget import Budget
from metrics.siting.exact import Outcome, budget_rows, run
from metrics.siting.flow import Flow, loads, pushed, shrunk, unsettled
from metrics.siting.problem import Problem
from metrics.siting.relaxing import relaxed, ruled, suggested
from metrics.siting.solving import SECONDS, Solution, closed_bound, ended_bound

_LARGEST = 1_000_000  # pairs; with more of them left the solver is not asked, the bound stands
_TRIED = 12  # units of which it is asked how they would be missed
_SHARE = 0.3  # of the time for the start, and as much for the bound; the rest is the solver's


@dataclass(frozen=True, eq=False)
class CapacityModel:
    """Each row is divided among sites, each of which takes so many at most.

    The first columns of the flow are units that may close, then come candidates, ``asked`` of both kinds; the columns
    behind them are units that stay.
    """

    flow: Flow
    movable: int
    asked: int

    @property
    def columns(self) -> int:
        return self.asked

    def worth(self, prices: np.ndarray) -> np.ndarray:
        return self._worth(prices)[: self.asked]

    def fixed(self, prices: np.ndarray) -> float:
        return float(self._worth(prices)[self.asked :].sum())

    def served(self, prices: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        taken, _ = self._taken(prices)
        flow = self.flow
        taken = np.where(self.opened(chosen)[flow.column], taken, 0)
        return np.bincount(flow.row, weights=taken / flow.people[flow.row], minlength=len(flow.people))

    def first_prices(self, chosen: np.ndarray) -> np.ndarray:
        # The prices that prove a largest flow to be one: all of it for who is settled.
        return np.where(unsettled(self.flow, self.opened(chosen)), 0, self.flow.people)

    def step(self, value: float) -> float:
        return self.flow.step(value)

    def opened(self, chosen: np.ndarray) -> np.ndarray:
        """bool, one a column of the flow: the chosen ones and all that stay."""
        found = np.ones(len(self.flow.room), dtype=bool)
        found[: self.asked] = chosen
        return found

    def value(self, chosen: np.ndarray) -> float:
        """How many people are served with the ``chosen`` columns (bool[asked])."""
        return pushed(self.flow, self.opened(chosen))

    def only(self, keep: np.ndarray) -> CapacityModel:
        """With the asked columns for which ``keep`` (bool) holds, and all that stay."""
        movable = int(keep[: self.movable].sum())
        return CapacityModel(self.flow.only(self.opened(keep)), movable, int(keep.sum()))

    def _worth(self, prices: np.ndarray) -> np.ndarray:
        taken, win = self._taken(prices)
        return np.bincount(self.flow.column, weights=taken * win, minlength=len(self.flow.room))

    def _taken(self, prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """By entry: the people whom its site takes, those who win it most first, and what each one wins.

        The price of a row is for all its people.
        """
        flow = self.flow
        win = np.maximum(1 - prices / flow.people, 0)[flow.row]
        order = np.lexsort((-win, flow.column))
        column = flow.column[order]
        asked = np.where(win[order] > 0, flow.people[flow.row[order]], 0)
        start = np.searchsorted(column, np.arange(len(flow.room)))
        before = np.concatenate([[0.0], np.cumsum(asked)])
        taken = np.empty(len(win))
        taken[order] = np.clip(flow.room[column] - (before[:-1] - before[start][column]), 0, asked)
        return taken, win


def fewest_beyond(
    problem: Problem,
    new: int,
    people_a_unit: float,
    *,
    moves: int = 0,
    movable: Collection[int] | None = None,
    room: np.ndarray | None = None,
    seconds: float = SECONDS,
) -> Solution:
    """At most ``new`` sites, and at most ``moves`` units that reopen elsewhere, that leave the fewest people beyond the
    rule or without room.

    people_a_unit  how many people a new unit serves, and an existing one for which ``room`` says nothing else
    movable        the existing units that may close; None: all of them
    room           float64[existing]: how many each existing unit serves; None: ``people_a_unit``

    The solution's measure is people whom no open unit within the limit has room for.
    """
    began = time.monotonic()
    budget = Budget(new, moves)
    model, site, base, before = _model(
        problem, rooms(problem, people_a_unit, room), problem.may_move(movable, moves)
    )
    chosen, value = _greedy(model, budget, base, began + seconds * _SHARE)
    about = relaxed(model, budget, chosen, value, time.monotonic() + seconds * _SHARE)
    if (other := model.value(hint := suggested(model, budget, about))) > value:
        chosen, value = hint, other
    bound = closed_bound(model, max(about.bound, value), value)
    if bound > value:
        ruling = ruled(model, budget, about, value)
        part, left = model.only(~ruling.out), began + seconds - time.monotonic()
        if left > 0 and len(part.flow.row) <= _LARGEST:
            outcome = _solved(part, budget, left)
            if outcome.chosen is not None:
                choice = np.zeros(model.columns, dtype=bool)
                choice[~ruling.out] = outcome.chosen
                if (better := model.value(choice)) >= value + model.step(value):
                    chosen, value = choice, better
            bound = ended_bound(model, outcome, bound, value)
    chosen = _tidied(model, budget, chosen, value)
    opened, shut = site[: model.asked][chosen], site[: model.movable][~chosen[: model.movable]]
    return Solution(
        chosen=tuple(sorted((opened[opened >= problem.standing] - problem.standing).tolist())),
        closed=tuple(sorted(shut.tolist())),
        value=float(value - base),
        bound=float(bound - base),
        before=before,
        exact=bool(bound <= value),
        seconds=time.monotonic() - began,
    )


def rooms(problem: Problem, people_a_unit: float, room: np.ndarray | None = None) -> np.ndarray:
    """float64[sites]: how many people each site serves; ValueError when that is no number of 0 or more."""
    found = np.full(problem.sites, float(people_a_unit))
    if room is not None:
        if len(room) != problem.standing:
            raise ValueError(f"room has {len(room)} values for {problem.standing} units")
        found[: problem.standing] = room
    if not (np.isfinite(found).all() and (found >= 0).all()):
        raise ValueError("room must be numbers of 0 or more")
    return found


def _model(
    problem: Problem, room: np.ndarray, may_close: np.ndarray
) -> tuple[CapacityModel, np.ndarray, float, float]:
    """The model, the site of each column, people whom it serves today, and people without room today in all."""
    candidate = np.arange(problem.sites) >= problem.standing
    kind = np.select([may_close, candidate], [0, 1], 2)
    site = np.argsort(kind, kind="stable")
    number = np.empty(problem.sites, dtype=np.int64)
    number[site] = np.arange(problem.sites)
    pairs, people = problem.pairs_within, np.asarray(problem.people, dtype=float)
    whole = Flow.of(pairs.demand, number[pairs.site], people, room[site])
    is_open = ~candidate[site]
    served = pushed(whole, is_open)
    if may_close.any():
        flow, base = whole.merged(), served
    else:
        small = shrunk(whole, is_open)
        flow, site, base = small.flow, site[small.column], small.base
    model = CapacityModel(flow, int((kind[site] == 0).sum()), int((kind[site] < 2).sum()))
    return model, site, base, float(people.sum()) - served


def _greedy(model: CapacityModel, budget: Budget, base: float, until: float) -> tuple[np.ndarray, float]:
    """Opens, one after the other, the site that serves most people more, then moves units as long as that helps.

    What a site adds never grows as others open, so that only those are tried whose last known gain is still larger
    than the best one (Minoux, Accelerated greedy algorithms for maximizing submodular set functions, 1978).
    """
    flow, chosen, value = model.flow, np.arange(model.columns) < model.movable, base
    near = np.bincount(flow.column, weights=flow.people[flow.row], minlength=len(flow.room))
    hope = np.minimum(near, flow.room)[: model.columns]
    hope[: model.movable] = 0
    for number in range(budget.new + min(budget.moves, model.movable)):
        site = _best(model, chosen, value, hope, until)
        if site is None:
            break
        chosen[site] = True
        more = value + hope[site]
        if number >= budget.new:
            unit, more = _least_missed(model, chosen, more, until)
            if more < value + model.step(value):
                chosen[site] = False
                break
            chosen[unit] = False
        value, hope[site] = more, 0
    return chosen, value


def _least_missed(model: CapacityModel, chosen: np.ndarray, value: float, until: float) -> tuple[int, float]:
    """The unit without which most people are served still, of those that serve few, and how many people."""
    load = np.where(chosen, loads(model.flow, model.opened(chosen))[: model.columns], np.inf)[: model.movable]
    best, least = int(load.argmin()), -np.inf
    for unit in np.argsort(load, kind="stable")[:_TRIED]:
        # Nobody new is served elsewhere at best, all of its people at worst nowhere.
        if least >= value or not np.isfinite(load[unit]) or (least >= 0 and time.monotonic() > until):
            break
        chosen[unit] = False
        without = model.value(chosen)
        chosen[unit] = True
        if without > least:
            best, least = int(unit), without
    return best, least


def _best(
    model: CapacityModel, chosen: np.ndarray, value: float, hope: np.ndarray, until: float
) -> int | None:
    """The site that adds most; ``hope`` is brought up to date for the sites that were tried."""
    best, site = 0.0, None
    for column in np.argsort(-hope, kind="stable"):
        if hope[column] <= best or (site is not None and time.monotonic() > until):
            break
        chosen[column] = True
        hope[column] = model.value(chosen) - value
        chosen[column] = False
        if hope[column] > best:
            best, site = hope[column], int(column)
    return site


def _tidied(model: CapacityModel, budget: Budget, chosen: np.ndarray, value: float) -> np.ndarray:
    """The same without new sites that serve nobody more, and without closing what need not close."""
    chosen = chosen.copy()
    for column in np.flatnonzero(chosen[model.movable :]) + model.movable:
        chosen[column] = False
        if value - model.value(chosen) >= model.step(value):
            chosen[column] = True
    for unit in np.flatnonzero(~chosen[: model.movable]):
        chosen[unit] = True
        if not budget.allows(chosen, model.movable):
            chosen[unit] = False
    return chosen


def _solved(model: CapacityModel, budget: Budget, seconds: float) -> Outcome:
    """The mixed-integer programme: people of each pair as a share of what the pair may carry at most."""
    flow, asked = model.flow, model.asked
    rows, columns, entries = len(flow.people), len(flow.room), len(flow.row)
    most = np.minimum(flow.people[flow.row], flow.room[flow.column])
    amount = asked + np.arange(entries)
    scale = float(most.max(initial=1.0))
    width = asked + entries
    served = sparse.csr_array((most / scale, (flow.row, amount)), shape=(rows, width))
    taken = sparse.csr_array((most / scale, (flow.column, amount)), shape=(columns, width))
    first = np.arange(asked)
    opened = sparse.csr_array((-flow.room[:asked] / scale, (first, first)), shape=(columns, width))
    # Not needed for a right answer, but without it the relaxation opens a little of everything.
    linked = np.flatnonzero(flow.column < asked)
    one, number = np.ones(len(linked)), np.arange(len(linked))
    link = sparse.csr_array(
        (
            np.concatenate([one, -one]),
            (np.concatenate([number, number]), np.concatenate([amount[linked], flow.column[linked]])),
        ),
        shape=(len(linked), width),
    )
    matrix, at_most = budget_rows(asked, model.movable, budget)
    limits = sparse.hstack([sparse.csr_array(matrix), sparse.csr_array((2, entries))], format="csr")
    always = np.where(np.arange(columns) < asked, 0, flow.room / scale)
    return run(
        np.concatenate([np.zeros(asked), -most / scale]),
        sparse.vstack([served, taken + opened, link, limits], format="csc"),
        np.concatenate([flow.people / scale, always, np.zeros(len(linked)), at_most]),
        np.ones(width),
        asked,
        seconds,
        scale,
    )
