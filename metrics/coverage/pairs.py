"""Who reaches what: pairs of a demand point and a site with the cost of the way, nothing beyond a limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pairs:
    """Pairs within a limit, arrays of one length; what cannot be reached has no pair, never a cost of 0.

    demand, site: int64 positions in the caller's frames; cost: float64, metres or minutes; ``limit``: the largest
    cost asked for; ``estimated``: costs are not measured along ways. Sorted by demand, cost, site, so that the
    first pair of a demand point is its nearest site and ties go to the earlier site.
    """

    demand: np.ndarray
    site: np.ndarray
    cost: np.ndarray
    limit: float = np.inf
    unit: str = "m"
    estimated: bool = False

    def __post_init__(self) -> None:
        demand = np.asarray(self.demand, np.int64)
        site = np.asarray(self.site, np.int64)
        cost = np.asarray(self.cost, np.float64)
        if not demand.shape == site.shape == cost.shape or demand.ndim != 1:
            raise ValueError("demand, site and cost are arrays of one length")
        if np.isnan(cost).any() or (cost < 0).any():
            raise ValueError("a cost is never missing and never negative")
        order = np.lexsort((site, cost, demand))
        object.__setattr__(self, "demand", demand[order])
        object.__setattr__(self, "site", site[order])
        object.__setattr__(self, "cost", cost[order])

    def __len__(self) -> int:
        return len(self.demand)

    def up_to(self, limit: float) -> Pairs:
        """The pairs whose cost is at most ``limit``."""
        keep = self.cost <= limit
        return Pairs(
            self.demand[keep],
            self.site[keep],
            self.cost[keep],
            min(limit, self.limit),
            self.unit,
            self.estimated,
        )

    def of_sites(self, sites: np.ndarray) -> Pairs:
        """The pairs of some sites (positions); sites keep their positions."""
        keep = np.isin(self.site, sites)
        return Pairs(
            self.demand[keep], self.site[keep], self.cost[keep], self.limit, self.unit, self.estimated
        )

    def nearest(self, demands: int) -> tuple[np.ndarray, np.ndarray]:
        """Of each of ``demands`` points the site of least cost, -1 where none is within reach, and the cost or NaN."""
        site, cost = np.full(demands, -1, np.int64), np.full(demands, np.nan)
        first = np.flatnonzero(np.diff(self.demand, prepend=-1))
        site[self.demand[first]], cost[self.demand[first]] = self.site[first], self.cost[first]
        return site, cost


def nothing(limit: float, unit: str, estimated: bool = False) -> Pairs:
    """Nobody reaches anything."""
    empty = np.empty(0, np.int64)
    return Pairs(empty, empty, np.empty(0), limit, unit, estimated)
