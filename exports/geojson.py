"""GeoJSON (RFC 7946) that any map program opens: WGS-84, longitude first, outer rings counterclockwise and closed.

Files of a whole county are large: a feature is made, written and forgotten, and what is not known is left out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd

MEDIA = "application/geo+json"
_DECIMALS = 6  # of a degree: eleven centimetres; neighbours keep their shared corners


def polygons(corners: np.ndarray) -> Iterator[dict]:
    """Geometries of rings in degrees, shape (n, corners, 2), counterclockwise and not closed."""
    for ring in corners.round(_DECIMALS):
        places = ring.tolist()
        yield {"type": "Polygon", "coordinates": [[*places, places[0]]]}


def points(frame: pd.DataFrame) -> Iterator[dict]:
    """Geometries of ``lon``, ``lat`` in degrees."""
    for place in frame[["lon", "lat"]].to_numpy(float).round(_DECIMALS).tolist():
        yield {"type": "Point", "coordinates": place}


def features(
    geometries: Iterable[dict], frame: pd.DataFrame, decimals: Mapping[str, int] | None = None
) -> Iterator[dict]:
    """A feature a row; its columns are the properties. What is missing and flags that are False are left out.

    decimals   of numbers that are not whole, by column; those of others stay as they are
    """
    columns = [(name, _plain(frame[name], (decimals or {}).get(name))) for name in frame.columns]
    for row, geometry in enumerate(geometries):
        told = {name: values[row] for name, values in columns}
        properties = {name: value for name, value in told.items() if value is not None and value is not False}
        yield {"type": "Feature", "geometry": geometry, "properties": properties}


def collection_bytes(found: Iterable[dict], about: Mapping[str, object]) -> bytes:
    """A FeatureCollection, a feature a line, with the member ``_about``: readers leave out members that they do not know."""
    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_told)
    made = io.BytesIO()
    made.write(f'{{"type":"FeatureCollection","_about":{encoder.encode(dict(about))},"features":['.encode())
    between = b"\n"
    for feature in found:
        made.write(between + encoder.encode(feature).encode())
        between = b",\n"
    made.write(b"\n]}")
    return made.getvalue()


def _plain(values: pd.Series, decimals: int | None) -> list:
    """As json writes them; numbers that are whole without a point, None where a value is missing."""
    known = values.astype(object).where(values.notna(), None).tolist()
    return [_short(value, decimals) if isinstance(value, float | np.floating) else value for value in known]


def _short(value: float, decimals: int | None) -> float | int:
    found = float(value) if decimals is None else round(float(value), decimals)
    return int(found) if found.is_integer() else found


def _told(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not for json: {type(value).__name__}")
