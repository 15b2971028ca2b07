"""The bureau's own borders and roads as lines of a map."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pydeck as pdk
import shapely
from pydeck.types import String

_DIGITS = 5  # decimals of a degree: a metre


def line_layer(shapes: Iterable[str], name: str, colour: Iterable[int], width: float) -> pdk.Layer:
    """GeoJSON geometries drawn as lines of one colour (red, green, blue, opacity), ``width`` pixels wide.

    Straight pieces without joints, each once: lines so thin show no joint, and without a graphics card
    a layer of paths alone costs a second. A border that two neighbours share is sent and drawn once.
    """
    return pdk.Layer(
        "LineLayer",
        data=[{"a": piece[:2], "b": piece[2:]} for piece in pieces(shapes).tolist()],
        id=name,
        get_source_position="a",
        get_target_position="b",
        get_color=list(colour),
        get_width=width,
        width_units=String("pixels"),
        pickable=False,
    )


def pieces(shapes: Iterable[str]) -> np.ndarray:
    """(n, 4) floats: from (longitude, latitude) to (longitude, latitude), rounded to a metre, each piece once."""
    found = shapely.from_geojson(np.array(list(shapes), dtype=object))
    parts = shapely.get_parts(found)
    kinds = shapely.get_type_id(parts)
    rings = shapely.get_rings(parts[kinds == shapely.GeometryType.POLYGON])
    lines = parts[kinds == shapely.GeometryType.LINESTRING]
    corners, line = shapely.get_coordinates(np.concatenate([rings, lines]), return_index=True)
    corners = np.round(corners, _DIGITS)
    joined = line[1:] == line[:-1]
    ends = np.stack([corners[:-1][joined], corners[1:][joined]], axis=1)
    ends = ends[(ends[:, 0] != ends[:, 1]).any(axis=1)]
    turned = (ends[:, 0, 0] > ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1])
    )
    ends[turned] = ends[turned, ::-1]
    return np.unique(ends.reshape(-1, 4), axis=0)
