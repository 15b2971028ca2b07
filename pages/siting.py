"""Where to open clinics: a question and its best answer, and plans made by hand beside it."""

from __future__ import annotations

import streamlit as st

from charts.ladder import ladder_chart
from charts.look import config
from metrics.siting.asking import DISTANCE, Answer, Plan
from metrics.siting.telling import proposal_tables
from metrics.units import count
from pages._board import board
from pages._carry import take_away
from pages._html import span, tag
from pages._open import ask
from pages._page import open_page
from pages._siting_address import MOST, read_plan
from pages._siting_asked import by_hand, computed, setting
from pages._siting_hand import controls, offer_cell
from pages._siting_map import borders, show_map
from pages._siting_question import ASKED, ask_widgets, question_of
from pages._siting_tables import (
    Tables,
    closed_table,
    groups_table,
    ladder_table,
    offers,
    places_table,
    sites_table,
    ways_table,
    workload_table,
)
from pages._siting_words import answer_words, compared, grounds, metres, quality, today
from pages._text import literal
from pages._view import selector

_WAYS = ("computed", "hand")
_MOST_TOLD = 5


def ladder(answer: Answer, tables: Tables) -> None:
    """What each further clinic adds, drawn and told."""
    far = answer.question.goal == DISTANCE
    rows = list(tables["ladder"].itertuples(index=False))
    st.caption(text("siting.ladder_about"))
    if len(rows) > 1:
        written = [metres(row.added) if far else count(round(row.added)) for row in rows]
        figure = ladder_chart(
            [text("siting.n_new", n=row.new) for row in rows],
            [row.added for row in rows],
            [("−" if far else "+") + one for one in written],
            [
                text(
                    "siting.ladder_tip",
                    n=row.new,
                    won=count(round(row.won)),
                    left=count(round(row.beyond)),
                    mean=metres(row.mean_m),
                )
                for row in rows
            ],
            [not row.exact for row in rows],
            here.dark,
        )
        name = text("siting.tab_ladder")
        st.plotly_chart(figure, theme=None, key="chart_ladder", config=config(name), alt=name)
    board(ladder_table(here, answer, tables), key="ladder")


def details(answer: Answer, tables: Tables) -> None:
    """Everything behind the sentence."""
    names = ["places", "ways", "workload"]
    if answer.ladder is not None:
        names.insert(0, "ladder")
    tabs = dict(zip(names, st.tabs([text(f"siting.tab_{name}") for name in names]), strict=True))
    if "ladder" in tabs:
        with tabs["ladder"]:
            ladder(answer, tables)
    with tabs["places"]:
        board(places_table(here, answer, tables), key="places")
    with tabs["ways"]:
        board(ways_table(here, tables), key="ways")
        st.caption(text("siting.ways_about"))
    with tabs["workload"]:
        above = tables["workload"]
        st.caption(
            text(
                "siting.workload_about",
                limit=count(answer.setting.people_a_unit),
                before=int(above["above_before"].sum()),
                after=int(above["above_after"].sum()),
            )
        )
        everything = st.toggle(text("siting.all_units"), key="all_units")
        board(workload_table(here, answer, tables, everything), key="workload")


def show(answer: Answer, plan: Plan | None = None, best: Answer | None = None) -> None:
    """A plan on the map and in tables; ``plan``: the one made by hand, that can be changed beside the map.

    ``best``: the computed answer, from which such a plan can start.
    """
    tables = proposal_tables(answer)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        clicked = show_map(here, answer, tables["sites"], ask(borders), key=f"siting_{way}")
        if plan is not None:
            if clicked is not None:
                offer_cell(here, where, plan, clicked)
            else:
                st.caption(text("siting.click_hint"))
        board(grounds(here, where), key="grounds")
    with right:
        if plan is not None:
            controls(here, where, plan, best)
        if answer.plan:
            board(sites_table(here, answer, tables), key="sites")
        if answer.proposal.closed:
            board(closed_table(here, answer, tables), key="closed")
        board(groups_table(here, answer, tables), key="groups")
    if answer.plan:
        details(answer, tables)
        take_away(here, offers(here, answer, tables, way))


def computed_plan() -> None:
    """The question, and its answer once it was asked."""
    ask_widgets(here, where, question)
    if not asked:
        nothing = by_hand(where, Plan())
        press = tag("div", span(text("siting.press")), css="quiet")
        board(today(here, nothing) + press, key="answer")
        show(nothing)
        return
    answer = computed(where, question, text)
    board(answer_words(here, answer, quality(here, answer)), key="answer")
    show(answer)


def plan_by_hand() -> None:
    """A plan of one's own, with its numbers, beside the computed one where there is one."""
    plan, more = read_plan()
    answer = by_hand(where, plan)
    if more:
        st.warning(text("siting.too_long", most=MOST))
    if answer.unknown:
        named = text("list.enumeration").join(map(literal, answer.unknown[:_MOST_TOLD]))
        st.warning(text("siting.unknown", names=named, n=len(answer.unknown)))
    best = computed(where, question, text) if asked else None
    if answer.plan:
        words = answer_words(here, answer) + (compared(here, answer, best) if best is not None else "")
    else:
        words = today(here, answer)
    board(words, key="answer")
    show(answer, answer.plan, best)


here = open_page("siting.title", unit=False, month=False)
text, view = here.text, here.view
where = setting()
if where is None:
    st.info(text("empty.no_cells"))
    st.stop()
if where.units.empty:
    st.info(text("siting.no_units"))
    st.stop()
view.choose("way", _WAYS, _WAYS[0], "filter.way")
way = view.values["way"]
question = question_of(view, where)
asked = st.query_params.get(ASKED) == "1" and bool(question.new or question.moves)
selector(
    view,
    st.segmented_control,
    "way",
    _WAYS,
    lambda code: text(f"siting.way_{code}"),
    text("filter.way"),
    required=True,
    label_visibility="collapsed",
)
if way == "computed":
    computed_plan()
else:
    plan_by_hand()
