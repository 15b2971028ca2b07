"""The map of a proposal on its page: its data, its words, its legend."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from charts.grid_view import map_view
from charts.siting_map import BORDERS, land, siting_map, state_colours
from metrics import coverage
from metrics.siting.asking import Answer
from metrics.siting.telling import cell_states
from metrics.units import count
from pages._board import board
from pages._html import esc, span, tag
from pages._line_legend import line_entries
from pages._page import Here
from pages._siting_words import km, site_name

_HEIGHT, _HEIGHT_NARROW = 430, 360  # pixels: with question, answer and legend on a screen of 900
_WIDTH, _WIDTH_NARROW = 760, 340


def show_map(here: Here, answer: Answer, sites: pd.DataFrame, ground: pd.DataFrame, key: str) -> str | None:
    """Draw it; gives the cell that was clicked."""
    where, text = answer.setting, here.text
    height = _HEIGHT_NARROW if here.narrow else _HEIGHT
    width = _WIDTH_NARROW if here.narrow else _WIDTH
    cells = _cells(here, answer)
    lattice = where.about.lattice
    deck = siting_map(
        cells,
        lattice,
        _units(here, answer),
        _sites(here, sites),
        ground,
        map_view(land(cells, lattice, ground), width, height),
        where.rule_m,
        here.dark,
    )
    board(_legend(here, answer, set(cells["state"]), ground), key=f"{key}_legend")
    picked = st.pydeck_chart(deck, height=height, on_select="rerun", key=key, alt=text("siting.map_alt"))
    objects = picked.selection.objects if picked.selection else {}
    return next((str(hit["c"]) for layer in objects.values() for hit in layer if "c" in hit), None)


def _cells(here: Here, answer: Answer) -> pd.DataFrame:
    """cell, column, row, state, tip."""
    where, text = answer.setting, here.text
    states = cell_states(answer)
    points = where.points.drop_duplicates("cell").set_index("cell").loc[states["cell"]]
    column, row = where.about.lattice.cell_of(points["lon"].to_numpy(float), points["lat"].to_numpy(float))
    names = where.sites[where.sites["source"] == "cells"].set_index("id")["name"]
    called = ("c:" + states["cell"]).map(names)
    tips = [
        f"{name}\n{text('siting.tip_people', n=count(people))}"
        for name, people in zip(called, states["people"].tolist(), strict=True)
    ]
    for what in ("won", "lost", "beyond"):
        numbers = states[what].to_numpy(float)
        for place in np.flatnonzero(numbers > 0):
            tips[place] += "\n" + text(f"siting.tip_{what}", n=count(round(numbers[place])))
    return states.assign(column=np.asarray(column), row=np.asarray(row), tip=tips)


def _units(here: Here, answer: Answer) -> pd.DataFrame:
    units = answer.setting.units
    closes = np.isin(np.arange(len(units)), list(answer.proposal.closed))
    tips = [
        here.text("siting.tip_closes", unit=name) if gone else name
        for name, gone in zip(units["name"], closes, strict=True)
    ]
    return units.assign(closes=closes, tip=tips)


def _sites(here: Here, sites: pd.DataFrame) -> pd.DataFrame:
    tips = [
        "\n".join(
            (
                here.text("siting.tip_opens", site=site_name(here, row)),
                here.text("siting.tip_won", n=count(row["won"])),
                here.text("siting.tip_serves", n=count(row["people"])),
            )
        )
        for _, row in sites.iterrows()
    ]
    return sites.assign(tip=tips)


def _legend(here: Here, answer: Answer, states: set[str], ground: pd.DataFrame) -> str:
    text, distance = here.text, km(answer.setting)
    shades = state_colours(here.dark)
    parts = [
        tag(
            "span",
            tag("i", style=f"background: {shades[state]}"),
            esc(text(f"siting.legend_{state}", km=distance)),
        )
        for state in ("won", "beyond", "lost", "within")
        if state in states
    ]
    dot = tag("i", css="dot", style="background: var(--st-blue-color)")
    parts.append(tag("span", dot, esc(text("siting.legend_units"))))
    if answer.proposal.opened:
        parts.append(tag("span", span("★ ", css="below"), esc(text("siting.legend_sites", km=distance))))
    if answer.proposal.closed:
        parts.append(tag("span", span("✕ ", css="below"), esc(text("siting.legend_closes"))))
    parts += line_entries(here, ground, BORDERS)
    return tag("div", *parts, css="legend")


def borders(_principal, connection) -> pd.DataFrame:
    """The borders that the map shows; a function for ``ask``."""
    return coverage.ground(connection, "boundaries")
