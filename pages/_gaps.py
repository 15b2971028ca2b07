"""The list behind an indicator, one page at a time: people, masked, or things of which nobody is named."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.intake.layouts import LayoutColumn
from metrics.card import Card, Form, Gap
from metrics.gaps import gap_page, tells_last
from metrics.heading.reaching import last_day
from metrics.reading import children
from metrics.revealing import OfList, Revealed
from metrics.things import thing_page
from metrics.units import MISSING, count, is_missing
from metrics.visiting.closings import closings
from pages._board import board
from pages._heading import show_ceiling
from pages._html import esc, table, tag
from pages._labels import code_words, column_name, dose_words, lacks_words, named_by
from pages._log import noted_once
from pages._month import code_of
from pages._page import Here
from pages._pager import pager, wanted
from pages._reveal import asked_why, reveal_one, shown_of, shown_words
from pages._store import one_generation
from pages._takeaway import csv_file, file_button, sheet_file
from pages._todo_link import todo_link
from pages._who import of_work, principal
from pages._words import who_acts

_SIZE = 20
_MOST = 20_000  # rows of a download; more than that is a job for a report

_LABELS = {  # of the list as csv and as a workbook
    "full": ("download.full_csv", "download.full_sheet"),
    "persons": ("download.gap", "download.gap_sheet"),
    "things": ("download.things", "download.things_sheet"),
}


def heading(here: Here, card: Card) -> str:
    """The section's heading: who is missing, what is, or who needs something done."""
    if card.gap is Gap.COUNTED:
        return here.text("gap.title_action" if card.is_personal else "gap.title_action_things")
    return here.text("gap.title_people" if card.is_personal else "gap.title_things")


def gap_list(
    here: Here, card: Card, basis: str, now: pd.Series, ceiling: DeltaGenerator | None = None
) -> None:
    """The people (or things) of the listed denominator that the numerator lacks, and why.

    ``ceiling``: where on the page it is said how many of them can still be reached this year.
    """
    text = here.text
    who = principal()
    if card.is_personal and (here.unit not in who.persons or not who.in_charge_of(card.system)):
        st.caption(text("gap.not_allowed"))
        return
    if not card.is_personal and here.unit not in who.own:
        st.caption(text("gap.not_yours_things"))
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
        st.success(text("gap.empty_action" if card.gap is Gap.COUNTED else "gap.empty"))
        return
    of = OfList(card.key, here.unit, here.month, basis)
    if card.is_personal:
        noted_once("persons", {"list": "gap", **_about(here, card, basis, found.total), "page": page})
    st.caption(_total(here, card, found.total))
    if reason := _reason(found.rows):
        st.caption(text("gap.reason_of_all", reason=reason))
    if card.is_personal:
        show_ceiling(here, card, ceiling, now, found.reach)
    if not is_missing(now["unnamed"]) and now["unnamed"] > 0:
        st.caption(text("gap.unnamed", n=count(now["unnamed"])))
    if card.is_personal and found.unread:
        st.warning(text(f"gap.unread_{found.unread}"))
    board(_table(here, card, found.rows, shown_of(of) if card.is_personal else {}), key="gap_rows")
    if found.total > _MOST:
        st.caption(text("gap.cut", n=count(_MOST)))
    with st.container(horizontal=True, vertical_alignment="center"):
        pager("gaps", pages, page)
        name = f"{card.name[here.language]}_{text('download.gap_name')}_{here.view.values['month']}"
        _take(here, card, basis, found.total, name)
        if card.is_personal and who.may("reveal"):
            reveal_one(here, lambda _: of, _choices(here, found.rows))
        if card.is_personal and who.may("full_lists") and who.may("export"):
            _full_list(here, card, basis, found.total, name)
    if card.is_personal and card.key in closings(last_day(here.month)):
        board(todo_link(here), key="to_todo")


def _full_list(here: Here, card: Card, basis: str, total: int, name: str) -> None:
    """The list with whole names, once it is said what for."""
    text = here.text
    with st.popover(text("reveal.full"), key="full_list"):
        st.caption(text("reveal.full_about"))
        told = asked_why(here, "full_list")
        if told is not None:
            _take(here, card, basis, total, name, full=told)


def _take(here: Here, card: Card, basis: str, total: int, name: str, full: str = "") -> None:
    """The whole list as csv and as a workbook. ``full``: with whole names, and what for."""
    text, n = here.text, min(total, _MOST)
    where = f"{card.key} {here.view.values['unit']} {here.view.values['month']} {basis}"
    name += (
        f"_{text('download.full_name')}"
        if full
        else f"_{text('download.cut', n=_MOST)}"
        if total > _MOST
        else ""
    )
    about = _about(here, card, basis, n) | ({"full": True, "reason": full} if full else {})
    persons = n if card.is_personal else None

    def frame() -> pd.DataFrame:
        return _named(here, card, _read(here, card, basis, 1, _MOST, full=bool(full)).rows)

    csv_label, sheet_label = _LABELS["full" if full else "persons" if card.is_personal else "things"]
    kind, notes = "in full " if full else "", _cut_note(here, total)
    file = csv_file(here, name, frame, notes, persons, bool(full))
    file_button(text(csv_label), f"gap {kind}{where}", replace(file, about=about))
    file = sheet_file(here, name, text("download.gap_name"), frame, notes, persons, bool(full))
    file_button(text(sheet_label), f"gap sheet {kind}{where}", replace(file, about=about))


def _cut_note(here: Here, total: int) -> list[str]:
    return [here.text("gap.cut_note", n=count(_MOST), total=count(total))] if total > _MOST else []


def _choices(here: Here, rows: pd.DataFrame) -> dict[int, str]:
    """The persons of a page as they are told from each other."""
    parts = ("name_masked", "sex", "age", "place")
    return {
        int(row["person"]): " · ".join(_cell(here, name, row, None) for name in parts)
        for row in rows.to_dict("records")
    }


def _about(here: Here, card: Card, basis: str, total: int) -> dict[str, object]:
    """What the log tells of a list: which, and how long; nobody on it."""
    about = {"card": card.key, "unit": here.unit, "month": here.view.values["month"], "basis": basis}
    return about | {"n": int(total)}


def _total(here: Here, card: Card, total: int) -> str:
    """How long the list is; of people that names are masked, of warnings who acts by when."""
    text = here.text
    masked = text("gap.masked") if card.is_personal else ""
    if card.gap is Gap.COUNTED:
        said = text("gap.total_action" if card.is_personal else "gap.total_action_things", n=count(total))
        return f"{said}{who_acts(card, text)}{masked}"
    kind = "people" if card.gap is Gap.PERSONS else "things"
    return text(f"gap.total_{kind}", n=count(total), masked=masked)


def _read(here: Here, card: Card, basis: str, page: int, size: int, full: bool = False):
    """One page, read from the records each time: lists of people are not kept in a cache."""
    read = partial(gap_page, full=full) if card.is_personal else thing_page
    with one_generation() as known, of_work(not card.is_personal):
        return read(known, principal(), card.key, here.unit, here.month, basis, page, size, here.language)


def _columns(card: Card) -> dict[str, str]:
    """The columns of a list with their marks."""
    if card.is_personal:
        return (
            _OF_PEOPLE
            if tells_last(card)
            else {name: _OF_PEOPLE[name] for name in _OF_PEOPLE if name not in _LAST}
        )
    if card.form is Form.DUTY:
        return _OF_PERIODS
    return _OF_ITEMS if card.form is Form.CHECK else _OF_THINGS


def _columns_of(here: Here, card: Card, rows: pd.DataFrame) -> dict[str, str]:
    """The same of a list: what each lacks and by which day they must be seen where that is known, and where there are units
    below, at which of them."""
    without = set()
    if card.is_personal:
        without |= {"see_by"} - set(rows)
        without |= {"lacks"} if rows["lacks"].isna().all() else set()
        without |= set() if children(here.tree, here.unit) else {"unit"}
    return {name: css for name, css in _columns(card).items() if name not in without}


_OF_PEOPLE = {
    "name_masked": "nowrap who",
    "sex": "nowrap",
    "age": "n",
    "place": "nowrap",
    "unit": "w",
    "reason": "w",
    "lacks": "w",
    "see_by": "nowrap",
    "last_on": "n",
    "last_value": "n",
}
_LAST = ("last_on", "last_value")
_OF_PERIODS = {"unit_name": "w", "period": "nowrap", "reason": "w"}
_OF_ITEMS = {"unit_name": "w", "item": "w", "reason": "w"}
_OF_THINGS = {"unit_name": "w", "at": "nowrap", "what": "w", "reason": "w"}


def _table(here: Here, card: Card, rows: pd.DataFrame, shown: Mapping[int, Revealed]) -> str:
    """``shown``: who was shown in full in this visit. Those for whom it is too late stand under a heading of their own."""
    named = named_by(card)
    columns = {
        name: css
        for name, css in _columns_of(here, card, rows).items()
        if name != "reason" or not _reason(rows)
    }
    head = [_heading(here, name, named) for name in columns]
    late = rows["see_by"].isna() if "see_by" in rows else pd.Series(False, rows.index)
    lines = []
    for is_late, some in ((False, rows[~late]), (True, rows[late])):
        if is_late and len(some):
            lines.append([tag("td", esc(here.text("gap.lost")), css="group", colspan=str(len(head)))])
        lines += [_row(here, row, columns, named, shown) for row in some.to_dict("records")]
    return table(
        head, lines, marks=list(columns.values()), css="stack people" if card.is_personal else "stack"
    )


def _row(
    here: Here, row: dict, columns: Iterable[str], named: LayoutColumn | None, shown: Mapping[int, Revealed]
) -> list[str]:
    return [
        shown_words(here, shown[row["person"]])
        if name == "name_masked" and row["person"] in shown
        else esc(_cell(here, name, row, named))
        for name in columns
    ]


def _reason(rows: pd.DataFrame) -> str:
    """The one reason of all rows, which is said once above them; "" where they have several, or none."""
    found = rows["reason"].dropna().unique() if "reason" in rows else ()
    return str(found[0]) if len(found) == 1 else ""


def _named(here: Here, card: Card, rows: pd.DataFrame) -> pd.DataFrame:
    listed, named = rows.to_dict("records"), named_by(card)
    return pd.DataFrame(
        {
            _heading(here, name, named): [_cell(here, name, row, named, "") for row in listed]
            for name in _columns_of(here, card, rows)
        }
    )


def _heading(here: Here, name: str, named: LayoutColumn | None) -> str:
    if name == "what" and named is not None and (named.codes or named.to == ("staff_no",)):
        return column_name(named, here.language)
    return here.text(f"gap.{name}")


def _cell(here: Here, name: str, row: dict, named: LayoutColumn | None, nothing: str = MISSING) -> str:
    if name == "period":
        first, last = int(row["first"]), int(row["month"])
        return code_of(last) if first == last else f"{code_of(first)} – {code_of(last)}"
    if name == "at":
        return code_of(int(row["month"]))
    if name == "see_by" and pd.isna(row["see_by"]):
        return here.text("gap.too_late")
    if name == "lacks":
        return lacks_words(row["lacks"], here.text) or nothing
    value = row[{"item": "what", "name_masked": "name" if "name" in row else name}.get(name, name)]
    if value is None or pd.isna(value):
        return nothing
    if name == "what":
        return code_words(named, value, here.language)
    if name == "sex" and value in (1, 2):
        return here.text(f"sex.{int(value)}")
    if name == "unit":
        return here.name_of(int(value))
    if name == "age":
        return str(int(value))
    if name == "last_value":
        return dose_words(str(value), here.text)
    if name in ("last_on", "see_by"):
        return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)
    return str(value)
