"""Points of people, from whatever a bureau has: places with residents, totals of villages, or a raster.

A frame of points has lon and lat (degrees WGS-84; NaN where not known), place (the code), name, the counts (Int64,
missing where not known) and ``estimated`` (people were put here by area, nobody was counted here). Its counts always
add up to what was given: what cannot be located is a row without coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from metrics.coverage.apportion import apportioned
from metrics.coverage.lattice import Lattice

PEOPLE = "people"
#: Groups of which nobody is in two; shared out so that together they never exceed the people of a point.
DISJOINT = ("people_0_6", "people_65")
COUNTS = (PEOPLE, *DISJOINT, "floating", "contracted")


def of_places(places: pd.DataFrame, counts: Sequence[str] = COUNTS) -> pd.DataFrame:
    """Points of places whose residents are counted: place, name, lon, lat and the counts; one row each."""
    found = places[["lon", "lat", "place", "name", *counts]].reset_index(drop=True)
    # A half-known point is none.
    lost = found[["lon", "lat"]].isna().any(axis=1)
    found.loc[lost, ["lon", "lat"]] = np.nan
    return _typed(found.assign(estimated=False), counts)


def spread(
    totals: pd.DataFrame,
    codes: Sequence[str],
    shapes: np.ndarray,
    built: np.ndarray | None,
    lattice: Lattice,
) -> pd.DataFrame:
    """Village totals put where there are houses: by the area of built-up land of the village in each cell.

    totals  place (code), name, people, and any other counts (missing: not known) and, where known, lon and lat
    codes, shapes  of villages: code and Polygon or MultiPolygon in degrees, of one length
    built   polygons of built-up land, in degrees; a village with none of it is spread over all its land

    One point for each cell that a village's land lies in, at the middle of that land; ``estimated``; ``over`` says
    what it was spread over: ``built``, ``village``, or ``place`` for a village without a shape, which stays in one
    point where its coordinates are known. Whole people, by largest remainder, that add up to the total; groups are
    shared out by people, and 0-6 and 65+ together never exceed a point's people. ValueError where a total is
    negative, or a group has more people than its village.
    """
    counts = [column for column in totals.columns if column not in ("place", "name", "lon", "lat")]
    if not totals["place"].is_unique:
        raise ValueError("a village has one total")
    by_code = dict(zip(codes, shapes, strict=True))
    houses = shapely.STRtree([]) if built is None else shapely.STRtree(built)
    parts: list[pd.DataFrame] = []
    for row in totals.to_dict("records"):
        shape = by_code.get(row["place"])
        if shape is None or shape.is_empty:
            lon, lat = row.get("lon", np.nan), row.get("lat", np.nan)
            points = pd.DataFrame({"lon": [lon], "lat": [lat], "over": "place"})
            weights = np.ones(1)
        else:
            points, weights = _land(shape, houses, lattice)
        parts.append(_shared(row, counts, weights, points))
    columns = ["lon", "lat", "place", "name", *counts, "over"]
    found = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    return _typed(found.assign(estimated=True), counts)


def of_raster(raster: pd.DataFrame, lattice: Lattice) -> pd.DataFrame:
    """Points of a population raster (lon, lat, people as decimals, other counts where it has them), one for each cell.

    Pixels are added up by cell before they are rounded: rounding a pixel of 0.3 people would lose or double a village.
    Whole people that add up to the raster's rounded total. A raster is somebody's estimate: ``estimated``.
    """
    counts = [column for column in raster.columns if column in COUNTS]
    known = raster.dropna(subset=["lon", "lat", PEOPLE])
    known = known[known[PEOPLE] > 0]
    columns = ["lon", "lat", "place", "name", *counts]
    if known.empty:
        return _typed(pd.DataFrame(columns=columns).assign(estimated=True), counts)
    column, row = lattice.cell_of(known["lon"], known["lat"])
    weighted = known.assign(
        column=column, row=row, lon=known["lon"] * known[PEOPLE], lat=known["lat"] * known[PEOPLE]
    )
    cells = weighted.groupby(["row", "column"], as_index=False)[["lon", "lat", *counts]].sum(min_count=1)
    cells[["lon", "lat"]] = cells[["lon", "lat"]].div(cells[PEOPLE], axis=0)
    total = _rounded(cells[PEOPLE])
    people = apportioned(total, cells[PEOPLE])
    found = cells.assign(place=None, name=None, people=people)
    room = people.copy()
    for name in counts[1:]:
        part = cells[name].fillna(0).to_numpy(float)
        limit = room if name in DISJOINT else people
        if _rounded(part) > limit.sum() + 1:  # one more or less is rounding
            raise ValueError(f"the raster has more {name} than people")
        given = apportioned(min(_rounded(part), int(limit.sum())), part, limit)
        room = room - given if name in DISJOINT else room
        found[name] = pd.array(given, dtype="Int64")
        found.loc[cells[name].isna(), name] = pd.NA
    return _typed(found[columns].assign(estimated=True), counts)


def _land(shape, houses: shapely.STRtree, lattice: Lattice) -> tuple[pd.DataFrame, np.ndarray]:
    """The points over which a village is spread, and the area of each, in squares of degrees: a village is small."""
    near = houses.geometries[houses.query(shape, predicate="intersects")]
    # Built-up areas may overlap; nobody lives twice in one place.
    over, land = "built", shapely.intersection(shape, shapely.union_all(near))
    if shapely.area(land) == 0:
        over, land = "village", shape
    column, row = lattice.covering(*shapely.bounds(land))
    cells = lattice.shapes(column, row)
    shapely.prepare(land)
    touched = shapely.intersects(land, cells)
    pieces = shapely.intersection(cells[touched], land)
    area = shapely.area(pieces)
    pieces, area = pieces[area > 0], area[area > 0]
    if not len(area):  # a shape without any area: everybody at its middle
        pieces, area = np.array([shape]), np.ones(1)
    middle = shapely.get_coordinates(shapely.centroid(pieces))
    return pd.DataFrame({"lon": middle[:, 0], "lat": middle[:, 1], "over": over}), area


def _shared(row: dict, counts: list[str], weights: np.ndarray, points: pd.DataFrame) -> pd.DataFrame:
    """A village's counts over its points; points that get nobody are left out."""
    found = points.assign(place=row["place"], name=row["name"])
    if pd.isna(row[PEOPLE]):
        # How many live here is not known, so neither is where: one row says so.
        alone = found.iloc[[int(np.argmax(weights))]].copy()
        return alone.assign(**{name: pd.array([row[name]], dtype="Int64") for name in counts})
    people = apportioned(int(row[PEOPLE]), weights)
    found[PEOPLE] = pd.array(people, dtype="Int64")
    room = people.copy()
    for name in (name for name in counts if name != PEOPLE):
        if pd.isna(row[name]):
            found[name] = pd.array([pd.NA] * len(found), dtype="Int64")
            continue
        limit = room if name in DISJOINT else people
        if int(row[name]) > limit.sum():
            raise ValueError(f"{row['place']}: {row[name]} {name} of {row[PEOPLE]} people")
        given = apportioned(int(row[name]), limit, limit)
        room = room - given if name in DISJOINT else room
        found[name] = pd.array(given, dtype="Int64")
    keep = people > 0
    if not keep.any():
        keep[int(np.argmax(weights))] = True
    return found[keep]


def _rounded(values: np.ndarray | pd.Series) -> int:
    return int(np.rint(np.nansum(np.asarray(values, float))))


def _typed(frame: pd.DataFrame, counts: Sequence[str]) -> pd.DataFrame:
    return frame.astype({"lon": float, "lat": float, **dict.fromkeys(counts, "Int64")}).reset_index(drop=True)
