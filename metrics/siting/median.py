"""The p-median: where new sites shorten people's ways to the nearest one most, with what stands fixed or partly movable.

Hakimi: Optimum locations of switching centers, Operations Research 12, 1964; ReVelle, Swain: Central facilities location,
Geographical Analysis 2, 1970.
"""

from __future__ import annotations

import time
from collections.abc import Collection

import numpy as np

from metrics.siting.budget import Budget
from metrics.siting.problem import Problem
from metrics.siting.savings import Savings, made
from metrics.siting.solving import SECONDS, Solution, as_solution, best


def least_distance(
    problem: Problem,
    new: int,
    *,
    moves: int = 0,
    movable: Collection[int] | None = None,
    farthest: float | None = None,
    seconds: float = SECONDS,
) -> Solution:
    """At most ``new`` sites, and at most ``moves`` units that reopen elsewhere, with the least person-metres.

    movable    the existing units that may close; None: all of them
    farthest   what a way counts of which the pairs do not know the length; None: the longest that they know. Longer ways
               count as this one, so that nobody is left out

    The solution's measure is people times the cost of their way to the nearest open site.
    """
    began = time.monotonic()
    savings, before, base = median_savings(problem, problem.may_move(movable, moves), moves, farthest)
    found = best(savings, Budget(new, moves), seconds)
    return as_solution(problem, savings, found, before, base, began)


def median_savings(
    problem: Problem, may_close: np.ndarray, moves: int = 0, farthest: float | None = None
) -> tuple[Savings, float, float]:
    """The savings compared with the nearest unit that stays whatever closes, person-metres today, and what the units
    that may close (bool[sites]) save of them."""
    pairs = problem.pairs
    if farthest is None:
        farthest = float(pairs.cost.max()) if len(pairs.cost) else 0.0
    existing = pairs.site < problem.standing
    most = _cost(problem, existing & pairs.lasting(may_close, moves), farthest)
    today = _cost(problem, existing, farthest)
    asked = may_close | (np.arange(problem.sites) >= problem.standing)
    sites, number = np.flatnonzero(asked), np.cumsum(asked) - 1
    keep = asked[pairs.site] & (pairs.cost < most[pairs.demand])
    demand = pairs.demand[keep]
    saving = problem.people[demand] * (most[demand] - pairs.cost[keep])
    savings = made(demand, number[pairs.site[keep]], saving, sites, int(may_close.sum()))
    return savings, float((problem.people * today).sum()), float((problem.people * (most - today)).sum())


def _cost(problem: Problem, keep: np.ndarray, farthest: float) -> np.ndarray:
    """float64[points]: the cost of the nearest of some pairs' sites, ``farthest`` at most."""
    cost = problem.pairs.where(keep).nearest(problem.points)[1]
    return np.minimum(np.where(np.isnan(cost), farthest, cost), farthest)
