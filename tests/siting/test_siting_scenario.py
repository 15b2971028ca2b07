"""What a proposal changes: a small district counted by hand, and random ones against plain loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage.pairs import Pairs
from metrics.siting.covering import most_covered
from metrics.siting.problem import Problem
from metrics.siting.scenario import evaluate, proposal, reach
from tests.siting import worlds as plain
from tests.siting.worlds import worlds


@pytest.fixture
def village_road() -> Problem:
    """Five hamlets along a road, at 0, 1, 2, 5 and 6 km; units at 0 and 2 km, sites at 5 and 6 km. Nobody knows a way from
    the hamlet at 6 km to the units."""
    home, unit, site = np.array([0.0, 1, 2, 5, 6]), np.array([0.0, 2]), np.array([5.0, 6])
    near, new = abs(home[:, None] - unit), abs(home[:, None] - site)
    near[4] = np.inf
    return Problem(
        people=np.array([10.0, 20, 30, 40, 100]),
        groups=pd.DataFrame({"people_65": [1, 2, 3, 4, 50], "floating": [0, 0, 0, 8, 9]}),
        existing=pd.DataFrame({"name": ["west", "middle"]}),
        candidates=pd.DataFrame({"name": ["east", "far east"]}),
        pairs_existing=plain.pairs_of(near, 5),
        pairs_candidates=plain.pairs_of(new, 5),
        limit=1,
        place=np.array(["A", "A", "A", "B", "C"]),
    )


def test_one_opened_by_hand(village_road):
    found = evaluate(village_road, [0], people_a_unit=50)
    assert (found.opened, found.closed, found.moved) == ((0,), (), ())
    assert (found.beyond_before, found.beyond_after) == (140, 0)
    assert found.groups.to_dict("records") == [
        dict(group="people", people=200, within_before=60, within_after=200, gained=140, won=140, lost=0),
        dict(group="people_65", people=60, within_before=6, within_after=60, gained=54, won=54, lost=0),
        dict(group="floating", people=17, within_before=0, within_after=17, gained=17, won=17, lost=0),
    ]
    places = found.places.set_index("place")
    assert list(places.index) == ["C", "B"], "most won first; nothing changes in A"
    assert places.loc[
        "B", ["people", "gained", "gained_people_65", "cost_before", "cost_after"]
    ].tolist() == [
        40,
        40,
        4,
        3,
        0,
    ]
    assert places.loc["C", "gained"] == 100
    assert np.isnan(places.loc["C", "cost_before"]), "an unknown way is not one of length 0"
    ways = found.ways.set_index("when")
    # Known both times: 10 x 0, 20 x 1, 30 x 0, 40 x 3 before and x 0 after.
    assert ways["mean"].tolist() == [1.4, 0.2]
    assert ways["unknown"].tolist() == [100, 0]
    # 200 people: half are reached by the hamlet at 5 km (0, 0, 1, 3), nine of ten live where no way is known.
    assert ways["median"].tolist() == [3, 1]
    assert np.isnan(ways.loc["before", "ninth"])
    assert ways.loc["after", "ninth"] == 1
    work = found.workload.set_index("site")
    assert work["state"].tolist() == ["stays", "stays", "opens"]
    # The hamlet at 1 km lies between both units: the first in order has it.
    assert work["people_before"].tolist()[:2] == [30, 70]
    assert np.isnan(work.loc[2, "people_before"])
    assert work["people_after"].tolist() == [30, 30, 140]
    assert work["change"].tolist() == [0, -40, 140]
    assert (found.above_before, found.above_after) == (1, 1)
    assert work["above_after"].tolist() == [False, False, True]


def test_one_moved_by_hand(village_road):
    found = evaluate(village_road, moved=[(1, 0)], people_a_unit=50)
    assert (found.opened, found.closed, found.moved) == ((0,), (1,), ((1, 0),))
    everyone = found.groups.iloc[0]
    assert (everyone["won"], everyone["lost"], everyone["gained"]) == (140, 30, 110)
    assert found.beyond_after == 30
    assert found.workload["state"].tolist() == ["stays", "closes", "opens"]
    assert np.isnan(found.workload["people_after"][1])
    assert found.places.set_index("place").loc["A", ["won", "lost", "gained"]].tolist() == [0, 30, -30]


def test_what_is_not_known_of_a_band_is_not_counted_as_nobody(village_road):
    """The floating residents of the last hamlet are not known: neither is what its people win; of B it is."""
    groups = village_road.groups.assign(floating=[0, 0, 0, 8, np.nan])
    found = evaluate(replace(village_road, groups=groups), [0], people_a_unit=50)
    floating = found.groups.set_index("group").loc["floating"]
    assert floating["within_before"] == 0
    assert floating[["people", "within_after", "gained", "won"]].isna().all()
    assert found.places.set_index("place")["gained_floating"].fillna(-1).to_dict() == {"C": -1, "B": 8}


def test_nothing_changes_nothing(village_road):
    found = evaluate(village_road, people_a_unit=5000)
    assert found.places.empty
    assert (found.groups["gained"] == 0).all()
    assert (found.workload["change"] == 0).all()


def test_without_places_and_without_anybody():
    nobody = Problem(
        people=np.zeros(0),
        groups=pd.DataFrame({"people_65": []}),
        existing=pd.DataFrame(index=range(1)),
        candidates=pd.DataFrame(index=range(1)),
        pairs_existing=Pairs([], [], []),
        pairs_candidates=Pairs([], [], []),
        limit=2000,
    )
    found = evaluate(nobody, [0], people_a_unit=5000)
    assert found.places.empty
    assert found.beyond_after == 0
    assert found.ways[["mean", "median", "ninth"]].isna().all().all()


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (dict(opened=[2]), "there is no candidate 2"),
        (dict(closed=[-1]), "there is no unit -1"),
        (dict(opened=[0], moved=[(1, 0)]), "a candidate is named twice"),
        (dict(closed=[1], moved=[(1, 0)]), "a unit is named twice"),
    ],
)
def test_what_cannot_be_is_refused(village_road, how, told):
    with pytest.raises(ValueError, match=told):
        evaluate(village_road, **how, people_a_unit=5000)


@given(problem=worlds, data=st.data())
def test_random_proposals_agree_with_loops(problem, data):
    units, sites = range(problem.standing), range(len(problem.candidates))
    closed = data.draw(st.sets(st.sampled_from(units))) if units else set()
    opened = data.draw(st.sets(st.sampled_from(sites))) if sites else set()
    problem = replace(problem, limit_candidates=data.draw(st.sampled_from([None, 1.0])))
    found = evaluate(problem, opened, closed, people_a_unit=100)
    stay = [unit for unit in units if unit not in closed]
    near, new = plain.dense(problem)
    own = problem.limit_of_candidates
    work = found.workload.set_index("site")
    load = dict.fromkeys([*stay, *(problem.standing + site for site in sorted(opened))], 0.0)
    ways, gained = [], 0.0
    for point, people in enumerate(problem.people):
        costs = {**{u: near[point, u] for u in stay}, **{problem.standing + s: new[point, s] for s in opened}}
        nearest = min(costs, key=lambda site: (costs[site], site), default=-1)
        if nearest >= 0 and costs[nearest] < np.inf:
            assert found.after.site[point] == nearest
            assert found.after.cost[point] == costs[nearest]
            load[nearest] += people
            ways.append((costs[nearest], people))
        else:
            assert found.after.site[point] == -1
            assert np.isnan(found.after.cost[point])
            ways.append((np.inf, people))
        then = any(near[point, u] <= problem.limit for u in stay) or any(new[point, s] <= own for s in opened)
        now = any(near[point, u] <= problem.limit for u in units)
        assert (found.before.within[point], found.after.within[point]) == (now, then)
        gained += people * (int(then) - int(now))
    assert found.groups["gained"][0] == pytest.approx(gained)
    assert found.places["gained"].sum() == pytest.approx(gained)
    assert {site: work.loc[site, "people_after"] for site in load} == pytest.approx(load)
    assert found.beyond_after == pytest.approx(plain.beyond(problem, stay, sorted(opened), problem.people))
    total, so_far, median = problem.people.sum(), 0.0, np.nan
    for cost, people in sorted(ways):
        so_far += people
        if people and so_far >= total / 2 - 1e-9:
            median = cost
            break
    told = found.ways.set_index("when").loc["after", "median"]
    assert told == pytest.approx(median) if np.isfinite(median) else np.isnan(told)


@given(problem=worlds, new=st.integers(0, 3), moves=st.integers(0, 2))
def test_a_computed_solution_is_told_as_it_was_computed(problem, new, moves):
    """The solver's own numbers and those of the one evaluation are the same."""
    solution = most_covered(problem, new, moves=moves)
    found = proposal(problem, solution, people_a_unit=5000)
    assert found.groups["gained"][0] == pytest.approx(solution.value)
    assert found.beyond_before == pytest.approx(solution.before)
    assert found.beyond_after == pytest.approx(solution.after)
    again = reach(problem, np.arange(problem.sites) < problem.standing)
    assert (again.within == found.before.within).all()
