"""Maximal covering: where new sites bring most people within the rule, with what stands fixed or partly movable.

Church, ReVelle: The maximal covering location problem, Papers of the Regional Science Association 32, 1974. Mobile
clinics' stops are the same question with a limit of their own (``Problem.limit_candidates``).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

import numpy as np

from metrics.siting.budget import Budget
from metrics.siting.problem import Problem
from metrics.siting.savings import Savings, made
from metrics.siting.solving import SECONDS, Solution, as_solution, best


def most_covered(
    problem: Problem,
    new: int,
    *,
    moves: int = 0,
    movable: Collection[int] | None = None,
    weights: Mapping[str, float] | None = None,
    seconds: float = SECONDS,
) -> Solution:
    """At most ``new`` sites, and at most ``moves`` units that reopen elsewhere, that win most people.

    movable   the existing units that may close; None: all of them
    weights   what a person of each band counts; None: everyone 1 (``Problem.weight``)

    A site that wins nobody is not proposed. The solution's measure is (weighted) people beyond the rule.
    """
    began = time.monotonic()
    savings, before, base = covering_savings(problem, problem.may_move(movable, moves), moves, weights)
    found = best(savings, Budget(new, moves), seconds)
    return as_solution(problem, savings, found, before, base, began)


def covering_savings(
    problem: Problem, may_close: np.ndarray, moves: int = 0, weights: Mapping[str, float] | None = None
) -> tuple[Savings, float, float]:
    """The savings of the points that are not covered whatever closes, (weighted) people beyond the rule today, and
    what the units that may close (bool[sites]) cover of those points."""
    weight, pairs = problem.weight(weights), problem.pairs_within
    existing = pairs.site < problem.standing
    open_to = ~pairs.where(existing & pairs.lasting(may_close, moves)).reached(problem.points)
    asked = may_close | (np.arange(problem.sites) >= problem.standing)
    sites, number = np.flatnonzero(asked), np.cumsum(asked) - 1
    keep = asked[pairs.site] & open_to[pairs.demand]
    demand = pairs.demand[keep]
    savings = made(demand, number[pairs.site[keep]], weight[demand], sites, int(may_close.sum()))
    beyond = ~pairs.where(existing).reached(problem.points)
    before = float(weight[beyond].sum())
    return savings, before, float(weight[open_to].sum()) - before
