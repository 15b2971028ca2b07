"""The map of the sample district: a round town with its cells, reach, supply, ground and grids."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from sqlalchemy import Table

from metrics import published
from metrics.coverage.earth import Plane
from metrics.coverage.lattice import Lattice

MIDDLE = (118.60, 32.10)
SIDE_M, RULE_M = 500, 2000
_RADIUS = 14  # cells
_YEAR = 12
COUNTS = ("people", "people_0_6", "people_65", "floating", "contracted")


def map_tables(units: pd.DataFrame, draw: np.random.Generator, month: int) -> dict[Table, pd.DataFrame]:
    """Rows of the published tables of the map, of ``month`` and the month a year before."""
    lattice = Lattice("square", SIDE_M, Plane.around(*MIDDLE))
    stations = units[units["kind"] == "station"].dropna(subset=["lon", "lat"])
    cells = _cells(lattice, stations, draw)
    before = cells.assign(
        month=month - _YEAR, beyond=cells["beyond"] + (cells["people"] // 9).where(cells["row"] % 3 == 0, 0)
    )
    now = cells.assign(month=month)
    return {
        published.lattice: _lattice(month),
        published.cell: pd.concat([now, before], ignore_index=True)[list(published.cell.c.keys())],
        published.cell_reach: cells[["cell", "unit", "metres"]].assign(kind="station"),
        published.cell_access: _access(cells),
        published.point: _points(cells),
        published.served: _served(cells, stations),
        published.ground: _ground(lattice),
        published.place: _places(cells),
    }


def _cells(lattice: Lattice, stations: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    east, north = map(int, lattice.cell_of(*MIDDLE))
    rows = []
    for x in range(-_RADIUS, _RADIUS + 1):
        for y in range(-_RADIUS, _RADIUS + 1):
            away = np.hypot(x, y)
            if away > _RADIUS or draw.random() < 0.15:
                continue
            lon, lat = map(float, lattice.centre(east + x, north + y))
            metres = np.hypot((stations["lon"] - lon) * 94_000, (stations["lat"] - lat) * 111_000)
            people = int(draw.gamma(2, 220) * (1.2 - away / 16)) + 3
            far, one = bool(metres.min() > RULE_M), bool((metres <= RULE_M).sum() == 1)
            rows.append(
                {
                    "cell": f"{east + x}-{north + y}",
                    "column": east + x,
                    "row": north + y,
                    "lon": lon,
                    "lat": lat,
                    "place_name": f"第{len(rows) % 12 + 1}网格",
                    "people": people,
                    "people_0_6": people // 14,
                    "people_65": people // 6,
                    "floating": people // 9,
                    "contracted": int(people * draw.uniform(0.4, 0.9)),
                    "beyond": people * far,
                    "beyond_0_6": people // 14 * far,
                    "beyond_65": people // 6 * far,
                    "beyond_floating": people // 9 * far,
                    "one_choice": people * one,
                    "estimated": len(rows) % 40 == 0,
                    "unit": int(stations.loc[metres.idxmin(), "unit"]),
                    "metres": float(metres.min()),
                    "minutes": float(metres.min() / 70) if metres.min() < RULE_M else None,
                    "slow": people * far,
                }
            )
    return pd.DataFrame(rows)


def _lattice(month: int) -> pd.DataFrame:
    row = {
        "month": month,
        "kind": "square",
        "side_m": SIDE_M,
        "lon": MIDDLE[0],
        "lat": MIDDLE[1],
        "people_from": "records",
        "rule_m": RULE_M,
        "catchment_m": 5000,
        "travel": "roads",
        "mode": "walk",
        "minutes": 30,
        "unplaced": 37,
        "units_unplaced": 1,
    }
    return pd.DataFrame([row])


def _access(cells: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for supply, most in (("doctors", 3.0), ("gps", 1.2), ("beds", 4.0)):
        per_1000 = most / (1 + cells["metres"] / 1500)
        rows.append(cells[["cell"]].assign(supply=supply, per_1000=per_1000, unsure=supply == "beds"))
    return pd.concat(rows, ignore_index=True)


def _points(cells: pd.DataFrame) -> pd.DataFrame:
    found = cells.assign(point=range(1, len(cells) + 1), name=cells["place_name"], village="清溪村")
    return found[list(published.point.c.keys())]


def _served(cells: pd.DataFrame, stations: pd.DataFrame) -> pd.DataFrame:
    sums = cells.groupby("unit")[["people", "people_0_6", "people_65", "floating", "beyond"]].sum()
    ways = cells.groupby("unit")["metres"]
    rows = stations[["unit"]].join(sums, on="unit").fillna(0)
    rows["ninth_m"], rows["farthest_m"] = rows["unit"].map(ways.quantile(0.9)), rows["unit"].map(ways.max())
    rows["near_unit"], rows["near_m"] = rows["unit"].shift(fill_value=rows["unit"].iloc[1]), 900.0
    return rows


def _ground(lattice: Lattice) -> pd.DataFrame:
    lon, lat = MIDDLE
    east, north = (_RADIUS + 1) * lattice.step[0], (_RADIUS + 1) * lattice.step[1]
    ring = [
        [lon - east, lat - north],
        [lon + east, lat - north],
        [lon + east, lat + north],
        [lon - east, lat + north],
    ]
    border = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    road = {"type": "LineString", "coordinates": [ring[0], ring[2]]}
    site = {"type": "Point", "coordinates": [lon + east / 2, lat + north / 2]}
    rows = [
        ("boundaries", "3201", "清江区", "county", None, None, lon, lat, json.dumps(border), None),
        ("roads", "G1", "清江路", "road", None, "county", lon, lat, json.dumps(road), None),
        (
            "candidates",
            "C1",
            "东湾新址",
            "candidate",
            None,
            None,
            *site["coordinates"],
            json.dumps(site),
            None,
        ),
    ]
    return pd.DataFrame(rows, columns=list(published.ground.c.keys()))


def _places(cells: pd.DataFrame) -> pd.DataFrame:
    names = ["清溪村 一组", "清溪村 二组"]
    rows = [
        (n, name, "group", *cells.loc[n, ["lon", "lat", "cell"]], f"T{n}", n % 2)
        for n, name in enumerate(names, 1)
    ]
    return pd.DataFrame(rows, columns=list(published.place.c.keys()))
