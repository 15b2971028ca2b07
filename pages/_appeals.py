"""Appeals on the page of appraisals: ask, and answer with a second score or without."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from metrics.appraisal import rounds
from metrics.appraisal.explaining import sentence
from metrics.appraisal.scoring import NOT_APPLICABLE, Line
from metrics.appraisal.sheet import Method, shown
from metrics.proof import evidence_of
from pages._board import board
from pages._edit import edit, evidence_list, keep_files, seen, uploader
from pages._page import Here
from pages._pager import pager, wanted
from pages._round_tables import appeal_table
from pages._rounds import Round, subject_words
from pages._scoring import SIZE
from pages._store import register
from pages._text import typed
from pages._who import principal


def appeal_form(here: Here, found: Round, unit: int, staff_no: str, lines: Sequence[Line]) -> None:
    """Appeal against an item of a published score."""
    text = here.text
    items = [
        found.sheet.item(line.item)
        for line in lines
        if line.state != NOT_APPLICABLE and (line.lost or line.is_pronounced)
    ]
    form = f"appeal_{found.number}/{unit}/{staff_no}/{st.session_state.get('appeal_turn', 0)}"
    if not items:
        st.caption(text("appraisal.nothing_lost"))
        return
    words = {item.key: item.words[here.language] for item in items}
    with st.form(form, border=True):
        key = st.selectbox(
            text("appraisal.choose_item"), list(words), format_func=words.get, key=f"{form}_item"
        )
        reason = st.text_area(text("appraisal.reason"), height=80, key=f"{form}_reason")
        chosen = uploader(here, f"{form}_files")
        pressed = st.form_submit_button(text("appraisal.ask"))

    def keep(number: int) -> list[str]:
        st.session_state["appeal_turn"] = st.session_state.get("appeal_turn", 0) + 1
        return keep_files(here, "appeal", str(number), chosen)

    if pressed:
        edit(
            here,
            lambda c: rounds.ask_appeal(principal(), c, found.number, unit, staff_no, key, reason),
            text("appraisal.asked_now"),
            then=keep,
        )


def appeals(here: Here, found: Round) -> None:
    """Appeals of a round; the open ones can be answered."""
    text = here.text
    with register().reading() as connection:
        table = rounds.appeals(principal(), connection, found.number)
    if table.empty:
        st.info(text("appraisal.no_appeals"))
        return
    waiting = table[table["state"] == "open"]
    if principal().may("decide") and (secret := int(waiting["hidden"].sum())):
        st.caption(text("appraisal.answer_hidden", n=secret))
    waiting = waiting[~waiting["hidden"]]
    if len(waiting) and found.row["state"] == rounds.PUBLISHED and principal().may("decide"):
        _answer(here, found, waiting)
    pages = math.ceil(len(table) / SIZE)
    page = min(wanted(), pages)
    board(appeal_table(here, found, table.iloc[(page - 1) * SIZE : page * SIZE]), key="appeals")
    pager("appeals", pages, page)


def _answer(here: Here, found: Round, waiting: pd.DataFrame) -> None:
    text = here.text
    rows = {int(row.appeal): row for row in waiting.itertuples()}
    which = st.selectbox(
        text("appraisal.answer_which", n=len(rows)),
        list(rows),
        format_func=lambda one: text(
            "appraisal.appeal_of",
            n=one,
            who=subject_words(here, int(rows[one].unit), rows[one].staff_no),
            item=found.sheet.item(rows[one].item).words[here.language],
        ),
        key="appeal_which",
    )
    row, item = rows[which], found.sheet.item(rows[which].item)
    with register().reading() as connection:
        lines = rounds.lines(principal(), connection, found.number, int(row.unit), row.staff_no)
        kept = evidence_of(principal(), connection, "appeal", str(which))
    line = rounds.as_line(next(one for one in lines.itertuples() if one.item == row.item))
    form = f"answer_{which}"
    with st.form(form, border=True):
        st.markdown(sentence(line, item, here.language))
        st.markdown(text("list.pair", name=text("appraisal.reason"), value=typed(row.reason)))
        points = None
        if item.method is not Method.VETO:
            points = st.number_input(
                text("appraisal.second_of", full=shown(line.weight)),
                0.0,
                line.weight / 100,
                None if line.points is None else line.points / 100,
                min(0.5, line.weight / 100),
                format="%.2f",
                key=f"{form}_points",
            )
        answer = st.text_area(text("appraisal.answer"), height=80, key=f"{form}_answer")
        version = seen(form, f"{form}_answer", int(row.version))
        with st.container(horizontal=True):
            grants = st.form_submit_button(text("appraisal.grant"), type="primary")
            refuses = st.form_submit_button(text("appraisal.refuse"))
    evidence_list(here, "appeal", str(which), kept)
    if grants:
        second = None if points is None else round(points * 100)
        edit(
            here,
            lambda c: rounds.grant_appeal(principal(), c, which, version, second, answer),
            text("appraisal.granted_now"),
            form,
        )
    if refuses:
        edit(
            here,
            lambda c: rounds.refuse_appeal(principal(), c, which, version, answer),
            text("appraisal.refused_now"),
            form,
        )
