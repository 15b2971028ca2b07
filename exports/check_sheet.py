"""The check sheet of a verification: on paper to ask with, as a workbook to fill in and give back.

Masked, or with names, telephones and addresses for a stated purpose; then its last lines say who took it and what for.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data.words import Text
from exports.about import About, lines
from exports.blocks import Block, Document, Heading, PageBreak, Paragraph, Table, Title
from exports.docx_blocks import docx_bytes
from exports.sheets import plain_book
from exports.words import text
from metrics.card import Card
from metrics.units import MISSING, count
from metrics.verifying.outcomes import OUTCOMES
from metrics.wording import month_name

_FONT = "Microsoft YaHei"
_HEAD = 3  # row of the workbook's headings, from 0
_MASKED = ("line", "unit", "name", "sex", "age", "place", "doctor", "last_on", "last_value")
_FULL = ("line", "unit", "name", "phone", "sex", "age", "address", "doctor", "last_on", "last_value")
_WIDTHS = {
    "line": 6, "unit": 20, "name": 11, "phone": 15, "sex": 6, "age": 6, "place": 16, "address": 30, "doctor": 11,
    "last_on": 13, "last_value": 14, "outcome": 14, "note": 24,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Check:
    """What a sheet is made of.

    rows    of ``metrics.verifying.people``: in full those with ``name``
    counted how many people the figure counts
    reason  what whole names are taken for; "" of a masked sheet
    marks   further last lines: the watermark
    """

    number: int
    card: Card
    month: int
    unit: str
    rows: pd.DataFrame
    counted: int
    names: Mapping[int, str]
    reason: str = ""
    marks: Sequence[str] = ()

    @property
    def is_full(self) -> bool:
        return "name" in self.rows


def check_docx(check: Check, about: About, language: str) -> bytes:
    """The sheet to print."""
    return docx_bytes(document(check, about, language))


def document(check: Check, about: About, language: str) -> Document:
    """One page that says how to ask, then the people, each with the outcomes to tick and room for a note."""
    said = text(language)
    columns = [*(_FULL if check.is_full else _MASKED), "outcome", "note"]
    boxes = "\n".join(said("check_sheet.box") + said(f"verify_outcome.{one}") for one in OUTCOMES)
    rows = [[*_cells(check, row, columns[:-2], said), boxes, ""] for row in check.rows.to_dict("records")]
    weights = {**_WIDTHS, "unit": 14, "address": 22, "outcome": 15, "note": 16}
    blocks: tuple[Block, ...] = (
        Title(said("check_sheet.title"), _under(check, said)),
        *(Paragraph(words) for words in _intro(check, said)),
        Heading(said("check_sheet.outcomes")),
        *(
            Paragraph(said(f"check_sheet.{one}"), lead=said(f"verify_outcome.{one}") + " ", indent=False)
            for one in OUTCOMES
        ),
        Paragraph(said("check_sheet.asked_by"), indent=False),
        PageBreak(landscape=True),
        Table(
            caption=said("check_sheet.people"),
            head=[said(f"verify_sheet.{name}") for name in columns],
            rows=rows,
            weights=[weights[name] for name in columns],
            aligns=["centre" if name in ("line", "sex", "age") else "left" for name in columns],
            note=_kept(check, said),
        ),
    )
    return Document(
        name=sheet_name(check, language),
        language=language,
        blocks=blocks,
        about=(*lines(about, language), *check.marks),
    )


def check_xlsx(check: Check, about: About, language: str) -> bytes:
    """The sheet to fill in: outcomes from a list, and what was entered already. ``metrics.verifying.reading`` reads it back."""
    said = text(language)
    stream = io.BytesIO()
    book = plain_book(stream)
    notes = [*lines(about, language), *check.marks]
    book.set_properties(
        {"title": said("check_sheet.title"), "author": "Jiceng", "comments": "\n".join(notes)}
    )
    base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}
    plain, bold = book.add_format(base), book.add_format(base | {"bold": True, "text_wrap": False})
    head = book.add_format(base | {"bold": True, "bg_color": "#eef2f6", "border": 1, "align": "center"})
    cell = book.add_format(base | {"border": 1})
    filled = book.add_format(base | {"border": 1, "bg_color": "#fff8e1"})
    sheet = book.add_worksheet(said("check_sheet.sheet"))
    columns = [*(_FULL if check.is_full else _MASKED), "outcome", "note"]
    sheet.write_string(0, 0, f"{said('check_sheet.title')} · {_under(check, said)}", bold)
    sheet.write_string(1, 0, said("verify_sheet.number"), plain)
    sheet.write_number(1, 1, check.number, plain)
    for place, name in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS[name])
        sheet.write_string(_HEAD, place, said(f"verify_sheet.{name}"), head)
    for at, row in enumerate(check.rows.to_dict("records"), _HEAD + 1):
        sheet.write_number(at, 0, int(row["line"]), cell)
        for place, words in enumerate(_cells(check, row, columns[1:-2], said), 1):
            sheet.write_string(at, place, words, cell)
        told = "" if is_none(row["outcome"]) else said(f"verify_outcome.{row['outcome']}")
        sheet.write_string(at, len(columns) - 2, told, filled)
        sheet.write_string(at, len(columns) - 1, "" if is_none(row["note"]) else row["note"], filled)
        sheet.write_number(at, len(columns), int(row["version"]), plain)
    # By it a line that somebody wrote since is known when the sheet comes back.
    sheet.write_string(_HEAD, len(columns), said("verify_sheet.version"), plain)
    sheet.set_column(len(columns), len(columns), None, None, {"hidden": True})
    last = _HEAD + max(1, len(check.rows))
    sheet.data_validation(
        _HEAD + 1,
        len(columns) - 2,
        last,
        len(columns) - 2,
        {"validate": "list", "source": [said(f"verify_outcome.{one}") for one in OUTCOMES]},
    )
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)
    how = book.add_worksheet(said("check_sheet.how"))
    how.set_column(0, 0, 16)
    how.set_column(1, 1, 110)
    told = [*(("", words) for words in _intro(check, said))]
    told += [(said(f"verify_outcome.{one}"), said(f"check_sheet.{one}")) for one in OUTCOMES]
    told += [("", words) for words in (_kept(check, said), *notes)]
    for at, (lead, words) in enumerate(told):
        how.write_string(at, 0, lead, bold)
        how.write_string(at, 1, words, plain)
    book.close()
    return stream.getvalue()


def sheet_name(check: Check, language: str) -> str:
    """What the file is called, without its ending."""
    return text(language)(f"check_sheet.name{'_full' if check.is_full else ''}", number=check.number)


def is_none(value: object) -> bool:
    """Whether a cell of a frame is missing."""
    return value is None or value != value


def _under(check: Check, said: Text) -> str:
    return said(
        "check_sheet.under", number=check.number, unit=check.unit, month=month_name(check.month, said)
    )


def _intro(check: Check, said: Text) -> list[str]:
    card = check.card
    return [
        said("check_sheet.claim", card=card.name[said.language], rule=card.rule[said.language]),
        said("check_sheet.about", n=count(len(check.rows)), of=count(check.counted)),
    ]


def _kept(check: Check, said: Text) -> str:
    return said("check_sheet.full", reason=check.reason) if check.is_full else said("check_sheet.masked")


def _cells(check: Check, row: dict, columns: Sequence[str], said: Text) -> list[str]:
    return [_cell(check, row, name, said) for name in columns]


def _cell(check: Check, row: dict, name: str, said: Text) -> str:
    if name == "unit":
        return check.names.get(int(row["unit"]), str(row["unit"]))
    value = row["name_masked"] if name == "name" and not check.is_full else row[name]
    if is_none(value) or pd.isna(value):
        return MISSING
    if name in ("line", "age"):
        return str(int(value))
    if name == "sex":
        return said(f"check_sheet.sex_{int(value)}") if value in (1, 2) else MISSING
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)
