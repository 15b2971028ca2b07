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
    shared out by people, and 0-6 and 65+ together never exceed a point's people. ValueError for what ``impossible``
    names, and for two totals of one village.
    """
    counts = [column for column in totals.columns if column not in ("place", "name", "lon", "lat")]
    if not totals["place"].is_unique:
        raise ValueError("a village has one total")
    by_code = dict(zip(codes, shapes, strict=True))
    houses = shapely.STRtree([]) if built is None else shapely.STRtree(built)
    village: list[np.ndarray] = []
    middles: list[np.ndarray] = []
    over: list[str] = []
    parts: dict[str, list[np.ndarray]] = {name: [] for name in counts}
    for number, row in enumerate(totals.to_dict("records")):
        shape = by_code.get(row["place"])
        if shape is None or shape.is_empty:
            on, area = "place", np.ones(1)
            middle = np.array([[row.get("lon", np.nan), row.get("lat", np.nan)]], float)
        else:
            on, middle, area = _land(shape, houses, lattice)
        keep, shared = _shared(row, counts, area)
        village.append(np.full(len(keep), number))
        middles.append(middle[keep])
        over += [on] * len(keep)
        for name, part in shared.items():
            parts[name].append(part)
    if not village:
        empty = pd.DataFrame(columns=["lon", "lat", "place", "name", *counts, "over"])
        return _typed(empty.assign(estimated=True), counts)
    of = np.concatenate(village)
    found = totals[["place", "name"]].iloc[of].reset_index(drop=True)
    found.insert(0, "lon", np.concatenate(middles)[:, 0])
    found.insert(1, "lat", np.concatenate(middles)[:, 1])
    for name in counts:
        missing = totals[name].isna().to_numpy()[of]
        found[name] = pd.arrays.IntegerArray(np.concatenate(parts[name]), missing)
    return found.assign(over=over, estimated=True)


def of_raster(raster: pd.DataFrame, lattice: Lattice) -> pd.DataFrame:
    """Points of a population raster (lon, lat, people as decimals, other counts where it has them), one for each cell.

    Pixels are added up by cell before they are rounded: rounding a pixel of 0.3 people would lose or double a village.
    Whole people that add up to the raster's rounded total. A raster is somebody's estimate: ``estimated``. A group is
    missing where it is at some pixel of the cell, and where it is more than the people of the cell (for 65+: than
    those who are not 0-6), give or take one.
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
    by_cell = weighted.groupby(["row", "column"])
    cells = by_cell[["lon", "lat", *counts]].sum()
    # A part is no sum.
    told = by_cell[counts].count().eq(by_cell.size(), axis=0)
    cells[counts] = cells[counts].where(told)
    cells = cells.reset_index()
    cells[["lon", "lat"]] = cells[["lon", "lat"]].div(cells[PEOPLE], axis=0)
    total = _rounded(cells[PEOPLE])
    people = apportioned(total, cells[PEOPLE])
    found = cells.assign(place=None, name=None, people=people)
    room = people.copy()
    for name in counts[1:]:
        limit = room if name in DISJOINT else people
        part = cells[name].to_numpy(float)
        part = np.where(part <= limit + 1, np.minimum(part, limit), np.nan)  # one more or less is rounding
        known = ~np.isnan(part)
        given = np.zeros(len(part), np.int64)
        given[known] = apportioned(_rounded(part[known]), part[known], limit[known])
        room = room - given if name in DISJOINT else room
        found[name] = pd.arrays.IntegerArray(given, ~known)
    return _typed(found[columns].assign(estimated=True), counts)


def _land(shape, houses: shapely.STRtree, lattice: Lattice) -> tuple[str, np.ndarray, np.ndarray]:
    """What a village is spread over; of its land in each cell the middle, shape (n, 2), and the area.

    Areas are squares of degrees, as good as metres within one village.
    """
    near = houses.geometries[houses.query(shape, predicate="intersects")]
    # Built-up areas may overlap; nobody lives twice in one place.
    over, land = "built", shapely.intersection(shape, shapely.union_all(near))
    if shapely.area(land) == 0:
        over, land = "village", shape
    cells = lattice.shapes(*lattice.covering(*shapely.bounds(land)))
    shapely.prepare(land)
    pieces = shapely.intersection(cells[shapely.intersects(land, cells)], land)
    area = shapely.area(pieces)
    pieces, area = pieces[area > 0], area[area > 0]
    if not len(area):  # a shape without any area: everybody at its middle
        pieces, area = np.array([shape]), np.ones(1)
    return over, shapely.get_coordinates(shapely.centroid(pieces)), area


def _shared(row: dict, counts: list[str], area: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A village's counts over its points, int64, and the positions of the points that get anybody (at least one).

    Of a count that is not known the numbers mean nothing. Where people are not known, neither is where they live: the
    village is one point.
    """
    if pd.isna(row[PEOPLE]):
        return np.array([int(np.argmax(area))]), {
            name: np.array([0 if pd.isna(row[name]) else int(row[name])]) for name in counts
        }
    people = apportioned(int(row[PEOPLE]), area)
    keep = np.flatnonzero(people) if people.any() else np.array([int(np.argmax(area))])
    people = people[keep]
    shared, room = {PEOPLE: people}, people
    for name in (name for name in counts if name != PEOPLE):
        if pd.isna(row[name]):
            shared[name] = np.zeros(len(keep), np.int64)
            continue
        total = int(row[name])
        if name not in DISJOINT:
            # Contracts are counted elsewhere than people, and may be more.
            most = people if total <= people.sum() else None
            shared[name] = apportioned(total, people if people.any() else np.ones(len(keep)), most)
            continue
        if total > room.sum():
            raise ValueError(f"{row['place']}: {row[PEOPLE]} people are fewer than those of its age bands")
        shared[name] = apportioned(total, room, room)
        room = room - shared[name]
    return keep, shared


def impossible(totals: pd.DataFrame) -> np.ndarray:
    """Which rows ``spread`` refuses, bool: negative counts, or age bands that are more than the people together."""
    counts = [column for column in totals.columns if column not in ("place", "name", "lon", "lat")]
    bands = totals[[name for name in DISJOINT if name in counts]].astype("Float64").fillna(0).sum(axis=1)
    negative = (totals[counts].astype("Float64") < 0).fillna(False).any(axis=1)
    return (negative | (bands > totals[PEOPLE].astype("Float64")).fillna(False)).to_numpy(bool)


def _rounded(values: np.ndarray | pd.Series) -> int:
    return int(np.rint(np.nansum(np.asarray(values, float))))


def _typed(frame: pd.DataFrame, counts: Sequence[str]) -> pd.DataFrame:
    return frame.astype({"lon": float, "lat": float, **dict.fromkeys(counts, "Int64")}).reset_index(drop=True)
