"""A geometry folder: what is used, what is mended, what is refused, and that everything is accounted for."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from data.geometry.datums import from_wgs84
from data.geometry.folder import read_geometry
from data.messages import message


def rules(ground, file=None):
    return [f.rule for f in ground.report if file is None or f.file == file]


def about(ground, file):
    return next(account for account in ground.accounts if account.file == file)


def moved(features, datum):
    """The features as a program that draws in another system would write them."""
    for one in features:
        shape = shapely.geometry.shape(one["geometry"])
        there = shapely.transform(shape, lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum)))
        one["geometry"] = shapely.geometry.mapping(there)
    return features


def test_nothing_given(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        ground = read_geometry(path)
        assert ground.is_empty and ground.report == [] and ground.digest == "" and ground.county is None
        assert set(ground.layers) == {
            "boundaries", "villages", "grids", "roads", "built", "candidates", "stops"
        }  # fmt: skip
        assert {"code", "name", "level", "parent_code"} <= set(ground.layers["roads"].frame)
        assert {"lon", "lat", "people"} <= set(ground.tables["population_raster"])


def test_a_sound_district(district):
    ground = read_geometry(district.path)
    assert ground.report == []
    assert ground.layers["villages"].frame["code"].tolist() == ["111", "112", "121", "122"]
    assert ground.layers["villages"].frame["level"].unique().tolist() == ["village"]
    assert ground.towns.frame["name"].tolist() == ["南镇", "北镇"]
    assert ground.county.bounds == pytest.approx((104.0, 30.0, 104.04, 30.04))
    assert [(a.layer, a.features, a.used, a.remarked, a.refused) for a in ground.accounts] == [
        ("boundaries", 3, 3, 0, 0),
        ("villages", 4, 4, 0, 0),
    ]


def test_without_a_county_it_is_its_towns(district, draw):
    district.put("boundaries.geojson", draw["boundaries"]()[1:])
    ground = read_geometry(district.path)
    assert ground.county.bounds == pytest.approx((104.0, 30.0, 104.04, 30.04))
    assert ground.report == []


def test_the_digest_changes_with_the_ground(district, draw):
    before = read_geometry(district.path).digest
    assert read_geometry(district.path).digest == before
    district.put("villages.geojson", draw["villages"]()[:3])
    assert read_geometry(district.path).digest != before


CRS = {"type": "name", "properties": {"name": "GCJ02"}}


@pytest.mark.parametrize(
    ("datum", "members", "property_"),
    [
        ("GCJ02", {"crs": CRS}, {}),
        ("GCJ02", {}, {"coord_sys": "高德"}),
        ("BD09", {"crs": CRS}, {"坐标系": "BD-09"}),  # the feature knows better than the file
        ("CGCS2000", {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}}, {}),
        ("WGS84", {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, {}),
        ("WGS84", {"crs": {"type": "name", "properties": {"name": "EPSG:4326"}}}, {}),
        ("WGS84", {"crs": {"type": "EPSG", "properties": {"code": 4326}}}, {}),
    ],
)
def test_named_systems_are_converted(district, draw, datum, members, property_):
    plain = read_geometry(district.path).layers["villages"].shapes
    features = moved(draw["villages"](), datum)
    for one in features:
        one["properties"] |= property_
    district.put("villages.geojson", features, **members)
    ground = read_geometry(district.path)
    assert shapely.equals_exact(ground.layers["villages"].shapes, plain, tolerance=1e-8).all()
    shifts = datum in ("GCJ02", "BD09")
    converted = [f for f in ground.report if f.rule == "geometry_converted"]
    assert [(f.value, f.count, f.feature) for f in converted] == ([(datum, 4, None)] if shifts else [])
    assert about(ground, "villages.geojson").remarked == (4 if shifts else 0)


@pytest.mark.parametrize(
    "name", ["EPSG:3857", "EPSG:4214", "北京54", "urn:ogc:def:crs:EPSG::4547", 7, None, ["x"]]
)
def test_an_unknown_system_refuses_the_file(district, draw, name):
    district.put("villages.geojson", draw["villages"](), crs={"type": "name", "properties": {"name": name}})
    ground = read_geometry(district.path)
    assert rules(ground, "villages.geojson") == ["geometry_crs_unknown"]
    assert len(ground.layers["villages"]) == 0


def test_a_feature_may_carry_the_crs_member(district, draw):
    features = moved(draw["villages"](), "GCJ02")
    for one in features:
        one["crs"] = CRS
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    assert [(f.rule, f.count) for f in ground.report] == [("geometry_converted", 4)]
    features[0]["crs"] = {"type": "name", "properties": {"name": "EPSG:3857"}}
    district.put("villages.geojson", features)
    refused = [(f.feature, f.rule) for f in read_geometry(district.path).report if f.severity == "reject"]
    assert refused == [(1, "geometry_crs_unknown")]


def test_an_unknown_system_of_a_feature_refuses_it(district, draw):
    features = draw["villages"]()
    features[2]["properties"]["coord_sys"] = "西安80"
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    refused = [f for f in ground.report if f.severity == "reject"]
    assert [(f.feature, f.rule, f.field, f.value, f.code) for f in refused] == [
        (3, "code_unknown", "coord_sys", "西安80", "121")
    ]


def test_swapped_positions_are_mended(district, draw):
    plain = read_geometry(district.path).layers["villages"].shapes
    features = draw["villages"]()
    ring = features[1]["geometry"]["coordinates"][0]
    features[1]["geometry"]["coordinates"][0] = [[y, x] for x, y in ring]
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    assert shapely.equals(ground.layers["villages"].shapes, plain).all()
    assert [(f.feature, f.rule) for f in ground.report] == [(2, "coordinates_swapped")]
    assert about(ground, "villages.geojson").remarked == 1


def test_rings_are_mended(district, draw):
    features = draw["villages"]()
    features[0]["geometry"]["coordinates"][0].pop()  # open
    a, b, c, d, _ = features[1]["geometry"]["coordinates"][0]
    far = [c[0] + 0.0001, c[1]]
    # A tiny loop at a corner: crosses itself, and is the same village still.
    features[1]["geometry"]["coordinates"][0] = [
        a,
        b,
        c,
        [far[0], c[1] + 0.0001],
        [c[0], c[1] + 0.0001],
        far,
        c,
        d,
        a,
    ]
    features[2]["geometry"]["coordinates"].append([a, a, a])  # a hole that is none
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    assert [(f.feature, f.rule) for f in ground.report] == [(n, "geometry_repaired") for n in (1, 2, 3)]
    shapes = ground.layers["villages"].shapes
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes) == pytest.approx([0.0004] * 4, rel=1e-3)
    assert about(ground, "villages.geojson").remarked == 3


def test_a_bow_tie_keeps_both_halves(district, draw):
    features = draw["villages"]()
    a, b, c, d, _ = features[0]["geometry"]["coordinates"][0]
    features[0]["geometry"]["coordinates"][0] = [a, b, d, c, a]
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    shape = ground.layers["villages"].shapes[0]
    assert shapely.is_valid(shape) and shape.geom_type == "MultiPolygon"
    assert shape.area == pytest.approx(0.0002)
    assert "geometry_repaired" in rules(ground)


def test_lines_and_points(district, draw):
    line = {"type": "LineString", "coordinates": [[104.0, 30.0, 500.0], [104.01, 30.01, 510.0]]}
    twice = {"type": "MultiLineString", "coordinates": [line["coordinates"], [[104.0, 30.0], [104.0, 30.0]]]}
    roads = [
        draw["feature"](line, 道路等级="县道", 单行="是", 道路编号="X001"),
        draw["feature"](line, highway="primary", oneway=False, crosses="1"),
        draw["feature"](twice, 道路等级="神道"),
    ]
    district.put("roads.geojson", roads)
    district.put(
        "stops.geojson",
        [
            draw["feature"](
                {"type": "Point", "coordinates": [104.005, 30.005]}, code=7.0, name="广场", place_code="111"
            )
        ],
    )
    ground = read_geometry(district.path)
    frame = ground.layers["roads"].frame
    assert frame["road_class"].fillna("").tolist() == ["county", "provincial", ""]
    assert frame["oneway"].tolist()[:2] == [True, False] and frame["oneway"].isna().tolist() == [
        False,
        False,
        True,
    ]
    assert frame["crosses"].fillna(False).tolist() == [False, True, False]
    assert not shapely.has_z(ground.layers["roads"].shapes).any()
    assert ground.layers["stops"].frame["code"].tolist() == ["7"]
    assert [(f.feature, f.rule) for f in ground.report] == [(3, "code_unknown"), (3, "geometry_repaired")]


def test_codes_may_be_numbers_and_need_names_not(district, draw):
    features = draw["villages"]()
    features[0]["properties"] = {"code": 990128001201, "parent_code": 11}
    district.put("villages.geojson", features)
    frame = read_geometry(district.path).layers["villages"].frame
    assert frame.iloc[0][["code", "name", "parent_code"]].tolist() == ["990128001201", "990128001201", "11"]


def test_villages_and_communities(district, draw):
    """What the file says; else the statistical code; else a village, which is asked to have a clinic."""
    features = draw["villages"]()
    said = ["社区", "村级", None, None]
    for feature, level, code in zip(
        features, said, ["990128001201", "990128001002", "990128001003", "42"], strict=True
    ):
        feature["properties"] |= {"村编码": code} | ({"层级": level} if level else {})
    district.put("villages.geojson", features)
    layer = read_geometry(district.path).layers["villages"]
    assert layer.frame["level"].tolist() == ["community", "community", "community", "village"]


def test_without_a_code_a_village_is_refused(district, draw):
    features = draw["villages"]()
    features[3]["properties"]["村编码"] = " "
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    refused = [f for f in ground.report if f.severity == "reject"]
    assert [(f.feature, f.rule, f.field, f.name) for f in refused] == [
        (4, "required_missing", "村编码", "11村")
    ]
    assert about(ground, "villages.geojson").refused == 1


def test_a_property_that_no_feature_has_is_said_once(district, draw):
    features = [draw["feature"](draw["square"](0, 0), FID=n, 面积=1) for n in range(30)]
    district.put("grids.geojson", features)
    ground = read_geometry(district.path)
    (finding,) = [f for f in ground.report if f.file == "grids.geojson"]
    assert (finding.rule, finding.field, finding.value, finding.count) == (
        "geometry_column_missing", "编码", "FID, 面积", 30
    )  # fmt: skip
    assert about(ground, "grids.geojson").refused == 30


def test_many_findings_of_a_kind_are_counted(district, draw):
    district.put("roads.geojson", [draw["feature"](None, name=str(n)) for n in range(500)])
    ground = read_geometry(district.path)
    listed = [f for f in ground.report if f.file == "roads.geojson"]
    assert len(listed) == 21 and sum(f.count for f in listed) == 500
    assert about(ground, "roads.geojson").refused == 500


def test_chinese_file_names_and_strangers(district, draw):
    (district.path / "villages.geojson").rename(district.path / "村界.json")
    district.put("villages.json", draw["villages"]())
    district.raw("村.shp", b"x")
    district.raw("README.md", b"x")
    district.raw(".DS_Store", b"x")
    (district.path / "old").mkdir()
    ground = read_geometry(district.path)
    assert sorted((f.file, f.rule) for f in ground.report) == [
        ("村.shp", "geometry_file_unknown"),
        ("村界.json", "geometry_file_twice"),
    ]
    assert len(ground.layers["villages"]) == 4


def test_geojson_comes_before_json(district, draw):
    district.put("villages.json", draw["villages"]()[:1])
    ground = read_geometry(district.path)
    assert [(f.file, f.rule, f.value) for f in ground.report] == [
        ("villages.json", "geometry_file_twice", "villages.geojson")
    ]
    assert len(ground.layers["villages"]) == 4


def test_own_limits(district, draw):
    district.raw("limits.toml", "[limits]\nfeatures = 3\n")
    ground = read_geometry(district.path)
    assert rules(ground, "villages.geojson") == ["geometry_too_many"]
    for wrong in ("[limits]\nfeature = 3\n", "[limits]\nfeatures = 'x'\n", "limits = 4", "[", b"\xff"):
        district.raw("limits.toml", wrong)
        ground = read_geometry(district.path)
        assert rules(ground) == ["geometry_limits"]
        assert len(ground.layers["villages"]) == 4


def test_every_finding_has_words(district):
    for rule in ("geometry_overlap", "point_stacked", "raster_outside", "points_datum"):
        assert all(message(rule, "zh")) and all(message(rule, "en"))
