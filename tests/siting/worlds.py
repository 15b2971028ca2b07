"""Random small districts, and the answers to every question by looking at all choices."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from metrics.coverage.pairs import Pairs
from metrics.siting.problem import Problem


def pairs_of(cost: np.ndarray, longest: float = np.inf) -> Pairs:
    """Pairs of a dense table of costs [points, sites]; longer than ``longest``: no pair."""
    demand, site = np.nonzero(cost <= longest)
    return Pairs(demand, site, cost[demand, site])


def world(
    seed: int, *, points: int, units: int, sites: int, size: float = 10.0, limit: float = 3.0, longest=np.inf
):
    """A district of so many of each, the numbers whole or not by the seed."""
    draw = np.random.default_rng(seed)
    home, unit, site = (draw.uniform(0, size, (n, 2)) for n in (points, units, sites))
    people = draw.integers(0, 40, points).astype(float)
    if seed % 3 == 0:
        people += np.round(draw.uniform(0, 1, points), 2)
    groups = pd.DataFrame(
        {"people_0_6": draw.integers(0, 5, points), "people_65": draw.integers(0, 9, points)}
    )
    return Problem(
        people=people,
        groups=groups,
        existing=pd.DataFrame({"name": [f"u{i}" for i in range(units)]}),
        candidates=pd.DataFrame({"name": [f"c{i}" for i in range(sites)]}),
        pairs_existing=pairs_of(distances(home, unit), longest),
        pairs_candidates=pairs_of(distances(home, site), longest),
        limit=limit,
        place=draw.integers(0, 4, points),
    )


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.round(np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]), 2)


worlds = st.builds(
    world,
    st.integers(0, 10**6),
    points=st.integers(0, 14),
    units=st.integers(0, 4),
    sites=st.integers(0, 6),
    limit=st.sampled_from([1.5, 3.0, 5.0]),
    longest=st.sampled_from([5.0, 8.0, np.inf]),
)


def choices(problem: Problem, new: int, moves: int = 0, movable=None):
    """Every way to open and close within the budget: open units and chosen candidates."""
    units = range(problem.standing)
    may = set(units) if movable is None else set(movable)
    for closing in range(min(moves, len(may)) + 1):
        for closed in combinations(sorted(may), closing):
            for opening in range(min(new + closing, len(problem.candidates)) + 1):
                for chosen in combinations(range(len(problem.candidates)), opening):
                    yield [u for u in units if u not in closed], list(chosen)


def dense(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Costs as tables [points, units] and [points, candidates], inf where there is no pair."""
    tables = []
    for pairs, sites in (
        (problem.pairs_existing, len(problem.existing)),
        (problem.pairs_candidates, len(problem.candidates)),
    ):
        table = np.full((len(problem.people), sites), np.inf)
        for demand, site, cost in zip(pairs.demand, pairs.site, pairs.cost, strict=True):
            table[demand, site] = min(table[demand, site], cost)
        tables.append(table)
    return tables[0], tables[1]


def beyond(problem: Problem, units: list[int], chosen: list[int], weight: np.ndarray) -> float:
    near, new = dense(problem)
    own = problem.limit if problem.limit_candidates is None else problem.limit_candidates
    total = 0.0
    for point in range(len(problem.people)):
        within = any(near[point, u] <= problem.limit for u in units) or any(
            new[point, c] <= own for c in chosen
        )
        total += 0 if within else weight[point]
    return total


def person_metres(problem: Problem, units: list[int], chosen: list[int], farthest: float) -> float:
    near, new = dense(problem)
    total = 0.0
    for point, people in enumerate(problem.people):
        total += people * min([farthest, *near[point, units], *new[point, chosen]])
    return total


def without_room(problem: Problem, units: list[int], chosen: list[int], room: float) -> float:
    """People for whom no open site within the rule has room, by ways that take one more person (whole people)."""
    near, new = dense(problem)
    own = problem.limit if problem.limit_candidates is None else problem.limit_candidates
    open_sites = [(near[:, u], problem.limit) for u in units] + [(new[:, c], own) for c in chosen]
    may = [
        [k for k, (cost, limit) in enumerate(open_sites) if cost[p] <= limit]
        for p in range(len(problem.people))
    ]
    has: list[list[int]] = [[] for _ in open_sites]  # the points of whoever is served there

    def placed(point: int, seen: set[int]) -> bool:
        for site in may[point]:
            if site in seen:
                continue
            seen.add(site)
            if len(has[site]) < room:
                has[site].append(point)
                return True
            for index, other in enumerate(has[site]):
                if placed(other, seen):
                    has[site][index] = point
                    return True
        return False

    return sum(
        not placed(point, set())
        for point in range(len(problem.people))
        for _ in range(int(problem.people[point]))
    )
