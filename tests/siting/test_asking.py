"""Proposals of a small district with names: against all choices looked at one by one, and by hand as by the solver."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from metrics.coverage import About
from metrics.coverage.earth import Plane, distance_m
from metrics.coverage.lattice import Lattice
from metrics.siting import asking, sites
from metrics.siting.asking import Plan, Question, by_hand, case, made, solved
from metrics.siting.telling import cell_states, proposal_tables
from tests.siting.worlds import without_room

LON, LAT, RULE = 118.6, 32.1, 2000
MONTH = 2026 * 12 + 9
VILLAGES = ("上村", "下村", "东村", "西村", "南村", "北村")
GROUND = pd.DataFrame(
    {
        "layer": ["candidates", "candidates", "stops", "boundaries"],
        "code": ["H1", "H2", "X1", "3201"],
        "name": ["旧校舍", None, "集市", "县"],
        "lon": [LON + 0.05, LON - 0.05, LON + 0.02, LON],
        "lat": [LAT + 0.03, LAT - 0.03, LAT, LAT],
    }
)


def district(seed: int = 1, people: int = 40) -> asking.Setting:
    """Six villages of four hamlets each, a centre and two clinics."""
    draw = np.random.default_rng(seed)
    lattice = Lattice("square", 500, Plane.around(LON, LAT))
    rows = []
    for village in VILLAGES:
        middle = draw.uniform(-0.06, 0.06, 2)
        for group in range(4):
            lon, lat = np.array([LON, LAT]) + middle + draw.uniform(-0.012, 0.012, 2)
            column, row = lattice.cell_of(lon, lat)
            rows.append((f"{int(column)}-{int(row)}", lon, lat, f"{village}{group}组", village))
    points = pd.DataFrame(rows, columns=["cell", "lon", "lat", "name", "village"])
    points["point"] = range(1, len(points) + 1)
    points["people"] = draw.integers(1, people, len(points))
    points["people_65"] = points["people"] // 3
    points["people_0_6"] = points["people"] // 7
    points["floating"] = points["people"] // 5
    units = pd.DataFrame(
        {
            "unit": [2, 3, 4],
            "code": ["01", "0101", "0102"],
            "name": ["镇卫生院", "甲村卫生室", "乙村卫生室"],
            "kind": ["centre", "clinic", "clinic"],
            "lon": LON + draw.uniform(-0.05, 0.05, 3),
            "lat": LAT + draw.uniform(-0.05, 0.05, 3),
            "movable": True,
        }
    )
    ways = far(points, units)
    points["metres"] = ways.min(axis=1)
    about = About(MONTH, lattice, "records", RULE, 5000, None, None, None, 0, 0)
    return made(about, points, units, GROUND, True)


def far(points: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Metres from everyone to everything."""
    return distance_m(
        points["lon"].to_numpy()[:, None], points["lat"].to_numpy()[:, None], others["lon"].to_numpy(),
        others["lat"].to_numpy(),
    )  # fmt: skip


def middles(points: pd.DataFrame) -> pd.DataFrame:
    """Where the people of each village live on average, counted anew."""
    rows = []
    for village, own in points.groupby("village"):
        weight = own["people"] / own["people"].sum()
        rows.append((village, (own["lon"] * weight).sum(), (own["lat"] * weight).sum()))
    return pd.DataFrame(rows, columns=["village", "lon", "lat"])


def best_plainly(where: asking.Setting, new: int, moves: int, worth) -> float:
    """The largest ``worth`` of ways (points, open sites) over all choices of villages and closed clinics."""
    points, places = where.points, middles(where.points)
    near, there = far(points, where.units), far(points, places)
    best = -np.inf
    for closing in range(moves + 1):
        for closed in combinations((1, 2), closing):
            kept = [u for u in range(3) if u not in closed]
            for opened in combinations(range(len(places)), min(new + closing, len(places))):
                best = max(best, worth(np.hstack([near[:, kept], there[:, list(opened)]])))
    return best


@pytest.mark.parametrize("moves", [0, 1])
@pytest.mark.parametrize("new", [1, 2, 3])
@pytest.mark.parametrize("who", ["people", "people_65"])
def test_most_people_within(new, moves, who):
    where = district(seed=new + 10 * moves)
    counts = where.points[who].to_numpy()

    def within(ways: np.ndarray) -> float:
        return counts[ways.min(axis=1) <= RULE + 0.5].sum()

    found = solved(case(where, "villages"), Question(new=new, moves=moves, who=who), 20)
    groups = found.proposal.groups.set_index("group")
    assert found.solution.exact
    assert groups.loc[who, "within_after"] == best_plainly(where, new, moves, within)


@pytest.mark.parametrize("moves", [0, 1])
def test_least_distance(moves):
    where = district(seed=5)
    people = where.points["people"].to_numpy()

    def short(ways: np.ndarray) -> float:
        return -(people * ways.min(axis=1)).sum() / people.sum()

    found = solved(case(where, "villages"), Question(goal="distance", new=2, moves=moves), 20)
    mean = found.proposal.ways.set_index("when").loc["after", "mean"]
    assert mean == pytest.approx(-best_plainly(where, 2, moves, short), rel=1e-6)


def test_with_room_for_so_many(monkeypatch):
    """A clinic serves so many; the centre everyone."""
    where = replace(district(seed=3, people=9), people_a_unit=12)
    problem = case(where, "villages").posed.problem
    found = solved(case(where, "villages"), Question(goal="capacity", new=2), 20)
    served = where.room()
    assert served.tolist() == [problem.people.sum(), 12, 12]
    clinics = replace(where, units=where.units.assign(kind="clinic"))
    alike = solved(case(clinics, "villages"), Question(goal="capacity", new=2), 20)
    least = min(without_room(problem, [0, 1, 2], list(two), 12) for two in combinations(range(6), 2))
    assert alike.solution.exact
    assert alike.solution.after == least
    assert found.solution.after <= least


def test_sites_have_names_and_ids_that_stay():
    where = district()
    by_id = where.sites.set_index("id")
    assert {f"v:{village}" for village in VILLAGES} <= set(by_id.index)
    assert by_id.loc["f:H1", "name"] == "旧校舍"
    assert by_id.loc["f:H2", "name"] == "H2", "a site without a name is called by its code"
    assert by_id.loc["s:X1", "source"] == "stops"
    assert "3201" not in "".join(by_id.index), "a border is no site"
    cell = where.points["cell"].iloc[0]
    own = where.points[where.points["cell"] == cell]
    assert by_id.loc[f"c:{cell}", "name"] == own.loc[own["people"].idxmax(), "name"]
    place = middles(where.points).set_index("village").loc["东村"]
    assert by_id.loc["v:东村", ["lon", "lat"]].tolist() == pytest.approx(place.tolist())


def test_villages_of_one_name_in_two_towns_are_two():
    """Their middle would lie where nobody lives."""
    where = district()
    points = where.points.assign(village=where.points["village"].replace({"上村": "新村", "下村": "新村"}))
    one, two = (where.points[where.points["village"] == name] for name in ("上村", "下村"))
    assert far(one, two).min() > 2 * RULE, "the case is as it should be"
    again = made(where.about, points, where.units, GROUND, True)
    found = again.sites[again.sites["id"].str.startswith("v:新村")]
    assert len(found) == 2
    assert "v:新村" not in set(found["id"])
    old = where.sites.set_index("id").loc[["v:上村", "v:下村"], ["lon", "lat"]].to_numpy()
    assert np.sort(found[["lon", "lat"]].to_numpy(), axis=0) == pytest.approx(np.sort(old, axis=0))


def test_of_too_many_sites_those_that_reach_most_people_beyond(monkeypatch):
    where = district(seed=2)
    cells = where.sites[where.sites["source"] == "cells"]
    monkeypatch.setattr(sites, "MOST_SITES", 5)
    kept = case(where, "cells")
    assert (len(kept.sites), kept.all_sites) == (5, len(cells))
    beyond = where.points[where.points["metres"] > where.rule_m]
    reached = (beyond["people"].to_numpy()[:, None] * (far(beyond, cells) <= where.rule_m)).sum(axis=0)
    chosen = cells["id"].isin(kept.sites["id"]).to_numpy()
    assert reached[chosen].min() >= reached[~chosen].max()
    assert (reached > 0).sum() > 5


@pytest.mark.parametrize("source", ["villages", "cells", "file", "stops"])
@pytest.mark.parametrize("goal", asking.GOALS)
def test_by_hand_the_same_numbers(source, goal):
    where = district(seed=7)
    best = solved(case(where, source), Question(goal=goal, new=2, moves=1, source=source), 20)
    hand = by_hand(where, best.plan)
    assert not hand.unknown
    ours, theirs = proposal_tables(hand), proposal_tables(best)
    for name in ("groups", "places", "ways", "points"):
        pd.testing.assert_frame_equal(ours[name], theirs[name])
    keys = {"sites": "site", "workload": "code"}
    for name, key in keys.items():
        pd.testing.assert_frame_equal(
            ours[name].sort_values(key, ignore_index=True), theirs[name].sort_values(key, ignore_index=True)
        )
    if source == "stops":
        assert not best.plan.closed, "nothing moves to a stop"


def test_what_is_not_there_is_reported():
    where = district()
    asked = Plan(
        opened=("v:上村", "v:无此村", "v:东村"),
        closed=("0101", "0101x", "0102"),
        moved=(("0102", "v:东村"), ("09", "v:西村"), ("01", "f:zz")),
    )
    found = by_hand(where, asked)
    assert found.plan == Plan(("v:上村",), ("0101",), (("0102", "v:东村"),))
    # A site that something moves to cannot be opened besides, a unit that moves not be closed.
    assert set(found.unknown) == {"v:无此村", "v:东村", "0101x", "0102", "09>v:西村", "01>f:zz"}
    told = proposal_tables(found)["sites"].set_index("site")
    assert told.loc["v:东村", "replaces"] == "0102"
    assert told.loc["v:上村", "replaces"] is None


def test_moving_is_closing_and_opening():
    where = district(seed=4)
    moved = by_hand(where, Plan(moved=(("0101", "v:南村"),)))
    apart = by_hand(where, Plan(("v:南村",), ("0101",)))
    pd.testing.assert_frame_equal(moved.proposal.groups, apart.proposal.groups)
    pd.testing.assert_frame_equal(moved.proposal.ways, apart.proposal.ways)


def test_each_rung_is_the_best_of_its_number():
    where = district(seed=6)
    of = case(where, "villages")
    whole = solved(of, Question(new=4), 20).ladder
    assert whole["new"].tolist() == [1, 2, 3, 4]
    for new in (1, 2, 3, 4):
        alone = solved(of, Question(new=new), 20)
        row = whole.set_index("new").loc[new]
        assert row["won"] == alone.proposal.groups.loc[0, "gained"]
        assert row["beyond"] == alone.proposal.beyond_after
    assert whole["added"].tolist() == whole["value"].diff().fillna(whole["value"]).tolist()


def test_progress_is_told():
    steps = []
    solved(case(district(), "villages"), Question(new=3), 20, lambda done, of: steps.append((done, of)))
    assert steps == [(0, 3), (1, 3), (2, 3)]


def test_out_of_time_more_sites_are_never_worse(monkeypatch):
    """A solver that ends early may find less with more sites: then the smaller number's plan stands, with the bound."""
    real = asking.most_covered

    def tired(problem, new, **more):
        found = real(problem, new if new < 2 else 0, **more)
        return found if new < 2 else replace(found, bound=found.before, exact=False)

    monkeypatch.setattr(asking, "most_covered", tired)
    found = solved(case(district(), "villages"), Question(new=2), 20)
    first, second = found.ladder.itertuples(index=False)
    assert first.value > 0
    assert second.value == first.value
    assert second.added == 0
    assert not found.solution.exact
    assert asking.bound_people(found) == found.solution.before


def test_tables_add_up():
    where = district(seed=8)
    found = by_hand(where, Plan(("v:上村", "v:南村", "f:H1"), ("0101",)))
    tables = proposal_tables(found)
    groups = tables["groups"].set_index("group")
    points = tables["points"]
    for name in ("people", *where.bands):
        won = "won" if name == "people" else f"won_{name}"
        gained = "gained" if name == "people" else f"gained_{name}"
        assert tables["sites"][won].sum() == groups.loc[name, "won"]
        assert tables["places"][gained].sum() == groups.loc[name, "gained"]
        for state in ("won", "lost"):
            assert points.loc[points["state"] == state, name].sum() == groups.loc[name, state]
    everyone = where.points["people"].sum()
    assert tables["workload"]["people_before"].sum() == tables["workload"]["people_after"].sum() == everyone
    cells = cell_states(found)
    assert cells["people"].sum() == everyone
    assert cells["won"].sum() == groups.loc["people", "won"]
    assert cells["beyond"].sum() == found.proposal.beyond_after
    served = tables["workload"].set_index("code").loc[tables["sites"]["site"], "people_after"]
    assert served.tolist() == tables["sites"]["people"].tolist()


def test_the_limit_of_people_is_a_clinic_s():
    where = replace(district(seed=8), people_a_unit=1)
    work = proposal_tables(by_hand(where, Plan(("v:上村",))))["workload"].set_index("kind")
    assert work.loc["clinic", "above_after"].all()
    assert not work.loc["centre", "above_after"], "a centre serves more"
    assert work.loc["new", "above_after"]
    assert not work.loc["new", "above_before"]


def test_what_the_source_of_the_map_does_not_tell():
    """A raster may lack floating people, or know those of 65 in parts: nothing is counted by what is not known."""
    where = district()
    points = where.points.assign(floating=pd.NA, people_65=where.points["people_65"].astype("Int64"))
    points.loc[0, "people_65"] = pd.NA
    less = made(where.about, points, where.units, GROUND, True)
    assert less.bands == ("people_65", "people_0_6")
    assert less.weighable == ("people", "people_0_6")
    found = solved(case(less, "villages"), Question(new=2), 20)
    groups = proposal_tables(found)["groups"].set_index("group")
    assert groups.loc["people_65", "people"] is pd.NA
    assert groups.loc["people", "gained"] > 0


def test_units_of_the_bureau_itself_stay():
    where = district(seed=9)
    fixed = replace(where, units=where.units.assign(movable=False))
    moved = solved(case(where, "villages"), Question(new=0, moves=2), 20)
    stays = solved(case(fixed, "villages"), Question(new=0, moves=2), 20)
    assert moved.plan.closed
    assert not stays.plan


def test_everybody_within_already():
    where = district()
    close = replace(where.about, rule_m=50_000)
    near = made(close, where.points, where.units, GROUND, True)
    found = solved(case(near, "villages"), Question(new=3), 20)
    assert not found.plan
    assert found.proposal.beyond_before == found.proposal.beyond_after == 0


def test_without_villages_or_files():
    where = district()
    points = where.points.assign(village=None)
    bare = made(where.about, points, where.units, GROUND[:0], True)
    assert set(bare.sites["source"]) == {"cells"}
    assert len(case(bare, "villages").sites) == 0
    assert not solved(case(bare, "villages"), Question(new=2), 20).plan
