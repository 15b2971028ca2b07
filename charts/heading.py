"""Where a year-to-date figure is heading: this year so far, then the range until the year's end."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from charts.look import colours, layout, rgb
from metrics.card import Card
from metrics.heading.headings import Heading
from metrics.units import is_missing, scaled, show

_HEIGHT = 280


def heading_chart(
    course: pd.DataFrame,
    found: Heading,
    card: Card,
    target: float,
    words: Mapping[str, str],
    language: str,
    month_name: Callable[[int], str],
    dark: bool,
    narrow: bool = False,
) -> dict:
    """A plotly figure: the year's months, the figure so far, the range ahead as two bands, and the target.

    course   rows of ``figures.course`` of this year's months up to the one in view
    words    value, target, middle, range, outer
    narrow   for a phone
    """
    c = colours(dark)
    now = course.iloc[-1]
    ahead = [_day(month) for month in (int(now.month), *found.months)]
    months = [*(int(month) for month in course["month"]), *found.months]

    def joined(values: Sequence[float]) -> list[float]:
        return [round(scaled(value, card.unit), 4) for value in (now.value, *values)]

    def band(low: Sequence[float], high: Sequence[float], name: str, strength: float) -> list[dict]:
        edge = {"type": "scatter", "mode": "lines", "x": ahead, "line": {"width": 0}, "hoverinfo": "skip"}
        red, green, blue = rgb(c["line"])
        told = [
            f"{show(a, card.unit, language)} – {show(b, card.unit, language)}"
            for a, b in zip(low, high, strict=True)
        ]
        return [
            {**edge, "y": joined(low), "showlegend": False},
            {
                **edge,
                "y": joined(high),
                "name": name,
                "fill": "tonexty",
                "fillcolor": f"rgba({red},{green},{blue},{strength})",
                "text": ["", *told],
                "hoverinfo": "text",
                "hovertemplate": f"{name} %{{text}}<extra></extra>",
            },
        ]

    traces = [
        *band(found.low_outer, found.high_outer, words["outer"], 0.14),
        *band(found.low, found.high, words["range"], 0.26),
        {
            "type": "scatter",
            "mode": "lines",
            "name": words["middle"],
            "x": ahead,
            "y": joined(found.middle),
            "text": [show(v, card.unit, language) for v in (now.value, *found.middle)],
            "hovertemplate": f"{words['middle']} %{{text}}<extra></extra>",
            "line": {"color": c["line"], "width": 1.4, "dash": "dot"},
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": words["value"],
            "x": [_day(int(month)) for month in course["month"]],
            "y": [None if is_missing(v) else round(scaled(v, card.unit), 4) for v in course["value"]],
            "text": [show(v, card.unit, language) for v in course["value"]],
            "hovertemplate": f"{words['value']} %{{text}}<extra></extra>",
            "line": {"color": c["line"], "width": 2.6},
            "marker": {"size": 4},
        },
    ]
    if not math.isnan(target):
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": words["target"],
                "x": [_day(months[0]), _day(months[-1])],
                "y": [round(scaled(target, card.unit), 4)] * 2,
                "text": [show(target, card.unit, language)] * 2,
                "hovertemplate": f"{words['target']} %{{text}}<extra></extra>",
                "line": {"color": c["target"], "width": 1.2, "dash": "dash"},
            }
        )
    step = max(1, math.ceil(len(months) / (4 if narrow else 12)))
    room = 44 if narrow else 0  # the legend then has three rows
    return {
        "data": traces,
        "layout": layout(
            dark,
            _HEIGHT + room,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.16 + room / (_HEIGHT - 76), "font": {"size": 12}},
            margin={"l": 56, "r": 16, "t": 40 + room, "b": 36},
            xaxis={
                "type": "date",
                "tickvals": [_day(month) for month in months[::step]],
                "ticktext": [month_name(month) for month in months[::step]],
                "showgrid": False,
                "tickangle": 0,
                "hoverformat": "%Y-%m",
            },
            yaxis={
                "ticksuffix": "%" if card.unit.value == "percent" else "",
                "tickformat": ",~r",
                "nticks": 5,
                "rangemode": "tozero",
            },
        ),
    }


def _day(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}-01"
