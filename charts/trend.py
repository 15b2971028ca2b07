"""A figure month by month: this year's line, last year's, and the target."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pandas as pd

from charts.look import colours, layout
from metrics.card import Card
from metrics.units import is_missing, scaled, show


def trend(
    course: pd.DataFrame,
    card: Card,
    words: Mapping[str, str],
    language: str,
    month_name: Callable[[int], str],
    dark: bool,
    until: int,
    ticks: int = 12,
) -> dict:
    """A plotly figure of a frame of ``figures.course``; the month ``until`` is marked.

    ``ticks`` is how many months may be named below. words: value, last_year, target. Months without a figure are gaps in the line; a figure
    that is only part is an open mark.
    """
    c = colours(dark)
    months = list(range(int(course["month"].min()), int(course["month"].max()) + 1))
    rows = course.set_index("month").reindex(months)
    x = [f"{m // 12}-{m % 12 + 1:02}-01" for m in months]

    def numbers(values) -> list[float | None]:
        return [None if is_missing(v) else round(scaled(v, card.unit), 4) for v in values]

    def texts(values) -> list[str]:
        return [show(v, card.unit, language) for v in values]

    def line(name: str, column: str, style: dict, **more) -> dict:
        values = rows[column]
        return {
            "type": "scatter",
            "mode": "lines",
            "name": words[name],
            "x": x,
            "y": numbers(values),
            "text": texts(values),
            "hovertemplate": f"{words[name]} %{{text}}<extra></extra>",
            "line": style,
            **more,
        }

    part = rows["status"] == "part"
    marks = {
        "mode": "lines+markers",
        "marker": {
            "size": [9 if m == until else 6 if p else 4 for m, p in zip(months, part, strict=True)],
            "color": [c["paper"] if p else c["line"] for p in part],
            "line": {"color": c["line"], "width": 1.5},
        },
    }
    traces = [
        line("last_year", "last_year", {"color": c["before"], "width": 1.8, "dash": "dot"}),
        line("target", "target", {"color": c["target"], "width": 1.2, "dash": "dash", "shape": "hv"}),
        line("value", "value", {"color": c["line"], "width": 2.6}, **marks),
    ]
    traces = [t for t in traces if any(v is not None for v in t["y"])]
    return {
        "data": traces,
        "layout": layout(
            dark,
            330,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.14, "font": {"size": 12}},
            margin={"l": 56, "r": 16, "t": 36, "b": 40},
            xaxis={
                "type": "date",
                "tickvals": x[:: max(1, math.ceil(len(x) / ticks))],
                "ticktext": [month_name(m) for m in months][:: max(1, math.ceil(len(x) / ticks))],
                "showgrid": False,
                "tickangle": 0,
                "hoverformat": "%Y-%m",
            },
            yaxis={
                "ticksuffix": "%" if card.unit.value == "percent" else "",
                "tickformat": ",~r",
                "nticks": 6,
            },
        ),
    }
