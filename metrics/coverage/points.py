"""Where people live, from what a bureau has: places of residents, totals of villages, or a population raster."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.geometry.ground import Geometry
from metrics.coverage.lattice import Lattice
from metrics.coverage.people import COUNTS, PEOPLE, impossible, of_places, of_raster, spread

SOURCES = ("records", "villages", "raster")
_COLUMNS = ["lon", "lat", "place", "name", "village", *COUNTS, "estimated"]


def located(
    source: str, residents: pd.DataFrame, places: pd.DataFrame, ground: Geometry, lattice: Lattice
) -> tuple[pd.DataFrame, int]:
    """(points with people: lon, lat, name, village, COUNTS, estimated; people of whom no place is known).

    residents  place and COUNTS (``residents.people_by_place``); places: ``residents.places``

    ``records``: everyone where the own place lies; those whose place has no coordinates are spread over the built-up
    land of their village. ``villages``: everyone is spread so. ``raster``: people by ``population_raster.csv``; what
    it does not tell is missing.
    """
    if source == "raster":
        raster = ground.tables["population_raster"]
        points = of_raster(raster, lattice).assign(village=None)
        for name in COUNTS:
            if name not in points:
                points[name] = pd.array([pd.NA] * len(points), dtype="Int64")
        return points[_COLUMNS], 0
    here = residents.merge(places, on="place", how="left")
    known = here[["lon", "lat"]].notna().all(axis=1) & (source == "records")
    direct = of_places(here[known]).assign(village=here.loc[known, "village_name"].to_numpy())
    spreading, lost = _by_village(here[~known], ground, lattice)
    points = pd.concat([direct[_COLUMNS], spreading[_COLUMNS]], ignore_index=True)
    return points[points[PEOPLE] > 0].reset_index(drop=True), lost


def _by_village(here: pd.DataFrame, ground: Geometry, lattice: Lattice) -> tuple[pd.DataFrame, int]:
    villages = ground.layers["villages"]
    drawn = here["village"].isin(set(villages.frame["code"]))
    totals = here[drawn].groupby("village", as_index=False)[[*COUNTS]].sum()
    totals = totals.rename(columns={"village": "place"})
    name = dict(zip(villages.frame["code"], villages.frame["name"], strict=True))
    totals.insert(1, "name", totals["place"].map(name))
    refused = impossible(totals) if len(totals) else np.zeros(0, bool)
    built = ground.layers["built"].shapes
    points = spread(
        totals[~refused], villages.frame["code"], villages.shapes, built if len(built) else None, lattice
    )
    lost = int(here.loc[~drawn, PEOPLE].sum()) + int(totals.loc[refused, PEOPLE].sum())
    return points.assign(village=points["name"]), lost
