"""How fast one gets about: dated defaults of ``travel.csv``, and a bureau's own table before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

from metrics.standards import FOLDER, read_csv
from metrics.standards.files import StandardsError

MODES = ("walk", "cycle", "motorcycle", "car")
ANY, OFF_ROAD = "any", "offroad"


@dataclass(frozen=True)
class Speeds:
    """Kilometres an hour of one mode.

    by_class  road class -> speed; 0: the mode does not use such roads
    any       on roads of other or unknown class
    off_road  between a door and the road, and straight across where that is quicker
    overall   mean speed where no roads are given, over ``detour`` times the straight line: the bureau's own ``any``,
              where it tells one
    """

    mode: str
    by_class: Mapping[str, float]
    any: float
    off_road: float
    overall: float
    detour: float

    def __post_init__(self) -> None:
        given = [*self.by_class.values(), self.any]
        if not all(0 <= speed < np.inf for speed in given):
            raise ValueError(f"speeds of {self.mode} are numbers of km/h, 0 where it does not go: {given}")
        if not (0 < self.off_road < np.inf and 0 < self.overall < np.inf and 1 <= self.detour < np.inf):
            raise ValueError(
                f"speeds of {self.mode} off the road and overall are above 0, a detour at least 1"
            )

    def of(self, classes: np.ndarray | pd.Series) -> np.ndarray:
        """Speed, float64, on roads of these classes (text; missing or unknown: ``any``)."""
        found = pd.Series(np.asarray(classes, dtype=object)).map(self.by_class)
        return found.fillna(self.any).to_numpy(float)


def speeds(mode: str, day: date, own: pd.DataFrame | None = None) -> Speeds:
    """The speeds of a mode in force on a day; rows of ``own`` (road_class, mode, kmh) come before the defaults.

    ValueError for a mode that does not exist or a speed that is none.
    """
    if mode not in MODES:
        raise ValueError(f"one goes by {', '.join(MODES)}, not {mode!r}")
    shipped = _in_force(day)
    by_class = {road: value for (key, of, road), value in shipped.items() if key == "speed" and of == mode}
    overall = shipped["overall", mode, ""]
    if own is not None and len(own):
        mine = own[own["mode"] == mode]
        told = dict(zip(mine["road_class"], mine["kmh"].astype(float), strict=True))
        by_class |= told
        overall = told.get(ANY) or overall  # where no roads are given nothing else is known of them
    return Speeds(
        mode, by_class, by_class.pop(ANY), by_class.pop(OFF_ROAD), overall, shipped["detour", "", ""]
    )


def decay_bands(day: date) -> tuple[tuple[float, float], ...]:
    """(share of the limit up to which it holds, weight) of the stepped decay in force on a day, nearest first."""
    rows = [row for row in speed_rows() if row["key"] == "decay_band"]
    start = max((row["from"] for row in rows if row["from"] <= day), default=min(r["from"] for r in rows))
    found = sorted((float(Fraction(row["up_to"])), row["value"]) for row in rows if row["from"] == start)
    if found[-1][0] != 1:
        raise StandardsError("travel.csv: the last decay_band reaches to 1, the whole limit")
    return tuple(found)


def _in_force(day: date) -> dict[tuple[str, str, str], float]:
    """The newest value of each row begun by a day; the oldest also holds before its date."""
    found: dict[tuple[str, str, str], tuple[date, float]] = {}
    for row in speed_rows():
        if row["key"] == "decay_band":
            continue
        key, start = (row["key"], row["mode"], row["road_class"]), row["from"]
        held = found.get(key)
        if held is None or (start <= day and (held[0] > day or start > held[0])) or (day < start < held[0]):
            found[key] = (start, row["value"])
    return {key: value for key, (_, value) in found.items()}


@cache
def speed_rows() -> tuple[dict, ...]:
    """The rows of ``travel.csv``: texts, but ``from`` a date and ``value`` a number. StandardsError names a bad line."""
    rows = []
    for line, row in enumerate(read_csv(FOLDER / "travel.csv"), 2):
        try:
            start, value = date.fromisoformat(row["from"]), float(row["value"])
        except ValueError as error:
            raise StandardsError(f"travel.csv, line {line}: {error}") from error
        rows.append({**row, "from": start, "value": value})
    return tuple(rows)
