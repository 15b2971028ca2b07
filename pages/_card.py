"""The scorecard of the unit in view: gathered once for a state of figures and register, printed, taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from exports import docx_blocks
from exports.about import about, day_of
from exports.download import Download
from exports.scorecard_paper import name_of, scorecard_document
from metrics.scorecard import Scorecard, gather
from pages._board import board
from pages._carry import Ready
from pages._html import esc, tag
from pages._page import Here
from pages._paper_lines import WORD
from pages._scorecard import scorecard
from pages._store import installation, last_edit, one_generation, register
from pages._who import principal

#: Printed is the scorecard alone, on one page of A4; what scrolls on screen lies open on paper.
_PRINT = """<style>@media print{
@page{size:A4 portrait;margin:10mm 11mm}
[data-testid=stHeader],[data-testid=stToolbar],[data-testid=stDecoration]{display:none!important}
html,body,.stApp,[data-testid=stAppViewContainer],[data-testid=stMain]{position:static!important;
height:auto!important;min-height:0!important;overflow:visible!important;background:#fff!important;color:#1c2733}
.block-container{padding:0!important;max-width:none!important;min-height:0!important}
.stVerticalBlock:has(.st-key-onepage)>:not(:has(.st-key-onepage)):not(.st-key-onepage){display:none!important}
.stVerticalBlock{gap:0!important}
}</style>"""


def show_card(here: Here, standing: pd.DataFrame) -> Ready:
    """The scorecard with its button to print; gives it as a page of Word to be taken away."""
    card = _gathered(here, standing)
    st.html(_PRINT)
    with st.container(key="onepage"):
        board(scorecard(here, card), key="onepage_board")
    with st.container(horizontal=True, vertical_alignment="center"):
        board(
            tag("button", esc(here.text("card.print")), css="toprint", type="button", data_print=""),
            key="print",
        )
    return _paper(here, card)


def _gathered(here: Here, standing: pd.DataFrame) -> Scorecard:
    who, today = principal(), day_of(_about(here))
    with one_generation() as known, register().reading() as connection:
        edits = last_edit()

        def read() -> Scorecard:
            with known.published() as published:
                return gather(who, published, connection, here.unit, here.month, today, standing)

        scopes = who.key()
        return _card(
            (installation().id, known.generation, edits, *scopes, here.unit, here.month, today), read
        )


def _paper(here: Here, card: Scorecard) -> Ready:
    language, origin = here.language, _about(here)

    def make() -> bytes:
        return docx_blocks.docx_bytes(scorecard_document(card, origin, language))

    name = name_of(origin.unit, here.month, language)
    return Ready(
        WORD,
        f"scorecard paper {here.view.values['unit']} {here.view.values['month']}",
        Download(f"{name}.docx", docx_blocks.MEDIA, make),
    )


def _about(here: Here):
    return about(here.built, here.name_of(here.unit), here.month, principal().name)


# A resource, not data: it is never changed, and a copy for every click would take longer than the page.
@st.cache_resource(max_entries=40, show_spinner=False)
def _card(key: tuple[int | str | date | None, ...], _read: Callable[[], Scorecard]) -> Scorecard:
    return _read()
