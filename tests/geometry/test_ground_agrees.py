"""What was drawn against each other: codes, overlaps, gaps, borders, parents, coordinate systems."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.geometry.datums import from_wgs84, to_wgs84
from data.geometry.findings import FLAG, REJECT, Finding, account, condense
from data.geometry.folder import read_geometry


def found(ground, file="villages.geojson"):
    return [(f.rule, f.feature, f.code) for f in ground.report if f.file == file]


def test_overlap_names_the_later_and_the_share(district, draw):
    features = draw["villages"]()
    features[1]["geometry"] = draw["square"](0.8, 0, 1.2, 1)
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    (finding,) = ground.report
    assert (finding.rule, finding.feature, finding.code, finding.name) == (
        "geometry_overlap",
        2,
        "112",
        "01村",
    )
    assert finding.value == "00村, 20.0%"
    assert len(ground.layers["villages"]) == 4


def test_slivers_are_no_overlap(district, draw):
    features = draw["villages"]()
    features[1]["geometry"] = draw["square"](0.995, 0, 1.005, 1)
    district.put("villages.geojson", features)
    assert read_geometry(district.path).report == []


def test_a_gap_is_told_by_town(district, draw):
    features = draw["villages"]()
    features[3]["geometry"] = draw["square"](1, 1, 1, 0.9)
    district.put("villages.geojson", features)
    (finding,) = read_geometry(district.path).report
    assert (finding.rule, finding.code, finding.name, finding.feature) == ("geometry_gap", "12", "北镇", None)
    share, area = finding.value.split(", ")
    # A tenth of a village of 0.02 degrees: 1.929 km by 2.217 km at 30 degrees north, by the geodesic library.
    assert share == "5.0%" and float(area.removesuffix(" km²")) == pytest.approx(0.428, abs=0.005)


def test_a_missing_village_is_a_gap_too(district, draw):
    district.put("villages.geojson", draw["villages"]()[:2])
    findings = read_geometry(district.path).report
    assert [(f.rule, f.code, f.value.split(",")[0]) for f in findings] == [("geometry_gap", "12", "100.0%")]


def test_beyond_the_border(district, draw):
    features = draw["villages"]()
    features[1]["geometry"] = draw["square"](1, 0, 1.25, 1)
    district.put("villages.geojson", features)
    district.put("built.geojson", [draw["feature"](draw["square"](5, 5))])
    line = {"type": "LineString", "coordinates": [[104.0, 30.0], [104.2, 30.2]]}
    far = {"type": "LineString", "coordinates": [[105.0, 30.0], [105.2, 30.2]]}
    near = {
        "type": "LineString",
        "coordinates": [[104.1, 30.0], [104.2, 30.0]],
    }  # leads on, six kilometres away
    district.put("roads.geojson", [draw["feature"](line), draw["feature"](far), draw["feature"](near)])
    ground = read_geometry(district.path)
    assert [(f.file, f.rule, f.feature, f.value) for f in ground.report] == [
        ("built.geojson", "geometry_outside", 1, "100.0%"),
        ("roads.geojson", "geometry_outside", 2, "92.5 km"),
        ("villages.geojson", "geometry_outside", 2, "20.0%"),
    ]


def test_without_any_border_nothing_is_checked(folder, draw):
    folder.put("villages.geojson", draw["villages"]())
    ground = read_geometry(folder.path)
    assert [f.rule for f in ground.report] == ["geometry_no_boundary"]
    assert ground.county is None and len(ground.layers["villages"]) == 4


def test_parents(district, draw):
    features = draw["villages"]()
    features[0]["properties"]["乡镇编码"] = "12"  # lies in 11
    features[1]["properties"]["乡镇编码"] = "99"
    district.put("villages.geojson", features)
    grids = [
        draw["feature"](draw["square"](0, 0), code="g1", parent_code="111"),
        draw["feature"](draw["square"](1, 0), code="g2", parent_code="111"),
        draw["feature"](draw["square"](0, 1, 2, 1), code="g3", parent_code="12"),
    ]
    district.put("grids.geojson", grids)
    ground = read_geometry(district.path)
    assert [(f.file, f.rule, f.code, f.value) for f in ground.report] == [
        ("grids.geojson", "geometry_parent_differs", "g2", "00村, 0%"),
        ("villages.geojson", "geometry_parent_differs", "111", "北镇, 0%"),
        ("villages.geojson", "geometry_parent_unknown", "112", "99"),
    ]


def test_codes_twice(district, draw):
    features = draw["villages"]()
    features.append(draw["feature"](draw["square"](0, 0), 村编码="111", 村名="另一村"))
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    assert found(ground) == [("geometry_code_twice", 5, "111")]
    assert len(ground.layers["villages"]) == 4
    assert ground.accounts[1].refused == 1


def test_parts_of_one_village_are_joined(district, draw):
    features = draw["villages"]()
    features[0]["geometry"] = draw["square"](0, 0, 1, 0.5)
    features.append(draw["feature"](draw["square"](0, 0.5, 1, 0.5), 村编码="111", 村名="00村", 乡镇编码="11"))
    district.put("villages.geojson", features)
    ground = read_geometry(district.path)
    assert found(ground) == [("geometry_joined", 5, "111")]
    whole = shapely.geometry.shape(draw["square"](0, 0))
    assert shapely.symmetric_difference(ground.layers["villages"].shapes[0], whole).area < 1e-12
    assert (ground.accounts[1].features, ground.accounts[1].remarked) == (5, 1)


def test_roads_may_share_a_code(district, draw):
    line = {"type": "LineString", "coordinates": [[104.0, 30.0], [104.01, 30.01]]}
    district.put("roads.geojson", [draw["feature"](line, code="G108") for _ in range(3)])
    ground = read_geometry(district.path)
    assert len(ground.layers["roads"]) == 3 and ground.report == []


@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
@pytest.mark.parametrize("wrong", ["villages", "boundaries"])
def test_a_system_that_nobody_named_is_suspected(district, draw, datum, wrong):
    """Villages or borders drawn on a public map and exported as if they were WGS-84."""
    features = draw[wrong]()
    for one in features:
        ring = np.array(one["geometry"]["coordinates"][0])
        one["geometry"]["coordinates"] = [np.column_stack(from_wgs84(*ring.T, datum)).tolist()]
    district.put(f"{wrong}.geojson", features)
    ground = read_geometry(district.path)
    (suspect,) = [f for f in ground.report if f.rule == "geometry_datum"]
    named = "villages.geojson" if wrong == "villages" else "boundaries"
    assert suspect.file == "villages.geojson"
    assert suspect.value.startswith(f"{named}: {datum} (")


def test_a_system_wrongly_named_is_suspected(district, draw):
    """Villages that are WGS-84 and said to be BD-09: the district fits if its border were moved the same way."""
    district.put("villages.geojson", draw["villages"](), crs={"type": "name", "properties": {"name": "BD09"}})
    ground = read_geometry(district.path)
    assert "geometry_datum" in [f.rule for f in ground.report]
    moved = to_wgs84(np.array([104.0]), np.array([30.0]), "BD09")
    corner = shapely.get_coordinates(ground.layers["villages"].shapes[0])[0]
    assert corner == pytest.approx((moved[0][0], moved[1][0]), abs=1e-9)


def test_a_failing_overlay_is_told(district, monkeypatch):
    def fail(*_args, **_more):
        raise shapely.GEOSException("TopologyException: side location conflict")

    monkeypatch.setattr(shapely, "difference", fail)
    ground = read_geometry(district.path)
    assert [f.rule for f in ground.report] == ["geometry_unchecked"]
    assert len(ground.layers["villages"]) == 4


found_one = st.builds(
    Finding,
    file=st.sampled_from(["a", "b"]),
    rule=st.sampled_from(["geometry_overlap", "geometry_outside", "geometry_converted"]),
    severity=st.sampled_from([FLAG, REJECT]),
    feature=st.one_of(st.none(), st.integers(1, 9)),
)


@settings(max_examples=max(60, settings().max_examples))
@given(st.lists(found_one, max_size=40), st.integers(0, 5))
def test_condensing_loses_no_count(findings, listed):
    short = condense(findings, listed)
    for file in "ab":
        for rule in {f.rule for f in findings}:
            counts = [
                sum(f.count for f in some if (f.file, f.rule) == (file, rule)) for some in (findings, short)
            ]
            assert counts[0] == counts[1]
    singly = [f for f in short if f.feature is not None]
    assert all(
        sum(g.file == f.file and g.rule == f.rule and g.severity == f.severity for g in singly) <= listed
        for f in singly
    )


@settings(max_examples=max(60, settings().max_examples))
@given(st.lists(found_one, max_size=40))
def test_accounts_are_sums(findings):
    one = account("a", "villages", 9, findings)
    assert one.used + one.remarked + one.refused == 9 and min(one.used, one.remarked, one.refused) >= 0
    refused = {
        f.feature for f in findings if f.file == "a" and f.severity == REJECT and f.feature is not None
    }
    remarked = {f.feature for f in findings if f.file == "a" and f.feature is not None} - refused
    assert (one.refused, one.remarked) == (len(refused), len(remarked))
