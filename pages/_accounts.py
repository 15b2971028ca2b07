"""Accounts on their page: the list, and what an account is as facts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from data.access.accounts import ROLES, Account
from metrics import account_book
from metrics.account_book import Listed
from metrics.units import MISSING
from pages._board import board
from pages._html import anchor, esc, span, table, tag
from pages._log import log
from pages._page import Here
from pages._pager import pager, wanted
from pages._view import selector
from pages._who import principal
from signin import serving

SIZE = 50  # rows of a page
STATES = ("all", "active", "disabled", "locked", "never")


def everyone() -> list[Listed]:
    """All accounts, read anew."""
    settings = serving.settings()
    with log().reading() as connection:
        return account_book.listed(
            principal(), connection, settings.limits, settings.failures, settings.minutes
        )


def local_time(at: datetime | None) -> str:
    """A time of the accounts as this machine's clock shows it."""
    return MISSING if at is None else f"{at.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M}"


def account_list(here: Here, known: Sequence[Listed]) -> None:
    """Everyone by role and unit, as asked for; a name opens the account."""
    text, view = here.text, here.view
    view.choose("role", ["all", *ROLES], "all", "accounts.role")
    view.choose("state", STATES, "all", "filter.show")
    key = "account_search"
    st.session_state[key] = st.query_params.get("q", "")[:80]

    def search() -> None:
        for name, value in (("q", st.session_state[key]), ("p", "")):
            st.query_params.pop(name, None)
            if value:
                st.query_params[name] = value

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            text("filter.search"),
            key=key,
            max_chars=80,
            placeholder=text("accounts.placeholder"),
            on_change=search,
            width=260,
        )
        selector(
            view,
            st.selectbox,
            "role",
            ["all", *ROLES],
            lambda code: text("accounts.every_role" if code == "all" else f"role.{code}"),
            text("accounts.role"),
            width=190,
        )
        selector(
            view,
            st.selectbox,
            "state",
            STATES,
            lambda code: text(f"accounts.show_{code}"),
            text("filter.show"),
            width=170,
        )
    found = _found(here, known, st.session_state[key], view.values["role"], view.values["state"])
    st.caption(
        text(
            "accounts.count",
            n=len(found),
            of=len(known),
            disabled=sum(one.account.disabled for one in known),
            locked=sum(one.locked_until is not None for one in known),
        )
    )
    if not found:
        st.info(text("accounts.nobody"))
        return
    pages = math.ceil(len(found) / SIZE)
    page = min(wanted(), pages)
    board(_table(here, found[(page - 1) * SIZE : page * SIZE]), key="accounts")
    pager("accounts", pages, page)


def _found(here: Here, known: Sequence[Listed], words: str, role: str, state: str) -> list[Listed]:
    """Those of a role and a state in which every word is found: in the names, the units, the systems."""
    parts = words.casefold().split()
    return [
        one
        for one in known
        if role in ("all", one.account.role)
        and (state == "all" or state in _states(one))
        and all(part in _searched(here, one.account) for part in parts)
    ]


def _states(one: Listed) -> set[str]:
    """What is true of an account, of STATES."""
    found = {"disabled" if one.account.disabled else "active"}
    if one.locked_until is not None:
        found.add("locked")
    if one.last_in is None:
        found.add("never")
    return found


def _searched(here: Here, one: Account) -> str:
    return " ".join((one.name, one.shown, units_words(here, one), *one.units, *one.systems)).casefold()


def _table(here: Here, found: Sequence[Listed]) -> str:
    text = here.text
    rows = []
    for one in found:
        of = one.account
        name = anchor(here.view.link("accounts", account=of.number), esc(of.name), css="strong")
        systems = text("list.comma").join(of.systems)
        rows.append(
            [
                name + tag("div", esc(of.shown), css="small muted"),
                marks(here, one),
                esc(text(f"role.{of.role}"))
                + (tag("div", esc(systems), css="small muted") if systems else ""),
                esc(units_words(here, of)) or MISSING,
                local_time(one.last_in),
                str(one.sessions) if one.sessions else MISSING,
            ]
        )
    names = ("name", "state", "role", "units", "last_in", "sessions")
    return table(
        [esc(text(f"accounts.{name}")) for name in names],
        rows,
        marks=["nowrap", "", "nowrap", "w", "nowrap", "n"],
    )


def marks(here: Here, one: Listed) -> str:
    """The state of an account in words with colours."""
    text, said = here.text, []
    if one.account.disabled:
        said.append(span(text("accounts.is_disabled"), css="none"))
    if one.locked_until is not None:
        said.append(span(text("accounts.is_locked", until=local_time(one.locked_until)), css="below"))
    if one.account.must_change:
        said.append(span(text("accounts.is_to_change"), css="course"))
    if not one.account.has_password:
        said.append(span(text("accounts.is_elsewhere"), css="muted"))
    return " ".join(said) or span(text("accounts.is_active"), css="at")


def units_words(here: Here, one: Account) -> str:
    """The names of an account's units; a code that no unit has as it is."""
    names = {str(row.code): row.name for row in here.tree.itertuples()}
    return here.text("list.comma").join(names.get(code, code) for code in one.units)


def facts(here: Here, one: Listed) -> str:
    """An account as it is."""
    text, of = here.text, one.account
    told = [
        ("shown", esc(of.shown)),
        ("role", esc(text(f"role.{of.role}"))),
        ("units", esc(units_words(here, of)) or MISSING),
        ("systems", esc(text("list.comma").join(of.systems)) or esc(text("accounts.every_system"))),
        ("state", marks(here, one)),
        ("last_in", local_time(one.last_in)),
        ("sessions", str(one.sessions)),
        ("password_since", local_time(of.changed_at)),
    ]
    return tag("dl", *(tag("dt", esc(text(f"accounts.{name}"))) + tag("dd", value) for name, value in told))
