"""Download buttons: csv of what a page shows, by the one door of ``exports.download``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import pandas as pd
import streamlit as st

from exports.csv import csv_bytes
from exports.download import Download, download
from exports.sheets import MEDIA, sheet_of, sheets_bytes
from exports.watermark import watermark
from pages._log import log, telling
from pages._month import code_of
from pages._page import Here
from pages._who import asking, principal


def csv_button(
    here: Here,
    label: str,
    name: str,
    what: str,
    frame: Callable[[], pd.DataFrame],
    notes: Sequence[str] = (),
    about: Mapping[str, Any] = {},
    persons: int | None = None,
    full: bool = False,
) -> None:
    """A button that makes a csv when pressed; see ``csv_file``. ``about``: what the log tells of it."""
    file_button(label, what, replace(csv_file(here, name, frame, notes, persons, full), about=about))


def csv_file(
    here: Here,
    name: str,
    frame: Callable[[], pd.DataFrame],
    notes: Sequence[str] = (),
    persons: int | None = None,
    full: bool = False,
) -> Download:
    """A csv, made when it is asked for. ``frame`` has headings of the page's language.

    Every file ends with ``notes`` and with where it is from: bureau, data date, batch, definitions, and
    whether it is a demo. A list of ``persons`` rows about persons (``full``: with whole names) ends with a watermark.
    """
    marks = _marks(persons, full)

    def make() -> bytes:
        return csv_bytes(frame(), [*notes, *_file_notes(here), *marks()])

    return Download(f"{name}.csv", "text/csv", make)


def sheet_file(
    here: Here,
    name: str,
    title: str,
    frame: Callable[[], pd.DataFrame],
    notes: Sequence[str] = (),
    persons: int | None = None,
    full: bool = False,
) -> Download:
    """The same as a workbook: a sheet with the table, and one that says where it is from."""
    marks = _marks(persons, full)

    def make() -> bytes:
        lines = [*notes, *_file_notes(here), *marks()]
        return sheets_bytes(title, [sheet_of(title, frame())], here.text("export.about"), lines)

    return Download(f"{name}.xlsx", MEDIA, make)


def _marks(persons: int | None, full: bool) -> Callable[[], list[str]]:
    """The watermark of a list of persons, as whoever asks now takes it."""
    asked = asking()

    def made() -> list[str]:
        if persons is None:
            return []
        shown = "" if asked.account is None else asked.account.shown
        return watermark(asked.principal, persons, full, shown=shown)

    return made


def file_button(
    label: str,
    what: str,
    file: Download,
    look: Literal["primary", "secondary"] = "secondary",
    right: str = "export",
) -> None:
    """A button that gives a file away, to whoever has the right; for others there is none.

    ``what`` names it in the note of downloads and names no person.
    """
    who = principal()
    if not who.may(right):
        return
    st.download_button(
        label,
        telling(download(log(), who, what, file, right)),
        file_name=file.name,
        mime=file.media,
        key=f"download_{what}",
        type=look,
        on_click="ignore",  # with a rerun, a file asked for right after loading is sometimes not found
    )


def _file_notes(here: Here) -> list[str]:
    """Where a file is from: bureau, data date, batch, definitions, and whether it is a demo."""
    last, text = here.built, here.text
    unit, month = here.name_of(here.unit), code_of(here.month)
    notes = [
        text("export.source_whole", unit=unit, month=month)
        if unit == last.bureau
        else text("export.source", bureau=last.bureau, unit=unit, month=month),
        text(
            "export.data",
            day=last.data_until or "—",
            event=last.event,
            at=f"{last.built_at:%Y-%m-%d %H:%M}",
            definitions=last.definitions,
        ),
    ]
    return [text("export.demo"), *notes] if here.is_demo else notes
