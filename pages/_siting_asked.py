"""Proposals that were computed, kept for everybody who may see the same.

Keys hold the installation, the generation and the principal's scope, as in ``_open.ask``; values are held, not copied:
a district's problem may be a hundred megabytes. Nobody changes them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

import streamlit as st

from metrics.siting import asking
from metrics.siting.asking import Answer, Case, Plan, Question, Setting
from pages._store import installation, one_generation
from pages._text import Text
from pages._who import principal

_SETTINGS, _CASES, _ANSWERS = 2, 4, 40  # so many of each are kept


class Kept:
    """The last few values by key. Two who ask at the same time may both compute: the answers are the same."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, Kept]:
    return {"setting": Kept(_SETTINGS), "case": Kept(_CASES), "answer": Kept(_ANSWERS)}


def setting() -> Setting | None:
    """What the principal may see of the map; None where there is none."""
    with one_generation() as known:

        def read() -> Setting | None:
            with known.published() as connection:
                return asking.setting(principal(), connection)

        return _kept()["setting"].get(_scope(known.generation), read)


def computed(where: Setting, question: Question, text: Text) -> Answer:
    """The answer to a question; while it is made the page shows how far it is."""
    with one_generation() as known:
        scope = _scope(known.generation)
    seconds = installation().config.proposal_seconds

    def make() -> Answer:
        bar = st.progress(0.0, text("siting.preparing"))

        def step(done: int, of: int) -> None:
            bar.progress(done / of, text("siting.computing", done=done + 1, of=of, seconds=seconds))

        case: Case = _kept()["case"].get(
            (scope, question.source), lambda: asking.case(where, question.source)
        )
        found = asking.solved(case, question, seconds, step)
        bar.empty()
        return found

    return _kept()["answer"].get((scope, question, seconds), make)


def by_hand(where: Setting, plan: Plan) -> Answer:
    """What a plan does."""
    with one_generation() as known:
        scope = _scope(known.generation)
    return _kept()["answer"].get((scope, plan), lambda: asking.by_hand(where, plan))


def _scope(generation: int) -> tuple:
    return installation().id, generation, principal().key()
