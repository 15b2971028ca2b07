"""Reading ``work.csv``: what units do in a year, one row a kind of work.

``table,by,per_year,values,reference``

by         kinds of units, blanks between
per_year   rows a unit and year, spread evenly (of what befalls units on average: 0.1 is once in ten years); ``once``: one row that stands since long ago; ``check``: as often
           as a standard's items are looked at
values     ``column=value`` with ``;`` between. A value is a constant; ``a|b`` one of them; ``30..60`` a number
           between (whole unless written with decimals); ``90%`` true so often; ``70..95%`` such a share of the
           column ``asked``; ``+0..5d``, ``+1..30h`` or ``-30..-1d`` so long after (before) the row's day;
           ``-`` nothing. ``p*value``: only so often (``40%*+1..9d``), else nothing.
reference  what the reference centre with its stations has in 2025, exactly: ``rows=42``, ``people=12000`` (the
           sum of a column), ``positive=94.7%`` (the column's share of ``asked``); of another year ``2024:rows=36``
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("work.csv")
ONCE, CHECK = "once", "check"
KINDS = ("bureau", "centre", "station", "clinic")

_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(%?)")
_OFFSET = re.compile(r"([+-])(\d+)(?:\.\.([+-]?)(\d+))?([dhm])")
_TIMES = re.compile(r"(\d+)%\*(.+)")
MINUTES = {"d": 1440, "h": 60, "m": 1}


@dataclass(frozen=True)
class Value:
    """How the cells of one column are made."""

    kind: str  # nothing, words, number, chance, share, offset
    words: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = True
    often: float = 1.0  # share of the rows that have a value at all


@dataclass(frozen=True)
class Work:
    """One row of the list."""

    line: int
    table: str
    by: tuple[str, ...]
    per_year: float | str
    values: dict[str, Value]
    reference: dict[
        tuple[int, str], float
    ]  # (year, column) -> total, or share where it is below 1 and a percentage


def read_work(path: Path = LIST) -> list[Work]:
    """Every row of the list. ValueError names the line that cannot be read."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    out = []
    for number, cells in enumerate(lines[1:], 2):
        if not cells or not cells[0].strip() or cells[0].startswith("#"):
            continue
        try:
            out.append(_work(number, [cell.strip() for cell in cells]))
        except (ValueError, IndexError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    return out


def _work(line: int, cells: list[str]) -> Work:
    table, by, per_year, values, *reference = cells
    kinds = tuple(by.split())
    if unknown := set(kinds) - set(KINDS):
        raise ValueError(f"no kind of unit: {', '.join(sorted(unknown))}")
    pairs = [part.split("=", 1) for part in values.split(";") if part]
    return Work(
        line,
        table,
        kinds,
        per_year if per_year in (ONCE, CHECK) else float(per_year),
        {column.strip(): parse(text.strip()) for column, text in pairs},
        dict(_total(part) for part in (reference[0] if reference else "").split(";") if part),
    )


def _total(text: str) -> tuple[tuple[int, str], float]:
    column, _, value = text.partition("=")
    year, _, name = column.rpartition(":")
    number = float(value.rstrip("%")) / 100 if value.endswith("%") else float(value)
    return (int(year or 2025), name.strip()), number


def parse(text: str) -> Value:
    """One value as the list writes it."""
    if times := _TIMES.fullmatch(text):
        inner = parse(times[2])
        return Value(inner.kind, inner.words, inner.low, inner.high, inner.whole, int(times[1]) / 100)
    if text in ("-", ""):
        return Value("nothing")
    if found := _RANGE.fullmatch(text):
        low, high, share = float(found[1]), float(found[2]), found[3]
        whole = "." not in found[1] + found[2]
        return Value("share" if share else "number", low=low, high=high, whole=whole)
    if found := _OFFSET.fullmatch(text):
        sign, first, second_sign, second, unit = found.groups()
        low = int(sign + first) * MINUTES[unit]
        high = low if second is None else int((second_sign or sign) + second) * MINUTES[unit]
        return Value("offset", low=min(low, high), high=max(low, high))
    if re.fullmatch(r"\d+(\.\d+)?%", text):
        return Value("chance", low=float(text[:-1]) / 100)
    return Value("words", words=tuple(word.strip() for word in text.split("|")))
