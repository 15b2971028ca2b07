"""Distances and planes against a geodesic library; the lattice's metres per degree too."""

from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage.earth import Plane, arc_m, chord_m, distance_m

#: Anywhere in China.
LON, LAT = st.floats(73.5, 135), st.floats(18, 53.5)


def geodesic_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    return Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)["s12"]


def beside(lon: float, lat: float, azimuth: float, metres: float) -> tuple[float, float]:
    found = Geodesic.WGS84.Direct(lat, lon, azimuth, metres)
    return found["lon2"], found["lat2"]


@given(LON, LAT, st.floats(0, 360), st.floats(0, 2_000_000))
def test_distances_are_geodesics(lon: float, lat: float, azimuth: float, metres: float) -> None:
    there = beside(lon, lat, azimuth, metres)
    error = 1e-6 if metres <= 200_000 else 1e-4
    assert float(distance_m(lon, lat, *there)) == pytest.approx(metres, rel=error, abs=1e-3)


def test_known_distance() -> None:
    """Beijing to Tianjin, about 110 km."""
    beijing, tianjin = (116.4074, 39.9042), (117.2010, 39.0842)
    assert float(distance_m(*beijing, *tianjin)) == pytest.approx(geodesic_m(*beijing, *tianjin), rel=1e-7)


def test_distance_of_the_unknown_is_unknown() -> None:
    found = distance_m([104.0, np.nan], [30.0, 30.0], [104.0, 104.0], [30.0, 30.0])
    assert found[0] == 0
    assert np.isnan(found[1])


@given(st.floats(0, 5_000_000))
def test_chords_and_arcs(metres: float) -> None:
    assert float(arc_m(chord_m(metres))) == pytest.approx(metres, rel=1e-9, abs=1e-6)


@given(LON, LAT, st.floats(0, 360), st.floats(1, 100_000), st.floats(0, 360), st.floats(1, 100_000))
def test_plane_keeps_lengths(lon, lat, azimuth_a, metres_a, azimuth_b, metres_b) -> None:
    """Between any two points within 100 km of the middle: out by less than a thousandth."""
    plane = Plane.around(lon, lat)
    a, b = beside(lon, lat, azimuth_a, metres_a), beside(lon, lat, azimuth_b, metres_b)
    x, y = plane.metres([a[0], b[0]], [a[1], b[1]])
    assert np.hypot(x[0] - x[1], y[0] - y[1]) == pytest.approx(geodesic_m(*a, *b), rel=1e-3, abs=1e-3)
    assert np.hypot(x[0], y[0]) == pytest.approx(metres_a, rel=1.5e-4, abs=1e-3)


@given(LON, LAT, st.floats(-200_000, 200_000), st.floats(-200_000, 200_000))
def test_plane_and_back(lon: float, lat: float, x: float, y: float) -> None:
    plane = Plane.around(lon, lat)
    assert np.allclose(plane.metres(*plane.degrees(x, y)), (x, y), atol=1e-4)


def test_plane_looks_north() -> None:
    plane = Plane.around(104.2, 30.6)
    x, y = plane.metres([104.2, 104.2, 104.3], [30.6, 30.7, 30.6])
    assert np.allclose(x[:2], 0)
    assert abs(y[0]) < 1e-6
    assert y[1] > 11_000
    assert x[2] > 9_000


@given(LAT)
def test_metres_of_a_degree(lat: float) -> None:
    """A thousandth of a degree around the middle, measured."""
    east, north = Plane.around(100, lat).degree_m
    assert east / 1000 == pytest.approx(geodesic_m(99.9995, lat, 100.0005, lat), rel=1e-6)
    assert north / 1000 == pytest.approx(geodesic_m(100, lat - 0.0005, 100, lat + 0.0005), rel=1e-6)


@pytest.mark.parametrize(("lon", "lat"), [(np.nan, 30), (104, 89), (200, 30)])
def test_no_plane_nowhere(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="no plane"):
        Plane.around(lon, lat)
