"""The grid map: own cells, no base map, nothing from outside.

``map_deck`` is the one place where a deck is made, because only one combination of arguments
fetches nothing: ``map_provider=None`` and no ``map_style`` at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
import pydeck as pdk
from pydeck.types import String

from charts.look import FONT, colours

HEIGHT = 540  # pixels
_ROOM = 0.92  # of the map's side that the cells fill
MODES = ("metres", "beyond", "people", "people_65", "contracted")

# From light to dark; the first class is the best where a distance is shown.
_SEQUENTIAL = ((224, 236, 244), (158, 188, 218), (107, 142, 190), (63, 96, 153), (30, 58, 110))
_SEQUENTIAL_DARK = ((38, 54, 74), (49, 83, 122), (66, 116, 165), (104, 154, 204), (164, 203, 240))
_DISTANCE = ((84, 160, 124), (170, 205, 150), (246, 214, 128), (232, 146, 92), (190, 62, 48))
_NONE = (150, 158, 168)


class OutsideError(ValueError):
    """A deck that would fetch something from the network."""


def map_deck(layers: Sequence[pdk.Layer], view: pdk.ViewState, tooltip: dict) -> pdk.Deck:
    """A deck that draws from its own data alone. Raises OutsideError when anything in it is remote."""
    deck = pdk.Deck(layers=list(layers), initial_view_state=view, map_provider=None, tooltip=tooltip)
    if "http" in deck.to_json().lower():
        raise OutsideError("the map holds an address of another machine")
    return deck


def classes(mode: str, values: pd.Series, rule_metres: int) -> list[float]:
    """Upper limits of the first four of five classes, whole numbers that people can read."""
    if mode == "metres":
        return [rule_metres / 4, rule_metres / 2, rule_metres, rule_metres * 1.5]
    if mode == "contracted":
        return [0.2, 0.4, 0.6, 0.8]
    known = values[values > 0]
    if known.empty:
        return [1, 2, 3, 4]
    return _distinct([_round(float(known.quantile(q))) for q in (0.3, 0.6, 0.8, 0.93)])


def values_of(cells: pd.DataFrame, mode: str) -> pd.Series:
    """What a mode colours by; NaN where a cell has nothing to show."""
    if mode == "beyond":
        return cells["people"].where(~cells["within"].fillna(True).astype(bool), 0).astype(float)
    if mode == "contracted":
        return (cells["contracted"] / cells["people"].where(cells["people"] > 0)).astype(float)
    return cells[mode].astype(float)


def palette(mode: str, dark: bool) -> list[tuple[int, int, int]]:
    """Five colours, in the order of the classes."""
    if mode in ("metres", "beyond"):
        return list(_DISTANCE)
    return list(_SEQUENTIAL_DARK if dark else _SEQUENTIAL)


def grid_map(
    cells: pd.DataFrame,
    units: pd.DataFrame,
    mode: str,
    limits: Sequence[float],
    tips: Mapping[int, str],
    unit_tips: Mapping[int, str],
    labels: Mapping[int, str],
    dark: bool,
    chosen: int | None = None,
    width: int = 860,
    height: int = HEIGHT,
) -> pdk.Deck:
    """Cells coloured by a mode, units as points, names of the larger units.

    tips, unit_tips  ready text of each cell and unit, escaped by the map itself
    labels           short names of the units that are written on the map
    chosen           a cell that is outlined
    width, height    pixels that the map has on the page, more or less
    """
    c = colours(dark)
    shown = pd.DataFrame(
        {
            "cell": cells["cell"].astype(int),
            "polygon": [
                [[r.west, r.south], [r.east, r.south], [r.east, r.north], [r.west, r.north]]
                for r in cells.itertuples()
            ],
            "color": _colour(values_of(cells, mode), limits, palette(mode, dark), mode),
            "tip": [tips[cell] for cell in cells["cell"]],
        }
    )
    layers = [
        pdk.Layer(
            "PolygonLayer",
            data=shown,
            id="cells",
            get_polygon="polygon",
            get_fill_color="color",
            get_line_color=_rgb(c["paper"]),
            line_width_min_pixels=0.5,
            stroked=True,
            pickable=True,
            auto_highlight=True,
        )
    ]
    if chosen is not None and chosen in set(shown["cell"]):
        layers.append(
            pdk.Layer(
                "PolygonLayer",
                data=shown[shown["cell"] == chosen],
                id="chosen",
                get_polygon="polygon",
                filled=False,
                get_line_color=_rgb(c["ink"]),
                line_width_min_pixels=3,
            )
        )
    layers += _unit_layers(units, unit_tips, labels, c)
    return map_deck(
        layers, map_view(cells, width, height), {"html": "<div style='white-space:pre-line'>{tip}</div>"}
    )


def _unit_layers(
    units: pd.DataFrame, tips: Mapping[int, str], labels: Mapping[int, str], c: Mapping[str, str]
) -> list[pdk.Layer]:
    placed = units[units["lon"].notna() & units["lat"].notna() & (units["kind"] != "bureau")]
    points = pd.DataFrame(
        {
            "unit": placed["unit"].astype(int),
            "at": [[r.lon, r.lat] for r in placed.itertuples()],
            "size": [7 if kind == "centre" else 4 for kind in placed["kind"]],
            "name": [labels.get(unit, "") for unit in placed["unit"]],
            "tip": [tips[unit] for unit in placed["unit"]],
        }
    )
    named = points[points["name"] != ""]
    common = {"get_position": "at"}
    return [
        pdk.Layer(
            "ScatterplotLayer",
            data=points,
            id="units",
            get_radius="size",
            radius_units=String("pixels"),
            get_fill_color=_rgb(c["line"]),
            get_line_color=_rgb(c["paper"]),
            stroked=True,
            line_width_min_pixels=1.5,
            pickable=True,
            **common,
        ),
        pdk.Layer(
            "TextLayer",
            data=named,
            id="names",
            get_text="name",
            get_size=13,
            get_color=_rgb(c["ink"]),
            get_pixel_offset=[0, -16],
            background=True,
            get_background_color=[*_rgb(c["paper"]), 205],
            background_padding=[3, 1],
            character_set=String("auto"),
            font_family=String(FONT),
            **common,
        ),
    ]


def _colour(values: pd.Series, limits: Sequence[float], shades, mode: str) -> list[list[int]]:
    out = []
    for value in values:
        if pd.isna(value) or (mode == "beyond" and value == 0):
            out.append([*_NONE, 70])
        else:
            out.append([*shades[sum(value > limit for limit in limits)], 225])
    return out


def map_view(cells: pd.DataFrame, width: int, height: int = HEIGHT) -> pdk.ViewState:
    """The view that holds every cell, in a map of the given width and height in pixels."""
    west, east = float(cells["west"].min()), float(cells["east"].max())
    south, north = float(cells["south"].min()), float(cells["north"].max())
    middle = (south + north) / 2
    # At zoom z the world is 512 * 2**z pixels wide; a degree of latitude is longer by 1/cos(latitude).
    tall = (north - south) / math.cos(math.radians(middle))
    fits = min(width * _ROOM / max(east - west, 1e-4), height * _ROOM / max(tall, 1e-4))
    return pdk.ViewState(
        longitude=(west + east) / 2, latitude=middle, zoom=math.log2(fits * 360 / 512), pitch=0, bearing=0
    )


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _round(value: float) -> float:
    """To a number that people can read: two leading digits."""
    size = 10 ** max(0, len(str(int(value))) - 2)
    return float(max(1, round(value / size) * size))


def _distinct(limits: list[float]) -> list[float]:
    """The same limits, each larger than the one before."""
    out: list[float] = []
    for limit in limits:
        out.append(max(limit, out[-1] + 1) if out else limit)
    return out
