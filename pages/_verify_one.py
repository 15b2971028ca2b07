"""One check by sample: how it was drawn, what is left to do, and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from exports.words import who
from metrics.cards import CARDS
from metrics.units import MISSING
from metrics.verifying import book, drawing
from metrics.verifying.errors import VerifyError
from metrics.wording import month_name
from pages._board import board
from pages._edit import edit
from pages._html import anchor, esc, span, tag
from pages._page import Here
from pages._store import one_generation, register
from pages._text import typed
from pages._verify_entry import entry_part
from pages._verify_result import result_part
from pages._verify_sheet import sheet_part
from pages._view import selector
from pages._who import principal

#: The parts of a check; results alone are for everybody who may know of it.
ENTRY, SHEET, RESULT = "entry", "sheet", "result"


def check_page(here: Here, number: int) -> None:
    """One check. Raises LookupError where it is not there for whoever asks."""
    text, view = here.text, here.view
    with register().reading() as connection:
        row = book.one(principal(), connection, number)
        may = book.may_check(principal(), row)
        lines = book.lines(principal(), connection, number) if may else None
    card = CARDS.get(row["indicator"])
    board(tag("div", anchor(view.link("verify"), esc(text("verify.back")))), key="back")
    st.subheader(
        text(
            "verify.check_of",
            n=number,
            card=row["indicator"] if card is None else card.name[here.language],
            unit=typed(name_of(here, row["unit"])),
            month=month_name(row["month"], text),
        ),
        anchor=False,
    )
    board(_standing(here, row, lines), key="check")
    if card is None:
        st.info(text("verify.no_card"))
        return
    parts = ((ENTRY, SHEET, RESULT) if row["state"] == book.OPEN else (RESULT, SHEET)) if may else (RESULT,)
    view.choose("part", parts, parts[0], "filter.part")
    if len(parts) > 1:
        selector(
            view,
            st.segmented_control,
            "part",
            parts,
            lambda code: text(f"verify.part_{code}"),
            text("filter.part"),
            drops=("line",),
            label_visibility="collapsed",
            required=True,
        )
    if view.values["part"] == ENTRY:
        entry_part(here, row, lines)
    elif view.values["part"] == SHEET:
        sheet_part(here, row, lines)
    else:
        result_part(here, row)
    if may:
        _ends(here, row, lines)
    _drawn(here, row, may)


def name_of(here: Here, unit: int) -> str:
    """A unit's name; its number where it is no longer there."""
    return here.name_of(unit) if (here.tree["unit"] == unit).any() else str(unit)


def state_mark(here: Here, state: str) -> str:
    """Open or closed, by shape, word and colour."""
    shape, css = {book.OPEN: ("□", "course"), book.CLOSED: ("■", "at")}[state]
    return span(f"{shape} {here.text(f'verify.state_{state}')}", css=f"mark {css}")


def progress_bar(share: float) -> str:
    """How much is done, 0 to 1."""
    return tag("span", tag("i", style=f"width:{share * 100:.1f}%"), css="bar")


def _standing(here: Here, row: Mapping[str, Any], lines: pd.DataFrame | None) -> str:
    """Where it stands, in one line."""
    parts = [state_mark(here, row["state"])]
    if lines is not None:
        done = int(lines["outcome"].notna().sum())
        parts.append(tag("span", progress_bar(done / len(lines)), esc(f" {done}/{len(lines)}")))
    return tag("div", *parts, css="lines")


def _facts(here: Here, row: Mapping[str, Any], may: bool) -> str:
    """Who drew how and when. From the seed follows who was drawn, from the size of a small place how many are counted, and the note is
    free: these for whoever may check."""
    text = here.text
    facts = [
        ("drawn_by", f"{who(row['drawn_by'], text)} {row['drawn_at']:%Y-%m-%d %H:%M}"),
        ("spread", text(f"verify.spread_{row['spread']}")),
    ]
    if may:
        digest = row["definitions"][:8]
        facts += [
            ("size", text("verify.people", n=row["size"])),
            ("seed", text("verify.seed_of", seed=row["seed"], event=row["event"], digest=digest)),
            ("note", row["note"] or MISSING),
        ]
    if row["closed_at"] is not None:
        facts.append(("closed_by", f"{who(row['closed_by'], text)} {row['closed_at']:%Y-%m-%d %H:%M}"))
    cells = [tag("dt", esc(text(f"verify.{name}"))) + tag("dd", esc(value)) for name, value in facts]
    return tag("dl", *cells, css="facts")


def _ends(here: Here, row: Mapping[str, Any], lines: pd.DataFrame) -> None:
    """The end of the check."""
    text = here.text
    left = int(lines["outcome"].isna().sum())
    if row["state"] != book.OPEN or left:
        return
    with st.popover(text("verify.close")):
        st.markdown(text("verify.close_about"))
        if st.button(text("verify.close_yes"), type="primary", key="verify_close"):
            edit(
                here,
                lambda c: book.close(principal(), c, row["verification"], row["version"]),
                text("verify.closed_now"),
            )


def _drawn(here: Here, row: Mapping[str, Any], may: bool) -> None:
    """How it was drawn, and the draw made again."""
    text = here.text
    with st.expander(text("verify.how_drawn")):
        board(_facts(here, row, may), key="drawn")
        if may and st.button(text("verify.repeat"), key="verify_repeat", help=text("verify.repeat_help")):
            _repeat(here, row)


def _repeat(here: Here, row: Mapping[str, Any]) -> None:
    text = here.text
    try:
        with one_generation() as known, register().reading() as connection:
            same = drawing.repeats(known, principal(), connection, row["verification"])
    except VerifyError as error:
        st.info(error[here.language])
        return
    if same:
        st.success(text("verify.repeats", seed=row["seed"]))
    else:
        st.error(text("verify.repeats_not"))
