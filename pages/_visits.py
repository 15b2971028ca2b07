"""Visits on the page of supervision: a month's plan."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import streamlit as st

from metrics.supervision import visits
from metrics.supervision.kinds import visit_kinds, word
from metrics.units import MISSING
from metrics.wording import month_name
from pages._board import board
from pages._edit import edit
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._pager import pager, wanted
from pages._store import register
from pages._takeaway import csv_button
from pages._who import principal

SIZE = 50  # rows of a page
_MARKS = {
    "done": ("■", "at"),
    "planned": ("□", "muted"),
    "missing": ("◆", "course"),
    "unmade": ("▼", "below"),  # missing in a month that is over
    "cancelled": ("✕", "none"),
    "late": ("▼", "below"),
}
_STATES = ("missing", "unmade", "late", "planned", "done")


def planned(here: Here, month: int, units: set[int], today: date) -> pd.DataFrame:
    """The visits that are owed in a month: unit, state, on, visit; in tree order.

    state  done, planned, late (planned for a day that is over), missing, unmade (missing in a month that is over)
    """
    last = visits.days_of(month)[1]
    owed = [unit for unit in visits.owed(here.tree, month) if unit in units]
    with register().reading() as connection:
        rows = visits.progress(principal(), connection, month, owed)
    states = [
        "late"
        if row.state == visits.PLANNED and row.on < today
        else "unmade"
        if row.state == "missing" and last < today
        else row.state
        for row in rows.itertuples()
    ]
    return rows.assign(state=states)


def month_plan(here: Here, rows: pd.DataFrame, month: int, units: set[int], today: date) -> None:
    """The month's plan (rows of ``planned``): how far it is, who is still to be planned, a row each unit."""
    text = here.text
    if rows.empty:
        st.info(text("supervision.nobody_owed"))
    else:
        if principal().may("supervise"):
            _plan_button(here, month, rows, today)
        counts = rows["state"].value_counts()
        here.view.choose("state", ["all", *_STATES], "all", "filter.show")
        shown = (
            rows if here.view.values["state"] == "all" else rows[rows["state"] == here.view.values["state"]]
        )
        board(_counts(here, counts, len(rows)), key="plan_counts")
        pages = math.ceil(len(shown) / SIZE)
        page = max(1, min(wanted(), pages))
        part = shown.iloc[(page - 1) * SIZE : page * SIZE]
        board(_plan_table(here, part), key="plan")
        with st.container(horizontal=True, vertical_alignment="center"):
            pager("plan", pages, page)
            csv_button(
                here,
                text("supervision.take_plan"),
                f"{text('supervision.tab_plan')}_{here.view.values['plan']}",
                f"visits {here.view.values['unit']} {here.view.values['plan']}",
                lambda: _plan_frame(here, rows),
            )
    _others(here, month, units)
    if principal().may("supervise"):
        with st.expander(text("supervision.one_visit")):
            _one_visit(here, units, today)


def _plan_button(here: Here, month: int, rows: pd.DataFrame, today: date) -> None:
    text = here.text
    if unmade := int((rows["state"] == "unmade").sum()):
        st.warning(text("supervision.month_over", n=unmade))
    missing = rows.loc[rows["state"] == "missing", "unit"].tolist()
    if not missing:
        return
    with st.form(f"plan_{month}", border=True):
        st.markdown(text("supervision.plan_about", n=len(missing), month=month_name(month, text)))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            team = st.text_input(text("supervision.team"), key=f"plan_team_{month}", width=320)
            pressed = st.form_submit_button(text("supervision.plan_month", n=len(missing)), type="primary")
    if pressed:
        edit(
            here,
            lambda c: visits.plan_month(principal(), c, month, missing, team=team, from_day=today),
            text("supervision.planned_now", n=len(missing)),
        )


def _counts(here: Here, counts: pd.Series, n: int) -> str:
    """How many are in each state; a word shows only those."""
    text = here.text
    everything = here.view.link("supervision", show="plan", plan=here.view.values["plan"])
    parts = [anchor(everything, span(text("supervision.owed", n=n)))]
    for state in _STATES:
        if count := int(counts.get(state, 0)):
            shape, css = _MARKS[state]
            link = here.view.link("supervision", show="plan", plan=here.view.values["plan"], state=state)
            label = f"{shape} {_state_word(here, state)} "
            parts.append(anchor(link, tag("span", esc(label) + tag("b", esc(count)), css=css)))
    return tag("div", *parts, css="band")


def _plan_table(here: Here, rows: pd.DataFrame) -> str:
    text = here.text
    out = []
    for row in rows.itertuples():
        unit = int(row.unit)
        opens = MISSING
        if row.visit is not None:
            link = here.view.link("supervision", plan=here.view.values["plan"], visit=int(row.visit))
            word_key = "write_visit" if row.state in ("planned", "late") else "see_visit"
            opens = anchor(link, esc(text(f"supervision.{word_key}")))
        out.append(
            [
                esc(here.name_of(unit)),
                esc(_above(here, unit)),
                visit_mark(here, row.state),
                MISSING if row.on is None else esc(f"{row.on:%Y-%m-%d}"),
                opens,
            ]
        )
    head = [esc(text(f"supervision.{name}")) for name in ("unit", "centre", "state", "day", "visit")]
    return table(head, out, css="long", marks=["u", "u wide", "nowrap", "nowrap", "nowrap"])


def _plan_frame(here: Here, rows: pd.DataFrame) -> pd.DataFrame:
    text = here.text
    return pd.DataFrame(
        {
            text("supervision.code"): [here.code_of(int(unit)) for unit in rows["unit"]],
            text("supervision.unit"): [here.name_of(int(unit)) for unit in rows["unit"]],
            text("supervision.centre"): [_above(here, int(unit)) for unit in rows["unit"]],
            text("supervision.state"): [_state_word(here, state) for state in rows["state"]],
            text("supervision.day"): [None if day is None else f"{day:%Y-%m-%d}" for day in rows["on"]],
        }
    )


def _above(here: Here, unit: int) -> str:
    """The unit above; "—" of the bureau, and where it is out of scope."""
    parent = here.tree.loc[here.tree["unit"] == unit, "parent"].iloc[0]
    return here.name_of(int(parent)) if parent in set(here.tree["unit"]) else MISSING


def _state_word(here: Here, state: str) -> str:
    if state in ("late", "unmade"):
        return here.text(f"supervision.{state}")
    return word("visit_state", state, here.language)


def visit_mark(here: Here, state: str) -> str:
    shape, css = _MARKS[state]
    return span(f"{shape} {_state_word(here, state)}", css=f"mark {css}")


def _others(here: Here, month: int, units: set[int]) -> None:
    """Visits of the month that are none of the monthly ones, and those that were cancelled."""
    text = here.text
    first, last = visits.days_of(month)
    with register().reading() as connection:
        rows = visits.visits(principal(), connection, first, last)
    rows = rows[rows["unit"].isin(units)]
    rows = rows[(rows["kind"] != visits.MONTHLY) | (rows["state"] == visits.CANCELLED)]
    if rows.empty:
        return
    st.markdown(f"**{text('supervision.others')}**")
    out = []
    for row in rows.head(SIZE).itertuples():
        link = here.view.link("supervision", plan=here.view.values["plan"], visit=int(row.visit))
        out.append(
            [
                anchor(link, esc(here.name_of(int(row.unit)))),
                esc(word("visit", row.kind, here.language)),
                visit_mark(here, row.state),
                esc(f"{row.on:%Y-%m-%d}"),
                esc(row.note or row.team or MISSING),
            ]
        )
    head = [esc(text(f"supervision.{name}")) for name in ("unit", "kind", "state", "day", "remark")]
    board(table(head, out, css="tall", marks=["u", "nowrap", "nowrap", "nowrap", "w wide"]), key="others")


def _one_visit(here: Here, units: set[int], today: date) -> None:
    """Plan one visit of any kind."""
    text, turn = here.text, st.session_state.get("visit_turn", 0)
    form = f"visit_new_{turn}"
    among = [
        int(unit)
        for unit in here.tree["unit"]
        if unit in units and unit in principal().own and here.kind_of(int(unit)) != "bureau"
    ]
    with st.form(form, border=False):
        unit = st.selectbox(
            text("supervision.unit"),
            among,
            format_func=here.name_of,
            index=None,
            placeholder=text("supervision.choose_unit"),
            key=f"{form}_unit",
        )
        columns = st.columns(3)
        kind = columns[0].selectbox(
            text("supervision.kind"),
            visit_kinds(),
            format_func=lambda code: word("visit", code, here.language),
            key=f"{form}_kind",
        )
        day = columns[1].date_input(
            text("supervision.planned_on"), today, format="YYYY-MM-DD", key=f"{form}_day"
        )
        team = columns[2].text_input(text("supervision.team"), key=f"{form}_team")
        announced = st.checkbox(text("supervision.announced"), key=f"{form}_announced")
        pressed = st.form_submit_button(text("supervision.plan_one"))
    if pressed and unit is None:
        st.error(text("supervision.choose_unit"))
    elif pressed:

        def emptied(_: int) -> list[str]:
            st.session_state["visit_turn"] = turn + 1
            return []

        edit(
            here,
            lambda c: visits.plan(principal(), c, unit, kind, day, team=team, announced=announced),
            text("supervision.planned_now", n=1),
            then=emptied,
        )
