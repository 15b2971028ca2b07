"""Appraisal: rounds of scoring sheets, who stands where and why, and what people decide about it."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from metrics import wording
from metrics.appraisal import rounds
from metrics.appraisal.doctors import warned_doctors
from metrics.appraisal.ground import SCORING_RIGHT
from metrics.appraisal.restoring import losses
from metrics.appraisal.rounds import RoundError
from metrics.appraisal.sheet import Sheet, own, sheets, shown
from metrics.proof import evidence_of
from metrics.reading import within
from metrics.sentences import sentences
from metrics.small_numbers import threshold
from metrics.standards import value_in
from pages import _rounds
from pages._appeals import appeal_form, appeals
from pages._board import board
from pages._carry import take_away
from pages._edit import evidence_list, told
from pages._errors import half
from pages._html import anchor, esc, tag
from pages._page import Here, open_page
from pages._pager import pager, wanted
from pages._ranking import about_round, band, period_words, ranking_table
from pages._round_forms import new_round, publishing, withdrawing
from pages._round_papers import round_lines, subject_lines
from pages._round_tables import doctor_table, history_table
from pages._rounds import Round, subject_words
from pages._scoring import SIZE, entry_form, open_items
from pages._store import register
from pages._subject import after_appeals, line_table, lines_frame, subject_head
from pages._text import literal, typed
from pages._try_out import try_out
from pages._view import selector
from pages._who import principal

_OF_SUBJECT = ("subject", "item")
_NAMED = 20  # names of a note


def choose_sheet(here: Here, known: pd.DataFrame, every: dict[str, Sheet]) -> str:
    """The sheet that the page shows; of one that is no longer on file its key."""
    text, view = here.text, here.view
    keys = list(dict.fromkeys([*every, *known["sheet"]]))
    newest = known["sheet"].iloc[0] if len(known) else keys[0]
    first = "centre" if "centre" in set(known["sheet"]) else newest
    view.choose("sheet", keys, first, "filter.sheet")
    selector(
        view,
        st.selectbox,
        "sheet",
        keys,
        lambda key: every[key].words[here.language] if key in every else key,
        text("filter.sheet"),
        drops=("round", *_OF_SUBJECT),
        width=420,
    )
    return view.values["sheet"]


def choose_round(here: Here, known: pd.DataFrame) -> int | None:
    """The round that the page shows; None while there is none of this sheet."""
    if known.empty:
        return None
    text, words = here.text, sentences(here.language)
    names = {
        str(row["round"]): text(
            "appraisal.round_name",
            n=row["round"],
            period=period_words(here, row),
            state=words(f"appraisal.round.{row['state']}"),
        )
        for row in known.to_dict("records")
    }
    here.view.choose("round", list(names), next(iter(names)), "filter.round")
    selector(
        here.view,
        st.selectbox,
        "round",
        list(names),
        names.__getitem__,
        text("filter.round"),
        drops=_OF_SUBJECT,
        width=330,
    )
    return int(here.view.values["round"])


def ranking_rows(here: Here, found: Round) -> tuple[pd.DataFrame, bool]:
    """Who is shown, and whether they are ranked below their own centre only."""
    table = found.table
    mine = table[table["unit"].isin(set(within(here.tree, here.unit)))]
    under_parent = len(mine) > 0 and here.kind_of(here.unit) == "centre" and set(mine["kind"]) != {"centre"}
    if not under_parent:
        return table, False
    return mine.sort_values(["final_parent_rank", "unit", "staff_no"], ignore_index=True), True


def ranking(here: Here, found: Round) -> None:
    """Who stands where; below a centre only its own."""
    text = here.text
    rows, under_parent = ranking_rows(here, found)
    if under_parent:
        st.caption(text("appraisal.under", name=typed(here.name_of(here.unit))))
    board(band(here, found, rows), key="band")
    hidden_totals(here, found)
    if rows.empty:
        st.info(text("appraisal.nobody"))
        return
    pages = math.ceil(len(rows) / SIZE)
    page = min(wanted(), pages)
    part = rows.iloc[(page - 1) * SIZE : page * SIZE]
    board(ranking_table(here, found, part, under_parent, here.unit), key="ranking")
    with st.container(horizontal=True, vertical_alignment="center"):
        pager("ranking", pages, page)
    st.caption(text("appraisal.ranking_draft" if found.is_draft else "appraisal.ranking_about"))


def hidden_totals(here: Here, found: Round) -> None:
    """Who is left out of the ranking, and to what totals are cut down, as they would tell small numbers."""
    mine = set(within(here.tree, here.unit))
    names = [typed(subject_words(here, *subject)) for subject in found.left_out if subject[0] in mine]
    if names:
        told = here.text("list.enumeration").join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
        st.caption(here.text("appraisal.totals_hidden", n=len(names), names=told))
    step = 1 if found.table.empty else int(found.table["step"].max())
    if step > 1:
        st.caption(here.text("appraisal.totals_cut", step=f"{step / 100:g}"))


def asked_subject(here: Here, found: Round) -> tuple[int, str] | None:
    """The subject that the URL names; None where it names none, or none of this round."""
    asked = st.query_params.get("subject")
    if asked is None:
        return None
    code, _, staff_no = asked.partition("/")
    units = here.tree.loc[here.tree["code"] == code, "unit"]
    who = (int(units.iloc[0]), staff_no) if len(units) else None
    table = found.table
    if who is None or not ((table["unit"] == who[0]) & (table["staff_no"] == who[1])).any():
        st.warning(here.text("appraisal.no_subject", value=literal(asked)))
        return None
    return who


def subject_page(here: Here, found: Round, unit: int, staff_no: str) -> None:
    """One subject: its score, every line with its reason, and what can be done about it."""
    text, table = here.text, found.table
    back = here.view.link("appraisal", sheet=found.sheet.key, round=found.number)
    board(tag("div", anchor(back, esc(text("appraisal.back")))), key="back")
    st.subheader(typed(subject_words(here, unit, staff_no)), anchor=False)
    row = next(one for one in table[(table["unit"] == unit) & (table["staff_no"] == staff_no)].itertuples())
    board(subject_head(here, found, row), key="subject")
    if row.step > 1:
        st.caption(text("appraisal.totals_cut", step=f"{row.step / 100:g}"))
    lines, second = _rounds.lines_of(found, unit, staff_no)
    code = _rounds.code_of_subject(here, unit, staff_no)
    take_away(here, subject_lines(here, found, code, lambda: lines_frame(here, found, lines, second)))
    lost = losses(found.sheet, after_appeals(lines, second))
    if len(lost):
        names = text("list.enumeration").join(
            text(
                "appraisal.cost",
                name=found.sheet.item(one.item).words[here.language],
                points=shown(int(one.lost)),
            )
            for one in lost.head(3).itertuples()
        )
        st.markdown(text("appraisal.costs_most", names=names))
    if found.is_draft and unit in principal().own and principal().may(SCORING_RIGHT[found.row["subject"]]):
        asks = st.query_params.get("item") is not None or row.open > 0
        with st.expander(text("appraisal.score_by_hand", n=row.open), expanded=asks):
            entry_form(here, found, unit, staff_no, lines)
    if any(line.hidden for line in lines):
        st.caption(
            wording.hidden_why(text, threshold(int(found.row["month"]))) + text("appraisal.lines_hidden")
        )
    board(line_table(here, found, lines, second, code), key="lines")
    _evidence(here, found, unit, staff_no)
    if found.row["state"] == rounds.PUBLISHED and unit in principal().own and principal().may("answer"):
        with st.expander(text("appraisal.appeal")):
            appeal_form(here, found, unit, staff_no, lines)
    with st.expander(text("appraisal.tab_history")):
        history(here, found, (unit, staff_no))


def _evidence(here: Here, found: Round, unit: int, staff_no: str) -> None:
    """Evidence of what was scored by hand."""
    with register().reading() as connection:
        kept = {
            item.key: evidence_of(
                principal(), connection, "appraisal_entry", f"{found.number}/{unit}/{staff_no}/{item.key}"
            )
            for item in found.sheet.items
        }
    kept = {key: files for key, files in kept.items() if files}
    if not kept or found.is_draft:  # a draft shows them beside its form
        return
    st.markdown(f"**{here.text('appraisal.evidence')}**")
    for key, files in kept.items():
        st.caption(found.sheet.item(key).words[here.language])
        evidence_list(here, "appraisal_entry", f"{found.number}/{unit}/{staff_no}/{key}", files)


def history(here: Here, found: Round, who: tuple[int, str] | None = None) -> None:
    """Who did what, the newest first; of one subject where it is asked for."""
    with register().reading() as connection:
        rows = rounds.history(principal(), connection, found.number)
    if who is not None:
        rows = rows[(rows["unit"] == who[0]) & (rows["staff_no"].isin([who[1], ""]))]
    if rows.empty:
        st.caption(here.text("appraisal.no_history"))
        return
    rows = rows.iloc[::-1]
    pages = math.ceil(len(rows) / SIZE)
    page = min(wanted(), pages) if who is None else 1
    board(history_table(here, found, rows.iloc[(page - 1) * SIZE : page * SIZE]), key="history")
    if who is None:
        pager("history", pages, page)


def doctors(here: Here, found: Round) -> None:
    """Village doctors who were found unqualified too often."""
    text = here.text
    warned = _warned(here, found)
    rule = {
        name: value_in(key, int(found.row["month"]))
        for name, key in (
            ("months", "dismissal_months"),
            ("warn", "warning_count"),
            ("dismiss", "dismissal_count"),
        )
    }
    st.caption(text("appraisal.doctors_about", **rule))
    if warned.empty:
        st.success(text("appraisal.no_doctors"))
        return
    board(doctor_table(here, warned), key="doctors")


def _warned(here: Here, found: Round) -> pd.DataFrame:
    with register().reading() as connection:
        warned = warned_doctors(principal(), connection, int(found.row["month"]))
    return warned[warned["unit"].isin(within(here.tree, here.unit))]


def views_of(found: Round) -> list[str]:
    """What can be looked at of a round."""
    views = ["ranking"]
    if found.is_draft:
        views += ["open", "what_if"]
    else:
        views.append("appeals")
    if found.of_doctors:
        views.append("doctors")
    return [*views, "history"]


here = open_page("appraisal.title", month=False)
text, view = here.text, here.view
told()
on_file = {sheet.key: sheet for sheet in sorted(sheets(), key=lambda sheet: sheet.year_from)}
for wrong in own()[1]:
    st.warning(half(str(wrong), here.language))
known = _rounds.known()
notices = len(view.notices)
with st.container(horizontal=True, vertical_alignment="bottom"):
    sheet_key = choose_sheet(here, known, on_file)
    number = choose_round(here, known[known["sheet"] == sheet_key])
for notice in view.notices[notices:]:
    st.warning(notice)
may_decide = principal().may("decide")
in_order = sorted(sheets(), key=lambda sheet: (sheet.key != sheet_key, sheet.key, -sheet.year_from))
if number is None:
    st.info(text("appraisal.no_rounds"))
    if may_decide:
        with st.container(border=True):
            new_round(here, in_order)
    st.stop()
try:
    with st.spinner(text("appraisal.computing"), show_time=False):
        found = _rounds.opened(number)
except RoundError as error:
    st.error(error[here.language])
    st.stop()
board(about_round(here, found), key="about")
who = asked_subject(here, found)
if who is not None:
    subject_page(here, found, *who)
    st.stop()
take_away(here, round_lines(here, found, ranking_rows(here, found)[0], lambda: _warned(here, found)))
if may_decide:
    with st.container(horizontal=True, vertical_alignment="center"):
        # Each has its own place: in the place of another it would inherit that it was open.
        places = [st.container(width="content") for _ in range(3)]
        if found.is_draft:
            with places[0]:
                publishing(here, found)
        if found.row["state"] != rounds.WITHDRAWN:
            with places[1]:
                withdrawing(here, found)
        with places[2], st.popover(text("appraisal.new")):
            new_round(here, in_order)
        if found.open_items:
            st.caption(text("appraisal.publish_not_yet", n=len(found.open_items)))
views = views_of(found)
view.choose("show", views, views[0], "filter.show")
waiting = len(found.open_items)
selector(
    view,
    st.segmented_control,
    "show",
    views,
    lambda code: text(f"appraisal.tab_{code}") + (f" {waiting}" if code == "open" and waiting else ""),
    text("filter.show"),
    label_visibility="collapsed",
    required=True,
)
show = {
    "ranking": ranking,
    "open": open_items,
    "what_if": try_out,
    "appeals": appeals,
    "doctors": doctors,
    "history": history,
}[view.values["show"]]
show(here, found)
