"""Cells tile the ground, hold the points that they say, and stay where they are."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage.earth import Plane
from metrics.coverage.lattice import KINDS, Lattice

LON, LAT = st.floats(73.5, 135), st.floats(18, 53.5)
KIND = st.sampled_from(KINDS)


def area_m2(corners: np.ndarray) -> float:
    polygon = Geodesic.WGS84.Polygon()
    for lon, lat in corners:
        polygon.AddPoint(lat, lon)
    return polygon.Compute()[2]


@given(KIND, st.sampled_from([100, 500, 2000]), LON, LAT, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_a_cell_holds_its_points(kind, side, lon, lat, east, north) -> None:
    lattice = Lattice(kind, side, Plane.around(lon, lat))
    point = lon + east, lat + north
    column, row = lattice.cell_of(*point)
    shape = lattice.shapes(column, row)
    assert shapely.distance(shape, shapely.Point(*point)) < 1e-9
    middle = lattice.centre(column, row)
    assert lattice.cell_of(*middle) == (column, row)
    assert np.allclose(shapely.get_coordinates(shapely.centroid(shape))[0], middle, atol=1e-9)


@given(KIND, LON, LAT)
def test_every_cell_has_the_area_of_the_square(kind: str, lon: float, lat: float) -> None:
    """Counterclockwise (positive), within a percent at half a degree from the middle."""
    lattice = Lattice(kind, 500, Plane.around(lon, lat))
    for north, error in ((0, 2e-3), (0.3, 1e-2)):
        corners = lattice.polygon(*lattice.cell_of(lon, lat + north))
        assert area_m2(corners) == pytest.approx(250_000, rel=error)


def test_sides() -> None:
    """500 m each way at 30 degrees; a hexagon's sides are 0.6204 of that, and all alike."""
    for kind, side in (("square", 500), ("hexagon", 310.2)):
        lattice = Lattice(kind, 500, Plane.around(104.23, 30.02))
        corners = lattice.polygon(*lattice.cell_of(104.23, 30.02))
        there = np.roll(corners, -1, axis=0)
        lengths = [
            Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in zip(corners, there, strict=True)
        ]
        assert lengths == pytest.approx([side] * len(corners), rel=2e-3)


@given(KIND, LON, LAT)
def test_cells_tile_the_ground(kind: str, lon: float, lat: float) -> None:
    """No gap, no overlap, corners shared to the last digit."""
    lattice = Lattice(kind, 500, Plane.around(lon, lat))
    column, row = lattice.covering(lon, lat, lon + 0.02, lat + 0.02)
    shapes = lattice.shapes(column, row)
    together = shapely.union_all(shapes)
    assert together.geom_type == "Polygon"
    assert not together.interiors
    assert together.area == pytest.approx(shapely.area(shapes).sum(), rel=1e-9)
    assert shapely.covers(together, shapely.box(lon, lat, lon + 0.02, lat + 0.02).buffer(-1e-9))
    corners = np.unique(np.round(lattice.polygon(column, row).reshape(-1, 2), 9), axis=0)
    assert len(np.unique(lattice.polygon(column, row).reshape(-1, 2), axis=0)) == len(corners)


@given(KIND, st.floats(30.06, 30.14), st.floats(100, 110))
def test_cells_stay_where_they_are(kind: str, lat: float, lon: float) -> None:
    """Whatever the middle of the district, as long as it is the same tenth of a degree of latitude."""
    one, other = Lattice(kind, 500, Plane.around(104, 30.1)), Lattice(kind, 500, Plane.around(lon, lat))
    assert one.cell_of(104.4567, 30.2345) == other.cell_of(104.4567, 30.2345)
    assert np.array_equal(one.polygon(20_000, 6_000), other.polygon(20_000, 6_000))


def test_what_is_no_lattice_and_no_point() -> None:
    plane = Plane.around(104, 30)
    with pytest.raises(ValueError, match="square or hexagon"):
        Lattice("triangle", 500, plane)
    for side in (0, -1, np.nan, np.inf):
        with pytest.raises(ValueError, match="no cells"):
            Lattice("square", side, plane)
    with pytest.raises(ValueError, match="without coordinates"):
        Lattice("square", 500, plane).cell_of([104, np.nan], [30, 30])
    with pytest.raises(ValueError, match="more than"):
        Lattice("square", 1, plane).covering(103, 29, 105, 31)
