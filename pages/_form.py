"""A form made from a layout: its fields, the row that is filled in, and the way of that row through the intake."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st

from data.intake.findings import REJECT, Finding
from data.intake.importing import import_files
from data.intake.layouts import Code, Layout, LayoutColumn
from data.intake.report import FileReport
from data.intake.templates import FORM_PREFIX, columns_shown, hint
from metrics.cards import CARDS
from metrics.filling_in import require_fill_in
from metrics.logbook import importing
from metrics.standards import standard_items
from pages import _job
from pages._labels import column_name
from pages._log import log
from pages._page import Here
from pages._store import installation, store
from pages._who import principal

_YES_NO = {"1": True, "0": False}
_EARLIEST, _LATEST = date(1920, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Outcome:
    """What became of what was filled in: words for the page, kept while the page is drawn anew."""

    batch: int
    file: FileReport
    what: str  # the layout's table

    @property
    def refused(self) -> list[Finding]:
        return [finding for finding in self.file.findings if finding.severity == REJECT]

    @property
    def doubtful(self) -> list[Finding]:
        return [finding for finding in self.file.findings if finding.severity != REJECT]


def fields(layout: Layout) -> list[LayoutColumn]:
    """The columns that a person fills in; who reports and when is known."""
    known = {"unit", "entered_on"}
    return [column for column in columns_shown(layout) if not known.intersection(column.to)]


def label(column: LayoutColumn, language: str) -> str:
    """A field's name: the Chinese header, or the English spelling as words."""
    words = column_name(column, language)
    return f"{words} *" if column.required else words


def field(here: Here, column: LayoutColumn, key: str) -> str:
    """One field; gives the cell as a file would hold it, "" where nothing is filled in."""
    name, how = label(column, here.language), hint(column, here.language)
    if column.to == ("indicator",):
        return _chosen(name, {key: _card_words(here, key) for key in _reportable()}, key, how)
    if column.type == "date":
        day = st.date_input(name, None, _EARLIEST, _LATEST, format="YYYY-MM-DD", help=how, key=key)
        return f"{day:%Y-%m-%d}" if day else ""
    if column.type == "codes":
        several = st.multiselect(
            name, list(_choices(here, column)), format_func=_choices(here, column).get, help=how, key=key
        )
        return ",".join(several)
    if column.codes:
        return _chosen(name, _choices(here, column), key, how, new=column.open)
    return st.text_input(name, help=how, placeholder=how, key=key).strip()


def _chosen(name: str, choices: Mapping[str, str], key: str, how: str, new: bool = False) -> str:
    chosen = st.selectbox(
        name,
        list(choices),
        index=None,
        format_func=lambda code: choices.get(code, code),
        placeholder=how,
        accept_new_options=new,
        help=how,
        key=key,
    )
    return (chosen or "").strip()


def _choices(here: Here, column: LayoutColumn) -> dict[str, str]:
    """Code -> words, one for each value."""
    found: dict[object, tuple[str, str]] = {}
    for code in column.codes:
        if code.value is not None and code.offered:
            found.setdefault(code.value, (code.code, _words(here, code)))
    return dict(found.values())


def _words(here: Here, code: Code) -> str:
    if isinstance(code.value, bool):
        return here.text("forms.yes" if code.value else "forms.no")
    return code.words(here.language)


def _reportable() -> list[str]:
    return [key for key, card in CARDS.items() if card.derived is None]


def _card_words(here: Here, key: str) -> str:
    card = CARDS[key]
    return f"{card.system} {card.name[here.language]}"


def standards(here: Here) -> dict[str, str]:
    """The standards whose items are checked at units: key -> words."""
    keys = dict.fromkeys(item.standard for item in standard_items())
    return {key: _card_words(here, key) for key in keys if key in CARDS}


def item_rows(here: Here, layout: Layout, standard: str, turn: str) -> list[dict[str, str]]:
    """All items of a standard at once: one row each for those that were looked at."""
    text = here.text
    columns = {column.to[0]: column for column in fields(layout)}
    day = field(here, columns["day"], f"{turn}_day")
    rows = []
    for item in standard_items():
        if item.standard == standard:
            met = st.segmented_control(
                item.zh if here.language == "zh" else item.en,
                ["1", "0"],
                format_func=lambda code: text("forms.met" if code == "1" else "forms.not_met"),
                key=f"{turn}_{item.code}",
            )
            if met is not None:
                cells = {columns["item"].label: item.code, columns["met"].label: met}
                rows.append({columns["day"].label: day, **cells})
    return rows


# -- through the intake ---------------------------------------------------------------------------


def submit(here: Here, layout: Layout, rows: Iterable[Mapping[str, str]]) -> Outcome:
    """Rows (header -> cell) become a file of the layout and go the way of every file; of the unit in view, whatever they
    say. Raises NotAllowedError."""
    require_fill_in(principal(), layout.table, here.unit)
    known = {"unit": here.code_of(here.unit), "entered_on": f"{date.today():%Y-%m-%d}"}
    head = {layout.column(target).label: cell for target, cell in known.items() if _feeds(layout, target)}
    return _taken_in(layout, ".csv", lambda path: _write(path, [dict(row) | head for row in rows], layout))


def submit_file(layout: Layout, name: str, content: bytes) -> Outcome | None:
    """A filled-in template goes the same way; None where it is one of something else, or of nothing known.

    It names its units itself. Raises NotAllowedError for whoever may not bring files in.
    """
    principal().require("import")
    suffix = Path(name).suffix.lower()
    return _taken_in(layout, suffix, lambda path: path.write_bytes(content), check=True)


def _taken_in(
    layout: Layout, suffix: str, write: Callable[[Path], object], check: bool = False
) -> Outcome | None:
    """What became of a file of the layout; ``check``: look first what it is, and take nothing else in."""
    folder = _job.staging(installation())
    try:
        path = folder / f"{FORM_PREFIX}_{layout.words['zh']}_{date.today():%Y%m%d}{suffix}"
        write(path)
        if check and not _is_of(layout, path):
            return None
        report = import_files(
            store(),
            installation(),
            [path],
            by=principal().name,
            noted=importing(log(), principal(), form=True),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    file = next((file for file in report.files if file.layout == layout.name), report.files[0])
    return Outcome(report.batch, file, layout.table)


def _is_of(layout: Layout, path: Path) -> bool:
    told = import_files(store(), installation(), [path], by=principal().name, keep=False)
    return {file.layout for file in told.files if file.layout is not None} == {layout.name}


def _feeds(layout: Layout, target: str) -> bool:
    return any(target in column.to for column in layout.columns)


def _write(path: Path, rows: list[dict[str, str]], layout: Layout) -> None:
    headers = [column.label for column in columns_shown(layout)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headers, restval="")
        writer.writeheader()
        writer.writerows(rows)
