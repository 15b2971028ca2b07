"""A figure month by month: this year's line, last year's, and the target."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from charts.look import colours, layout
from metrics.card import Card
from metrics.units import is_missing, scaled, show

_PLOT = 254  # height of the plot itself in pixels


def trend(
    course: pd.DataFrame,
    card: Card,
    words: Mapping[str, str],
    language: str,
    month_name: Callable[[int], str],
    dark: bool,
    until: int,
    ticks: int = 12,
    changes: Mapping[int, str] = MappingProxyType({}),
) -> dict:
    """A plotly figure of a frame of ``figures.course``; the month ``until`` is marked.

    ``ticks`` is how many months may be named below. words: value, last_year, target. Months without a figure are gaps in the line; a figure
    that is only part is an open mark. changes: month -> words of what is different from then on, each a dashed upright.
    """
    c = colours(dark)
    months = list(range(int(course["month"].min()), int(course["month"].max()) + 1))
    rows = course.set_index("month").reindex(months)
    x = [_day(m) for m in months]

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
    uprights, notes = _changes(changes, months, c)
    room = 20 if notes else 0  # for words between the legend and the plot
    return {
        "data": traces,
        "layout": layout(
            dark,
            330 + room,
            shapes=uprights,
            annotations=notes,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.14 + room / _PLOT, "font": {"size": 12}},
            margin={"l": 56, "r": 16, "t": 36 + room, "b": 40},
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


def _changes(
    changes: Mapping[int, str], months: list[int], c: Mapping[str, str]
) -> tuple[list[dict], list[dict]]:
    """Upright lines with their words, for changes after the first month drawn."""
    lines, notes = [], []
    for month, words in changes.items():
        if not months[0] < month <= months[-1]:
            continue
        late = month - months[0] > len(months) / 2  # words stay within the chart
        place = {"x0": _day(month), "x1": _day(month), "y0": 0, "y1": 1, "yref": "paper"}
        lines.append(
            {"type": "line", **place, "line": {"color": c["muted"], "width": 1.2, "dash": "dashdot"}}
        )
        notes.append(
            {
                "x": _day(month),
                "xanchor": "right" if late else "left",
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "text": words,
                "font": {"size": 12, "color": c["muted"]},
            }
        )
    return lines, notes


def _day(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}-01"
