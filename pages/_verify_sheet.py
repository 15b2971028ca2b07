"""The check sheet: taken away masked, or with whole names for a stated purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from exports import docx_blocks
from exports.about import About, about
from exports.check_sheet import Check, check_docx, check_xlsx, sheet_name
from exports.download import Download
from exports.sheets import MEDIA
from exports.watermark import watermark
from metrics.cards import CARDS
from metrics.verifying.people import people
from pages._page import Here
from pages._reveal import asked_why
from pages._store import one_generation
from pages._takeaway import file_button
from pages._who import asking, principal

_KINDS: dict[str, tuple[str, Callable[[Check, About, str], bytes]]] = {
    "docx": (docx_blocks.MEDIA, check_docx),
    "xlsx": (MEDIA, check_xlsx),
}


def sheet_part(here: Here, row: Mapping[str, Any], lines: pd.DataFrame) -> None:
    """Both sheets, each on paper and as a workbook."""
    text, who = here.text, principal()
    if not who.may("export"):
        st.info(text("verify.no_export"))
        return
    st.markdown(text("verify.sheet_masked"))
    with st.container(horizontal=True):
        for kind in _KINDS:
            _button(here, row, lines, kind, "")
    if not who.may("full_lists"):
        return
    st.markdown(text("verify.sheet_full"))
    reason = asked_why(here, f"check_{row['verification']}")
    if reason is not None:
        with st.container(horizontal=True):
            for kind in _KINDS:
                _button(here, row, lines, kind, reason)


def _button(here: Here, row: Mapping[str, Any], lines: pd.DataFrame, kind: str, reason: str) -> None:
    """``reason``: what whole names are needed for; "" of a masked sheet."""
    text, number, asked = here.text, int(row["verification"]), asking()
    media, write = _KINDS[kind]
    whose = about(here.built, here.name_of(int(row["unit"])), int(row["month"]), asked.principal.name)
    names = {int(unit): here.name_of(int(unit)) for unit in set(lines["unit"])}
    empty = _check(here, row, lines.assign(name="") if reason else lines, names, reason)

    def make() -> bytes:
        with one_generation() as known:
            found = people(known, asked.principal, dict(row), lines, full=bool(reason))
        shown = "" if asked.account is None else asked.account.shown
        marks = watermark(asked.principal, len(lines), bool(reason), shown=shown)
        return write(_check(here, row, found.rows, names, reason, marks), whose, here.language)

    noted = {
        "list": "check",
        "number": number,
        "card": row["indicator"],
        "unit": int(row["unit"]),
        "n": len(lines),
    }
    if reason:
        noted |= {"full": True, "reason": reason}
    what = f"check sheet {number} {kind}{' in full' if reason else ''}"
    file = Download(f"{sheet_name(empty, here.language)}.{kind}", media, make, noted)
    file_button(text(f"verify.take_{kind}{'_full' if reason else ''}"), what, file)


def _check(
    here: Here,
    row: Mapping[str, Any],
    rows: pd.DataFrame,
    names: Mapping[int, str],
    reason: str,
    marks: list[str] | tuple[()] = (),
) -> Check:
    return Check(
        number=int(row["verification"]),
        card=CARDS[row["indicator"]],
        month=int(row["month"]),
        unit=here.name_of(int(row["unit"])),
        rows=rows,
        counted=int(row["counted"]),
        names=names,
        reason=reason,
        marks=marks,
    )
