"""A problem made of what lies on the map: no pair that could matter is missing, and distances are those on the ground."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics.coverage.earth import distance_m
from metrics.siting.covering import most_covered
from metrics.siting.median import least_distance
from metrics.siting.posing import KNOWN_UNITS, straight_problem, with_sites
from metrics.siting.scenario import evaluate

RULE = 2000.0


def places(draw: np.random.Generator, count: int, **more) -> pd.DataFrame:
    lon, lat = draw.uniform(117.0, 117.3, count), draw.uniform(31.0, 31.25, count)
    return pd.DataFrame({"lon": lon, "lat": lat, **more})


@pytest.fixture(params=[3, 12])
def on_the_map(request):
    """Cells, units (fewer than are known at most, or more) and sites; some of each without coordinates."""
    draw = np.random.default_rng(request.param)
    people, old = draw.integers(0, 50, 150), draw.integers(0, 9, 150)
    place = [f"v{n}" for n in draw.integers(0, 9, 150)]
    cells = places(draw, 150, people=people, people_65=old, place=place)
    cells[["people", "people_65"]] = cells[["people", "people_65"]].astype("Int64")
    units, sites = places(draw, request.param), places(draw, 20)
    cells.loc[[7, 70], "lon"] = np.nan
    units.loc[1, "lat"] = np.nan
    sites.loc[[0, 5], "lon"] = np.nan
    return cells, units, sites


def metres(a: pd.DataFrame, b: pd.DataFrame) -> np.ndarray:
    values = [axis.to_numpy(float) for axis in (a["lon"], a["lat"], b["lon"], b["lat"])]
    return distance_m(values[0][:, None], values[1][:, None], values[2][None], values[3][None])


def test_distances_of_everybody_are_known_and_right(on_the_map):
    cells, units, sites = on_the_map
    posed = straight_problem(cells, units, sites, bands=["people_65"], rule_m=RULE)
    assert posed.unplaced == cells["people"][[7, 70]].sum()
    assert len(posed.row) == posed.problem.points == 148
    kept = cells.iloc[posed.row]
    near, new = metres(kept, units), metres(kept, sites)
    draw = np.random.default_rng(1)
    for _ in range(20):
        closed = draw.choice(len(units), draw.integers(0, min(KNOWN_UNITS - 1, len(units))), replace=False)
        opened = draw.choice(len(sites), 4, replace=False)
        found = evaluate(posed.problem, opened, closed, people_a_unit=5000)
        stay = np.delete(near, closed, axis=1)
        after = np.fmin.reduce(np.hstack([stay, new[:, opened]]), axis=1)
        assert found.before.cost == pytest.approx(np.fmin.reduce(near, axis=1))
        # Where all units that are known of a point closed, its way is not known any more: never a wrong one.
        told = found.after.cost
        assert told[~np.isnan(told)] == pytest.approx(after[~np.isnan(told)])
        assert (~np.isnan(told) | np.isnan(after)).all()
        assert (found.after.within == (after <= RULE)).all()


def test_answers_are_those_of_all_pairs(on_the_map):
    cells, units, sites = on_the_map
    problem = straight_problem(cells, units, sites, bands=[], rule_m=RULE).problem
    near, new = metres(cells, units), metres(cells, sites)
    people = cells["people"].to_numpy(float)
    placed = cells["lon"].notna().to_numpy()
    today = np.fmin.reduce(near, axis=1)
    with np.errstate(invalid="ignore"):
        won = [people[placed & (today > RULE) & (new[:, s] <= RULE)].sum() for s in range(len(sites))]
        saved = [np.nansum(people * np.maximum(today - new[:, s], 0)) for s in range(len(sites))]
    assert most_covered(problem, 1).value == max(won)
    assert least_distance(problem, 1).value == pytest.approx(max(saved))


def test_a_site_of_ones_own_choice_comes_behind_the_others(on_the_map):
    cells, units, sites = on_the_map
    whole = straight_problem(cells, units, sites, bands=["people_65"], rule_m=RULE)
    part = straight_problem(cells, units, sites[:15], bands=["people_65"], rule_m=RULE)
    again = with_sites(part, cells, sites[15:])
    ask = dict(opened=[2, 17, 19], closed=[0], people_a_unit=5000)
    one, other = evaluate(whole.problem, **ask), evaluate(again.problem, **ask)
    pd.testing.assert_frame_equal(one.workload, other.workload)
    pd.testing.assert_frame_equal(one.ways, other.ways)


def test_long_ways_may_be_left_out(on_the_map):
    cells, units, sites = on_the_map
    problem = straight_problem(cells, units, sites, bands=[], rule_m=RULE, farthest_m=6000).problem
    assert problem.pairs_existing.cost.max() <= 6000
    assert problem.pairs_candidates.cost.max() <= 6000 + 1e-5


def test_nobody_nowhere():
    nothing = pd.DataFrame({"lon": [], "lat": [], "people": []})
    one = pd.DataFrame({"lon": [117.0], "lat": [31.0], "people": [5]})
    assert most_covered(straight_problem(nothing, one, one, bands=[], rule_m=RULE).problem, 1).value == 0
    alone = straight_problem(one, nothing, one, bands=[], rule_m=RULE, stop_m=500.0).problem
    assert most_covered(alone, 1).value == 5
    with pytest.raises(ValueError, match="no number of people"):
        straight_problem(one.assign(people=pd.array([None], dtype="Int64")), one, one, bands=[], rule_m=RULE)
