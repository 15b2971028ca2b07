"""A control chart: months with centre and limits, the points that met a rule, what happened when, and the target."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from html import escape
from itertools import groupby

import numpy as np

from charts.look import colours, layout, rgb
from metrics.card import Card, Direction
from metrics.changing.control import Control
from metrics.units import is_missing, scaled, show

_HEIGHT = 340
_LETTERS = 14  # of an event's words that stand on the chart; all of them stand below it


def control_chart(
    found: Control,
    card: Card,
    events: Mapping[int, str],
    words: Mapping[str, str],
    language: str,
    month_name: Callable[[int], str],
    dark: bool,
    narrow: bool = False,
) -> dict:
    """A plotly figure.

    events   month -> what is different from then on, each an upright line
    words    value, centre, limits, target, up, down, between; and each rule of ``xmr`` that a point may meet
    narrow   for a phone
    """
    c, chart = colours(dark), found.chart
    x = [_day(month) for month in found.months]

    def numbers(values) -> list[float | None]:
        return [None if is_missing(v) else round(scaled(v, card.unit), 4) for v in values]

    def line(name: str, values, style: dict, **more) -> dict:
        return {
            "type": "scatter",
            "mode": "lines",
            "name": words[name],
            "x": x,
            "y": numbers(values),
            "text": [show(v, card.unit, language) for v in values],
            "hovertemplate": f"{words[name]} %{{text}}<extra></extra>",
            "line": style,
            **more,
        }

    red, green, blue = rgb(c["line"])
    edge = {"color": c["muted"], "width": 1, "dash": "dot", "shape": "hvh"}
    traces = [
        line("limits", chart.low, edge, showlegend=False),
        line("limits", chart.high, edge, fill="tonexty", fillcolor=f"rgba({red},{green},{blue},0.07)"),
        line("centre", chart.centre, {"color": c["muted"], "width": 1.2, "shape": "hvh"}),
        line(
            "value", chart.value, {"color": c["line"], "width": 2.2}, mode="lines+markers", marker={"size": 5}
        ),
    ]
    if not math.isnan(found.target):
        target = np.full(len(x), found.target)
        traces.append(line("target", target, {"color": c["target"], "width": 1.2, "dash": "dash"}))
    traces += [_met(found, card, way, words, x, numbers, c) for way in (1, -1) if (chart.way == way).any()]
    uprights, notes = _uprights(events, found.months, c)
    step = max(1, math.ceil(len(x) / (4 if narrow else 12)))
    room = 24 if narrow else 0
    return {
        "data": traces,
        "layout": layout(
            dark,
            _HEIGHT + room,
            shapes=uprights,
            annotations=[*notes, *_rules(found, card, words, c)],
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.2 + room / _HEIGHT, "font": {"size": 12}},
            margin={"l": 56, "r": 16, "t": 56 + room, "b": 36},
            xaxis={
                "type": "date",
                "tickvals": x[::step],
                "ticktext": [month_name(month) for month in found.months][::step],
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


def colour_of(way: int, card: Card) -> str:
    """What a movement means, as a name of ``look.colours``: better, worse, or neither."""
    if card.direction is Direction.NONE:
        return "ink"
    return "above" if way * (1 if card.direction is Direction.HIGHER else -1) > 0 else "below"


def runs(found: Control) -> list[tuple[int, int, list[str]]]:
    """Neighbouring months that met a rule the same way: (last position, way, their rules)."""
    spans = []
    for way, at in groupby(range(len(found.months)), key=lambda at: int(found.chart.way[at])):
        if way:
            places = list(at)
            spans.append((places[-1], way, list(dict.fromkeys(str(found.chart.rule[one]) for one in places))))
    return spans


def _met(found: Control, card: Card, way: int, words: Mapping[str, str], x, numbers, c) -> dict:
    """The points that met a rule one way: a shape of their own."""
    here = found.chart.way == way
    return {
        "type": "scatter",
        "mode": "markers",
        "name": words["up" if way > 0 else "down"],
        "x": [day for day, one in zip(x, here, strict=True) if one],
        "y": numbers(found.chart.value[here]),
        "text": [words[str(rule)] for rule in found.chart.rule[here]],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": "triangle-up" if way > 0 else "triangle-down",
            "size": 11,
            "color": c[colour_of(way, card)],
        },
    }


def _rules(found: Control, card: Card, words: Mapping[str, str], c) -> list[dict]:
    """The rules in words at the last point of each run."""
    return [
        {
            "x": _day(found.months[last]),
            "y": round(scaled(float(found.chart.value[last]), card.unit), 4),
            "text": words["between"].join(words[rule] for rule in rules),
            "showarrow": False,
            "xanchor": "right" if last > len(found.months) / 2 else "left",
            "yshift": 14 * way,
            "font": {"size": 12, "color": c[colour_of(way, card)]},
        }
        for last, way, rules in runs(found)
    ]


def _uprights(events: Mapping[int, str], months: tuple[int, ...], c) -> tuple[list[dict], list[dict]]:
    lines, notes = [], []
    for place, (month, words) in enumerate(sorted(events.items())):
        at = {"x0": _day(month), "x1": _day(month), "y0": 0, "y1": 1, "yref": "paper"}
        lines.append({"type": "line", **at, "line": {"color": c["muted"], "width": 1.2, "dash": "dashdot"}})
        short = words if len(words) <= _LETTERS else words[: _LETTERS - 1] + "…"
        notes.append(
            {
                "x": _day(month),
                "xanchor": "right" if month - months[0] > len(months) / 2 else "left",
                "y": 1 + 0.06 * (place % 2),  # neighbours do not lie on each other
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "text": escape(short),
                "font": {"size": 12, "color": c["muted"]},
            }
        )
    return lines, notes


def _day(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}-01"
