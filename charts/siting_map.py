"""The map of a proposal: whom new sites win, who is still beyond the rule, what opens, what closes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pydeck as pdk
import shapely
from pydeck.types import String

from charts.cell_layer import cell_layer, places_of
from charts.grid import Colour, map_deck
from charts.grid_view import Bounds, bounds_of
from charts.ground_lines import line_layer
from charts.line_styles import LINES
from charts.look import FONT, colours, rgb
from metrics.coverage.lattice import Lattice

STATES = ("within", "beyond", "lost", "won")  # from below to above
_COLOURS: dict[str, tuple[Colour, int]] = {
    "within": ((140, 152, 166), 70),
    "beyond": ((232, 146, 92), 215),
    "lost": ((150, 60, 140), 230),
    "won": ((24, 132, 96), 235),
}
_COLOURS_DARK = {**_COLOURS, "won": ((79, 200, 150), 235), "lost": ((214, 120, 204), 230)}
BORDERS = ("town", "county")  # of the bureau's own lines these are drawn


def state_colours(dark: bool) -> dict[str, str]:
    """The colours of STATES as "rgba(...)", for a legend."""
    known = _COLOURS_DARK if dark else _COLOURS
    return {state: f"rgba({r},{g},{b},{opacity / 255:.2f})" for state, ((r, g, b), opacity) in known.items()}


def land(cells: pd.DataFrame, lattice: Lattice, ground: pd.DataFrame) -> Bounds:
    """What the map must hold: the county where its border is known, else the cells."""
    west, south, east, north = bounds_of(cells, lattice)
    county = ground.loc[(ground["layer"] == "boundaries") & (ground["level"] == "county"), "shape"]
    for low_x, low_y, high_x, high_y in shapely.bounds(shapely.from_geojson(county.to_numpy(object))):
        west, south, east, north = min(west, low_x), min(south, low_y), max(east, high_x), max(north, high_y)
    return float(west), float(south), float(east), float(north)


def siting_map(
    cells: pd.DataFrame,
    lattice: Lattice,
    units: pd.DataFrame,
    sites: pd.DataFrame,
    ground: pd.DataFrame,
    view: pdk.ViewState,
    rule_m: float,
    dark: bool,
) -> pdk.Deck:
    """Cells by state, borders, units, sites with the circle of the rule around them.

    cells   cell, column, row, state (STATES), tip (ready text, escaped by the map itself)
    units   unit, lon, lat, kind, name, tip, closes (bool): those that close are crossed out and named
    sites   lon, lat, name, tip: where something opens
    ground  rows of ``published.ground``: borders of the county and its towns are drawn
    """
    c = colours(dark)
    layers = [
        *_cells(cells, lattice, dark),
        *_borders(ground, c),
        *_units(units[~units["closes"]], c),
        *_closing(units[units["closes"]], c),
        *_sites(sites, rule_m, c),
    ]
    return map_deck(layers, view, {"html": "<div style='white-space:pre-line'>{tip}</div>"})


def _cells(cells: pd.DataFrame, lattice: Lattice, dark: bool) -> list[pdk.Layer]:
    by_state: dict[str, list[dict]] = {state: [] for state in STATES}
    for place, cell, tip, state in zip(
        places_of(cells, lattice), cells["cell"], cells["tip"], cells["state"], strict=True
    ):
        by_state[state].append({"p": place, "c": cell, "tip": tip})
    shades = _COLOURS_DARK if dark else _COLOURS
    return [
        cell_layer(rows, lattice, f"cells_{state}", [*shades[state][0], shades[state][1]])
        for state, rows in by_state.items()
        if rows
    ]


def _borders(ground: pd.DataFrame, c: Mapping[str, str]) -> list[pdk.Layer]:
    layers = []
    for level in BORDERS:
        colour, width, opacity = LINES[level]
        shapes = ground.loc[(ground["layer"] == "boundaries") & (ground["level"] == level), "shape"]
        if len(shapes):
            layers.append(line_layer(shapes, f"border_{level}", [*rgb(c[colour]), opacity], width))
    return layers


def _units(units: pd.DataFrame, c: Mapping[str, str]) -> list[pdk.Layer]:
    rows = [
        {"p": [round(row.lon, 5), round(row.lat, 5)], "r": 6 if row.kind == "centre" else 4, "tip": row.tip}
        for row in units.itertuples(index=False)
    ]
    return [_dots(rows, "units", rgb(c["line"]), rgb(c["paper"]), 1.2)] if rows else []


def _closing(units: pd.DataFrame, c: Mapping[str, str]) -> list[pdk.Layer]:
    rows = [
        {"p": [round(row.lon, 5), round(row.lat, 5)], "r": 8, "tip": row.tip, "t": "✕", "n": row.name}
        for row in units.itertuples(index=False)
    ]
    if not rows:
        return []
    dots = _dots(rows, "closing", [*rgb(c["paper"]), 230], rgb(c["below"]), 2)
    return [dots, _text(rows, "closing_mark", "t", 13, c["below"], c), _labels(rows, "closing_names", c)]


def _sites(sites: pd.DataFrame, rule_m: float, c: Mapping[str, str]) -> list[pdk.Layer]:
    rows = [
        {"p": [round(row.lon, 5), round(row.lat, 5)], "r": 10, "tip": row.tip, "t": "★", "n": row.name}
        for row in sites.itertuples(index=False)
    ]
    if not rows:
        return []
    circle = pdk.Layer(
        "ScatterplotLayer",
        data=rows,
        id="reach",
        get_position="p",
        get_radius=rule_m,
        filled=False,
        stroked=True,
        get_line_color=[*rgb(c["ink"]), 190],
        get_line_width=1.4,
        line_width_units=String("pixels"),
        pickable=False,
    )
    dots = _dots(rows, "sites", [*rgb(c["paper"]), 240], rgb(c["ink"]), 1.6)
    return [circle, dots, _text(rows, "stars", "t", 17, c["below"], c), _labels(rows, "site_names", c)]


def _dots(rows: list[dict], name: str, fill: list[int], line: list[int], width: float) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        data=rows,
        id=name,
        get_position="p",
        get_radius="r",
        radius_units=String("pixels"),
        get_fill_color=fill,
        get_line_color=line,
        get_line_width=width,
        line_width_units=String("pixels"),
        stroked=True,
        pickable=True,
    )


def _text(rows: list[dict], name: str, of: str, size: int, colour: str, c: Mapping[str, str]) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        data=rows,
        id=name,
        get_position="p",
        get_text=of,
        get_size=size,
        get_color=rgb(colour),
        character_set=String("auto"),
        font_family=String(FONT),
        pickable=False,
    )


def _labels(rows: list[dict], name: str, c: Mapping[str, str]) -> pdk.Layer:
    """Names above their marks: a dozen at most."""
    return pdk.Layer(
        "TextLayer",
        data=rows,
        id=name,
        get_position="p",
        get_text="n",
        get_size=13,
        get_pixel_offset=[0, -20],
        get_color=rgb(c["ink"]),
        background=True,
        get_background_color=[*rgb(c["paper"]), 215],
        background_padding=[3, 1],
        character_set=String("auto"),
        font_family=String(FONT),
        pickable=False,
    )
