"""The layers of the map, from below to above: cells, the bureau's own lines, what is chosen, units, names.

A row of a layer holds its place, what it is called by, and the few words under the pointer; what all rows share
(colour, size, words around the numbers) is said once. So fifty thousand cells stay a few megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pydeck as pdk
from pydeck.types import String

from charts.cell_layer import cell_layer, places_of
from charts.grid import Colour, map_deck
from charts.ground_lines import line_layer
from charts.line_styles import LINES, kinds_of
from charts.look import colours, rgb
from charts.map_names import name_layers
from metrics.coverage import corners
from metrics.coverage.lattice import Lattice

NOTHING, HIDDEN, UNKNOWN = -1, -2, -3  # classes of cells that have no colour of their own
GREYS: dict[int, tuple[Colour, int]] = {  # and their opacity
    NOTHING: ((150, 158, 168), 60),
    HIDDEN: ((120, 126, 140), 150),
    UNKNOWN: ((150, 158, 168), 110),
}
_OPACITY = 225
_GAPS_BELOW = 6_000  # cells: with more of them they are too small to be told apart by a gap
_UNIT_SIZES = {"centre": 7, "station": 4.5}
_SMALLEST_UNIT = 3.5


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
    names   see ``name_layers``
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
        *_units(units, chosen_unit, mark, c),
        *name_layers(names, view, c),
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
    columns = (
        places_of(cells, lattice),
        cells["cell"].tolist(),
        cells["head"].tolist(),
        cells["value"].tolist(),
        _whole(cells["people"]),
        _whole(cells["metres"]),
    )
    share = 0.94 if len(cells) < _GAPS_BELOW else 1.0
    by_class: dict[int, list[dict]] = {int(one): [] for one in np.unique(cells["class"])}
    for one, place, cell, head, value, people, metres in zip(
        cells["class"].astype(int).tolist(), *columns, strict=True
    ):
        by_class[one].append({"p": place, "c": cell, "h": head, "v": value, "n": people, "d": metres})
    layers = []
    for one, rows in by_class.items():
        colour, opacity = GREYS[one] if one < 0 else (shades[one], _OPACITY)
        layers.append(cell_layer(rows, lattice, f"cells{one}{mark}", [*colour, opacity], share))
    return layers


def _whole(values: pd.Series) -> list[int | str]:
    return ["—" if value != value else round(value) for value in values.astype("Float64").astype(float)]


def _lines(ground: pd.DataFrame, c: Mapping[str, str]) -> list[pdk.Layer]:
    kind = kinds_of(ground)
    layers = []
    for name, (colour, width, opacity) in LINES.items():
        shapes = ground.loc[kind == name, "shape"]
        if len(shapes):
            layers.append(line_layer(shapes, f"line_{name}", [*rgb(c[colour]), opacity], width))
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
            get_line_color=rgb(c["ink"]),
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
            "f": rgb(c["below" if row.mark else "line"]),
            "l": rgb(c["ink" if row.unit == chosen else "paper"]),
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
