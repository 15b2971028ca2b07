"""What each further clinic adds: bars that show where it stops being worth it."""

from __future__ import annotations

from collections.abc import Sequence

from charts.look import colours, layout

_HEIGHT = 250
_LEAST = 6  # so many bars have room at least: two do not fill the page


def ladder_chart(
    labels: Sequence[str],
    added: Sequence[float],
    texts: Sequence[str],
    tips: Sequence[str],
    open_marks: Sequence[bool],
    dark: bool,
) -> dict:
    """A plotly figure: a bar a number of clinics, as high as what the last of them adds.

    open_marks: numbers of which it is not proven that nothing better exists; their bars are hollow.
    """
    c = colours(dark)
    trace = {
        "type": "bar",
        "x": list(range(len(labels))),
        "y": list(added),
        "marker": {
            "color": [c["paper"] if is_open else c["line"] for is_open in open_marks],
            "line": {"color": c["line"], "width": 1.5},
        },
        "text": list(texts),
        "textposition": "outside",
        "textfont": {"color": c["ink"], "size": 12},
        "cliponaxis": False,
        "customdata": list(tips),
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    high = max([*added, 0]) or 1
    low = min([*added, 0])
    return {
        "data": [trace],
        "layout": layout(
            dark,
            _HEIGHT,
            hovermode="closest",
            bargap=0.4,
            margin={"l": 8, "r": 8, "t": 26, "b": 30},
            xaxis={
                "tickvals": list(range(len(labels))),
                "ticktext": list(labels),
                "showgrid": False,
                "range": [-0.6, max(len(labels), _LEAST) - 0.4],
            },
            yaxis={"range": [low * 1.15, high * 1.15], "showticklabels": False, "showgrid": False},
        ),
    }
