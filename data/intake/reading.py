"""Any source file as rows of text: csv, xlsx, xls, xlsb, ods, and what only calls itself xls.

A `Sheet` gives (line, cells) one by one; lines are counted as a spreadsheet shows them, from 1. Every
cell is text: a date is ISO, a whole number has no decimal point. Raises UnreadableError with the rule
that a whole file breaks.
"""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from data.intake.encodings import digest, find_delimiter, find_encoding
from data.intake.findings import UnreadableError
from data.intake.html_tables import html_rows

Row = tuple[int, list[str]]

_TEXT = {".csv", ".tsv", ".txt"}
_BOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
SUFFIXES = frozenset(_TEXT | _BOOKS)
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")  # old xls, and every password-protected xlsx
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# A double holds 15 digits: a longer whole number has lost its end and must not look like a good one.
_EXACT = 10**15

_CELL = 10_000_000  # letters of a text file's cell: more is a quote that was never closed
csv.field_size_limit(_CELL)


class RowSource(ABC):
    """The rows of one sheet; iterating starts anew each time. `fraction`: how much of it has been read."""

    fraction = 0.0

    @abstractmethod
    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True)
class Sheet:
    name: str | None  # None: the file has no sheets
    hidden: bool
    rows: RowSource


@dataclass(frozen=True)
class SourceFile:
    path: Path
    sha256: str
    encoding: str | None
    sheets: tuple[Sheet, ...]


def open_source(path: Path) -> SourceFile:
    """A file and its sheets. Raises UnreadableError when nothing can be read from it."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UnreadableError("file_kind")
    if path.stat().st_size == 0:
        raise UnreadableError("file_empty")
    with path.open("rb") as file:
        start = file.read(1024)
    is_book = start.startswith((b"PK", _COMPOUND))
    if is_book:
        return SourceFile(path, digest(path), None, _book_sheets(path, start))
    if suffix in _BOOKS and suffix != ".xls":
        raise UnreadableError("file_damaged")
    encoding = find_encoding(path)
    head = start.decode(encoding, "ignore").lstrip("\ufeff \t\r\n").lower()
    if head.startswith("<") and suffix not in _TEXT:
        rows = _Html(path, encoding)
    else:
        rows = _Delimited(path, encoding, find_delimiter(path, encoding))
    return SourceFile(path, digest(path), encoding, (Sheet(None, False, rows),))


class _Delimited(RowSource):
    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self._path, self._encoding, self._delimiter = path, encoding, delimiter

    def __iter__(self) -> Iterator[Row]:
        size = self._path.stat().st_size
        with self._path.open(encoding=self._encoding, newline="") as file:
            # The number of a row, not of a line of the file: a quoted cell may hold line breaks.
            rows = enumerate(csv.reader(file, delimiter=self._delimiter), 1)
            while True:
                try:
                    line, cells = next(rows)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise UnreadableError("cell_endless") from error
                if line % 10_000 == 0:
                    self.fraction = file.buffer.tell() / size
                yield line, cells


class _Html(RowSource):
    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding

    def __iter__(self) -> Iterator[Row]:
        with self._path.open(encoding=self._encoding) as file:
            try:
                yield from enumerate(html_rows(iter(lambda: file.read(1 << 16), "")), 1)
            except AssertionError as error:  # how the standard library's parser gives up
                raise UnreadableError("file_damaged") from error


class _Book(RowSource):
    def __init__(self, path: Path, sheet: str) -> None:
        self._path, self._sheet = path, sheet

    def __iter__(self) -> Iterator[Row]:
        with _damage_told():
            sheet = calamine.CalamineWorkbook.from_path(self._path).get_sheet_by_name(self._sheet)
        rows = enumerate(sheet.iter_rows(), 1)
        while True:
            with _damage_told():
                line, cells = next(rows, (0, None))
            if cells is None:
                return
            self.fraction = line / max(sheet.total_height, 1)
            yield line, [cell if isinstance(cell, str) else _text(cell) for cell in cells]


def _book_sheets(path: Path, start: bytes) -> tuple[Sheet, ...]:
    if start.startswith(_COMPOUND) and _ENCRYPTED in path.read_bytes():
        raise UnreadableError("file_password")
    with _damage_told():
        book = calamine.CalamineWorkbook.from_path(path)
        metadata = book.sheets_metadata
    sheets = tuple(
        Sheet(about.name, about.visible != calamine.SheetVisibleEnum.Visible, _Book(path, about.name))
        for about in metadata
        if about.typ == calamine.SheetTypeEnum.WorkSheet
    )
    if not sheets:  # charts alone, or a list of sheets that broke off: a file nobody would hear of
        raise UnreadableError("book_without_sheets")
    return sheets


@contextmanager
def _damage_told() -> Iterator[None]:
    """What the reader of workbooks raises, as a rule; its panics are no Exceptions."""
    try:
        yield
    except calamine.PasswordError as error:
        raise UnreadableError("file_password") from error
    except (calamine.CalamineError, OSError) as error:
        raise UnreadableError("file_damaged") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError("file_damaged") from error


def is_book(path: Path) -> bool:
    """Whether a file is opened as a workbook, whatever it is called."""
    with path.open("rb") as file:
        return file.read(len(_COMPOUND)).startswith((b"PK", _COMPOUND))


def _text(cell: object) -> str:
    """What a spreadsheet would show, in one form."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        if abs(cell) >= _EXACT:
            return f"{cell:.14E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)
