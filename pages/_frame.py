"""The frame around every page: menu, language, and whether this is a demo."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from data.failures import failure
from metrics.principal import NotAllowedError
from pages._account import signed_out
from pages._errors import ANSWERS, half, told, why_away
from pages._log import refused
from pages._menu import menu_of
from pages._settled import settle
from pages._store import one_generation
from pages._view import start
from pages._who import Asking, SignedOutError, identified

view = start()
text = view.text
st.set_page_config(page_title=text("app.title"), page_icon="🏥", layout="wide")
st.html(
    "<style>"
    ".block-container{padding-top:4.2rem;padding-bottom:3rem;max-width:1500px}"
    "h1{padding:0}h3{padding:0.7rem 0 0.1rem}"
    ".st-key-page .stVerticalBlock{gap:0.7rem}"
    # All of the menu is on one line, in both languages, on a usual screen.
    "[data-testid=stTopNavLink]{padding:0 0.24rem}[data-testid=stTopNavLink] p{font-size:0.82rem}"
    "[data-testid=stTopNav] .rc-overflow-item>div{margin-right:0.1rem}"
    "@media(max-width:640px){.block-container{padding:3.9rem 0.8rem 2rem}}"
    "</style>"
)


#: As the framework marks the entry of the page that is open.
_HERE = "background:rgba(153,173,194,0.25);font-weight:600"


def run(asked: Asking) -> None:
    """The page that was asked for, of those that this principal may open; another address leads to the first of them."""
    may = menu_of(asked.principal)
    if not may:
        st.info(text("empty.no_pages"))
        return
    (first, entry), *others = may.items()
    pages = [
        st.Page(entry.script, title=text(f"menu.{first}"), url_path="start", default=True),
        *(st.Page(one.script, title=text(f"menu.{name}"), url_path=name) for name, one in others),
        # The framework gives the page at the root no address of its own, but people type one and links hold it.
        st.Page(entry.script, title=text(f"menu.{first}"), url_path=first, visibility="hidden"),
    ]
    page = st.navigation(pages, position="top")
    if (
        page.url_path == first
    ):  # the menu's entry is of the root: the framework does not mark it at this address
        st.html(f"<style>[data-testid=stTopNav] a[href$='/']{{{_HERE}}}</style>")
    for words in refused():
        st.error(half(words, text.language))
    page.run()
    settle(page.url_path)


try:
    with one_generation() as known, identified(known) as asked:
        run(asked)
except SignedOutError:
    st.session_state.clear()  # names that were shown, files that were made
    signed_out(text)
except NotAllowedError:
    st.error(text("error.not_allowed"))
except ANSWERS as error:
    st.error(told(error, text))
except (SQLAlchemyError, OSError) as error:
    if why_away(error) is None and failure(error) is None:
        raise
    st.error(told(error, text))
