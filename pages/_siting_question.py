"""The question of where to open clinics: what the address says of it, and the widgets that change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from metrics.siting.asking import (
    BANDS,
    COVER,
    EVERYONE,
    GOALS,
    MOST_MOVES,
    MOST_NEW,
    MOVABLE,
    Question,
    Setting,
)
from metrics.siting.sites import MOST_SITES, SOURCES, STOPS
from metrics.units import count
from pages._page import Here
from pages._siting_words import km
from pages._view import View, selector

ASKED = "ask"  # of the address: the question was put
_NEW, _MOVES = ([str(n) for n in range(most + 1)] for most in (MOST_NEW, MOST_MOVES))


def question_of(view: View, where: Setting) -> Question:
    """The question of the address. A band that is not known of everyone cannot be counted: that is told."""
    sources = _sources(where)
    view.choose("goal", GOALS, COVER, "filter.goal")
    view.choose("new", _NEW, "3", "filter.new")
    view.choose("sites", sources, sources[0], "filter.sites")
    view.choose("who", (EVERYONE, *BANDS), EVERYONE, "filter.who")
    view.choose("moves", _MOVES, "0", "filter.moves")
    view.choose("movable", list(MOVABLE), "clinic", "filter.movable")
    if view.values["who"] not in where.weighable:
        view.notice(view.text("siting.not_known", band=view.text(f"siting.{view.values['who']}")))
        view.put("who", EVERYONE)
    return Question(
        goal=view.values["goal"],
        new=int(view.values["new"]),
        moves=int(view.values["moves"]),
        source=view.values["sites"],
        who=view.values["who"],
        movable=view.values["movable"],
    )


def ask_widgets(here: Here, where: Setting, question: Question) -> None:
    """The widgets in one row, the button at its end, and what of the question must be said."""
    text, view = here.text, here.view
    there = where.sites["source"].value_counts()

    def chosen(name: str, options: Sequence[str], label: Callable[[str], str], width: int) -> None:
        selector(view, st.selectbox, name, options, label, text(f"filter.{name}"), (ASKED,), width=width)

    goal = {"km": km(where), "limit": count(where.people_a_unit)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        chosen("goal", GOALS, lambda code: text(f"siting.goal_{code}", **goal), 270)
        chosen("new", _NEW, lambda n: text("siting.n_new", n=n), 95)
        chosen(
            "sites",
            _sources(where),
            lambda code: text("siting.source", name=text(f"siting.from_{code}"), n=count(there[code])),
            250,
        )
        if question.goal == COVER:
            chosen("who", where.weighable, lambda code: text(f"siting.{code}"), 150)
        if question.source != STOPS:
            chosen("moves", _MOVES, lambda n: text("siting.n_moves", n=n), 95)
            if question.moves:
                chosen("movable", list(MOVABLE), lambda code: text(f"siting.movable_{code}"), 190)
        st.button(
            text("siting.propose"),
            type="primary",
            key="propose",
            on_click=_put,
            disabled=not (question.new or question.moves),
        )
    number = there[question.source]
    if not (question.new or question.moves):
        st.info(text("siting.nothing_asked"))
    elif question.new + question.moves > number:
        st.info(text("siting.few_sites", n=count(number), asked=question.new + question.moves))
    if number > MOST_SITES:
        st.caption(text("siting.many_sites", n=count(number), most=count(MOST_SITES)))


def _put() -> None:
    st.query_params[ASKED] = "1"


def _sources(where: Setting) -> list[str]:
    """Sources that name any site. Cells always do."""
    there = set(where.sites["source"])
    return [one for one in SOURCES if one in there]
