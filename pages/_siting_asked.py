"""Proposals that were computed, kept for everybody who may see the same.

Keys hold the installation, the generation and the principal's scope, as in ``_open.ask``; values are held, not copied:
a district's problem may be a hundred megabytes. Nobody changes them.
"""

from __future__ import annotations

import streamlit as st

from metrics.siting import asking
from metrics.siting.asking import Answer, Case, Plan, Question, Setting
from pages._kept import Kept, scope
from pages._store import installation, one_generation
from pages._text import Text
from pages._who import principal

_SETTINGS, _CASES, _ANSWERS = 2, 4, 40  # so many of each are kept


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, Kept]:
    return {"setting": Kept(_SETTINGS), "case": Kept(_CASES), "answer": Kept(_ANSWERS)}


def setting() -> Setting | None:
    """What the principal may see of the map; None where there is none."""
    with one_generation() as known:

        def read() -> Setting | None:
            with known.published() as connection:
                return asking.setting(principal(), connection)

        return _kept()["setting"].get(scope(), read)


def computed(where: Setting, question: Question, text: Text) -> Answer:
    """The answer to a question; while it is made the page shows how far it is."""
    where_from = scope()
    seconds = installation().config.proposal_seconds

    def make() -> Answer:
        bar = st.progress(0.0, text("siting.preparing"))

        def step(done: int, of: int) -> None:
            bar.progress(done / of, text("siting.computing", done=done + 1, of=of, seconds=seconds))

        case: Case = _kept()["case"].get(
            (where_from, question.source), lambda: asking.case(where, question.source)
        )
        found = asking.solved(case, question, seconds, step)
        bar.empty()
        return found

    return _kept()["answer"].get((where_from, question, seconds), make)


def by_hand(where: Setting, plan: Plan) -> Answer:
    """What a plan does."""
    where_from = scope()
    return _kept()["answer"].get((where_from, plan), lambda: asking.by_hand(where, plan))
