"""Catalogue: every requirement and the cards that answer it, in words and as computed, with targets and sources."""

from __future__ import annotations

import math

import streamlit as st

from metrics import figures
from metrics.card import Form
from metrics.catalogue import requirements
from metrics.wording import paper_words
from pages._board import board
from pages._entry import details, found, papers, requirement_list, sql_of
from pages._open import ask
from pages._page import open_page
from pages._pager import pager, wanted
from pages._text import literal
from pages._view import selector

_SIZE = 60  # requirements of a page

here = open_page("catalogue.title", unit=False, month=False)
text, view = here.text, here.view
every = requirements()
systems = ["all", *dict.fromkeys(row.system for row in every)]
forms = ["all", *(str(form) for form in Form)]
sources = ["all", *papers(every)]
view.choose("system", systems, "all", "filter.system")
view.choose("form", forms, "all", "filter.form")
view.choose("paper", sources, "all", "filter.paper")
key = "filter_q"
st.session_state[key] = st.query_params.get("q", "")[:80]


def _search() -> None:
    st.query_params["q"] = st.session_state[key]
    st.query_params.pop("p", None)


with st.container(horizontal=True, vertical_alignment="bottom"):
    st.text_input(
        text("filter.search"),
        key=key,
        max_chars=80,
        placeholder=text("catalogue.placeholder"),
        on_change=_search,
        width=300,
    )
    selector(
        view,
        st.selectbox,
        "system",
        systems,
        lambda code: text("catalogue.every") if code == "all" else f"{code} {text(f'system.{code}')}",
        text("filter.system"),
        width=250,
    )
    selector(
        view,
        st.selectbox,
        "form",
        forms,
        lambda code: text("catalogue.every_form") if code == "all" else text(f"form.{code}"),
        text("filter.form"),
        width=130,
    )
    selector(
        view,
        st.selectbox,
        "paper",
        sources,
        lambda code: text("catalogue.every_source") if code == "all" else paper_words(code, text),
        text("filter.paper"),
        width=300,
    )

asked = {name: st.query_params.get(name) for name in ("row", "ind")}
rows = {row.row: row for row in every}
opened = []
if asked["row"] in rows:
    opened = list(rows[asked["row"]].cards)
elif asked["ind"] in here.cards:
    opened = [here.cards[asked["ind"]]]
for value in asked.values():
    if value is not None and not opened:
        st.warning(text("notice.unknown", what=text("filter.indicator"), value=literal(value)))
for card in opened:
    with st.container(border=True):
        board(details(here, card), key=f"entry_{card.key}")
        with st.expander(text("catalogue.sql")):
            for name in ("numerator", "listed", "told"):
                if (rule := getattr(card, name)) is not None:
                    st.caption(text(f"catalogue.{name}"))
                    st.code(sql_of(rule), language="sql", wrap_lines=True)

chosen = found(here, st.session_state[key], view.values["system"], view.values["form"], view.values["paper"])
st.caption(text("catalogue.count", n=len(chosen), of=len(every), cards=len(here.cards)))
if not chosen:
    st.info(text("catalogue.nothing"))
    st.stop()
pages = math.ceil(len(chosen) / _SIZE)
page = min(wanted(), pages)
kept = {name: view.values[name] for name in ("system", "form", "paper") if view.values[name] != "all"}
kept |= {"q": st.session_state[key] or None, "p": str(page) if page > 1 else None}
targets = ask(figures.targets_in_force, year=here.month // 12)
listed = chosen[(page - 1) * _SIZE : page * _SIZE]
board(requirement_list(here, listed, targets, **kept), key="list")
pager("catalogue", pages, page)
