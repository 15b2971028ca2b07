"""Marked events of an indicator page: what stands on the chart in words, and the forms of whoever may mark."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from exports.words import who
from metrics.card import Card
from metrics.cards import CARDS
from metrics.changing import marking
from metrics.changing.control import Control
from metrics.changing.events import PARAMETER, POPULATION, WRITTEN, Mark
from metrics.changing.terms import lengths_in
from metrics.standards import parameters
from pages._board import board
from pages._edit import edit, seen
from pages._html import esc, span, table
from pages._month import code_of, month_name, month_of
from pages._page import Here
from pages._who import principal

_TURN = "mark_turn"
_LONGEST = 200  # characters: a line on a chart, no report


def marks_of(found: Control, events: pd.DataFrame) -> list[Mark]:
    """Known and written events, by month; those before the chart's first month are left out."""
    written = [
        Mark(int(row.month), WRITTEN, row.words, bool(row.rebase), int(row.event))
        for row in events.itertuples()
    ]
    if found.months:
        written = [one for one in written if one.month >= found.months[0]]
    return sorted([*found.marks, *written], key=lambda mark: mark.month)


def words_of(here: Here, one: Mark) -> str:
    """An event in words."""
    if one.kind == WRITTEN:
        return one.about
    about = one.about
    if one.kind == PARAMETER:
        value = parameters()[one.about][-1]
        about = value.zh if here.language == "zh" else value.en
    if one.kind == POPULATION:
        about = here.text(f"denominator_kind.{one.about}")
    return here.text(f"mark.kind_{one.kind}", about=about)


def events_list(here: Here, card: Card, marks: Sequence[Mark], events: pd.DataFrame) -> None:
    """What is marked, and below it the forms of whoever may mark something here."""
    if marks:
        board(_listed(here, marks, events), key="control_events")
    own = [row for row in events.itertuples() if _may_touch(row)]
    scopes = _scopes(here, card)
    if not scopes and not own:
        return
    with st.container(horizontal=True):
        if scopes:
            with st.popover(here.text("mark.add")):
                _add(here, card, scopes)
        if own:
            with st.popover(here.text("mark.edit")):
                _amend(here, own)


def _listed(here: Here, marks: Sequence[Mark], events: pd.DataFrame) -> str:
    text = here.text
    by = {int(row.event): row.edited_by for row in events.itertuples()}
    rows = [
        [
            esc(code_of(one.month)),
            esc(words_of(here, one)),
            esc(text("mark.rebased" if one.rebase else "mark.only_marked")),
            esc(who(by[one.number], text))
            if one.number is not None
            else span(text("mark.known"), css="muted"),
        ]
        for one in marks
    ]
    head = [esc(text(f"mark.head_{name}")) for name in ("month", "words", "limits", "by")]
    return table(head, rows, css="stack", marks=["nowrap", "w", "nowrap", "nowrap"])


def _may_touch(row) -> bool:
    unit = None if pd.isna(row.unit) else int(row.unit)
    card = None if row.indicator is None else CARDS.get(row.indicator)
    return marking.may_mark(principal(), unit, card)


def _scopes(here: Here, card: Card) -> list[tuple[bool, bool]]:
    """(all units, all indicators) of what somebody may mark from here, the narrowest first."""
    found = []
    for all_units in (False, True):
        for all_cards in (False, True):
            unit, of = None if all_units else here.unit, None if all_cards else card
            if marking.may_mark(principal(), unit, of):
                found.append((all_units, all_cards))
    return found


def _add(here: Here, card: Card, scopes: list[tuple[bool, bool]]) -> None:
    text, turn = here.text, st.session_state.get(_TURN, 0)
    form = f"mark_{here.unit}_{card.key}_{turn}"
    months = [code_of(month) for month in range(here.month, here.month - lengths_in(here.month).shown, -1)]
    with st.form(form, border=False):
        month = st.selectbox(
            text("mark.month"),
            months,
            format_func=lambda code: month_name(month_of(code), text),
            key=f"{form}_month",
        )
        words = st.text_input(
            text("mark.words"), max_chars=_LONGEST, help=text("mark.words_help"), key=f"{form}_words"
        )
        scope = st.selectbox(
            text("mark.scope"),
            range(len(scopes)),
            format_func=lambda at: _scope_words(here, *scopes[at]),
            key=f"{form}_scope",
        )
        rebase = st.checkbox(text("mark.rebase"), value=True, key=f"{form}_rebase")
        pressed = st.form_submit_button(text("mark.save"), type="primary")
    if pressed and not words.strip():
        st.error(text("mark.no_words"))
    elif pressed:
        all_units, all_cards = scopes[scope]

        def begun_anew(_number: int) -> Sequence[str]:
            st.session_state[_TURN] = turn + 1
            return ()

        edit(
            here,
            lambda c: marking.mark(
                principal(),
                c,
                None if all_units else here.unit,
                None if all_cards else card,
                month_of(month),
                words,
                rebase,
            ),
            text("mark.marked"),
            then=begun_anew,
        )


def _scope_words(here: Here, all_units: bool, all_cards: bool) -> str:
    unit = here.text("mark.all_units") if all_units else here.name_of(here.unit)
    return here.text(
        "mark.scope_of", unit=unit, cards=here.text(f"mark.{'all_cards' if all_cards else 'this_card'}")
    )


def _amend(here: Here, own: list) -> None:
    """Say one otherwise, or take it away."""
    text = here.text
    of = {int(row.event): row for row in own}
    number = st.selectbox(
        text("mark.which"),
        list(of),
        format_func=lambda one: f"{code_of(int(of[one].month))} {of[one].words}",
        key="mark_which",
    )
    row, form = of[number], f"mark_{number}"
    with st.form(form, border=False):
        version = seen(form, f"{form}_words", int(row.version))
        words = st.text_input(text("mark.words"), row.words, max_chars=_LONGEST, key=f"{form}_words")
        rebase = st.checkbox(text("mark.rebase"), value=bool(row.rebase), key=f"{form}_rebase")
        with st.container(horizontal=True):
            saved = st.form_submit_button(text("mark.save"), type="primary")
            gone = st.form_submit_button(text("mark.remove"))
    if saved and not words.strip():
        st.error(text("mark.no_words"))
    elif saved:
        edit(
            here,
            lambda c: marking.amend(principal(), c, number, version, int(row.month), words, rebase),
            form=form,
        )
    elif gone:
        edit(here, lambda c: marking.remove(principal(), c, number, version), text("mark.removed"), form)
