"""What is asked of the map: the question, a second one to compare, the town, and what is opened; all of it in the address."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from metrics.units import count
from pages._map_data import MapData
from pages._map_questions import GROUPS, QUESTIONS, Question, Shape, of_group
from pages._map_show import open_units
from pages._page import Here
from pages._text import literal
from pages._view import selector

RULES = "rules"
_ALONE, _WHOLE = "alone", "whole"


@dataclass(frozen=True)
class Asked:
    """mode: code of a question, or RULES; cards: key of the indicator by slot ("a", "b"); what is not asked is None."""

    mode: str
    second: str | None
    town: str | None
    cell: str | None
    unit: int | None
    cards: dict[str, str] = field(default_factory=dict)


def choose(here: Here, data: MapData) -> Asked:
    """From the address; what it cannot mean falls back and is told."""
    view = here.view
    view.choose("mode", [*QUESTIONS, RULES], "beyond", "filter.mode")
    mode = view.values["mode"]
    if mode == RULES:
        return Asked(mode, None, None, None, None)
    second = view.choose("with", [_ALONE, *QUESTIONS], _ALONE, "filter.with")
    town = view.choose("area", [_WHOLE, *data.towns["code"].dropna()], _WHOLE, "filter.area")
    cards = {}
    for slot, code, name in (("a", mode, "ind"), ("b", second, "ind2")):
        if code in QUESTIONS and QUESTIONS[code].shape is Shape.GAP:
            keys = [card.key for card in data.indicators]
            cards[slot] = view.choose(name, keys, keys[0], "filter.indicator")
    unit = None
    by_code = dict(zip(open_units(here)["code"], open_units(here)["unit"], strict=True))
    cell = _opened(here, "cell", set(data.cells["cell"]))
    if cell is None:
        at = _opened(here, "at", set(by_code))
        unit = None if at is None else int(by_code[at])
    return Asked(
        mode,
        None if second == _ALONE else second,
        None if town == _WHOLE else town,
        cell,
        unit,
        cards,
    )


def _opened(here: Here, name: str, known: set[str]) -> str | None:
    asked = st.query_params.get(name)
    if asked is not None and asked not in known:
        here.view.notice(here.text("notice.unknown", what=here.text(f"filter.{name}"), value=literal(asked)))
        return None
    return asked


def chooser(here: Here, data: MapData, asked: Asked) -> None:
    """Groups, the questions of one of them, and beside them the town and what is compared."""
    text, view = here.text, here.view
    group = RULES if asked.mode == RULES else QUESTIONS[asked.mode].group
    st.session_state["map_group"] = group

    def write() -> None:
        chosen = st.session_state["map_group"]
        st.query_params["mode"] = RULES if chosen == RULES else of_group(chosen)[0]
        st.query_params.pop("p", None)

    with st.container(horizontal=True, vertical_alignment="center", key="map_groups"):
        st.segmented_control(
            text("map.group"),
            [*GROUPS, RULES],
            format_func=lambda code: text(f"map.group_{code}"),
            key="map_group",
            on_change=write,
            required=True,
            label_visibility="collapsed",
        )
        if asked.mode != RULES:
            _where(here, data)
    if asked.mode == RULES:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="map_questions"):
        selector(
            view,
            st.pills,
            "mode",
            of_group(group),
            lambda code: label(here, data, QUESTIONS[code]),
            text("filter.mode"),
            required=True,
            label_visibility="collapsed",
        )
        if "a" in asked.cards:
            _indicator(here, data, "ind")
        if "b" in asked.cards:
            _indicator(here, data, "ind2")


def _where(here: Here, data: MapData) -> None:
    """The town, and what is compared."""
    text, view = here.text, here.view
    if len(data.towns):
        names = dict(zip(data.towns["code"], data.towns["name"], strict=True))
        selector(
            view,
            st.selectbox,
            "area",
            [_WHOLE, *data.towns["code"].dropna()],
            lambda code: text("map.whole") if code == _WHOLE else names[code],
            text("filter.area"),
            width=170,
            label_visibility="collapsed",
        )
    selector(
        view,
        st.selectbox,
        "with",
        [_ALONE, *QUESTIONS],
        lambda code: text("map.alone") if code == _ALONE else named(here, data, QUESTIONS[code]),
        text("filter.with"),
        width=290,
        label_visibility="collapsed",
    )


def _indicator(here: Here, data: MapData, name: str) -> None:
    selector(
        here.view,
        st.selectbox,
        name,
        [card.key for card in data.indicators],
        lambda key: here.cards[key].name[here.language],
        here.text("filter.indicator"),
        width=360,
        label_visibility="collapsed",
    )


def label(here: Here, data: MapData, question: Question) -> str:
    """A question in few words."""
    return here.text(f"map.{question.code}", km=data.km, people=count(data.most_people))


def named(here: Here, data: MapData, question: Question) -> str:
    """A question with its group, where it stands among those of others."""
    group = here.text(f"map.group_{question.group}")
    return f"{group} · {label(here, data, question)}"
