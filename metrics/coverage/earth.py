"""Metres and degrees on the WGS-84 ellipsoid, longitude first, whole arrays at once.

Three tools for three tasks: ``distance_m`` between any two points of a district, ``earth_xyz`` for trees of nearest
points, and a ``Plane`` for what needs flat ground (lengths of roads, areas).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

# The ellipsoid of WGS-84 (NIMA TR8350.2); CGCS2000's differs in the eleventh digit of the flattening.
AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257_223_563
_E2 = FLATTENING * (2 - FLATTENING)
_RADIUS_M = 6_371_008.8  # mean radius; only for how much longer an arc is than its chord

Array = np.ndarray


def earth_xyz(lon: ArrayLike, lat: ArrayLike) -> Array:
    """Earth-centred metres, shape (n, 3), of points in degrees, shape (n,): nearer in space is nearer on the ground."""
    phi, lam = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    normal = AXIS_M / np.sqrt(1 - _E2 * np.sin(phi) ** 2)
    return np.stack(
        [
            normal * np.cos(phi) * np.cos(lam),
            normal * np.cos(phi) * np.sin(lam),
            normal * (1 - _E2) * np.sin(phi),
        ],
        axis=-1,
    )


def arc_m(chord_m: ArrayLike) -> Array:
    """The length on the ground of a straight line through it."""
    return 2 * _RADIUS_M * np.arcsin(np.minimum(np.asarray(chord_m, float) / (2 * _RADIUS_M), 1))


def chord_m(arc_m: ArrayLike) -> Array:
    """The straight line through the ground between points so far apart on it."""
    return 2 * _RADIUS_M * np.sin(np.minimum(np.asarray(arc_m, float) / (2 * _RADIUS_M), np.pi / 2))


def distance_m(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Array:
    """Metres on the ground between points in degrees (broadcast); NaN where one is NaN.

    The chord between points of the ellipsoid, bent to an arc: within 10⁻⁶ of the geodesic up to 200 km, within 10⁻⁴ up to
    2,000 km.
    """
    return arc_m(np.linalg.norm(earth_xyz(lon1, lat1) - earth_xyz(lon2, lat2), axis=-1))


@dataclass(frozen=True)
class Plane:
    """Flat ground around a point: a transverse Mercator projection whose middle meridian runs through it.

    A plane of fixed metres per degree is out by one per cent at 100 km, because meridians converge. Here lengths are
    right to 0.013 % within 100 km east or west, however far north or south. Krüger's series (1912) in the third
    flattening to the fourth order: within a millimetre.
    """

    lon: float
    lat: float
    _north: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -80 <= self.lat <= 80):
            raise ValueError(f"no plane around longitude {self.lon}, latitude {self.lat}")
        object.__setattr__(self, "_north", 0.0)
        object.__setattr__(self, "_north", float(self.metres(self.lon, self.lat)[1]))

    @classmethod
    def around(cls, lon: float, lat: float) -> Plane:
        """The plane that touches a point in degrees; ValueError near the poles or for what is no point."""
        return cls(float(lon), float(lat))

    @property
    def degree_m(self) -> tuple[float, float]:
        """Metres of a degree of longitude and of latitude at the plane's middle, from the radii of curvature."""
        sine = np.sin(np.radians(self.lat))
        normal = AXIS_M / np.sqrt(1 - _E2 * sine**2)
        meridian = normal * (1 - _E2) / (1 - _E2 * sine**2)
        return (
            float(np.radians(1) * normal * np.cos(np.radians(self.lat))),
            float(np.radians(1) * meridian),
        )

    def metres(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Array, Array]:
        """Metres east and north of the middle; NaN where a degree is NaN."""
        phi = np.radians(np.asarray(lat, float))
        east = np.radians((np.asarray(lon, float) - self.lon + 180) % 360 - 180)
        sine = np.sin(phi)
        root = 2 * np.sqrt(_N) / (1 + _N)
        conformal = np.sinh(np.arctanh(sine) - root * np.arctanh(root * sine))
        xi = np.arctan2(conformal, np.cos(east))
        eta = np.arctanh(np.sin(east) / np.sqrt(1 + conformal**2))
        x, y = eta, xi
        for order, alpha in enumerate(_ALPHA, 1):
            x = x + alpha * np.cos(2 * order * xi) * np.sinh(2 * order * eta)
            y = y + alpha * np.sin(2 * order * xi) * np.cosh(2 * order * eta)
        return _RECTIFYING_M * x, _RECTIFYING_M * y - self._north

    def degrees(self, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        """Longitude and latitude of metres east and north of the middle: ``metres`` undone."""
        eta = np.asarray(x, float) / _RECTIFYING_M
        xi = (np.asarray(y, float) + self._north) / _RECTIFYING_M
        flat_eta, flat_xi = eta, xi
        for order, beta in enumerate(_BETA, 1):
            flat_xi = flat_xi - beta * np.sin(2 * order * xi) * np.cosh(2 * order * eta)
            flat_eta = flat_eta - beta * np.cos(2 * order * xi) * np.sinh(2 * order * eta)
        chi = np.arcsin(np.sin(flat_xi) / np.cosh(flat_eta))
        phi = chi
        for order, delta in enumerate(_DELTA, 1):
            phi = phi + delta * np.sin(2 * order * chi)
        lon = self.lon + np.degrees(np.arctan2(np.sinh(flat_eta), np.cos(flat_xi)))
        return (lon + 180) % 360 - 180, np.degrees(phi)


# Krüger's coefficients, as in C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers (2011), eq. 35-36.
_N = FLATTENING / (2 - FLATTENING)
_RECTIFYING_M = AXIS_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49_561 * _N**4 / 161_280,
)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4_397 * _N**4 / 161_280,
)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4_279 * _N**4 / 630,
)
