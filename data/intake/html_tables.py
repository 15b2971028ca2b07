"""Rows of the tables in an HTML page: what many systems hand out under the name .xls."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

_WIDEST = 1_000  # columns that a cell may span: https://html.spec.whatwg.org/multipage/tables.html


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.finished: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            self._row = []
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), _WIDEST) if span.isascii() and span.isdigit() and len(span) < 9 else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            row = self._row if self._row is not None else []
            row += ["".join(self._cell).strip()] + [""] * (self._span - 1)
            self._row, self._cell = row, None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self.finished.append(self._row)
            self._row = None


def html_rows(blocks: Iterator[str]) -> Iterator[list[str]]:
    """Rows of every table, one below the other, as the page is read block by block."""
    parser = _Rows()
    for block in blocks:
        parser.feed(block)
        yield from parser.finished
        parser.finished = []
    parser.close()
    yield from parser.finished
