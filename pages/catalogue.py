"""Catalogue: every indicator in words, as it is computed, with its target and its source."""

from __future__ import annotations

import streamlit as st

from metrics import figures
from pages._board import board
from pages._entry import card_list, details, found, sql_of
from pages._open import ask
from pages._page import open_page
from pages._view import selector

here = open_page("catalogue.title", unit=False, month=False)
text, view = here.text, here.view
systems = ["all", *dict.fromkeys(card.system for card in here.cards.values())]
view.choose("system", systems, "all", "filter.system")
key = "filter_q"
st.session_state[key] = st.query_params.get("q", "")[:80]


def _search() -> None:
    st.query_params["q"] = st.session_state[key]


with st.container(horizontal=True, vertical_alignment="bottom"):
    st.text_input(
        text("filter.search"),
        key=key,
        max_chars=80,
        placeholder=text("catalogue.placeholder"),
        on_change=_search,
        width=340,
    )
    selector(
        view,
        st.selectbox,
        "system",
        systems,
        lambda code: text("catalogue.every") if code == "all" else f"{code} {text(f'system.{code}')}",
        text("filter.system"),
        width=300,
    )
chosen = found(here, st.session_state[key], view.values["system"])
targets = ask(figures.targets_in_force, year=here.month // 12)
open_one = st.query_params.get("ind")
if open_one in here.cards:
    card = here.cards[open_one]
    with st.container(border=True):
        board(details(here, card, targets), key="entry")
        with st.expander(text("catalogue.sql")):
            for name, select in (("numerator", card.numerator), ("listed", card.listed)):
                if select is not None:
                    st.caption(text(f"catalogue.{name}"))
                    st.code(sql_of(select), language="sql", wrap_lines=True)
elif open_one is not None:
    st.warning(text("notice.unknown", what=text("filter.indicator"), value=open_one[:40]))

st.caption(text("catalogue.count", n=len(chosen), of=len(here.cards)))
if chosen:
    board(card_list(here, chosen, targets), key="list")
else:
    st.info(text("catalogue.nothing"))
