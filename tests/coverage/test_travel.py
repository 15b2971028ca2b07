"""Minutes by road against cases by hand and a plain Dijkstra; minutes by a speed table; the speeds themselves."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from datetime import date
from itertools import count, pairwise, product

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage.earth import Plane, distance_m
from metrics.coverage.network import Roads, parts_km
from metrics.coverage.speeds import MODES, Speeds, decay_bands, speed_rows, speeds
from metrics.coverage.travel import road_pairs, straight_pairs, table_pairs
from metrics.standards import FOLDER, read_csv

DAY = date(2025, 12, 31)
PLANE = Plane.around(104, 30)
WALK = Speeds("walk", {"path": 3.0, "motorway": 0.0}, any=6.0, off_road=3.0, overall=6.0, detour=1.5)
CAR = Speeds("car", {"county": 60.0}, any=30.0, off_road=3.0, overall=30.0, detour=1.5)


def at(*metres: tuple[float, float]) -> pd.DataFrame:
    """Points by metres east and north of the middle."""
    lon, lat = PLANE.degrees(*np.array(metres, float).reshape(-1, 2).T)
    return pd.DataFrame({"lon": lon, "lat": lat})


def roads(*lines: list[tuple[float, float]], road_class=None, crosses=False, oneway=False) -> Roads:
    shapes = [shapely.LineString(at(*line).to_numpy()) for line in lines]
    n = len(lines)
    classes = [road_class] * n if road_class is None or isinstance(road_class, str) else road_class
    return Roads(
        np.array(shapes, dtype=object),
        np.array(classes, dtype=object),
        np.broadcast_to(crosses, n),
        np.broadcast_to(oneway, n),
    )


def minutes(demand, sites, network, by=WALK, limit=600.0) -> dict[tuple[int, int], float]:
    found = road_pairs(demand, sites, network, by, limit)
    assert found.unit == "min"
    assert (found.cost <= limit).all()
    return dict(zip(zip(found.demand.tolist(), found.site.tolist(), strict=True), found.cost, strict=True))


def test_to_the_road_along_it_and_from_it() -> None:
    """100 m to the road at 50 m a minute, 1,000 m along at 100 m a minute, 50 m from it."""
    road = roads([(0, 0), (2_000, 0)])
    found = minutes(at((500, 100)), at((1_500, -50)), road)
    assert found[0, 0] == pytest.approx(2 + 10 + 1, rel=1e-3)


def test_straight_across_where_that_is_quicker() -> None:
    """200 m apart on both sides of a long bend: 4 minutes on foot, an hour by road."""
    road = roads([(0, 0), (3_000, 0), (3_000, 200), (0, 200)])
    assert minutes(at((0, 0)), at((0, 200)), road)[0, 0] == pytest.approx(4, rel=1e-3)


def test_both_on_one_piece_of_road() -> None:
    """Neither end of the piece is on the way."""
    road = roads([(-9_000, 0), (9_000, 0)])
    found = minutes(at((100, 0), (-700, 0)), at((600, 0), (600, 0), (-700, 0)), road)
    expected = {(0, 0): 5, (0, 1): 5, (0, 2): 8, (1, 0): 13, (1, 1): 13, (1, 2): 0}
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_what_is_not_reached_has_no_pair() -> None:
    near, far = roads([(0, 0), (1_000, 0)]), roads([(0, 0), (1_000, 0)], [(50_000, 0), (51_000, 0)])
    people, site = at((0, 0), (50_000, 0)), at((1_000, 0))
    assert set(minutes(people, site, near)) == {(0, 0)}
    assert set(minutes(people, site, far)) == {(0, 0)}
    assert minutes(people, site, far, limit=9.9) == {}
    assert minutes(people, site, far, limit=10.1)[0, 0] == pytest.approx(10, rel=1e-3)
    lost = pd.DataFrame({"lon": [np.nan, 104.0], "lat": [30.0, np.nan]})
    assert minutes(lost, site, far) == {}
    assert minutes(people, lost, far) == {}


def test_a_bridge_is_no_junction() -> None:
    """Two roads cross: at grade only where both are marked."""
    cross = [(-3_000, 0), (3_000, 0)], [(0, -3_000), (0, 3_000)]
    people, site = at((-2_000, 0)), at((0, 2_500))
    for marked, reached in ((False, False), ([True, False], False), (True, True)):
        found = minutes(people, site, roads(*cross, crosses=marked), limit=50)
        assert ((0, 0) in found) == reached
    assert minutes(people, site, roads(*cross, crosses=True))[0, 0] == pytest.approx(45, rel=1e-3)
    assert parts_km(roads(*cross), WALK) == pytest.approx([6, 6], rel=1e-3)
    assert parts_km(roads(*cross, crosses=True), WALK) == pytest.approx([12], rel=1e-3)


@pytest.mark.parametrize("gap", [0, 0.6])
def test_a_marked_road_that_ends_on_another_joins_it(gap: float) -> None:
    """In the middle of a piece, and end to end whichever way they are drawn, also when it misses by half a metre."""
    across, up = [(-3_000, 0), (0, 0)], [(gap / 2, gap), (0, 3_000)]
    drawn = [([(-3_000, 0), (3_000, 0)], up), *product((across, across[::-1]), (up, up[::-1]))]
    for first, second in drawn:
        network = roads(first, second, crosses=True)
        found = minutes(at((-2_000, 0)), at((0, 2_500)), network, limit=50)
        assert found[0, 0] == pytest.approx(45, abs=0.1)
    loose = roads([(-3_000, 0), (0, 0)], [(0, 20), (0, 3_000)], crosses=True)
    assert minutes(at((-2_000, 0)), at((0, 2_500)), loose, limit=50) == {}


def test_shared_vertices_join_without_a_mark() -> None:
    """Three roads from one vertex; of two roads between the same junctions the quicker counts."""
    star = roads([(0, 0), (1_000, 0)], [(0, 0), (0, 1_000)], [(0, 0), (-1_000, 0)])
    assert minutes(at((1_000, 0)), at((-1_000, 0)), star)[0, 0] == pytest.approx(20, rel=1e-3)
    double = roads([(0, 0), (1_000, 0)], [(0, 0), (1_000, 0)], road_class=["path", "county"])
    # Both lie under the person and the site: whichever is nearest, the way goes by the quicker one.
    long = roads(
        [(-500, 0), (0, 0)],
        [(0, 0), (1_000, 0)],
        [(0, 0), (1_000, 0)],
        [(1_000, 0), (1_500, 0)],
        road_class=[None, "path", "county", None],
    )
    assert minutes(at((-500, 0)), at((1_500, 0)), long)[0, 0] == pytest.approx(20, rel=1e-3)
    assert minutes(at((0, 0)), at((1_000, 0)), double)[0, 0] == pytest.approx(10, rel=1e-3)


def test_one_way_holds_for_cars_and_not_on_foot() -> None:
    """A ring driven one way round: 1 km to the site with the arrow, 3 km against it."""
    ring = [(0, 0), (1_000, 0), (1_000, 1_000), (0, 1_000), (0, 0)]
    round_ = roads(ring, road_class="county", oneway=True)
    a, b = at((0, 500)), at((500, 0))
    assert minutes(a, b, round_, CAR)[0, 0] == pytest.approx(1, rel=1e-2)
    assert minutes(b, a, round_, CAR)[0, 0] == pytest.approx(3, rel=1e-2)
    assert minutes(b, a, round_, WALK)[0, 0] == pytest.approx(10, rel=1e-2)
    straight = roads([(0, 0), (1_000, 0)], road_class="county", oneway=True)
    assert minutes(at((200, 0)), at((800, 0)), straight, CAR)[0, 0] == pytest.approx(0.6, rel=1e-2)
    assert minutes(at((800, 0)), at((200, 0)), straight, CAR)[0, 0] == pytest.approx(12, rel=1e-2)  # on foot


def test_a_road_that_the_mode_does_not_use() -> None:
    """The motorway runs past the door; one walks to the lane 1 km away."""
    network = roads([(0, 10), (5_000, 10)], [(0, 1_000), (5_000, 1_000)], road_class=["motorway", "county"])
    assert minutes(at((0, 0)), at((5_000, 1_000)), network)[0, 0] == pytest.approx(20 + 50, rel=1e-3)
    only = roads([(0, 10), (5_000, 10)], road_class="motorway")
    assert minutes(at((0, 0)), at((5_000, 0)), only, limit=90) == {}
    assert parts_km(only, WALK).size == 0


def test_a_loose_piece_beside_the_road_holds_nobody_up() -> None:
    """A drive that is joined to nothing lies 5 m nearer: one sets out on the road. At 50 m it is all there is."""
    for aside, reached in ((5, True), (50, False)):
        network = roads([(0, 0), (5_000, 0)], [(0, aside), (20, aside)])
        found = minutes(at((10, 60)), at((5_000, 0)), network, limit=55)
        assert ((0, 0) in found) == reached


def test_nothing_drawn() -> None:
    empty = Roads.of(pd.DataFrame(), np.array([], dtype=object))
    found = minutes(at((0, 0)), at((100, 0)), empty)
    assert found[0, 0] == pytest.approx(2, rel=1e-3)
    line = shapely.LineString([(104, 30), (104.1, 30)])
    marks = pd.array([True, pd.NA], dtype="boolean")
    made = Roads.of(pd.DataFrame({"road_class": ["county", None], "crosses": marks}), [line, line])
    assert (made.crosses.tolist(), made.oneway.tolist()) == ([True, False], [False, False])


# -- against a plain Dijkstra ----------------------------------------------------------------------------

SPOT = st.tuples(st.integers(0, 4), st.integers(0, 4))
PLACE = st.tuples(st.floats(-500, 4_500), st.floats(-500, 4_500))
STREET = st.tuples(st.lists(SPOT, min_size=2, max_size=4), st.sampled_from(["county", "path", None]))


def plain(lines, by: Speeds, person: tuple[float, float], site: tuple[float, float], beside: float) -> float:
    """Minutes from a person to a site: the two put into the network, and a queue.

    ``beside``: how much farther than the nearest a road may be to set out on.
    """
    edges: list[tuple[tuple, tuple, float]] = []
    for line, road in lines:
        pace = by.by_class.get(road, by.any) * 1000 / 60
        edges += [(a, b, pace) for a, b in pairwise(line) if a != b]
    off_road = by.off_road * 1000 / 60
    graph = defaultdict(list)
    stops = {number: [(0.0, a), (1.0, b)] for number, (a, b, _) in enumerate(edges)}
    for name, point in (("person", person), ("site", site)):
        near = []
        for number, (a, b, _) in enumerate(edges):
            way = (b[0] - a[0], b[1] - a[1])
            part = ((point[0] - a[0]) * way[0] + (point[1] - a[1]) * way[1]) / (way[0] ** 2 + way[1] ** 2)
            part = min(1.0, max(0.0, part))
            foot = (a[0] + part * way[0], a[1] + part * way[1])
            near.append((math.dist(point, foot), number, part))
        for walk, number, part in near:
            if walk <= min(near)[0] + beside:
                stops[number].append((part, (name, number)))
                to_road = ((name,), (name, number)) if name == "person" else ((name, number), (name,))
                graph[to_road[0]].append((to_road[1], walk / off_road))
    for number, (a, b, pace) in enumerate(edges):
        for (p, u), (q, v) in pairwise(sorted(stops[number], key=lambda stop: stop[0])):
            cost = (q - p) * math.dist(a, b) / pace
            graph[u].append((v, cost))
            graph[v].append((u, cost))
    graph["person",].append((("site",), math.dist(person, site) / off_road))
    queue, done = [(0.0, 0, ("person",))], set()
    for turn in count(1):
        cost, _, node = heapq.heappop(queue)
        if node == ("site",):
            return cost
        if node not in done:
            done.add(node)
            for number, (other, more) in enumerate(graph[node]):
                heapq.heappush(queue, (cost + more, turn * 1_000 + number, other))
    raise AssertionError("the straight way is always there")


@given(
    st.lists(STREET, min_size=1, max_size=6),
    st.lists(PLACE, min_size=1, max_size=4),
    st.lists(PLACE, min_size=1, max_size=3),
    st.sampled_from([WALK, CAR]),
)
def test_like_a_plain_dijkstra(streets, people, sites, by) -> None:
    """Between what is found with a little less and a little more of what counts as beside the nearest road."""
    lines = [([(x * 1_000 + 37 * y, y * 900 - 53 * x) for x, y in line], road) for line, road in streets]
    lines = [(line, road) for line, road in lines if len(set(line)) > 1]
    network = roads(*(line for line, _ in lines), road_class=[road for _, road in lines])
    found = minutes(at(*people), at(*sites), network, by, limit=100.0)
    for i, person in enumerate(people):
        for j, site in enumerate(sites):
            most, least = (plain(lines, by, person, site, beside) for beside in (9.9, 10.1))
            if (i, j) in found:
                assert least * 0.998 - 0.02 <= found[i, j] <= most * 1.002 + 0.02
            else:
                assert most > 99.8


# -- without roads ---------------------------------------------------------------------------------------


def test_minutes_of_a_speed_table() -> None:
    """4 km at 6 km/h with a detour of half as much again: an hour; and it says that it is estimated."""
    people, site = at((0, 0), (0, 3_000)), at((4_000, 0))
    found = table_pairs(people, site, WALK, 60.5)
    assert found.estimated
    assert found.unit == "min"
    assert found.demand.tolist() == [0]
    assert found.cost == pytest.approx([60], rel=1e-3)
    metres = float(distance_m(*people.iloc[0], *site.iloc[0]))
    assert found.cost[0] == pytest.approx(metres * 1.5 / 100)
    assert not straight_pairs(people, site, 10_000).estimated


def test_speeds_are_dated_and_a_bureaus_come_first() -> None:
    for mode in MODES:
        assert speeds(mode, DAY).off_road == 4
        assert speeds(mode, date(1990, 1, 1)) == speeds(mode, DAY)
    shipped = speeds("car", DAY)
    assert shipped.of(np.array(["national", None, "elsewhere", np.nan], object)).tolist() == [60, 20, 20, 20]
    own = pd.DataFrame(
        {"road_class": ["national", "offroad", "county"], "mode": ["car", "car", "walk"], "kmh": [45, 3, 1]}
    )
    mine = speeds("car", DAY, own)
    assert (mine.by_class["national"], mine.off_road, mine.by_class["county"]) == (45, 3, 40)
    assert speeds("walk", DAY).by_class["motorway"] == 0
    with pytest.raises(ValueError, match="one goes by"):
        speeds("horse", DAY)
    for kmh in (-1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="speeds of car"):
            speeds("car", DAY, own.assign(kmh=kmh))


def test_a_new_speed_holds_from_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the order of rows; the oldest also before its date. Bands change as one."""
    rows = list(speed_rows())
    again = [
        {**row, "from": date(year, 1, 1), "value": row["value"] * times}
        for year, times in ((2030, 0.5), (2010, 0.25))
        for row in rows
        if (row["key"], row["mode"], row["road_class"]) == ("speed", "car", "national")
        or row["key"] == "decay_band"
    ]
    for order in (rows + again, again + rows):
        monkeypatch.setattr("metrics.coverage.speeds.speed_rows", lambda order=order: tuple(order))
        for year, kmh in ((2005, 15), (2012, 15), (2020, 60), (2030, 30)):
            assert speeds("car", date(year, 6, 1)).by_class["national"] == kmh
            assert decay_bands(date(year, 6, 1))[0][1] == kmh / 60


def test_every_row_of_the_file_says_why() -> None:
    rows = read_csv(FOLDER / "travel.csv")
    assert all(row["source"] and row["zh"] and row["en"] and row["unit"] for row in rows)
    keys = [(r["key"], r["from"], r["mode"], r["road_class"], r["up_to"]) for r in rows]
    assert len(set(keys)) == len(keys)
