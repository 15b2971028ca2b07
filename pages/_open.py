"""What pages have open: the installation, its store, who is asking, and remembered answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import func, select

from data.installation import Installation, home, open_installation
from data.intake.layouts import Layout, load_layouts
from data.register import Register, open_register
from data.register.tables import history
from data.store import Snapshot, Store, StoreError, open_store
from metrics import figures, ledger
from metrics.principal import LOCAL, Principal


def installation() -> Installation:
    """The installation in force. Raises InstallationError when there is none."""
    about = home() / "installation.toml"
    written = about.stat().st_mtime_ns if about.is_file() else 0  # a folder may be emptied and made anew
    return _installation(str(home()), written)


def store() -> Store:
    """Its store, opened once for all sessions."""
    return _store(str(home()), installation().id)


def register() -> Register:
    """What people write in this installation, opened once for all sessions. Never remembered: it changes at any time."""
    return _register(str(home()), installation().id)


def last_edit() -> int | None:
    """The number of the last edit of the register; None before the first. What rests on the register is kept under it."""
    with register().reading() as connection:
        return connection.execute(select(func.max(history.c.entry))).scalar()


_held: ContextVar[Snapshot | None] = ContextVar("held", default=None)


@contextmanager
def one_generation() -> Iterator[Snapshot]:
    """The generation in force, held: all that is asked within the block is of it.

    The frame holds one for a whole run, so that a page never mixes two; a block inside it gets the same.
    """
    held = _held.get()
    if held is not None:
        yield held
        return
    with store().snapshot() as snapshot:
        token = _held.set(snapshot)
        try:
            yield snapshot
        finally:
            _held.reset(token)


def principal() -> Principal:
    """Who is asking."""
    return LOCAL


def ask(function: Callable[..., Any], **arguments: Any) -> Any:
    """The answer of a function of ``metrics.figures`` about the generation held, remembered.

    The key is the installation, the generation, the principal's scope and the arguments, which must be plain values;
    ``cards`` is left out of the key because the cards do not change while the server runs.
    """
    who = principal()
    plain = {name: value for name, value in arguments.items() if name not in ("cards", "card")}
    named = {name: value.key for name, value in arguments.items() if name == "card"}
    chosen = {name: tuple(value) for name, value in arguments.items() if name == "cards"}
    about = (who.figures.key(), function.__name__, *sorted((plain | named | chosen).items()))
    with one_generation() as known:

        def read() -> Any:
            with known.published() as connection:
                return function(who, connection, **arguments)

        return _remembered((installation().id, known.generation, *about), read)


def ask_records(function: Callable[..., Any], **arguments: Any) -> Any:
    """The answer of a function of ``metrics.ledger``, read anew each time; see ``has_records``."""
    with one_generation() as known, known.records() as connection:
        return function(principal(), connection, **arguments)


def built_or_none() -> figures.Built | None:
    """The last build; None while nothing is built."""
    try:
        return ask(_built)
    except StoreError:  # the published part was never written
        return None


def layouts() -> dict[str, Layout]:
    """The layouts of source files, the installation's own included."""
    return _layouts(str(home()), installation().id)


def has_records() -> bool:
    """Whether anything was ever imported."""
    try:
        with one_generation() as known, known.records() as connection:
            return ledger.has_book(connection)
    except StoreError:  # the records part was never written
        return False


def units() -> pd.DataFrame:
    """The units in scope, in tree order."""
    return ask(figures.units)


def _built(_who: Principal, connection) -> figures.Built | None:
    return figures.built(connection)


@st.cache_data(max_entries=2000, show_spinner=False)
def _remembered(key: tuple, _read: Callable[[], Any]) -> Any:
    return _read()


@st.cache_resource(max_entries=8, show_spinner=False)
def _layouts(folder: str, identifier: str) -> dict[str, Layout]:
    return load_layouts(Path(folder))


@st.cache_resource(max_entries=1, show_spinner=False)
def _installation(folder: str, written: int) -> Installation:
    return open_installation(Path(folder))


# Files of an installation that was made anew have the names of the old: its connections must be gone.
@st.cache_resource(max_entries=1, show_spinner=False, on_release=lambda store: store.close())
def _store(folder: str, identifier: str) -> Store:
    return open_store(installation())


@st.cache_resource(max_entries=1, show_spinner=False, on_release=lambda register: register.close())
def _register(folder: str, identifier: str) -> Register:
    return open_register(installation())
