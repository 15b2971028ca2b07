"""Every objective against looking at all choices, on random small districts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.siting.capacity import fewest_beyond
from metrics.siting.covering import most_covered
from metrics.siting.median import least_distance
from tests.siting import worlds as plain
from tests.siting.worlds import worlds

budgets = {"new": st.integers(0, 3), "moves": st.integers(0, 2)}


def holds(solution, best: float, told: float) -> None:
    """The solution leaves the least of its measure, says so itself, and its choice really does."""
    assert solution.after == pytest.approx(best, abs=1e-6)
    assert told == pytest.approx(best, abs=1e-6), "the choice is not worth what the solution says"
    assert solution.exact
    assert solution.bound == solution.value
    assert solution.least == pytest.approx(best, abs=1e-6)


@given(problem=worlds, **budgets, own=st.sampled_from([None, 1.0, 4.0]))
def test_covering_wins_most_people(problem, new, moves, own):
    problem = replace(problem, limit_candidates=own)
    solution = most_covered(problem, new, moves=moves)
    units = [u for u in range(problem.standing) if u not in solution.closed]
    everyone = problem.people
    best = min(plain.beyond(problem, *choice, everyone) for choice in plain.choices(problem, new, moves))
    holds(solution, best, plain.beyond(problem, units, list(solution.chosen), everyone))
    assert solution.before == pytest.approx(plain.beyond(problem, range(problem.standing), [], everyone))
    assert len(solution.closed) <= moves
    assert len(solution.chosen) <= new + len(solution.closed)


@given(problem=worlds, new=st.integers(0, 3))
def test_covering_wins_most_of_weighed_bands(problem, new):
    solution = most_covered(problem, new, weights={"people_65": 2.5, "people": 0.5})
    weight = 2.5 * problem.groups["people_65"].to_numpy() + 0.5 * problem.people
    everyone = range(problem.standing)
    best = min(plain.beyond(problem, *choice, weight) for choice in plain.choices(problem, new))
    holds(solution, best, plain.beyond(problem, everyone, list(solution.chosen), weight))


@given(problem=worlds, **budgets, farthest=st.sampled_from([None, 6.0, 20.0]))
def test_median_leaves_fewest_person_metres(problem, new, moves, farthest):
    movable = range(min(2, problem.standing))
    solution = least_distance(problem, new, moves=moves, movable=movable, farthest=farthest)
    costs = [*problem.pairs_existing.cost, *problem.pairs_candidates.cost]
    far = farthest if farthest is not None else max(costs, default=0)
    units = [u for u in range(problem.standing) if u not in solution.closed]
    every = plain.choices(problem, new, moves, movable)
    best = min(plain.person_metres(problem, *choice, far) for choice in every)
    holds(solution, best, plain.person_metres(problem, units, list(solution.chosen), far))
    assert set(solution.closed) <= set(movable)


@given(problem=worlds, **budgets, room=st.sampled_from([0, 7, 25, 60]))
def test_capacity_leaves_fewest_without_room(problem, new, moves, room):
    problem = replace(problem, people=np.floor(problem.people))
    movable = range(min(2, problem.standing))
    solution = fewest_beyond(problem, new, room, moves=moves, movable=movable)
    units = [u for u in range(problem.standing) if u not in solution.closed]
    every = plain.choices(problem, new, moves, movable)
    best = min(plain.without_room(problem, *choice, room) for choice in every)
    holds(solution, best, plain.without_room(problem, units, list(solution.chosen), room))
    assert solution.before == plain.without_room(problem, list(range(problem.standing)), [], room)
    assert set(solution.closed) <= set(movable)
    assert len(solution.closed) <= moves
    assert len(solution.chosen) <= new + len(solution.closed)
