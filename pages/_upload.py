"""How files get in."""

from __future__ import annotations

import streamlit as st

from pages._page import Here


def upload(here: Here) -> None:
    """For an installation of one's own, a place to drop files; the demo takes none."""
    if here.is_demo:
        st.caption(here.text("data.demo_import"))
