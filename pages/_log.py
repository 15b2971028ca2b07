"""What pages write into the log: edits, lists that were seen, files on their way; always before the thing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from data.small_database import SmallDatabase
from metrics.logbook import LoggedRegister, NotLoggedError, note
from pages._store import register
from pages._who import asking, on_behalf_of, principal, still_there
from signin import serving

_SEEN = "seen_and_logged"  # of the visit's memory: what was noted once already
_REFUSED = "refused_downloads"


def log() -> SmallDatabase:
    """Accounts, sessions and the log of the installation in force."""
    return serving.access()


def logged_register() -> LoggedRegister:
    """The register, to write with: every edit of whoever is asking is in the log before it stands."""
    return LoggedRegister(register(), log(), principal())


def noted(what: str, about: dict[str, Any]) -> None:
    """An entry about whoever is asking. Raises NotLoggedError: then do not do it."""
    note(log(), principal(), what, about)


def noted_once(what: str, about: dict[str, Any]) -> None:
    """The same, once a visit for the same thing: a page is drawn anew at each click, and looked at once."""
    seen = st.session_state.setdefault(_SEEN, set())
    key = (principal().name, what, *sorted((name, str(value)) for name, value in about.items()))
    if key not in seen:
        noted(what, about)
        seen.add(key)


def telling(deliver: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button calls runs beside the page: why nothing was given is told when the page is drawn next.

    Raises SignedOutError where the session has ended since the page was drawn: its connection may still be open.
    """
    told, check, asked = st.session_state.setdefault(_REFUSED, []), still_there(), asking()

    def give() -> bytes:
        check()
        try:
            with on_behalf_of(asked):
                return deliver()
        except NotLoggedError as error:
            told.append(str(error))
            raise

    return give


def refused() -> list[str]:
    """Why files were not given since the page was last drawn, once."""
    told = st.session_state.get(_REFUSED, [])
    said = list(dict.fromkeys(told))
    told.clear()  # the same list is held by buttons that are still there
    return said
