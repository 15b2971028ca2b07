"""Larger districts against other formulations: the textbook programmes, one variable for every pair, nothing reduced."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from metrics.siting.capacity import fewest_beyond
from metrics.siting.covering import most_covered
from metrics.siting.median import least_distance
from metrics.siting.problem import Problem
from metrics.siting.scenario import proposal
from tests.siting import worlds as plain

SEEDS = range(4)


def district(seed: int) -> Problem:
    return plain.world(seed * 7 + 1, points=260, units=14, sites=32, size=30.0, limit=3.0, longest=np.inf)


def solve(costs, rows, whole) -> np.ndarray:
    """Least costs with (coefficients by variable, least, most) rows; every variable from 0 to 1."""
    matrix = sparse.lil_array((len(rows), len(costs)))
    for number, (coefficients, _, _) in enumerate(rows):
        for variable, value in coefficients.items():
            matrix[number, variable] = value
    low, high = ([row[k] for row in rows] for k in (1, 2))
    constraint = LinearConstraint(matrix.tocsc(), low, high)
    result = milp(
        costs, integrality=whole, bounds=Bounds(0, 1), constraints=constraint, options={"mip_rel_gap": 0}
    )
    assert result.status == 0
    return result.fun


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("new", "moves"), [(1, 0), (4, 0), (2, 2)])
def test_covering(seed, new, moves):
    """Church and ReVelle's programme: u_i = 1 where nobody covers, every site a variable, so many open and closed."""
    problem = district(seed)
    near, far = plain.dense(problem)
    table = np.hstack([near, far]) <= problem.limit
    points, sites = table.shape
    units = problem.standing
    costs = np.concatenate([problem.people, np.zeros(sites)])
    rows = [
        ({point: 1, **{points + s: 1 for s in np.flatnonzero(table[point])}}, 1, np.inf)
        for point in range(points)
    ]
    rows.append(({points + s: 1 for s in range(units)}, units - moves, units))
    rows.append(({points + s: 1 for s in range(sites)}, 0, units + new))
    fewest = solve(costs, rows, np.ones(points + sites))
    solution = most_covered(problem, new, moves=moves)
    assert solution.exact
    assert solution.after == pytest.approx(fewest)
    assert proposal(problem, solution, people_a_unit=5000).beyond_after == pytest.approx(fewest)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("new", "moves"), [(1, 0), (4, 0), (2, 1)])
def test_median(seed, new, moves):
    """ReVelle and Swain's programme: every point is assigned to one open site. Fewer points: it is large."""
    problem = plain.world(seed * 7 + 1, points=70, units=6, sites=14, size=30.0)
    cost = np.hstack(plain.dense(problem))
    points, sites = cost.shape
    units, first = problem.standing, points * sites
    costs = np.concatenate([(problem.people[:, None] * cost).ravel(), np.zeros(sites)])
    rows = [({p * sites + s: 1 for s in range(sites)}, 1, 1) for p in range(points)]
    rows += [({p * sites + s: 1, first + s: -1}, -np.inf, 0) for p in range(points) for s in range(sites)]
    rows.append(({first + s: 1 for s in range(units)}, units - moves, units))
    rows.append(({first + s: 1 for s in range(sites)}, 0, units + new))
    whole = np.concatenate([np.zeros(first), np.ones(sites)])
    least = solve(costs, rows, whole)
    solution = least_distance(problem, new, moves=moves)
    assert solution.exact
    assert solution.after == pytest.approx(least, rel=1e-6)
    ways = proposal(problem, solution, people_a_unit=5000).ways.set_index("when")
    assert ways.loc["after", "mean"] * problem.people.sum() == pytest.approx(least, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("new", "room"), [(1, 200), (4, 90), (4, 350)])
def test_capacity(seed, new, room):
    """A share of every point for every site within the rule; a site takes its room at most if it opens, else none."""
    problem = district(seed)
    table = np.hstack(plain.dense(problem)) <= problem.limit
    point, site = np.nonzero(table)
    pairs, sites = len(point), table.shape[1]
    costs = np.concatenate([-problem.people[point], np.zeros(sites)])
    rows = [(dict.fromkeys(np.flatnonzero(point == p), 1), 0, 1) for p in range(table.shape[0])]
    rows += [
        ({**{k: problem.people[point[k]] for k in np.flatnonzero(site == s)}, pairs + s: -room}, -np.inf, 0)
        for s in range(sites)
    ]
    rows.append(({pairs + s: 1 for s in range(problem.standing, sites)}, 0, new))
    whole = np.concatenate([np.zeros(pairs), np.ones(sites)])
    served = -solve(costs, rows, whole)
    solution = fewest_beyond(problem, new, room)
    assert solution.exact
    assert solution.after == pytest.approx(problem.people.sum() - served, abs=1e-3)
