"""The map of coverage as shapes with their words: what the map slide and map pictures draw."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from charts import spec
from exports.about import About
from exports.charts import data_date, demo_words
from exports.map_questions import (
    HIDDEN,
    NOTHING,
    UNKNOWN,
    Classes,
    Material,
    classes,
    is_pale,
    title,
    valued,
)
from exports.words import Text
from metrics import coverage
from metrics.coverage import About as Map

_SINGLE_CELLS = 2_500  # up to so many each cell is a shape of its own; more melt into areas of one colour
_MARGIN = 0.02  # of the frame's sides
_WIDER = 2.0  # a district so many times larger than the drawn cells gives the frame; a larger one is cut
_FINEST = 1 / 1500  # of the frame: borders are drawn no finer
_SCALE_SHARE = 0.15  # of the width that the scale takes at most
_SCALES_M = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


class NothingShownError(LookupError):
    """There are no cells, or the value of none of them is known or may be shown."""


class _Frame:
    """From degrees to shares of the map's width and height, from above left."""

    def __init__(self, west: float, south: float, east: float, north: float, of: Map) -> None:
        self.box = shapely.box(west, south, east, north)
        self._west, self._north = west, north
        self._size = east - west, north - south
        metres = of.lattice.plane.degree_m
        self.width_m = self._size[0] * metres[0]
        self.aspect = self.width_m / (self._size[1] * metres[1])
        self.finest = self._size[0] * _FINEST

    @classmethod
    def around(cls, corners: np.ndarray, borders: pd.DataFrame, of: Map) -> _Frame:
        low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
        size = high - low
        if len(borders):
            west, south, east, north = shapely.total_bounds(borders["geometry"].to_numpy())
            both = np.minimum(low, [west, south]), np.maximum(high, [east, north])
            if np.prod(both[1] - both[0]) <= _WIDER * np.prod(size):
                low, high = both
        margin = (high - low) * _MARGIN
        return cls(*(low - margin), *(high + margin), of)

    def path(self, degrees: np.ndarray) -> spec.Path:
        """Corners in degrees, shape (n, 2), as shares."""
        x = (degrees[:, 0] - self._west) / self._size[0]
        y = (self._north - degrees[:, 1]) / self._size[1]
        return tuple(zip(x.tolist(), y.tolist(), strict=True))

    def holds(self, rows: pd.DataFrame) -> np.ndarray:
        return shapely.contains_xy(self.box, rows["lon"].to_numpy(float), rows["lat"].to_numpy(float))


def map_of(
    given: Material,
    question: str,
    units: pd.DataFrame,
    names: Mapping[int, str],
    ground: pd.DataFrame,
    about: About,
    text: Text,
    heading: str,
) -> spec.Shapes:
    """The map of one of ``map_questions.QUESTIONS``.

    units   open units (unit, kind, lon, lat); ``names``: what is written beside centres
    ground  rows of ``coverage.ground`` of the layer "boundaries"

    Raises NothingShownError.
    """
    of, cells = given.of, valued(given, question)
    if not (cells["value"].notna() | cells["hidden"]).any():
        raise NothingShownError(question)
    corners = coverage.corners(cells, of.lattice)
    borders = ground.assign(geometry=[shapely.from_geojson(shape) for shape in ground["shape"]])
    frame = _Frame.around(corners, borders, of)
    made = classes(given, question, cells["value"], text)
    fills = [_fill(question, row, made) for row in cells.itertuples()]
    placed = units.dropna(subset=["lon", "lat"])
    placed = placed[frame.holds(placed) & (placed["kind"] != "bureau").to_numpy()]
    points = tuple(
        spec.Point(x=x, y=y, large=kind == "centre", name=names.get(unit, "") if kind == "centre" else "")
        for (x, y), unit, kind in zip(
            frame.path(placed[["lon", "lat"]].to_numpy(float)), placed["unit"], placed["kind"], strict=True
        )
    )
    asked = title(given, question, text)
    return spec.Shapes(
        caption=spec.Caption(
            title=heading,
            unit=asked,
            source=source_line(of, text),
            date=data_date(about, text),
            note=_note(cells, text),
            demo=demo_words(about, text),
        ),
        aspect=frame.aspect,
        areas=_areas(corners, fills, frame),
        outlined=len(cells) <= _SINGLE_CELLS,
        borders=_borders(borders, frame, text),
        points=points,
        names=_names(borders, frame, {point.name for point in points}),
        legend_title=asked,
        legend=_legend(question, fills, made, text),
        points_word=text("chart.units"),
        cell_words=text(f"map.cell_{of.lattice.kind}", metres=f"{of.lattice.side_m:g}"),
        scale=_scale(frame, text),
    )


def source_line(of: Map, text: Text) -> str:
    """What the map is made from."""
    return text("chart.source", source=text(f"map.source_{of.people_from}"))


def _fill(question: str, row, made: Classes) -> str:
    if row.hidden:
        return HIDDEN
    if math.isnan(row.value):
        return UNKNOWN
    return NOTHING if is_pale(question, row.value) else made.shade(row.value)


def _legend(question: str, fills: list[str], made: Classes, text: Text) -> tuple[tuple[str, str], ...]:
    """All classes; what stands for no value only where there is such a cell."""
    there = set(fills)
    found = list(zip(made.shades, made.words, strict=True))
    if NOTHING in there:
        words = {"change": "map.same", "contract": "map.everyone"}
        nobody = "map.no_one" if question.startswith("beyond") else "map.nobody"
        found.insert(0, (NOTHING, text(words.get(question, nobody))))
    found += [(HIDDEN, text("map.hidden"))] if HIDDEN in there else []
    found += [(UNKNOWN, text("map.unknown"))] if UNKNOWN in there else []
    return tuple(found)


def _note(cells: pd.DataFrame, text: Text) -> str:
    parts = [text("map.estimated")] if cells["estimated"].any() else []
    parts += [text("map.unsure")] if cells["unsure"].any() else []
    return text("chart.and").join(parts)


def _areas(corners: np.ndarray, fills: list[str], frame: _Frame) -> tuple[spec.Area, ...]:
    """The cells by colour, in the order in which colours come up."""
    by_fill = pd.Series(range(len(fills))).groupby(fills, sort=False).indices
    single = len(fills) <= _SINGLE_CELLS
    return tuple(
        spec.Area(
            fill=fill,
            rings=tuple(
                frame.path(ring)
                for ring in (corners[at] if single else _melted(shapely.polygons(corners[at])))
            ),
        )
        for fill, at in by_fill.items()
    )


def _melted(polygons: np.ndarray) -> list[np.ndarray]:
    """The rings of all polygons together; neighbours share their corners to the last digit."""
    whole = shapely.orient_polygons(shapely.get_parts(shapely.union_all(polygons)))
    return [shapely.get_coordinates(ring)[:-1] for one in whole for ring in (one.exterior, *one.interiors)]


def _borders(borders: pd.DataFrame, frame: _Frame, text: Text) -> tuple[spec.Border, ...]:
    """Towns first, so that the district's border lies on theirs."""
    found = []
    for level in ("town", "county"):
        shapes = borders.loc[borders["level"] == level, "geometry"].to_numpy()
        lines = shapely.intersection(shapely.simplify(shapely.boundary(shapes), frame.finest), frame.box)
        paths = [frame.path(shapely.get_coordinates(line)) for line in _lines(lines)]
        if paths:
            words = text(f"map.border_{level}")
            found.append(spec.Border(lines=tuple(paths), strong=level == "county", words=words))
    return tuple(found)


def _lines(geometries: np.ndarray) -> list[shapely.Geometry]:
    parts = shapely.get_parts(shapely.line_merge(geometries))
    parts = shapely.get_parts(parts)  # of collections that a cut has left
    return [one for one in parts if one.geom_type in ("LineString", "LinearRing") and not one.is_empty]


def _names(borders: pd.DataFrame, frame: _Frame, written: set[str]) -> tuple[spec.Name, ...]:
    """Names of towns that no centre's name says already."""
    towns = borders[borders["level"] == "town"]
    towns = towns[frame.holds(towns) & ~towns["name"].isin(written).to_numpy()].dropna(subset=["name"])
    places = frame.path(towns[["lon", "lat"]].to_numpy(float))
    return tuple(spec.Name(x=x, y=y, name=name) for (x, y), name in zip(places, towns["name"], strict=True))


def _scale(frame: _Frame, text: Text) -> tuple[float, str]:
    """The longest round length that the scale's share of the width holds."""
    fitting = [metres for metres in _SCALES_M if metres <= frame.width_m * _SCALE_SHARE]
    metres = fitting[-1] if fitting else _SCALES_M[0]
    said = text("map.km", n=f"{metres / 1000:g}") if metres >= 1000 else f"{metres} {text('chart.m')}"
    return metres / frame.width_m, said
