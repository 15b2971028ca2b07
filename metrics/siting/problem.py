"""Who lives where, which sites there are and could be, and what it costs to get from one to the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from metrics.coverage.pairs import Pairs


@dataclass(frozen=True, eq=False)
class Table:
    """Every pair of both kinds of site, by demand point, then by cost, then by site: three arrays of one length.

    Sites are numbered through: the existing ones first, as in their frame, then the candidates.
    """

    demand: np.ndarray  # int64
    site: np.ndarray  # int64
    cost: np.ndarray  # float64, metres or minutes

    def where(self, keep: np.ndarray) -> Table:
        """The pairs for which ``keep`` (bool, one a pair) holds, in the same order."""
        return Table(self.demand[keep], self.site[keep], self.cost[keep])

    def nearest(self, points: int) -> tuple[np.ndarray, np.ndarray]:
        """Site (int64; -1: none) and cost (NaN: none) of each of ``points`` demand points' cheapest pair."""
        site, cost = np.full(points, -1, dtype=np.int64), np.full(points, np.nan)
        first = np.flatnonzero(np.diff(self.demand, prepend=-1))
        site[self.demand[first]], cost[self.demand[first]] = self.site[first], self.cost[first]
        return site, cost

    def lasting(self, closable: np.ndarray, closings: int) -> np.ndarray:
        """bool, one a pair: those that some site keeps up whatever closes of ``closable`` (bool[sites]).

        Of the sites that stand for good all; of those that may close all but a point's ``closings`` nearest, because when
        these close no other one does. Sites that are neither are for the caller to leave out.
        """
        may = closable[self.site]
        earlier = np.cumsum(may) - may  # pairs of closable sites before this one
        first = np.searchsorted(self.demand, self.demand)
        return ~may | (earlier - earlier[first] >= closings)

    def reached(self, points: int) -> np.ndarray:
        """Which of ``points`` demand points have any pair, as bool."""
        found = np.zeros(points, dtype=bool)
        found[self.demand] = True
        return found


@dataclass(frozen=True, eq=False)
class Problem:
    """One district, ready to be asked where clinics should be.

    people             float64[points]: people of each demand point (a cell, a village)
    groups             one row a point: counts of people by band (people_0_6, people_65, floating ...); bands may overlap;
                       NaN: not known, so that sums with it are not known either
    existing           one row a unit that is open now; its order numbers the sites of ``pairs_existing``
    candidates         one row a site where one could be; its order numbers the sites of ``pairs_candidates``
    pairs_existing,    what it costs to get from a point to a site; a pair that is absent is out of reach. Distances before
    pairs_candidates   and after are known as far as the pairs go, so they should reach beyond the rule
    limit              the rule: a point is within it when a site costs this or less (metres or minutes, as the pairs)
    limit_candidates   the same for candidates where it differs (a mobile clinic's stop); None: as ``limit``
    place              the village or place of each point, any hashable values; None: not known

    ValueError when lengths, numbers or positions do not fit together.
    """

    people: np.ndarray
    groups: pd.DataFrame
    existing: pd.DataFrame
    candidates: pd.DataFrame
    pairs_existing: Pairs
    pairs_candidates: Pairs
    limit: float
    limit_candidates: float | None = None
    place: np.ndarray | None = None

    def __post_init__(self) -> None:
        points = len(self.people)
        if len(self.groups) != points:
            raise ValueError(f"groups have {len(self.groups)} rows for {points} demand points")
        if self.place is not None and len(self.place) != points:
            raise ValueError(f"place has {len(self.place)} values for {points} demand points")
        groups = self.groups.to_numpy(float)
        if not _are_counts(self.people) or not _are_counts(groups[~np.isnan(groups)]):
            raise ValueError("people and groups must be numbers of 0 or more")
        for limit in (self.limit, self.limit_candidates):
            if limit is not None and not 0 <= limit < np.inf:
                raise ValueError(f"limit is {limit}; it must be 0 or more")
        if self.pairs_existing.unit != self.pairs_candidates.unit:
            raise ValueError("one half of the pairs is in metres, the other in minutes")
        for name, pairs, sites, limit in (
            ("pairs_existing", self.pairs_existing, self.standing, self.limit),
            ("pairs_candidates", self.pairs_candidates, len(self.candidates), self.limit_of_candidates),
        ):
            if pairs.limit < limit:
                raise ValueError(f"{name} end at {pairs.limit:g}, before the rule's {limit:g}")
            if not _are_positions(pairs.demand, points) or not _are_positions(pairs.site, sites):
                raise ValueError(f"{name} names a demand point or a site that is not there")
            if not _are_counts(pairs.cost):
                raise ValueError(
                    f"{name}: a cost must be a number of 0 or more; leave out what is out of reach"
                )

    @property
    def limit_of_candidates(self) -> float:
        """The rule for candidates."""
        return self.limit if self.limit_candidates is None else self.limit_candidates

    @property
    def points(self) -> int:
        """How many demand points there are."""
        return len(self.people)

    @property
    def standing(self) -> int:
        """How many existing units there are: sites below this number exist, the others are candidates."""
        return len(self.existing)

    @property
    def sites(self) -> int:
        """How many sites there are, of both kinds."""
        return len(self.existing) + len(self.candidates)

    @cached_property
    def pairs(self) -> Table:
        """All pairs in one table."""
        near, new = self.pairs_existing, self.pairs_candidates
        demand = np.concatenate([near.demand, new.demand]).astype(np.int64)
        site = np.concatenate([near.site, np.asarray(new.site) + self.standing]).astype(np.int64)
        cost = np.concatenate([near.cost, new.cost]).astype(float)
        order = np.lexsort((site, cost, demand))
        return Table(demand[order], site[order], cost[order])

    @cached_property
    def pairs_within(self) -> Table:
        """The pairs that meet the rule."""
        limits = np.where(self.pairs.site < self.standing, self.limit, self.limit_of_candidates)
        return self.pairs.where(self.pairs.cost <= limits)

    def weight(self, weights: Mapping[str, float] | None = None) -> np.ndarray:
        """What each point counts, float64[points]: its people, or the sum of its bands times their weights.

        ``people`` is a band as well. Bands that overlap count twice whoever is in both: that is what weighing them asks
        for. ValueError for a band that is not there or not known everywhere, or a weight below 0.
        """
        if weights is None:
            return np.asarray(self.people, dtype=float)
        total = np.zeros(self.points)
        for name, weight in weights.items():
            if name != "people" and name not in self.groups:
                raise ValueError(f"no band {name!r}; there are people, {', '.join(map(str, self.groups))}")
            if not 0 <= weight < np.inf:
                raise ValueError(f"the weight of {name} is {weight}; it must be 0 or more")
            counts = self.people if name == "people" else self.groups[name].to_numpy(float)
            if np.isnan(counts).any():
                raise ValueError(f"{name} is not known everywhere, so nothing can be weighed by it")
            total += weight * counts
        return total

    def may_move(self, movable: Collection[int] | None, moves: int) -> np.ndarray:
        """Which existing units may close, bool[sites]: none without moves, all when ``movable`` is None."""
        found = np.zeros(self.sites, dtype=bool)
        if moves:
            found[list(range(self.standing) if movable is None else movable)] = True
        return found


def _are_counts(values: np.ndarray) -> bool:
    values = np.asarray(values, dtype=float)
    return bool(np.isfinite(values).all() and (values >= 0).all())


def _are_positions(values: np.ndarray, length: int) -> bool:
    values = np.asarray(values)
    return not len(values) or (int(values.min()) >= 0 and int(values.max()) < length)
