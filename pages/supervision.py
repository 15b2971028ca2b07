"""Supervision: this month's visits, what was found, what is overdue, and what comes again."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import streamlit as st

from metrics.reading import within
from metrics.supervision import ageing
from metrics.supervision.visits import days_of
from metrics.units import MISSING, Unit, show
from metrics.wording import month_name
from pages._board import board
from pages._carry import Line, take_away
from pages._counts import bucket_band, counts_frame, counts_table, repeated_table
from pages._edit import told
from pages._finding import finding_page
from pages._findings import SIZE, ageing_list, every, finding_frame
from pages._html import anchor, esc, span, tag
from pages._month import code_of, month_of
from pages._page import Here, open_page
from pages._pager import pager, wanted
from pages._paper_lines import table
from pages._store import register
from pages._takeaway import csv_file
from pages._view import selector
from pages._visit import visit_page
from pages._visits import month_plan, planned
from pages._who import principal

SHOWS = ("plan", "findings", "tables")
_SPANS = {"month": 1, "quarter": 3, "year": 12}
_BACK = 36  # months of visits that can be looked at


def summary(here: Here, plan: pd.DataFrame, rows: pd.DataFrame, month: int, today: date) -> str:
    """Where supervision stands, in one line: visits of the month, what is open, overdue, comes again.

    Closed in time are those due in the month's year so far, as in the tables and in the deck of the meeting.
    """
    text, units = here.text, set(within(here.tree, here.unit))
    done, late = (int((plan["state"] == state).sum()) for state in ("done", "late"))
    standing = rows[rows["days_left"].notna()]
    overdue = int(standing["overdue"].eq(True).sum())
    again = int((standing["times"] > 1).sum())
    with register().reading() as connection:
        counted = ageing.by_unit(
            principal(), connection, days_of(month - month % 12)[0], days_of(month)[1], today
        )
    due, in_time = counted.loc[counted["unit"].isin(units), ["due", "closed_in_time"]].sum()
    share = show(in_time / due, Unit.PERCENT, here.language) if due else MISSING

    def linked(which: str, n: int, css: str) -> str:
        link = here.view.link("supervision", show="findings", which=which)
        shape = "▼ " if css == "below" and n else ""
        return anchor(link, tag("span", esc(f"{shape}{n}"), css=css if n else ""))

    facts = [
        (text("supervision.visits_of", month=month_name(month, text)), esc(f"{done} / {len(plan)}")),
        (text("supervision.visits_late"), tag("span", esc(late), css="below" if late else "")),
        (text("supervision.n_open"), linked("standing", len(standing), "")),
        (text("supervision.n_overdue"), linked("overdue", overdue, "below")),
        (text("supervision.n_again"), linked("repeated", again, "below")),
        (
            text("supervision.closed_in_time", year=month // 12),
            esc(share) + span(f" {in_time:.0f}/{due:.0f}", css="muted small"),
        ),
    ]
    return tag("div", *(tag("div", span(k, css="k"), tag("span", v, css="v"), css="fact") for k, v in facts),
               css="head")  # fmt: skip


def tables(here: Here, rows: pd.DataFrame, month: int, units: set[int], today: date) -> list[Line]:
    """Counts by unit and by kind, ages of what is open, and what comes again; gives the counts to be taken away."""
    text, view = here.text, here.view
    view.choose("span", list(_SPANS), "year", "supervision.span")
    selector(
        view,
        st.segmented_control,
        "span",
        list(_SPANS),
        lambda code: text(f"supervision.span_{code}"),
        text("supervision.span"),
        required=True,
    )
    length = _SPANS[view.values["span"]]
    begin = days_of(month - month % length)[0]
    end = days_of(month)[1]
    with register().reading() as connection:
        by_unit = ageing.by_unit(principal(), connection, begin, end, today)
        by_kind = ageing.by_kind(principal(), connection, begin, end, today)
        again = ageing.repeated(principal(), connection, today)
    by_unit = by_unit[by_unit["unit"].isin(units)]
    again = again[again["unit"].isin(units)]
    counted = [_counts(here, by_unit, "unit", month)]
    if here.kind_of(here.unit) == "bureau":
        counted.append(_counts(here, by_kind, "kind", month))
    st.caption(text("supervision.tables_about", first=f"{begin:%Y-%m-%d}", last=f"{end:%Y-%m-%d}"))
    board(bucket_band(here, rows.dropna(subset=["bucket"]), today), key="ages")
    if by_unit.empty:
        st.info(text("supervision.nothing_counted"))
    else:
        st.subheader(text("supervision.by_unit"), anchor=False)
        by_unit = by_unit.sort_values(["overdue", "issued", "unit"], ascending=[False, False, True])
        pages = math.ceil(len(by_unit) / SIZE)
        page = min(wanted(), pages)
        board(counts_table(here, by_unit.iloc[(page - 1) * SIZE : page * SIZE], "unit"), key="by_unit")
        pager("by_unit", pages, page)
    if here.kind_of(here.unit) == "bureau" and len(by_kind):
        st.subheader(text("supervision.by_kind"), anchor=False)
        board(counts_table(here, by_kind, "kind"), key="by_kind")
    st.subheader(text("supervision.again"), anchor=False)
    if again.empty:
        st.success(text("supervision.nothing_again"))
        return counted
    board(repeated_table(here, again.head(SIZE)), key="again")
    if len(again) > SIZE:
        st.caption(text("supervision.more", n=len(again) - SIZE))
    return counted


def _counts(here: Here, rows: pd.DataFrame, by: str, month: int) -> Line:
    text = here.text
    file = table(
        f"supervision by {by} {here.view.values['unit']} {here.view.values['span']} {code_of(month)}",
        csv_file(
            here,
            f"{text(f'supervision.by_{by}')}_{code_of(month)}",
            lambda: counts_frame(here, rows, by),
        ),
    )
    return Line(
        text(f"carry.by_{by}"),
        text("carry.counts_about"),
        () if rows.empty else (file,),
        text("carry.no_findings") if rows.empty else "",
    )


def papers(here: Here, rows: pd.DataFrame, today: date) -> list[Line]:
    """What can be taken away whatever is shown."""
    text = here.text
    file = table(
        f"all findings {here.view.values['unit']}",
        csv_file(here, f"{text('carry.findings')}_{today:%Y%m%d}", lambda: finding_frame(here, rows)),
    )
    return [
        Line(text("carry.notice"), text("carry.notice_about")),
        Line(
            text("carry.findings"),
            text("carry.findings_about"),
            () if rows.empty else (file,),
            text("carry.no_findings") if rows.empty else "",
        ),
    ]


def opened(name: str) -> int | None:
    """The number of a finding or visit that the URL asks for."""
    asked = st.query_params.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


here = open_page("supervision.title", month=False)
text, view, today = here.text, here.view, date.today()
told()
this_month = today.year * 12 + today.month - 1
months = [code_of(month) for month in range(this_month + 1, this_month - _BACK, -1)]
notices = len(view.notices)
view.choose("plan", months, code_of(this_month), "filter.plan")
view.choose("show", SHOWS, SHOWS[0], "filter.show")
for notice in view.notices[notices:]:
    st.warning(notice)
for name, page in (("finding", finding_page), ("visit", visit_page)):
    number = opened(name)
    if number is not None:
        try:
            page(here, number, today)
        except LookupError:
            st.warning(text(f"supervision.no_{name}", n=number))
            continue
        st.stop()
month = month_of(view.values["plan"])
units = set(within(here.tree, here.unit))
with st.container(horizontal=True, vertical_alignment="bottom"):
    selector(
        view,
        st.segmented_control,
        "show",
        SHOWS,
        lambda code: text(f"supervision.tab_{code}"),
        text("filter.show"),
        drops=("finding", "visit", "state"),
        label_visibility="collapsed",
        required=True,
    )
    selector(
        view,
        st.selectbox,
        "plan",
        months,
        lambda code: month_name(month_of(code), text),
        text("filter.plan"),
        drops=("state",),
        width=170,
    )
plan, rows = planned(here, month, units, today), every(here, units, today)
board(summary(here, plan, rows, month, today), key="summary")
if view.values["show"] != "plan":
    link = anchor(view.link("indicator", ind="sup_findings_open"), esc(text("supervision.to_indicator")))
    board(
        tag("div", esc(text("supervision.register_only", day=today)), " ", link, css="muted small"),
        key="older",
    )
counted = []
if view.values["show"] == "plan":
    month_plan(here, plan, month, units, today)
elif view.values["show"] == "findings":
    ageing_list(here, rows, units, today)
else:
    counted = tables(here, rows, month, units, today)
take_away(here, [*papers(here, rows, today), *counted])
