"""One visit on the page of supervision: when, who, what was seen, and what can be written about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from metrics.proof import evidence_of
from metrics.supervision import findings, visits
from metrics.supervision.kinds import word
from metrics.supervision.states import VISIT_ACTIONS, allowed
from metrics.units import MISSING
from pages._board import board
from pages._edit import edit, evidence_list, keep_files, seen, uploader
from pages._finding import story_table
from pages._html import anchor, esc, tag
from pages._issuing import issue_form
from pages._page import Here
from pages._store import register
from pages._text import typed
from pages._visits import visit_mark
from pages._who import principal


def visit_page(here: Here, number: int, today: date) -> None:
    """One visit: when, who, what was found; what can be written about it as it stands."""
    text = here.text
    with register().reading() as connection:
        row = visits.one(principal(), connection, number)
        story = visits.story(principal(), connection, number)
        kept = evidence_of(principal(), connection, "visit", str(number))
        issued = findings.findings(principal(), connection)
    issued = issued[issued["visit"] == number]
    back = here.view.link("supervision", show="plan", plan=here.view.values["plan"])
    board(tag("div", anchor(back, esc(text("supervision.back_plan")))), key="back")
    st.subheader(text("supervision.visit_of", n=number, unit=typed(here.name_of(row["unit"]))), anchor=False)
    board(_facts(here, row), key="visit")
    evidence_list(here, "visit", str(number), kept)
    may = allowed(principal(), row, VISIT_ACTIONS)
    if "done" in may:
        _done(here, row, today)
        columns = st.columns(2)
        with columns[0], st.popover(text("supervision.move"), width="stretch"):
            _move(here, row)
        with columns[1], st.popover(text("supervision.cancel"), width="stretch"):
            _cancel(here, row)
    if "write" in may:
        with st.expander(text("supervision.write"), expanded=not row["account"]):
            _write(here, row)
    if row["state"] == visits.DONE:
        st.markdown(f"**{text('supervision.found_there', n=len(issued))}**")
        for one in issued.itertuples():
            link = here.view.link("supervision", show="findings", finding=int(one.finding))
            kind = word("kind", one.kind, here.language)
            board(tag("div", anchor(link, esc(f"{kind}　{one.what}"))), key=f"found_{one.finding}")
        if principal().may("supervise"):
            with st.expander(text("supervision.issue_there")):
                issue_form(here, {row["unit"]}, today, visit=number)
    with st.expander(text("supervision.story")):
        board(story_table(here, story), key="story")


def _facts(here: Here, row: Mapping[str, Any]) -> str:
    text = here.text
    announced = (
        MISSING
        if row["announced"] is None
        else text(f"supervision.announced_{bool(row['announced'])}".lower())
    )
    facts = [
        ("kind", word("visit", row["kind"], here.language)),
        ("state", None),
        ("planned_on", f"{row['planned_on']:%Y-%m-%d}"),
        ("done_on", MISSING if row["done_on"] is None else f"{row['done_on']:%Y-%m-%d}"),
        ("team", row["team"] or MISSING),
        ("how_told", announced),
        ("account", row["account"] or MISSING),
    ]
    if row["note"]:
        facts.append(("why_cancelled", row["note"]))
    cells = [
        tag("dt", esc(text(f"supervision.{name}")))
        + tag("dd", visit_mark(here, row["state"]) if value is None else esc(value))
        for name, value in facts
    ]
    return tag("dl", *cells)


def _done(here: Here, row: Mapping[str, Any], today: date) -> None:
    """The visit was made: when, by whom, what the handbook says."""
    text, number = here.text, int(row["visit"])
    form = f"done_{number}"
    with st.form(form, border=True):
        version = seen(form, f"{form}_account", int(row["version"]))
        columns = st.columns(3)
        day = columns[0].date_input(
            text("supervision.done_on"),
            min(today, max(row["planned_on"], today)),
            format="YYYY-MM-DD",
            key=f"{form}_on",
        )
        team = columns[1].text_input(text("supervision.team"), row["team"] or "", key=f"{form}_team")
        with columns[2]:
            announced = st.selectbox(
                text("supervision.how_told"),
                [False, True],
                index=int(bool(row["announced"])),
                format_func=lambda one: text(f"supervision.announced_{one}".lower()),
                key=f"{form}_announced",
            )
        account = st.text_area(text("supervision.account"), height=140, key=f"{form}_account")
        chosen = uploader(here, f"{form}_files")
        pressed = st.form_submit_button(text("supervision.save_done"), type="primary")
    if pressed:
        edit(
            here,
            lambda c: visits.done(
                principal(), c, number, version, on=day, account=account, announced=announced, team=team
            ),
            text("supervision.done_now"),
            form,
            lambda _: keep_files(here, "visit", str(number), chosen),
        )


def _move(here: Here, row: Mapping[str, Any]) -> None:
    text, number = here.text, int(row["visit"])
    form = f"move_{number}"
    version = seen(form, f"{form}_day", int(row["version"]))
    day = st.date_input(
        text("supervision.planned_on"), row["planned_on"], format="YYYY-MM-DD", key=f"{form}_day"
    )
    if st.button(text("supervision.move_yes"), key=form):
        edit(
            here,
            lambda c: visits.move(principal(), c, number, version, day),
            text("supervision.moved_now"),
            form,
        )


def _cancel(here: Here, row: Mapping[str, Any]) -> None:
    text, number = here.text, int(row["visit"])
    form = f"cancel_{number}"
    version = seen(form, f"{form}_why", int(row["version"]))
    why = st.text_input(text("supervision.why_cancelled"), key=f"{form}_why")
    if st.button(text("supervision.cancel_yes"), key=form):
        edit(
            here,
            lambda c: visits.cancel(principal(), c, number, version, why),
            text("supervision.cancelled_now"),
            form,
        )


def _write(here: Here, row: Mapping[str, Any]) -> None:
    text, number = here.text, int(row["visit"])
    form = f"write_{number}"
    with st.form(form, border=False):
        version = seen(form, f"{form}_account", int(row["version"]))
        account = st.text_area(
            text("supervision.account"), row["account"] or "", height=140, key=f"{form}_account"
        )
        chosen = uploader(here, f"{form}_files")
        pressed = st.form_submit_button(text("supervision.save"))
    if pressed:
        edit(
            here,
            lambda c: visits.write(principal(), c, number, version, account),
            form=form,
            then=lambda _: keep_files(here, "visit", str(number), chosen),
        )
