"""Points against the ground: units, candidate sites, places. Missing, stacked, outside, far, shifted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import shapely

from data.geometry.datums import DATUMS, from_wgs84, to_wgs84
from data.geometry.findings import FLAG, Finding
from data.geometry.ground import Geometry
from data.geometry.limits import shipped
from data.geometry.local import Local


def checked(
    units: pd.DataFrame,
    geometry: Geometry,
    limits: Mapping[str, float] | None = None,
    *,
    parents: Mapping[str, str] | None = None,
    file: str = "unit",
    together: str = "same_point_units",
) -> list[Finding]:
    """What is doubtful about the positions of units, one or more findings a unit; in the order of the frame.

    ``units``: code, name, lon, lat (WGS-84, NaN: missing); where known place_code (code of the village, management
    grid or town in which it lies) and coord_sys (the system from which the point was converted). ``parents``: code
    of a place -> code of the place above it, so that a unit in a grid that nobody drew is held against its
    village. ``file``: what findings name as their file. ``together``: the limit of how many may share a point. Nothing is moved: where a
    unit really lies, its bureau must say.
    """
    limits = limits or shipped()
    units = units.reset_index(drop=True)
    lon, lat = (units[axis].to_numpy(float, na_value=np.nan) for axis in ("lon", "lat"))
    shapes = [layer.shapes for layer in geometry.layers.values() if len(layer)]
    known = np.isfinite(lon) & np.isfinite(lat)
    if shapes:
        local = Local.of(np.concatenate(shapes))
    else:
        local = Local.at(float(lat[known].mean()) if known.any() else 0.0)
    points = local.points(lon, lat)
    findings = [
        *(_about(units, row, file, "point_missing") for row in np.flatnonzero(~known)),
        *_stacked(units, lon, lat, file, limits[together]),
        *_central(units, points, geometry, local, file, limits["centroid_m"]),
        *_outside(units, points, geometry, local, file),
        *_elsewhere(units, lon, lat, points, geometry, local, file, limits, parents or {}),
    ]
    return [finding for _, finding in sorted(findings, key=lambda pair: pair[0])]


Found = tuple[int, Finding]  # row, finding


def _stacked(
    units: pd.DataFrame, lon: np.ndarray, lat: np.ndarray, file: str, together: float
) -> Iterator[Found]:
    """Units on one point: too many to share a building, or said to stand for different villages."""
    # To a tenth of a metre: what was typed once and copied is equal to the last digit.
    spots = pd.DataFrame({"lon": np.round(lon, 6), "lat": np.round(lat, 6)}).dropna()
    village = units["place_code"] if "place_code" in units else pd.Series(pd.NA, units.index)
    for rows in spots.groupby(["lon", "lat"]).indices.values():
        rows = spots.index.to_numpy()[rows]
        if len(rows) >= together or village.iloc[rows].nunique() > 1:
            for row in rows:
                yield _about(units, row, file, "point_stacked", value=str(len(rows)))


def _central(
    units: pd.DataFrame, points: np.ndarray, geometry: Geometry, local: Local, file: str, near: float
) -> Iterator[Found]:
    """Points in the very middle of the district or of a town: what a map gives for a name that it does not know."""
    layer = geometry.layers["boundaries"]
    if not len(layer):
        return
    areas = local.metres(layer.shapes)
    bounds = shapely.bounds(areas)
    middles = np.concatenate(
        [
            shapely.centroid(areas),
            shapely.points((bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2),
        ]
    )
    names = [*layer.frame["name"], *layer.frame["name"]]
    there = np.flatnonzero(~pd.isna(points))
    at, middle = shapely.STRtree(middles).query_nearest(points[there], max_distance=near, all_matches=False)
    for row, which in zip(there[at], middle, strict=True):
        name = names[which]
        yield _about(units, row, file, "point_central", value=None if pd.isna(name) else str(name))


def _outside(
    units: pd.DataFrame, points: np.ndarray, geometry: Geometry, local: Local, file: str
) -> Iterator[Found]:
    if geometry.county is None:
        return
    county = local.metres(np.array([geometry.county]))[0]
    shapely.prepare(county)
    there = np.flatnonzero(~pd.isna(points))
    for row in there[~shapely.intersects(county, points[there])]:
        away = shapely.distance(points[row], county) / 1000
        yield _about(units, row, file, "point_outside", value=f"{away:.2f} km")


def _elsewhere(
    units: pd.DataFrame,
    lon: np.ndarray,
    lat: np.ndarray,
    points: np.ndarray,
    geometry: Geometry,
    local: Local,
    file: str,
    limits: Mapping[str, float],
    parents: Mapping[str, str],
) -> Iterator[Found]:
    """Units away from the village in which they are said to lie; and whether another system would bring them there."""
    if "place_code" not in units:
        return
    layers = ("boundaries", "grids", "villages")
    own = {
        code: (layer, row)
        for layer in layers
        for row, code in enumerate(geometry.layers[layer].frame["code"].tolist())
    }
    if not own:
        return
    systems = _systems(units)
    written = [from_wgs84(lon[systems == name], lat[systems == name], name) for name in DATUMS]
    raw = np.full((len(units), 2), np.nan)
    for name, (x, y) in zip(DATUMS, written, strict=True):
        raw[systems == name] = np.column_stack([x, y])
    away: dict[
        tuple[str, str], list[float]
    ] = {}  # (system named, system tried) -> metres from the own village
    for row, code in enumerate(units["place_code"].tolist()):
        if pd.isna(code) or points[row] is None:
            continue
        drawn = _drawn(code, own, parents)
        if drawn is None:
            if len(geometry.layers["villages"]):
                yield _about(units, row, file, "point_place_unknown", "place_code", str(code))
            continue
        layer, at = own[drawn]
        shape = local.metres(geometry.layers[layer].shapes[at : at + 1])[0]
        metres = shapely.distance(points[row], shape)
        # A town is so much larger than the shift that coming to lie in it says nothing.
        tried = {} if layer == "boundaries" else _tried(raw[row], systems[row], shape, local)
        for datum, there in tried.items():
            away.setdefault((systems[row], datum), []).append(there)
        if tried:
            away.setdefault((systems[row], systems[row]), []).append(metres)
        better = sorted((there, datum) for datum, there in tried.items() if there <= limits["datum_m"])
        if better and metres > limits["datum_from_m"]:
            value = " / ".join(datum for _, datum in better)
            yield _about(units, row, file, "point_datum", "coord_sys", value)
        elif metres > limits["far_m"]:
            name = geometry.layers[layer].frame["name"].iloc[at]
            value = f"{drawn if pd.isna(name) else name}, {metres / 1000:.2f} km"
            yield _about(units, row, file, "point_far", value=value)
    yield from _doubted(away, file, limits)


def _drawn(code: str, own: Mapping[str, object], parents: Mapping[str, str]) -> str | None:
    """The code, or the nearest above it, that somebody drew; None where there is none."""
    passed: set[str] = set()
    while code not in own and code in parents and code not in passed:
        passed.add(code)
        code = parents[code]
    return code if code in own else None


def _systems(units: pd.DataFrame) -> np.ndarray:
    """The system that each unit's point was converted from."""
    if "coord_sys" not in units:
        return np.full(len(units), "WGS84", object)
    named = units["coord_sys"].astype(object)
    return named.where(named.isin(DATUMS), "WGS84").to_numpy(object)


def _tried(raw: np.ndarray, system: str, shape: shapely.Geometry, local: Local) -> dict[str, float]:
    """Metres from a shape if what was written were in another system, by system."""
    found = {}
    for datum in ("WGS84", "GCJ02", "BD09"):
        if datum == system:
            continue
        x, y = to_wgs84(raw[0], raw[1], datum)
        point = shapely.points(float(x) * local.east, float(y) * local.north)
        found[datum] = float(shapely.distance(point, shape))
    return found


def _doubted(
    away: Mapping[tuple[str, str], list[float]], file: str, limits: Mapping[str, float]
) -> Iterator[Found]:
    """Systems of which most units fit far better in another one: not a few slips, but the name is wrong."""
    outside = {pair: int((np.array(metres) > limits["datum_m"]).sum()) for pair, metres in away.items()}
    for (system, datum), now in outside.items():
        known = len(away[system, datum])
        if system != datum or known < limits["datum_units"] or 2 * now < known:
            continue
        others = [(count, other) for (named, other), count in outside.items() if named == system != other]
        best, other = min(others)
        if best * limits["datum_gain"] <= now:
            value = f"{system} → {other}: {now} → {best} / {known}"
            yield -1, Finding(file, "points_datum", FLAG, field="coord_sys", value=value, count=known)


def _about(
    units: pd.DataFrame, row: int, file: str, rule: str, field: str | None = None, value: str | None = None
) -> Found:
    code, name = units["code"].iloc[int(row)], units["name"].iloc[int(row)]
    feature = int(units["feature"].iloc[int(row)]) if "feature" in units else None
    return int(row), Finding(
        file,
        rule,
        FLAG,
        feature,
        field,
        value,
        None if pd.isna(code) else str(code),
        None if pd.isna(name) else str(name),
    )
