"""Tables as .xlsx: a sheet a table with headings in words, numbers as numbers, and a sheet that says where it is from.

What is missing is an empty cell, never 0. No text is ever taken for a formula or an address.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

import pandas as pd
import xlsxwriter

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FONT = "Microsoft YaHei"
#: How a column's values are shown.
FORMATS = {"text": "", "short": "", "words": "", "number": "", "count": "#,##0", "change": "+#,##0;-#,##0;0", "metres": "#,##0",
           "minutes": "#,##0.0",
           "percent": "0.0#", "share": "0.0%", "rate": "0.00", "degree": "0.000000"}  # fmt: skip
_WIDTHS = {"text": 22, "degree": 12, "short": 12, "words": 46}
_WRAPPED = ("words",)  # sentences, on several lines
_WIDTH = 14
_ABOUT_WIDTH = 110
_LINE = 15  # points
_PAGE_WIDE = 12  # columns that can be read on a page
_PERCENT = "(%)"  # how the heading of a column of percentages ends
_STEP = 2_000  # rows between two words of progress


@dataclass(frozen=True)
class Column:
    """A column of the frame, its heading with the unit, and a name of FORMATS."""

    key: str
    heading: str
    shown: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table; ``frame`` has the keys of the columns."""

    name: str
    columns: Sequence[Column]
    frame: pd.DataFrame


def sheet_of(name: str, frame: pd.DataFrame) -> Sheet:
    """A frame whose columns are headings in words already: whole numbers, other numbers, texts."""
    columns = []
    for heading in frame.columns:
        known = frame[heading].dropna()
        numeric = len(known) > 0 and not known.map(lambda value: isinstance(value, str)).any()
        whole = numeric and all(float(value).is_integer() for value in known)
        shown = "count" if whole else "number"
        if heading.endswith(_PERCENT):  # of a hundred: as pages show them, and no longer than can be read
            shown = "percent"
        columns.append(Column(heading, heading, shown if numeric else "text"))
    return Sheet(name, columns, frame)


def plain_book(stream: io.BytesIO) -> xlsxwriter.Workbook:
    """A workbook in which a text stays one: what begins with = runs nothing, an address is no link."""
    kept = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    return xlsxwriter.Workbook(stream, {"in_memory": True, **dict.fromkeys(kept, False)})


def sheets_bytes(
    title: str,
    sheets: Sequence[Sheet],
    about_name: str,
    notes: Sequence[str],
    progress: Callable[[float], None] = lambda share: None,
) -> bytes:
    """The workbook; its last sheet, ``about_name``, holds the title and ``notes``, one a line."""
    stream = io.BytesIO()
    book = plain_book(stream)
    book.set_properties({"title": title, "author": "Jiceng", "comments": "\n".join(notes)})
    base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
    head = book.add_format(
        base | {"bold": True, "bg_color": "#eef2f6", "text_wrap": True, "bottom": 1, "align": "center"}
    )
    shown = {
        name: book.add_format(
            base | ({"num_format": how} if how else {}) | ({"text_wrap": True} if name in _WRAPPED else {})
        )
        for name, how in FORMATS.items()
    }
    rows, done = max(1, sum(len(sheet.frame) for sheet in sheets)), 0
    for sheet in sheets:
        made = book.add_worksheet(_sheet_name(sheet.name))
        made.set_row(0, 44)
        made.freeze_panes(1, 1)
        for place, column in enumerate(sheet.columns):
            made.set_column(place, place, _WIDTHS.get(column.shown, _WIDTH))
            made.write_string(0, place, column.heading, head)
        values = [_plain(sheet.frame[column.key]) for column in sheet.columns]
        formats = [shown[column.shown] for column in sheet.columns]
        wrapped = [at for at, column in enumerate(sheet.columns) if column.shown in _WRAPPED]
        for row in range(len(sheet.frame)):
            for place, (of, how) in enumerate(zip(values, formats, strict=True)):
                value = of[row]
                if isinstance(value, str):
                    made.write_string(row + 1, place, value, how)
                elif value is not None:
                    made.write_number(row + 1, place, value, how)
            if wrapped:
                made.set_row(
                    row + 1, _LINE * max(lines_of(values[at][row], _WIDTHS["words"]) for at in wrapped)
                )
            done += 1
            if done % _STEP == 0:
                progress(done / rows)
        if len(sheet.frame):
            made.autofilter(0, 0, len(sheet.frame), len(sheet.columns) - 1)
        made.set_landscape()
        made.set_paper(9)
        made.repeat_rows(0)
        if len(sheet.columns) <= _PAGE_WIDE:
            made.fit_to_pages(1, 0)
        else:
            made.repeat_columns(0, 1)
    _about(book, about_name, title, notes, base)
    book.close()
    progress(1.0)
    return stream.getvalue()


def _about(book, name: str, title: str, notes: Sequence[str], base: dict) -> None:
    made = book.add_worksheet(_sheet_name(name))
    made.set_column(0, 0, _ABOUT_WIDTH)
    made.fit_to_pages(1, 0)
    made.write_string(0, 0, title, book.add_format(base | {"bold": True, "font_size": 14}))
    wrap = book.add_format(base | {"text_wrap": True})
    for row, note in enumerate(notes, 2):
        made.set_row(row, _LINE * lines_of(note, _ABOUT_WIDTH))
        made.write_string(row, 0, note, wrap)


def lines_of(words: str | None, width: int) -> int:
    """On how many lines a text stands in a column so wide; programs that print do not always find out themselves."""
    across = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words or "")
    return max(1, -(-across * 11 // (width * 10)))  # a tenth more: lines break before words


def _plain(values: pd.Series) -> list:
    """Texts, numbers, and None for what is missing."""
    return values.astype(object).where(values.notna(), None).tolist()


def _sheet_name(words: str) -> str:
    """At most 31 letters and none that a sheet's name may not have."""
    return re.sub(r"[\[\]:*?/\\']", " ", words)[:31].strip()
