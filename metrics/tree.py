"""The tree of units as arrays: positions, parents, depth, which months each was open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.context import Horizon


@dataclass(frozen=True)
class Tree:
    """Units by position in a frame."""

    kinds: list[str]
    parents: list[int]  # positions; -1: none
    depth: list[int]
    opened: np.ndarray  # month, or -inf
    closed: np.ndarray  # month, or +inf

    @classmethod
    def of(cls, units: pd.DataFrame) -> Tree:
        """From rows with unit, kind, parent, opened_on, closed_on, in the order of the frame."""
        position = {unit: place for place, unit in enumerate(units["unit"])}
        parents = [position.get(parent, -1) if pd.notna(parent) else -1 for parent in units["parent"]]
        depth = [_depth(place, parents) for place in range(len(parents))]
        return cls(
            kinds=list(units["kind"]),
            parents=parents,
            depth=depth,
            opened=_months(units["opened_on"], -np.inf),
            closed=_months(units["closed_on"], np.inf),
        )

    def open_months(self, horizon: Horizon) -> np.ndarray:
        """[unit, month]: from the month of opening to the month of closing; a unit above an open one is open."""
        months = np.array(horizon.months)[None, :]
        is_open = (self.opened[:, None] <= months) & (months <= self.closed[:, None])
        for place in sorted(range(len(self.parents)), key=lambda p: -self.depth[p]):
            if self.parents[place] >= 0:
                is_open[self.parents[place]] |= is_open[place]
        return is_open

    def of_kinds_or_above(self, kinds: tuple[str, ...] | None) -> np.ndarray:
        """[unit]: whether a unit is of one of the kinds (None: any), or above one that is."""
        chosen = np.array([kinds is None or kind in kinds for kind in self.kinds], dtype=bool)
        for place in sorted(range(len(self.parents)), key=lambda p: -self.depth[p]):
            if self.parents[place] >= 0:
                chosen[self.parents[place]] |= chosen[place]
        return chosen


def _depth(place: int, parents: list[int]) -> int:
    depth = 0
    while parents[place] >= 0 and depth <= len(parents):
        place, depth = parents[place], depth + 1
    return depth


def _months(dates: pd.Series, missing: float) -> np.ndarray:
    days = pd.to_datetime(dates)
    return np.where(days.isna(), missing, days.dt.year.fillna(0) * 12 + days.dt.month.fillna(1) - 1).astype(
        float
    )
