"""Who is asking: found anew at every run of a page, from the session that the browser's cookie names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st

from data.access.accounts import Account
from data.store import Snapshot, StoreError
from metrics import figures
from metrics.principal import LOCAL, Principal
from metrics.roles import Tree, principal_of
from metrics.rows import rows_of
from pages._store import installation, one_generation, read_as, read_as_before
from signin import serving
from signin.cookies import token_in
from signin.settings import OPEN_MODE

_WHOSE = "whose"  # of the visit's memory: the account that it is of


class SignedOutError(Exception):
    """The session has ended since the page was opened."""


@dataclass(frozen=True)
class Asking:
    """Who asks in this run; ``account`` is None where nobody signs in."""

    principal: Principal
    account: Account | None


_now: ContextVar[Asking | None] = ContextVar("asking", default=None)


def principal() -> Principal:
    """Who is asking. Raises SignedOutError."""
    return asking().principal


def asking() -> Asking:
    """The same with the account. What is called when something was clicked runs before the page: it asks anew."""
    found = _now.get()
    if found is None:
        found = _identified()
        read_as(rows_of(found.principal))
    return found


@contextmanager
def on_behalf_of(asked: Asking) -> Iterator[None]:
    """What a button does is done for whom it was drawn: files are made beside the page, where nobody's cookie is."""
    token, rows = _now.set(asked), read_as(rows_of(asked.principal))
    try:
        yield
    finally:
        read_as_before(rows)
        _now.reset(token)


@contextmanager
def of_work(is_so: bool) -> Iterator[None]:
    """In the block a server shows what is needed for a list of work, which names nobody, where it is one."""
    rows = read_as(rows_of(principal(), work=is_so))
    try:
        yield
    finally:
        read_as_before(rows)


def still_there() -> Callable[[], None]:
    """A check for what runs beside the page, long after it was drawn: it raises SignedOutError once the session has ended
    or the account is another than it was then."""
    account = asking().account
    if account is None:
        return lambda: None
    desk, token = serving.desk(), _token()

    def check() -> None:
        session = desk.session(token)
        if session is None or session.account.version != account.version:
            raise SignedOutError

    return check


@contextmanager
def identified(known: Snapshot) -> Iterator[Asking]:
    """Who is asking, for the whole block."""
    found = _identified(known)
    _forget_others(found)
    with on_behalf_of(found):
        yield found


def _identified(known: Snapshot | None = None) -> Asking:
    if serving.settings().mode == OPEN_MODE:
        return Asking(LOCAL, None)
    desk = serving.desk()
    session = desk.session(_token())
    if session is None or (desk.settings.passwords and session.account.must_change):
        raise SignedOutError
    account = session.account
    return Asking(principal_of(account, _tree(known), session.address), account)


def _token() -> str | None:
    """What the browser's cookie holds."""
    return token_in(st.context.headers.get_all("Cookie"), serving.settings().cookie)


def _tree(known: Snapshot | None) -> Tree:
    """The units as published; none before the first build."""
    if known is None:
        with one_generation() as held:
            return _tree(held)
    return _read_tree(installation().id, known.generation, known)


@st.cache_resource(max_entries=2, show_spinner=False)
def _read_tree(identifier: str, generation: int, _known: Snapshot) -> Tree:
    try:
        with _known.published() as connection:
            frame = figures.units(LOCAL, connection)
    except StoreError:  # nothing was ever built
        return Tree({}, {})
    return Tree.of(frame)


def _forget_others(found: Asking) -> None:
    """A visit that goes on under another account keeps nothing of the one before."""
    name = found.principal.name
    if st.session_state.get(_WHOSE, name) != name:
        st.session_state.clear()
    st.session_state[_WHOSE] = name
