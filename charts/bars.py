"""Units side by side: sorted bars, coloured by judgement, with the target."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from charts.look import colours, layout
from metrics.card import Card
from metrics.units import is_missing, number, scaled, show

_ROW = 27  # pixels a bar


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
    labels = [
        f"{shapes[j] + ' ' if j != 'none' else ''}{number(v, card.unit)}{'' if s == 'ok' else ' ' + words['part']}"
        for j, v, s in zip(rows["judgement"], rows["value"], rows["status"], strict=True)
    ]
    y = list(range(len(rows)))
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values,
            "y": y,
            "marker": {"color": [_colour(row, c) for row in rows.itertuples()]},
            "text": labels,
            "textposition": "inside",
            "insidetextanchor": "start",  # at the base, where the target line never runs through it
            "constraintext": "none",
            "textangle": 0,  # a short bar would turn its number
            "textfont": {"color": c["paper"], "size": 12},
            "customdata": [
                [names[u], show(v, card.unit, language), words[j]]
                for u, v, j in zip(rows["unit"], rows["value"], rows["judgement"], strict=True)
            ],
            "hovertemplate": "%{customdata[0]}<br>%{customdata[1]} %{customdata[2]}<extra></extra>",
        }
    ]
    targets = rows["target"].dropna().unique()
    highest = max([*values, *(scaled(t, card.unit) for t in targets), 0])
    shapes_drawn, notes = [], []
    if len(targets) == 1 and not is_missing(targets[0]):
        at = scaled(targets[0], card.unit)
        line = {"color": c["target"], "width": 1.2, "dash": "dash"}
        shapes_drawn.append(
            {"type": "line", "x0": at, "x1": at, "y0": -0.6, "y1": len(y) - 0.4, "line": line}
        )
        notes.append(
            {
                "x": at,
                "xanchor": "right" if at > 0.75 * highest else "center",  # not over the edge
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "text": f"{words['target']} {show(targets[0], card.unit, language)}",
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
            xaxis={"range": [0, highest * 1.06 or 1], "showticklabels": False, "showgrid": False},
            yaxis={
                "tickvals": y,
                "ticktext": [names[u] for u in rows["unit"]],
                "automargin": True,
                "showgrid": False,
                "range": [-0.6, max(1, len(y)) - 0.4],
            },
        ),
    }


def _colour(row, c: Mapping[str, str]) -> str:
    """By judgement; a whole figure of which nothing is asked is a plain line's colour, a part is grey."""
    return c["line"] if row.judgement == "none" and row.status == "ok" else c[row.judgement]
