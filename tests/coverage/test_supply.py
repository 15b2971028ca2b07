"""What units supply at the end of a month, whom each serves, and how the ground is drawn."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from metrics.coverage import residents
from metrics.coverage.drawing import drawn
from metrics.coverage.served import served
from tests.conftest import new_database
from tests.coverage import small_district as small
from tests.coverage.small_district import KM, LAT, LON, MONTH
from tests.property.engine import units_of

JUNE, NEXT = dt.date(2025, 6, 1), dt.date(2026, 1, 1)


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request) -> Iterator[str]:
    if request.param == "duckdb":
        yield "duckdb:///:memory:"
    else:
        with new_database(request.getfixturevalue("postgres_url")) as url:
            yield url


def staff(unit: int, role: str, start=JUNE, end=None, **more) -> dict:
    return {"unit": unit, "staff_no": "1", "role": role, "start_on": start, "end_on": end, **more}


def facility(unit: int, kind: str, quantity, start=JUNE, end=None) -> dict:
    return {"unit": unit, "kind": kind, "quantity": quantity, "start_on": start, "end_on": end}


def test_what_units_supply(url):
    """Who is in service on the last day; NaN where a unit never told, 0 where it told that there is none."""
    tables = small.rows_of(small.people(5))
    tables["staff"] = [
        staff(2, "gp"),
        staff(2, "gp", gp_qualified=False),  # a doctor, no qualified general practitioner
        staff(2, "physician", end=dt.date(2025, 12, 31)),  # the last day counts
        staff(2, "physician", end=dt.date(2025, 12, 30)),
        staff(2, "physician", start=NEXT),  # comes later
        staff(2, "nurse"),
        staff(3, "village_doctor"),
        staff(5, "gp", end=dt.date(2025, 7, 31)),  # once, nobody now
        staff(7, "nurse"),
    ]
    tables["facility"] = [
        facility(2, "beds", 30.0),
        facility(2, "beds", 12.0, end=dt.date(2025, 9, 1)),
        facility(2, "extended_hours", 6.5),
        facility(7, "beds", 0.0),
        facility(7, "extended_hours", 3.0),
        facility(7, "extended_hours", None),  # how many is not told: the sum is not known
        facility(2, "extended_hours", None, end=dt.date(2025, 9, 1)),  # no longer in force
        facility(3, "pharmacy", 40.0),
    ]
    with small.district(tables, url) as connection:
        units = residents.open_units(units_of(connection), MONTH)
        found = residents.supplies(connection, units, MONTH).set_index(units["unit"])
    nan = np.nan
    wanted = {  # doctors, gps, beds, hours
        2: [3, 1, 30, 6.5],
        3: [1, 0, 0, nan],  # a clinic has no beds
        5: [0, 0, 0, nan],
        6: [nan, nan, 0, nan],
        7: [0, 0, 0, nan],  # three hours and some
    }
    assert found.columns.tolist() == list(residents.SUPPLIES)
    pd.testing.assert_frame_equal(
        found, pd.DataFrame.from_dict(wanted, orient="index", columns=found.columns), check_names=False,
        check_dtype=False, check_index_type=False,
    )  # fmt: skip


def test_supply_reaches_the_cells(url):
    """Per thousand: what a unit supplies by those within its reach; a unit that never told makes others a lower bound."""
    tables = small.rows_of(small.people())
    tables["staff"] = [staff(2, "gp"), staff(2, "gp")]  # the others say nothing
    with small.district(tables, url) as connection:
        found = small.map_of(connection, small.ground())
    access = found["cell_access"]
    assert set(access["supply"]) == {
        "doctors",
        "gps",
        "beds",
    }  # nobody told any hours, and clinics have no beds
    cells = found["cell"]
    people = cells[cells["month"] == MONTH].set_index("cell")["people"]
    doctors = access[access["supply"] == "doctors"].set_index("cell")
    # What all of those within reach get is what there is: two doctors.
    assert (doctors["per_1000"] * people).sum() / 1000 == pytest.approx(2)
    assert doctors["unsure"].any()
    assert (access.loc[access["supply"] == "beds", "per_1000"] == 0).all()


# -- served -------------------------------------------------------------------------------------------


def points(*rows: tuple[float, int, int]) -> pd.DataFrame:
    """(metres, people, unit)."""
    frame = pd.DataFrame(rows, columns=["metres", "people", "unit"])
    return frame.assign(people_0_6=0, people_65=1, floating=0, beyond=0).astype({"unit": "Int64"})


UNITS = pd.DataFrame({"unit": [1, 2, 3], "lon": [LON, LON, np.nan], "lat": [LAT, LAT + KM, np.nan]})


@pytest.mark.parametrize(
    ("rows", "ninth"),
    [
        ([(100.0, 9, 1), (900.0, 1, 1)], 100.0),  # nine of ten exactly
        ([(100.0, 89, 1), (500.0, 1, 1), (900.0, 10, 1)], 500.0),
        ([(900.0, 2, 1), (100.0, 17, 1), (300.0, 1, 1)], 300.0),  # 18 of 20, in any order
        ([(250.0, 1, 1)], 250.0),
        ([(100.0, 8, 1), (900.0, 2, 1)], 900.0),
        ([(100.0, 7, 1), (200.0, 0, 1), (300.0, 3, 1)], 300.0),
    ],
)
def test_the_distance_of_nine_in_ten(rows, ninth):
    found = served(points(*rows), UNITS).set_index("unit")
    assert found.loc[1, "ninth_m"] == ninth
    assert found.loc[1, "farthest_m"] == max(metres for metres, people, _ in rows if people)
    assert found.loc[1, "people"] == sum(people for _, people, _ in rows)


def test_nobodys_nearest_serves_nobody():
    found = served(points((100.0, 9, 1)), UNITS).set_index("unit")
    assert found.index.tolist() == [1, 2]  # the third has no coordinates
    assert found.loc[2, "people"] == 0 and np.isnan(found.loc[2, "ninth_m"])
    assert found.loc[1, "near_unit"] == 2 and found.loc[1, "near_m"] == pytest.approx(KM * 110_850, rel=0.001)


def test_a_band_that_nobody_tells_stays_unknown():
    told = points((100.0, 9, 1)).assign(people_65=pd.array([pd.NA], dtype="Int64"))
    found = served(told, UNITS).set_index("unit")
    assert found["people_65"].isna().all() and (found["people_0_6"] == 0).all()


def test_a_unit_alone_has_no_other():
    found = served(points((100.0, 9, 1)), UNITS.head(1)).iloc[0]
    assert found[["near_unit", "near_m"]].isna().all()


# -- drawing ------------------------------------------------------------------------------------------


def test_the_ground_is_drawn_simpler_and_stays_valid():
    """Names lie on what they name; shapes keep their place to some twenty metres, and are no less valid."""
    around = np.linspace(0, 2 * np.pi, 4_000, endpoint=False)
    wobble = 0.05 + 0.00005 * np.sin(around * 400)
    round_one = shapely.Polygon(
        np.column_stack([LON + wobble * np.cos(around), LAT + wobble * np.sin(around)])
    )
    ring = shapely.difference(round_one, shapely.Point(LON, LAT).buffer(0.03))  # its middle is not on it
    islands = shapely.union_all([small.box(0, 1), small.box(3, 4)])
    sliver = shapely.box(LON, LAT, LON + 1e-7, LAT + 1e-7)  # less than a metre
    ground = small.ground(
        boundaries=[("甲", round_one)],
        villages=[("乙", ring), ("丙", islands), ("丁", sliver)],
        candidates=[("戊", shapely.Point(LON, LAT))],
        built=[("己", small.box(0, 1))],
    )
    places = pd.DataFrame(
        [("乙", "village", True), ("丙", "community", None), ("甲", "town", None)],
        columns=["code", "level", "seat"],
    )
    found = drawn(ground, places)
    assert found["layer"].tolist() == [
        "boundaries",
        "villages",
        "villages",
        "candidates",
    ]  # no houses, no sliver
    originals = {"甲": round_one, "乙": ring, "丙": islands, "戊": shapely.Point(LON, LAT)}
    for row in found.itertuples():
        made, original = shapely.from_geojson(row.shape), originals[row.code]
        assert shapely.is_valid(made) and made.geom_type == original.geom_type
        assert shapely.hausdorff_distance(made, original) < 2.5e-4
        assert original.covers(shapely.Point(row.lon, row.lat))
        if row.code in ("甲", "乙"):
            assert len(shapely.get_coordinates(made)) < len(shapely.get_coordinates(original)) / 5
        assert json.loads(row.shape)["type"] == made.geom_type


def test_the_register_says_what_is_a_village():
    """A community is not asked for a clinic: the register of places tells, the file where it does not know the code."""
    ground = small.ground(villages=[(code, small.box(n, n + 1)) for n, code in enumerate("甲乙丙丁戊")])
    drawn_as = ["community", "village", "village", "community", "village"]
    layer = replace(ground.layers["villages"], frame=ground.layers["villages"].frame.assign(level=drawn_as))
    ground = replace(ground, layers={**ground.layers, "villages": layer})
    places = [
        ("甲", "village", False),
        ("乙", "community", None),
        ("丙", "village", True),
        ("戊", "town", None),
    ]
    found = drawn(ground, pd.DataFrame(places, columns=["code", "level", "seat"])).set_index("code")
    assert found["level"].to_dict() == {
        "甲": "village", "乙": "community", "丙": "village", "丁": "community", "戊": "village"
    }  # fmt: skip
    assert found["seat"].dropna().to_dict() == {"甲": False, "丙": True}
    nobody = drawn(ground, pd.DataFrame(columns=["code", "level", "seat"]))
    assert nobody["level"].tolist() == drawn_as and nobody["seat"].isna().all()


def test_no_ground_is_an_empty_table():
    found = drawn(small.ground(), pd.DataFrame(columns=["code", "level", "seat"]))
    assert found.empty and {"layer", "code", "shape", "lon"} <= set(found.columns)


# -- points -------------------------------------------------------------------------------------------


def test_a_village_whose_numbers_cannot_be_is_lost_not_wrong(monkeypatch):
    """More children than people: nobody is put anywhere, and everybody is counted as without a place."""
    everyone = small.people()
    with small.district(small.rows_of(everyone), "duckdb:///:memory:") as connection:
        counted = residents.people_by_place(connection, MONTH)
        village = counted["place"].isin([6, 7])
        monkeypatch.setattr(
            residents,
            "people_by_place",
            lambda connection, month: counted.assign(
                people_0_6=counted["people_0_6"].where(~village, counted["people"] + 1)
            ),
        )
        ground = small.ground(villages=[("V3", small.box(20, 21))])
        found = small.map_of(connection, ground)
    everywhere = counted["people"].sum()
    assert found["point"]["people"].sum() + found["lattice"].iloc[0]["unplaced"] == everywhere
    assert "V3" not in set(found["point"]["village"])


def test_a_half_known_place_is_nowhere():
    """A longitude alone is no place."""
    tables = small.rows_of(small.people())
    for row in tables["place"]:
        if row["place"] in (3, 4):
            row["lat"] = None
    with small.district(tables, "duckdb:///:memory:") as connection:
        counted = residents.people_by_place(connection, MONTH)
        found = small.map_of(connection, small.ground())
    lost = counted.loc[counted["place"].isna() | counted["place"].isin([3, 4, 6, 7, 8]), "people"].sum()
    assert found["lattice"].iloc[0]["unplaced"] == lost
