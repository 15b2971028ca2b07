"""Who is signed in, at the end of a page's head, and the way out."""

from __future__ import annotations

import streamlit as st

from pages._html import esc
from pages._text import Text, typed
from pages._who import asking
from signin import serving


def account_menu(text: Text) -> None:
    """The account's name; opened, its role and the ways to another password and out. Nothing where nobody signs in."""
    account = asking().account
    if account is None:
        return
    with st.popover(typed(account.shown), icon=":material/account_circle:", key="account"):
        st.caption(text("account.is", role=text(f"role.{account.role}"), name=typed(account.name)))
        # Links that leave the page: the door's own pages answer there.
        ways = [("password", "account.password")] if serving.settings().passwords else []
        ways.append(("signout", "account.out"))
        st.html(
            "".join(
                f'<p><a href="./{way}" target="_self" style="color:inherit">{esc(text(name))}</a></p>'
                for way, name in ways
            )
        )


def signed_out(text: Text) -> None:
    """What stands where a page was when its session has ended."""
    st.info(text("account.ended"))
    st.html(f'<p><a href="./signin" target="_self" style="color:inherit">{esc(text("account.in"))}</a></p>')
