"""The records behind one signal: one page at a time, names masked, in the log when they are looked at."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import streamlit as st

from data.hashing import Hasher
from metrics.truth.behind import SYSTEM, Behind, rows_behind
from metrics.truth.listing import Listed, Look
from metrics.truth.rules import Rules
from metrics.truth.signals import OF_UNITS
from metrics.units import MISSING, count
from pages._board import board
from pages._html import anchor, esc, table, tag
from pages._log import noted_once
from pages._page import Here
from pages._pager import pager, wanted
from pages._store import installation, one_generation
from pages._takeaway import csv_button
from pages._who import principal
from pages._worth_list import doctor_words
from pages._worth_words import name_of, sentence

_SIZE = 20
_MOST = 20_000
_OF_CONTACTS = {"name": "nowrap", "sex": "nowrap", "age": "n", "kind": "nowrap", "day": "n", "reading": "nowrap",
                "earlier": "w", "entered_on": "n", "note": "nowrap"}  # fmt: skip
_OF_PEOPLE = {"name": "nowrap", "sex": "nowrap", "age": "n", "note": "nowrap"}
_NOTED = ("dead", "hospital", "far", "travel", "telephones")


def asked_for(here: Here, found: Listed) -> object | None:
    """The row of ``Listed.reasons`` that the address names; None where it names none."""
    code, doctor, kind = (st.query_params.get(name, "") for name in ("of", "doctor", "signal"))
    rows = found.reasons
    if not kind or (not doctor.isdecimal() and doctor):
        return None
    units = [int(unit) for unit in rows["unit"].unique() if here.code_of(int(unit)) == code]
    mine = rows[rows["unit"].isin(units) & (rows["doctor"] == int(doctor or 0)) & (rows["kind"] == kind)]
    return next(mine.itertuples(), None)


def records_page(here: Here, looked: Look, found: Listed, row, rules: Rules) -> None:
    """What is shown in place of the list."""
    text = here.text
    group = found.groups[(found.groups["unit"] == row.unit) & (found.groups["doctor"] == row.doctor)].iloc[0]
    board(tag("div", anchor(here.view.link("worth"), esc("← " + text("worth.back")))), key="back")
    st.subheader(text("worth.records_title", kind=name_of(here, row.kind)), anchor=False)
    whose = f"{here.name_of(int(row.unit))} · {doctor_words(here, row.doctor, group['name'])}"
    board(
        tag("div", tag("b", esc(whose))) + tag("div", esc(sentence(here, row, rules))),
        key="whose",
    )
    page = wanted()
    behind = _read(looked, row, page, _SIZE)
    pages = math.ceil(behind.total / _SIZE)
    if page > pages > 0:
        page = pages
        behind = _read(looked, row, page, _SIZE)
    about = {"list": "signal", "unit": int(row.unit), "n": behind.total, "code": row.kind}
    if behind.others:
        st.caption(text("worth.records_others", n=count(behind.others)))
    if behind.total == 0:
        st.info(text("worth.records_none"))
        return
    noted_once("persons", {**about, "page": page})
    st.caption(
        text("worth.records_people" if row.kind in OF_UNITS else "worth.records_total", n=count(behind.total))
    )
    if behind.unread:
        st.warning(text(f"gap.unread_{behind.unread}"))
    columns = _columns(row.kind)
    cells = _cells(here, behind, row.kind, looked.window.last)
    board(
        table(
            [esc(text(f"worth.{name}")) for name in columns],
            [[esc(cell) for cell in line] for line in cells],
            css="stack",
            marks=list(columns.values()),
        ),
        key="behind",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pager("behind", pages, page)
        n = min(behind.total, _MOST)
        csv_button(
            here,
            text("worth.records_take"),
            f"{text('worth.records_file')}_{here.name_of(int(row.unit))}_{looked.window.last:%Y%m}",
            f"records behind {row.kind} {here.code_of(int(row.unit))}",
            lambda: _plain(here, looked, row),
            [text("worth.caveat")],
            {**about, "n": n},
            persons=n,
        )


def _read(looked: Look, row, page: int, size: int) -> Behind:
    """Read from the records each time: lists of people are not kept in a cache."""
    hasher = Hasher(installation().secret())
    with one_generation() as known:
        return rows_behind(
            known, principal(), looked, int(row.unit), int(row.doctor), row.kind, hasher, page, size
        )


def _columns(kind: str) -> dict[str, str]:
    columns = _OF_PEOPLE if kind in OF_UNITS else _OF_CONTACTS
    return {name: mark for name, mark in columns.items() if name != "note" or kind in _NOTED}


def _plain(here: Here, looked: Look, row) -> pd.DataFrame:
    cells = _cells(here, _read(looked, row, 1, _MOST), row.kind, looked.window.last)
    return pd.DataFrame(cells, columns=[here.text(f"worth.{name}") for name in _columns(row.kind)])


def _cells(here: Here, behind: Behind, kind: str, last: date) -> list[list[str]]:
    text = here.text

    def cell(name: str, row: dict) -> str:
        if name == "name":
            return row["name_masked"] or MISSING
        if name == "sex":
            return text(f"sex.{row['sex']}") if row["sex"] in ("1", "2") else MISSING
        if name == "age":
            return MISSING if pd.isna(row["birth"]) else str(_years(row["birth"], last))
        if name == "kind":
            return text(f"worth.contact_{row['kind'] if row['kind'] in SYSTEM else 'other'}")
        if name in ("day", "entered_on"):
            return MISSING if pd.isna(row[name]) else f"{row[name]:%Y-%m-%d}"
        if name == "reading":
            return _reading(row["sbp"], row["dbp"], row["fpg"])
        if name == "earlier":
            return (
                text("list.semicolon").join(
                    f"{_reading(*said)} ({day:%m-%d})" for day, *said in row["earlier"]
                )
                or MISSING
            )
        return _note(here, kind, row["note"])

    return [[cell(name, row) for name in _columns(kind)] for row in behind.rows.to_dict("records")]


def _years(birth: pd.Timestamp, last: date) -> int:
    return last.year - birth.year - ((last.month, last.day) < (birth.month, birth.day))


def _reading(sbp: float, dbp: float, fpg: float) -> str:
    parts = []
    if not (pd.isna(sbp) or pd.isna(dbp)):
        parts.append(f"{sbp:.0f}/{dbp:.0f}")
    if not pd.isna(fpg):
        parts.append(f"{fpg:.1f}")
    return " · ".join(parts) or MISSING


def _note(here: Here, kind: str, note: object) -> str:
    text = here.text
    if note is None:
        return MISSING
    if kind == "dead":
        return text("worth.note_dead", day=f"{note:%Y-%m-%d}")
    if kind == "hospital":
        first, last = note
        return text("worth.note_hospital", first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}")
    if kind == "travel":
        km, places = note
        return text("worth.note_travel", km=f"{km:.0f}", n=places)
    if kind == "telephones":
        which, persons = note
        return text("worth.note_telephones", which=which, n=count(persons))
    return text("worth.note_far", units=text("list.comma").join(here.name_of(int(unit)) for unit in note))
