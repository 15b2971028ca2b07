"""A sheet as chunks of data rows: what is not data is set aside and counted, nothing is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

import pyarrow as pa

from data.intake.findings import UnreadableError
from data.intake.layouts import Layout, normal_header
from data.intake.reading import Row, Sheet
from data.intake.recognising import SEARCHED, Header, find_header, is_unit_row

_TOTAL = re.compile(r"(合计|小计|总计|累计)[:：]?")
_FOOTER = re.compile(
    r"(填表人|填报人|制表人?|审核人?|负责人|经办人|填报日期|填报单位|导出日期|打印日期|统计日期|注|备注|说明)[:：].*"
)
_MAY_START = frozenset(
    "合小总累填制审负经导打统注备说 \u3000"
)  # so that nearly every row is passed by one look
_DAY = re.compile(
    r"(?<!\d)(20\d\d)(?:[-_/.年](\d{1,2})[-_/.月](\d{1,2})日?(?!\d)|(\d\d)(\d\d)(?=\d{6}(?!\d)|(?!\d)))"
)
_MONTH = re.compile(r"(?<!\d)(20\d\d)(?:[-_/.年](0?[1-9]|1[0-2])(?!\d)|(0[1-9]|1[0-2])(?!\d))")


_COLUMNS = 16_384  # of a sheet in xlsx and ods


@dataclass
class Chunk:
    lines: list[int]  # of each row, as the file counts
    columns: dict[int, pa.Array]  # text cells by position; only positions that the layout reads
    too_long: list[int]  # rows of the chunk with filled cells beyond the header: their cells may have shifted


@dataclass
class SheetReader:
    """Finds the header when made; `chunks` then streams the rows. Counts are complete after the last."""

    sheet: Sheet
    header: Header
    titles: list[str]
    rows_read: int = 0
    rows_set_aside: int = 0
    footers: list[str] = field(default_factory=list)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Data rows, `size` at a time."""
        header = self.header
        wanted = sorted({*header.positions.values(), *header.unit_positions.values(), *header.items})
        width = len(header.labels)
        rows = self._data()
        while block := list(islice(rows, size)):
            too_long = []
            for row, (_, cells) in enumerate(block):
                if len(cells) < width:
                    cells.extend([""] * (width - len(cells)))
                elif len(cells) > width:
                    if any(cells[width:]):
                        too_long.append(row)
                    del cells[width:]
            by_column = list(zip(*(cells for _, cells in block), strict=True))
            columns = {place: pa.array(by_column[place], pa.string()) for place in wanted}
            yield Chunk([line for line, _ in block], columns, too_long)

    def _data(self) -> Iterator[Row]:
        """Rows below the header without blanks, totals, footers and repeated headers."""
        rows = iter(self.sheet.rows)
        skipped = self.header.first + self.header.height
        for _ in islice(rows, skipped):
            self.rows_read += 1
            self.rows_set_aside += 1
        repeated = [normal_header(label) for label in self.header.labels]
        label = self.header.labels[0]
        for count, (line, cells) in enumerate(rows):
            self.rows_read += 1
            start = cells[0] if cells else ""
            # Nearly every row is passed by its first cell alone.
            plain = start and start[0] not in _MAY_START and start != label and count
            if plain or (self._is_data(cells, repeated) and not (count == 0 and is_unit_row(cells))):
                yield line, cells
            else:
                self.rows_set_aside += 1

    def _is_data(self, cells: list[str], repeated: Sequence[str]) -> bool:
        start = next((cell for cell in cells if cell and not cell.isspace()), None)
        if start is None:
            return False
        if start[0] in _MAY_START:
            text = re.sub(r"\s+", "", start)
            if _TOTAL.fullmatch(text):
                return False
            if _FOOTER.fullmatch(text):
                self.footers.append(" ".join(cell for cell in cells if cell))
                return False
        return [normal_header(cell) for cell in cells[: len(repeated)]] != repeated

    def made_on(self, file_name: str) -> date | None:
        """The day on which the file says it was made: its name, else a title, else a footer."""
        for text in (file_name, " ".join([self.sheet.name or "", *self.titles]), " ".join(self.footers)):
            if (day := find_day(text)) is not None:
                return day
        return None


def read_sheet(sheet: Sheet, layouts: Sequence[Layout], file_name: str) -> SheetReader:
    """The reader of a sheet. Raises UnreadableError: nothing in it, no layout, more than one layout."""
    head = [_without_end(cells) for _, cells in islice(sheet.rows, SEARCHED)]
    if any(len(cells) > _COLUMNS for cells in head):
        raise UnreadableError("sheet_too_wide")
    if not any(cell.strip() for cells in head for cell in cells):
        raise UnreadableError("sheet_empty")
    texts = [" ".join(cell for cell in cells if cell) for cells in head[:10]]
    header = find_header(head, layouts, " ".join([file_name, sheet.name or "", *texts]))
    return SheetReader(sheet, header, [text for text in texts[: header.first] if text])


def _without_end(cells: list[str]) -> list[str]:
    """A row without the empty cells at its end."""
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return cells[:width]


def find_day(text: str) -> date | None:
    """The latest day that a text names; a bare month counts as its last day."""
    parts = [tuple(part for part in match.groups() if part) for match in _DAY.finditer(text)]
    days = [day for part in parts if (day := _day(*part)) is not None]
    if not days:
        days = [_last_of_month(int(year), int(a or b)) for year, a, b in _MONTH.findall(text)]
    return max(days, default=None)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _last_of_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
