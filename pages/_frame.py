"""The frame around every page: menu, language, and whether this is a demo."""

from __future__ import annotations

import streamlit as st

from data.installation import InstallationError
from pages._menu import PAGES
from pages._open import installation
from pages._text import LANGUAGES
from pages._view import selector, start

view = start()
text = view.text
st.set_page_config(page_title=text("app.title"), page_icon="🏥", layout="wide")
st.html(
    "<style>"
    ".block-container{padding-top:3.6rem;padding-bottom:3rem;max-width:1500px}"
    ".st-key-language{position:absolute;top:-2.4rem;right:0;width:auto}"
    "</style>"
)
pages = [
    st.Page(script, title=text(f"menu.{name}"), url_path=name, default=name == "overview")
    for name, script in PAGES.items()
]
page = st.navigation(pages, position="top")

try:
    place = installation()
except InstallationError as error:
    st.error(str(error))
    st.stop()

with st.container(horizontal=True, vertical_alignment="center", key="top"):
    with st.container(width="stretch"):
        if place.is_demo:
            st.badge(text("app.demo"), color="orange")
    selector(
        view,
        st.segmented_control,
        "lang",
        LANGUAGES,
        lambda code: text(f"language.{code}"),
        text("filter.language"),
        label_visibility="collapsed",
        required=True,
    )
page.run()
