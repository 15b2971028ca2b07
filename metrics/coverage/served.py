"""Whom each unit serves on the map: the people for whom it is the nearest."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.coverage.people import PEOPLE
from metrics.coverage.reach import nearest_but, reached_by

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
    ways = at[at[PEOPLE] > 0]
    by_unit = ways.groupby("unit")
    found["ninth_m"] = found["unit"].map(
        {unit: reached_by(rows["metres"], rows[PEOPLE], _NINE_OF_TEN) for unit, rows in by_unit}
    )
    found["farthest_m"] = found["unit"].map(by_unit["metres"].max())
    others = nearest_but(placed, placed, placed["unit"].to_numpy(np.int64))
    found["near_unit"], found["near_m"] = others["unit"], others["metres"]
    return found.astype({"ninth_m": float, "farthest_m": float})
