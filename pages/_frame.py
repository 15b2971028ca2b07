"""The frame around every page: menu, language, and whether this is a demo."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.exc import OperationalError

from pages._errors import ANSWERS, told, unreachable
from pages._menu import PAGES
from pages._open import one_generation
from pages._view import start

view = start()
text = view.text
st.set_page_config(page_title=text("app.title"), page_icon="🏥", layout="wide")
st.html(
    "<style>"
    ".block-container{padding-top:4.2rem;padding-bottom:3rem;max-width:1500px}"
    "h1{padding:0}h3{padding:0.7rem 0 0.1rem}"
    ".st-key-page .stVerticalBlock{gap:0.7rem}"
    "@media(max-width:640px){.block-container{padding:3.9rem 0.8rem 2rem}}"
    "</style>"
)
pages = [
    st.Page(script, title=text(f"menu.{name}"), url_path=name, default=name == "overview")
    for name, script in PAGES.items()
]
page = st.navigation(pages, position="top")

try:
    with one_generation():
        page.run()
except ANSWERS as error:
    st.error(told(error, text))
except OperationalError as error:
    if not unreachable(error):
        raise
    st.error(told(error, text))
