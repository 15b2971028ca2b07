"""Broken, wrong, empty, huge and hostile files: a finding each, never a traceback, never a wrong shape in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.geometry.folder import read_geometry
from data.messages import rules

POINT = {"type": "Point", "coordinates": [104.0, 30.0]}
RING = [[104.0, 30.0], [104.1, 30.0], [104.1, 30.1], [104.0, 30.0]]


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def village(coordinates: object, kind: str = "Polygon") -> dict:
    return {
        "type": "Feature",
        "properties": {"code": "1"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


FILES = {
    "empty": ("", "file_empty"),
    "blank": ("   ", "geometry_json"),
    "cut": (collection(village([RING]))[:-20], "geometry_json"),
    "not text": (b"\x00\x01\x02\xff\xfe", "file_encoding"),
    "another encoding": ("{".encode("utf-16"), "geometry_json"),
    "a list": ("[]", "geometry_no_collection"),
    "a number": ("5", "geometry_no_collection"),
    "TopoJSON": ('{"type": "Topology", "objects": {}}', "geometry_no_collection"),
    "Esri": ('{"features": []}', "geometry_no_collection"),
    "features are none": ('{"type": "FeatureCollection", "features": null}', "geometry_no_collection"),
    "no features": ('{"type": "FeatureCollection", "features": []}', "geometry_no_features"),
    "by lines": ('{"type": "Feature"}\n{"type": "Feature"}', "geometry_json"),
    "deep": ('{"type":"FeatureCollection","features":' + "[" * 60_000, "geometry_json_deep"),
    "bomb of lists": ("[" + "[]," * 6_000_000 + "[]]", "geometry_too_many"),
    "a number without end": ('{"type": ' + "9" * 5_000 + "}", "geometry_json"),
    "features that are none": (collection(None, 1, "x", [], {}), "geometry_column_missing"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_used(folder, case):
    content, rule = FILES[case]
    folder.raw("villages.geojson", content)
    ground = read_geometry(folder.path)
    assert [(f.file, f.rule, f.severity) for f in ground.report] == [("villages.geojson", rule, "reject")]
    assert rule in rules("zh")
    assert len(ground.layers["villages"]) == 0


@pytest.mark.parametrize("bomb", ["[" + "1," * 200 + "1]", "[" + "{}" * 20 + "]", "[" * 40])
def test_what_would_fill_the_memory_is_not_parsed(folder, bomb):
    """Numbers, objects and lists by the million, here by the dozen: none of them is even JSON of features."""
    folder.raw("limits.toml", "[limits]\npositions = 10\nfeatures = 1\n")
    folder.raw("villages.geojson", bomb)
    assert [f.rule for f in read_geometry(folder.path).report] == ["geometry_too_many"]


def test_a_file_beyond_the_limit_is_not_read(folder):
    folder.raw("limits.toml", "[limits]\nfile_mb = 1\n")
    folder.raw("villages.geojson", b" " * (1024 * 1024 + 1))
    folder.raw("speeds.csv", b" " * (1024 * 1024 + 1))
    assert {(f.file, f.rule) for f in read_geometry(folder.path).report} == {
        ("villages.geojson", "geometry_too_large"),
        ("speeds.csv", "geometry_too_large"),
    }


GEOMETRIES = {
    "of a point": (POINT, "geometry_kind"),
    "of a collection": ({"type": "GeometryCollection", "geometries": []}, "geometry_kind"),
    "none": (None, "geometry_missing"),
    "a text": ("POLYGON((1 1))", "geometry_kind"),
    "without coordinates": ({"type": "Polygon"}, "geometry_empty"),
    "without rings": ({"type": "Polygon", "coordinates": []}, "geometry_empty"),
    "an empty ring": ({"type": "Polygon", "coordinates": [[]]}, "geometry_empty"),
    "a point for a ring": ({"type": "Polygon", "coordinates": [104.0, 30.0]}, "geometry_coordinates"),
    "texts": ({"type": "Polygon", "coordinates": [[["104", "30"]] * 4]}, "geometry_coordinates"),
    "a text for a longitude": ({"type": "Polygon", "coordinates": [[["104", 30]] * 4]}, "geometry_coordinates"),
    "truth": ({"type": "Polygon", "coordinates": [[[True, False]] * 4]}, "geometry_coordinates"),
    "one number": ({"type": "Polygon", "coordinates": [[[104.0]] * 4]}, "geometry_coordinates"),
    "null": ({"type": "Polygon", "coordinates": [[[104.0, None]] * 4]}, "geometry_coordinates"),
    "too deep": ({"type": "Polygon", "coordinates": [[RING]]}, "geometry_coordinates"),
    "not deep enough": ({"type": "MultiPolygon", "coordinates": [RING]}, "geometry_coordinates"),
    "an enormous number": ({"type": "Polygon", "coordinates": [[[10**400, 30]] * 4]}, "geometry_coordinates"),
    "not a number": ({"type": "Polygon", "coordinates": [[[float("nan"), 30.0]] * 4]}, "geometry_coordinates"),
    "endless": ({"type": "Polygon", "coordinates": [[[float("inf"), 30.0]] * 4]}, "geometry_coordinates"),
    "metres": (
        {"type": "Polygon", "coordinates": [[[500000.0, 3300000.0], [500100.0, 3300000.0], [500100.0, 3300100.0]]]},
        "geometry_metres",
    ),
    "abroad": ({"type": "Polygon", "coordinates": [[[2.3, 48.8], [2.4, 48.8], [2.4, 48.9]]]}, "coordinates_outside"),
    "one corner at zero": ({"type": "Polygon", "coordinates": [[[0, 0], *RING]]}, "coordinates_outside"),
    "no area": ({"type": "Polygon", "coordinates": [[RING[0], RING[1], RING[0]]]}, "geometry_no_area"),
    "on one line": (
        {"type": "Polygon", "coordinates": [[[104.0, 30.0], [104.1, 30.0], [104.2, 30.0], [104.0, 30.0]]]},
        "geometry_no_area",
    ),
    "a single corner": ({"type": "MultiPolygon", "coordinates": [[[RING[0]]]]}, "geometry_no_area"),
}  # fmt: skip


@pytest.mark.parametrize("case", GEOMETRIES)
def test_a_geometry_that_cannot_be_used(folder, case):
    geometry, rule = GEOMETRIES[case]
    folder.raw(
        "villages.geojson",
        collection(
            {"type": "Feature", "properties": {"code": "1", "name": "x"}, "geometry": geometry},
            village([RING]),
        ),
    )
    ground = read_geometry(folder.path)
    refused = [f for f in ground.report if f.severity == "reject"]
    assert [(f.feature, f.rule, f.code) for f in refused] == [(1, rule, "1")]
    assert len(ground.layers["villages"]) == 1
    assert [(a.features, a.refused) for a in ground.accounts] == [(2, 1)]


def test_a_site_is_one_point(folder):
    def site(code, *points):
        return {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "MultiPoint", "coordinates": list(points)},
        }

    folder.raw("stops.geojson", collection(site("a", [104.0, 30.0]), site("b", [104.0, 30.0], [104.1, 30.0])))
    ground = read_geometry(folder.path)
    assert [(f.code, f.rule, f.value) for f in ground.report if f.severity == "reject"] == [
        ("b", "geometry_several_points", "2")
    ]
    assert ground.layers["stops"].shapes[0].coords[0] == (104.0, 30.0)


@pytest.mark.parametrize("code", [[1], {"a": 1}, True, 10**400, "x" * 10_000, 1e400, None, "", "无"])
def test_codes_that_are_none(folder, code):
    one = village([RING])
    one["properties"]["code"] = code
    folder.raw("villages.geojson", collection(one, village([RING])))
    ground = read_geometry(folder.path)
    assert [f.feature for f in ground.report if f.severity == "reject"] == [1]
    assert len(ground.layers["villages"]) == 1


def test_signs_that_cannot_be_stored_are_left_out(folder):
    text = collection(village([RING])).replace(
        '"code": "1"', '"code": "1\\u0000", "name": "\\ud800村\\u202e\\n"'
    )
    folder.raw("villages.geojson", text)
    frame = read_geometry(folder.path).layers["villages"].frame
    assert frame[["code", "name"]].to_numpy().tolist() == [["1", "村"]]


def test_an_old_chinese_encoding(folder):
    one = village([RING]) | {"properties": {"编码": "1", "名称": "龙泉村"}}
    text = json.dumps({"type": "FeatureCollection", "features": [one]}, ensure_ascii=False)
    folder.raw("villages.geojson", text.encode("gb18030"))
    assert read_geometry(folder.path).layers["villages"].frame["name"].tolist() == ["龙泉村"]
    folder.raw("villages.geojson", text.encode("utf-8-sig"))
    assert read_geometry(folder.path).layers["villages"].frame["name"].tolist() == ["龙泉村"]


def test_a_single_feature_is_a_collection_of_one(folder):
    folder.raw("villages.geojson", json.dumps(village([RING])))
    assert len(read_geometry(folder.path).layers["villages"]) == 1


leaf = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(),
    st.sampled_from([104.0, 30.0, 104.01, 30.01, "code", "1", "县", "GCJ02", "\ud800", "Polygon", "Feature"]),
)
json_values = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["type", "features", "geometry", "properties", "coordinates", "code", "level", "crs", "name"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)
near = st.fixed_dictionaries(
    {},
    optional={
        "type": st.one_of(st.just("Feature"), leaf),
        "properties": st.one_of(
            st.fixed_dictionaries({"code": leaf, "level": leaf, "coord_sys": leaf}), json_values
        ),
        "geometry": st.one_of(
            st.fixed_dictionaries(
                {
                    "type": st.sampled_from(["Polygon", "MultiPolygon", "Point", "LineString"]),
                    "coordinates": st.one_of(
                        json_values,
                        st.lists(
                            st.lists(
                                st.tuples(
                                    st.sampled_from([104.0, 104.1, 30.0]), st.sampled_from([30.0, 30.1, 0.0])
                                ).map(list),
                                max_size=6,
                            ),
                            max_size=3,
                        ),
                    ),
                }
            ),
            json_values,
        ),
        "crs": json_values,
    },
)


@settings(max_examples=max(60, settings().max_examples))
@given(
    st.lists(near, max_size=4),
    st.sampled_from(["boundaries", "villages", "roads", "candidates"]),
    json_values,
)
def test_whatever_is_in_it_nothing_is_raised(tmp_path_factory, features, layer, crs):
    path: Path = tmp_path_factory.mktemp("ground")
    text = json.dumps({"type": "FeatureCollection", "features": features, "crs": crs})
    (path / f"{layer}.geojson").write_text(text, "utf-8")
    ground = read_geometry(path)
    used = len(ground.layers[layer])
    for account in ground.accounts:
        assert account.features == account.used + account.remarked + account.refused
        assert account.features == len(features)
        assert used <= account.used + account.remarked
    assert {f.rule for f in ground.report} <= rules("zh")
    for finding in ground.report:
        str(finding).encode("utf-8")


@settings(max_examples=max(40, settings().max_examples))
@given(
    st.binary(max_size=200),
    st.sampled_from(["villages.geojson", "speeds.csv", "population_raster.csv", "limits.toml"]),
)
def test_whatever_bytes(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("ground")
    (path / name).write_bytes(content)
    assert all(f.rule in rules("zh") for f in read_geometry(path).report)
