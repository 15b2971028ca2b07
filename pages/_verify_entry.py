"""Entering what people said: one person at a time with large buttons, or by the filled-in sheet."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from metrics.units import MISSING
from metrics.verifying import book
from metrics.verifying.errors import VerifyError
from metrics.verifying.outcomes import OUTCOMES
from metrics.verifying.people import people
from metrics.verifying.reading import answers_of
from pages._board import board
from pages._edit import edit, seen
from pages._html import anchor, esc, span, table, tag
from pages._log import noted_once
from pages._page import Here
from pages._pager import pager, wanted
from pages._store import installation, one_generation
from pages._who import principal

_SIZE = 20
_NOTE = 200  # letters
_LARGEST_MB = 5
_MARKS = {
    "confirmed": ("●", "at"),
    "denied": ("▼", "below"),
    "not_reached": ("○", "none"),
    "wrong_number": ("○", "none"),
    "refused": ("○", "none"),
    "gone": ("○", "none"),
}


def outcome_mark(here: Here, outcome: object) -> str:
    """An outcome by shape, word and colour; "—" of who was not asked yet."""
    if not isinstance(outcome, str):
        return span(MISSING, css="muted")
    shape, css = _MARKS[outcome]
    return span(f"{shape} {here.text(f'verify_outcome.{outcome}')}", css=f"mark {css}")


def entry_part(here: Here, row: Mapping[str, Any], lines: pd.DataFrame) -> None:
    """The person who comes next, or whom the address names; then everybody, a page at a time."""
    text, number = here.text, int(row["verification"])
    line = _wanted(lines)
    page = min(wanted(), math.ceil(len(lines) / _SIZE))
    shown = lines.iloc[(page - 1) * _SIZE : page * _SIZE]
    with one_generation() as known:
        told = people(known, principal(), dict(row), shown)
        now = None if line is None else people(known, principal(), dict(row), lines[lines["line"] == line])
    noted_once("persons", {"list": "check", "number": number, "n": len(lines), "page": page})
    if told.unread:
        st.warning(text(f"gap.unread_{told.unread}"))
    if now is None:
        st.success(text("verify.all_entered"))
    else:
        _one(here, number, now.rows.iloc[0].to_dict(), lines)
    with st.expander(text("verify.upload")):
        _upload(here, number)
    st.caption(text("verify.outcomes_about"))
    board(_list(here, number, told.rows, line), key="lines")
    pager("lines", math.ceil(len(lines) / _SIZE), page)


def _wanted(lines: pd.DataFrame) -> int | None:
    """The line that the address names, else the first that has no outcome."""
    asked = st.query_params.get("line", "")
    if asked.isdecimal() and len(asked) < 7 and int(asked) in set(lines["line"]):
        return int(asked)
    open_ = lines.loc[lines["outcome"].isna(), "line"]
    return int(open_.iloc[0]) if len(open_) else None


def _one(here: Here, number: int, one: Mapping[str, Any], lines: pd.DataFrame) -> None:
    """A card of one person and the six buttons."""
    text, line = here.text, int(one["line"])
    left = int(lines["outcome"].isna().sum())
    board(_person(here, one, left), key="person")
    form = f"line_{number}_{line}"
    note = st.text_input(
        text("verify.line_note"),
        "" if pd.isna(one["note"]) else one["note"],
        max_chars=_NOTE,
        key=f"{form}_note",
        help=text("verify.note_help"),
    )
    version = seen(form, f"{form}_note", int(one["version"]))
    names = list(OUTCOMES)
    for pair in (names[:2], names[2:4], names[4:]):
        for place, outcome in zip(st.columns(2), pair, strict=True):
            shape = _MARKS[outcome][0]
            pressed = place.button(
                f"{shape} {text(f'verify_outcome.{outcome}')}",
                key=f"{form}_{outcome}",
                width="stretch",
                type="primary" if one["outcome"] == outcome else "secondary",
            )
            if pressed:
                _enter(here, number, line, version, outcome, note, form)


def _enter(here: Here, number: int, line: int, version: int, outcome: str, note: str, form: str) -> None:
    def on(_given: object) -> tuple[()]:
        st.query_params.pop("line", None)  # the next who has no outcome
        return ()

    answer = book.Answer(line, outcome, note)
    edit(
        here,
        lambda c: book.enter(principal(), c, number, version, answer),
        here.text("verify.entered", line=line, outcome=here.text(f"verify_outcome.{outcome}")),
        form,
        on,
    )


def _person(here: Here, one: Mapping[str, Any], left: int) -> str:
    text = here.text
    about = [f"{one['age']:.0f}" if not pd.isna(one["age"]) else "", _sex(here, one["sex"])]
    head = tag(
        "div",
        span(text("verify.line_n", n=int(one["line"])), css="strong"),
        " ",
        span(one["name_masked"] or MISSING, css="strong"),
        " ",
        span(" · ".join(part for part in about if part)),
        " ",
        span(text("verify.left", n=left), css="muted small"),
    )
    facts = [
        ("unit", here.name_of(int(one["unit"]))),
        ("place", _plain(one["place"])),
        ("doctor", _plain(one["doctor"])),
        ("last_on", _plain(one["last_on"])),
        ("last_value", _plain(one["last_value"])),
        ("signs", signs_words(here, one["signs"])),
    ]
    told = [
        tag(
            "span",
            esc(text(f"verify_sheet.{name}" if name != "signs" else "verify.signs")),
            " ",
            tag("b", esc(value)),
        )
        for name, value in facts
    ]
    return head + tag("div", *told, css="quiet")


def signs_words(here: Here, signs: str) -> str:
    """Why somebody was the likelier to be drawn."""
    found = [here.text(f"verify_sign.{one}") for one in signs.split(",") if one]
    return here.text("list.clause").join(found) or MISSING


def _list(here: Here, number: int, rows: pd.DataFrame, line: int | None) -> str:
    text, out = here.text, []
    for row in rows.to_dict("records"):
        link = here.view.link("verify", check=number, part="entry", line=int(row["line"]))
        css = "strong" if row["line"] == line else ""
        out.append(
            [
                anchor(link, esc(int(row["line"])), css=css),
                anchor(link, esc(row["name_masked"] or MISSING), css=css),
                esc(_sex(here, row["sex"])),
                esc(MISSING if pd.isna(row["age"]) else int(row["age"])),
                esc(here.name_of(int(row["unit"]))),
                esc(_plain(row["last_on"])),
                outcome_mark(here, row["outcome"]),
            ]
        )
    names = ("line", "name", "sex", "age", "unit", "last_on", "outcome")
    head = [esc(text(f"verify_sheet.{name}")) for name in names]
    return table(head, out, css="tall", marks=["n", "nowrap", "nowrap", "n", "u", "nowrap", "nowrap"])


def _sex(here: Here, value: object) -> str:
    return here.text(f"sex.{int(value)}") if value in (1, 2) else MISSING


def _plain(value: object) -> str:
    if value is None or pd.isna(value):
        return MISSING
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)


def _upload(here: Here, number: int) -> None:
    """The filled-in workbook of this check; a wrong line, and none of it counts."""
    text = here.text
    st.caption(text("verify.upload_about"))
    file = st.file_uploader(
        text("verify.upload_file"), ["xlsx", "csv"], key=f"verify_file_{number}", max_upload_size=_LARGEST_MB
    )
    if file is None or not st.button(text("verify.upload_yes"), key=f"verify_upload_{number}"):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{Path(file.name).suffix.lower()}"
        path.write_bytes(file.getbuffer())
        try:
            answers = answers_of(path, number, installation().config.book_memory)
        except VerifyError as error:
            st.error(error[here.language])
            return
    edit(
        here,
        lambda c: book.enter_many(principal(), c, number, answers),
        text("verify.uploaded", n=len(answers)),
        then=lambda given: _edited_since(here, given),
    )


def _edited_since(here: Here, entered: book.Entered) -> list[str]:
    """The lines in which the file was not followed, in words."""
    if not entered.edited_since:
        return []
    lines = here.text("list.comma").join(map(str, entered.edited_since))
    return [here.text("verify.edited_since", lines=lines)]
