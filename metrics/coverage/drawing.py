"""The ground as pages draw it: simplified shapes as GeoJSON, and a point on each for its name."""

from __future__ import annotations

import pandas as pd
import shapely

from data.geometry.ground import Geometry
from data.records.levels import DIVISIONS

LAYERS = ("boundaries", "villages", "grids", "roads", "candidates", "stops")
_TOLERANCE = 2e-4  # degrees, some 20 m: less than a pixel where a county fills the screen
_STEP = 1e-5  # degrees, about a metre
_COLUMNS = ["layer", "code", "name", "level", "parent_code", "road_class", "lon", "lat", "shape", "seat"]


def drawn(ground: Geometry, places: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``published.ground``, layer by layer in the order of the files. ``places``: code, level, seat of the
    register, which decides what is a village and what a community; the files where it does not know the code."""
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
    return _registered(pd.concat(frames, ignore_index=True).reindex(columns=_COLUMNS), places)


def _registered(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    known = places[places["level"].isin(DIVISIONS)].drop_duplicates("code").set_index("code")
    village = rows["layer"] == "villages"
    code = rows["code"].where(village)
    level, seat = code.map(known["level"]), code.map(known["seat"])
    return rows.assign(level=level.where(level.notna(), rows["level"]), seat=seat.astype("boolean"))
