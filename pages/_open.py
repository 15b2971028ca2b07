"""What pages ask of the installation: answers about the generation held, for whoever is asking, remembered."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from data.installation import home
from data.intake.layouts import Layout, load_layouts
from data.store import StoreError
from metrics import figures, ledger
from metrics.card import Card
from metrics.principal import Principal
from pages._store import installation, one_generation
from pages._who import of_work, principal


def ask(function: Callable[..., Any], **arguments: Any) -> Any:
    """The answer of a function of ``metrics.figures`` about the generation held, remembered.

    The key is the installation, the generation, the principal's scope and the arguments, which must be plain values;
    ``cards`` is left out of the key because the cards do not change while the server runs.
    """
    who = principal()
    plain = {name: value for name, value in arguments.items() if name not in ("cards", "card")}
    named = {name: value.key for name, value in arguments.items() if name == "card"}
    chosen = {name: tuple(value) for name, value in arguments.items() if name == "cards"}
    name = f"{function.__module__}.{function.__qualname__}"
    about = (who.key(), name, *sorted((plain | named | chosen).items()))
    with one_generation() as known:

        def read() -> Any:
            with known.published() as connection:
                return function(who, connection, **arguments)

        return _remembered((installation().id, known.generation, *about), read)


def ask_records(function: Callable[..., Any], **arguments: Any) -> Any:
    """The answer of a function of ``metrics.ledger``, read anew each time; see ``has_records``."""
    with one_generation() as known, known.records() as connection:
        return function(principal(), connection, **arguments)


def ask_list(function: Callable[..., Any], card: Card, **arguments: Any) -> Any:
    """The answer of a function that reads the records behind a card's figure, as its list does; remembered like ``ask``.

    ``function`` takes the generation held and, where it asks for one, the principal and the card's key. Nobody is named in it.
    """
    who = principal()
    named = signature(function).parameters
    more = {name: value for name, value in (("principal", who), ("key", card.key)) if name in named}
    about = (
        who.key(),
        f"{function.__module__}.{function.__qualname__}",
        card.key,
        *sorted(arguments.items()),
    )
    with one_generation() as known, of_work(not card.is_personal):

        def read() -> Any:
            return function(known, **more, **arguments)

        return _remembered((installation().id, known.generation, *about), read)


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
