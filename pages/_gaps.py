"""The list of who is missing behind an indicator: masked, one page at a time."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from metrics.card import Card, Gap
from metrics.gaps import gap_page
from metrics.units import MISSING, count, is_missing
from pages._board import board
from pages._html import esc, table
from pages._open import one_generation, principal
from pages._page import Here
from pages._pager import pager, wanted
from pages._takeaway import csv_button

_SIZE = 20
_MOST = 20_000  # rows of a download; more than that is a job for a report


def gap_list(here: Here, card: Card, basis: str, now: pd.Series) -> None:
    """The people (or things) of the listed denominator that the numerator lacks, and why."""
    text = here.text
    if card.gap is Gap.NONE:
        st.caption(text("gap.none"))
        return
    if here.unit not in principal().persons:
        st.caption(text("gap.not_allowed"))
        return
    if now["status"] == "none":
        st.caption(text("gap.not_delivered"))
        return
    page = wanted()
    found = _read(here, card, basis, page, _SIZE)
    pages = math.ceil(found.total / _SIZE)
    if page > pages > 0:
        page = pages
        found = _read(here, card, basis, page, _SIZE)
    if found.total == 0:
        st.success(text("gap.empty"))
        return
    kind = "people" if card.gap is Gap.PERSONS else "things"
    st.caption(text(f"gap.total_{kind}", n=count(found.total), masked=text("gap.masked")))
    if not is_missing(now["unnamed"]) and now["unnamed"] > 0:
        st.caption(text("gap.unnamed", n=count(now["unnamed"])))
    board(_table(here, found.rows), key="gap_rows")
    cut = found.total > _MOST
    if cut:
        st.caption(text("gap.cut", n=count(_MOST)))
    with st.container(horizontal=True, vertical_alignment="center"):
        pager("gaps", pages, page)
        name = f"{card.name[here.language]}_{text('download.gap_name')}_{here.view.values['month']}"
        csv_button(
            here,
            text("download.gap"),
            name + (f"_{text('download.cut', n=_MOST)}" if cut else ""),
            f"gap {card.key} {here.view.values['unit']} {here.view.values['month']} {basis}",
            lambda: _named(here, _read(here, card, basis, 1, _MOST).rows),
            [text("gap.cut_note", n=count(_MOST), total=count(found.total))] if cut else (),
        )


def _read(here: Here, card: Card, basis: str, page: int, size: int):
    """One page, read from the records each time: lists of people are not kept in a cache."""
    with one_generation() as known:
        return gap_page(known, principal(), card.key, here.unit, here.month, basis, page, size, here.language)


_COLUMNS = ("name_masked", "sex", "age", "place", "reason", "last_on", "last_value")


def _table(here: Here, rows: pd.DataFrame) -> str:
    head = [here.text(f"gap.{name}") for name in _COLUMNS]
    cells = [[esc(_cell(here, name, getattr(row, name))) for name in _COLUMNS] for row in rows.itertuples()]
    return table(head, cells, marks=["nowrap", "nowrap", "n", "nowrap", "w", "n", "n"])


def _named(here: Here, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            here.text(f"gap.{name}"): [_cell(here, name, value, "") for value in rows[name]]
            for name in _COLUMNS
        }
    )


def _cell(here: Here, name: str, value: object, nothing: str = MISSING) -> str:
    if value is None or pd.isna(value):
        return nothing
    if name == "sex" and value in (1, 2):
        return here.text(f"sex.{int(value)}")
    if name == "age":
        return str(int(value))
    if name == "last_on":
        return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)
    return str(value)
