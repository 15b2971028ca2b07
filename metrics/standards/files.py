"""Reading files of standards: those that are shipped, and those that a bureau edits with a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class StandardsError(Exception):
    """A file of standards that cannot be used; names file, line and what to do."""


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a shipped file of standards as texts."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Line:
    """One row of a file that a bureau edits: its cells as texts without blanks around them."""

    path: Path
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, column: str, zh: str, en: str) -> StandardsError:
        """What is wrong in a column and what to do, in both languages."""
        value = self[column]
        return StandardsError(
            f"{self.path}，第 {self.number} 行，{column} 列，“{value}”：{zh}。\n"
            f"{self.path}, line {self.number}, column {column}, {value!r}: {en}."
        )


def text_of(path: Path) -> str:
    """The file's text; spreadsheets write UTF-8 with a mark, or the Chinese code page."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def edited_lines(path: Path, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Line]:
    """The rows of a file that a bureau edits; none where there is no file. Lines that begin with # are notes."""
    if not path.is_file():
        return
    reader = csv.reader(io.StringIO(text_of(path), newline=""))
    header: list[str] | None = None
    for cells in reader:
        cells = [cell.strip() for cell in cells]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if header is None:
            header = cells
            _check_header(path, reader.line_num, header, required, optional)
            continue
        if len(cells) > len(header) and any(cells[len(header) :]):
            raise StandardsError(
                f"{path}，第 {reader.line_num} 行：比表头多出 {len(cells) - len(header)} 格；含逗号的文字请加英文引号。\n"
                f"{path}, line {reader.line_num}: more cells than the header has; put texts with commas in quotes."
            )
        yield Line(path, reader.line_num, dict(zip(header, cells, strict=False)))


def _check_header(path: Path, line: int, header: list[str], required, optional) -> None:
    for column in required:
        if column not in header:
            raise StandardsError(
                f"{path}，第 {line} 行：表头缺少“{column}”列；应有 {', '.join(required)}。\n"
                f"{path}, line {line}: the header lacks the column {column!r}; it needs {', '.join(required)}."
            )
    for column in filter(None, header):
        if column not in (*required, *optional):
            raise StandardsError(
                f"{path}，第 {line} 行：不认识“{column}”列；可用 {', '.join((*required, *optional))}。\n"
                f"{path}, line {line}: there is no column {column!r}; there are {', '.join((*required, *optional))}."
            )


_TEMPLATES = {
    "parameters.csv": (
        "# 本单位自定的参数，自所写日期起代替随系统提供的值；之前的数不变。改后重新启动，再计算：python3 manage.py build",
        "# Your own values of parameters: each takes the place of the shipped one from its date on. Then restart and build.",
        "# 参数名称见 docs/standards.md，各列例如 · keys are in docs/standards.md, a row such as:",
        "# sbp_goal,2026-01-01,130,卫健发〔2026〕1号",
        "key,from,value,source",
    ),
    "targets.csv": (
        "# 本单位自定的目标，优先于随系统提供的目标。每行一个指标；比例写 0.95；范围填 value 和 value_to。改后：python3 manage.py build",
        "# Your own targets: they come before the shipped ones. A share is written 0.95; a range as value and value_to. Then build.",
        "# unit_kind（bureau centre station clinic）与 unit（机构编码）只填一个，都不填为全部机构；每次改动记入 targets_history.csv",
        "# Give unit_kind or unit (its code), or neither for all; every change is noted in targets_history.csv. A row such as:",
        "# hr_filing_rate,2026,centre,,0.96,,卫健发〔2026〕1号,",
        "indicator,year,unit_kind,unit,value,value_to,source,note",
    ),
}


def write_templates(folder: Path) -> None:
    """Empty files of parameters and targets for a bureau to fill in, where there are none yet."""
    for name, lines in _TEMPLATES.items():
        path = folder / name
        if not path.exists():
            path.write_text("\r\n".join(lines) + "\r\n", "utf-8-sig", newline="")
