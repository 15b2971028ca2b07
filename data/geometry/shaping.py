"""The geometry of one feature as a shape in WGS-84, mended where it can be, refused where it cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import shapely

from data.geometry.datums import in_china, to_wgs84
from data.geometry.findings import RefusedError
from data.geometry.geojson import shown

_KINDS = {
    "polygon": {"Polygon": 2, "MultiPolygon": 3},
    "line": {"LineString": 1, "MultiLineString": 2},
    "point": {"Point": 0, "MultiPoint": 1},
}
_FAULT = re.compile(r"\[(-?[\d.]+) (-?[\d.]+)\]")


@dataclass
class Shaped:
    """A shape and the remarks on it: (rule, value)."""

    shape: shapely.Geometry
    remarks: list[tuple[str, str | None]] = field(default_factory=list)


def shape_of(geometry: object, kind: str, datum: str) -> Shaped:
    """The shape of a parsed geometry member: a (multi)polygon, a (multi)line, or a point, two-dimensional.

    ``kind``: polygon, line or point, what the layer is made of. Raises RefusedError.
    """
    if geometry is None:
        raise RefusedError("geometry_missing")
    if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str):
        raise RefusedError("geometry_kind", shown(geometry))
    named = geometry["type"]
    if named not in _KINDS[kind]:
        raise RefusedError("geometry_kind", shown(named))
    depth = _KINDS[kind][named]
    parts = _parts(geometry.get("coordinates"), depth)
    remarks: list[tuple[str, str | None]] = []
    flat = _placed(np.concatenate([ring for part in parts for ring in part]), datum, remarks)
    parts = _like(parts, flat)
    if kind == "point":
        if len(flat) != 1:
            raise RefusedError("geometry_several_points", str(len(flat)))
        return Shaped(shapely.points(flat[0]), remarks)
    shape = _lines(parts, remarks) if kind == "line" else _polygons(parts, remarks)
    return Shaped(shape, remarks)


def _parts(coordinates: object, depth: int) -> list[list[np.ndarray]]:
    """Coordinates of any kind as parts of rings (or lines, or points) of positions."""
    if depth == 0:
        return [[_positions([coordinates])]]
    if not isinstance(coordinates, list) or not coordinates:
        raise RefusedError("geometry_empty")
    if depth == 1:
        return [[_positions(coordinates)]]
    if depth == 2 and all(isinstance(ring, list) for ring in coordinates):
        return [[_positions(ring) for ring in coordinates]]
    if depth == 3 and all(isinstance(part, list) and part for part in coordinates):
        return [[_positions(ring) for ring in part] for part in coordinates]
    raise RefusedError("geometry_coordinates", shown(coordinates))


def _positions(given: object) -> np.ndarray:
    """(n, 2) of a list of positions; heights are dropped."""
    if not isinstance(given, list):
        raise RefusedError("geometry_coordinates", shown(given))
    if not given:
        raise RefusedError("geometry_empty")
    for position in given:
        # A text or a truth value would pass for a number below.
        if not isinstance(position, list) or not 2 <= len(position) <= 4:
            raise RefusedError("geometry_coordinates", shown(position))
        if not (type(position[0]) in (int, float) and type(position[1]) in (int, float)):
            raise RefusedError("geometry_coordinates", shown(position))
    try:
        return np.array([(position[0], position[1]) for position in given], np.float64)
    except OverflowError as error:
        raise RefusedError("geometry_coordinates") from error


def _placed(flat: np.ndarray, datum: str, remarks: list[tuple[str, str | None]]) -> np.ndarray:
    """Positions longitude first and in WGS-84."""
    lon, lat = flat[:, 0], flat[:, 1]
    if not np.isfinite(flat).all():
        raise RefusedError("geometry_coordinates", "NaN")
    good = in_china(lon, lat)
    if not good.all():
        if not in_china(lat, lon).all():
            worst = flat[np.flatnonzero(~good)[0]]
            metres = bool((np.abs(flat) > 360).any())
            rule = "geometry_metres" if metres else "coordinates_outside"
            raise RefusedError(rule, f"{worst[0]:.10g}, {worst[1]:.10g}")
        remarks.append(("coordinates_swapped", f"{lon[0]:.10g}, {lat[0]:.10g}"))
        lon, lat = lat, lon
    if datum in ("GCJ02", "BD09"):
        lon, lat = to_wgs84(lon, lat, datum)
        remarks.append(("geometry_converted", datum))
    return np.column_stack([lon, lat])


def _like(parts: list[list[np.ndarray]], flat: np.ndarray) -> list[list[np.ndarray]]:
    """``flat`` cut as the parts are."""
    cut, at = [], 0
    for part in parts:
        cut.append([])
        for ring in part:
            cut[-1].append(flat[at : at + len(ring)])
            at += len(ring)
    return cut


def _lines(parts: list[list[np.ndarray]], remarks: list[tuple[str, str | None]]) -> shapely.Geometry:
    lines = [line for part in parts for line in part if _distinct(line) > 1]
    if not lines:
        raise RefusedError("geometry_no_length")
    if len(lines) < sum(len(part) for part in parts):
        remarks.append(("geometry_repaired", _place(parts[0][0][0])))
    made = [shapely.linestrings(line) for line in lines]
    return made[0] if len(made) == 1 else shapely.multilinestrings(made)


def _polygons(parts: list[list[np.ndarray]], remarks: list[tuple[str, str | None]]) -> shapely.Geometry:
    """Rings are closed, what crosses itself is untied, what has no area is dropped."""
    made, repaired = [], None
    for part in parts:
        outer, *holes = part
        if _distinct(outer) < 3:
            repaired = outer[0]
            continue
        sound = [hole for hole in holes if _distinct(hole) >= 3]
        if len(sound) < len(holes):
            repaired = outer[0]
        for ring in (outer, *sound):
            if (ring[0] != ring[-1]).any():
                repaired = ring[-1]
        made.append(shapely.polygons(_ring(outer), holes=[_ring(hole) for hole in sound] or None))
    if not made:
        raise RefusedError("geometry_no_area")
    shape = made[0] if len(made) == 1 else shapely.multipolygons(made)
    if not shapely.is_valid(shape):
        fault = _FAULT.search(shapely.is_valid_reason(shape))
        repaired = np.array([float(fault[1]), float(fault[2])]) if fault else made[0].exterior.coords[0]
        shape = _mended(shape)
    if repaired is not None:
        remarks.append(("geometry_repaired", _place(repaired)))
    return shape


def _mended(shape: shapely.Geometry) -> shapely.Geometry:
    """The valid shape nearest to an invalid one: polygons only."""
    try:
        whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    except shapely.GEOSException as error:
        raise RefusedError("geometry_no_area") from error
    pieces = [
        piece
        for piece in shapely.get_parts(shapely.get_parts(whole))
        if shapely.get_type_id(piece) == 3 and piece.area
    ]
    if not pieces:
        raise RefusedError("geometry_no_area")
    return pieces[0] if len(pieces) == 1 else shapely.multipolygons(pieces)


def _ring(positions: np.ndarray) -> shapely.Geometry:
    closed = positions if (positions[0] == positions[-1]).all() else np.vstack([positions, positions[:1]])
    return shapely.linearrings(closed)


def _distinct(positions: np.ndarray) -> int:
    """How many different positions there are; counting stops at three."""
    first = positions[0]
    second = positions[(positions != first).any(axis=1)]
    if not len(second):
        return 1
    return 2 if not len(second[(second != second[0]).any(axis=1)]) else 3


def _place(position: object) -> str:
    return f"{float(position[0]):.5f}, {float(position[1]):.5f}"
