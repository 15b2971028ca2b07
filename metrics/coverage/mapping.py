"""The map of a build: cells with their people and ways, supply within reach, units with whom they serve, the ground.

Made of small frames (places, not persons): everything but the count of residents by place costs the same whatever
the number of residents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data.config import Config
from data.geometry.ground import Geometry
from metrics.coverage import residents
from metrics.coverage.catchment import two_step
from metrics.coverage.decay import bands
from metrics.coverage.drawing import drawn
from metrics.coverage.earth import Plane
from metrics.coverage.gathering import gathered
from metrics.coverage.lattice import Lattice
from metrics.coverage.network import Roads
from metrics.coverage.people import COUNTS, PEOPLE
from metrics.coverage.points import located
from metrics.coverage.reach import choices, limit_of, nearest, nearest_by_kind, within
from metrics.coverage.served import served
from metrics.coverage.speeds import decay_bands, speeds
from metrics.coverage.travel import road_pairs, straight_pairs, table_pairs
from metrics.standards import value_in

KINDS = ("centre", "station", "clinic")
_YEAR = 12
_BEYOND = {
    "beyond": PEOPLE,
    "beyond_0_6": "people_0_6",
    "beyond_65": "people_65",
    "beyond_floating": "floating",
}


@dataclass(frozen=True)
class Wanted:
    """What the configuration says of the map."""

    kind: str  # of cells: square, hexagon
    side_m: int
    people_from: str  # records, villages, raster
    mode: str  # of travel: walk, cycle, motorcycle, car

    @classmethod
    def of(cls, config: Config) -> Wanted:
        return cls(config.grid_cell, config.grid_cell_m, config.map_people, config.travel_mode)


def mapped(
    connection: Connection,
    units: pd.DataFrame,
    first: int,
    last: int,
    ground: Geometry,
    wanted: Wanted,
) -> dict[str, pd.DataFrame]:
    """Rows of the published tables of the map, by name, for the months ``last`` and a year before it (not before
    ``first``). ``residents.RULES`` must have their meaning on the connection. ``units``: rows of ``published.unit``.
    """
    places = residents.places(connection)
    middle = _middle(ground, places, units)
    shapes = {"place": places, "ground": drawn(ground, places)}
    if middle is None:
        return {**shapes, "place": _published_places(connection, places, None)}
    lattice = Lattice(wanted.kind, wanted.side_m, Plane.around(*middle))
    made = {**shapes, "place": _published_places(connection, places, lattice)}
    cells = []
    for month in {last, last - _YEAR}:
        if month < first:
            continue
        standing = residents.open_units(units, month)
        by_place = residents.people_by_place(connection, month)
        points, lost = located(wanted.people_from, by_place, places, ground, lattice)
        points = _judged(points, standing, month)
        if month == last:
            roads = _ways(points, standing, ground, wanted.mode, month)
            points = points.assign(minutes=roads.minutes, slow=roads.slow)
            made |= _newest(connection, points, standing, lattice, month)
            unplaced = int(standing[["lon", "lat"]].isna().any(axis=1).sum())
            made["lattice"] = _about(wanted, middle, month, roads, lost, unplaced)
        cells.append(_cells(points, lattice, standing).assign(month=month))
    return {**made, "cell": pd.concat(cells, ignore_index=True)}


def rule_metres(month: int) -> float:
    """How far people may live from a unit, metres."""
    return value_in("clinic_radius_km", month) * 1000


def _middle(ground: Geometry, places: pd.DataFrame, units: pd.DataFrame) -> tuple[float, float] | None:
    """Something of the district that stays: the middle of its border, else of its places, else of its units."""
    if ground.county is not None:
        return ground.county.centroid.x, ground.county.centroid.y
    for frame in (places, units):
        known = frame[["lon", "lat"]].dropna()
        if len(known):
            low, high = known.min(), known.max()
            return float(low["lon"] + high["lon"]) / 2, float(low["lat"] + high["lat"]) / 2
    return None


def cell_names(column: np.ndarray, row: np.ndarray) -> list[str]:
    """``cell``: column-row."""
    return [f"{x}-{y}" for x, y in zip(column.tolist(), row.tolist(), strict=True)]


def _published_places(connection: Connection, places: pd.DataFrame, lattice: Lattice | None) -> pd.DataFrame:
    cell = np.full(len(places), None, object)
    known = places[["lon", "lat"]].notna().all(axis=1).to_numpy()
    if lattice is not None and known.any():
        cell[known] = cell_names(*lattice.cell_of(places.loc[known, "lon"], places.loc[known, "lat"]))
    teams = residents.teams_of_grids(connection, places)
    found = places.assign(cell=cell, team=places["team_code"], teams=teams)
    return found[["place", "name", "level", "lon", "lat", "cell", "team", "teams"]]


# -- points ------------------------------------------------------------------------------------------


def _judged(points: pd.DataFrame, units: pd.DataFrame, month: int) -> pd.DataFrame:
    """The points with their nearest unit, its metres, who of them is beyond the rule and who has no second choice."""
    rule = limit_of(rule_metres(month))
    near = nearest(points, units)
    found = points.assign(unit=near["unit"], metres=near["metres"])
    inside = within(near["metres"], rule)
    for name, of in _BEYOND.items():
        found[name] = points[of].where(~inside.fillna(False), 0).mask(inside.isna())
    number = choices(straight_pairs(points, units, rule), rule, len(points))
    found["one_choice"] = points[PEOPLE].where(number == 1, 0).mask(inside.isna())
    return found


@dataclass(frozen=True, eq=False)
class _Ways:
    """Minutes of each point to the nearest unit along ways (NaN: longer than is looked for), and people of such."""

    source: str | None  # roads, table; None: there are no ways
    minutes: np.ndarray
    slow: pd.Series
    mode: str | None
    limit: int | None


def _ways(points: pd.DataFrame, units: pd.DataFrame, ground: Geometry, mode: str, month: int) -> _Ways:
    roads, own = ground.layers["roads"], ground.tables["speeds"]
    if not len(roads) and not len(own):
        nothing = pd.array([pd.NA] * len(points), dtype="Int64")
        return _Ways(None, np.full(len(points), np.nan), nothing, None, None)
    limit = int(value_in("travel_minutes", month))
    speed = speeds(mode, date(month // _YEAR, month % _YEAR + 1, 28), own)
    if len(roads):
        pairs = road_pairs(points, units, Roads.of(roads.frame, roads.shapes), speed, limit)
    else:
        pairs = table_pairs(points, units, speed, limit)
    _, minutes = pairs.nearest(len(points))
    slow = points[PEOPLE].where(np.isnan(minutes), 0)
    return _Ways("roads" if len(roads) else "table", minutes, slow, mode, limit)


# -- cells -------------------------------------------------------------------------------------------


def _cells(points: pd.DataFrame, lattice: Lattice, units: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``published.cell`` but for the month."""
    counts = [*COUNTS, *_BEYOND, "one_choice", *(["slow"] if "slow" in points else [])]
    kept = points.assign(place=points["name"])
    cells, _ = gathered(kept[["lon", "lat", "place", "name", *counts, "estimated"]], lattice)
    cells["cell"] = cell_names(cells["column"].to_numpy(), cells["row"].to_numpy())
    near = nearest(cells, units)
    cells["unit"] = near["unit"]
    column, row = lattice.cell_of(points["lon"], points["lat"])
    keys = pd.Series(cell_names(column, row))
    cells["metres"] = _means(points["metres"], points[PEOPLE], keys, cells["cell"])
    minutes = points["minutes"] if "minutes" in points else pd.Series(np.nan, index=points.index)
    cells["minutes"] = _means(minutes, points[PEOPLE], keys, cells["cell"])
    if "slow" not in cells:
        cells["slow"] = pd.array([pd.NA] * len(cells), dtype="Int64")
    return cells.rename(columns={"name": "place_name"}).drop(columns="place")


def _means(values: pd.Series, people: pd.Series, keys: pd.Series, cells: pd.Series) -> np.ndarray:
    """The mean over the people of each of ``cells``; NaN where it is not known of somebody."""
    weight = people.fillna(0).astype(float).to_numpy()
    value = values.to_numpy(float)
    frame = pd.DataFrame(
        {"sum": np.where(weight > 0, value * weight, 0), "weight": weight, "key": keys.to_numpy()}
    )
    sums = frame.groupby("key")[["sum", "weight"]].sum(min_count=1)
    unknown = frame.loc[frame["sum"].isna(), "key"].unique()
    mean = sums["sum"] / sums["weight"].where(sums["weight"] > 0)
    mean.loc[unknown] = np.nan
    return mean.reindex(cells).to_numpy(float)


def _newest(
    connection: Connection, points: pd.DataFrame, units: pd.DataFrame, lattice: Lattice, month: int
) -> dict[str, pd.DataFrame]:
    """The tables that there are of the newest month alone."""
    column, row = lattice.cell_of(points["lon"], points["lat"])
    points = points.assign(cell=cell_names(column, row), point=np.arange(1, len(points) + 1))
    published = ["point", "cell", "lon", "lat", "name", "village", *COUNTS, "estimated", "unit", "metres"]
    return {
        "point": points[published],
        "cell_reach": _reach(points, units),
        "cell_access": _access(points, units, residents.supplies(connection, units, month), month),
        "served": served(points, units),
    }


def _reach(points: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    cells = _middles(points)
    rows = []
    for kind, near in nearest_by_kind(cells, units, KINDS).items():
        rows.append(cells[["cell"]].assign(kind=kind, unit=near["unit"], metres=near["metres"]))
    return pd.concat(rows, ignore_index=True).dropna(subset=["unit"])


def _middles(points: pd.DataFrame) -> pd.DataFrame:
    """cell, lon, lat: where the people of each cell live on average."""
    weight = points[PEOPLE].fillna(0).astype(float)
    work = pd.DataFrame(
        {"cell": points["cell"], "weight": weight, "x": points["lon"] * weight, "y": points["lat"] * weight}
    )
    sums = work.groupby("cell", as_index=False).sum()
    sums = sums[sums["weight"] > 0]
    return sums.assign(lon=sums["x"] / sums["weight"], lat=sums["y"] / sums["weight"])[["cell", "lon", "lat"]]


def _access(points: pd.DataFrame, units: pd.DataFrame, supply: pd.DataFrame, month: int) -> pd.DataFrame:
    """Rows of ``published.cell_access``: mean over a cell's people of what a thousand of them have within reach."""
    limit = value_in("catchment_km", month) * 1000
    day = date(month // _YEAR, month % _YEAR + 1, 28)
    weigh = bands(limit, decay_bands(day))
    pairs = straight_pairs(points, units, limit)
    people = points[PEOPLE].fillna(0).astype(float)
    rows = []
    for name in supply:
        if supply[name].isna().all():
            continue  # nobody tells any of it: no figure
        found = two_step(people, supply[name], pairs, weigh)
        work = pd.DataFrame(
            {"cell": points["cell"], "n": people, "sum": people * found.access, "unsure": found.unsure}
        )
        by_cell = work.groupby("cell", as_index=False).agg({"n": "sum", "sum": "sum", "unsure": "any"})
        by_cell = by_cell[by_cell["n"] > 0]
        rows.append(
            by_cell.assign(supply=name, per_1000=by_cell["sum"] / by_cell["n"] * 1000)[
                ["cell", "supply", "per_1000", "unsure"]
            ]
        )
    columns = ["cell", "supply", "per_1000", "unsure"]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


def _about(
    wanted: Wanted, middle: tuple[float, float], month: int, ways: _Ways, lost: int, units_unplaced: int
) -> pd.DataFrame:
    row: Mapping = {
        "month": month,
        "kind": wanted.kind,
        "side_m": wanted.side_m,
        "lon": middle[0],
        "lat": middle[1],
        "people_from": wanted.people_from,
        "rule_m": round(rule_metres(month)),
        "catchment_m": round(value_in("catchment_km", month) * 1000),
        "travel": ways.source,
        "mode": ways.mode,
        "minutes": ways.limit,
        "unplaced": lost,
        "units_unplaced": units_unplaced,
    }
    return pd.DataFrame([row])
