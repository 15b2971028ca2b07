"""Metres of a degree, against a geodesic library."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from data.geometry.local import Local


@pytest.mark.parametrize("lat", [4.0, 18.3, 30.0, 38.9, 53.5])
def test_a_step_in_each_direction(lat):
    local = Local.at(lat)
    east = Geodesic.WGS84.Inverse(lat, 104.0, lat, 104.001)["s12"] / 0.001
    north = Geodesic.WGS84.Inverse(lat - 0.0005, 104.0, lat + 0.0005, 104.0)["s12"] / 0.001
    assert (local.east, local.north) == pytest.approx((east, north), rel=1e-6)


def test_across_a_county():
    """A hundred kilometres, corner to corner: a thousandth."""
    shapes = np.array([shapely.box(104.0, 30.0, 104.7, 30.6)], object)
    local = Local.of(shapes)
    a, b = local.points(np.array([104.0, 104.7, np.nan]), np.array([30.0, 30.6, 30.0]))[:2]
    whole = Geodesic.WGS84.Inverse(30.0, 104.0, 30.6, 104.7)["s12"]
    assert shapely.distance(a, b) == pytest.approx(whole, rel=1e-3)
    area = Geodesic.WGS84.Polygon()
    for x, y in ((104.0, 30.0), (104.7, 30.0), (104.7, 30.6), (104.0, 30.6)):
        area.AddPoint(y, x)
    assert shapely.area(local.metres(shapes))[0] == pytest.approx(area.Compute()[2], rel=1e-3)
