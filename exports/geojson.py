"""GeoJSON (RFC 7946) that any map program opens: WGS-84, longitude first, outer rings counterclockwise and closed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

MEDIA = "application/geo+json"
_DECIMALS = 7  # of a degree: a centimetre; neighbours keep their shared corners


def polygons(corners: np.ndarray) -> list[dict]:
    """Geometries of rings in degrees, shape (n, corners, 2), counterclockwise and not closed."""
    closed = np.concatenate([corners, corners[:, :1]], axis=1).round(_DECIMALS)
    return [{"type": "Polygon", "coordinates": [ring]} for ring in closed.tolist()]


def points(frame: pd.DataFrame) -> list[dict]:
    """Geometries of ``lon``, ``lat`` in degrees."""
    places = frame[["lon", "lat"]].to_numpy(float).round(_DECIMALS)
    return [{"type": "Point", "coordinates": place} for place in places.tolist()]


def features(geometries: Sequence[dict], frame: pd.DataFrame) -> list[dict]:
    """A feature a row; its columns are the properties, null where a value is missing."""
    columns = {name: _plain(frame[name]) for name in frame.columns}
    return [
        {
            "type": "Feature",
            "geometry": geometry,
            "properties": {name: values[row] for name, values in columns.items()},
        }
        for row, geometry in enumerate(geometries)
    ]


def collection_bytes(found: Sequence[dict], about: Mapping[str, object]) -> bytes:
    """A FeatureCollection with the member ``_about``: readers of GeoJSON leave out members that they do not know."""
    whole = {"type": "FeatureCollection", "_about": dict(about), "features": list(found)}
    return json.dumps(
        whole, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_told
    ).encode()


def _plain(values: pd.Series) -> list:
    return values.astype(object).where(values.notna(), None).tolist()


def _told(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not for json: {type(value).__name__}")
