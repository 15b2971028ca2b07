"""Scorecard of one institution: score, losses and what is due on one screen; below it every indicator by system."""

from __future__ import annotations

import streamlit as st

from metrics import figures
from metrics.reading import children
from pages._board import board
from pages._card import show_card
from pages._card_table import card_table, compact_forms, stations_table
from pages._carry import Line, take_away
from pages._html import anchor, esc, tag
from pages._open import ask
from pages._page import open_page
from pages._paper_lines import summary, table
from pages._tables import standing_frame
from pages._takeaway import csv_file
from pages._tiles import band
from pages._todo_link import todo_link
from pages._view import selector
from pages._who import principal

_SHOWS = ("aimed", "behind", "all", "none")

here = open_page("scorecard.title")
text, view = here.text, here.view
standing = ask(figures.standing, unit=here.unit, month=here.month, cards=here.cards)
if standing.empty:
    st.info(text("empty.month"))
    st.stop()

paper = None
if here.kind_of(here.unit) == "bureau":
    st.info(text("card.bureau"))
    links = [
        anchor(view.link("scorecard", unit=here.code_of(one)), esc(here.name_of(one)))
        for one in children(here.tree, here.unit)
    ]
    board(tag("div", *links, css="chips"), key="centres")
else:
    paper = show_card(here, standing)
    if here.unit in principal().persons:
        board(todo_link(here), key="to_todo")

st.subheader(text("card.list"), anchor=False)
systems = ["all", *dict.fromkeys(here.cards[key].system for key in standing.index)]
view.choose("system", systems, "all", "filter.system")
view.choose("show", _SHOWS, _SHOWS[0], "filter.show")
judged = standing[[figures.is_ranking(here.cards[key]) for key in standing.index]]
board(band(judged[judged["target"].notna()], text), key="band")
chosen = standing[[view.values["system"] in ("all", here.cards[key].system) for key in standing.index]]
ranking = chosen[[figures.is_ranking(here.cards[key]) for key in chosen.index]]
without = ranking[ranking["value"].isna() & ~ranking["status"].isin(["none", "part"])]
with st.container(horizontal=True, vertical_alignment="bottom"):
    selector(
        view,
        st.segmented_control,
        "show",
        _SHOWS,
        lambda code: text(f"scorecard.{code}", n=len(without)),
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
shown = {
    "aimed": ranking[ranking["target"].notna()],
    "behind": ranking[ranking["judgement"] == "below"],
    "all": ranking.drop(without.index),
    "none": without,
}[view.values["show"]]
compact = compact_forms(here, chosen) if view.values["show"] in ("aimed", "all") else {}
rows = table(
    f"scorecard {view.values['unit']} {view.values['month']}",
    csv_file(
        here,
        f"{here.name_of(here.unit)}_{text('scorecard.title')}_{view.values['month']}",
        lambda: standing_frame(here, shown),
    ),
)
take_away(
    here,
    [
        Line(
            text("carry.card"),
            text("carry.card_about"),
            (paper,) if paper else (),
            "" if paper else text("carry.no_card"),
        ),
        summary(here),
        Line(
            text("carry.indicators"),
            text("carry.indicators_about"),
            () if shown.empty else (rows,),
            text("carry.no_indicators") if shown.empty else "",
        ),
    ],
)
if shown.empty and not compact:
    st.info(text("scorecard.nothing"))
    st.stop()
board(card_table(here, shown, compact), key="card")
if view.values["show"] == "all" and len(without):
    st.caption(text("scorecard.hidden", n=len(without)))
if shown.empty:
    st.stop()
if children(here.tree, here.unit):
    matrix = ask(
        figures.matrix,
        unit=here.unit,
        month=here.month,
        cards={key: here.cards[key] for key in shown.index},
    )
    # A unit closed or merged before has nothing to say of this month: no column of dashes.
    told = set(matrix.loc[matrix["value"].notna() | (matrix["status"] != "ok"), "unit"])
    below = [one for one in children(here.tree, here.unit) if one in told]
    st.subheader(text("scorecard.stations"), anchor=False)
    board(stations_table(here, matrix, below, list(shown.index)), key="stations")
