"""Coordinates between the systems in use in China, whole arrays at a time. Degrees, longitude first.

GCJ-02 (public maps) lies some hundred metres from WGS-84 (satellite positioning), BD-09 further. The
published approximation goes from WGS-84 to GCJ-02; the way back has no formula and is found by fixed
point. CGCS2000 equals WGS-84 within decimetres, far below what we need. NaN stays NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

DATUMS = ("WGS84", "GCJ02", "BD09", "CGCS2000")
_A, _EE = 6_378_245.0, 0.006_693_421_622_965_943  # the ellipsoid that the offset is computed on
_BD = math.pi * 3000 / 180
_ROUNDS = 10  # each leaves a four-hundredth of the error: far less than a millimetre after five
_CLOSE = 1e-12  # degrees

Points = tuple[np.ndarray, np.ndarray]


def to_wgs84(lon: np.ndarray, lat: np.ndarray, datum: str) -> Points:
    """Points of one system as WGS-84; two arrays of the shape of the arguments. ``datum``: one of DATUMS."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if datum == "BD09":
        lon, lat = _inverse(_gcj02_to_bd09, lon, lat)
    if datum in ("GCJ02", "BD09"):
        lon, lat = _inverse(wgs84_to_gcj02, lon, lat)
    return lon, lat


def from_wgs84(lon: np.ndarray, lat: np.ndarray, datum: str) -> Points:
    """WGS-84 points in another system; two arrays of the shape of the arguments."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if datum in ("GCJ02", "BD09"):
        lon, lat = wgs84_to_gcj02(lon, lat)
    return _gcj02_to_bd09(lon, lat) if datum == "BD09" else (lon, lat)


def each_to_wgs84(lon: np.ndarray, lat: np.ndarray, datum: np.ndarray) -> Points:
    """Points that each name their own system, as WGS-84. All three one-dimensional and of one length."""
    lon, lat, datum = np.array(lon, float), np.array(lat, float), np.asarray(datum, object)
    for name in ("GCJ02", "BD09"):
        rows = datum == name
        if rows.any():
            lon[rows], lat[rows] = to_wgs84(lon[rows], lat[rows], name)
    return lon, lat


def wgs84_to_gcj02(lon: np.ndarray, lat: np.ndarray) -> Points:
    """Outside the bounds of the published formula the two are equal."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    x, y = np.where(inside, lon, 105.0) - 105.0, np.where(inside, lat, 35.0) - 35.0
    pi, sin = np.pi, np.sin
    wave = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    d_lat = d_lat + (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    d_lat = d_lat + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    d_lon = d_lon + (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    d_lon = d_lon + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    phi = np.radians(y + 35.0)
    magic = 1 - _EE * sin(phi) ** 2
    d_lat = d_lat * 180.0 / (_A * (1 - _EE) / (magic * np.sqrt(magic)) * pi)
    d_lon = d_lon * 180.0 / (_A / np.sqrt(magic) * np.cos(phi) * pi)
    return lon + np.where(inside, d_lon, 0.0), lat + np.where(inside, d_lat, 0.0)


def ordered(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(lon, lat, swapped, outside): points with longitude first; masks of those that had been swapped, and of
    those that lie outside China either way, whose values become NaN. NaN is outside too.

    Within China the two cannot be confused: no longitude is as small as any latitude is large.
    """
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    good, swapped = in_china(lon, lat), in_china(lat, lon)
    outside = ~(good | swapped)
    first, second = np.where(swapped, lat, lon), np.where(swapped, lon, lat)
    return np.where(outside, np.nan, first), np.where(outside, np.nan, second), swapped, outside


def in_china(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Whether points lie in the rectangle around the country and its waters."""
    return (lon >= 73) & (lon <= 135.5) & (lat >= 3) & (lat <= 54)


def _gcj02_to_bd09(lon: np.ndarray, lat: np.ndarray) -> Points:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _inverse(forward: Callable[..., Points], lon: np.ndarray, lat: np.ndarray) -> Points:
    """Fixed point of a small shift."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        off_lon, off_lat = lon - there_lon, lat - there_lat
        guess_lon, guess_lat = guess_lon + off_lon, guess_lat + off_lat
        if not ((np.abs(off_lon) > _CLOSE) | (np.abs(off_lat) > _CLOSE)).any():
            break
    return guess_lon, guess_lat
