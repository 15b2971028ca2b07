"""The layers of the map, from below to above: cells, the bureau's own lines, what is chosen, names, units.

A row of a layer holds its place, what it is called by, and the few words under the pointer; what all rows share
(colour, size, words around the numbers) is said once. So fifty thousand cells stay a few megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pydeck as pdk
from pydeck.types import String

from charts.grid import Colour, map_deck
from charts.grid_view import ring_of
from charts.ground_lines import line_layer
from charts.look import FONT, colours
from metrics.coverage import corners
from metrics.coverage.lattice import Lattice

MOST_NAMES = 60
NOTHING, HIDDEN, UNKNOWN = -1, -2, -3  # classes of cells that have no colour of their own
GREYS: dict[int, tuple[Colour, int]] = {  # and their opacity
    NOTHING: ((150, 158, 168), 60),
    HIDDEN: ((120, 126, 140), 150),
    UNKNOWN: ((150, 158, 168), 110),
}
_OPACITY = 225
_GAPS_BELOW = 6_000  # cells: with more of them they are too small to be told apart by a gap
_LINES = {  # layer: (name of the colour, width in pixels, opacity)
    "villages": ("muted", 0.6, 90),
    "grids": ("muted", 0.4, 110),
    "roads": ("course", 1.2, 130),
    "town": ("muted", 1.4, 200),
    "county": ("ink", 2.4, 220),
}
_UNIT_SIZES = {"centre": 7, "station": 4.5}
_SMALLEST_UNIT = 3.5
_LIFTED = 14  # pixels from a unit to its name
_WEIGHTIEST = 900


def grid_map(
    cells: pd.DataFrame,
    lattice: Lattice,
    shades: Sequence[Colour],
    units: pd.DataFrame,
    names: pd.DataFrame,
    ground: pd.DataFrame,
    view: pdk.ViewState,
    words: Mapping[str, str],
    dark: bool,
    chosen: str | None = None,
    chosen_unit: int | None = None,
) -> pdk.Deck:
    """Cells in the colours of their classes, own lines, units, names.

    cells   cell, column, row, class (a place in ``shades``, or NOTHING, HIDDEN, UNKNOWN), and what stands under the
            pointer: head, value (text), people, metres (floats, NaN: not known)
    units   unit, kind, lon, lat, name, about (a line of words), mark (bool: drawn as one to look at)
    names   lon, lat, name, size (pixels), below (bool: written at the point, not above it), weight (the largest is kept)
    ground  rows of ``published.ground``: only lines are drawn
    words   value, people, metres: what the numbers under the pointer are called
    chosen  a cell that is outlined; chosen_unit: a unit that is
    """
    c = colours(dark)
    mark = (
        f"/{chosen or ''}/{chosen_unit or ''}"  # other names of layers: the browser forgets what was clicked
    )
    layers = [
        *_cells(cells, lattice, shades, mark),
        *_lines(ground, c),
        *_chosen(cells, lattice, chosen, c),
        *_names(names, c),
        *_units(units, chosen_unit, mark, c),
    ]
    return map_deck(layers, view, {"html": _tooltip(words)})


def _tooltip(words: Mapping[str, str]) -> str:
    """Rows of cells have no ``only``, which leaves a style that no browser knows: shown. Units have it."""
    pairs = "<br>".join(
        f"{words[name]}{{{key}}}" for name, key in (("value", "v"), ("people", "n"), ("metres", "d"))
    )
    return (
        "<b>{h}</b>"
        f"<div style='display:{{cells}}'>{pairs}</div>"
        "<div style='display:none;display:{units}'>{s}</div>"
    )


def _cells(cells: pd.DataFrame, lattice: Lattice, shades: Sequence[Colour], mark: str) -> list[pdk.Layer]:
    lon, lat = lattice.centre(cells["column"].to_numpy(), cells["row"].to_numpy())
    rows = pd.DataFrame(
        {
            "lon": np.round(lon, 5),
            "lat": np.round(lat, 5),
            "c": cells["cell"].to_numpy(),
            "h": cells["head"].to_numpy(),
            "v": cells["value"].to_numpy(),
            "n": _whole(cells["people"]),
            "d": _whole(cells["metres"]),
        }
    )
    gap = 0.94 if len(cells) < _GAPS_BELOW else 1.0
    ring = ring_of(lattice, gap)
    layers = []
    classes = cells["class"].to_numpy()
    for one in np.unique(classes):
        colour, opacity = GREYS[int(one)] if one < 0 else (shades[int(one)], _OPACITY)
        layers.append(
            pdk.Layer(
                "SolidPolygonLayer",
                data=_records(rows[classes == one]),
                id=f"cells{int(one)}{mark}",
                get_polygon=ring,
                extruded=False,
                material=False,
                get_fill_color=[*colour, opacity],
                pickable=True,
                auto_highlight=True,
            )
        )
    return layers


def _records(rows: pd.DataFrame) -> list[dict]:
    columns = [rows[name].tolist() for name in ("lon", "lat", "c", "h", "v", "n", "d")]
    return [
        {"p": [lon, lat], "c": cell, "h": head, "v": value, "n": people, "d": metres}
        for lon, lat, cell, head, value, people, metres in zip(*columns, strict=True)
    ]


def _whole(values: pd.Series) -> list[int | str]:
    return ["—" if value != value else round(value) for value in values.astype("Float64").astype(float)]


def _lines(ground: pd.DataFrame, c: Mapping[str, str]) -> list[pdk.Layer]:
    kind = ground["level"].where(ground["layer"] == "boundaries", ground["layer"])
    layers = []
    for name, (colour, width, opacity) in _LINES.items():
        shapes = ground.loc[kind == name, "shape"]
        if len(shapes):
            layers.append(line_layer(shapes, f"line_{name}", [*_rgb(c[colour]), opacity], width))
    return layers


def _chosen(
    cells: pd.DataFrame, lattice: Lattice, chosen: str | None, c: Mapping[str, str]
) -> list[pdk.Layer]:
    found = cells[cells["cell"] == chosen]
    if found.empty:
        return []
    return [
        pdk.Layer(
            "PolygonLayer",
            data=[{"g": np.round(corners(found, lattice)[0], 6).tolist()}],
            id="chosen",
            get_polygon="g",
            filled=False,
            stroked=True,
            get_line_color=_rgb(c["ink"]),
            line_width_min_pixels=3,
            pickable=False,
        )
    ]


def _units(units: pd.DataFrame, chosen: int | None, mark: str, c: Mapping[str, str]) -> list[pdk.Layer]:
    placed = units[units["lon"].notna() & units["lat"].notna()]
    rows = [
        {
            "p": [round(row.lon, 5), round(row.lat, 5)],
            "u": int(row.unit),
            "r": _UNIT_SIZES.get(row.kind, _SMALLEST_UNIT),
            "f": _rgb(c["below" if row.mark else "line"]),
            "l": _rgb(c["ink" if row.unit == chosen else "paper"]),
            "w": 3 if row.unit == chosen else 1.2,
            "h": row.name,
            "s": row.about,
            "cells": "none",
            "units": "block",
        }
        for row in placed.itertuples(index=False)
    ]
    return [
        pdk.Layer(
            "ScatterplotLayer",
            data=rows,
            id=f"units{mark}",
            get_position="p",
            get_radius="r",
            radius_units=String("pixels"),
            get_fill_color="f",
            get_line_color="l",
            get_line_width="w",
            line_width_units=String("pixels"),
            stroked=True,
            pickable=True,
        )
    ]


def _names(names: pd.DataFrame, c: Mapping[str, str]) -> list[pdk.Layer]:
    """Names that give way to weightier ones where they would lie over each other, also after zooming."""
    kept = names.nlargest(MOST_NAMES, "weight")
    # Of close priorities the browser cannot tell which is the higher one.
    weights = np.linspace(_WEIGHTIEST, -_WEIGHTIEST, len(kept))  # none of no names, the first of one
    layers = []
    for below in (True, False):
        rows = [
            {
                "p": [round(row.lon, 5), round(row.lat, 5)],
                "t": row.name,
                "z": row.size,
                "w": round(float(weight)),
            }
            for row, weight in zip(kept.itertuples(index=False), weights, strict=True)
            if row.below == below
        ]
        if rows:
            layers.append(
                pdk.Layer(
                    "TextLayer",
                    data=rows,
                    id="names_below" if below else "names_above",
                    get_position="p",
                    get_text="t",
                    get_size="z",
                    get_pixel_offset=[0, 0] if below else [0, -_LIFTED],
                    get_color=_rgb(c["muted" if below else "ink"]),
                    background=True,
                    get_background_color=[*_rgb(c["paper"]), 170],
                    # Whether a name is free is looked up at its point, which its background must cover.
                    background_padding=[3, 1, 3, 1 if below else _LIFTED],
                    character_set=String("auto"),
                    font_family=String(FONT),
                    extensions=[{"@@type": "CollisionFilterExtension"}],
                    get_collision_priority="w",
                    pickable=False,
                )
            )
    return layers


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
