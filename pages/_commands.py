"""Commands of the server, for whoever runs it: folded, and shown to no other account."""

from __future__ import annotations

import streamlit as st

from pages._page import Here
from pages._who import principal


def commands(here: Here, *lines: str) -> None:
    """The lines as they are typed on the server; nothing to whoever may not make accounts."""
    if not principal().may("accounts"):
        return
    with st.expander(here.text("data.commands")):
        st.code("\n".join(lines), language=None)
