"""Which of many shapes each of many points lies in."""

from __future__ import annotations

import numpy as np
import shapely


def which(shapes: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Index into ``shapes`` (polygons, degrees) for each point; -1 where it lies in none, or has no coordinates.

    A border belongs to both sides, and shapes may lie over each other: the first of them counts, so that the
    same point has the same answer every time.
    """
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    found = np.full(len(lon), len(shapes), np.int64)
    there = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(there) and len(shapes):
        # The tree holds the points: then each polygon, not each point, is prepared for many questions.
        tree = shapely.STRtree(shapely.points(lon[there], lat[there]))
        shape, point = tree.query(shapes, predicate="intersects")
        np.minimum.at(found, there[point], shape)
    found[found == len(shapes)] = -1
    return found
