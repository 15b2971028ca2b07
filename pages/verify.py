"""Checks by sample: who is drawn, what they say, and the true rate that follows."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from metrics.reading import within
from metrics.units import MISSING, count, is_missing
from metrics.verifying import book
from pages._board import board
from pages._edit import told
from pages._html import anchor, esc, span, table, tag
from pages._method import method_line
from pages._month import code_of
from pages._page import Here, open_page
from pages._pager import pager, wanted
from pages._store import register
from pages._verify_draw import draw_form
from pages._verify_one import check_page, progress_bar, state_mark
from pages._view import selector
from pages._who import principal

SHOWS = ("checks", "draw")
_SIZE = 20


def listed(here: Here) -> None:
    """Every check of the unit and below, the newest first."""
    text = here.text
    with register().reading() as connection:
        rows = book.verifications(principal(), connection)
    rows = rows[rows["unit"].isin(within(here.tree, here.unit))]
    if rows.empty:
        st.info(text("verify.none" if principal().may("verify") else "verify.none_yet"))
        return
    pages = math.ceil(len(rows) / _SIZE)
    page = min(wanted(), pages)
    board(checks_table(here, rows.iloc[(page - 1) * _SIZE : page * _SIZE]), key="checks")
    pager("checks", pages, page)
    st.caption(text("verify.all_listed"))


def checks_table(here: Here, rows: pd.DataFrame) -> str:
    """A row a check; its number opens it."""
    text, out = here.text, []
    for row in rows.itertuples():
        link = here.view.link("verify", check=int(row.verification))
        card = here.cards.get(row.indicator)
        name = row.indicator if card is None else card.name[here.language]
        again = span(text("verify.nth", n=int(row.nth)), css="small muted") if row.nth > 1 else ""
        out.append(
            [
                anchor(link, esc(text("verify.check_n", n=int(row.verification)))),
                tag("div", anchor(link, esc(name)), " ", again),
                esc(here.name_of(int(row.unit))),
                esc(code_of(int(row.month))),
                _progress(row.asked, row.drawn),
                esc(count(row.answered)),
                state_mark(here, row.state),
                esc(f"{row.drawn_at:%Y-%m-%d}" if not pd.isna(row.drawn_at) else MISSING),
            ]
        )
    names = ("number", "indicator", "unit", "month", "progress", "answered", "state", "drawn_on")
    return table([esc(text(f"verify.{name}")) for name in names], out, css="stack",
                 marks=["nowrap", "w", "w", "nowrap", "nowrap", "n", "nowrap", "nowrap"])  # fmt: skip


def _progress(asked: float, drawn: float) -> str:
    """How many have an outcome; "—" for whom that is not to be told."""
    if is_missing(drawn):
        return span(MISSING, css="muted")
    return progress_bar(asked / drawn if drawn else 0) + span(f" {asked:.0f}/{drawn:.0f}", css="small nowrap")


here = open_page("verify.title")
text, view = here.text, here.view
told()
asked = st.query_params.get("check", "")
if asked.isdecimal() and len(asked) < 10:
    try:
        check_page(here, int(asked))
    except LookupError:
        st.warning(text("verify.no_check", n=int(asked)))
    else:
        st.stop()
board(method_line(here, text("verify.about"), "verified"), key="about_checks")
shows = SHOWS if principal().may("verify") else SHOWS[:1]
view.choose("show", shows, shows[0], "filter.show")
if len(shows) > 1:
    selector(
        view,
        st.segmented_control,
        "show",
        shows,
        lambda code: text(f"verify.tab_{code}"),
        text("filter.show"),
        drops=("check", "part", "line"),
        label_visibility="collapsed",
        required=True,
    )
if view.values["show"] == "draw":
    draw_form(here)
else:
    listed(here)
