"""Names on a map in the browser: those that have room in its first view.

Chosen here and not in the browser, which would draw every name twice to find out, and where there is no graphics card that
is a second of waiting. Who looks closer finds the names farther apart, never over each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import pydeck as pdk
from pydeck.types import String

from charts.grid_view import pixels_of
from charts.labelling import Wish, placed
from charts.look import FONT, rgb

MOST_NAMES = 60
_GAP = 8  # pixels between a unit and its name
_PAD = 3  # pixels beside a name
_LINE = 1.3  # height of a name, in heights of its letters
_LETTERS = 32  # pixels of the letters that the browser makes ready: enough for the largest on a fine screen


def name_layers(names: pd.DataFrame, view: pdk.ViewState, c: Mapping[str, str]) -> list[pdk.Layer]:
    """One layer of the weightiest names that do not cover each other in ``view``; none where there is none.

    names  lon, lat, name, size (pixels), below (bool: written on its place, not beside it), weight (the largest is kept)
    """
    kept = names.nlargest(MOST_NAMES, "weight")
    if kept.empty:
        return []
    across, down = pixels_of(kept["lon"].to_numpy(float), kept["lat"].to_numpy(float), view)
    # What lies outside of the first view keeps its name: the paper is as wide as all of them.
    room = max(len(name) * size for name, size in zip(kept["name"], kept["size"], strict=True)) + 4 * _GAP
    across, down = across - across.min() + room, down - down.min() + room
    wishes = [
        Wish(x, y, len(row.name) * row.size + 2 * _PAD, row.size * _LINE + 2, None if row.below else _GAP)
        for x, y, row in zip(across, down, kept.itertuples(index=False), strict=True)
    ]
    corners = placed(wishes, float(across.max()) + room, float(down.max()) + room)
    rows = [
        {
            "p": [round(row.lon, 5), round(row.lat, 5)],
            "t": row.name,
            "z": row.size,
            "o": [
                math.floor(corner[0] + wish.width / 2 - wish.x + 0.5),
                math.floor(corner[1] + wish.height / 2 - wish.y + 0.5),
            ],
            "l": rgb(c["muted" if row.below else "ink"]),
        }
        for row, wish, corner in zip(kept.itertuples(index=False), wishes, corners, strict=True)
        if corner is not None
    ]
    return [
        pdk.Layer(
            "TextLayer",
            data=rows,
            id="names",
            get_position="p",
            get_text="t",
            get_size="z",
            get_pixel_offset="o",
            get_color="l",
            background=True,
            get_background_color=[*rgb(c["paper"]), 170],
            background_padding=[_PAD, 1],
            character_set=String("auto"),
            font_family=String(FONT),
            font_settings={"fontSize": _LETTERS},
            pickable=False,
        )
    ]
