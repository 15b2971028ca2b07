"""Scoring by hand on the page of appraisals: one item of a subject, or one item of everybody."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from exports.words import who
from metrics.appraisal import rounds
from metrics.appraisal.explaining import sentence
from metrics.appraisal.ground import SCORING_RIGHT
from metrics.appraisal.scoring import Entry, Line
from metrics.appraisal.sheet import Item, Method, shown
from metrics.proof import evidence_of
from pages._board import board
from pages._edit import edit, evidence_list, keep_files, seen, uploader
from pages._page import Here
from pages._pager import pager, wanted
from pages._round_tables import open_table
from pages._rounds import Round, entry_of
from pages._store import register
from pages._takeaway import csv_button
from pages._text import typed
from pages._who import principal

SIZE = 50  # rows of a page of a long list


def entry_form(here: Here, found: Round, unit: int, staff_no: str, lines: Sequence[Line]) -> None:
    """Score an item of a subject by hand, or say whether it applies, with note and evidence."""
    text = here.text
    items = {item.key: item for item in found.sheet.items}
    waiting = [line.item for line in lines if line.state in ("open", "no_figure")]
    asked = st.query_params.get("item")
    first = asked if asked in items else waiting[0] if waiting else next(iter(items))
    subject = f"{found.number}/{unit}/{staff_no}"
    key = st.selectbox(
        text("appraisal.choose_item"),
        list(items),
        index=list(items).index(first),
        format_func=lambda one: ("□ " if one in waiting else "") + items[one].words[here.language],
        key=f"item_{subject}_{asked}_{len(waiting)}",
    )
    item, form = items[key], f"entry_{subject}/{key}"
    row = entry_of(found, unit, staff_no, key)
    line = next((one for one in lines if one.item == key), None)
    with st.form(form, border=True):
        if line is not None:
            st.markdown(sentence(line, item, here.language))
        if item.text is not None:
            st.caption(item.text[here.language])
        version = seen(form, f"{form}_how", 0 if row is None else int(row["version"]))
        if row is not None:
            st.caption(
                text(
                    "edit.last",
                    by=typed(who(row["edited_by"], text)),
                    at=f"{row['edited_at']:%Y-%m-%d %H:%M}",
                    n=version,
                )
            )
        entry = _entry_fields(here, form, item, row)
        chosen = uploader(here, f"{form}_files")
        pressed = st.form_submit_button(text("appraisal.save_score"), type="primary")
    place = f"{subject}/{key}"
    with register().reading() as connection:
        kept = evidence_of(principal(), connection, "appraisal_entry", place)
    evidence_list(here, "appraisal_entry", place, kept)

    def scored(_: int) -> list[str]:
        """What is open next comes up by itself."""
        left = [one for one in waiting if one != key]
        if key in waiting and left:
            st.query_params["item"] = left[0]
        return keep_files(here, "appraisal_entry", place, chosen)

    if pressed:
        edit(
            here,
            lambda c: rounds.save_entry(principal(), c, found.number, unit, staff_no, key, entry, version),
            text("appraisal.scored_now", item=item.words[here.language]),
            form,
            scored,
        )


def _entry_fields(here: Here, form: str, item: Item, row) -> Entry:
    """What a person can say about an item: whether it applies, points, a note."""
    text = here.text
    applies = None if row is None or row["applies"] is None else bool(row["applies"])
    is_veto, by_hand = item.method is Method.VETO, item.card is None
    ways = {"figures": "by_hand" if by_hand else "figures", "applies": "applies", "not": "not"}
    if by_hand and not is_veto:
        del ways["applies"]  # there is no figure to accept
    how = st.segmented_control(
        text("appraisal.how"),
        list(ways),
        default={None: "figures", True: "applies" if "applies" in ways else "figures", False: "not"}[applies],
        format_func=lambda code: text(f"appraisal.how_{'veto_' if is_veto else ''}{ways[code]}"),
        help=text("appraisal.how_veto_help" if is_veto else "appraisal.how_help"),
        key=f"{form}_how",
    )
    points = None
    if not is_veto:
        now = None if row is None or row["points"] is None else float(row["points"]) / 100
        points = st.number_input(
            text("appraisal.points_of", full=shown(item.weight)),
            0.0,
            item.weight / 100,
            now,
            min(0.5, item.weight / 100),
            format="%.2f",
            placeholder=text("appraisal.points_wanted" if by_hand else "appraisal.points_none"),
            key=f"{form}_points",
        )
    note = st.text_area(
        text("appraisal.note_of"),
        (row["note"] or "") if row is not None else "",
        height=80,
        key=f"{form}_note",
    ).strip()
    hundredths = None if points is None or how == "not" else round(points * 100)
    return Entry({"applies": True, "not": False}.get(how), hundredths, note or None)


def open_items(here: Here, found: Round) -> None:
    """What must be decided before the round can be published, and a form for many at once."""
    text, waiting = here.text, found.open_items
    if not waiting:
        st.success(text("appraisal.nothing_open"))
        return
    st.caption(text("appraisal.open_about"))
    items = dict.fromkeys(key for *_, key in waiting)
    counts = {key: sum(one == key for *_, one in waiting) for key in items}
    chosen = st.selectbox(
        text("appraisal.item"),
        list(items),
        index=None,
        format_func=lambda key: text(
            "appraisal.item_waits", name=found.sheet.item(key).words[here.language], n=counts[key]
        ),
        placeholder=text("appraisal.every_item"),
        key="open_item",
    )
    rows = [row for row in waiting if chosen is None or row[2] == chosen]
    if chosen is not None and principal().may(SCORING_RIGHT[found.row["subject"]]):
        _many(here, found, chosen, rows)
    pages = math.ceil(len(rows) / SIZE)
    page = min(wanted(), pages)
    board(open_table(here, found, rows[(page - 1) * SIZE : page * SIZE]), key="open")
    with st.container(horizontal=True, vertical_alignment="center"):
        pager("open_items", pages, page)
        csv_button(
            here,
            text("appraisal.take_open"),
            f"{text('appraisal.tab_open')}_{found.number}",
            f"open items of round {found.number}",
            lambda: pd.DataFrame(
                [
                    (
                        here.code_of(unit),
                        here.name_of(unit),
                        staff_no,
                        found.sheet.item(key).words[here.language],
                    )
                    for unit, staff_no, key in rows
                ],
                columns=[text(f"appraisal.{name}") for name in ("code", "subject", "staff_no", "item")],
            ),
        )


def _many(here: Here, found: Round, key: str, rows: Sequence[tuple[int, str, str]]) -> None:
    """The same for every subject of which this item waits."""
    text, item, form = here.text, found.sheet.item(key), f"many_{found.number}_{key}"
    with st.expander(text("appraisal.many", n=len(rows))), st.form(form, border=False):
        entry = _entry_fields(here, form, item, None)
        pressed = st.form_submit_button(text("appraisal.many_save", n=len(rows)))
    if not pressed:
        return

    def act(connection) -> None:
        there = rounds.entries(principal(), connection, found.number)
        there = there[there["item"] == key]
        now = rounds.entries_of(principal(), connection, found.number)
        # What somebody wrote since the list was read has no version here: it is told, not overwritten.
        versions = {
            (int(row.unit), row.staff_no, key): int(row.version)
            for row in there.itertuples()
            if _said(now, row, key) == _said(found.made[0].entries, row, key)
        }
        rounds.save_entries(principal(), connection, found.number, dict.fromkeys(rows, entry), versions)

    edit(here, act, text("appraisal.many_saved", n=len(rows)))


def _said(entries: Mapping[tuple[int, str], Mapping[str, Entry]], row, key: str) -> Entry | None:
    return entries.get((int(row.unit), row.staff_no), {}).get(key)
