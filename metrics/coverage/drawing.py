"""The ground as pages draw it: simplified shapes as GeoJSON, and a point on each for its name."""

from __future__ import annotations

import pandas as pd
import shapely

from data.geometry.ground import Geometry

LAYERS = ("boundaries", "villages", "grids", "roads", "candidates", "stops")
_TOLERANCE = 2e-4  # degrees, some 20 m: less than a pixel where a county fills the screen
_STEP = 1e-5  # degrees, about a metre
_COLUMNS = ["layer", "code", "name", "level", "parent_code", "road_class", "lon", "lat", "shape"]


def drawn(ground: Geometry) -> pd.DataFrame:
    """Rows of ``published.ground``, layer by layer in the order of the files."""
    frames = []
    for name in LAYERS:
        layer = ground.layers[name]
        if not len(layer):
            continue
        shapes = shapely.simplify(layer.shapes, _TOLERANCE)
        shapes = shapely.set_precision(shapes, _STEP)
        kept = ~shapely.is_empty(shapes)
        middle = shapely.point_on_surface(layer.shapes)
        frame = layer.frame.reindex(columns=["code", "name", "level", "parent_code", "road_class"])
        frame = frame.assign(
            layer=name, lon=shapely.get_x(middle), lat=shapely.get_y(middle), shape=shapely.to_geojson(shapes)
        )
        frames.append(frame[kept])
    if not frames:
        return pd.DataFrame(columns=_COLUMNS)
    return pd.concat(frames, ignore_index=True)[_COLUMNS]
