"""Every reduction, bound and ruling on random savings and flows: none ever loses the best choice."""

from __future__ import annotations

import time
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metrics.siting import relaxing
from metrics.siting import savings as saving
from metrics.siting.budget import Budget
from metrics.siting.capacity import CapacityModel
from metrics.siting.covering import covering_savings
from metrics.siting.exact import solved
from metrics.siting.flow import Flow, loads, pushed, shrunk
from metrics.siting.median import median_savings
from metrics.siting.relaxing import SavingsModel, relaxed, ruled
from metrics.siting.savings import Savings, made, merged, only, settled, undominated
from metrics.siting.start import started, tidied
from tests.siting.worlds import world

budgets = st.builds(Budget, st.integers(0, 3), st.integers(0, 2))


@st.composite
def tables(draw) -> tuple[np.ndarray, int]:
    """What each column saves each row, few values so that many tie, and how many columns are units that stand."""
    rows, columns = draw(st.integers(0, 9)), draw(st.integers(0, 7))
    values = st.sampled_from(draw(st.sampled_from([[0, 1], [0, 0, 1, 2, 5], [0, 0.25, 1.1, 3.3]])))
    table = [[draw(values) for _ in range(columns)] for _ in range(rows)]
    return np.array(table, dtype=float).reshape(rows, columns), draw(st.integers(0, min(3, columns)))


def savings_of(table: np.ndarray, movable: int) -> Savings:
    row, column = np.nonzero(np.ones_like(table))
    return made(row, column, table[row, column], np.arange(table.shape[1]), movable)


def every(columns: int, movable: int, budget: Budget):
    for count in range(columns + 1):
        for some in combinations(range(columns), count):
            chosen = np.isin(np.arange(columns), some)
            closed = movable - chosen[:movable].sum()
            if closed <= budget.moves and chosen[movable:].sum() <= budget.new + closed:
                yield chosen


def worth(table: np.ndarray, chosen: np.ndarray) -> float:
    return float(table[:, chosen].max(axis=1, initial=0).sum())


def optimum(table: np.ndarray, movable: int, budget: Budget) -> float:
    return max(worth(table, chosen) for chosen in every(table.shape[1], movable, budget))


def table_of(found: Savings) -> np.ndarray:
    table = np.zeros((found.rows, found.columns))
    table[found.row, found.column] = found.saving
    return table


@given(tables(), budgets)
def test_no_reduction_changes_the_optimum(given_table, budget):
    table, movable = given_table
    whole = savings_of(table, movable)
    best = optimum(table, movable, budget)
    for found in (whole, merged(whole), undominated(whole), undominated(merged(whole))):
        assert optimum(table_of(found), found.movable, budget) == pytest.approx(best)
        assert found.movable == movable
    for chosen in every(table.shape[1], movable, budget):
        assert whole.value(chosen) == pytest.approx(worth(table, chosen))
        assert merged(whole).value(chosen) == pytest.approx(worth(table, chosen)), "merging changes no choice"


def test_of_several_savings_of_one_pair_the_largest_counts():
    found = made(np.array([4, 4, 4]), np.array([0, 0, 0]), np.array([2.0, 5.0, 0.0]), np.arange(1))
    assert (found.row.tolist(), found.saving.tolist()) == ([0], [5])


def test_reductions_do_reduce():
    """Rows of the same sites become one, a site that another one is as good as goes."""
    table = np.array([[2, 2, 0], [3, 3, 0], [0, 1, 0], [0, 4, 5]], dtype=float)
    found = merged(savings_of(table, 0))
    assert found.rows == 3
    assert undominated(found).site.tolist() == [1, 2]
    assert undominated(savings_of(np.ones((2, 3)), 0)).site.tolist() == [0], "of equal ones the first stays"
    assert undominated(savings_of(np.ones((2, 3)), 1)).site.tolist() == [0], "also when it is a unit"
    assert undominated(merged(savings_of(table, 1))).site.tolist() == [0, 1, 2], (
        "a unit that stands never goes"
    )


def test_domination_is_left_alone_where_it_would_take_too_long(monkeypatch):
    monkeypatch.setattr(saving, "_MOST_COMPARED", 0)
    found = undominated(savings_of(np.array([[1.0, 1.0, 0.0]]), 0))
    assert found.site.tolist() == [0, 1], "only what saves nothing goes"


@given(tables(), st.data())
def test_taking_some_as_open_changes_no_value(given_table, data):
    table, movable = given_table
    whole, columns = savings_of(table, movable), np.arange(table.shape[1])
    opened = np.isin(
        columns, data.draw(st.sets(st.sampled_from(columns[:movable].tolist()))) if movable else []
    )
    rest, sure = settled(whole, opened)
    for chosen in every(len(columns), movable, Budget(3, 2)):
        if (chosen | ~opened).all():
            assert sure + rest.value(chosen[~opened]) == pytest.approx(worth(table, chosen))


@given(tables(), budgets, st.data())
def test_bounds_hold_at_any_prices(given_table, budget, data):
    table, movable = given_table
    whole = savings_of(table, movable)
    price = st.floats(0, 6)
    prices = np.array([data.draw(price) for _ in range(whole.rows)])
    choice, total = budget.dearest(SavingsModel(whole).worth(prices), movable)
    assert budget.allows(choice, movable)
    assert prices.sum() + total >= optimum(table, movable, budget) - 1e-9


@given(tables(), budgets)
def test_start_bound_and_ruling(given_table, budget):
    table, movable = given_table
    whole, best = savings_of(table, movable), optimum(table, movable, budget)
    chosen = started(whole, budget)
    value = whole.value(chosen)
    assert budget.allows(chosen, movable)
    assert value <= best + 1e-9
    tidy = tidied(whole, budget, chosen)
    assert budget.allows(tidy, movable)
    assert whole.value(tidy) == pytest.approx(value)
    model = SavingsModel(whole)
    about = relaxed(model, budget, chosen, value, time.monotonic() + 10)
    assert about.bound >= best - 1e-9
    linear = solved(whole, budget, 10, relaxation=True)
    assert about.bound >= linear.bound - 1e-6, "no prices prove more than the linear relaxation"
    assert linear.bound >= best - 1e-6
    ruling = ruled(model, budget, about, value)
    if best > value + 1e-9:
        better = [c for c in every(table.shape[1], movable, budget) if worth(table, c) >= best - 1e-9]
        assert any(not (c & ruling.out).any() and (c | ~ruling.open).all() for c in better), (
            "the best was ruled out"
        )


@given(tables(), budgets)
def test_ruling_by_a_poor_start_keeps_the_best(given_table, budget):
    """However far the known solution is from the best one."""
    table, movable = given_table
    whole, best = savings_of(table, movable), optimum(table, movable, budget)
    chosen = np.arange(table.shape[1]) < movable
    value = whole.value(chosen)
    about = relaxed(SavingsModel(whole), budget, chosen, value, time.monotonic() + 10)
    ruling = ruled(SavingsModel(whole), budget, about, value)
    left, sure = settled(whole, ruling.open)
    left = only(left, ~ruling.out[~ruling.open])
    assert max(value, sure + optimum(table_of(left), left.movable, budget)) == pytest.approx(best)


@settings(max_examples=60)
@given(tables(), budgets)
def test_ruling_by_the_second_best_keeps_every_best(given_table, budget):
    """The sharpest ruling there is: known is the best value but one."""
    table, movable = given_table
    sums = [(worth(table, chosen), chosen) for chosen in every(table.shape[1], movable, budget)]
    best = max(value for value, _ in sums)
    lower = [value for value, _ in sums if value < best - 1e-9]
    if not lower:
        return
    value, chosen = max(lower), next(chosen for value, chosen in sums if value == max(lower))
    model = SavingsModel(savings_of(table, movable))
    ruling = ruled(model, budget, relaxed(model, budget, chosen, value, time.monotonic() + 10), value)
    for told, choice in sums:
        if told >= best - 1e-9:
            assert not (choice & ruling.out).any()
            assert (choice | ~ruling.open).all()


@given(tables(), budgets)
def test_the_programme_finds_the_optimum_without_any_reduction(given_table, budget):
    table, movable = given_table
    whole = savings_of(table, movable)
    outcome = solved(whole, budget, 10)
    assert outcome.done
    assert budget.allows(outcome.chosen, movable)
    assert whole.value(outcome.chosen) == pytest.approx(optimum(table, movable, budget))


@st.composite
def flows(draw) -> tuple[Flow, int]:
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    pairs = draw(st.sets(st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))))
    row, column = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    scale = draw(st.sampled_from([1.0, 0.5]))
    people, room = (
        np.array(draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))) * scale for n in (rows, columns)
    )
    return Flow.of(row, column, people, room), draw(st.integers(0, columns))


@given(flows())
def test_the_smaller_flow_gains_the_same(given_flow):
    """Whatever opens: what is left of a flow gains just as many people as all of it."""
    flow, standing = given_flow
    is_open = np.arange(len(flow.room)) < standing
    small, already = shrunk(flow, is_open), pushed(flow, is_open)
    for opened in every(len(flow.room) - standing, 0, Budget(len(flow.room))):
        chosen = np.concatenate([np.ones(standing, dtype=bool), opened])
        gain = pushed(flow, chosen) - already
        assert pushed(small.flow, chosen[small.column]) - small.base == pytest.approx(gain)


def test_whoever_is_settled_leaves_the_flow():
    """Two rows have room enough; a third is unserved and shares its unit with a fourth: only these two are left."""
    row, column = np.array([0, 1, 2, 3, 3, 2]), np.array([0, 0, 1, 1, 2, 2])
    people, room = np.array([3.0, 4, 5, 6]), np.array([9.0, 8, 2])
    small = shrunk(Flow.of(row, column, people, room), np.array([True, True, False]))
    assert small.column.tolist() == [1, 2]
    assert small.flow.people.tolist() == [11], "who may go to the same places is one row"
    assert small.base == 8


@given(flows(), budgets, st.data())
def test_bounds_of_flows_hold_at_any_prices(given_flow, budget, data):
    flow, asked = given_flow
    movable = data.draw(st.integers(0, asked))
    price = st.floats(0, 12)
    prices = np.array([data.draw(price) for _ in range(len(flow.people))])
    model = CapacityModel(flow, movable, asked)
    _, total = budget.dearest(model.worth(prices), movable)
    sums = [(model.value(chosen), chosen) for chosen in every(asked, movable, budget)]
    best = max(value for value, _ in sums)
    assert prices.sum() + model.fixed(prices) + total >= best - 1e-9
    chosen = np.arange(asked) < movable
    value = model.value(chosen)
    about = relaxed(model, budget, chosen, value, time.monotonic() + 10)
    assert about.bound >= best - 1e-9
    ruling = ruled(model, budget, about, value)
    if best > value:
        left = [v for v, c in sums if not (c & ruling.out).any() and (c | ~ruling.open).all()]
        assert max(left) == pytest.approx(best)


@given(flows(), st.data())
def test_loads_are_those_of_a_largest_flow(given_flow, data):
    flow, _ = given_flow
    chosen = np.array([data.draw(st.booleans()) for _ in flow.room], dtype=bool)
    found = loads(flow, chosen)
    assert found.sum() == pytest.approx(pushed(flow, chosen))
    assert (found <= flow.room + 1e-9).all()
    assert (found[~chosen] == 0).all()


@example([0, 1, 5, 5], 2, Budget(0, 2))  # a dearer unit must close, and closing both is best
@settings(max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=3, max_size=7), st.integers(0, 4), budgets)
def test_the_dearest_choice_and_with_each(values, movable, budget):
    values, movable = np.array(values, dtype=float), min(movable, len(values))
    sums = [(chosen, values[chosen].sum()) for chosen in every(len(values), movable, budget)]
    chosen, total = budget.dearest(values, movable)
    assert total == max(value for _, value in sums) == values[chosen].sum()
    for some in product([False, True], repeat=len(values)):
        told = [told for told, _ in sums if (told == some).all()]
        assert budget.allows(np.array(some, dtype=bool), movable) == bool(told)
    with_each, without_unit = budget.with_each(values, movable)
    for column in range(len(values)):
        if column < movable:
            told, those = without_unit[column], [value for c, value in sums if not c[column]]
        else:
            told, those = with_each[column - movable], [value for c, value in sums if c[column]]
        assert told == max(those, default=-np.inf)


@pytest.mark.parametrize("moves", [0, 2])
def test_prices_come_near_the_linear_relaxation(moves, monkeypatch):
    """Not only valid but low: within a hundredth of the best that prices can prove, in a district of many rows."""
    monkeypatch.setattr(relaxing, "_FEW", 0)  # never left to the solver
    problem = world(5, points=200, units=3, sites=30, size=18.0)
    may_close, budget = problem.may_move(None, moves), Budget(5, moves)
    for found in (
        covering_savings(problem, may_close, moves)[0],
        median_savings(problem, may_close, moves)[0],
    ):
        chosen = started(found, budget)
        about = relaxed(SavingsModel(found), budget, chosen, found.value(chosen), time.monotonic() + 60)
        linear = solved(found, budget, 60, relaxation=True).bound
        assert linear - 1e-6 <= about.bound <= linear * 1.01
