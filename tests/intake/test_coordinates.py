"""Coordinates: written in many ways, in four systems, and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake.coordinates import DATUMS, from_wgs84, in_order, parse_coordinates, parse_degrees, to_wgs84
from data.intake.findings import UnreadableError

CELLS = {
    "104.0657,30.6595": (104.0657, 30.6595),
    "104.0657，30.6595": (104.0657, 30.6595),
    "(104.0657 30.6595)": (104.0657, 30.6595),
    "104°3′56.52″,30°39′34.2″": (104.0657, 30.6595),
    "东": None,
}


@pytest.mark.parametrize(("cell", "expected"), CELLS.items())
def test_cells(cell, expected):
    if expected is None:
        with pytest.raises(UnreadableError):
            parse_coordinates(cell)
    else:
        assert parse_coordinates(cell) == pytest.approx(expected)


def test_one_angle():
    assert parse_degrees("30度39分") == pytest.approx(30.65)
    assert parse_degrees("—") is None


@given(
    lon=st.floats(74, 135, allow_nan=False),
    lat=st.floats(18, 53.5, allow_nan=False),
    datum=st.sampled_from(DATUMS),
)
def test_there_and_back(lon, lat, datum):
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert back == pytest.approx((lon, lat), abs=1e-8)  # a millimetre


def test_the_shift_is_some_hundred_metres():
    lon, lat = from_wgs84(104.0657, 30.6595, "GCJ02")
    metres = math.hypot((lon - 104.0657) * 111_320 * math.cos(math.radians(30.66)), (lat - 30.6595) * 111_320)
    assert 300 < metres < 450
    assert from_wgs84(2.35, 48.85, "GCJ02") == (2.35, 48.85)


def test_swapped_and_foreign_points():
    assert in_order(30.6, 104.0) == ((104.0, 30.6), True)
    assert in_order(104.0, 30.6) == ((104.0, 30.6), False)
    with pytest.raises(UnreadableError):
        in_order(2.35, 48.85)
