"""The floating catchment against published examples, the ``access`` package, and a slow double loop."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from access import fca, weights
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage import decay
from metrics.coverage.catchment import two_step
from metrics.coverage.pairs import Pairs
from metrics.coverage.speeds import decay_bands

DAY = date(2025, 12, 31)


def pairs_of(costs: list[list[float]], limit: float = math.inf) -> Pairs:
    """From a table of costs: a row each demand point, a column each site."""
    table = np.array(costs, float)
    demand, site = np.nonzero(table <= limit)
    return Pairs(demand, site, table[demand, site], limit, "min")


def test_example_of_luo_and_wang() -> None:
    """Luo & Wang (2003), doi:10.1068/b29120, and Wang, Quantitative Methods and Applications in GIS (2006), 5.2.2.

    One resident a tract, one physician a location, 30 minutes: eight residents reach a (1/8), four reach b (1/4);
    who reaches a alone has 0.125, b alone 0.25, and the resident between them 0.375.
    """
    in_a, in_both, in_b, in_none = [[20, 50]] * 7, [[25, 25]], [[50, 20]] * 3, [[40, 40]]
    found = two_step(np.ones(12), np.ones(2), pairs_of(in_a + in_both + in_b + in_none, 30), decay.none(30))
    assert found.ratio.tolist() == [1 / 8, 1 / 4]
    assert found.access.tolist() == [0.125] * 7 + [0.375] + [0.25] * 3 + [0]
    assert found.uncovered == 1


def test_example_of_a_package() -> None:
    """The introductory example of sdc-catchment (Social Data Commons): three places in a line, a provider at each end."""
    costs = pairs_of([[0, 2], [1, 1], [2, 0]])
    people, beds = np.full(3, 100), np.full(2, 10)
    assert two_step(people, beds, costs, decay.none(3)).access == pytest.approx([20 / 300] * 3)
    bell = two_step(people, beds, costs, lambda cost: np.exp(-(cost**2) / 2))
    assert bell.access.round(6).tolist() == [0.065179, 0.069641, 0.065179]


TABLE = st.integers(1, 7).flatmap(
    lambda sites: st.lists(
        st.tuples(st.integers(0, 3_000), st.lists(st.floats(0, 45), min_size=sites, max_size=sites)),
        min_size=1,
        max_size=12,
    )
)
LIMIT = 30.0


def decays() -> dict[str, tuple[decay.Decay, object]]:
    """Each decay, and the same as an obvious function of one number."""
    edge = math.exp(-0.5)
    return {
        "none": (decay.none(LIMIT), lambda c: 1.0 if c <= LIMIT else 0.0),
        "bands": (
            decay.bands(LIMIT, ((1 / 3, 1), (2 / 3, 0.68), (1, 0.22))),
            lambda c: 1.0 if c <= 10 else 0.68 if c <= 20 else 0.22 if c <= 30 else 0.0,
        ),
        "gaussian": (
            decay.gaussian(LIMIT),
            lambda c: (math.exp(-((c / LIMIT) ** 2) / 2) - edge) / (1 - edge) if c <= LIMIT else 0.0,
        ),
        "linear": (decay.linear(LIMIT), lambda c: max(0.0, 1 - c / LIMIT)),
    }


@given(TABLE, st.lists(st.integers(0, 40), min_size=7, max_size=7), st.sampled_from(sorted(decays())))
def test_like_a_double_loop(rows, supply, name) -> None:
    weigh, plain = decays()[name]
    people, costs = [n for n, _ in rows], [c for _, c in rows]
    sites = range(len(costs[0]))
    found = two_step(people, supply[: len(sites)], pairs_of(costs, LIMIT), weigh)
    ratio = []
    for j in sites:
        total = sum(people[i] * plain(costs[i][j]) for i in range(len(people)))
        ratio.append(supply[j] / total if total > 0 else math.nan)
    for i in range(len(people)):
        access = sum(plain(costs[i][j]) * ratio[j] for j in sites if not math.isnan(ratio[j]))
        assert found.access[i] == pytest.approx(access, rel=1e-9, abs=1e-12)
    assert found.ratio == pytest.approx(ratio, rel=1e-9, nan_ok=True)
    reached = [any(plain(costs[i][j]) > 0 and supply[j] > 0 for j in sites) for i in range(len(people))]
    assert found.uncovered == sum(n for n, r in zip(people, reached, strict=True) if not r)
    # What is supplied where anybody is to use it is shared out whole.
    used = sum(s for s, r in zip(supply, ratio, strict=False) if not math.isnan(r))
    assert (found.access * people).sum() == pytest.approx(used, rel=1e-9, abs=1e-9)
    assert not found.unsure.any()


@given(TABLE, st.lists(st.integers(1, 40), min_size=7, max_size=7), st.booleans())
def test_like_the_access_package(rows, supply, enhanced) -> None:
    """two_stage_fca, and with its steps of 10, 20 and 30 minutes the enhanced one."""
    people, costs = [n + 1 for n, _ in rows], np.array([c for _, c in rows])
    sites = costs.shape[1]
    i, j = np.indices(costs.shape).reshape(2, -1)
    theirs = fca.two_stage_fca(
        pd.DataFrame({"geoid": np.arange(len(people)), "demand": np.array(people, float)}),
        pd.DataFrame({"supply": np.array(supply[:sites], float)}),
        pd.DataFrame({"origin": i, "dest": j, "cost": costs.ravel()}),
        max_cost=LIMIT,
        weight_fn=weights.step_fn({10: 1, 20: 0.68, 30: 0.22}) if enhanced else None,
    )
    weigh = decay.bands(LIMIT, ((1 / 3, 1), (2 / 3, 0.68), (1, 0.22))) if enhanced else decay.none(LIMIT)
    ours = two_step(people, supply[:sites], pairs_of(costs.tolist(), LIMIT), weigh)
    expected = theirs.reindex(np.arange(len(people))).fillna(0).to_numpy()  # theirs lacks who reaches nothing
    assert ours.access == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_an_unknown_supply_is_not_none() -> None:
    costs = pairs_of([[5, 50], [5, 5], [50, 5]], 30)
    found = two_step([100, 100, 100], [np.nan, 2], costs, decay.none(30))
    assert np.isnan(found.ratio[0])
    assert found.access.tolist() == [0, 0.01, 0.01]
    assert found.unsure.tolist() == [True, True, False]
    assert found.uncovered == 100
    none = two_step([100, 100, 100], [0, 2], costs, decay.none(30))
    assert none.ratio.tolist() == [0, 0.01]
    assert not none.unsure.any()


def test_nobody_to_serve_is_no_infinite_supply() -> None:
    found = two_step([0, 10], [3, 1], pairs_of([[5, 50], [50, 5]], 30), decay.none(30))
    assert np.isnan(found.ratio[0])
    assert found.access.tolist() == [0, 0.1]


def test_decays_end_at_their_limit() -> None:
    cost = np.array([0.0, 10, 10.001, 20, 30, 30.001, 100])
    assert decay.none(30)(cost).tolist() == [1, 1, 1, 1, 1, 0, 0]
    assert decay.bands(30, ((1 / 3, 1), (2 / 3, 0.68), (1, 0.22)))(cost).tolist() == [
        1,
        1,
        0.68,
        0.68,
        0.22,
        0,
        0,
    ]
    for made in (decay.gaussian(30), decay.linear(30)):
        weight = made(cost)
        assert weight[0] == 1
        assert weight[4:].tolist() == pytest.approx([0, 0, 0], abs=1e-12)
        assert (np.diff(weight[:5]) < 0).all()
    assert [share for _, share in decay_bands(DAY)] == [1, 0.68, 0.22]
    shipped = decay.bands(30, decay_bands(DAY))
    assert shipped(np.array([9.9, 10.1, 19.9, 20.1, 30, 30.1])).tolist() == [1, 0.68, 0.68, 0.22, 0.22, 0]
    with pytest.raises(ValueError, match="outwards"):
        decay.bands(30, ((1, 1), (0.5, 0.5)))
    with pytest.raises(ValueError, match="no limit"):
        decay.linear(0)


@pytest.mark.parametrize(
    ("people", "supply", "text"),
    [
        ([-1.0], [1.0], "people"),
        ([np.nan], [1.0], "people"),
        ([1.0], [-1.0], "supply"),
        ([1.0], [], "not there"),
    ],
)
def test_what_cannot_be_shared(people, supply, text) -> None:
    with pytest.raises(ValueError, match=text):
        two_step(people, supply, pairs_of([[1]]), decay.none(5))
