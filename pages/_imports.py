"""Imports: batches, their files, and what was wrong, every row accounted for."""

from __future__ import annotations

import math

import pandas as pd

from data.messages import message, rules
from exports.words import who
from metrics import ledger
from metrics.units import MISSING, count
from pages._board import board
from pages._html import anchor, esc, given, span, table, tag
from pages._open import ask_records, layouts
from pages._page import Here
from pages._pager import pager, wanted

_OWN = ("person", "unit", "day")  # columns of records, which the intake names where no header can be
_SHOWN = ("read", "new", "replaced", "unchanged", "waiting", "rejected", "set_aside", "withdrawn")


def batch_list(here: Here, batches: pd.DataFrame) -> str:
    """The batches, newest first; a number opens the batch."""
    text = here.text
    head = [text("data.batch"), text("data.at"), text("data.by"), text("data.file_count"), *_heads(here)]
    rows = []
    for row in batches.itertuples():
        name = anchor(here.view.link("data", batch=row.batch), esc(text("data.number", n=row.batch)))
        undone = "" if pd.isna(row.undone_by) else " " + span(text("data.undone"), css="muted small")
        rows.append(
            [
                name + undone,
                f"{row.at:%Y-%m-%d %H:%M}",
                esc(who(row.by, text)),
                count(row.files),
                *_counts(row),
            ]
        )
    return table(head, rows, css="tall", marks=["nowrap", "n", "", *["n"] * 9])


def file_list(here: Here, files: pd.DataFrame) -> str:
    """The files of a batch, those with refused rows first; read is the sum of what became of the rows."""
    text = here.text
    head = [text("data.file"), text("data.layout"), text("data.made_on"), *_heads(here)]
    rows = []
    words = {name: layout.words[here.language] for name, layout in layouts().items()}
    worst_first = files.sort_values(["rejected", "waiting", "file"], ascending=[False, False, True])
    for row in worst_first.itertuples():
        layout = given(words.get(row.layout, row.layout)) or span(text("data.unknown_layout"), css="below")
        made = f"{row.made_on:%Y-%m-%d}" if not pd.isna(row.made_on) else MISSING
        rows.append([_file(row), layout, made, *_counts(row)])
    note = tag("div", esc(text("data.sum")), css="muted small")
    return table(head, rows, css="tall", marks=["w", "nowrap", "n", *["n"] * 8]) + note


def unknown_list(here: Here, files: pd.DataFrame) -> str:
    """Columns of files that their layouts do not know, and so were not read; "" where there are none."""
    text = here.text
    strange = [row for row in files.itertuples() if given(row.unknown_columns)]
    if not strange:
        return ""
    head = [text("data.file"), text("data.unknown_columns")]
    return table(head, [[_file(row), esc(row.unknown_columns)] for row in strange], marks=["w", ""])


def kinds_list(here: Here, kinds: pd.DataFrame) -> str:
    """Which rules were broken how often."""
    text = here.text
    head = [text("data.severity"), text("data.reason"), text("data.times")]
    rows = [
        [_severity(here, row.severity), esc(reason(here, row.rule)), count(row.times)]
        for row in kinds.itertuples()
    ]
    return table(head, rows, marks=["nowrap", "", "n"])


def problem_list(here: Here, number: int, size: int) -> None:
    """One page of a batch's problems, each with file, line, column, value and reason."""
    text = here.text
    page = wanted()
    total, rows = ask_records(ledger.problems, number=number, page=page, size=size)
    pages = math.ceil(total / size)
    if rows.empty and pages:
        page = pages
        total, rows = ask_records(ledger.problems, number=number, page=page, size=size)
    head = [text(f"data.{name}") for name in ("severity", "file", "line", "column", "value", "reason")]
    cells = [
        [
            _severity(here, row.severity),
            _file(row),
            count(row.line),
            _column(here, row.column_name),
            given(ledger.masked(row.value)) or MISSING,
            esc(reason(here, row.rule)),
        ]
        for row in rows.itertuples()
    ]
    board(table(head, cells, css="tall", marks=["nowrap", "w", "n", "nowrap", "v", "w"]), key="problems")
    pager("problems", pages, page)


def reason(here: Here, rule: str) -> str:
    """What is wrong and what to do; the rule's own key where it has no words."""
    if rule not in rules(here.language):
        return rule
    return here.text("list.then").join(message(rule, here.language))


def _file(row) -> str:
    """A file's name, and the sheet where it has several."""
    sheet = given(row.sheet)
    return esc(row.name) + (tag("span", f" · {sheet}", css="muted") if sheet else "")


def _column(here: Here, name: object) -> str:
    """A source's header, or our own column in words."""
    if name in _OWN:
        return esc(here.text(f"field.{name}"))
    return given(name) or MISSING


def _severity(here: Here, severity: str) -> str:
    colour = {"reject": "below", "wait": "course", "flag": "muted"}[severity]
    return span(here.text(f"severity.{severity}"), css=colour)


def _heads(here: Here) -> list[str]:
    return [here.text(f"rows.{name}") for name in _SHOWN]


def _counts(row) -> list[str]:
    cells = []
    for name in _SHOWN:
        n = getattr(row, name)
        css = "below" if name == "rejected" and n else "course" if name == "waiting" and n else ""
        cells.append(span(count(n), css=css) if css else count(n))
    return cells
