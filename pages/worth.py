"""Worth checking: units and doctors whose records give a reason to check, each with its reasons and the records behind."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import streamlit as st

from data.hashing import Hasher
from metrics.reading import within
from metrics.truth.listing import Listed, Look, listed, look
from metrics.truth.rules import Rules, rules_in
from metrics.wording import month_name
from pages._board import board
from pages._carry import Line, Ready, take_away
from pages._html import esc, tag
from pages._method import method_line
from pages._open import ask
from pages._page import Here, open_page
from pages._pager import pager, wanted
from pages._paper_lines import EXCEL, table
from pages._store import installation, one_generation
from pages._takeaway import csv_file, sheet_file
from pages._who import principal
from pages._worth_list import SIZE, heading, listed_table, plain
from pages._worth_records import asked_for, records_page


def head(here: Here, looked: Look, rules: Rules) -> None:
    """How many of how many, and what it means."""
    text, window = here.text, looked.window
    first, last = (day.year * 12 + day.month - 1 for day in (window.first, window.last))
    said = text(
        "worth.said" if looked.units_listed else "worth.said_none",
        window=text("worth.window", first=month_name(first, text), last=month_name(last, text)),
        units=looked.units,
        doctors=looked.doctors,
        listed=looked.units_listed,
        named=looked.doctors_listed,
    )
    hinted = tag("div", esc(text("worth.said_hinted", n=looked.units_hinted))) if looked.units_hinted else ""
    method = method_line(here, text("worth.method", n=f"{rules.false_pct:g}"), "truth")
    board(
        tag("div", esc(said), css="said")
        + hinted
        + (tag("div", esc(text("worth.caveat"))) if looked.units_listed or looked.units_hinted else "")
        + method,
        key="said",
    )


def lines(here: Here, found: Listed, looked: Look, rules: Rules) -> list[Line]:
    """What can be taken away."""
    text = here.text
    if found.groups.empty:
        return [Line(text("worth.take"), text("worth.take_about"), (), text("worth.take_none"))]
    frame = plain(here, found, rules)
    name = f"{text('worth.file')}_{here.name_of(here.unit)}_{looked.window.last:%Y%m}"
    notes = [text("worth.caveat")]
    what = f"worth checking {here.view.values['unit']}"
    about = {"unit": here.unit, "n": len(frame)}
    named = frame.rename(columns={column: heading(here, column) for column in frame})
    csv = csv_file(here, name, lambda: named, notes)
    book = sheet_file(here, name, text("worth.title"), lambda: named, notes)
    files = (
        table(what, replace(csv, about=about)),
        Ready(EXCEL, f"{what} xlsx", replace(book, about=about)),
    )
    return [Line(text("worth.take"), text("worth.take_about"), files)]


def levels(here: Here, found: Listed, part: pd.DataFrame, rules: Rules) -> None:
    """``part``: the groups of a page; those listed, and below them those with one trace only."""
    text, listed_here = here.text, int(found.groups["listed"].sum())
    for level, mine, n in (
        ("listed", part[part["listed"]], listed_here),
        ("hinted", part[~part["listed"]], len(found.groups) - listed_here),
    ):
        if mine.empty:
            continue
        if level == "hinted":
            st.subheader(text("worth.hinted_title"), anchor=False)
        st.caption(text(f"worth.n_{level}", n=n))
        board(listed_table(here, mine, found.reasons, rules), key=level)


def shown(here: Here, looked: Look, rules: Rules) -> None:
    """The list of the unit and all below it, or the records behind one of its signals."""
    text = here.text
    hasher = Hasher(installation().secret())
    with one_generation() as known:
        found = listed(principal(), known, looked.window, within(here.tree, here.unit), hasher)
    if "signal" in st.query_params:
        row = asked_for(here, found)
        if row is not None:
            records_page(here, looked, found, row, rules)
            return
        st.warning(text("worth.records_gone"))
    if found.groups.empty:
        if found.looked and looked.units_listed:  # else the head has said it of every unit
            st.success(text("worth.none_here"))
    else:
        pages = math.ceil(len(found.groups) / SIZE)
        page = min(wanted(), pages)
        part = found.groups.iloc[(page - 1) * SIZE : page * SIZE]
        levels(here, found, part, rules)
        pager("worth", pages, page)
    if found.few:
        st.caption(text("worth.few", n=found.few) if found.looked else text("worth.few_all"))
    take_away(here, lines(here, found, looked, rules))


here = open_page("worth.title", month=False)
principal().require("signals")
looked = ask(look)
if looked is None:
    st.info(here.text("worth.not_looked"))
    st.stop()
rules = rules_in(looked.window.last.year * 12 + looked.window.last.month - 1)
head(here, looked, rules)
if principal().may("persons"):
    shown(here, looked, rules)
else:
    st.caption(here.text("worth.counts_only"))
