"""The ways to write coordinates, one cell at a time; `data/geometry/datums.py` converts between systems.

Degrees, longitude first.
"""

from __future__ import annotations

import math
import re

from data.geometry import datums
from data.geometry.datums import DATUMS
from data.intake.cells import is_missing, normal
from data.intake.findings import UnreadableError

__all__ = ["DATUMS", "from_wgs84", "in_order", "parse_coordinates", "parse_degrees", "to_wgs84"]

_DEGREES = re.compile(
    r"(-?\d{1,3})[°度](\d{1,2}(?:\.\d+)?)[′'分](?:(\d{1,2}(?:\.\d+)?)(?:″|\"|秒|′′|''))?[NESW北东南西]?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[,;\s、]+")

Point = tuple[float, float]


def to_wgs84(lon: float, lat: float, datum: str) -> Point:
    """A point of any system as WGS-84."""
    x, y = datums.to_wgs84(lon, lat, datum)
    return float(x), float(y)


def from_wgs84(lon: float, lat: float, datum: str) -> Point:
    """A WGS-84 point in any system."""
    x, y = datums.from_wgs84(lon, lat, datum)
    return float(x), float(y)


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
    x, y, swapped, outside = datums.ordered(lon, lat)
    if outside:
        raise UnreadableError("coordinates_outside")
    return (float(x), float(y)), bool(swapped)
