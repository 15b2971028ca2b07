"""Points of people added up by cell of the lattice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.coverage.lattice import Lattice
from metrics.coverage.people import PEOPLE

_KEYS = ("lon", "lat", "place", "name", "estimated", "over")


def gathered(points: pd.DataFrame, lattice: Lattice) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(cells, the points that lie in none because they have no coordinates).

    A cell, by row and column: column, row, lon and lat (where its people live on average; its middle when nobody
    does), place and name of the point with most people, the sums of all counts (Int64), ``estimated`` when any of
    its people are. A count that is missing at some point of a cell is missing for the cell: a part is no sum.
    """
    known = points[["lon", "lat"]].notna().all(axis=1)
    lost, found = points[~known], points[known]
    counts = [column for column in points.columns if column not in _KEYS]
    column, row = lattice.cell_of(found["lon"], found["lat"])
    weight = found[PEOPLE].fillna(0).to_numpy(float)
    work = found.assign(
        column=column,
        row=row,
        weight=weight,
        weighted_lon=found["lon"] * weight,
        weighted_lat=found["lat"] * weight,
    )
    grouped = work.groupby(["row", "column"], sort=True)
    cells = grouped[[*counts, "weight", "weighted_lon", "weighted_lat"]].sum()
    for name in counts:
        missing = work[name].isna()
        if missing.any():
            cells.loc[
                pd.MultiIndex.from_frame(work.loc[missing, ["row", "column"]].drop_duplicates()), name
            ] = pd.NA
    largest = work.sort_values(["weight", "place"], ascending=[True, False], kind="stable")
    cells[["place", "name"]] = largest.groupby(["row", "column"])[["place", "name"]].last()
    cells["estimated"] = grouped["estimated"].any()
    cells = cells.reset_index()
    middle = lattice.centre(cells["column"], cells["row"])
    people = cells["weight"].to_numpy(float)
    for axis, at in zip(("lon", "lat"), middle, strict=True):
        total = cells[f"weighted_{axis}"].to_numpy(float)
        cells[axis] = np.divide(total, people, out=at.copy(), where=people > 0)
    columns = ["column", "row", "lon", "lat", "place", "name", *counts, "estimated"]
    return cells[columns].astype(dict.fromkeys(counts, "Int64")), lost.reset_index(drop=True)
