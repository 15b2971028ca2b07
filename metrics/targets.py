"""Targets: indicator × year × kind of unit or unit × source, shipped and the bureau's own; one is in force.

The shipped file names what the sources say. A bureau's own ``targets.csv`` lies in the folder of its
installation (``docs/standards.md``): what it says comes before what is shipped. Every change of it is
noted in ``targets_history.csv`` beside it.
"""

from __future__ import annotations

import csv
import getpass
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from metrics import published
from metrics.card import Card, Unit
from metrics.standards import FOLDER, StandardsError, read_csv
from metrics.standards.files import Line, edited_lines

PATH = FOLDER / "targets.csv"
OWN = "targets.csv"
HISTORY = "targets_history.csv"

UNIT_KINDS = ("bureau", "centre", "station", "clinic")
REQUIRED = ("indicator", "value", "source")
OPTIONAL = ("year", "from_year", "to_year", "unit_kind", "unit", "value_to", "note")
_HISTORY_COLUMNS = [
    "at",
    "by",
    "change",
    "indicator",
    "year",
    "unit_kind",
    "unit",
    "before",
    "after",
    "source",
    "note",
]
_YEARS = range(2000, 2101)

Place = tuple[str, int, str | None, str | None]  # indicator, year, kind of unit, code of unit


def targets(known: set[str]) -> list[dict]:
    """The shipped rows of ``published.target``. ``known``: keys of the cards; another key is an error.

    Exactly one source is in force for an indicator, year and kind of unit.
    """
    rows, in_force = [], {}
    for line, row in enumerate(read_csv(PATH), 2):
        if row["indicator"] not in known:
            raise StandardsError(f"{PATH.name}, line {line}: there is no indicator {row['indicator']!r}")
        try:
            first, last = int(row["from_year"]), int(row["to_year"])
            value, value_to = _range_of(row["value"])
        except ValueError as error:
            raise StandardsError(
                f"{PATH.name}, line {line}: {error}; years and values are plain numbers"
            ) from error
        for year in range(first, last + 1):
            target = {
                "indicator": row["indicator"],
                "year": year,
                "unit_kind": row["unit_kind"] or None,
                "unit": None,
                "value": value,
                "value_to": value_to,
                "source": row["source"],
                "note": None,
                "own": False,
                "in_force": row["in_force"] == "1",
            }
            rows.append(target)
            if target["in_force"]:
                place = (row["indicator"], year, target["unit_kind"])
                if place in in_force:
                    raise StandardsError(
                        f"{PATH.name}, line {line}: {place} has a second target in force (first on line {in_force[place]})"
                    )
                in_force[place] = line
    return rows


def _range_of(text: str) -> tuple[float, float | None]:
    """A value, or the two ends of a range written ``2..3``."""
    low, _, high = text.partition("..")
    return float(low), float(high) if high else None


# -- a bureau's own -----------------------------------------------------------------------------------------


def own_targets(path: Path, cards: Mapping[str, Card], unit_codes: Mapping[str, int]) -> list[dict]:
    """Rows of ``published.target`` from a bureau's file; StandardsError says what is wrong on which line.

    ``unit_codes``: the code of every unit with its number.
    """
    rows: list[dict] = []
    lines: dict[Place, int] = {}
    for line in edited_lines(path, REQUIRED, OPTIONAL):
        card = cards.get(line["indicator"])
        if card is None:
            raise line.wrong(
                "indicator",
                "没有这个指标，编号见“指标目录”页",
                "no such indicator: the catalogue page shows their keys",
            )
        kind, code = line["unit_kind"] or None, line["unit"] or None
        if kind is not None and kind not in UNIT_KINDS:
            told = ", ".join(UNIT_KINDS)
            raise line.wrong("unit_kind", f"机构类型为 {told}，或留空", f"one of {told}, or empty")
        if code is not None and code not in unit_codes:
            raise line.wrong("unit", "没有这个机构编码", "there is no unit of this code")
        if code is not None and kind is not None:
            raise line.wrong("unit", "机构和机构类型只填一个", "give a unit or a kind of unit, not both")
        value, value_to = _own_values(line, card)
        if not line["source"]:
            raise line.wrong("source", "请写明依据（文件名、文号）", "name the document that says so")
        for year in _own_years(line):
            place = (card.key, year, kind, code)
            if earlier := lines.get(place):
                raise line.wrong(
                    "indicator",
                    f"与第 {earlier} 行的指标、年份（{year}）和机构相同，请删去一行",
                    f"line {earlier} has the same indicator, year ({year}) and unit: delete one of them",
                )
            lines[place] = line.number
            rows.append(
                {
                    "indicator": card.key,
                    "year": year,
                    "unit_kind": kind,
                    "unit": None if code is None else unit_codes[code],
                    "value": value,
                    "value_to": value_to,
                    "source": line["source"],
                    "note": line["note"] or None,
                    "own": True,
                    "in_force": True,
                    "code": code,
                }
            )
    return rows


def _own_values(line: Line, card: Card) -> tuple[float, float | None]:
    values = [_own_number(line, column, card) for column in ("value", "value_to") if line[column]]
    if not line["value"]:
        raise line.wrong("value", "请填目标值", "a value is needed")
    if len(values) == 2 and values[1] < values[0]:
        raise line.wrong("value_to", "上限不能小于下限", "the upper end is below the lower one")
    return values[0], values[1] if len(values) == 2 else None


def _own_number(line: Line, column: str, card: Card) -> float:
    try:
        value = float(line[column])
    except ValueError as error:
        raise line.wrong(
            column, "只写数字，例如 0.95 或 1200", "write a plain number, such as 0.95 or 1200"
        ) from error
    if not 0 <= value < 1e12:
        raise line.wrong(column, "不能为负，也不能过大", "neither negative nor too large")
    if card.unit is Unit.PERCENT and value > 1:
        raise line.wrong(
            column, "比例写作小数：95% 写 0.95", "a share is written as a decimal: 0.95 for 95 %"
        )
    return value


def _own_years(line: Line) -> range:
    columns = ("year", "year") if line["year"] else ("from_year", "to_year")
    years = []
    for column in columns:
        try:
            year = int(line[column])
        except ValueError as error:
            raise line.wrong(column, "请填四位年份", "a year of four digits is needed") from error
        if year not in _YEARS:
            raise line.wrong(column, "请填四位年份", "a year of four digits is needed")
        years.append(year)
    if years[1] < years[0]:
        raise line.wrong("to_year", "结束年份早于开始年份", "it ends before it begins")
    return range(years[0], years[1] + 1)


def target_rows(cards: Mapping[str, Card], folder: Path, units: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``published.target``: what is shipped, and what the bureau's own file puts in its place."""
    codes = {str(row.code): int(row.unit) for row in units.itertuples()}
    own = own_targets(folder / OWN, cards, codes)
    rows = [row | {"in_force": row["in_force"] and not _replaced(row, own)} for row in targets(set(cards))]
    return pd.DataFrame([*rows, *own], columns=list(published.target.c.keys())).astype(
        {"unit": "Int64", "value_to": "Float64"}
    )


def _replaced(shipped: dict, own: list[dict]) -> bool:
    """Whether a row of the bureau's speaks for all the places of a shipped one."""
    return any(
        (row["indicator"], row["year"]) == (shipped["indicator"], shipped["year"])
        and row["unit"] is None
        and row["unit_kind"] in (None, shipped["unit_kind"])
        for row in own
    )


# -- the history of a bureau's own --------------------------------------------------------------------------


def note_targets(folder: Path) -> int:
    """Append to the history what was added, changed or taken out of the file since it was last noted: how much."""
    now = _as_noted(folder / OWN)
    before = _last_noted(folder / HISTORY)
    changes = []
    for place in sorted({*now, *before}, key=str):
        was, is_now = before.get(place, ("", "", "")), now.get(place, ("", "", ""))
        if was != is_now:
            change = "added" if place not in before else "removed" if place not in now else "changed"
            changes.append((change, *place, was[0], is_now[0], *(is_now if is_now[0] else was)[1:]))
    if changes:
        _append(folder / HISTORY, changes)
    return len(changes)


def _as_noted(path: Path) -> dict[tuple[str, str, str, str], tuple[str, str, str]]:
    """(indicator, year, kind, unit) -> value, source, note: all as texts."""
    found = {}
    for line in edited_lines(path, REQUIRED, OPTIONAL):
        value = line["value"] + (f"..{line['value_to']}" if line["value_to"] else "")
        for year in _own_years(line):
            place = (line["indicator"], str(year), line["unit_kind"], line["unit"])
            found[place] = (value, line["source"], line["note"])
    return found


def _last_noted(path: Path) -> dict[tuple[str, str, str, str], tuple[str, str, str]]:
    """The same as the history last says it."""
    found = {}
    for line in edited_lines(path, tuple(_HISTORY_COLUMNS)):
        place = (line["indicator"], line["year"], line["unit_kind"], line["unit"])
        if line["change"] == "removed":
            found.pop(place, None)
        else:
            found[place] = (line["after"], line["source"], line["note"])
    return found


def history(folder: Path) -> list[dict[str, str]]:
    """Every change of the bureau's targets, oldest first: when, by whom, what."""
    return [line.cells for line in edited_lines(folder / HISTORY, tuple(_HISTORY_COLUMNS))]


def _append(path: Path, changes: list[tuple]) -> None:
    is_new = not path.exists()
    at = datetime.now().isoformat(timespec="seconds", sep=" ")
    with path.open("a", encoding="utf-8-sig" if is_new else "utf-8", newline="") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(_HISTORY_COLUMNS)
        writer.writerows((at, _who(), *change) for change in changes)
        file.flush()
        os.fsync(file.fileno())


def _who() -> str:
    """Whoever runs the build: files are edited by those who may use this account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
