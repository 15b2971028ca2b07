"""The nearest unit and straight pairs against a geodesic library and a plain double loop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage.pairs import Pairs, nothing
from metrics.coverage.reach import choices, nearest, nearest_by_kind, within
from metrics.coverage.travel import straight_pairs

POINT = st.tuples(st.floats(103.8, 104.2), st.floats(29.8, 30.2))
POINTS = st.lists(POINT, min_size=1, max_size=12)


def points(rows: list[tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["lon", "lat"], dtype=float)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"]


@given(POINTS, POINTS)
def test_nearest_is_the_least_geodesic(cells, units) -> None:
    found = nearest(points(cells), points(units).assign(unit=np.arange(len(units)) + 7))
    for cell, unit, distance in zip(cells, found["unit"], found["metres"], strict=True):
        ways = [metres(cell, other) for other in units]
        assert distance == pytest.approx(min(ways), rel=1e-6, abs=2e-3)
        assert ways[unit - 7] == pytest.approx(min(ways), rel=1e-6, abs=2e-3)


def test_equally_near_is_the_smaller_number() -> None:
    """Stacked on one point, or on both sides: the answer does not depend on the order of rows."""
    cells = points([(104.0, 30.0)])
    units = pd.DataFrame({"unit": [9, 4, 6], "lon": [104.01, 103.99, 104.01], "lat": [30.0, 30.0, 30.0]})
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        assert nearest(cells, units.iloc[order])["unit"].tolist() == [4]
        assert nearest(cells, units[units["unit"] != 4].iloc[:2])["unit"].tolist() == [6]


def test_many_units_on_one_point() -> None:
    """All of a town's units on its centroid: the smallest number, and the one next door is not overlooked."""
    units = pd.DataFrame({"unit": np.arange(90, 0, -1), "lon": 104.01, "lat": 30.0})
    units = pd.concat([units, pd.DataFrame({"unit": [200], "lon": [104.02], "lat": [30.0]})])
    assert nearest(points([(104.0, 30.0), (104.019, 30.0)]), units)["unit"].tolist() == [1, 200]


def test_unknown_places() -> None:
    cells = points([(104.0, 30.0), (np.nan, 30.0)])
    cells.index = [5, 3]
    units = pd.DataFrame({"unit": [1, 2], "lon": [np.nan, 104.1], "lat": [30.0, 30.0], "kind": ["a", "b"]})
    found = nearest(cells, units)
    assert found.index.tolist() == [5, 3]
    assert found["unit"].tolist() == [2, pd.NA]
    assert np.isnan(found["metres"].iloc[1])
    kinds = nearest_by_kind(cells, units, ["a", "b"])
    assert kinds["a"]["unit"].isna().all()
    assert kinds["a"]["metres"].isna().all()
    assert kinds["b"]["unit"].tolist() == [2, pd.NA]
    assert nearest(cells.iloc[:0], units).empty
    assert within(kinds["b"]["metres"], 20_000).tolist() == [True, pd.NA]
    assert within(kinds["b"]["metres"], 2_000).tolist() == [False, pd.NA]


@given(POINTS, POINTS, st.floats(1, 60_000))
def test_straight_pairs_are_a_double_loop(demand, sites, limit) -> None:
    found = straight_pairs(points(demand), points(sites), limit)
    slow = {(i, j): metres(a, b) for i, a in enumerate(demand) for j, b in enumerate(sites)}
    quick = {(int(i), int(j)): c for i, j, c in zip(found.demand, found.site, found.cost, strict=True)}
    assert len(quick) == len(found)
    for pair, way in slow.items():
        if abs(way - limit) > 0.05:
            assert (pair in quick) == (way <= limit)
        if pair in quick:
            assert quick[pair] == pytest.approx(way, rel=1e-6, abs=2e-3)
            assert quick[pair] <= limit
    number = choices(found, limit, len(demand))
    assert number.tolist() == [sum(i == k for k, _ in quick) for i in range(len(demand))]
    site, cost = found.nearest(len(demand))
    for i in range(len(demand)):
        own = {j: c for (k, j), c in quick.items() if k == i}
        assert site[i] == (min(own, key=lambda j: (own[j], j)) if own else -1)
        assert cost[i] == min(own.values()) if own else np.isnan(cost[i])


def test_second_choices() -> None:
    """Units 1 km and 3 km east: one choice within 2 km, two within 3.5."""
    units = points([(104.0 + 1000 / 96_490, 30.0), (104.0 + 3000 / 96_490, 30.0)])
    pairs = straight_pairs(points([(104.0, 30.0), (105.0, 30.0)]), units, 5_000)
    assert choices(pairs, 2_000, 2).tolist() == [1, 0]
    assert choices(pairs, 3_500, 2).tolist() == [2, 0]
    assert len(pairs.up_to(2_000)) == 1
    assert pairs.of_sites(np.array([1])).site.tolist() == [1]
    assert straight_pairs(points([(np.nan, 30.0)]), units, 5_000).cost.tolist() == []
    with pytest.raises(ValueError, match="no limit"):
        straight_pairs(units, units, np.nan)


def test_pairs_say_no_to_nonsense() -> None:
    with pytest.raises(ValueError, match="one length"):
        Pairs(np.array([0]), np.array([0, 1]), np.array([1.0]))
    for cost in (np.nan, -1.0):
        with pytest.raises(ValueError, match="never missing"):
            Pairs(np.array([0]), np.array([0]), np.array([cost]))
    assert len(nothing(5, "m")) == 0
    assert nothing(5, "m").nearest(2)[0].tolist() == [-1, -1]
