"""How figures are judged: a section a method, in plain words. A link opens one of them."""

from __future__ import annotations

import streamlit as st

from pages._board import board
from pages._html import esc, tag
from pages._method import ENTRIES, levels, sections
from pages._page import open_page

here = open_page("method.title", unit=False, month=False)
text, view = here.text, here.view
every = sections(here.language, levels(here.month))
view.choose("about", ["all", *every], "all", "filter.method")

st.caption(text("method.intro"))
for name, said in every.items():
    with st.expander(
        f"**{said['name']}**　{said['short']}",
        expanded=view.values["about"] == name,
        key=f"{name}_{view.values['about']}",
    ):
        terms = (
            tag("dt", esc(text(f"method.{entry}"))) + tag("dd", esc(said[entry])) for entry in ENTRIES[2:]
        )
        board(tag("dl", *terms, css="method"), key=f"board_{name}")
