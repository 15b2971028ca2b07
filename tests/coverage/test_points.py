"""Points of people: they always add up to what was given, and what is not known stays unknown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage.earth import Plane
from metrics.coverage.gathering import gathered
from metrics.coverage.lattice import Lattice
from metrics.coverage.people import COUNTS, impossible, of_places, of_raster, spread

LATTICE = Lattice("square", 500, Plane.around(104, 30))
STEP = LATTICE.step
COLUMN, ROW = 20_000, 6_600


def cells_box(left: float, bottom: float, right: float, top: float):
    """A rectangle in cells from the corner of the first one."""
    return shapely.box(
        (COLUMN + left) * STEP[0],
        (ROW + bottom) * STEP[1],
        (COLUMN + right) * STEP[0],
        (ROW + top) * STEP[1],
    )


def by_cell(points: pd.DataFrame, column: str = "people") -> dict[tuple[int, int], int]:
    cells, lost = gathered(points, LATTICE)
    assert lost.empty
    return {
        (c - COLUMN, r - ROW): n for c, r, n in zip(cells["column"], cells["row"], cells[column], strict=True)
    }


def totals(**columns) -> pd.DataFrame:
    rows = {"place": ["a"], "name": ["甲村"], "people": [100], **{k: [v] for k, v in columns.items()}}
    return pd.DataFrame(rows)


def test_spread_by_hand() -> None:
    """Built-up land half in one cell, a quarter in each of two others; nobody on the fields."""
    built = np.array([cells_box(0.5, 0.1, 1.5, 0.6), cells_box(2.5, 0.1, 3.0, 0.6)])
    found = spread(totals(people_65=7), ["a"], np.array([cells_box(0, 0, 4, 1)]), built, LATTICE)
    assert by_cell(found) == {(0, 0): 34, (1, 0): 33, (2, 0): 33}  # three times the same area
    assert by_cell(found, "people_65") == {(0, 0): 3, (1, 0): 2, (2, 0): 2}
    assert set(found["over"]) == {"built"}
    assert found["estimated"].all()
    middle = found.set_index((found["lon"] / STEP[0]).round(2) - COLUMN)
    assert middle.index.to_list() == pytest.approx([0.75, 1.25, 2.75])


def test_overlapping_built_land_counts_once() -> None:
    built = np.array(
        [cells_box(0.2, 0.2, 0.7, 0.7), cells_box(0.2, 0.2, 0.7, 0.7), cells_box(1.2, 0.2, 1.7, 0.7)]
    )
    found = spread(totals(), ["a"], np.array([cells_box(0, 0, 2, 1)]), built, LATTICE)
    assert by_cell(found) == {(0, 0): 50, (1, 0): 50}


def test_without_houses_over_the_village() -> None:
    far = np.array([cells_box(10, 10, 11, 11)])
    for built in (None, far, np.array([], dtype=object)):
        found = spread(totals(), ["a"], np.array([cells_box(0, 0, 2, 2)]), built, LATTICE)
        assert by_cell(found) == {(0, 0): 25, (1, 0): 25, (0, 1): 25, (1, 1): 25}
        assert set(found["over"]) == {"village"}


def test_a_village_without_a_shape_stays_in_one_point() -> None:
    found = spread(totals(lon=104.0, lat=30.0), [], np.array([]), None, LATTICE)
    assert found[["lon", "lat", "people", "over"]].to_numpy().tolist() == [[104.0, 30.0, 100, "place"]]
    lost = spread(totals(), [], np.array([]), None, LATTICE)
    assert lost["people"].sum() == 100
    assert gathered(lost, LATTICE)[1]["people"].sum() == 100


def test_what_is_not_known_stays_unknown() -> None:
    village = np.array([cells_box(0, 0, 2, 1)])
    found = spread(totals(people=None, people_65=3), ["a"], village, None, LATTICE)
    assert found["people"].isna().all()
    found = spread(totals(people_65=None, floating=5), ["a"], village, None, LATTICE)
    assert found["people_65"].isna().all()
    assert found["floating"].sum() == 5
    cells, _ = gathered(found, LATTICE)
    assert cells["people_65"].isna().all()
    assert cells["floating"].sum() == 5


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3_000),
            st.floats(0, 0.5),
            st.floats(0, 0.5),
            st.floats(0, 1),
            st.tuples(st.floats(0, 3), st.floats(0, 3), st.floats(0.1, 3), st.floats(0.1, 3)),
        ),
        min_size=1,
        max_size=5,
    ),
    st.lists(st.tuples(st.floats(0, 6), st.floats(0, 6)), max_size=6),
    st.sampled_from(["square", "hexagon"]),
)
def test_spread_adds_up(villages, houses, kind) -> None:
    """By village and count; groups stay within the people of their point."""
    lattice = Lattice(kind, 500, LATTICE.plane)
    frame = pd.DataFrame(
        [
            {
                "place": str(i),
                "name": f"村{i}",
                "people": people,
                "people_0_6": int(people * young),
                "people_65": int(people * old),
                "floating": int(people * moved),
            }
            for i, (people, young, old, moved, _) in enumerate(villages)
        ]
    )
    shapes = np.array([cells_box(x, y, x + w, y + h) for *_, (x, y, w, h) in villages])
    built = np.array([cells_box(x, y, x + 0.3, y + 0.2) for x, y in houses], dtype=object)
    found = spread(frame, frame["place"].to_list(), shapes, built, lattice)
    for name in ("people", "people_0_6", "people_65", "floating"):
        assert found.groupby("place")[name].sum().to_dict() == frame.set_index("place")[name].to_dict()
    assert (found["people_0_6"] + found["people_65"] <= found["people"]).all()
    assert (found["floating"] <= found["people"]).all()
    cells, lost = gathered(found, lattice)
    assert lost.empty
    assert cells["people"].sum() == frame["people"].sum()
    inside = shapely.distance(shapes[found["place"].astype(int)], shapely.points(found["lon"], found["lat"]))
    assert inside.max() < 1e-9 or built.size  # the middle of several houses may lie between them


@pytest.mark.parametrize(
    "wrong", [{"people_65": 101}, {"people_0_6": 60, "people_65": 50}, {"people": -1}, {"floating": -1}]
)
def test_impossible_totals_are_named_and_refused(wrong) -> None:
    frame = totals(**wrong)
    assert impossible(frame).tolist() == [True]
    with pytest.raises(ValueError, match=r"age bands|negative"):
        spread(frame, ["a"], np.array([cells_box(0, 0, 2, 1)]), None, LATTICE)


def test_unusual_totals_are_spread() -> None:
    """More contracts than people, contracts of a village without people; a village twice is refused."""
    village = np.array([cells_box(0, 0, 2, 1)])
    for people, contracted in ((100, 131), (0, 5), (None, 5)):
        frame = totals(people=people, contracted=contracted)
        assert not impossible(frame).any()
        found = spread(frame, ["a"], village, None, LATTICE)
        assert found["contracted"].sum() == contracted
        assert found["people"].sum() == (people or 0)
    with pytest.raises(ValueError, match="one total"):
        spread(pd.concat([totals(), totals()]), [], np.array([]), None, LATTICE)
    nothing = spread(totals().iloc[:0], [], np.array([]), None, LATTICE)
    assert nothing.empty
    assert gathered(nothing, LATTICE)[0].empty


def test_places_and_cells_by_hand() -> None:
    """Two places in one cell, one in another, one without coordinates: it is told, not dropped."""
    x, y = (COLUMN + 0.25) * STEP[0], (ROW + 0.5) * STEP[1]
    places = pd.DataFrame(
        {
            "place": ["a", "b", "c", "d"],
            "name": ["甲", "乙", "丙", "丁"],
            "lon": [x, x + STEP[0] / 2, x + STEP[0], np.nan],
            "lat": [y, y, y, y],
            "people": [10, 30, 5, 7],
            "people_0_6": [1, 2, 0, 1],
            "people_65": [2, 3, 1, 0],
            "floating": [0, 9, 0, 0],
            "contracted": [4, 20, 5, 2],
        }
    )
    points = of_places(places)
    cells, lost = gathered(points, LATTICE)
    assert cells[["column", "row"]].to_numpy().tolist() == [[COLUMN, ROW], [COLUMN + 1, ROW]]
    assert cells[list(COUNTS)].to_numpy().tolist() == [[40, 3, 5, 9, 24], [5, 0, 1, 0, 5]]
    assert cells["name"].tolist() == ["乙", "丙"]
    assert cells["lon"].iloc[0] == pytest.approx((10 * x + 30 * (x + STEP[0] / 2)) / 40)
    assert not cells["estimated"].any()
    assert lost["people"].tolist() == [7]


def test_an_empty_place_lies_at_its_cells_middle() -> None:
    places = pd.DataFrame({"place": ["a"], "name": ["甲"], "lon": [104.001], "lat": [30.001], "people": [0]})
    cells, _ = gathered(of_places(places, ["people"]), LATTICE)
    assert (cells["lon"][0], cells["lat"][0]) == LATTICE.centre(cells["column"][0], cells["row"][0])


@given(
    st.lists(
        st.tuples(st.floats(0, 4), st.floats(0, 4), st.floats(0, 30), st.floats(0, 0.4), st.floats(0, 0.6)),
        max_size=30,
    )
)
def test_raster_adds_up(pixels) -> None:
    """Within half a person of the raster's sum, however small its pixels; groups within their cells."""
    raster = pd.DataFrame(
        [
            {
                "lon": (COLUMN + x) * STEP[0],
                "lat": (ROW + y) * STEP[1],
                "people": n,
                "people_0_6": n * young,
                "people_65": n * old,
            }
            for x, y, n, young, old in pixels
        ],
        columns=["lon", "lat", "people", "people_0_6", "people_65"],
    )
    found = of_raster(raster, LATTICE)
    assert found["people"].sum() == np.rint(raster["people"].sum())
    for name in ("people_0_6", "people_65"):
        assert abs(found[name].sum() - raster[name].sum()) <= 1
    assert (found["people_0_6"] + found["people_65"] <= found["people"]).all()
    assert found["estimated"].all()


def test_thin_raster() -> None:
    """A hundred pixels of 0.3 people in each of two cells are 30 people in each, not 60 in the first and none."""
    at = np.linspace(0.05, 0.95, 100)
    raster = pd.DataFrame(
        {
            "lon": (COLUMN + np.concatenate([at, at + 1])) * STEP[0],
            "lat": (ROW + 0.5) * STEP[1],
            "people": 0.3,
        }
    )
    assert by_cell(of_raster(raster, LATTICE)) == {(0, 0): 30, (1, 0): 30}
    # More of a group than people: of that group nothing is known, and the build goes on.
    wrong = of_raster(raster.assign(people_0_6=0.1, people_65=0.4), LATTICE)
    assert wrong["people_65"].isna().all() and wrong["people_0_6"].tolist() == [10, 10]
    east = np.repeat([0.1, 0.4], 100)
    assert of_raster(raster.assign(people_65=east), LATTICE)["people_65"].fillna(-1).tolist() == [10, -1]


def test_a_group_that_is_not_told_of_a_pixel_is_not_known_of_its_cell() -> None:
    raster = pd.DataFrame(
        {
            "lon": (COLUMN + np.array([0.2, 0.6, 1.5])) * STEP[0],
            "lat": (ROW + 0.5) * STEP[1],
            "people": [40.0, 20.0, 30.0],
            "people_65": [8.0, np.nan, 5.0],
        }
    )
    found = of_raster(raster, LATTICE)
    assert found["people"].tolist() == [60, 30] and found["people_65"].fillna(-1).tolist() == [-1, 5]
