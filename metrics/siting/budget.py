"""How many sites may open and how many units may close and reopen elsewhere, and the best choice by worth alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Budget:
    """``new`` sites may open, and for each of at most ``moves`` units that close one more."""

    new: int
    moves: int = 0

    def __post_init__(self) -> None:
        if self.new < 0 or self.moves < 0:
            raise ValueError("the number of new sites and of moves must be 0 or more")

    def allows(self, chosen: np.ndarray, movable: int) -> bool:
        """Whether the ``chosen`` columns (bool, the first ``movable`` are units that stand) keep to it."""
        closed = movable - int(chosen[:movable].sum())
        return closed <= self.moves and int(chosen[movable:].sum()) <= self.new + closed

    def dearest(self, worth: np.ndarray, movable: int) -> tuple[np.ndarray, float]:
        """The choice (bool[columns]) with the largest sum of ``worth`` (0 or more each), and that sum."""
        plans = self._plans(worth, movable)
        closing, opening, total = max(plans, key=lambda plan: plan[2])
        chosen = np.zeros(len(worth), dtype=bool)
        chosen[:movable] = True
        chosen[np.argsort(worth[:movable], kind="stable")[:closing]] = False
        chosen[movable + np.argsort(-worth[movable:], kind="stable")[:opening]] = True
        return chosen, total

    def with_each(self, worth: np.ndarray, movable: int) -> tuple[np.ndarray, np.ndarray]:
        """The largest sum of worth when a candidate must be chosen, and when a standing unit must close.

        Arrays: one value a candidate, one a unit that may close; -inf where it cannot be.
        """
        units, others = worth[:movable], worth[movable:]
        rising, falling = np.sort(units), np.sort(others)[::-1]
        with_candidate, without_unit = np.full(len(others), -np.inf), np.full(movable, -np.inf)
        for closing, opening, total in self._plans(worth, movable):
            if opening:
                least = falling[opening - 1]  # makes room unless the candidate is among the chosen anyway
                np.maximum(with_candidate, total - np.maximum(least - others, 0), out=with_candidate)
            if closing:
                largest = rising[closing - 1]
                np.maximum(without_unit, total - np.maximum(units - largest, 0), out=without_unit)
        return with_candidate, without_unit

    def _plans(self, worth: np.ndarray, movable: int) -> list[tuple[int, int, float]]:
        """How many close, how many open, and the largest sum of worth, for every number of closings."""
        units, others = worth[:movable], worth[movable:]
        rising = np.concatenate([[0.0], np.cumsum(np.sort(units))])
        falling = np.concatenate([[0.0], np.cumsum(np.sort(others)[::-1])])
        found = []
        for closing in range(min(self.moves, movable) + 1):
            opening = min(self.new + closing, len(others))
            found.append((closing, opening, float(units.sum() - rising[closing] + falling[opening])))
        return found
