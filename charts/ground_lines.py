"""The bureau's own borders and roads as lines of a map."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pydeck as pdk
from pydeck.types import String


def line_layer(shapes: Iterable[str], name: str, colour: Iterable[int], width: float) -> pdk.Layer:
    """GeoJSON geometries drawn as lines of one colour (red, green, blue, opacity), ``width`` pixels wide."""
    return pdk.Layer(
        "GeoJsonLayer",
        data=[{"type": "Feature", "geometry": json.loads(shape), "properties": {}} for shape in shapes],
        id=name,
        filled=False,
        stroked=True,
        get_line_color=list(colour),
        get_line_width=width,
        line_width_units=String("pixels"),
        pickable=False,
    )
