"""The original file back, with what is wrong and what to do beside each row.

The two columns stand first; all others keep their text, so that the file can be corrected and imported
again. No cell can act as a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

import xlsxwriter
from sqlalchemy import select

from data import originals
from data.cleaning import harmless
from data.installation import Installation
from data.intake.findings import WAIT, UnreadableError
from data.intake.layouts import load_layouts
from data.intake.reading import open_source
from data.intake.recognising import REASON_HEADERS
from data.intake.sheets import read_sheet
from data.keys import KeyFileError
from data.messages import message
from data.records import problem, source_file
from data.sealing import SealError
from data.store import Store

_XLSX_ROWS = 100_000  # a larger file comes back as csv: a workbook of that size opens slowly everywhere
_HEADERS = {"zh": REASON_HEADERS[:2], "en": REASON_HEADERS[2:]}
_PLACES = {
    "zh": ("工作表", "行", "列", "内容", "规则", "严重程度"),
    "en": ("Sheet", "Row", "Column", "Value", "Rule", "Severity"),
}


@dataclass(frozen=True)
class Returned:
    """A file for the person who delivered the original."""

    name: str
    content: bytes
    rows: int  # of the original: all of them come back, for a part of a whole export would take back the rest


def returned_file(store: Store, installation: Installation, file: int, language: str = "zh") -> Returned:
    """The original of a source file with its findings; the findings alone where it is not kept or cannot be opened."""
    with store.records() as connection:
        about = connection.execute(select(source_file).where(source_file.c.file == file)).one()
        findings = connection.execute(
            select(problem)
            .where(problem.c.file == file)
            .order_by(problem.c.line, problem.c.column_name, problem.c.rule)
        ).fetchall()
    stem = PurePath(about.name).stem + ("_退回" if language == "zh" else "_returned")
    if originals.is_kept(installation, about.sha256, about.name):
        try:
            with originals.opened(installation, about.sha256, about.name) as original:
                return _returned(stem, about, _annotated(original, about, findings, installation, language))
        except (KeyFileError, SealError):  # the findings still say what to do
            pass
    return _returned(stem, about, _listed(findings, language))


def _returned(stem: str, about, rows: Iterator[list[str]]) -> Returned:
    if about.rows_read <= _XLSX_ROWS:
        return Returned(f"{stem}.xlsx", _xlsx(rows), about.rows_read)
    return Returned(f"{stem}.csv", _csv(rows), about.rows_read)


def _annotated(original, about, findings, installation: Installation, language: str) -> Iterator[list[str]]:
    reasons: dict[int, list[tuple[str, str]]] = {}
    for finding in findings:
        if finding.severity == WAIT:  # nothing is wrong with the row itself
            continue
        reasons.setdefault(finding.line, []).append(_words(finding, language))
    sheet = next(sheet for sheet in open_source(original).sheets if sheet.name == about.sheet)
    layouts = [layout for layout in load_layouts(installation.folder).values() if layout.name == about.layout]
    try:
        header = read_sheet(sheet, layouts, about.name).header
        header_line = header.first + header.height
    except UnreadableError:  # the layout has changed since
        header_line = 1
    for line, cells in sheet.rows:
        if line == header_line:
            yield [*_HEADERS[language], *cells]
            continue
        wrong, todo = zip(*reasons[line], strict=True) if line in reasons else ((), ())
        yield ["；".join(wrong), "；".join(dict.fromkeys(todo)), *cells]


def _words(finding, language: str) -> tuple[str, str]:
    """(what is wrong with which value, what to do)"""
    wrong, todo = message(finding.rule, language)
    if finding.column_name is None:
        return wrong, todo
    if language == "zh":
        return f"{finding.column_name}「{finding.value or ''}」：{wrong}", todo
    return f"{finding.column_name} '{finding.value or ''}': {wrong}", todo


def _listed(findings, language: str) -> Iterator[list[str]]:
    yield [*_HEADERS[language], *_PLACES[language]]
    for finding in findings:
        where = (
            finding.sheet,
            finding.line,
            finding.column_name,
            finding.value,
            finding.rule,
            finding.severity,
        )
        yield [*message(finding.rule, language), *("" if part is None else str(part) for part in where)]


def _xlsx(rows: Iterator[list[str]]) -> bytes:
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        text = book.add_format(
            {"num_format": "@"}
        )  # as text, or codes lose their zeros when the cell is edited
        reason = book.add_format({"num_format": "@", "font_color": "#9C0006", "text_wrap": True})
        sheet.set_column(0, 1, 36)
        for line, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if cell:
                    sheet.write_string(line, place, cell[:32_000], reason if place < 2 else text)
    return buffer.getvalue()


def _csv(rows: Iterator[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for cells in rows:
        writer.writerow([_harmless(cell) for cell in cells])
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """A leading quote keeps a spreadsheet from taking a text for a formula; numbers stay as they are."""
    try:
        float(cell)
    except ValueError:
        return harmless(cell)
    return cell
