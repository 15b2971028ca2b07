"""The legend's entries of the bureau's own lines: borders and roads that a map draws, and no others."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from charts.line_styles import LINES, drawn, line_css
from pages._html import esc, tag
from pages._page import Here


def line_entries(here: Here, ground: pd.DataFrame, names: Iterable[str] = LINES) -> list[str]:
    """An entry for each of ``names`` (of ``charts.line_styles.LINES``) that the ground has, the strongest line first."""
    return [
        tag(
            "span",
            tag("i", css="line", style=f"border-top: {line_css(name, here.dark)}"),
            esc(here.text(f"map.lines.{name}")),
        )
        for name in drawn(ground, names)
    ]
