"""Map of coverage: a question, its answer in a sentence, on the map, and as a list of the worst; one or two side by side."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages._board import board
from pages._carry import take_away
from pages._cells import cell_details, unit_details
from pages._html import span, tag
from pages._map_answers import Answer, UnansweredError, answer
from pages._map_choosing import RULES, choose, chooser, named
from pages._map_data import MapData, map_about
from pages._map_list import turn, worst_list
from pages._map_notes import notes
from pages._map_questions import QUESTIONS, Question, Shape
from pages._map_rules import show_rules
from pages._map_show import first_view, show_map
from pages._open import ask
from pages._page import open_page
from pages._paper_lines import cells as cell_files
from pages._paper_lines import map_picture

here = open_page("map.title", unit=False, month=False)
text, view = here.text, here.view
about = ask(map_about)
data = None if about is None else MapData(about)
if data is None or data.cells.empty:
    st.info(text("empty.no_cells"))
    st.stop()

asked = choose(here, data)
chooser(here, data, asked)
if asked.mode == RULES:
    show_rules(here, data)
    st.stop()

inside = np.ones(len(data.cells), bool)
if asked.town is not None:
    inside = (data.cells["town"] == asked.town).to_numpy()


def answered(question: Question, slot: str) -> Answer | None:
    """The answer with its sentence above; None where there is none, and the page says why."""
    card = here.cards[asked.cards[slot]] if question.shape is Shape.GAP else None
    try:
        found = answer(data, question, card, text, inside)
    except UnansweredError as lacking:
        st.info(text(f"map.lacks.{lacking.lacks}", **lacking.facts))
        return None
    paints = text(f"map.paints.{question.shape}", km=f"{about.catchment_m / 1000:g}")
    sentence = tag("div", span(text(f"map.says.{found.says}", **found.facts), css="strong"))
    board(sentence + tag("div", span(paints, css="muted small")), key=f"says_{slot}")
    return found


def drawn(found: Answer | None, question: Question, slot: str, width: str) -> None:
    """A question's map, where there is an answer."""
    if found is not None:
        title, start = named(here, data, question), first_view(here, data, asked.town, width)
        card = asked.cards.get(slot)
        show_map(here, data, question, title, found, start, slot, asked.town, asked.cell, asked.unit, card)


def details() -> None:
    if asked.cell is not None:
        board(cell_details(here, data, asked.cell), key="cell")
    elif asked.unit is not None:
        board(unit_details(here, data, asked.unit), key="unit")
    else:
        st.caption(text("map.hint"))


def listed(found: Answer) -> None:
    heading = {"units": "map.worst_units", "grids": "map.worst_grids"}.get(found.things, "map.worst")
    st.subheader(text(heading, n=f"{data.most_people:,}"), anchor=False)
    html, page, pages = worst_list(here, data, first, found, inside, asked.cell, asked.unit)
    board(html, key="worst")
    turn(page, pages)


first, second = QUESTIONS[asked.mode], QUESTIONS.get(asked.second)
if second is None:
    left, right = st.columns([2, 1], gap="medium")
    with left:
        found = answered(first, "a")
        drawn(found, first, "a", "two_thirds")
        board(notes(here, data), key="notes")
    with right:
        details()
        if found is not None:
            listed(found)
else:
    sentences, maps, below = (st.columns(2, gap="medium") for _ in range(3))
    with sentences[0]:
        found = answered(first, "a")
    with sentences[1]:
        other = answered(second, "b")
    with maps[0]:
        drawn(found, first, "a", "half")
    with maps[1]:
        drawn(other, second, "b", "half")
    with below[0]:
        board(notes(here, data), key="notes")
        details()
    with below[1]:
        if found is not None:
            listed(found)
take_away(here, [map_picture(here, first.code, named(here, data, first)), cell_files(here)])
