"""The choice of a system of care in front of the choice of its indicators."""

from __future__ import annotations

import streamlit as st

from metrics.card import Card
from pages._page import Here


def system_selector(here: Here, card: Card) -> None:
    """The system of the card in view; another one opens with its first card."""
    first: dict[str, str] = {}
    for key, one in here.cards.items():
        first.setdefault(one.system, key)
    key = "filter_of_system"
    st.session_state[key] = card.system  # the URL is the one truth

    def write() -> None:
        st.query_params["ind"] = first[st.session_state[key]]
        for name in ("basis", "p"):
            st.query_params.pop(name, None)

    st.selectbox(
        here.text("filter.system"),
        sorted(first),
        format_func=lambda code: f"{code} {here.text(f'system.{code}')}",
        key=key,
        on_change=write,
        width=240,
    )
