"""Where a map begins: the view that holds a piece of land, and how long a kilometre is in it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pydeck as pdk

from metrics.coverage import corners
from metrics.coverage.lattice import Lattice

Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees

_ROOM = 0.94  # of the map's side that is filled
_LEAST = 0.01  # degrees: a single cell does not fill the screen
_WORLD = 512  # pixels around the world at zoom 0
_EQUATOR_M = 40_075_016.7
_LONGEST = 130  # pixels of a drawn scale


def bounds_of(cells: pd.DataFrame, lattice: Lattice) -> Bounds:
    """The land of some cells (column, row; at least one)."""
    places = corners(cells, lattice).reshape(-1, 2)
    west, south = np.min(places, axis=0)
    east, north = np.max(places, axis=0)
    return float(west), float(south), float(east), float(north)


def map_view(bounds: Bounds, width: int, height: int) -> pdk.ViewState:
    """The view that holds the land, in a map of so many pixels, more or less."""
    west, south, east, north = bounds
    middle = (south + north) / 2
    # At zoom z the world is 512 * 2**z pixels wide; a degree of latitude is longer by 1/cos(latitude).
    tall = max(north - south, _LEAST) / math.cos(math.radians(middle))
    fits = min(width * _ROOM / max(east - west, _LEAST), height * _ROOM / tall)
    return pdk.ViewState(
        longitude=(west + east) / 2, latitude=middle, zoom=math.log2(fits * 360 / _WORLD), pitch=0, bearing=0
    )


def pixels_of(lon: np.ndarray, lat: np.ndarray, view: pdk.ViewState) -> tuple[np.ndarray, np.ndarray]:
    """Where places lie in a view: pixels to the right of its middle, and below it."""
    world = _WORLD * 2**view.zoom
    down = np.arcsinh(np.tan(np.radians(lat))) - math.asinh(math.tan(math.radians(view.latitude)))
    return (lon - view.longitude) / 360 * world, -down / (2 * math.pi) * world


def scale_bar(view: pdk.ViewState) -> tuple[int, int]:
    """(metres, pixels) of a scale in this view: 1, 2 or 5 times a power of ten metres, as long as there is room."""
    pixel_m = _EQUATOR_M * math.cos(math.radians(view.latitude)) / (_WORLD * 2**view.zoom)
    longest = pixel_m * _LONGEST
    power = 10 ** math.floor(math.log10(longest))
    metres = max(n * power for n in (1, 2, 5) if n * power <= longest)
    return round(metres), round(metres / pixel_m)


def ring_of(lattice: Lattice, share: float = 1.0) -> str:
    """The corners of a cell as an expression of its middle ``p``, so that no row holds them; ``share`` of its size.

    One mesh of many polygons: without a graphics card, columns and points, each drawn as a copy of one shape, take
    three times as long.
    """
    at = np.zeros(1, np.int64)
    around = (lattice.polygon(at, at)[0] - np.column_stack(lattice.centre(at, at))[0]) * share
    return "[" + ",".join(f"[p[0]{x:+.7f},p[1]{y:+.7f}]" for x, y in around) + "]"
