"""The look of charts: colours by what they mean, fonts, and the layout that every chart starts from.

The layout is explicit and complete: importing streamlit replaces plotly's default template by one
whose colours only a browser can resolve, and an exported picture would be near-black.
"""

from __future__ import annotations

from typing import Any

FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"

_LIGHT = {
    "ink": "#1c2733",
    "muted": "#5a6673",
    "grid": "#e8ecf0",
    "paper": "#ffffff",
    "line": "#1d5a8a",
    "before": "#a9b4bf",
    "target": "#1c2733",
    "above": "#23805a",
    "at": "#23805a",
    "course": "#b7791f",
    "below": "#c4432f",
    "none": "#a9b4bf",
    "road": "#8d80ab",
}
_DARK = {
    "ink": "#e4e9ee",
    "muted": "#a3aeba",
    "grid": "#2a343f",
    "paper": "#12181f",
    "line": "#6fb1e4",
    "before": "#5d6a77",
    "target": "#e4e9ee",
    "above": "#4fbd8f",
    "at": "#4fbd8f",
    "course": "#dba345",
    "below": "#e5705d",
    "none": "#5d6a77",
    "road": "#8a7db3",
}


def colours(dark: bool) -> dict[str, str]:
    """Colours by meaning: ink, muted, grid, paper, line, before, target, the judgements, and road."""
    return _DARK if dark else _LIGHT


def layout(dark: bool, height: int, **more: Any) -> dict[str, Any]:
    """A plotly layout for a chart of the given height in pixels; ``more`` overrides."""
    c = colours(dark)
    axis = {
        "gridcolor": c["grid"],
        "linecolor": c["grid"],
        "zeroline": False,
        "tickfont": {"color": c["muted"], "size": 12},
        "fixedrange": True,  # a page scrolls; a chart does not zoom under the finger
    }
    base = {
        "height": height,
        "font": {"family": FONT, "size": 13, "color": c["ink"]},
        "paper_bgcolor": c["paper"],
        "plot_bgcolor": c["paper"],
        "margin": {"l": 48, "r": 16, "t": 30, "b": 36},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": c["paper"], "bordercolor": c["grid"], "font": {"color": c["ink"]}},
        "template": {"layout": {}},
        "xaxis": dict(axis),
        "yaxis": dict(axis),
    }
    for name in ("xaxis", "yaxis"):
        base[name] |= more.pop(name, {})
    return base | more


def config(filename: str) -> dict[str, Any]:
    """What the chart's own buttons may do: save a picture on this machine, and nothing else."""
    return {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "scale": 3, "filename": filename},
        "modeBarButtonsToRemove": ["sendChartToCloud"],
    }


def rgb(colour: str) -> list[int]:
    """``"#1c2733"`` as red, green and blue, 0 to 255."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
