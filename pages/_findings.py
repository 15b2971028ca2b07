"""Findings on the page of supervision: the ageing list."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import streamlit as st

from metrics.supervision import ageing, findings
from metrics.supervision.kinds import word
from metrics.supervision.states import CLOSED, STANDING, WITHDRAWN
from metrics.units import is_missing
from pages._board import board
from pages._html import anchor, esc, span, table, tag
from pages._issuing import issue_form
from pages._page import Here
from pages._pager import pager, wanted
from pages._store import register
from pages._takeaway import csv_button
from pages._view import selector
from pages._who import principal

SIZE = 50  # rows of a page
SHOWN = ("standing", "overdue", "repeated", "closed", "all")
_STATES = {
    "open": ("□", "course"),
    "recorded": ("◇", "course"),
    "escalated": ("◆", "below"),
    "closed": ("■", "at"),
    "withdrawn": ("✕", "none"),
}
_SEVERITIES = {"low": "muted", "middle": "course", "high": "below"}


def every(here: Here, units: set[int], today: date) -> pd.DataFrame:
    """Findings of the units, not those withdrawn: the ageing list's columns, NaN where a finding is closed."""
    with register().reading() as connection:
        standing = ageing.ageing(principal(), connection, today)
        rows = findings.findings(principal(), connection)
    rows = rows[(rows["state"] != WITHDRAWN) & rows["unit"].isin(units)]
    more = ["finding", "days_left", "overdue", "unwritten", "times", "days_open", "bucket"]
    return rows.merge(standing[more], on="finding", how="left")


def ageing_list(here: Here, rows: pd.DataFrame, units: set[int], today: date) -> None:
    """What is not closed yet (rows of ``every``), the most urgent first; what is, where it is asked for."""
    text, view = here.text, here.view
    if principal().may("supervise"):
        with st.expander(text("supervision.issue_open")):
            issue_form(here, units, today)
    if rows.empty:
        st.info(text("supervision.no_findings"))
        return
    view.choose("which", SHOWN, SHOWN[0], "filter.show")
    kinds = ["all", *sorted(rows["kind"].unique())]
    view.choose("kind", kinds, "all", "supervision.finding_kind")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        selector(
            view,
            st.segmented_control,
            "which",
            SHOWN,
            lambda code: text(f"supervision.which_{code}"),
            text("filter.show"),
            required=True,
        )
        selector(
            view,
            st.selectbox,
            "kind",
            kinds,
            lambda code: (
                text("supervision.every_kind") if code == "all" else word("kind", code, here.language)
            ),
            text("supervision.finding_kind"),
            width=260,
        )
    shown = chosen(rows, view.values["which"])
    if view.values["kind"] != "all":
        shown = shown[shown["kind"] == view.values["kind"]]
    if shown.empty:
        st.success(text("supervision.none_such"))
        return
    pages = math.ceil(len(shown) / SIZE)
    page = min(wanted(), pages)
    board(finding_table(here, shown.iloc[(page - 1) * SIZE : page * SIZE]), key="findings")
    with st.container(horizontal=True, vertical_alignment="center"):
        pager("findings", pages, page)
        csv_button(
            here,
            text("supervision.take_findings"),
            f"{text('supervision.tab_findings')}_{today:%Y%m%d}",
            f"findings {view.values['unit']} {view.values['which']}",
            lambda: finding_frame(here, shown),
        )


def chosen(rows: pd.DataFrame, which: str) -> pd.DataFrame:
    """The findings that are asked for, the most urgent first, closed ones the newest first."""
    standing = rows["state"].isin(STANDING)
    if which in ("closed", "all"):
        return rows if which == "all" else rows[rows["state"] == CLOSED]
    if which == "overdue":
        standing &= rows["overdue"].eq(True)
    if which == "repeated":
        standing &= rows["times"] > 1
    return rows[standing].sort_values(["days_left", "finding"])


def finding_table(here: Here, rows: pd.DataFrame) -> str:
    """A row a finding; its number opens it."""
    text = here.text
    out = []
    for row in rows.itertuples():
        link = here.view.link("supervision", show="findings", finding=int(row.finding))
        again = "" if is_missing(row.times) or row.times < 2 else repeated_mark(here, int(row.times))
        kind = tag("div", span(word("kind", row.kind, here.language), css="strong"), " ", again)
        out.append(
            [
                anchor(link, esc(f"{int(row.finding)}")),
                tag("div", esc(here.name_of(int(row.unit))))
                + anchor(link, kind + span(row.what, "small muted")),
                time_words(here, row),
                state_mark(here, row.state),
                severity_mark(here, row.severity),
                esc(f"{row.due_on:%Y-%m-%d}"),
            ]
        )
    names = ("number", "problem", "time", "state", "severity", "due")
    marks = ["n", "w", "nowrap", "", "nowrap wide", "nowrap wide"]
    return table([esc(text(f"supervision.{name}")) for name in names], out, css="long", marks=marks)


def time_words(here: Here, row) -> str:
    """How long there is, or by how much it is overdue; of a closed one whether it was in time."""
    text = here.text
    if row.state == CLOSED:
        in_time = row.closed_on <= row.due_on
        word_key, css, shape = ("in_time", "at", "■") if in_time else ("too_late", "below", "▼")
        return span(f"{shape} {text(f'supervision.{word_key}')}", css=f"mark {css}")
    left = int(row.days_left)
    if left < 0:
        return span(f"▼ {text('supervision.overdue_by', n=-left)}", css="mark below strong")
    if left == 0:
        return span(f"◆ {text('supervision.due_today')}", css="mark course strong")
    return span(text("supervision.days_left", n=left), css="muted")


def state_mark(here: Here, state: str) -> str:
    """A finding's state by shape, word and colour."""
    shape, css = _STATES[state]
    return span(f"{shape} {word('state', state, here.language)}", css=f"mark {css}")


def severity_mark(here: Here, severity: str) -> str:
    """How bad it is, in a word."""
    return span(word("severity", severity, here.language), css=_SEVERITIES.get(severity, "muted"))


def repeated_mark(here: Here, times: int) -> str:
    """That a problem comes again."""
    return span(f"↻ {here.text('supervision.repeated_times', n=times)}", css="mark below small")


def finding_frame(here: Here, rows: pd.DataFrame) -> pd.DataFrame:
    """Findings as a table to take away."""
    text, language = here.text, here.language

    def days(column: str) -> list[str | None]:
        return [None if day is None or day != day else f"{day:%Y-%m-%d}" for day in rows[column]]

    columns = {
        "number": rows["finding"].tolist(),
        "code": [here.code_of(int(unit)) for unit in rows["unit"]],
        "unit": [here.name_of(int(unit)) for unit in rows["unit"]],
        "finding_kind": [word("kind", code, language) for code in rows["kind"]],
        "severity": [word("severity", code, language) for code in rows["severity"]],
        "what": rows["what"].tolist(),
        "demand": rows["demand"].tolist(),
        "state": [word("state", code, language) for code in rows["state"]],
        "issued_on": days("issued_on"),
        "due_on": days("due_on"),
        "left": rows["days_left"].astype("Int64").tolist(),
        "times": rows["times"].astype("Int64").tolist(),
        "measure": rows["measure"].tolist(),
        "effect": rows["effect"].tolist(),
        "recorded_on": days("recorded_on"),
        "closed_on": days("closed_on"),
    }
    return pd.DataFrame({text(f"supervision.{name}"): cells for name, cells in columns.items()})
