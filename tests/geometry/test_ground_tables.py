"""The csv files of the ground: a population raster and speeds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.geometry.datums import from_wgs84
from data.geometry.folder import read_geometry


def read(folder, name):
    ground = read_geometry(folder.path)
    account = next(a for a in ground.accounts if a.file == name)
    findings = [(f.feature, f.rule, f.field, f.value, f.count) for f in ground.report if f.file == name]
    return (
        ground.tables[name.partition(".")[0]],
        findings,
        (account.features, account.used, account.remarked, account.refused),
    )


def test_a_raster(district):
    district.raw(
        "population_raster.csv",
        '经度,纬度,人数,65岁及以上\n104.001,30.001,12.5,3\n104.002,30.001,0,\n104.003,30.001,"1,200",8.5\n',
    )
    table, findings, account = read(district, "population_raster.csv")
    assert findings == [] and account == (3, 3, 0, 0)
    assert table["people"].tolist() == [12.5, 0.0, 1200.0]
    assert table["people_65"].isna().tolist() == [False, True, False]
    assert table["floating"].isna().all()  # not given: unknown, not none
    assert table["line"].tolist() == [2, 3, 4]


def test_what_is_wrong_in_a_raster(district):
    district.raw(
        "population_raster.csv",
        "lon,lat,people,people_0_6\n"
        "104.001,30.001,5,9\n"  # part exceeds the whole
        "30.001,104.002,5,1\n"  # swapped
        "104.003,30.001,-99999,\n"
        "104.004,30.001,-3,\n"
        "104.005,,5,\n"
        "104.006,30.001,5x,\n"
        "2.35,48.85,5,\n"
        "104.001,30.001,7,1\n"  # twice
        "\n"
        "104.100,30.001,40,1\n"  # outside the district
        "104.007,30.001,5,-1\n",
    )
    table, findings, account = read(district, "population_raster.csv")
    assert table["lon"].tolist() == pytest.approx([104.001, 104.002, 104.007])
    assert table["people"].tolist() == [5, 5, 5]
    assert table["people_0_6"].fillna(-9).tolist() == [9, 1, -9]  # below nought is unknown
    assert findings == [
        (None, "raster_outside", None, "40", 1),
        (2, "part_exceeds_whole", "people_0_6", "9", 1),
        (3, "coordinates_swapped", "lon", "30.001", 1),
        (4, "raster_no_data", "people", "-99999", 1),
        (5, "number_negative", "people", "-3", 1),
        (6, "required_missing", "lat", None, 1),
        (7, "number_masked", "people", "5x", 1),
        (8, "coordinates_outside", "lon", "2.35", 1),
        (9, "geometry_row_twice", "经度", "104.001", 1),
        (12, "number_negative", "people_0_6", "-1", 1),
    ]
    assert account == (10, 0, 3, 7)


def test_a_raster_of_another_system(folder):
    lon, lat = from_wgs84(np.array([104.001, 104.002]), np.array([30.001, 30.002]), "GCJ02")
    rows = "".join(f"{x:.7f},{y:.7f},5,高德\n" for x, y in zip(lon, lat, strict=True))
    folder.raw("人口栅格.csv", ("经度,纬度,人数,坐标系\n" + rows).encode("gb18030"))
    ground = read_geometry(folder.path)
    table = ground.tables["population_raster"]
    assert table["lon"].to_numpy() == pytest.approx([104.001, 104.002], abs=1e-6)
    assert [(f.rule, f.count) for f in ground.report] == [("geometry_converted", 2)]


def test_an_unknown_system_refuses_the_row(folder):
    folder.raw("population_raster.csv", "lon,lat,people,coord_sys\n104,30,5,火星\n104.1,30,5,GPS\n")
    table, findings, account = read(folder, "population_raster.csv")
    assert len(table) == 1 and account == (2, 1, 0, 1)
    assert findings == [(2, "code_unknown", "coord_sys", "火星", 1)]


def test_many_findings_are_counted(folder):
    folder.raw(
        "population_raster.csv",
        "lon,lat,people\n" + "".join(f"{104 + n / 1e4},30,-9999\n" for n in range(300)),
    )
    table, findings, account = read(folder, "population_raster.csv")
    assert len(table) == 0 and account == (300, 0, 0, 300)
    assert len(findings) == 21 and sum(f[4] for f in findings) == 300


def test_speeds(folder):
    folder.raw(
        "speeds.csv",
        "道路等级,出行方式,时速\n县道,汽车,40\n村道,摩托车,25\n县道,car,50\n国道,汽车,-1\n高速,步行,0\n小路,飞,5\n,步行,4\n其他,步行,5\n无路,汽车,4\n",
    )
    table, findings, account = read(folder, "speeds.csv")
    assert table[["road_class", "mode", "kmh"]].to_numpy().tolist() == [
        ["county", "car", 40.0],
        ["village", "motorcycle", 25.0],
        ["motorway", "walk", 0.0],  # not used
        ["any", "walk", 5.0],
        ["offroad", "car", 4.0],
    ]
    assert [f[:2] for f in findings] == [
        (4, "geometry_row_twice"),
        (5, "implausible_speed"),
        (7, "code_unknown"),
        (8, "required_missing"),
    ]
    assert account == (9, 5, 0, 4)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "file_empty"),
        ("lon,lat\n1,2\n", "geometry_column_missing"),
        (b"\xff\xff\xff\xff", "file_encoding"),
        ("a\n" + "\n" * 5, "geometry_column_missing"),
    ],
)
def test_a_table_that_cannot_be_used(folder, content, rule):
    folder.raw("population_raster.csv", content)
    ground = read_geometry(folder.path)
    assert [(f.rule, f.severity) for f in ground.report] == [(rule, "reject")]
    assert len(ground.tables["population_raster"]) == 0


def test_too_many_rows(folder):
    folder.raw("limits.toml", "[limits]\nrows = 3\n")
    folder.raw("population_raster.csv", "lon,lat,people\n" + "104,30,1\n" * 4)
    assert [f.rule for f in read_geometry(folder.path).report] == ["geometry_too_many"]


def test_columns_keep_their_types_whatever_is_missing(folder):
    folder.raw("population_raster.csv", "lon,lat,people\n104,30,1\n")
    table = read_geometry(folder.path).tables["population_raster"]
    assert [str(table[c].dtype) for c in ("lon", "people", "floating", "coord_sys")] == ["float64"] * 3 + [
        "str"
    ]
    assert isinstance(table, pd.DataFrame)
