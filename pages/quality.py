"""Data quality: how good are the data, what to mend first and where; each number opens its rows."""

from __future__ import annotations

import streamlit as st

from metrics import figures
from metrics.by_source import by_source
from metrics.quality import quality_cards, to_mend
from metrics.reading import children
from pages._board import board
from pages._carry import Line, take_away
from pages._faults import fault_list
from pages._html import anchor, esc, span, tag
from pages._menu import menu_of
from pages._open import ask
from pages._page import open_page
from pages._paper_lines import table, workbook
from pages._quality import about, behind_list, dimension_table, quality_frame, said, source_table, unit_matrix
from pages._takeaway import csv_file
from pages._text import literal, typed
from pages._who import principal

here = open_page("quality.title")
text, view, cards = here.text, here.view, quality_cards()
standing = ask(figures.standing, unit=here.unit, month=here.month, cards=cards)
if standing.empty:
    st.info(text("quality.none"))
    st.stop()
below = tuple(children(here.tree, here.unit))
matrix = ask(figures.matrix, unit=here.unit, month=here.month, cards=cards)
sources = ask(by_source, units=(here.unit, *below), cards=cards, month=here.month)
mine = sources[sources["unit"] == here.unit]
of_below = matrix[matrix["unit"].isin(below)]

where = f"{view.values['unit']} {view.values['month']}"
every = csv_file(
    here,
    f"{text('quality.file')}_{view.values['month']}",
    lambda: quality_frame(here, standing, of_below, sources),
)
take_away(
    here,
    [
        Line(text("quality.csv"), text("quality.csv_about"), (table(f"quality {where}", every),)),
        workbook(here),
    ],
)

board(said(here, standing, to_mend(standing, of_below, mine)), key="said")
if "data" in menu_of(principal()):
    opens = anchor(view.link("data"), esc(text("quality.data")))
    board(tag("div", span(text("quality.also") + " "), opens, css="muted small"), key="also")

asked = st.query_params.get("ind")
if asked in cards:
    card = cards[asked]
    name = card.name[here.language]
    st.subheader(text("quality.list", name=name, unit=typed(here.name_of(here.unit))), anchor=False)
    board(about(here, card), key="about")
    if len(mine):
        board(source_table(here, card, mine), key="sources")
    if asked in standing.index:
        fault_list(here, card, standing.loc[asked])
elif asked is not None:
    st.warning(text("notice.unknown", what=text("quality.indicator"), value=literal(asked)))

st.subheader(text("quality.groups"), anchor=False)
lines = ask(figures.sparks, unit=here.unit, month=here.month, cards=cards)
board(dimension_table(here, standing, of_below, mine, lines), key="dimensions")

st.subheader(text("quality.matrix"), anchor=False)
if matrix["value"].isna().all():
    st.info(text("quality.no_unit"))
elif here.narrow:
    board(behind_list(here, matrix), key="behind")
else:
    st.caption(text("quality.matrix_about"))
    board(unit_matrix(here, matrix), key="matrix")
