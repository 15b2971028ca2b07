"""The map of a build against an obvious count, on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from metrics.context import Horizon, prepare
from metrics.coverage import cover, residents
from metrics.coverage.earth import Plane
from metrics.coverage.lattice import Lattice
from metrics.coverage.mapping import Wanted, mapped, rule_metres
from metrics.coverage.people import COUNTS
from metrics.facts.work import located_units
from tests.conftest import new_database
from tests.coverage import small_district as small
from tests.coverage.small_district import BEFORE, KM, LAT, LON, MONTH, PLACES, UNITS
from tests.property.engine import units_of

MONTHS = (MONTH, BEFORE)
NORTH = {place: north for place, _, _, _, north, _ in PLACES}
V3_SOUTH, V3_NORTH = 20.0, 21.2
GROUND = small.ground(villages=[("V3", small.box(V3_SOUTH, V3_NORTH))])
EVERYONE = small.people()


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def url(request) -> Iterator[str]:
    if request.param == "duckdb":
        yield "duckdb:///:memory:"
    else:
        with new_database(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture(scope="module")
def tables(url) -> dict[str, pd.DataFrame]:
    with small.district(small.rows_of(EVERYONE), url) as connection:
        return small.map_of(connection, GROUND)


def at(place: int | None) -> str:
    """How the map comes to know where somebody lives: point, spread, lost."""
    if place is not None and NORTH[place] is not None:
        return "point"
    return "spread" if place in (6, 7) else "lost"


def of_place(place: int, month: int) -> dict[str, int]:
    return small.counts([one for one in EVERYONE if one["place"] == place], month)


def ways(place: int, month: int) -> dict[int, float]:
    """Kilometres from a place to every open unit, none of them near the rule."""
    found = {
        unit: small.metres(LON, LAT + NORTH[place] * KM, LON, LAT + north * KM) / 1000
        for unit, (_, north) in small.open_units(month).items()
    }
    assert all(abs(way - small.RULE_KM) > 0.05 for way in found.values())
    return found


def sums(frame: pd.DataFrame, *names: str) -> dict[str, int]:
    return {name: int(frame[name].sum()) for name in names}


@pytest.mark.parametrize("month", MONTHS)
def test_sums_are_the_residents_less_those_who_are_lost(tables, month):
    cells = tables["cell"]
    cells = cells[cells["month"] == month]
    placed = [one for one in EVERYONE if at(one["place"]) != "lost"]
    assert sums(cells, *COUNTS) == small.counts(placed, month)
    assert sums(cells, *COUNTS) != small.counts(placed, MONTHS[0] + MONTHS[1] - month)
    if month == MONTH:
        lost = [one for one in EVERYONE if at(one["place"]) == "lost"]
        row = tables["lattice"].iloc[0]
        assert row["unplaced"] == small.counts(lost, month)["people"] > 0
        assert row["units_unplaced"] == 1
        assert sums(tables["point"], *COUNTS) == sums(cells, *COUNTS)


@pytest.mark.parametrize("month", MONTHS)
def test_who_is_beyond_and_who_has_one_choice(tables, month):
    """Of places with coordinates one by one; the spread village lies beyond everything."""
    cells = tables["cell"]
    cells = cells[cells["month"] == month]
    beyond, one_choice, nearest = dict.fromkeys(("people", "people_0_6", "people_65", "floating"), 0), 0, {}
    for place in {place for place in NORTH if NORTH[place] is not None}:
        there, way = of_place(place, month), ways(place, month)
        if min(way.values()) > small.RULE_KM:
            beyond = {name: beyond[name] + there[name] for name in beyond}
        one_choice += there["people"] * (sum(w <= small.RULE_KM for w in way.values()) == 1)
        nearest[place] = min(way, key=way.get)
    village = small.counts([one for one in EVERYONE if at(one["place"]) == "spread"], month)
    beyond = {name: beyond[name] + village[name] for name in beyond}
    names = {"beyond": "people", "beyond_0_6": "people_0_6", "beyond_65": "people_65"}
    names |= {"beyond_floating": "floating"}
    assert sums(cells, *names, "one_choice") == {
        **{name: beyond[of] for name, of in names.items()},
        "one_choice": one_choice,
    }
    assert 0 < cells["beyond"].sum() < cells["people"].sum() and one_choice > 0
    # The clinic at 12 km had the people of V2 until it closed; the one at 16 km opened for V5.
    assert nearest[5] == (4 if month == BEFORE else 5)
    for place, unit in nearest.items():
        own = cells[(cells["place_name"] == name_of(place)) & (cells["people"] > 0)]
        assert set(own["unit"]) <= {unit}


def name_of(place: int) -> str:
    """The place's name after that of what it lies in."""
    by_code = {code: (parent, level) for _, code, parent, level, _, _ in PLACES}
    code = next(code for number, code, *_ in PLACES if number == place)
    parent = by_code[code][0]
    return code if parent is None or code.startswith(parent) else f"{parent} {code}"


def test_metres_are_means_over_the_people_of_a_cell(tables):
    cells = tables["cell"]
    cells = cells[cells["month"] == MONTH].set_index("cell")
    lattice = lattice_of(tables)
    people: dict[str, list[float]] = {}
    for place in {place for place in NORTH if NORTH[place] is not None}:
        column, row = lattice.cell_of([LON], [LAT + NORTH[place] * KM])
        way = min(ways(place, MONTH).values()) * 1000
        people.setdefault(f"{column[0]}-{row[0]}", []).extend([way] * of_place(place, MONTH)["people"])
    assert max(len(set(all_of_them)) for all_of_them in people.values()) > 1  # two places in one cell
    for cell, distances in people.items():
        assert cells.loc[cell, "people"] == len(distances)
        assert cells.loc[cell, "metres"] == pytest.approx(np.mean(distances), rel=0.006)
    assert cells["minutes"].isna().all() and cells["slow"].isna().all()  # no roads, no speeds: no ways
    assert tables["lattice"].iloc[0][["travel", "mode", "minutes"]].isna().all()


def lattice_of(tables) -> Lattice:
    row = tables["lattice"].iloc[0]
    return Lattice(row["kind"], row["side_m"], Plane.around(row["lon"], row["lat"]))


def test_a_spread_village_is_estimated_and_stays_in_its_shape(tables):
    points = tables["point"]
    own = points[points["estimated"]]
    assert set(own["village"]) == {"V3"} and len(own) > 3
    assert own["people"].sum() == sum(of_place(place, MONTH)["people"] for place in (6, 7))
    assert own["lat"].between(LAT + V3_SOUTH * KM, LAT + V3_NORTH * KM).all()
    cells = tables["cell"]
    assert set(cells.loc[cells["estimated"], "place_name"]) == {"V3"}


def test_points_lie_in_their_cells(tables):
    points, cells = tables["point"], tables["cell"]
    column, line = lattice_of(tables).cell_of(points["lon"], points["lat"])
    assert points["cell"].to_list() == [f"{x}-{y}" for x, y in zip(column, line, strict=True)]
    now = cells[cells["month"] == MONTH].set_index("cell")["people"]
    assert points.groupby("cell")["people"].sum().to_dict() == now.to_dict()
    assert not now.index.duplicated().any()


def test_reach_by_kind(tables):
    reach = tables["cell_reach"].set_index(["cell", "kind"])
    cells = tables["cell"]
    cells = cells[cells["month"] == MONTH]
    standing = small.open_units(MONTH)
    assert len(reach) == 3 * len(cells)
    for cell in cells.itertuples():
        for kind in ("centre", "station", "clinic"):
            way = {
                unit: small.metres(cell.lon, cell.lat, LON, LAT + north * KM)
                for unit, (of, north) in standing.items()
                if of == kind
            }
            found = reach.loc[(cell.cell, kind)]
            assert found["unit"] == min(way, key=way.get)
            assert found["metres"] == pytest.approx(min(way.values()), rel=0.006)


def test_whom_units_serve(tables):
    """People, those beyond and the distance of nine in ten, counted person by person."""
    points, served = tables["point"], tables["served"].set_index("unit")
    standing = small.open_units(MONTH)
    assert set(served.index) == set(standing)
    own: dict[int, list[float]] = {unit: [] for unit in standing}
    for point in points.itertuples():
        way = {
            unit: small.metres(point.lon, point.lat, LON, LAT + north * KM)
            for unit, (_, north) in standing.items()
        }
        unit = min(way, key=way.get)
        own[unit] += [way[unit]] * int(point.people)
    for unit, distances in own.items():
        row = served.loc[unit]
        assert row["people"] == len(distances)
        assert row["beyond"] == sum(way > small.RULE_KM * 1000 for way in distances)
        if not distances:
            assert row[["ninth_m", "farthest_m"]].isna().all()
            continue
        distances = sorted(distances)
        assert row["ninth_m"] == pytest.approx(
            distances[int(np.ceil(0.9 * len(distances) - 1e-9)) - 1], rel=0.006
        )
        assert row["farthest_m"] == pytest.approx(distances[-1], rel=0.006)
    assert served["people"].sum() == points["people"].sum()
    near = {unit: (kind, north) for unit, (kind, north) in standing.items()}
    for unit, (_, north) in near.items():
        others = {other: abs(north - far) for other, (_, far) in near.items() if other != unit}
        assert served.loc[unit, "near_unit"] == min(others, key=others.get)
        assert served.loc[unit, "near_m"] == pytest.approx(min(others.values()) * KM * 110_850, rel=0.01)


def test_grids_and_their_teams(tables):
    """The smallest grids say how many teams their code means; what is made of smaller ones says nothing."""
    teams = dict(zip([code for _, code, *_ in PLACES], _teams(tables), strict=True))
    assert teams == {
        "T": None, "V1": None, "V1a": 1, "V1b": 2, "V2": 0, "V3": None, "V3a": 1, "V4": 0, "V5": 1,
    }  # fmt: skip
    cell = tables["place"].set_index("place")["cell"]
    assert {place for place, here in cell.items() if not isinstance(here, str)} == {1, 6, 7, 8}


def _teams(tables) -> list[int | None]:
    found = tables["place"].sort_values("place")["teams"]
    return [None if pd.isna(one) else int(one) for one in found]


def test_the_rule_is_the_standards(tables):
    assert rule_metres(MONTH) == small.RULE_KM * 1000 == tables["lattice"].iloc[0]["rule_m"]


# -- other grounds, other people --------------------------------------------------------------------------


def made(on=GROUND, everyone=EVERYONE, units=UNITS, places=PLACES, **wanted) -> dict[str, pd.DataFrame]:
    with small.district(small.rows_of(everyone, units=units, places=places), "duckdb:///:memory:") as known:
        return small.map_of(known, on, **wanted)


def nowhere(rows: list[tuple], place: int) -> list[tuple]:
    return [(*row[:place], None, *row[place + 1 :]) for row in rows]


def test_nobody_knows_where_anything_is():
    """No map: the ground and the names of the grids alone, and no error."""
    found = made(small.ground(), units=nowhere(UNITS, 2), places=nowhere(PLACES, 4))
    assert set(found) == {"place", "ground"}
    assert len(found["place"]) == len(PLACES) and found["ground"].empty


def test_without_units_nobody_is_known_to_be_beyond():
    found = made(units=nowhere(UNITS, 2))
    cells = found["cell"]
    assert cells["people"].sum() > 0
    told = cover(cells)
    assert told.beyond is None and told.beyond_65 is None and np.isnan(told.share_beyond)
    for name in ("beyond", "beyond_0_6", "beyond_65", "beyond_floating", "one_choice", "unit", "metres"):
        assert cells[name].isna().all(), name
    assert found["served"].empty and found["cell_reach"].empty
    assert found["lattice"].iloc[0]["units_unplaced"] == len(small.open_units(MONTH)) + 1


def test_without_residents_there_are_units_and_no_cells():
    found = made(everyone=[])
    assert found["cell"].empty and found["point"].empty
    assert (found["served"]["people"] == 0).all() and len(found["served"]) == len(small.open_units(MONTH))


def test_villages_are_spread_whole():
    """``villages``: everyone of a village is put where its houses are, also those whose own place is known."""
    drawn = [("V1", small.box(0.5, 3.5)), ("V3", small.box(V3_SOUTH, V3_NORTH))]
    ground = small.ground(villages=drawn, built=[("b", small.box(0.5, 1.0, 0.4))])
    found = made(ground, people_from="villages")
    cells = found["cell"]
    assert cells["estimated"].all()
    for month in MONTHS:
        of = [one for one in EVERYONE if one["place"] in (2, 3, 4, 6, 7)]
        assert sums(cells[cells["month"] == month], *COUNTS) == small.counts(of, month)
    others = [one for one in EVERYONE if one["place"] in (5, 8, 9, None)]
    assert found["lattice"].iloc[0]["unplaced"] == small.counts(others, MONTH)["people"]
    houses = found["point"][found["point"]["village"] == "V1"]
    assert shapely.contains_xy(small.box(0.5, 1.0, 0.4), houses["lon"], houses["lat"]).all()


def test_hexagons_have_the_same_people():
    found, squares = made(kind="hexagon"), made()
    for month in MONTHS:
        now, then = (one["cell"][one["cell"]["month"] == month] for one in (found, squares))
        assert sums(now, *COUNTS, "beyond", "one_choice") == sums(then, *COUNTS, "beyond", "one_choice")
    assert found["lattice"].iloc[0]["kind"] == "hexagon"


def test_a_raster_tells_people_and_nothing_else():
    raster = pd.DataFrame(
        {
            "lon": [LON, LON, LON + 0.01],
            "lat": [LAT, LAT + 9 * KM, LAT],
            "people": [10.4, 7.2, 0.0],
        }
    )
    ground = replace(GROUND, tables={**GROUND.tables, "population_raster": raster})
    found = made(ground, people_from="raster")
    cells = found["cell"][found["cell"]["month"] == MONTH]
    assert sorted(cells["people"]) == [7, 11] or sorted(cells["people"]) == [8, 10]  # 17.6 rounded to 18
    for name in ("people_0_6", "people_65", "floating", "contracted"):
        assert cells[name].isna().all(), name
    far = cells["metres"] > 2000
    assert cells["beyond"].sum() == cells.loc[far, "people"].sum() > 0
    # Where nobody is beyond, no child is; where somebody is, nobody knows how many children are.
    assert (cells.loc[~far, "beyond_0_6"] == 0).all() and cells.loc[far, "beyond_0_6"].isna().all()
    assert cover(cells).beyond_65 is None
    assert cells["estimated"].all() and found["lattice"].iloc[0]["unplaced"] == 0


@pytest.mark.parametrize(
    ("opened", "closed", "is_open"),
    [
        (None, "2025-12-31", True),  # on its last day it is still open, as the cards have it
        (None, "2025-12-30", False),
        (None, "2026-01-01", True),
        ("2025-12-31", None, True),
        ("2026-01-01", None, False),
    ],
)
def test_units_at_the_end_of_a_month_are_those_of_the_cards(opened, closed, is_open):
    day = {name: value and dt.date.fromisoformat(value) for name, value in (("o", opened), ("c", closed))}
    units = [(2, "clinic", 1.0, day["o"], day["c"])]
    with small.district(small.rows_of([], units=units), "duckdb:///:memory:") as connection:
        by_map = residents.open_units(units_of(connection), MONTH)
        prepare(connection, [located_units], Horizon(small.FIRST, MONTH))
        of_cards = pd.DataFrame(connection.execute(located_units).mappings().all())
    assert (len(by_map) == 1) is is_open
    assert bool(((of_cards["s"] <= MONTH) & (of_cards["e"] >= MONTH)).any()) is is_open


def test_figures_that_begin_this_year_have_no_year_before():
    with small.district(small.rows_of(EVERYONE), "duckdb:///:memory:") as connection:
        wanted = Wanted("square", 500, "records", "walk")
        found = mapped(connection, units_of(connection), MONTH - 3, MONTH, GROUND, wanted)
    assert set(found["cell"]["month"]) == {MONTH}


# -- ways ---------------------------------------------------------------------------------------------


def by_place(frame: pd.DataFrame, column: str) -> dict[int, float]:
    """The value of the cell of each place that is alone in its cell."""
    cells = frame[frame["month"] == MONTH].set_index("place_name")[column]
    return {place: cells[name_of(place)] for place in (4, 5, 9)}


def test_minutes_by_the_bureaus_own_speed():
    """Without roads: 1.4 times the straight line at the bureau's own mean speed; longer than half an hour is not told."""
    own = pd.DataFrame({"road_class": ["any"], "mode": ["walk"], "kmh": [12.0]})
    found = made(replace(GROUND, tables={**GROUND.tables, "speeds": own}))
    row = found["lattice"].iloc[0]
    assert (row["travel"], row["mode"], row["minutes"]) == ("table", "walk", 30)
    wanted = {place: min(ways(place, MONTH).values()) * 1.4 / 12 * 60 for place in (4, 5, 9)}
    assert by_place(found["cell"], "minutes") == pytest.approx(wanted, rel=0.01)
    cells = found["cell"][found["cell"]["month"] == MONTH]
    spread = cells["place_name"] == "V3"  # 4 km and more from anywhere: 28 minutes and more
    long = small.metres(LON, LAT, LON, LAT + 5.2 * KM) / 1000 * 1.4 / 12 * 60
    assert long > 30 and cells.loc[spread, "slow"].sum() > 0
    assert cells.loc[cells["slow"] == 0, "minutes"].notna().all()
    assert (cells.loc[cells["slow"] > 0, "minutes"].isna()).all()
    before = found["cell"][found["cell"]["month"] == BEFORE]
    assert (
        before["minutes"].isna().all() and before["slow"].isna().all()
    )  # ways are of the newest month alone


def test_minutes_along_a_road():
    """A village road through all places, on foot at 5 km/h: what is too far for half an hour is counted as slow."""
    line = shapely.LineString([(LON, LAT - KM), (LON, LAT + 25 * KM)])
    found = made(small.ground(roads=[("R", line)]))
    assert found["lattice"].iloc[0]["travel"] == "roads"
    minutes = by_place(found["cell"], "minutes")
    for place in (4, 5, 9):
        km = min(ways(place, MONTH).values())
        if km / 5 * 60 > 30:
            assert np.isnan(minutes[place])
        else:
            assert minutes[place] == pytest.approx(km / 5 * 60, rel=0.01)
    cells = found["cell"][found["cell"]["month"] == MONTH]
    slow = sum(
        of_place(place, MONTH)["people"]
        for place in NORTH
        if NORTH[place] is not None and min(ways(place, MONTH).values()) / 5 * 60 > 30
    )
    assert cells["slow"].sum() == slow > 0
