"""Writing a source file as its system would: csv in two encodings, xlsx with titles and footers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from data.demo.days import iso
from data.demo.sheet import SheetColumn, rows_in
from data.demo.styles import Style

XLSX_ROWS = 9_000  # more rows than this are exported as csv
_CHUNK = 200_000
_GROUPS = ("基本信息", "业务信息", "管理信息")


@dataclass(frozen=True)
class Written:
    """A file that exists now. ``first_line`` is the line of the first data row, counted from 1."""

    path: Path
    sheet: str  # "" for csv
    first_line: int
    rows: int
    bytes: int


def write_file(
    folder: Path, name: str, title: str, columns: list[SheetColumn], style: Style, made: int
) -> Written:
    """Write ``folder/name.(csv|xlsx)``; ``made`` is the day that the footer gives."""
    n = rows_in(columns)
    if style.titled:
        columns = [SheetColumn("序号", "", pc.cast(pa.array(np.arange(1, n + 1)), pa.string())), *columns]
    if style.xlsx and n <= XLSX_ROWS:
        return _xlsx(folder / f"{name}.xlsx", title, columns, style, made)
    return _csv(folder / f"{name}.csv", title, columns, style, made)


def _closing(columns: list[SheetColumn], n: int, made: int) -> list[list[str]]:
    """The total row and the footer."""
    total = ["合计", *[""] * (len(columns) - 2), f"共{n}条"]
    footer = [f"填表人：王建国  审核人：李丽华  填报日期：{iso(made)}", *[""] * (len(columns) - 1)]
    return [total, footer]


def _csv(path: Path, title: str, columns: list[SheetColumn], style: Style, made: int) -> Written:
    n, width = rows_in(columns), len(columns)
    head = [[title, *[""] * (width - 1)]] if style.titled else []
    head.append([c.header for c in columns])
    size = 0
    with path.open("wb") as file:
        if style.encoding == "utf-8-sig":
            size += file.write(b"\xef\xbb\xbf")
        encoding = "utf-8" if style.encoding == "utf-8-sig" else style.encoding

        def put(text: str) -> int:
            return file.write(text.encode(encoding))

        size += put("".join(",".join(line) + "\r\n" for line in head))
        for start in range(0, n, _CHUNK):
            size += put(_lines([c.cells.slice(start, _CHUNK) for c in columns]))
        if style.titled:
            size += put("".join(",".join(line) + "\r\n" for line in _closing(columns, n, made)))
    return Written(path, "", len(head) + 1, n, size)


def _lines(cells: list[pa.Array]) -> str:
    """Rows of cells as csv text. No cell holds a comma, a quote or a line end except coordinates."""
    filled = [pc.fill_null(c, "") for c in cells]
    filled = [_quoted(c) for c in filled]
    lines = pc.binary_join_element_wise(*filled, ",") if len(filled) > 1 else filled[0]
    joined = pc.binary_join(pa.ListArray.from_arrays([0, len(lines)], lines), "\r\n")
    return joined[0].as_py() + "\r\n"


def _quoted(cells: pa.Array) -> pa.Array:
    has_comma = pc.match_substring(cells, ",")
    if not pc.any(has_comma).as_py():
        return cells
    return pc.if_else(has_comma, pc.binary_join_element_wise('"', cells, '"', ""), cells)


def _xlsx(path: Path, title: str, columns: list[SheetColumn], style: Style, made: int) -> Written:
    n, width = rows_in(columns), len(columns)
    sheet_name = title[-20:]
    # The zip entries carry a fixed time already; the document's own time is fixed here.
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": datetime(2024, 1, 1), "author": "", "title": title})
    bold = book.add_format({"bold": True, "align": "center", "border": 1})
    day_format = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(sheet_name)
    line = 0
    if style.titled:
        sheet.merge_range(line, 0, line, width - 1, title, bold)
        line += 1
    if style.grouped:
        for g, part in enumerate(np.array_split(np.arange(width), min(len(_GROUPS), width))):
            if len(part) > 1:
                sheet.merge_range(line, int(part[0]), line, int(part[-1]), _GROUPS[g], bold)
            else:
                sheet.write_string(line, int(part[0]), _GROUPS[g], bold)
        line += 1
    sheet.write_row(line, 0, [c.header for c in columns], bold)
    first = line + 1
    serial = style.dates == "45721"
    for r, row in enumerate(zip(*(c.cells.to_pylist() for c in columns), strict=True), first):
        for k, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if serial and columns[k].target.endswith("_on") | (columns[k].target == "day") and cell.isdigit():
                sheet.write_number(r, k, int(cell), day_format)
            elif cell.isdigit() and len(cell) < 5 and columns[k].target not in ("code", "parent_code"):
                sheet.write_number(r, k, int(cell))
            else:
                sheet.write_string(r, k, cell)
    if style.titled:
        for offset, closing in enumerate(_closing(columns, n, made)):
            for k, cell in enumerate(closing):
                if cell:
                    sheet.write_string(first + n + offset, k, cell)
    book.close()
    return Written(path, sheet_name, first + 1, n, path.stat().st_size)


def day_of(number: int) -> date:
    return date.fromisoformat(iso(number))
