"""Coordinates between the systems in use in China, and the ways to write them.

GCJ-02 (public maps) lies some hundred metres from WGS-84 (satellite positioning), BD-09 further. The
published approximation goes from WGS-84 to GCJ-02; the way back has no formula and is found by fixed
point. CGCS2000 equals WGS-84 within decimetres, far below what we need. Degrees, longitude first.
"""

from __future__ import annotations

import math
import re

from data.intake.cells import is_missing, normal
from data.intake.findings import UnreadableError

DATUMS = ("WGS84", "GCJ02", "BD09", "CGCS2000")
_A, _EE = 6_378_245.0, 0.006_693_421_622_965_943  # the ellipsoid that the offset is computed on
_BD = math.pi * 3000 / 180
_DEGREES = re.compile(
    r"(-?\d{1,3})[°度](\d{1,2}(?:\.\d+)?)[′'分](?:(\d{1,2}(?:\.\d+)?)(?:″|\"|秒|′′|''))?[NESW北东南西]?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[,;\s、]+")

Point = tuple[float, float]


def to_wgs84(lon: float, lat: float, datum: str) -> Point:
    """A point of any system as WGS-84."""
    if datum == "BD09":
        lon, lat = _bd09_to_gcj02(lon, lat)
    if datum in ("GCJ02", "BD09"):
        return _inverse(wgs84_to_gcj02, lon, lat)
    return lon, lat


def from_wgs84(lon: float, lat: float, datum: str) -> Point:
    """A WGS-84 point in any system."""
    if datum in ("GCJ02", "BD09"):
        lon, lat = wgs84_to_gcj02(lon, lat)
    return _gcj02_to_bd09(lon, lat) if datum == "BD09" else (lon, lat)


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """Outside China the two are equal."""
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    wave = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    root = math.sqrt(abs(x))
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    d_lat += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    d_lat += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    d_lon += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    d_lon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    phi = math.radians(lat)
    magic = 1 - _EE * math.sin(phi) ** 2
    d_lat = d_lat * 180.0 / (_A * (1 - _EE) / (magic * math.sqrt(magic)) * math.pi)
    d_lon = d_lon * 180.0 / (_A / math.sqrt(magic) * math.cos(phi) * math.pi)
    return lon + d_lon, lat + d_lat


def _gcj02_to_bd09(lon: float, lat: float) -> Point:
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _bd09_to_gcj02(lon: float, lat: float) -> Point:
    return _inverse(_gcj02_to_bd09, lon, lat)


def _inverse(forward, lon: float, lat: float) -> Point:
    """Fixed point of a small shift: ten rounds leave far less than a millimetre."""
    guess_lon, guess_lat = lon, lat
    for _ in range(10):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
    return guess_lon, guess_lat


def parse_degrees(text: str) -> float | None:
    """One angle: decimal degrees, or degrees, minutes and seconds."""
    text = normal(text)
    if is_missing(text):
        return None
    if match := _DEGREES.fullmatch(text):
        degrees, minutes, seconds = float(match[1]), float(match[2]), float(match[3] or 0)
        if minutes >= 60 or seconds >= 60:
            raise UnreadableError("coordinates_unreadable")
        return math.copysign(abs(degrees) + minutes / 60 + seconds / 3600, degrees)
    try:
        return float(text)
    except ValueError as error:
        raise UnreadableError("coordinates_unreadable") from error


def parse_coordinates(text: str) -> Point | None:
    """Longitude and latitude in one cell."""
    text = normal(text).strip("()[]")
    if is_missing(text):
        return None
    parts = [part for part in _SEPARATORS.split(text) if part]
    if len(parts) != 2:
        raise UnreadableError("coordinates_unreadable")
    first, second = (parse_degrees(part) for part in parts)
    if first is None or second is None:
        raise UnreadableError("coordinates_unreadable")
    return first, second


def in_order(lon: float, lat: float) -> tuple[Point, bool]:
    """The point with longitude first, and whether the two had been swapped.

    Raises UnreadableError for a point outside China either way.
    """
    if _in_china(lon, lat):
        return (lon, lat), False
    if _in_china(lat, lon):
        return (lat, lon), True
    raise UnreadableError("coordinates_outside")


def _in_china(lon: float, lat: float) -> bool:
    return 73 <= lon <= 135.5 and 3 <= lat <= 54
