"""Pages of a long list: which one the URL asks for, and the control that turns them."""

from __future__ import annotations

import streamlit as st


def wanted() -> int:
    """The page that the URL asks for; the first where it asks for none."""
    asked = st.query_params.get("p", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def pager(name: str, pages: int, page: int) -> None:
    """The control; nothing where there is one page only."""
    if pages < 2:
        return
    key = f"{name}_{page}_of_{pages}"  # another page is another control: the URL is the one truth

    def write() -> None:
        st.query_params["p"] = str(st.session_state[key])

    st.pagination(pages, default=page, key=key, on_change=write)
