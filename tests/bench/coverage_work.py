"""How long coverage takes: ``python -m tests.bench.coverage_work [CELLS] [UNITS] [RESIDENTS]``, the last line is JSON.

An invented county of square cells of 500 m, villages of forty cells with built-up land, units where people are, and roads
drawn along every second line of cells.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import shapely

from metrics.coverage import decay
from metrics.coverage.catchment import two_step
from metrics.coverage.earth import Plane
from metrics.coverage.gathering import gathered
from metrics.coverage.lattice import Lattice
from metrics.coverage.network import Roads
from metrics.coverage.people import of_places, of_raster, spread
from metrics.coverage.reach import choices, nearest
from metrics.coverage.speeds import decay_bands, speeds
from metrics.coverage.travel import road_pairs, straight_pairs, table_pairs

_DAY = date(2025, 12, 31)
_SIDE_M = 500
_WEST, _SOUTH = 104.0, 30.0


def measure(cells: int, units: int, residents: int, seed: int = 1) -> dict[str, float]:
    """Seconds of each step, and how many rows it made."""
    rng = np.random.default_rng(seed)
    width = int(np.sqrt(cells))
    height = -(-cells // width)
    lattice = Lattice("square", _SIDE_M, Plane.around(_WEST, _SOUTH))
    first = [int(axis) for axis in lattice.cell_of(_WEST, _SOUTH)]
    column, row = (axis.ravel()[:cells] for axis in np.meshgrid(np.arange(width), np.arange(height)))
    lon, lat = lattice.centre(first[0] + column, first[1] + row)
    people = rng.multinomial(residents, rng.dirichlet(np.full(cells, 0.3)))
    groups = {
        "people": people,
        "people_0_6": people // 14,
        "people_65": people // 7,
        "floating": people // 9,
        "contracted": people // 2,
    }
    places = pd.DataFrame({"place": np.arange(cells), "name": "", "lon": lon, "lat": lat, **groups})
    here = rng.choice(cells, units, replace=False)
    sites = pd.DataFrame({"unit": np.arange(units), "lon": lon[here], "lat": lat[here]})
    codes, shapes, built, totals = _villages(lattice, first, column, row, groups)
    roads = _roads(lattice, first, width, height)
    found: dict[str, float] = {}

    def timed(name: str, task: Callable, rows: Callable[[object], int]):
        start, work = time.perf_counter(), time.process_time()
        result = task()
        found[name] = round(time.perf_counter() - start, 3)
        found[f"{name}_cpu"] = round(time.process_time() - work, 3)
        found[f"{name}_rows"] = rows(result)
        return result

    points = timed("spread", lambda: spread(totals, codes, shapes, built, lattice), len)
    timed("raster", lambda: of_raster(places[["lon", "lat", "people"]], lattice), len)
    timed("gathered", lambda: gathered(of_places(places), lattice)[0], len)
    timed("gathered_spread", lambda: gathered(points, lattice)[0], len)
    timed("nearest", lambda: nearest(places, sites), len)
    rule = timed("pairs_2_km", lambda: straight_pairs(places, sites, 2_000), len)
    far = timed("pairs_10_km", lambda: straight_pairs(places, sites, 10_000), len)
    timed("choices", lambda: choices(rule, 2_000, cells), len)
    timed("table_30_min", lambda: table_pairs(places, sites, speeds("car", _DAY), 30), len)
    timed("roads_30_min_car", lambda: road_pairs(places, sites, roads, speeds("car", _DAY), 30), len)
    timed("roads_30_min_walk", lambda: road_pairs(places, sites, roads, speeds("walk", _DAY), 30), len)
    supply = rng.integers(1, 9, units)
    for name, weigh in {
        "2sfca": decay.none(10_000),
        "e2sfca": decay.bands(10_000, decay_bands(_DAY)),
        "gaussian": decay.gaussian(10_000),
    }.items():
        timed(name, lambda weigh=weigh: two_step(people, supply, far, weigh), lambda r: len(r.access))
    return found


def _villages(lattice: Lattice, first: list[int], column, row, groups):
    """Ten by four cells are a village, 10 km²; a twentieth of it is built-up, in three pieces."""
    step_lon, step_lat = lattice.step
    key = pd.Series(row // 4 * 10_000 + column // 10)
    totals = pd.DataFrame(groups).groupby(key.to_numpy()).sum().rename_axis("place").reset_index()
    west = (first[0] + totals["place"] % 10_000 * 10) * step_lon
    south = (first[1] + totals["place"] // 10_000 * 4) * step_lat
    shapes = shapely.box(west, south, west + 10 * step_lon, south + 4 * step_lat)
    built = np.concatenate(
        [
            shapely.box(
                west + at * step_lon,
                south + 0.3 * step_lat,
                west + (at + 1.2) * step_lon,
                south + 0.8 * step_lat,
            )
            for at in (1.2, 4.5, 8)
        ]
    )
    return totals["place"].to_list(), shapes, built, totals.assign(name="")


def _roads(lattice: Lattice, first: list[int], width: int, height: int) -> Roads:
    """A road along every second line of cells, with a vertex at each crossing."""
    lon = (first[0] + np.arange(0, width, 2)) * lattice.step[0]
    lat = (first[1] + np.arange(0, height, 2)) * lattice.step[1]
    lines = [shapely.LineString(np.column_stack([lon, np.full(len(lon), y)])) for y in lat]
    lines += [shapely.LineString(np.column_stack([np.full(len(lat), x), lat])) for x in lon]
    classes = np.array(["county", "township", "village"], object)[np.arange(len(lines)) % 3]
    none = np.zeros(len(lines), bool)
    return Roads(np.array(lines), classes, none, none)


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]]
    print(json.dumps(measure(*(sizes + [60_000, 400, 2_000_000][len(sizes) :]))))
