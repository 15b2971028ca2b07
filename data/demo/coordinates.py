"""WGS-84 into GCJ-02 and BD-09: the way in which map services shift positions within China."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323


def shifted(lon: np.ndarray, lat: np.ndarray, system: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Positions (degrees) in each row's own system, six decimals."""
    names = np.array(system)
    gcj = _gcj02(lon, lat)
    bd = _bd09(*gcj)
    at = {"GCJ02": gcj, "BD09": bd}
    x, y = lon.copy(), lat.copy()
    for name, (to_lon, to_lat) in at.items():
        x, y = np.where(names == name, to_lon, x), np.where(names == name, to_lat, y)
    return np.round(x, 6), np.round(y, 6)


def _gcj02(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    north += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    east += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    angle = np.radians(lat)
    magic = 1 - _ECCENTRICITY * np.sin(angle) ** 2
    north = north * 180 / ((_AXIS * (1 - _ECCENTRICITY)) / (magic * np.sqrt(magic)) * np.pi)
    east = east * 180 / (_AXIS / np.sqrt(magic) * np.cos(angle) * np.pi)
    return lon + east, lat + north


def _bd09(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    turn = np.pi * 3000 / 180
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * turn)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * turn)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
