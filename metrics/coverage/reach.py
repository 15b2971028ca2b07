"""The nearest unit of each cell, how many units there are to choose from, and whether the rule's distance is met."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from metrics.coverage.earth import arc_m, earth_xyz
from metrics.coverage.pairs import Pairs

_LOOK_AT = 4  # so many of the nearest, to find those that are equally near
_EQUAL_M = 1e-3
_HALF_METRE = 0.5


def limit_of(metres: float) -> float:
    """Up to how far a rule of so many metres is met: ways are told in whole metres, 2,000.4 m are 2 km."""
    return metres + _HALF_METRE


def nearest(cells: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The nearest of ``units`` (unit, lon, lat; those that are open) to each of ``cells`` (lon, lat), index as given.

    unit: Int64, metres: float64 on the ground; both missing where a cell has no coordinates or no unit has any. Of
    units that are equally near (to a millimetre) it is the one with the smallest number.
    """
    unit = pd.array([pd.NA] * len(cells), dtype="Int64")
    metres = np.full(len(cells), np.nan)
    lon, lat = cells["lon"].to_numpy(float), cells["lat"].to_numpy(float)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    located = units.dropna(subset=["lon", "lat"]).sort_values("unit").drop_duplicates(["lon", "lat"])
    if len(located) and len(known):
        tree = cKDTree(earth_xyz(located["lon"].to_numpy(float), located["lat"].to_numpy(float)))
        chord, index = tree.query(earth_xyz(lon[known], lat[known]), k=min(_LOOK_AT, len(located)))
        chord, index = chord.reshape(len(known), -1), index.reshape(len(known), -1)
        equal = chord <= chord[:, :1] + _EQUAL_M
        best = np.where(equal, index, len(located)).min(axis=1)
        unit[known] = located["unit"].to_numpy(np.int64)[best]
        metres[known] = arc_m(chord[:, 0])
    return pd.DataFrame({"unit": unit, "metres": metres}, index=cells.index)


def nearest_but(cells: pd.DataFrame, units: pd.DataFrame, but: np.ndarray) -> pd.DataFrame:
    """``nearest`` where each cell leaves out one unit: its second choice, where ``but`` (int64) is its nearest."""
    unit = pd.array([pd.NA] * len(cells), dtype="Int64")
    metres = np.full(len(cells), np.nan)
    lon, lat = cells["lon"].to_numpy(float), cells["lat"].to_numpy(float)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    located = units.dropna(subset=["lon", "lat"]).sort_values("unit")
    located = located[located.groupby(["lon", "lat"]).cumcount() < 2]  # one may be the one left out
    if len(located) and len(known):
        numbers = located["unit"].to_numpy(np.int64)
        tree = cKDTree(earth_xyz(located["lon"].to_numpy(float), located["lat"].to_numpy(float)))
        chord, index = tree.query(earth_xyz(lon[known], lat[known]), k=min(2 * _LOOK_AT, len(located)))
        chord, index = chord.reshape(len(known), -1), index.reshape(len(known), -1)
        chord = np.where(numbers[index] == np.asarray(but)[known, None], np.inf, chord)
        least = chord.min(axis=1)
        best = np.where(chord <= least[:, None] + _EQUAL_M, index, len(located)).min(axis=1)
        found = np.isfinite(least)
        unit[known[found]] = numbers[best[found]]
        metres[known[found]] = arc_m(least[found])
    return pd.DataFrame({"unit": unit, "metres": metres}, index=cells.index)


def nearest_by_kind(
    cells: pd.DataFrame, units: pd.DataFrame, kinds: Iterable[str]
) -> dict[str, pd.DataFrame]:
    """``nearest`` of each kind of unit (column ``kind``), by kind."""
    return {kind: nearest(cells, units[units["kind"] == kind]) for kind in kinds}


def choices(pairs: Pairs, limit: float, demands: int) -> np.ndarray:
    """How many sites each of ``demands`` points has within ``limit``, int64; 1 is no second choice, 0 none at all."""
    return np.bincount(pairs.demand[pairs.cost <= limit], minlength=demands)


def within(cost: np.ndarray | pd.Series, limit: float) -> pd.api.extensions.ExtensionArray:
    """Whether costs are at most ``limit``: boolean, missing where the cost is missing."""
    value = pd.array(np.asarray(cost, float), dtype="Float64")
    return pd.array(value <= limit, dtype="boolean")


def reached_by(cost: ArrayLike, people: ArrayLike, share: float) -> float:
    """The least cost that so large a share of all people does not exceed; who has no known cost (NaN) is farther than
    anyone. NaN: so many are of an unknown cost, or there is nobody."""
    cost, people = np.asarray(cost, float), np.asarray(people, float)
    order = np.argsort(cost, kind="stable")  # NaN last
    so_far = np.cumsum(people[order])
    if not len(so_far) or not so_far[-1] > 0:
        return float("nan")
    # A hair less, so that a share that is met exactly is not missed by rounding.
    return float(cost[order[np.searchsorted(so_far, share * so_far[-1] * (1 - 1e-12))]])
