"""A small district whose map can be counted by hand: places on a line, a few units, and residents who come and go."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection

from data import records
from data.geometry.folder import read_geometry
from data.geometry.ground import Geometry, Layer
from data.store import bulk_insert
from metrics.context import Horizon, prepare
from metrics.coverage import residents
from metrics.coverage.mapping import Wanted, mapped
from tests.property.engine import filled, units_of
from tests.spec.harness import arrow

FIRST, MONTH = 2024 * 12, 2025 * 12 + 11
BEFORE = MONTH - 12
LON, LAT = 104.0, 30.0
KM = 0.009  # degrees of latitude, about

#: unit, kind, kilometres north, opened, closed. None: without coordinates.
UNITS = [
    (1, "bureau", 0.0, None, None),
    (2, "centre", 0.0, None, None),
    (3, "clinic", 6.0, None, None),
    (4, "clinic", 12.0, None, dt.date(2025, 5, 10)),
    (5, "clinic", 16.0, dt.date(2025, 6, 1), None),
    (6, "clinic", None, None, None),
    (7, "station", 0.5, None, None),
]
#: place, code, parent, level, kilometres north, team.
PLACES = [
    (1, "T", None, "town", None, None),
    (2, "V1", "T", "village", 1.0, None),
    (3, "V1a", "V1", "group", 0.9, "甲队"),
    (4, "V1b", "V1", "group", 3.1, "乙队"),
    (5, "V2", "T", "village", 12.4, "没有"),
    (6, "V3", "T", "community", None, None),  # drawn in the ground alone
    (7, "V3a", "V3", "group", None, "甲队"),
    (8, "V4", "T", "village", None, None),  # nobody knows where
    (9, "V5", "T", "community", 16.2, "甲队"),
]
_HOMES = [2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 9, None]
RULE_KM = 2


def people(n: int = 90, seed: int = 5) -> list[dict]:
    """Invented residents: place, born_on, registered, start_on, end_on, contract (from, to) or None."""
    draw = random.Random(seed)
    found = []
    for number in range(1, n + 1):
        ends = draw.random() < 0.25
        contract = None
        if draw.random() < 0.6:
            start = dt.date(draw.choice([2023, 2024, 2025]), draw.randint(1, 12), 1)
            contract = start, start + dt.timedelta(days=364)
        found.append(
            {
                "person": number,
                "place": draw.choice(_HOMES),
                "born_on": dt.date(draw.choice([1940, 1958, 1961, 1990, 2017, 2018, 2019, 2024]), 12, 15),
                "registered": draw.choice([True, True, False, None]),
                "start_on": dt.date(draw.choice([2020, 2024, 2025]), draw.randint(1, 12), 3),
                "end_on": dt.date(2025, draw.randint(1, 12), 20) if ends else None,
                "contract": contract,
            }
        )
    return [row for row in found if row["end_on"] is None or row["start_on"] <= row["end_on"]]


def rows_of(everyone: list[dict], *, units=UNITS, places=PLACES) -> dict[str, list[dict]]:
    """Rows of record tables."""
    tables: dict[str, list[dict]] = {
        "unit": [
            {
                "unit": unit,
                "code": f"U{unit}",
                "name": f"机构{unit}",
                "kind": kind,
                "parent": None if unit == 1 else 1,
                "opened_on": opened,
                "closed_on": closed,
                **_at(north),
            }
            for unit, kind, north, opened, closed in units
        ],
        "place": [
            {
                "place": place,
                "code": code,
                "name": code,
                "parent_code": parent,
                "level": level,
                "team_code": team,
                **_at(north),
            }
            for place, code, parent, level, north, team in places
        ],
        "team": [{"unit": 2, "code": code} for code in ("甲队", "乙队", "乙队")],
    }
    for one in everyone:
        born = one["born_on"]
        tables.setdefault("person", []).append(
            {
                "person": one["person"],
                "unit": 2,
                "born_on": born,
                "born_month": born.year * 12 + born.month - 1,
                "registered": one["registered"],
                "entered_on": dt.date(2020, 1, 1),
            }
        )
        tables.setdefault("residence", []).append(
            {
                "person": one["person"],
                "unit": 2,
                "start_on": one["start_on"],
                "end_on": one["end_on"],
                "place": one["place"],
            }
        )
        if one["contract"]:
            start, end = one["contract"]
            tables.setdefault("contract", []).append(
                {
                    "person": one["person"],
                    "unit": 2,
                    "contract_no": str(one["person"]),
                    "signed_on": start,
                    "start_on": start,
                    "end_on": end,
                }
            )
    return tables


def _at(north: float | None) -> dict[str, float | None]:
    return {"lon": None, "lat": None} if north is None else {"lon": LON, "lat": LAT + north * KM}


def ground(**layers: list[tuple[str, shapely.Geometry]]) -> Geometry:
    """A ground of (code, shape) by layer; the name is the code."""
    empty = read_geometry(Path("no-such-folder"))
    made = dict(empty.layers)
    for name, features in layers.items():
        frame = pd.DataFrame({"code": [code for code, _ in features], "name": [code for code, _ in features]})
        for column in ("level", "parent_code", "road_class"):
            frame[column] = None
        shapes = np.array([shape for _, shape in features], dtype=object)
        made[name] = Layer(name, frame.assign(feature=range(1, len(frame) + 1)), shapes)
    return replace(empty, layers=made)


def box(south_km: float, north_km: float, wide_km: float = 1.0) -> shapely.Geometry:
    """A rectangle on the line of places."""
    return shapely.box(LON, LAT + south_km * KM, LON + wide_km * KM, LAT + north_km * KM)


@contextmanager
def district(tables: dict[str, list[dict]], url: str) -> Iterator[Connection]:
    """A database with the rows, and the facts of the map on its connection."""
    with filled({}, url) as connection:
        for name, rows in tables.items():
            bulk_insert(connection, records.RECORDS[name], arrow(name, rows))
        prepare(connection, residents.RULES, Horizon(FIRST, MONTH))
        yield connection


def map_of(connection: Connection, on: Geometry, **wanted) -> dict[str, pd.DataFrame]:
    """The tables of the map, square cells of 500 m unless ``wanted`` says otherwise."""
    given = {"kind": "square", "side_m": 500, "people_from": "records", "mode": "walk", **wanted}
    return mapped(connection, units_of(connection), FIRST, MONTH, on, Wanted(**given))


# -- counted anew -------------------------------------------------------------------------------------


def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """On a ball: within half a per cent of the ground."""
    a, b = radians(lat1), radians(lat2)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * 6_371_009 * asin(sqrt(half))


def last_day(month: int) -> dt.date:
    return dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)


def there(one: dict, month: int) -> bool:
    """A resident on the last day of the month."""
    day = last_day(month)
    return one["start_on"] <= day and (one["end_on"] is None or one["end_on"] >= day)


def counts(everyone: list[dict], month: int) -> dict[str, int]:
    """People of each sort among ``everyone`` who live there at the end of the month."""
    here = [one for one in everyone if there(one, month)]
    age = [months_old(one["born_on"], month) for one in here]
    day = last_day(month)
    return {
        "people": len(here),
        "people_0_6": sum(a < 7 * 12 for a in age),
        "people_65": sum(a >= 65 * 12 for a in age),
        "floating": sum(one["registered"] is False for one in here),
        "contracted": sum(
            one["contract"] is not None and one["contract"][0] <= day <= one["contract"][1] for one in here
        ),
    }


def months_old(born: dt.date, month: int) -> int:
    return month - (born.year * 12 + born.month - 1)


def open_units(month: int, units=UNITS) -> dict[int, tuple[str, float]]:
    """unit -> (kind, kilometres north) of those open on the last day that have coordinates, the bureau apart."""
    day = last_day(month)
    return {
        unit: (kind, north)
        for unit, kind, north, opened, closed in units
        if kind != "bureau"
        and north is not None
        and (opened is None or opened <= day)
        and (closed is None or closed >= day)
    }
