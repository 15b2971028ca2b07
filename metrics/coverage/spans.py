"""Which unit is the nearest from which month to which: the nearest, month by month, without counting every month.

A month is ``year * 12 + month - 1``, a span has both its months included, metres are whole. Units that open or close
change the answer of those places alone that have one of them as near as what they had: only these are looked up anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from metrics.coverage.earth import arc_m, earth_xyz
from metrics.coverage.reach import nearest, nearest_but

KINDS = ("any", "centre", "station", "clinic", "second")
_NOT_REACHED = "bureau"  # nobody goes there to be treated
_SLACK_M = 0.01  # so much farther, and a unit has no part in who is the nearest, nor in who is equally near

_Look = Callable[[pd.DataFrame, np.ndarray, pd.DataFrame], pd.DataFrame]


def reach_spans(
    places: pd.DataFrame, units: pd.DataFrame, first: int, last: int, kinds: Iterable[str] = KINDS
) -> pd.DataFrame:
    """place, kind, unit, metres, s, e: while the unit is the nearest open one of the kind to the place.

    places   place, lon, lat in degrees; those without coordinates are not there
    units    unit, kind, lon, lat, s, e: open from month s to month e
    first, last   months between which the spans lie
    kinds    of ``KINDS``: "any" is every unit but the bureau, "second" the nearest but for the nearest of these
    """
    located = places.dropna(subset=["lon", "lat"]).drop_duplicates("place").reset_index(drop=True)
    parts = [_empty(place="Int64", kind="str")]
    for kind in kinds:
        among = _located(units, None if kind in ("any", "second") else kind)
        rows = _spans(located, among, first, last, _second if kind == "second" else _nearest)
        rows.insert(0, "place", located["place"].to_numpy()[rows.pop("point").to_numpy()])
        rows.insert(1, "kind", kind)
        parts.append(rows)
    return pd.concat(parts[1:] or parts, ignore_index=True)


def near_spans(units: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """unit, kind, other, metres, s, e: while ``other`` is the nearest other open unit of an open unit of the kind.

    ``units`` as of ``reach_spans``; the bureau is neither.
    """
    among = _located(units, None)
    numbers = among["unit"].to_numpy(np.int64)

    def look(points: pd.DataFrame, which: np.ndarray, there: pd.DataFrame) -> pd.DataFrame:
        return nearest_but(points, there, numbers[which])

    rows = _spans(among, among, first, last, look).rename(columns={"unit": "other"})
    own = among.iloc[rows.pop("point").to_numpy()]
    rows.insert(0, "unit", own["unit"].to_numpy())
    rows.insert(1, "kind", own["kind"].to_numpy())
    rows["s"] = np.maximum(rows["s"], own["s"].to_numpy())
    rows["e"] = np.minimum(rows["e"], own["e"].to_numpy())
    return rows[rows["s"] <= rows["e"]].reset_index(drop=True)


def _located(units: pd.DataFrame, kind: str | None) -> pd.DataFrame:
    chosen = units["kind"] != _NOT_REACHED if kind is None else units["kind"] == kind
    return units[chosen & (units["s"] <= units["e"])].dropna(subset=["lon", "lat"]).reset_index(drop=True)


def _nearest(points: pd.DataFrame, which: np.ndarray, there: pd.DataFrame) -> pd.DataFrame:
    return nearest(points, there)


def _second(points: pd.DataFrame, which: np.ndarray, there: pd.DataFrame) -> pd.DataFrame:
    first = nearest(points, there)["unit"].to_numpy(np.int64, na_value=-1)
    return nearest_but(points, there, first)


def _spans(points: pd.DataFrame, units: pd.DataFrame, first: int, last: int, look: _Look) -> pd.DataFrame:
    """point (position), unit, metres, s, e of what ``look`` finds (points, their positions, open units)."""
    xyz = earth_xyz(points["lon"].to_numpy(float), points["lat"].to_numpy(float))
    unit = np.full(len(points), -1)
    metres = np.full(len(points), np.inf)
    since = np.full(len(points), first)
    done: list[pd.DataFrame] = []

    def finish(which: np.ndarray, month: int) -> None:
        which = which[unit[which] >= 0]
        ended = {"point": which, "unit": unit[which], "metres": np.rint(metres[which]).astype(np.int64)}
        done.append(pd.DataFrame(ended | {"s": since[which], "e": np.full(len(which), month)}))

    before = np.zeros(len(units), bool)
    for month in _changes(units, first, last):
        there = ((units["s"] <= month) & (units["e"] >= month)).to_numpy()
        which = _affected(xyz, metres, units[there != before])
        found = look(points.iloc[which], which, units[there])
        now = found["unit"].to_numpy(np.int64, na_value=-1)
        other = now != unit[which]
        which, now, far = which[other], now[other], found["metres"].to_numpy(float)[other]
        finish(which, month - 1)
        unit[which], metres[which], since[which] = now, np.where(now < 0, np.inf, far), month
        before = there
    finish(np.arange(len(points)), last)
    return pd.concat([_empty(point="int64"), *(rows for rows in done if len(rows))], ignore_index=True)


def _changes(units: pd.DataFrame, first: int, last: int) -> list[int]:
    """The first month, and every later one in which other units are open than the month before."""
    months = {first, *units["s"].tolist(), *(units["e"] + 1).tolist()}
    return sorted(month for month in months if first <= month <= last)


def _affected(xyz: np.ndarray, metres: np.ndarray, changed: pd.DataFrame) -> np.ndarray:
    """Positions of the points to which a unit that opened or closed is as near as what they had."""
    if changed.empty or not len(xyz):
        return np.arange(0)
    if np.isinf(metres).all():
        return np.arange(len(xyz))
    chord = cdist(xyz, earth_xyz(changed["lon"].to_numpy(float), changed["lat"].to_numpy(float)))
    return np.flatnonzero(arc_m(chord.min(axis=1)) <= metres + _SLACK_M)


def _empty(**first: str) -> pd.DataFrame:
    columns = first | dict.fromkeys(("unit", "metres", "s", "e"), "int64")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
