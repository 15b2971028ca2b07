"""The section "what was known when" of the indicator page: a month's figure as it stood on earlier days."""

from __future__ import annotations

from datetime import date

import streamlit as st

from metrics.card import Card
from metrics.past import ENTERED, PastFigure, can_tell, days_to_ask, may_ask, past_figures
from metrics.reading import within
from metrics.units import count, difference, is_missing, show
from pages._board import board
from pages._html import esc, span, table, tag
from pages._method import method_line
from pages._month import month_name
from pages._open import ask_list
from pages._page import Here
from pages._view import selector
from pages._who import principal

_CHOICES = ("no", "days")
_MOST = 8  # days: each state of knowledge is a count of the unit's people


def past(here: Here, card: Card, basis: str, now: float) -> None:
    """The section; nothing where ``why`` has said that the records are not theirs, or where figures are made of others."""
    if not can_tell(card) or not may_ask(principal(), card, within(here.tree, here.unit)):
        return
    text, view = here.text, here.view
    st.subheader(text("past.title"), anchor=False)
    view.choose("past", _CHOICES, _CHOICES[0], "filter.past")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        selector(
            view,
            st.segmented_control,
            "past",
            _CHOICES,
            lambda name: text(f"past.{name}"),
            text("filter.past"),
            label_visibility="collapsed",
            required=True,
        )
        if view.values["past"] == _CHOICES[0]:
            st.caption(text("past.about"))
            return
        day = _day(here)
    with st.spinner(text("past.computing")):
        days = ask_list(days_to_ask, card, month=here.month, most=_MOST)
        days = sorted({*days, *([day] if day is not None else [])})
        figures = ask_list(
            past_figures, card, unit=here.unit, month=here.month, basis=basis, days=tuple(days)
        )
    board(_table(here, card, figures, now, day), key="past")


def _day(here: Here) -> date | None:
    """The day that is asked for, in the address; None for none."""
    key, first = "filter_asof", date(here.month // 12, here.month % 12 + 1, 1)
    last = max(date.today(), first)
    try:
        asked = date.fromisoformat(st.query_params.get("asof", ""))
    except ValueError:
        asked = None
    asked = asked if asked is not None and first <= asked <= last else None
    st.session_state[key] = asked

    def write() -> None:
        chosen = st.session_state[key]
        if chosen is None:
            st.query_params.pop("asof", None)
        else:
            st.query_params["asof"] = chosen.isoformat()

    st.date_input(
        here.text("past.day"),
        min_value=first,
        max_value=last,
        key=key,
        on_change=write,
        format="YYYY-MM-DD",
        width=180,
    )
    return asked


def _table(here: Here, card: Card, figures: list[PastFigure], now: float, chosen: date | None) -> str:
    text = here.text
    known = [figure.value for figure in figures if figure.value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    rows = []
    for figure in figures:
        value = figure.value
        at = 0.5 if high == low or value is None else (value - low) / (high - low)
        bar = "" if value is None else tag("u", style=f"left:{at * 98:.1f}%")
        made = ""
        if figure.numerator is not None and value is not None:
            made = count(figure.numerator)
            made += (
                f" / {count(figure.denominator)}" if card.is_ratio and figure.denominator is not None else ""
            )
        apart = "" if value is None else difference(now - value, card.unit, here.language)
        how = text(f"past.how_{figure.standing.how}") if value is not None else text("past.nothing")
        if figure.redefined:
            how += text("past.redefined")
        rows.append(
            [
                span(f"{figure.day:%Y-%m-%d}", css="strong" if figure.day == chosen else ""),
                span(show(value, card.unit, here.language), css="strong"),
                esc(made),
                tag("span", bar, css="bar"),
                esc(apart),
                span(how, css="small muted"),
            ]
        )
    head = [text(f"past.column_{name}") for name in ("day", "value", "made_of", "bar", "apart", "how")]
    notes = [text("past.rules")]
    if any(figure.standing.how == ENTERED for figure in figures):
        notes.append(text("past.entered"))
    if not is_missing(now):
        notes.insert(
            0, text("past.now", month=month_name(here.month, text), value=show(now, card.unit, here.language))
        )
    lines = "".join(tag("div", esc(note), css="small muted") for note in notes)
    return tag(
        "div",
        table(head, rows, css="stack", marks=["nowrap", "n", "n", "", "n", "w"]),
        lines,
        method_line(here, text("past.method"), "past"),
    )
