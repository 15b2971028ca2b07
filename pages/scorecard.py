"""Scorecard of one institution: every indicator by system, its peers, and its stations side by side."""

from __future__ import annotations

import streamlit as st

from metrics import figures
from metrics.reading import children
from pages._board import board
from pages._card_table import card_table, stations_table
from pages._open import ask
from pages._page import open_page
from pages._tables import standing_frame
from pages._takeaway import csv_button
from pages._tiles import band
from pages._view import selector

_SHOWS = ("aimed", "behind", "all")

here = open_page("scorecard.title")
text, view = here.text, here.view
standing = ask(figures.standing, unit=here.unit, month=here.month, cards=here.cards)
if standing.empty:
    st.info(text("empty.month"))
    st.stop()

systems = ["all", *dict.fromkeys(here.cards[key].system for key in standing.index)]
view.choose("system", systems, "all", "filter.system")
view.choose("show", _SHOWS, _SHOWS[0], "filter.show")
board(band(standing[standing["target"].notna()], text), key="band")
with st.container(horizontal=True, vertical_alignment="bottom"):
    selector(
        view,
        st.segmented_control,
        "show",
        _SHOWS,
        lambda code: text(f"scorecard.{code}"),
        text("filter.show"),
        required=True,
    )
    selector(
        view,
        st.selectbox,
        "system",
        systems,
        lambda code: text("catalogue.every") if code == "all" else f"{code} {text(f'system.{code}')}",
        text("filter.system"),
        width=260,
    )
shown = standing[[view.values["system"] in ("all", here.cards[key].system) for key in standing.index]]
if view.values["show"] == "aimed":
    shown = shown[shown["target"].notna()]
elif view.values["show"] == "behind":
    shown = shown[shown["judgement"] == "below"]
if shown.empty:
    st.info(text("scorecard.nothing"))
    st.stop()
board(card_table(here, shown), key="card")
csv_button(
    here,
    text("download.card"),
    f"{here.name_of(here.unit)}_{text('scorecard.title')}_{view.values['month']}",
    f"scorecard {view.values['unit']} {view.values['month']}",
    lambda: standing_frame(here, shown),
)

below = children(here.tree, here.unit)
if below:
    st.subheader(text("scorecard.stations"), anchor=False)
    matrix = ask(figures.matrix, unit=here.unit, month=here.month, cards=here.cards)
    board(stations_table(here, matrix, below, list(shown.index)), key="stations")
