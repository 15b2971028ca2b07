"""A bound that no choice of sites can beat, by Lagrangian relaxation, and the sites that it rules out.

Every row pays a price for being served; a site is worth what it could win at those prices from all rows, whoever else
serves them; the best sites by worth alone, plus the prices, are an upper bound whatever the prices are. Subgradient steps
look for prices that make it low; the lowest is the bound of the linear relaxation. (Held, Wolfe, Crowder: Validation of
subgradient optimization, Mathematical Programming 6, 1974; for location problems: Cornuejols, Fisher, Nemhauser:
Location of bank accounts to optimize float, Management Science 23, 1977.)
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from metrics.siting.budget import Budget
from metrics.siting.savings import Savings

_STEPS = 600
_PATIENCE = 15  # steps without a lower bound after which they become half as long
_SHORTEST = 1e-4
_LOOK = 25  # steps after which it is asked how many candidates are left
_FEW = 10  # candidates a site to open: with so few left the solver is quicker than more steps


class Model(Protocol):
    """What is relaxed: rows that at most one (whole) site serves, and columns that are sites."""

    movable: int
    columns: int

    def worth(self, prices: np.ndarray) -> np.ndarray:
        """float64[columns], 0 or more: the most that each site wins when serving a row costs its price."""
        ...

    def fixed(self, prices: np.ndarray) -> float:
        """What sites that are open for good, and are no columns, win at these prices."""
        ...

    def served(self, prices: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """float64[rows]: how often the chosen sites together serve each row when each wins its most."""
        ...

    def first_prices(self, chosen: np.ndarray) -> np.ndarray:
        """float64[rows]: prices to begin with, given a good choice."""
        ...

    def step(self, value: float) -> float:
        """By how much a better solution beats ``value`` at least."""
        ...


@dataclass(frozen=True, eq=False)
class SavingsModel:
    """Each row is served by the one site that saves most."""

    savings: Savings

    @property
    def movable(self) -> int:
        return self.savings.movable

    @property
    def columns(self) -> int:
        return self.savings.columns

    def worth(self, prices: np.ndarray) -> np.ndarray:
        more = np.maximum(self.savings.saving - prices[self.savings.row], 0)
        return np.bincount(self.savings.column, weights=more, minlength=self.columns)

    def fixed(self, prices: np.ndarray) -> float:
        return 0.0

    def served(self, prices: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        wins = chosen[self.savings.column] & (self.savings.saving > prices[self.savings.row])
        return np.bincount(self.savings.row[wins], minlength=self.savings.rows).astype(float)

    def first_prices(self, chosen: np.ndarray) -> np.ndarray:
        return self.savings.best(chosen)

    def step(self, value: float) -> float:
        return self.savings.step(value)


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The lowest bound found, and the prices that prove it."""

    bound: float
    prices: np.ndarray


def relaxed(model: Model, budget: Budget, chosen: np.ndarray, value: float, until: float) -> Relaxed:
    """A bound on what any choice within ``budget`` is worth; ``chosen`` is one worth ``value``.

    ``until``: the moment (``time.monotonic``) after which it stops. The number of steps is fixed, so that the outcome
    is the same every time unless time runs out.
    """
    prices = model.first_prices(chosen)
    lowest, at, length, patience = np.inf, prices, 1.0, 0
    for number in range(_STEPS):
        worth = model.worth(prices)
        choice, total = budget.dearest(worth, model.movable)
        bound = float(prices.sum()) + model.fixed(prices) + total
        if bound < lowest * (1 - 1e-7):
            lowest, at, patience = bound, prices, 0
        else:
            patience += 1
        slope = 1 - model.served(prices, choice)
        # A price of nothing cannot fall: rows that it would pull down do not shorten the step of the others.
        slope[(prices <= 0) & (slope > 0)] = 0
        steepness = float((slope**2).sum())
        if lowest < value + model.step(value) or steepness == 0 or time.monotonic() > until:
            lowest, at = min((bound, prices), (lowest, at), key=lambda pair: pair[0])
            break
        if number % _LOOK == _LOOK - 1 and lowest < np.inf:
            left = ~ruled(model, budget, Relaxed(lowest, at), value).out[model.movable :]
            if left.sum() <= _FEW * (budget.new + budget.moves):
                break
        if patience >= _PATIENCE:
            prices, length, patience = at, length / 2, 0
            if length < _SHORTEST:
                break
            continue
        prices = np.maximum(prices - slope * (length * max(bound - value, 0) / steepness), 0)
    # The bound is the sum of many rounded numbers: never below what is known to be possible.
    return Relaxed(max(lowest * (1 + 1e-12), value), at)


@dataclass(frozen=True, eq=False)
class Ruling:
    """What no better solution than the known one can have: bool[columns] each."""

    out: np.ndarray  # candidates that cannot be chosen
    open: np.ndarray  # standing units that cannot close


def ruled(model: Model, budget: Budget, found: Relaxed, value: float) -> Ruling:
    """The columns that are settled for every solution better than ``value``, by the bound's own prices."""
    worth = model.worth(found.prices)
    with_candidate, without_unit = budget.with_each(worth, model.movable)
    sure = float(found.prices.sum()) + model.fixed(found.prices)
    least = value + model.step(value) - sure - 1e-12 * (abs(value) + sure)
    out, stay = np.zeros(model.columns, dtype=bool), np.zeros(model.columns, dtype=bool)
    out[model.movable :] = with_candidate < least
    stay[: model.movable] = without_unit < least
    return Ruling(out, stay)


def suggested(model: Model, budget: Budget, found: Relaxed) -> np.ndarray:
    """The choice (bool[columns]) that looks best at the bound's prices; often a good one."""
    return budget.dearest(model.worth(found.prices), model.movable)[0]
