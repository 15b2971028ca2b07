"""Whom each unit serves on the map: the people for whom it is the nearest."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.coverage.earth import distance_m
from metrics.coverage.people import PEOPLE

COUNTS = (PEOPLE, "people_0_6", "people_65", "floating", "beyond")
_NINE_OF_TEN = 0.9


def served(points: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``published.served``: of ``units`` (unit, lon, lat) those with coordinates.

    points  unit (the nearest), metres, and COUNTS

    A unit that is nobody's nearest serves 0 people, and no distance is known of them.
    """
    placed = units.dropna(subset=["lon", "lat"]).sort_values("unit").reset_index(drop=True)
    at = points.dropna(subset=["unit"])
    sums = at.groupby("unit")[[*COUNTS]].sum(min_count=1)
    found = placed[["unit"]].join(sums, on="unit")
    for name in COUNTS:
        found[name] = found[name].astype("Int64")
        if not points[name].isna().all():
            found[name] = found[name].fillna(0)
    ways = at[at[PEOPLE] > 0].sort_values("metres")
    by_unit = ways.groupby("unit")
    found["ninth_m"] = found["unit"].map({unit: _ninth(rows) for unit, rows in by_unit})
    found["farthest_m"] = found["unit"].map(by_unit["metres"].max())
    found["near_unit"], found["near_m"] = _nearest_others(placed)
    return found.astype({"ninth_m": float, "farthest_m": float})


def _ninth(rows: pd.DataFrame) -> float:
    """The least distance that nine of ten people do not exceed; ``rows`` are sorted by distance."""
    people = rows[PEOPLE].to_numpy(float).cumsum()
    # A hair less, so that a share that is met exactly is not missed by rounding.
    return float(rows["metres"].iloc[np.searchsorted(people, _NINE_OF_TEN * people[-1] * (1 - 1e-12))])


def _nearest_others(placed: pd.DataFrame) -> tuple[pd.api.extensions.ExtensionArray, np.ndarray]:
    """Of each unit the number of the nearest other one (of equally near ones the smallest), and the metres between."""
    if len(placed) < 2:
        return pd.array([pd.NA] * len(placed), dtype="Int64"), np.full(len(placed), np.nan)
    lon, lat = placed["lon"].to_numpy(float), placed["lat"].to_numpy(float)
    metres = distance_m(lon[:, None], lat[:, None], lon, lat)
    np.fill_diagonal(metres, np.inf)
    other = metres.argmin(axis=1)
    return pd.array(placed["unit"].to_numpy(np.int64)[other], dtype="Int64"), metres.min(axis=1)
