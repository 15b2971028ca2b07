"""A good choice of sites at once: greedy, then one site exchanged for another as long as that saves more.

Deterministic: of equal gains the first column is taken. It is what is proposed when the solver runs out of time.
"""

from __future__ import annotations

import numpy as np

from metrics.siting.budget import Budget
from metrics.siting.savings import Savings

_ROUNDS = 60  # of exchanges; each is at least one step better


def started(savings: Savings, budget: Budget) -> np.ndarray:
    """The chosen columns, bool[columns]; the units that stand are chosen unless they close."""
    chosen = np.zeros(savings.columns, dtype=bool)
    chosen[: savings.movable] = True
    for _ in range(budget.new):
        if (site := _best_addition(savings, chosen)) is None:
            break
        chosen[site] = True
    for _ in range(min(budget.moves, savings.movable)):
        if not _move(savings, chosen):
            break
    _exchange(savings, chosen)
    return chosen


def tidied(savings: Savings, budget: Budget, chosen: np.ndarray) -> np.ndarray:
    """The same without sites that win nobody, and without closing what need not close."""
    chosen = chosen.copy()
    for site in np.flatnonzero(chosen[savings.movable :]) + savings.movable:
        if _losses(savings, chosen)[site] <= 0:
            chosen[site] = False
    for unit in np.flatnonzero(~chosen[: savings.movable]):
        chosen[unit] = True
        if not budget.allows(chosen, savings.movable):
            chosen[unit] = False
    return chosen


def _gains(savings: Savings, best: np.ndarray) -> np.ndarray:
    """What each column would add to what each row has."""
    more = np.maximum(savings.saving - best[savings.row], 0)
    return np.bincount(savings.column, weights=more, minlength=savings.columns)


def _best_addition(savings: Savings, chosen: np.ndarray) -> int | None:
    gains = _gains(savings, savings.best(chosen))
    gains[: savings.movable] = 0
    gains[chosen] = 0
    if not len(gains) or gains.max() <= 0:
        return None
    return int(gains.argmax())


def _losses(savings: Savings, chosen: np.ndarray) -> np.ndarray:
    """float64[columns]: what is lost without each chosen column alone."""
    keep = chosen[savings.column]
    row, saving, column = savings.row[keep], savings.saving[keep], savings.column[keep]
    first = np.flatnonzero(np.diff(row, prepend=-1))
    second = np.minimum(first + 1, max(len(row) - 1, 0))
    other = np.where((second > first) & (row[second] == row[first]), saving[second], 0)
    return np.bincount(column[first], weights=saving[first] - other, minlength=savings.columns)


def _move(savings: Savings, chosen: np.ndarray) -> bool:
    """Closes the unit that is missed least and opens the best site, where that is better; says whether."""
    losses = np.where(chosen, _losses(savings, chosen), np.inf)[: savings.movable]
    if not len(losses) or losses.min() == np.inf:
        return False
    unit, before = int(losses.argmin()), savings.value(chosen)
    chosen[unit] = False
    site = _best_addition(savings, chosen)
    if site is not None:
        chosen[site] = True
    if savings.value(chosen) >= before + savings.step(before):
        return True
    chosen[unit] = True
    if site is not None:
        chosen[site] = False
    return False


def _exchange(savings: Savings, chosen: np.ndarray) -> None:
    value = savings.value(chosen)
    for _ in range(_ROUNDS):
        best_value, best_pair = value + savings.step(value), None
        losses = _losses(savings, chosen)
        for site in np.flatnonzero(chosen[savings.movable :]) + savings.movable:
            chosen[site] = False
            gains = _gains(savings, savings.best(chosen))
            gains[: savings.movable] = 0
            gains[chosen] = 0
            new = int(gains.argmax())
            if value - losses[site] + gains[new] >= best_value:
                best_value, best_pair = value - losses[site] + gains[new], (site, new)
            chosen[site] = True
        if best_pair is None:
            return
        chosen[best_pair[0]], chosen[best_pair[1]] = False, True
        value = savings.value(chosen)
