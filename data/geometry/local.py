"""Degrees as metres around one place: good to a thousandth over a county, enough to judge what was drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely

_A, _E2 = 6_378_137.0, 0.006_694_379_990_14  # WGS-84


@dataclass(frozen=True)
class Local:
    """Metres of one degree of longitude and of latitude."""

    east: float
    north: float

    @classmethod
    def at(cls, lat: float) -> Local:
        """Around a latitude (degrees), by the ellipsoid's two radii of curvature there."""
        phi = math.radians(lat)
        w = 1 - _E2 * math.sin(phi) ** 2
        degree = math.pi / 180
        return cls(degree * _A / math.sqrt(w) * math.cos(phi), degree * _A * (1 - _E2) / w**1.5)

    @classmethod
    def of(cls, shapes: np.ndarray) -> Local:
        """Around the middle of shapes in degrees."""
        bounds = shapely.total_bounds(shapes)
        return cls.at(float(bounds[1] + bounds[3]) / 2 if np.isfinite(bounds).all() else 0.0)

    def metres(self, shapes: np.ndarray) -> np.ndarray:
        """Shapes in degrees as shapes in metres."""
        return shapely.transform(shapes, lambda xy: xy * (self.east, self.north))

    def points(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Points in metres; missing (None) where a coordinate is."""
        made = np.full(len(lon), None, object)
        there = np.isfinite(lon) & np.isfinite(lat)
        made[there] = shapely.points(lon[there] * self.east, lat[there] * self.north)
        return made
