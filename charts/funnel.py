"""Units by size: a funnel plot with both limits, the level of all together, and the target."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from charts.look import colours, layout
from charts.naming import turns, with_room
from metrics.card import Card, Unit
from metrics.comparing.plot import Plot
from metrics.statistics.verdict import BETTER, HIGHER, LOWER, NONE, SAME, WORSE
from metrics.units import aim, count, is_missing, scaled, show

#: Symbol and colour of each verdict.
_MARKS = {
    SAME: ("circle", "line"),
    NONE: ("circle-open", "none"),
    HIGHER: ("triangle-up", "course"),
    LOWER: ("triangle-down", "course"),
    BETTER: ("triangle-up", "above"),
    WORSE: ("triangle-down", "below"),
}
_PLAIN = (SAME, NONE)
_HEIGHT = 400
_FEW = 12  # units that are all named where nobody is out; of more those that say most


def funnel(
    plot: Plot,
    names: Mapping[int, str],
    card: Card,
    words: Mapping[str, str],
    language: str,
    dark: bool,
    here: int = -1,
    narrow: bool = False,
) -> dict:
    """A plotly figure of ``comparing.plot.plot_of``; units out of the funnel, and the one that is looked at, are named.
    Where nobody is out, as many as have room are, the largest, highest and lowest first: paper has no pointer to hover with.

    A target so far off that points and limits would shrink to a line is told and not drawn.

    words: size (what the axis of sizes counts), all (the level of all), target, beyond (not drawn), and a word each verdict.
    """
    c = colours(dark)
    rows = plot.units
    targets = rows["target"].dropna().unique()
    target = float(targets[0]) if len(targets) == 1 else float("nan")
    upper = rows["target_to"].dropna().unique()
    aims = [end for end in (target, *(upper if len(upper) == 1 else ())) if not is_missing(end)]
    low, high, ends = _range(plot, rows["value"].to_numpy(float), aims, card)
    lines = [
        _line(plot.size, limit, card, {"color": c["muted"], "width": 1, "dash": dash})
        for interval, dash in ((plot.outer, "solid"), (plot.inner, "dot"))
        for limit in interval
    ]
    level = np.full(len(plot.size), plot.centre)
    lines.append(_line(plot.size, level, card, {"color": c["line"], "width": 1.4}))
    lines += [
        _line(
            plot.size,
            np.full(len(plot.size), end),
            card,
            {"color": c["target"], "width": 1.2, "dash": "dash"},
        )
        for end in ends
    ]
    named = _named(rows, names, card, here, (low, high), narrow)
    points = [
        _points(group, verdict, names, named, card, words, language, c, here, rows["denominator"].max())
        for verdict in _MARKS
        if len(group := rows[rows["to_peers"] == verdict])
    ]
    said = [
        f"<span style='color:{c['line']}'>— {words['all']} {show(plot.centre, card.unit, language)}</span>"
    ]
    if not is_missing(target):
        goal = aim(target, aims[-1] if len(aims) > 1 else float("nan"), card.unit, language)
        said.append(f"- - {words['target']} {goal}{'' if ends == aims else words['beyond']}")
    return {
        "data": [*lines, *points],
        "layout": layout(
            dark,
            _HEIGHT,
            hovermode="closest",
            annotations=[_note("   ".join(said), c["ink"])],
            margin={"l": 44, "r": 10, "t": 26, "b": 44},
            xaxis={
                "title": {"text": words["size"], "font": {"size": 12, "color": c["muted"]}},
                "range": [0, float(plot.size[-1])],
                "nticks": 5,
                "tickformat": ",d",
                "showgrid": False,
            },
            yaxis={
                "range": [low, high],
                "ticksuffix": "%" if card.unit is Unit.PERCENT else "",
                "nticks": 7,
            },
        ),
    }


def _line(size: np.ndarray, value: np.ndarray, card: Card, line: dict) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": size.tolist(),
        "y": [scaled(one, card.unit) for one in value.tolist()],
        "line": line,
        "hoverinfo": "skip",
    }


def _points(
    rows,
    verdict: str,
    names: Mapping[int, str],
    named: Collection[int],
    card: Card,
    words: Mapping[str, str],
    language: str,
    c: dict,
    here: int,
    largest: float,
) -> dict:
    symbol, colour = _MARKS[verdict]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": rows["denominator"].tolist(),
        "y": [scaled(one, card.unit) for one in rows["value"]],
        "text": [names[unit] if unit in named else "" for unit in rows["unit"]],
        # Near the right edge a name to the right would leave the picture.
        "textposition": [
            "middle left" if turns(one, largest) else "middle right" for one in rows["denominator"]
        ],
        "textfont": {"size": 12, "color": c["ink"]},
        "marker": {
            "symbol": symbol,
            "size": [13 if unit == here else 10 for unit in rows["unit"]],
            "color": c[colour],
            "line": {"width": 1, "color": c["ink"] if symbol != "circle-open" else c[colour]},
        },
        "customdata": [
            [
                names[row.unit],
                show(row.value, card.unit, language),
                f"{show(row.low, card.unit, language)}–{show(row.high, card.unit, language)}",
                f"{words['size']} {count(row.denominator)}",
                words[verdict],
            ]
            for row in rows.itertuples()
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]} (%{customdata[2]})<br>%{customdata[3]}"
        "<br>%{customdata[4]}<extra></extra>",
    }


def _named(
    rows: pd.DataFrame,
    names: Mapping[int, str],
    card: Card,
    here: int,
    ends: tuple[float, float],
    narrow: bool,
) -> set[int]:
    """The units whose names are written: all that are out, and ``here``; others only where nobody is out and there is room."""
    out = rows["unit"][~rows["to_peers"].isin(_PLAIN)]
    if len(out) or rows.empty:
        return {*out, here}
    by_unit = rows.set_index("unit")
    value, size = by_unit["value"], by_unit["denominator"]
    telling = [here] if here in size.index else []
    telling += [size.idxmax(), value.idxmax(), value.idxmin()]
    if len(rows) <= _FEW:
        telling += list(size.sort_values(ascending=False).index)
    heights = (scaled(value, card.unit) - ends[0]) / (ends[1] - ends[0])
    return {here, *with_room(list(dict.fromkeys(telling)), size, heights, names, narrow)}


def _note(text: str, colour: str) -> dict:
    """What the lines across are, above the picture: beside them words would lie over points."""
    return {
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "text": text,
        "font": {"size": 12, "color": colour},
    }


def _range(plot: Plot, values: np.ndarray, aims: list[float], card: Card) -> tuple[float, float, list[float]]:
    """The axis of values (low, high): every point and the limits of the smallest unit; and the targets that it has room for."""
    wide = [plot.outer.low[0], plot.outer.high[0], plot.centre, *values.tolist()]
    span = np.nanmax(wide) - np.nanmin(wide)
    near = [end for end in aims if np.nanmin(wide) - span <= end <= np.nanmax(wide) + span]
    low, high = (scaled(one, card.unit) for one in (np.nanmin([*wide, *near]), np.nanmax([*wide, *near])))
    room = (high - low or 1) * 0.06
    return max(low - room, -room), high + room, near
