"""A control chart as a chart description: what pictures draw."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from charts import spec
from exports.about import About
from exports.charts import caption, month_label, sign_of
from exports.words import Text
from metrics.card import Card
from metrics.changing.control import Control
from metrics.units import decimals_of, is_missing, scaled
from metrics.wording import month_code


def control_lines(
    found: Control, written: pd.DataFrame, card: Card, about: About, text: Text, title: str
) -> spec.Lines:
    """Months, centre, limits and target; open marks are the months that met a rule, the note names events.

    written   rows of the register's ``marked_event`` within the chart's months
    """
    chart, newest = found.chart, found.rows.iloc[-1]
    met = frozenset(place for place, way in enumerate(chart.way) if way)

    def line(name: str, values: Sequence[float], role: str, **more) -> spec.Line:
        shown = tuple(math.nan if is_missing(v) else scaled(float(v), card.unit) for v in values)
        return spec.Line(name=text(f"chart.{name}"), values=shown, role=role, **more)

    lines = [
        line("month_value", chart.value, "line", open=met),
        line("centre", chart.centre, "muted"),
        line("low_limit", chart.low, "before"),
        line("high_limit", chart.high, "before"),
    ]
    if not math.isnan(found.target):
        lines.append(line("target_line", [found.target] * len(found.months), "target"))
    notes = [text("chart.signals", n=len(met))] if met else []
    notes += [
        text("chart.event", month=month_code(int(row.month)), words=row.words) for row in written.itertuples()
    ]
    return spec.Lines(
        caption=caption(
            title, card, found.target, newest["target_source"], about, text, text("chart.and").join(notes)
        ),
        labels=tuple(month_label(month, place, text) for place, month in enumerate(found.months)),
        lines=tuple(lines),
        decimals=decimals_of(card.unit),
        suffix=sign_of(card),
    )
