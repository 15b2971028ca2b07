"""Coordinates by whole arrays: known pairs, there and back, and the demo's own implementation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.demo.coordinates import shifted
from data.geometry.datums import DATUMS, each_to_wgs84, from_wgs84, ordered, to_wgs84
from data.intake import coordinates

# (WGS-84, GCJ-02), as the tests of github.com/googollee/eviltransform give them, longitude first
GCJ = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
# (BD-09, WGS-84), as github.com/wandergis/coordtransform and the packages made after it give it. (The former
# source turns by pi where the published formula of BD-09 turns by pi * 3000 / 180: there it is up to 40 m off.)
BD = [((116.41662724378733, 39.922699552216216), (116.404, 39.915))]


@pytest.mark.parametrize(("wgs", "gcj"), GCJ)
def test_known_pairs(wgs, gcj):
    assert np.array(from_wgs84(*wgs, "GCJ02")) == pytest.approx(gcj, abs=1e-9)
    assert np.array(to_wgs84(*gcj, "GCJ02")) == pytest.approx(wgs, abs=1e-9)


@pytest.mark.parametrize(("bd", "wgs"), BD)
def test_known_pairs_of_baidu(bd, wgs):
    assert np.array(to_wgs84(*bd, "BD09")) == pytest.approx(wgs, abs=1e-9)
    assert np.array(from_wgs84(*wgs, "BD09")) == pytest.approx(bd, abs=1e-9)


places = st.lists(st.tuples(st.floats(74, 135), st.floats(18, 53.5)), min_size=1, max_size=30)


@settings(max_examples=max(40, settings().max_examples))
@given(places, st.sampled_from(DATUMS))
def test_there_and_back_in_arrays(points, datum):
    lon, lat = np.array(points).T
    x, y = from_wgs84(lon, lat, datum)
    back = to_wgs84(x, y, datum)
    assert np.abs(np.array(back) - (lon, lat)).max() < 1e-8  # a millimetre


@settings(max_examples=max(40, settings().max_examples))
@given(places, st.sampled_from(["WGS84", "GCJ02", "BD09"]))
def test_two_implementations_agree(points, datum):
    """The demo's, which shares no code with this one, and the intake's, one point at a time."""
    lon, lat = np.array(points).T
    here = np.array(from_wgs84(lon, lat, datum))
    there = np.array(shifted(lon, lat, [datum] * len(lon)))
    assert np.abs(here - there).max() < 1e-6  # the demo rounds
    one_by_one = np.array([coordinates.from_wgs84(x, y, datum) for x, y in points]).T
    assert np.abs(here - one_by_one).max() == 0


@settings(max_examples=max(40, settings().max_examples))
@given(st.lists(st.tuples(st.floats(74, 135), st.floats(18, 53.5), st.sampled_from(DATUMS)), max_size=20))
def test_each_in_its_own_system(points):
    lon, lat = (np.array([point[axis] for point in points], float) for axis in (0, 1))
    datum = np.array([point[2] for point in points], object)
    together = np.array(each_to_wgs84(lon, lat, datum)).T
    alone = np.array([[float(v) for v in to_wgs84(*point)] for point in points]).reshape(-1, 2)
    assert np.abs(together - alone).max(initial=0) < 1e-11


def test_missing_stays_missing_and_abroad_is_left_alone():
    lon, lat = to_wgs84(np.array([104.0, np.nan, 2.35]), np.array([30.0, 30.0, 48.85]), "BD09")
    assert np.isnan([lon[1], lat[1]]).all()
    assert np.isfinite([lon[0], lat[0]]).all()
    x, y = from_wgs84(np.array([2.35]), np.array([48.85]), "GCJ02")
    assert (x[0], y[0]) == (2.35, 48.85)


def test_swapped_and_outside():
    lon, lat, swapped, outside = ordered(
        np.array([104.0, 30.0, 2.35, np.nan, np.inf]), np.array([30.0, 104.0, 48.85, 30.0, 30.0])
    )
    assert lon[:2].tolist() == [104.0, 104.0] and lat[:2].tolist() == [30.0, 30.0]
    assert swapped.tolist() == [False, True, False, False, False]
    assert outside.tolist() == [False, False, True, True, True]
    assert np.isnan(lon[2:]).all() and np.isnan(lat[2:]).all()
