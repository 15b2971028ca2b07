"""How long proposals take in a large district: ``python -m tests.bench.siting_work [CELLS UNITS CANDIDATES]``.

The district is invented: towns of unequal size on a square of cells of 500 m. One line of JSON a question.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from metrics.coverage.pairs import Pairs
from metrics.siting.capacity import fewest_beyond
from metrics.siting.covering import most_covered
from metrics.siting.median import least_distance
from metrics.siting.problem import Problem
from metrics.siting.scenario import evaluate
from metrics.standards import value_in
from tests.bench.measure import peak_mb

_SIDE_M = 500.0
_TOWNS = 40
_FAR_M = 15_000.0  # as far as ways to units are known
_NEAR_M = 5_000.0  # the same to candidates
_PEOPLE_A_CELL = 33
_MONTH = 2026 * 12


def district(cells: int, units: int, candidates: int, seed: int = 1) -> Problem:
    """A problem of about so many cells, with the rule in force."""
    draw = np.random.default_rng(seed)
    side = int(np.sqrt(cells))
    cells = side * side
    home = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * _SIDE_M
    from_town = cKDTree(draw.uniform(0, side * _SIDE_M, (_TOWNS, 2))).query(home)[0]
    dense = np.exp(-from_town / 4_000) * draw.gamma(0.7, 1, cells) + 0.02 * draw.gamma(0.5, 1, cells)
    people = draw.multinomial(_PEOPLE_A_CELL * cells, dense / dense.sum())
    sites = []
    for number, spread in ((units, 0.2), (candidates, 1.0)):
        chance = dense + spread * dense.mean()
        middle = home[draw.choice(cells, number, p=chance / chance.sum())]
        sites.append(middle + draw.uniform(-200, 200, (number, 2)))
    bands = {"people_0_6": 0.06, "people_65": 0.2, "floating": 0.15}
    return Problem(
        people=people.astype(float),
        groups=pd.DataFrame({name: draw.binomial(people, share) for name, share in bands.items()}),
        existing=pd.DataFrame(index=range(units)),
        candidates=pd.DataFrame(index=range(candidates)),
        pairs_existing=_pairs(home, sites[0], _FAR_M),
        pairs_candidates=_pairs(home, sites[1], _NEAR_M),
        limit=value_in("clinic_radius_km", _MONTH) * 1_000,
        place=draw.integers(0, 900, cells),
    )


def _pairs(home: np.ndarray, sites: np.ndarray, limit: float) -> Pairs:
    near = cKDTree(home).query_ball_point(sites, limit)
    site = np.repeat(np.arange(len(sites)), [len(some) for some in near])
    demand = np.concatenate([np.asarray(some, dtype=np.int64) for some in near])
    return Pairs(demand, site, np.rint(np.hypot(*(home[demand] - sites[site]).T)), limit)


def measured(cells: int, units: int, candidates: int) -> Iterator[dict]:
    """One dict a question: what was asked, seconds, and of a proposal whether it is exact, its value and bound."""
    problem = district(cells, units, candidates)
    people_a_unit = value_in("clinic_people", _MONTH)
    began = time.perf_counter()
    _ = problem.pairs, problem.pairs_within
    yield {"asked": "pairs in order", "seconds": time.perf_counter() - began, "points": problem.points}
    for name in ("first", "again"):
        began = time.perf_counter()
        evaluate(problem, [1, 2, 3], [5], [(7, 9)], people_a_unit=people_a_unit)
        yield {"asked": f"evaluated, {name}", "seconds": time.perf_counter() - began}
    questions = {
        "covering": lambda new, moves: most_covered(problem, new, moves=moves, seconds=60),
        "median": lambda new, moves: least_distance(problem, new, moves=moves, seconds=60),
        "capacity": lambda new, moves: fewest_beyond(problem, new, people_a_unit, moves=moves, seconds=60),
    }
    for name, ask in questions.items():
        for new, moves in ((1, 0), (5, 0), (10, 0), (5, 2)):
            found = ask(new, moves)
            told = {"exact": found.exact, "value": found.value, "bound": found.bound}
            yield {"asked": f"{name}, {new} new, {moves} moved", "seconds": found.seconds, **told}
    yield {"asked": "memory", "peak_mb": peak_mb()}


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [60_000, 400, 2_000]
    for line in measured(*sizes):
        print(json.dumps(line), flush=True)
