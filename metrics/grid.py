"""The coverage map: residents by cell, the nearest open unit, and whether the rule's distance is met.

Residents have no address here but a management grid whose middle is known; a cell holds the people
of the grids that lie in it.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, case, func, select

from data import records
from metrics.facts import contracted, home, resident
from metrics.standards import value_in

_EARTH_M = 6_371_008.8
_METRES_PER_DEGREE = math.pi * _EARTH_M / 180

RULES = [select(home.c.person), select(resident.c.person), select(contracted.c.person)]


def cells(
    connection: Connection, units: pd.DataFrame, month: int, *, side_m: int, rule_m: int
) -> pd.DataFrame:
    """Rows of ``published.cell`` for one month. ``units``: unit, lon, lat of the units open in it."""
    people = _people(connection, month)
    if people.empty:
        return pd.DataFrame()
    # One width for the whole district, by its latitude to a tenth of a degree: cells are square to within a
    # percent over a county, and stay where they are when people move.
    step_lat = side_m / _METRES_PER_DEGREE
    step_lon = side_m / (_METRES_PER_DEGREE * math.cos(math.radians(round(people["lat"].mean(), 1))))
    people["row"] = np.floor(people["lat"] / step_lat).astype(int)
    people["column"] = np.floor(people["lon"] / step_lon).astype(int)
    for axis in ("lon", "lat"):
        people[f"weighted_{axis}"] = people[axis] * people["people"]
    counts = ["people", "people_0_6", "people_65", "floating", "contracted"]
    grouped = people.groupby(["row", "column"], as_index=False)
    cells = grouped[[*counts, "weighted_lon", "weighted_lat"]].sum()
    largest = people.sort_values("people").groupby(["row", "column"])["name"].last()
    cells["place_name"] = [
        largest[row, column] for row, column in zip(cells["row"], cells["column"], strict=True)
    ]
    cells["south"] = cells["row"] * step_lat
    cells["north"] = cells["south"] + step_lat
    cells["west"] = cells["column"] * step_lon
    cells["east"] = cells["west"] + step_lon
    lon, lat = cells["weighted_lon"] / cells["people"], cells["weighted_lat"] / cells["people"]
    nearest, metres = _nearest(lon.to_numpy(), lat.to_numpy(), units)
    cells["unit"], cells["metres"], cells["within"] = (
        nearest,
        metres,
        pd.array(metres <= rule_m, dtype="boolean"),
    )
    cells["cell"] = np.arange(1, len(cells) + 1)
    return cells.drop(columns=["weighted_lon", "weighted_lat"])


def _people(connection: Connection, month: int) -> pd.DataFrame:
    place = records.place
    child = resident.c.born_month + 7 * 12 > month
    elder = resident.c.born_month + value_in("elder_age", month) * 12 <= month
    rule = (
        select(
            place.c.name,
            place.c.lon,
            place.c.lat,
            func.count().label("people"),
            func.sum(case((child, 1), else_=0)).label("people_0_6"),
            func.sum(case((elder, 1), else_=0)).label("people_65"),
            func.sum(case((resident.c.registered.is_(False), 1), else_=0)).label("floating"),
            func.sum(case((contracted.c.person.is_not(None), 1), else_=0)).label("contracted"),
        )
        .select_from(
            resident.join(home, home.c.person == resident.c.person)
            .join(place, and_(place.c.place == home.c.place, place.c.known_to.is_(None)))
            .outerjoin(
                contracted,
                and_(
                    contracted.c.person == resident.c.person, contracted.c.s <= month, contracted.c.e >= month
                ),
            )
        )
        .where(
            resident.c.s <= month, resident.c.e >= month, place.c.lon.is_not(None), place.c.lat.is_not(None)
        )
        .group_by(place.c.place, place.c.name, place.c.lon, place.c.lat)
        .order_by(place.c.place)
    )
    frame = pd.DataFrame(connection.execute(rule).mappings().all())
    counts = ["people", "people_0_6", "people_65", "floating", "contracted"]
    return frame.astype(dict.fromkeys(counts, "int64")) if len(frame) else frame


def _nearest(lon: np.ndarray, lat: np.ndarray, units: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The nearest unit of each point and the great-circle distance in whole metres; missing without units."""
    located = units.dropna(subset=["lon", "lat"])
    if located.empty:
        nothing = pd.array([pd.NA] * len(lon), dtype="Int64")
        return nothing, nothing
    a, b = np.radians(lat)[:, None], np.radians(located["lat"].to_numpy(float))[None, :]
    half_lon = (np.radians(lon)[:, None] - np.radians(located["lon"].to_numpy(float))[None, :]) / 2
    chord = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(half_lon) ** 2
    metres = 2 * _EARTH_M * np.arcsin(np.sqrt(chord))
    best = metres.argmin(axis=1)
    return (
        pd.array(located["unit"].to_numpy()[best], dtype="Int64"),
        pd.array(np.rint(metres[np.arange(len(lon)), best]).astype(int), dtype="Int64"),
    )
