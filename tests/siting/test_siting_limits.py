"""Without time there is still an answer and a bound; the same question has the same answer; nonsense is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage.pairs import Pairs
from metrics.siting import capacity, relaxing, solving
from metrics.siting.budget import Budget
from metrics.siting.capacity import fewest_beyond
from metrics.siting.covering import most_covered
from metrics.siting.exact import Outcome
from metrics.siting.median import least_distance
from metrics.siting.problem import Problem
from metrics.siting.savings import made
from tests.siting import worlds as plain
from tests.siting.worlds import worlds

QUESTIONS = {
    "covering": most_covered,
    "median": least_distance,
    "capacity": lambda problem, new, **how: fewest_beyond(problem, new, 350, **how),
}


@pytest.fixture(params=QUESTIONS)
def question(request):
    return QUESTIONS[request.param]


@given(problem=worlds, new=st.integers(0, 3), moves=st.integers(0, 1), name=st.sampled_from([*QUESTIONS]))
def test_without_time_the_bound_is_still_one(problem, new, moves, name):
    question = QUESTIONS[name]
    best = question(problem, new, moves=moves)
    hasty = question(problem, new, moves=moves, seconds=0)
    slack = 1e-6 * max(1.0, best.value)
    assert hasty.value <= best.value + slack
    assert hasty.bound >= best.value - slack
    assert hasty.before == best.before
    if hasty.exact:
        assert hasty.value == pytest.approx(best.value)


def hard() -> Problem:
    """Overlapping sites in plenty."""
    return plain.world(5, points=200, units=3, sites=30, size=18.0)


def test_a_solver_that_runs_out_of_time_leaves_the_start_and_the_bound(question, monkeypatch):
    """A district whose bound does not close by itself, with and without the solver."""
    problem = hard()
    monkeypatch.setattr(relaxing, "_STEPS", 3)
    best = question(problem, 6)
    monkeypatch.setattr(solving, "_LARGEST", -1)
    monkeypatch.setattr(capacity, "_LARGEST", -1)
    hasty = question(problem, 6)
    assert best.exact
    assert not hasty.exact
    assert len(hasty.chosen) <= 6
    assert 0 < hasty.value <= best.value <= hasty.bound
    assert hasty.after == hasty.before - hasty.value
    assert hasty.least <= best.after


def test_a_slow_solver_s_own_bound_is_used(question, monkeypatch):
    """Stopped at its first node the solver has a bound, and perhaps a choice: neither is called exact unless it is."""
    problem = hard()
    best = question(problem, 6)
    monkeypatch.setattr(relaxing, "_STEPS", 3)
    for module, name in ((solving, "solved"), (capacity, "_solved")):
        whole = getattr(module, name)

        def cut(*arguments, whole=whole):
            return replace(whole(*arguments[:-1], 0.0), done=False)

        monkeypatch.setattr(module, name, cut)
    hasty = question(problem, 6)
    assert hasty.value <= best.value <= hasty.bound + 1e-6


def test_the_same_question_has_the_same_answer(question):
    problem = plain.world(8, points=300, units=10, sites=40, size=25.0)
    first, again = question(problem, 4), question(problem, 4)
    assert replace(first, seconds=0) == replace(again, seconds=0)


def test_more_sites_never_win_less_and_useless_ones_are_not_proposed(question):
    problem = plain.world(11, points=60, units=3, sites=8, size=12.0)
    won = [question(problem, new) for new in range(9)]
    assert [s.value for s in won] == sorted(s.value for s in won)
    assert won[0].chosen == ()
    assert won[0].value == 0
    everything = won[-1]
    chosen = set(everything.chosen)
    without = [question(with_sites(problem, chosen - {site}), 8).value for site in chosen]
    assert everything.value == question(with_sites(problem, chosen), 8).value
    assert all(value < everything.value for value in without), "each proposed site wins somebody"


def with_sites(problem: Problem, sites: set[int]) -> Problem:
    """The same where nobody is near any other site."""
    return replace(problem, pairs_candidates=problem.pairs_candidates.of_sites(sorted(sites)))


def test_a_unit_without_anybody_moves(question):
    """One unit in the desert, everybody at one site: it moves there; a unit that may not close stays."""
    problem = Problem(
        people=np.array([10.0, 20]),
        groups=pd.DataFrame(index=range(2)),
        existing=pd.DataFrame(index=range(2)),
        candidates=pd.DataFrame(index=range(1)),
        pairs_existing=Pairs([0, 1], [0, 0], [3.0, 3.0]),
        pairs_candidates=Pairs([0, 1], [0, 0], [1.0, 1.0]),
        limit=2,
    )
    found = question(problem, 0, moves=1, movable=[1])
    assert (found.chosen, found.closed) == ((0,), (1,))
    assert question(problem, 0, moves=1, movable=[]).chosen == ()


def test_stops_of_a_mobile_clinic_have_their_own_limit():
    problem = plain.world(11, points=60, units=3, sites=8, size=12.0)
    near = most_covered(replace(problem, limit_candidates=1.0), 2)
    assert near.before == most_covered(problem, 2).before
    assert 0 < near.value < most_covered(problem, 2).value


def village(**changes) -> Problem:
    given_values = dict(
        people=np.array([1.0, 2.0]),
        groups=pd.DataFrame({"people_65": [0, 1]}),
        existing=pd.DataFrame(index=range(1)),
        candidates=pd.DataFrame(index=range(1)),
        pairs_existing=Pairs([0], [0], [1.0]),
        pairs_candidates=Pairs([1], [0], [1.0]),
        limit=2.0,
    )
    return Problem(**{**given_values, **changes})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (dict(people=np.array([1.0])), "groups have 2 rows for 1 demand points"),
        (dict(place=np.array([1])), "place has 1 values for 2"),
        (dict(people=np.array([1.0, np.nan])), "people and groups must be numbers"),
        (dict(groups=pd.DataFrame({"people_65": [np.nan, -1]})), "people and groups must be numbers"),
        (dict(limit=-1.0), "limit is -1"),
        (dict(limit_candidates=np.inf), "limit is inf"),
        (dict(pairs_existing=Pairs([2], [0], [1.0])), "pairs_existing names a demand point or a site"),
        (dict(pairs_candidates=Pairs([0], [1], [1.0])), "pairs_candidates names a demand point or a site"),
        (dict(pairs_existing=Pairs([0], [0], [np.inf])), "leave out what is out of reach"),
        (dict(pairs_existing=Pairs([0], [0], [1.0], unit="min")), "one half of the pairs is in metres"),
        (dict(pairs_candidates=Pairs([0], [0], [1.0], limit=1.5)), "pairs_candidates end at 1.5"),
    ],
)
def test_a_problem_that_does_not_fit_together_is_refused(changes, told):
    assert village().points == 2
    with pytest.raises(ValueError, match=told):
        village(**changes)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda p: most_covered(p, -1), "0 or more"),
        (lambda p: Budget(1, -1), "0 or more"),
        (
            lambda p: most_covered(p, 1, weights={"people_7": 1}),
            "no band 'people_7'; there are people, people_65",
        ),
        (lambda p: most_covered(p, 1, weights={"people": -1}), "the weight of people is -1"),
        (lambda p: fewest_beyond(p, 1, -5), "room must be numbers"),
        (lambda p: fewest_beyond(p, 1, 5, room=np.array([])), "room has 0 values for 1 units"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(ask, told):
    with pytest.raises(ValueError, match=told):
        ask(village())


def test_a_band_that_is_not_known_everywhere_is_not_weighed():
    problem = village(groups=pd.DataFrame({"people_65": [np.nan, 1.0]}))
    assert most_covered(problem, 1, weights={"people": 2}).value == 4
    with pytest.raises(ValueError, match="people_65 is not known everywhere"):
        most_covered(problem, 1, weights={"people_65": 1})


def test_what_is_open_for_sure_belongs_to_the_solver_s_bound():
    model = relaxing.SavingsModel(made(np.array([0]), np.array([0]), np.array([3.0]), np.arange(1)))
    slow = Outcome(None, 5.0, False)
    assert solving.ended_bound(model, slow, 20.0, 10.0, sure=8.0) == 13
    assert solving.ended_bound(model, slow, 12.0, 10.0, sure=8.0) == 12, "the lower of both"
    assert solving.ended_bound(model, Outcome(None, 2.0, True), 20.0, 10.0, sure=8.0) == 10
    assert solving.ended_bound(model, Outcome(None, 4.0, True), 20.0, 10.0, sure=8.0) == 12, (
        "a claim is no proof"
    )
