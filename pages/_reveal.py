"""Showing one person of a list in full: for a reason, in the log first, and for this visit only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from metrics.revealing import LONGEST, REASONS, OfList, Revealed, RevealError, reason_of, reveal, shown_today
from pages._html import esc, span
from pages._log import log
from pages._page import Here
from pages._store import installation, one_generation
from pages._who import principal

_SHOWN = "revealed"  # of the visit's memory: list -> person -> what was shown


def shown_of(of: OfList) -> Mapping[int, Revealed]:
    """Who of a list was shown in this visit; nobody to whoever has lost the right."""
    if not principal().may("reveal"):
        return {}
    return st.session_state.get(_SHOWN, {}).get((installation().id, of), {})


def shown_words(here: Here, one: Revealed) -> str:
    """A name and a telephone number in the place of the masked name."""
    name = esc(one.name or here.text("reveal.no_name"))
    if one.phone is None:
        return name
    return name + "<br>" + span(here.text("reveal.phone", phone=one.phone), css="muted small")


def reveal_one(here: Here, of: Callable[[int], OfList], persons: Mapping[int, str]) -> None:
    """The form by which somebody of the page is shown; ``persons``: number -> as the list shows them; ``of``: number -> the
    list on which they stand."""
    text, most = here.text, installation().config.reveals_a_day
    with st.popover(text("reveal.open"), key="reveal"):
        st.caption(text("reveal.about"))
        with log().reading() as connection:
            st.caption(text("reveal.left", n=shown_today(connection, principal().name), most=most))
        with st.form("reveal_form", border=False):
            person = st.selectbox(
                text("reveal.who"), list(persons), format_func=persons.get, key="reveal_person"
            )
            reason, words = _fields(here, "reveal")
            pressed = st.form_submit_button(text("reveal.yes"), type="primary")
        if not pressed or person is None:
            return
        try:
            with one_generation() as known:
                found = reveal(known, log(), principal(), of(person), person, reason or "", words, most=most)
        except RevealError as error:
            st.error(text(f"reveal.error_{error.rule}", most=error.most))
            return
    shown = st.session_state.setdefault(_SHOWN, {})
    shown.setdefault((installation().id, of(person)), {})[person] = found
    st.rerun()


def asked_why(here: Here, form: str) -> str | None:
    """The fields of a reason; gives it as the log keeps it, None while it says nothing."""
    reason, words = _fields(here, form)
    try:
        return reason_of(reason or "", words)
    except RevealError:
        return None


def _fields(here: Here, form: str) -> tuple[str | None, str]:
    text = here.text
    reason = st.selectbox(
        text("reveal.reason"),
        REASONS,
        index=None,
        format_func=lambda code: text(f"reveal.{code}"),
        placeholder=text("reveal.reason"),
        key=f"{form}_reason",
    )
    return reason, st.text_input(
        text("reveal.words"), help=text("reveal.words_help"), max_chars=LONGEST, key=f"{form}_words"
    )
