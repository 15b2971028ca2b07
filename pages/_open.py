"""What pages have open: the installation, its store, who is asking, and remembered answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from data.installation import Installation, home, open_installation
from data.intake.layouts import Layout, load_layouts
from data.store import Store, StoreError, open_store
from metrics import figures, ledger
from metrics.principal import LOCAL, Principal


def installation() -> Installation:
    """The installation in force. Raises InstallationError when there is none."""
    return _installation(str(home()))


def store() -> Store:
    """Its store, opened once for all sessions."""
    return _store(str(home()))


def principal() -> Principal:
    """Who is asking."""
    return LOCAL


def ask(function: Callable[..., Any], **arguments: Any) -> Any:
    """The answer of a function of ``metrics.figures`` about the generation in force, remembered.

    The key is the generation, the principal's scope and the arguments, which must be plain values;
    ``cards`` is left out of the key because the cards do not change while the server runs.
    """
    who, now = principal(), store().generation()
    plain = {name: value for name, value in arguments.items() if name not in ("cards", "card")}
    named = {name: value.key for name, value in arguments.items() if name == "card"}
    chosen = {name: tuple(value) for name, value in arguments.items() if name == "cards"}
    key = (str(home()), now, who.figures.key(), function.__name__, *sorted((plain | named | chosen).items()))

    def read() -> Any:
        with store().published() as connection:
            return function(who, connection, **arguments)

    return _remembered(key, read)


def ask_records(function: Callable[..., Any], **arguments: Any) -> Any:
    """The answer of a function of ``metrics.ledger``, read anew each time; see ``has_records``."""
    with store().records() as connection:
        return function(principal(), connection, **arguments)


def built_or_none() -> figures.Built | None:
    """The last build; None while nothing is built."""
    try:
        return ask(_built)
    except StoreError:  # the published part was never written
        return None


def layouts() -> dict[str, Layout]:
    """The layouts of source files, the installation's own included."""
    return _layouts(str(home()))


def has_records() -> bool:
    """Whether anything was ever imported."""
    try:
        with store().records() as connection:
            return ledger.has_book(connection)
    except StoreError:  # the records part was never written
        return False


def batch_in_force() -> int | None:
    """The last batch in force; None where none is, or the records are not at hand."""
    key = (str(home()), store().generation(), "batch_in_force")
    return _remembered(key, lambda: ask_records(ledger.last_batch) if has_records() else None)


def units() -> pd.DataFrame:
    """The units in scope, in tree order."""
    return ask(figures.units)


def _built(_who: Principal, connection) -> figures.Built | None:
    return figures.built(connection)


@st.cache_data(max_entries=2000, show_spinner=False)
def _remembered(key: tuple, _read: Callable[[], Any]) -> Any:
    return _read()


@st.cache_resource(max_entries=8, show_spinner=False)
def _layouts(folder: str) -> dict[str, Layout]:
    return load_layouts(Path(folder))


@st.cache_resource(max_entries=8, show_spinner=False)
def _installation(folder: str) -> Installation:
    return open_installation()


@st.cache_resource(max_entries=8, show_spinner=False)
def _store(folder: str) -> Store:
    return open_store(_installation(folder))
