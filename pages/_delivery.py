"""What was delivered: units down, months across, one source at a time."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from metrics import coverage
from metrics.reading import within
from metrics.reporting import not_understood
from pages._board import board
from pages._html import esc, span, table, tag
from pages._month import code_of
from pages._open import ask
from pages._page import Here
from pages._view import selector

_MONTHS = 12
_SHAPES = {"whole": "●", "part": "◐", "none": "○"}
_COLOURS = {"whole": "above", "part": "course", "none": "below"}


def show_delivery(here: Here) -> None:
    """The last twelve months of one source, chosen on the page."""
    text, view = here.text, here.view
    delivery = ask(coverage.delivery, first=here.month - _MONTHS + 1, last=here.month)
    sources = sorted(delivery["source"].unique())
    if not sources:
        st.info(text("data.no_delivery"))
        return
    lacking = delivery[delivery["status"] != "whole"]["source"].value_counts()
    worst = max(sources, key=lambda source: lacking.get(source, 0))  # what is late is what one looks for
    view.choose("source", sources, worst, "filter.source")
    selector(
        view,
        st.segmented_control,
        "source",
        sources,
        lambda code: text(f"source.{code}"),
        text("filter.source"),
        label_visibility="collapsed",
        required=True,
    )
    board(delivery_table(here, delivery, view.values["source"]), key="delivery")


def delivery_table(here: Here, delivery: pd.DataFrame, source: str) -> str:
    """A shape for each unit and month; "~" where it was inferred from the rows."""
    text = here.text
    of = delivery[delivery["source"] == source]
    known = {(row.unit, row.month): row for row in of.itertuples()}
    units = [unit for unit in within(here.tree, here.unit) if unit in set(of["unit"])]
    across = range(here.month - _MONTHS + 1, here.month + 1)
    head = [text("column.unit"), *(code_of(m)[2:] for m in across)]
    rows = []
    for unit in units:
        indent = "　" if here.kind_of(unit) in ("station", "clinic") else ""
        cells = [_cell(here, known.get((unit, month))) for month in across]
        rows.append([esc(indent + here.name_of(unit)), *cells])
    legend = [span(f"{_SHAPES[s]} {text(f'delivery.{s}')}", css=_COLOURS[s]) for s in _SHAPES]
    legend.append(span(text("delivery.estimated"), css="muted"))
    note = tag("div", *legend, css="chips small")
    return table(head, rows, css="heat tall", marks=["", *["c"] * _MONTHS]) + note


def _cell(here: Here, row) -> str:
    if row is None:
        return span("·", css="muted")
    word = here.text(f"delivery.{row.status}")
    return span(_SHAPES[row.status] + ("~" if row.estimated else ""), css=_COLOURS[row.status], title=word)


def not_counted(here: Here) -> str:
    """Reported figures that stand for nothing, with why; "" where there are none."""
    lost = ask(not_understood)
    if lost.empty:
        return ""
    parts = [
        here.text(
            "reported.lost_one",
            what=here.cards[what].name[here.language] if what in here.cards else what,
            n=len(rows),
            why=here.text(f"reported.why.{status}"),
        )
        for (what, status), rows in lost.groupby(["indicator", "status"], sort=True)
    ]
    return here.text("reported.lost", parts=here.text("list.comma").join(parts))
