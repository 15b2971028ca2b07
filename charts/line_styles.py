"""How the bureau's own lines look on every map, and which of them a map draws: its legend names these alone."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from charts.look import colours

#: Layer, from below to above: (name of the colour in ``charts.look``, width in pixels, opacity).
LINES = {
    "villages": ("muted", 0.6, 90),
    "grids": ("muted", 0.4, 110),
    "roads": ("road", 1.1, 190),
    "town": ("muted", 1.4, 200),
    "county": ("ink", 2.4, 220),
}
_THINNEST = 1.0  # pixels of a line in a legend


def kinds_of(ground: pd.DataFrame) -> pd.Series:
    """What each row of ``published.ground`` is drawn as: its layer, of borders their level."""
    return ground["level"].where(ground["layer"] == "boundaries", ground["layer"])


def drawn(ground: pd.DataFrame, names: Iterable[str] = LINES) -> list[str]:
    """Which of ``names`` the ground has, the strongest line first."""
    there = set(kinds_of(ground))
    return [name for name in reversed(LINES) if name in there and name in set(names)]


def line_css(name: str, dark: bool) -> str:
    """The style of the upper edge of an element that looks like the line."""
    colour, width, opacity = LINES[name]
    red, green, blue = (int(colours(dark)[colour][at : at + 2], 16) for at in (1, 3, 5))
    return f"{max(width, _THINNEST):g}px solid rgba({red},{green},{blue},{opacity / 255:.2f})"
