"""What pages have open: the installation, its store and its register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from pathlib import Path

import streamlit as st
from sqlalchemy import func, select

from data.installation import Installation, home, open_installation
from data.register import Register, open_register
from data.register.tables import history
from data.store import Snapshot, Store, open_store
from data.store.rows import NOTHING, Rows


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
_rows: ContextVar[Rows] = ContextVar("rows", default=NOTHING)


def read_as(rows: Rows) -> Token[Rows]:
    """From here on a server shows these rows to whatever reads a generation; before, it shows none of anybody's."""
    return _rows.set(rows)


def read_as_before(token: Token[Rows]) -> None:
    """Take ``read_as`` back."""
    _rows.reset(token)


@contextmanager
def one_generation() -> Iterator[Snapshot]:
    """The generation in force, held: all that is asked within the block is of it.

    The frame holds one for a whole run, so that a page never mixes two; a block inside it gets the same.
    """
    held = _held.get()
    if held is not None:
        yield held
        return
    with store().snapshot(_rows.get) as snapshot:
        token = _held.set(snapshot)
        try:
            yield snapshot
        finally:
            _held.reset(token)


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
