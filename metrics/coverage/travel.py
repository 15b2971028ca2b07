"""Pairs of people and sites: by straight line, by road, or by a speed table where there are no roads.

``demand`` and ``sites`` are frames with lon and lat in degrees; pairs name their rows by position. A row without
coordinates has no pairs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from metrics.coverage.earth import arc_m, chord_m, earth_xyz
from metrics.coverage.network import Roads, road_costs
from metrics.coverage.pairs import Pairs, nothing
from metrics.coverage.speeds import Speeds

METRES, MINUTES = "m", "min"


def straight_pairs(demand: pd.DataFrame, sites: pd.DataFrame, limit_m: float) -> Pairs:
    """Who lies within ``limit_m`` metres of what, as the crow flies on the ellipsoid, limit included."""
    if not 0 <= limit_m < np.inf:
        raise ValueError(f"no limit: {limit_m} m")
    here, there = _known(demand), _known(sites)
    if not len(here) or not len(there):
        return nothing(limit_m, METRES)
    found = cKDTree(_xyz(demand, here)).sparse_distance_matrix(
        cKDTree(_xyz(sites, there)), float(chord_m(limit_m)) + 1e-6, output_type="ndarray"
    )
    metres = arc_m(found["v"])
    metres = arc_m(found["v"])
    # A point just at the limit is within it, whatever the last digit of the arithmetic.
    keep = metres <= limit_m + 1e-6
    metres = np.minimum(metres[keep], limit_m)
    return Pairs(here[found["i"][keep]], there[found["j"][keep]], metres, limit_m, METRES)


def table_pairs(demand: pd.DataFrame, sites: pd.DataFrame, speeds: Speeds, limit_minutes: float) -> Pairs:
    """Minutes where no roads are given: the straight line, made longer by the detour, at the mean speed. Estimated."""
    metres_a_minute = speeds.overall * 1000 / 60 / speeds.detour
    straight = straight_pairs(demand, sites, limit_minutes * metres_a_minute)
    return Pairs(
        straight.demand,
        straight.site,
        straight.cost / metres_a_minute,
        limit_minutes,
        MINUTES,
        estimated=True,
    )


def road_pairs(
    demand: pd.DataFrame, sites: pd.DataFrame, roads: Roads, speeds: Speeds, limit_minutes: float
) -> Pairs:
    """Minutes along the roads, with the ways to and from the road; straight across where that is quicker.

    What no road and no walk reaches within the limit has no pair.
    """
    if not 0 <= limit_minutes < np.inf:
        raise ValueError(f"no limit: {limit_minutes} minutes")
    metres_a_minute = speeds.off_road * 1000 / 60
    across = straight_pairs(demand, sites, limit_minutes * metres_a_minute)
    here, there = _known(demand), _known(sites)
    if not len(here) or not len(there):
        return nothing(limit_minutes, MINUTES)
    i, j, minutes = road_costs(
        roads,
        speeds,
        demand[["lon", "lat"]].to_numpy(float)[here],
        sites[["lon", "lat"]].to_numpy(float)[there],
        limit_minutes,
    )
    both = pd.DataFrame(
        {
            "demand": np.concatenate([here[i], across.demand]),
            "site": np.concatenate([there[j], across.site]),
            "cost": np.concatenate([minutes, across.cost / metres_a_minute]),
        }
    )
    least = both.groupby(["demand", "site"], as_index=False, sort=False)["cost"].min()
    return Pairs(
        least["demand"].to_numpy(), least["site"].to_numpy(), least["cost"].to_numpy(), limit_minutes, MINUTES
    )


def _known(frame: pd.DataFrame) -> np.ndarray:
    """Positions of the rows that have coordinates."""
    return np.flatnonzero(np.isfinite(frame[["lon", "lat"]].to_numpy(float)).all(axis=1))


def _xyz(frame: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    return earth_xyz(frame["lon"].to_numpy(float)[rows], frame["lat"].to_numpy(float)[rows])
