"""The log: who did what when, newest first, looked for, verified and taken away."""

from __future__ import annotations

import streamlit as st

from data.access import audit, searching
from pages._log import log, noted_once
from pages._log_show import about_words, entries, filters, names, taking, verifying
from pages._page import open_alone
from pages._store import installation
from pages._who import principal

principal().require("log")
view = open_alone("log.title")
text = view.text
noted_once("log", {"did": "look"})
with log().reading() as connection:
    total, since, everybody = (
        audit.count(connection),
        searching.first_at(connection),
        searching.names(connection),
    )
st.caption(about_words(text, since, total, installation().config.log_days))
known = names(view.language)
asked = filters(view, everybody, known)
found = entries(view, asked, known)
with st.container(horizontal=True, vertical_alignment="center"):
    if found:
        given = {
            name: st.query_params[name]
            for name in ("from", "to", "who", "did", "q")
            if name in st.query_params
        }
        taking(
            view,
            asked,
            known,
            {
                "n": found,
                "filter": " ".join(f"{name}={value}" for name, value in given.items() if value != "all"),
            },
        )
    verifying(view)
