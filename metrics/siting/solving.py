"""From a problem's savings to a solution: reduce, start, bound, rule out, and let a solver end what is left.

Every step is exact or says by its bound how far it may be off. A solution that is called exact is the best there is, to
the accuracy of the solver (a millionth); otherwise the best that time allowed, and no other can be better than the bound.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from metrics.siting.budget import Budget
from metrics.siting.exact import Outcome, solved
from metrics.siting.problem import Problem
from metrics.siting.relaxing import Model, Ruling, SavingsModel, relaxed, ruled, suggested
from metrics.siting.savings import Savings, merged, only, settled, undominated
from metrics.siting.start import started, tidied

#: What a solution may take unless the caller says otherwise.
SECONDS = 30.0
_LARGEST = 3_000_000  # savings; with more of them left the solver is not asked, the bound stands
_ACCURACY = 1e-6  # of the solver
_SHARE = 0.5  # of the time for the bound; the rest is the solver's


@dataclass(frozen=True)
class Solution:
    """Where to open and what to close, and how good that is.

    chosen   positions of the candidates to open, in order
    closed   positions of the existing units to close, in order; empty unless moves were allowed
    value    what is won, in the question's own measure (people, person-metres), compared with today
    bound    no other choice wins more; equal to ``value`` when ``exact``
    before   the same measure today: people beyond the rule, person-metres; ``after`` is what is left of it
    exact    whether it is proven best
    seconds  what it took
    """

    chosen: tuple[int, ...]
    closed: tuple[int, ...]
    value: float
    bound: float
    before: float
    exact: bool
    seconds: float

    @property
    def after(self) -> float:
        """What the measure would be with this solution."""
        return self.before - self.value

    @property
    def least(self) -> float:
        """What no other choice can push the measure below."""
        return self.before - self.bound


@dataclass(frozen=True, eq=False)
class Found:
    """A choice of columns with its value and a bound on every other's."""

    chosen: np.ndarray
    value: float
    bound: float


def best(savings: Savings, budget: Budget, seconds: float = SECONDS) -> Found:
    """The choice of columns that saves most within ``budget``; ``savings`` as they come."""
    until = time.monotonic() + seconds
    small = undominated(merged(savings))
    chosen = started(small, budget)
    value = small.value(chosen)
    model = SavingsModel(small)
    about = relaxed(model, budget, chosen, value, time.monotonic() + seconds * _SHARE)
    if (other := small.value(hint := suggested(model, budget, about))) > value:
        chosen, value = hint, other
    bound = closed_bound(model, max(about.bound, value), value)
    if bound > value:
        ruling = ruled(model, budget, about, value)
        chosen, value, bound = _ended(small, budget, ruling, chosen, value, bound, until)
    return Found(_columns(savings, small, tidied(small, budget, chosen)), value, bound)


def closed_bound(model: Model, bound: float, value: float) -> float:
    """``value`` itself when nothing better fits under ``bound``; whole numbers rounded down."""
    if bound < value + model.step(value):
        return value
    return float(math.floor(bound + 1e-6)) if model.step(value) > 0.5 else bound


def _ended(
    small: Savings,
    budget: Budget,
    ruling: Ruling,
    chosen: np.ndarray,
    value: float,
    bound: float,
    until: float,
) -> tuple[np.ndarray, float, float]:
    """The solver's word on the columns that are not settled; the start stays unless something better is found."""
    left, sure = settled(small, ruling.open)
    kept = np.flatnonzero(~ruling.open)
    left = only(left, ~ruling.out[kept])
    kept = kept[~ruling.out[kept]]
    seconds = until - time.monotonic()
    if len(left.saving) > _LARGEST or seconds <= 0:
        return chosen, value, bound
    outcome = solved(merged(left), budget, seconds)
    if outcome.chosen is not None:
        choice = ruling.open.copy()
        choice[kept] = outcome.chosen
        if budget.allows(choice, small.movable) and small.value(choice) >= value + small.step(value):
            chosen, value = choice, small.value(choice)
    return chosen, value, ended_bound(SavingsModel(small), outcome, bound, value, sure)


def ended_bound(model: Model, outcome: Outcome, bound: float, value: float, sure: float = 0.0) -> float:
    """The lower of ``bound`` and the solver's, to which ``sure`` is added; what was ruled out is no better than ``value``.

    A solver that came to an end is believed to a millionth, no further: what it chose is worth ``value`` by our own count.
    """
    own = sure + outcome.bound
    if outcome.done and own <= value + _ACCURACY * max(1.0, abs(own)):
        return value
    return closed_bound(model, max(min(bound, own), value), value)


def _columns(savings: Savings, small: Savings, chosen: np.ndarray) -> np.ndarray:
    """The chosen columns of the problem as it came; standing units that dropped out stay open."""
    found = np.arange(savings.columns) < savings.movable
    place = {site: column for column, site in enumerate(savings.site.tolist())}
    for column, site in enumerate(small.site.tolist()):
        found[place[site]] = chosen[column]
    return found


def as_solution(
    problem: Problem, savings: Savings, found: Found, before: float, base: float, began: float
) -> Solution:
    """``found`` in the problem's own numbers; ``base``: what the standing units that may close save today."""
    site = savings.site
    chosen = site[found.chosen & (site >= problem.standing)] - problem.standing
    closed = site[~found.chosen & (site < problem.standing)]
    return Solution(
        chosen=tuple(sorted(chosen.tolist())),
        closed=tuple(sorted(closed.tolist())),
        value=found.value - base,
        bound=found.bound - base,
        before=before,
        exact=found.bound <= found.value,
        seconds=time.monotonic() - began,
    )
