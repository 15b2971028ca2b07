"""Units side by side: sorted bars, coloured by judgement, with the target."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from charts.look import colours, layout
from metrics.card import Card
from metrics.judgement import missed
from metrics.units import aim, is_missing, number, scaled, show

_ROW = 27  # pixels a bar
_SHORT = 0.3  # of the chart's width: a bar that is shorter cannot hold its number


def bars(
    comparison: pd.DataFrame,
    names: Mapping[int, str],
    card: Card,
    words: Mapping[str, str],
    shapes: Mapping[str, str],
    language: str,
    dark: bool,
) -> dict:
    """A plotly figure of the units of ``figures.comparison`` that have a value, best on top.

    words: target, part and one word a judgement. ``shapes`` stand beside the numbers, so that colour
    is never alone.
    """
    c = colours(dark)
    rows = comparison[comparison["value"].notna()].iloc[::-1]
    values = [scaled(v, card.unit) for v in rows["value"]]
    beside = [missed(row) for row in rows.itertuples()]
    labels = [
        f"{shapes[j] + ' ' if j != 'none' else ''}{number(v, card.unit, beside=b)}"
        + ("" if s == "ok" else f" {words['part']}")
        for j, v, s, b in zip(rows["judgement"], rows["value"], rows["status"], beside, strict=True)
    ]
    y = list(range(len(rows)))
    targets = rows["target"].dropna().unique()
    upper = _upper(rows)
    aims = [scaled(t, card.unit) for t in (*targets, upper) if not is_missing(t)]
    ends = [*values, *aims, 0]
    low, high = min(ends), max(ends)
    reach = (high - low) or 1
    # Where some point left, the target may lie anywhere along them: all numbers stand beside their bars.
    inside = [low == 0 and value >= _SHORT * reach for value in values]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values,
            "y": y,
            "marker": {"color": [_colour(row, c) for row in rows.itertuples()]},
            "text": labels,
            "textposition": ["inside" if fits else "outside" for fits in inside],
            "insidetextanchor": "start",  # at the base, where the target line never runs through it
            "constraintext": "none",
            "cliponaxis": False,
            "textangle": 0,  # a short bar would turn its number
            "textfont": {"color": [c["paper"] if fits else c["ink"] for fits in inside], "size": 12},
            "customdata": [
                [names[u], show(v, card.unit, language, beside=b), words[j]]
                for u, v, j, b in zip(rows["unit"], rows["value"], rows["judgement"], beside, strict=True)
            ],
            "hovertemplate": "%{customdata[0]}<br>%{customdata[1]} %{customdata[2]}<extra></extra>",
        }
    ]
    shapes_drawn, notes = [], []
    if len(targets) == 1 and not is_missing(targets[0]):
        at = aims[0]
        line = {"color": c["target"], "width": 1.2, "dash": "dash"}
        shapes_drawn += [
            {"type": "line", "x0": end, "x1": end, "y0": -0.6, "y1": len(y) - 0.4, "line": line}
            for end in aims
        ]
        notes.append(
            {
                "x": at,
                "xanchor": _anchor((at - low) / reach),
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "text": f"{words['target']} {aim(targets[0], upper, card.unit, language)}",
                "font": {"size": 12, "color": c["muted"]},
            }
        )
    return {
        "data": traces,
        "layout": layout(
            dark,
            max(150, 58 + _ROW * len(y)),
            shapes=shapes_drawn,
            annotations=notes,
            hovermode="closest",
            bargap=0.32,
            margin={"l": 8, "r": 8, "t": 28, "b": 6},
            xaxis={
                # where some point left, a number beside a bar needs room on either side
                "range": [low - 0.2 * reach, high + 0.2 * reach] if low < 0 else [0, high + 0.06 * reach],
                "showticklabels": False,
                "showgrid": False,
            },
            yaxis={
                "tickvals": y,
                "ticktext": [names[u] for u in rows["unit"]],
                "automargin": True,
                "showgrid": False,
                "range": [-0.6, max(1, len(y)) - 0.4],
            },
        ),
    }


def _anchor(place: float) -> str:
    """Which end of the target's words stands at its line, 0 left to 1 right: not over the edge."""
    return "right" if place > 0.75 else "left" if place < 0.25 else "center"


def _upper(rows: pd.DataFrame) -> float:
    """The upper end of the target where it is a range."""
    ends = rows["target_to"].dropna().unique() if "target_to" in rows else []
    return ends[0] if len(ends) == 1 else float("nan")


def _colour(row, c: Mapping[str, str]) -> str:
    """By judgement; a whole figure of which nothing is asked is a plain line's colour, a part is grey."""
    return c["line"] if row.judgement == "none" and row.status == "ok" else c[row.judgement]
