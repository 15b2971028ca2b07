"""Beside an indicator: the units with the most of something, each opening its own list."""

from __future__ import annotations

from typing import Any

import pandas as pd

from metrics.units import MISSING, count
from pages._html import anchor, esc, tag
from pages._page import Here

_MOST = 3  # units named


def most_of(figures: pd.DataFrame, column: str) -> dict[str, list[Any]]:
    """indicator -> the rows of the units with the most of ``column``, the most first; none of those that have 0."""
    found: dict[str, list[Any]] = {}
    for row in figures[figures[column] > 0].sort_values(column, ascending=False, kind="stable").itertuples():
        rows = found.setdefault(row.indicator, [])
        if len(rows) < _MOST:
            rows.append(row)
    return found


def chips(here: Here, rows: list[Any], column: str) -> str:
    """Each unit with its number."""
    parts = [
        anchor(
            here.view.link("indicator", ind=row.indicator, unit=here.code_of(row.unit)),
            esc(here.name_of(row.unit)) + " " + tag("b", esc(count(getattr(row, column)))),
        )
        for row in rows
    ]
    return tag("div", *parts, css="chips") if parts else MISSING
