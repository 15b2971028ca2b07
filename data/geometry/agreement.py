"""Whether what was drawn agrees: codes, borders, who lies in whom, and in which coordinate system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import shapely

from data.geometry.datums import from_wgs84, to_wgs84
from data.geometry.findings import FLAG, REJECT, Finding
from data.geometry.ground import Geometry, Layer
from data.geometry.local import Local

_ROUGH_M = (
    20.0  # detail that the search for another coordinate system does without: its shift is hundreds of metres
)
_AREAS = ("villages", "grids")


def unique_codes(layer: Layer, file: str) -> tuple[Layer, list[Finding]]:
    """One feature a code. Parts of one thing drawn apart are joined; of two things with one code the first stays."""
    codes = layer.frame["code"]
    if not codes.duplicated().any():
        return layer, []
    names = layer.frame["name"].fillna("").tolist()
    first: dict[str, int] = {}
    shapes, keep, found = layer.shapes.copy(), np.ones(len(layer), bool), []
    for row, code in enumerate(codes.tolist()):
        held = first.setdefault(code, row)
        if held == row:
            continue
        keep[row] = False
        area = shapely.get_dimensions(shapes[row]) == 2
        if area and names[row] == names[held]:
            shapes[held] = shapely.union(shapes[held], shapes[row])
            found.append(_about(layer, file, row, "geometry_joined", FLAG, value=code))
        else:
            found.append(_about(layer, file, row, "geometry_code_twice", REJECT, "code", code))
    return Layer(layer.name, layer.frame[keep].reset_index(drop=True), shapes[keep]), found


def disagreements(
    ground: Geometry, files: Mapping[str, str], limits: Mapping[str, float]
) -> Iterator[Finding]:
    """Remarks on features that do not agree with others. ``files``: layer -> the file that it was read from."""
    everything = [layer.shapes for layer in ground.layers.values() if len(layer)]
    if not everything:
        return
    local = Local.of(np.concatenate(everything))
    county = None if ground.county is None else local.metres(np.array([ground.county]))[0]
    if county is None:
        yield Finding("boundaries.geojson", "geometry_no_boundary", FLAG)
    for name, layer in ground.layers.items():
        if not len(layer):
            continue
        file, shapes = files[name], local.metres(layer.shapes)
        if name == "boundaries":
            for level in ("county", "town"):
                rows = np.flatnonzero(layer.frame["level"] == level)
                yield from _overlaps(layer, file, shapes, rows, limits)
        elif name in _AREAS:
            yield from _overlaps(layer, file, shapes, np.arange(len(layer)), limits)
            yield from _gaps(ground, layer, file, shapes, local, limits)
            if county is not None:
                yield from _datum(layer, file, shapes, county, local, limits)
        yield from _parents(ground, layer, file, shapes, local, limits)
        if county is not None and name not in ("candidates", "stops"):
            yield from _outside(layer, file, shapes, county, limits)


def _overlaps(
    layer: Layer, file: str, shapes: np.ndarray, rows: np.ndarray, limits: Mapping[str, float]
) -> Iterator[Finding]:
    """Of two that lie over each other the later one is named, with the other and the share of the smaller."""
    of = shapes[rows]
    first, second = shapely.STRtree(of).query(of, predicate="intersects")
    pairs = np.flatnonzero(first < second)
    first, second = first[pairs], second[pairs]
    common = shapely.area(shapely.intersection(of[first], of[second]))
    share = common / np.minimum(shapely.area(of[first]), shapely.area(of[second]))
    for i in np.flatnonzero(share > limits["overlap_share"]):
        value = f"{_called(layer, rows[first[i]])}, {share[i]:.1%}"
        yield _about(layer, file, rows[second[i]], "geometry_overlap", FLAG, value=value)


def _gaps(
    ground: Geometry,
    layer: Layer,
    file: str,
    shapes: np.ndarray,
    local: Local,
    limits: Mapping[str, float],
) -> Iterator[Finding]:
    """Towns (without towns: the district) that the layer leaves open in part."""
    towns = ground.towns if len(ground.towns) else ground.layers["boundaries"].of_level("county")
    if not len(towns):
        return
    within = local.metres(towns.shapes)
    area = shapely.area(within)
    open_ = shapely.area(shapely.difference(within, shapely.union_all(shapes)))
    for i in np.flatnonzero(open_ > limits["gap_share"] * area):
        yield Finding(
            file,
            "geometry_gap",
            FLAG,
            value=f"{open_[i] / area[i]:.1%}, {open_[i] / 1e6:.2f} km²",
            code=_text(towns.frame["code"].iloc[i]),
            name=_text(towns.frame["name"].iloc[i]),
        )


def _outside(
    layer: Layer, file: str, shapes: np.ndarray, county: shapely.Geometry, limits: Mapping[str, float]
) -> Iterator[Finding]:
    shapely.prepare(county)
    doubtful = np.flatnonzero(~shapely.covers(county, shapes))
    if layer.name == "roads":
        far = shapely.distance(shapes[doubtful], county)
        for row, metres in zip(doubtful, far, strict=True):
            if metres > limits["road_margin_m"]:
                yield _about(layer, file, row, "geometry_outside", FLAG, value=f"{metres / 1000:.1f} km")
        return
    beyond = shapely.area(shapely.difference(shapes[doubtful], county)) / shapely.area(shapes[doubtful])
    for row, share in zip(doubtful, beyond, strict=True):
        if share > limits["outside_share"]:
            yield _about(layer, file, row, "geometry_outside", FLAG, value=f"{share:.1%}")


def _parents(
    ground: Geometry,
    layer: Layer,
    file: str,
    shapes: np.ndarray,
    local: Local,
    limits: Mapping[str, float],
) -> Iterator[Finding]:
    """Features whose parent is not there, or that lie elsewhere than in it."""
    if layer.name not in ("villages", "grids", "built"):
        return
    above = [ground.layers["boundaries"], *([ground.layers["villages"]] if layer.name != "villages" else [])]
    known: dict[str, tuple[Layer, int, shapely.Geometry]] = {}
    for parent in above:
        for at, around in enumerate(local.metres(parent.shapes)):
            known[parent.frame["code"].iloc[at]] = (parent, at, around)
    if not known:
        return
    for row, code in enumerate(layer.frame["parent_code"].tolist()):
        if pd.isna(code):
            continue
        if code not in known:
            yield _about(layer, file, row, "geometry_parent_unknown", FLAG, "parent_code", code)
        else:
            parent, at, around = known[code]
            inside = shapely.area(shapely.intersection(shapes[row], around)) / shapely.area(shapes[row])
            if inside < limits["parent_share"]:
                value = f"{_called(parent, at)}, {inside:.0%}"
                yield _about(layer, file, row, "geometry_parent_differs", FLAG, "parent_code", value)


def _datum(
    layer: Layer,
    file: str,
    shapes: np.ndarray,
    county: shapely.Geometry,
    local: Local,
    limits: Mapping[str, float],
) -> Iterator[Finding]:
    """The layer fits the district far better in another coordinate system: one of the two is named wrongly."""
    # Thinned first: a union of a few hundred finely drawn villages takes seconds, and is shifted four times.
    whole = shapely.union_all(shapely.buffer(shapely.simplify(shapes, _ROUGH_M), _ROUGH_M, quad_segs=1))
    whole = shapely.buffer(whole, -_ROUGH_M, quad_segs=1)
    area = shapely.area(county)

    def misfit(shape: shapely.Geometry) -> float:
        return shapely.area(shapely.symmetric_difference(shape, county)) / area

    as_given = misfit(whole)
    if as_given < limits["datum_share"] or shapely.area(whole) < 0.8 * area:
        return
    fits = []
    for convert in (to_wgs84, from_wgs84):
        for datum in ("GCJ02", "BD09"):
            moved = shapely.transform(
                whole,
                lambda xy, convert=convert, datum=datum: (
                    np.column_stack(convert(xy[:, 0] / local.east, xy[:, 1] / local.north, datum))
                    * (local.east, local.north)
                ),
            )
            fits.append((misfit(moved), datum, convert is to_wgs84))
    best, datum, is_layer = min(fits)
    if best * limits["datum_gain"] < as_given:
        about = file if is_layer else "boundaries"
        yield Finding(file, "geometry_datum", FLAG, value=f"{about}: {datum} ({as_given:.1%} → {best:.1%})")


def _about(
    layer: Layer,
    file: str,
    row: int,
    rule: str,
    severity: str,
    field: str | None = None,
    value: str | None = None,
) -> Finding:
    one = layer.frame.iloc[int(row)]
    return Finding(
        file, rule, severity, int(one["feature"]), field, value, _text(one["code"]), _text(one["name"])
    )


def _called(layer: Layer, row: int) -> str:
    one = layer.frame.iloc[int(row)]
    return _text(one["name"]) or _text(one["code"]) or f"#{one['feature']}"


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)
