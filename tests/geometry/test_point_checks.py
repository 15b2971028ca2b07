"""Positions of units and sites: missing, stacked, in the middle of everything, outside, far, shifted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.geometry.checks import checked
from data.geometry.datums import from_wgs84, to_wgs84
from data.geometry.folder import read_geometry


def units(rows):
    """(code, lon, lat, place_code[, coord_sys])"""
    frame = pd.DataFrame(
        [(n, code, f"{code}室", lon, lat, *rest) for n, (code, lon, lat, *rest) in enumerate(rows)],
        columns=["unit", "code", "name", "lon", "lat", "place_code", "coord_sys"][: 5 + len(rows[0]) - 3],
    )
    return frame.astype({"lon": float, "lat": float})


@pytest.fixture
def ground(district):
    return read_geometry(district.path)


def rules(findings):
    return [(f.rule, f.code, f.value) for f in findings]


def test_sound_units(ground):
    assert (
        checked(
            units(
                [("a", 104.011, 30.012, "111"), ("b", 104.031, 30.012, "112"), ("c", 104.031, 30.003, "11")]
            ),
            ground,
        )
        == []
    )


def test_missing_and_outside(ground):
    findings = checked(
        units([("a", np.nan, np.nan, "111"), ("b", 104.05, 30.01, None), ("c", 104.011, np.nan, "111")]),
        ground,
    )
    assert rules(findings) == [
        ("point_missing", "a", None),
        ("point_outside", "b", "0.96 km"),
        ("point_missing", "c", None),
    ]
    assert {f.file for f in findings} == {"unit"}


def test_missing_in_nullable_columns(ground):
    frame = units([("a", 104.011, 30.012, "111"), ("b", 104.031, 30.012, "112")])
    frame["lon"] = pd.array([104.011, pd.NA], "Float64")
    assert [f.rule for f in checked(frame, ground)] == ["point_missing"]


def test_stacked(ground):
    spot = (104.011, 30.012)
    three = units([(c, *spot, "111") for c in "abc"])
    assert rules(checked(three, ground)) == [("point_stacked", c, "3") for c in "abc"]
    assert checked(three[:2], ground) == []  # a centre and a station may share a building
    two_villages = units([("a", *spot, "111"), ("b", *spot, "112")])
    assert [f.rule for f in checked(two_villages, ground)].count("point_stacked") == 2


def test_the_middle_of_the_district_is_a_default(ground):
    findings = checked(units([("a", 104.02, 30.02, "111"), ("b", 104.02, 30.0101, "111")]), ground)
    assert rules(findings) == [("point_central", "a", "甲县"), ("point_central", "b", "南镇")]


def test_far_from_the_own_village(ground):
    findings = checked(
        units([("a", 104.0355, 30.031, "111"), ("b", 104.021, 30.005, "111"), ("c", 104.035, 30.035, "11")]),
        ground,
    )
    # a is 1.5 km to the east and 1.2 km to the north of its village, c north of its town; b is across the road.
    assert [(f.rule, f.code) for f in findings] == [("point_far", "a"), ("point_far", "c")]
    name, km = findings[0].value.split(", ")
    assert name == "00村" and float(km.removesuffix(" km")) == pytest.approx(np.hypot(1.495, 1.219), abs=0.01)


def test_a_village_that_nobody_drew(ground):
    assert rules(checked(units([("a", 104.011, 30.012, "999")]), ground)) == [
        ("point_place_unknown", "a", "999")
    ]


def test_a_grid_that_nobody_drew_stands_for_its_village(ground):
    parents = {"1110203": "11102", "11102": "111", "x": "y", "y": "x"}
    far, lost = ("a", 104.0355, 30.031, "1110203"), ("b", 104.011, 30.012, "x")
    findings = checked(units([far, lost]), ground, parents=parents)
    assert [(f.rule, f.code) for f in findings] == [("point_far", "a"), ("point_place_unknown", "b")]
    assert findings[0].value.startswith("00村, ")


def test_without_villages_no_village_is_unknown(folder, draw):
    folder.put("boundaries.geojson", draw["boundaries"]())
    assert checked(units([("a", 104.011, 30.012, "111")]), read_geometry(folder.path)) == []


@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
def test_a_point_of_a_public_map_taken_for_wgs84(ground, datum):
    """A clinic near the border of its village, read off a public map."""
    lon, lat = (104.0198, 30.0115) if datum == "GCJ02" else (104.0195, 30.0115)
    x, y = from_wgs84(lon, lat, datum)
    (finding,) = checked(units([("a", x, y, "111")]), ground)
    assert finding.rule == "point_datum" and datum in finding.value.split(" / ")


def test_a_point_converted_that_was_right_already(ground):
    """Said to be BD-09 and so moved away from its village, though it was WGS-84 all the time."""
    x, y = to_wgs84(104.0205, 30.0115, "BD09")
    (finding,) = checked(units([("a", x, y, "112", "BD09")]), ground)
    assert finding.rule == "point_datum" and "WGS84" in finding.value.split(" / ")


def test_when_most_of_a_system_are_off_the_system_is_doubted(ground):
    rng = np.random.default_rng(1)
    rows = []
    for n in range(12):
        village = n % 4
        # All near the western border, so that a shift to the east of half a kilometre takes none of them out.
        west, south = 104.0 + 0.02 * (village % 2), 30.0 + 0.02 * (village // 2)
        lon, lat = west + 0.019 - 0.001 * rng.random(), south + 0.01 + 0.005 * rng.random()
        x, y = from_wgs84(lon, lat, "BD09")
        rows.append((f"u{n}", float(x), float(y), f"1{village // 2 + 1}{village % 2 + 1}", None))
    frame = units(rows)
    findings = checked(frame, ground)
    whole = [f for f in findings if f.rule == "points_datum"]
    assert [(f.value, f.count, f.code) for f in whole] == [("WGS84 → BD09: 12 → 0 / 12", 12, None)]
    right = frame.assign(coord_sys="BD09")
    right["lon"], right["lat"] = to_wgs84(frame["lon"].to_numpy(), frame["lat"].to_numpy(), "BD09")
    assert checked(right, ground) == []


def test_a_few_slips_do_not_make_a_system_doubtful(ground):
    """Four of twelve off, and those would be right as BD-09: the twelve together are not doubted."""
    rows = []
    for n in range(12):
        lon, lat = 104.0185 + n / 1e5, 30.0135 + n / 1e5
        x, y = from_wgs84(lon, lat, "BD09") if n < 4 else (lon - 0.01, lat)
        rows.append((f"u{n}", float(x), float(y), "111"))
    findings = checked(units(rows), ground)
    assert [(f.rule, f.code) for f in findings] == [("point_datum", f"u{n}") for n in range(4)]


def test_a_system_that_helps_half_of_them_is_no_answer(ground):
    """All twelve are far away; six would be right as BD-09."""
    rows = []
    for n in range(12):
        lon, lat = (104.0185 + n / 1e5, 30.0135) if n < 6 else (104.030 + n / 1e5, 30.033)
        x, y = from_wgs84(lon, lat, "BD09")
        rows.append((f"u{n}", float(x), float(y), "111"))
    findings = checked(units(rows), ground)
    assert [f.rule for f in findings] == ["point_datum"] * 6 + ["point_far"] * 6


def test_without_geometry_only_what_units_tell_of_each_other(tmp_path):
    frame = units([("a", 104.0, 30.0, "1"), ("b", 104.0, 30.0, "2"), ("c", np.nan, 30.0, "3")])
    findings = checked(frame, read_geometry(tmp_path))
    assert [f.rule for f in findings] == ["point_stacked", "point_stacked", "point_missing"]
    assert checked(frame[2:], read_geometry(tmp_path))[0].code == "c"
    assert checked(frame[:0], read_geometry(tmp_path)) == []
    assert checked(frame[["code", "name", "lon", "lat"]][:2], read_geometry(tmp_path)) == []


def test_no_units(ground):
    assert checked(units([("a", 104.0, 30.0, "1")])[:0], ground) == []


def test_sites_are_checked_when_the_folder_is_read(district, draw):
    def site(lon, lat, **more):
        return draw["feature"]({"type": "Point", "coordinates": [lon, lat]}, **more)

    district.put(
        "candidates.geojson",
        [
            site(104.011, 30.012, code="h1", place_code="111"),
            site(104.011, 30.012, code="h2"),
            site(104.2, 30.2, code="h3"),
        ],
    )
    ground = read_geometry(district.path)
    assert [(f.rule, f.feature, f.code) for f in ground.report] == [
        ("point_stacked", 1, "h1"),
        ("point_stacked", 2, "h2"),
        ("point_outside", 3, "h3"),
    ]
    assert len(ground.layers["candidates"]) == 3
