"""Download buttons: csv of what a page shows, by the one door of ``exports.download``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from exports.csv import csv_bytes
from exports.download import Download, download
from pages._month import code_of
from pages._open import principal
from pages._page import Here


def csv_button(
    here: Here,
    label: str,
    name: str,
    what: str,
    frame: Callable[[], pd.DataFrame],
    notes: Sequence[str] = (),
) -> None:
    """A button that makes a csv when pressed. ``frame`` has headings of the page's language.

    Every file ends with ``notes`` and with where it is from: bureau, data date, batch, definitions, and
    whether it is a demo.
    """
    file = Download(f"{name}.csv", "text/csv", lambda: csv_bytes(frame(), [*notes, *_notes(here)]))
    _button(label, what, file)


def file_button(label: str, what: str, file: Download) -> None:
    """A button for a file that something else makes."""
    _button(label, what, file)


def _button(label: str, what: str, file: Download) -> None:
    st.download_button(
        label,
        download(principal(), what, file),
        file_name=file.name,
        mime=file.media,
        key=f"download_{what}",
        on_click="ignore",  # with a rerun, a file asked for right after loading is sometimes not found
    )


def _notes(here: Here) -> list[str]:
    last, text = here.built, here.text
    notes = [
        text("export.source", bureau=last.bureau, unit=here.name_of(here.unit), month=code_of(here.month)),
        text(
            "export.data",
            day=last.data_until or "—",
            event=last.event,
            at=f"{last.built_at:%Y-%m-%d %H:%M}",
            definitions=last.definitions,
        ),
    ]
    return [text("export.demo"), *notes] if here.is_demo else notes
