"""The demo's ground: small, the same every time, true to its district, and every planted mistake is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from data.demo.geography import make_places, make_units
from data.demo.ground import write_ground
from data.geometry.checks import checked
from data.geometry.folder import read_geometry
from data.geometry.point_in import which

SEED = 20240101


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "geometry"
    return folder, write_ground(folder, SEED)


@pytest.fixture(scope="module")
def ground(written):
    return read_geometry(written[0])


@pytest.fixture(scope="module")
def district():
    units = make_units(SEED)
    return units, make_places(SEED, units)


def test_small_and_the_same_every_time(written, tmp_path):
    files = sorted(written[0].iterdir())
    assert [f.name for f in files] == sorted(
        f"{name}.geojson"
        for name in ("boundaries", "villages", "grids", "roads", "built", "candidates", "stops")
    )
    assert sum(f.stat().st_size for f in files) < 2_000_000
    assert write_ground(tmp_path / "again", SEED) == written[1]
    for file in files:
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_exactly_the_planted_mistakes_are_found(written, ground):
    expected = {(p.file, p.feature, p.rule) for p in written[1]}
    seen = {(f.file, f.feature, f.rule) for f in ground.report if f.rule != "geometry_converted"}
    assert seen == expected and len(expected) == 3
    assert all(a.features == a.used + a.remarked + a.refused and a.features for a in ground.accounts)


def test_another_seed_plants_them_too(tmp_path):
    planted = write_ground(tmp_path / "other", 7)
    seen = {(f.file, f.feature, f.rule) for f in read_geometry(tmp_path / "other").report}
    assert {(p.file, p.feature, p.rule) for p in planted} <= seen


def test_codes_are_those_of_the_registers(ground, district):
    _, places = district
    level = np.array(places.level)
    for layer, of in (("villages", ("village", "community")), ("grids", ("group",))):
        codes = {code for code, one in zip(places.code, level, strict=True) if one in of}
        drawn = set(ground.layers[layer].frame["code"])
        assert drawn <= codes and len(codes - drawn) == (layer == "grids")
    assert set(ground.towns.frame["code"]) == {
        c for c, one in zip(places.code, level, strict=True) if one == "town"
    }


def test_villages_and_communities_are_told_apart(ground, district):
    """By the property of each feature, as the register has it."""
    _, places = district
    frame, level = ground.layers["villages"].frame, dict(zip(places.code, places.level, strict=True))
    assert frame["level"].tolist() == [level[code] for code in frame["code"]]
    assert set(frame["level"]) == {"village", "community"}


def test_villages_lie_in_themselves_and_people_in_the_county(ground, district):
    _, places = district
    village = np.isin(places.level, ["village", "community"])
    own = which(ground.layers["villages"].shapes, places.lon[village], places.lat[village])
    codes = ground.layers["villages"].frame["code"].to_numpy()
    same = codes[own] == np.array(places.code)[village]
    assert (own >= 0).all() and same.mean() > 0.98  # one village was drawn across a border
    group = np.array(places.level) == "group"
    assert (which(np.array([ground.county]), places.lon[group], places.lat[group]) == 0).all()


def test_units_lie_in_the_county_and_mostly_where_they_say(ground, district):
    units, places = district
    frame = pd.DataFrame(
        {
            "unit": range(len(units.code)),
            "code": units.code,
            "name": units.name,
            "lon": units.lon,
            "lat": units.lat,
            "coord_sys": units.coord_sys,
            "place_code": [
                places.code[places.parent[home] if kind == "centre" else home]
                for home, kind in zip(places.home, units.kind, strict=True)
            ],
        }
    )
    found = checked(frame, ground)
    assert {f.rule for f in found} <= {"point_far", "point_datum"}
    assert len(found) <= 5


def test_grids_fill_their_villages(ground):
    frame, shapes = ground.layers["grids"].frame, ground.layers["grids"].shapes
    assert (shapely.area(shapes) > 0).all()
    towns = shapely.area(shapely.union_all(ground.towns.shapes))
    assert shapely.area(shapes).sum() == pytest.approx(towns, rel=0.01)
    assert frame["parent_code"].isin(ground.layers["villages"].frame["code"]).all()


def test_roads_join_all_villages(ground, district):
    """By their shared vertices alone one comes from every village to every other."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = [np.round(shapely.get_coordinates(line), 5) for line in ground.layers["roads"].shapes]
    points, index = np.unique(np.vstack(ends), axis=0, return_inverse=True)
    a, b, at = [], [], 0
    for line in ends:
        a += index[at : at + len(line) - 1].tolist()
        b += index[at + 1 : at + len(line)].tolist()
        at += len(line)
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(points), len(points)))
    assert connected_components(graph, directed=False)[0] == 1
    _, places = district
    village = np.isin(places.level, ["village", "community"])
    nodes = {tuple(p) for p in points}
    there = [tuple(p) in nodes for p in np.round(np.column_stack([places.lon, places.lat])[village], 5)]
    assert all(there)


def test_sites_of_a_public_map_come_to_their_villages(ground):
    layer = ground.layers["candidates"]
    assert len(layer) == 12
    at = which(ground.layers["villages"].shapes, shapely.get_x(layer.shapes), shapely.get_y(layer.shapes))
    codes = ground.layers["villages"].frame["code"].to_numpy()
    assert (codes[at] == layer.frame["parent_code"].to_numpy()).mean() > 0.9
