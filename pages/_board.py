"""The board: our own HTML on a page, with links that keep the session.

The one place with custom CSS and script (``_board.css``, ``_board.js``).
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from pages._menu import menu_of, script_of
from pages._who import principal

_HERE = Path(__file__).parent


@st.cache_resource(show_spinner=False, max_entries=1)
def _component():
    return st.components.v2.component(
        "jiceng_board",
        html='<div class="board"></div>',
        css=(_HERE / "_board.css").read_text("utf-8"),
        js=(_HERE / "_board.js").read_text("utf-8"),
    )


def board(html: str, key: str) -> None:
    """Show HTML made with ``pages._html``; a click on one of its links opens that view."""
    result = _component()(key=key, data={"html": html}, on_go_change=lambda: None)
    if result.go:
        follow(result.go)


def follow(link: str) -> None:
    """Open a view named by a link of ours; anything else, and a page that the principal may not open, is ignored."""
    parts = urlsplit(link)
    page = "overview" if parts.path == "./" else parts.path  # the first page lives at the root
    if page in menu_of(principal()) and not parts.netloc and not parts.scheme:
        st.switch_page(script_of(page), query_params=dict(parse_qsl(parts.query)))
