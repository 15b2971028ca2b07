"""The choice of a figure in front of a page: system of care, indicator, basis."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from metrics.card import Card
from pages._page import Here
from pages._view import selector


def figure_selectors(
    here: Here, cards: Mapping[str, Card], card: Card, label: str, drops: tuple[str, ...] = ()
) -> None:
    """Of ``cards`` the system of the one in view, the indicators of that system under a label, and the bases where there are
    several. ``drops``: what another indicator takes out of the address."""
    system_selector(here, cards, card)
    selector(
        here.view,
        st.selectbox,
        "ind",
        [key for key, one in cards.items() if one.system == card.system],
        lambda key: cards[key].name[here.language],
        label,
        drops=drops,
        width=400,
    )
    bases = [str(basis) for basis in card.bases]
    if len(bases) > 1:
        selector(
            here.view,
            st.segmented_control,
            "basis",
            bases,
            lambda code: here.text(f"basis.{code}"),
            here.text("filter.basis"),
            required=True,
        )


def system_selector(here: Here, cards: Mapping[str, Card], card: Card) -> None:
    """The system of the card in view; another one opens with its first card."""
    first: dict[str, str] = {}
    for key, one in cards.items():
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
