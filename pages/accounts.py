"""Accounts: who may come in, as what, for which units; one account with what can be done about it."""

from __future__ import annotations

import streamlit as st

from pages._account_forms import add_form, change_form, deeds, forget_secret, told
from pages._accounts import account_list, everyone, facts
from pages._board import board
from pages._html import anchor, esc, tag
from pages._page import open_page
from pages._text import literal, typed
from pages._who import principal
from signin import serving

_OPENED = "account_opened"

principal().require("accounts")
here = open_page("accounts.title", unit=False, month=False, needed=False)
text, view = here.text, here.view
asked = st.query_params.get("account")
if st.session_state.get(_OPENED) not in (None, asked or ""):
    forget_secret()
st.session_state[_OPENED] = asked or ""
if serving.settings().mode == "open":
    st.info(text("accounts.open_mode"))
known = everyone()
opened = [one for one in known if str(one.account.number) == asked]
told(here)
if asked is not None and not opened:
    st.warning(text("notice.unknown", what=text("menu.accounts"), value=literal(asked)))
if opened:
    (one,) = opened
    board(tag("div", anchor(view.link("accounts"), esc(text("accounts.back")))), key="back")
    st.subheader(
        text("accounts.of", name=typed(one.account.name), shown=typed(one.account.shown)), anchor=False
    )
    board(facts(here, one), key="account_facts")
    deeds(here, one)
    st.markdown(f"**{text('accounts.change')}**")
    change_form(here, one)
else:
    with st.expander(text("accounts.add")):
        add_form(here)
    account_list(here, known)
