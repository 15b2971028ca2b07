"""What the map costs in a build: ``python -m tests.bench.map_work [POINTS] [UNITS] [RESIDENTS]``, the last line is JSON.

An invented county: so many management grids on a square of 120 km, residents who live in them with their months and
contracts as facts, units where grids are. Everything that a build does for its map, and the count of residents alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection, create_engine, text

from data import records
from data.geometry.folder import read_geometry
from data.store import bulk_insert, create_missing
from metrics.coverage import residents
from metrics.coverage.mapping import Wanted, mapped
from tests.bench.measure import clock, peak_mb
from tests.spec.harness import arrow

_LAST = 2025 * 12 + 11
_FIRST = _LAST - 12
_WEST, _SOUTH, _WIDE = 104.0, 30.0, 1.1  # degrees
_FACTS = """
    CREATE TEMP TABLE home AS SELECT i AS person, 1 + (hash(i) % {points})::INTEGER AS place FROM range(1, {n} + 1) t(i);
    CREATE TEMP TABLE resident AS
        SELECT i AS person, {last} - (hash(i * 3) % 90)::INTEGER AS s, 1000000 AS e,
               {last} - (hash(i * 7) % 1080)::INTEGER AS born_month, hash(i * 11) % 9 > 0 AS registered
        FROM range(1, {n} + 1) t(i);
    CREATE TEMP TABLE contracted AS
        SELECT i AS person, {last} - 20 AS s, {last} + 5 AS e FROM range(1, {n} + 1, 2) t(i);
"""


def measure(points: int, units: int, people: int) -> dict:
    """Seconds of the map of two months, of counting residents for one of them, cells made, peak memory."""
    engine = create_engine("duckdb:///:memory:")
    with engine.connect() as connection:
        standing = _fill(connection, points, units, people)
        with clock() as counting:
            residents.people_by_place(connection, _LAST)
        ground, wanted = read_geometry(Path("no-such-folder")), Wanted("square", 500, "records", "walk")
        with clock() as whole:
            made = mapped(connection, standing, _FIRST, _LAST, ground, wanted)
    engine.dispose()
    newest = made["cell"]["month"] == _LAST
    return {
        **whole,
        "counting": counting["seconds"],
        "cells": int(newest.sum()),
        "points": len(made["point"]),
        "peak_mb": peak_mb(),
    }


def _fill(connection: Connection, points: int, units: int, people: int) -> pd.DataFrame:
    """Records and facts; gives the units as ``published.unit`` has them."""
    draw = np.random.default_rng(1)
    create_missing(connection, records.metadata)
    at = np.column_stack([_WEST + draw.random(points) * _WIDE, _SOUTH + draw.random(points) * _WIDE])
    rows = [
        {"place": n, "code": str(n), "name": f"{n}组", "level": "group", "lon": lon, "lat": lat}
        for n, (lon, lat) in enumerate(at.tolist(), 1)
    ]
    bulk_insert(connection, records.RECORDS["place"], arrow("place", rows))
    for statement in _FACTS.format(points=points, n=people, last=_LAST).split(";")[:-1]:
        connection.execute(text(statement))
    here = at[draw.choice(points, units, replace=False)]
    frame = pd.DataFrame({"unit": range(1, units + 1), "lon": here[:, 0], "lat": here[:, 1]})
    return frame.assign(
        kind="clinic", name="", code="", parent=pd.NA, opened_on=pd.NaT, closed_on=pd.NaT, successor=pd.NA
    )


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]]
    print(json.dumps(measure(*(sizes + [100_000, 400, 2_000_000][len(sizes) :]))))
