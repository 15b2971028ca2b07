"""Forms of the page of appraisals: score by hand, open, publish and withdraw a round, appeal and answer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data.register.evidence import listed
from metrics.appraisal import rounds
from metrics.appraisal.explaining import sentence
from metrics.appraisal.scoring import NOT_APPLICABLE, Entry, Line
from metrics.appraisal.sheet import Item, Method, Sheet, shown
from metrics.sentences import sentences
from metrics.standards import MONTHS, number
from metrics.wording import month_name
from pages._board import board
from pages._edit import edit, evidence_list, keep_files, seen, uploader
from pages._open import one_generation, principal, register
from pages._page import Here
from pages._pager import pager, wanted
from pages._ranking import appeal_table, open_table
from pages._rounds import Round, entry_of, subject_words
from pages._takeaway import csv_button

SIZE = 50  # rows of a page of a long list


# -- rounds ----------------------------------------------------------------------------------------


def new_round(here: Here, sheets: Sequence[Sheet]) -> None:
    """Open a draft: a sheet, a period, its last month."""
    text, words = here.text, sentences(here.language)
    names = {f"{sheet.key}/{sheet.version}": sheet for sheet in sheets}
    chosen = st.selectbox(
        text("appraisal.choose_sheet"),
        list(names),
        format_func=lambda key: text(
            "appraisal.sheet_of", name=names[key].words[here.language], version=names[key].version
        ),
        key="new_sheet",
    )
    columns = st.columns(2)
    period = columns[0].selectbox(
        text("appraisal.choose_period"),
        rounds.PERIODS,
        format_func=lambda code: words(f"appraisal.round.{code}"),
        key="new_period",
    )
    begins = int(number("year_first_month")) - 1
    ends = [
        month
        for month in range(here.built.last_month, here.built.first_month - 1, -1)
        if (month - begins + 1) % MONTHS[period] == 0
    ]
    month = columns[1].selectbox(
        text("appraisal.choose_month"),
        ends,
        format_func=lambda month: month_name(month, text),
        key=f"new_month_{period}",
        placeholder=text("appraisal.no_month"),
    )
    remark = st.text_input(text("appraisal.choose_remark"), key="new_remark").strip()
    if st.button(text("appraisal.open_round"), type="primary", key="new_round", disabled=month is None):
        sheet = names[chosen]

        def show(opened: int) -> list[str]:
            st.query_params.update(sheet=sheet.key, round=str(opened))
            return []

        edit(
            here,
            lambda c: rounds.open_round(principal(), c, sheet, month, period, remark or None),
            text("appraisal.opened"),
            then=show,
        )


def publishing(here: Here, found: Round) -> None:
    """What is frozen, and the button that does it."""
    text, waiting = here.text, len(found.open_items)
    with st.popover(text("appraisal.publish"), disabled=waiting > 0, type="primary"):
        st.markdown(
            text(
                "appraisal.publish_about",
                n=int((found.table["full"] > 0).sum()),
                sheet=found.sheet.words[here.language],
                version=found.sheet.version,
                event=here.built.event,
                batch=here.built.batch or "—",
                definitions=here.built.definitions[:8],
            )
        )
        form = f"publish_{found.number}"
        version = seen(form, form, int(found.row["version"]))
        if st.button(text("appraisal.publish_yes"), type="primary", key=form):
            who = principal()

            def act(connection) -> None:
                with one_generation() as snapshot, snapshot.published() as published:
                    if not found.of_doctors:
                        rounds.publish(who, connection, published, None, found.number, version)
                        return
                    with snapshot.records() as records:
                        rounds.publish(who, connection, published, records, found.number, version)

            edit(here, act, text("appraisal.published_now"), form)


def withdrawing(here: Here, found: Round) -> None:
    """Take a round back, with a reason."""
    text = here.text
    with st.popover(text("appraisal.withdraw")):
        st.markdown(text("appraisal.withdraw_about"))
        form = f"withdraw_{found.number}"
        version = seen(form, f"{form}_why", int(found.row["version"]))
        why = st.text_input(text("appraisal.why_withdrawn"), key=f"{form}_why")
        if st.button(text("appraisal.withdraw_yes"), key=form):
            edit(
                here,
                lambda c: rounds.withdraw(principal(), c, found.number, version, why),
                text("appraisal.withdrawn_now"),
                form,
            )


# -- a draft ---------------------------------------------------------------------------------------


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
        format_func=lambda one: ("○ " if one in waiting else "") + items[one].words[here.language],
        key=f"item_{subject}_{asked}",
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
                text("edit.last", by=row["edited_by"], at=f"{row['edited_at']:%Y-%m-%d %H:%M}", n=version)
            )
        entry = _entry_fields(here, form, item, row)
        chosen = uploader(here, f"{form}_files")
        pressed = st.form_submit_button(text("appraisal.save_score"), type="primary")
    place = f"{subject}/{key}"
    with register().reading() as connection:
        kept = listed(connection, "appraisal_entry", place)
    evidence_list(here, "appraisal_entry", place, kept)
    if pressed:
        edit(
            here,
            lambda c: rounds.save_entry(principal(), c, found.number, unit, staff_no, key, entry, version),
            text("appraisal.scored_now", item=item.words[here.language]),
            form,
            lambda _: keep_files(here, "appraisal_entry", place, chosen),
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
    if chosen is not None:
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
        versions = {(int(row.unit), row.staff_no, key): int(row.version) for row in there.itertuples()}
        rounds.save_entries(principal(), connection, found.number, dict.fromkeys(rows, entry), versions)

    edit(here, act, text("appraisal.many_saved", n=len(rows)))


# -- appeals ---------------------------------------------------------------------------------------


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
    if len(waiting) and found.row["state"] == rounds.PUBLISHED:
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
        kept = listed(connection, "appeal", str(which))
    line = rounds.as_line(next(one for one in lines.itertuples() if one.item == row.item))
    form = f"answer_{which}"
    with st.form(form, border=True):
        st.markdown(sentence(line, item, here.language))
        st.markdown(text("list.pair", name=text("appraisal.reason"), value=row.reason))
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
