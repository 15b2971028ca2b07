"""Dated data behind the rules: parameters, targets, the immunisation schedule, key populations.

What the files hold is documented in ``docs/standards.md``; a rule never holds such a number itself.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from sqlalchemy import ColumnElement, Date, case, literal

FOLDER = Path(__file__).parent


class StandardsError(Exception):
    """A file of standards that cannot be used; names file, line and what to do."""


@dataclass(frozen=True)
class Parameter:
    """One dated value of a parameter."""

    key: str
    start: date
    value: float
    source: str
    zh: str
    en: str


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a file of standards as texts."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def parameters() -> dict[str, tuple[Parameter, ...]]:
    """Every parameter's values, oldest first."""
    found: dict[str, list[Parameter]] = {}
    path = FOLDER / "parameters.csv"
    for line, row in enumerate(read_csv(path), 2):
        try:
            start, value = date.fromisoformat(row["from"]), float(row["value"])
        except ValueError as error:
            raise StandardsError(f"{path.name}, line {line}: {error}; write a date as 2025-01-31") from error
        found.setdefault(row["key"], []).append(
            Parameter(row["key"], start, value, row["source"], row["zh"], row["en"])
        )
    return {key: tuple(sorted(values, key=lambda p: p.start)) for key, values in found.items()}


@cache
def schedule() -> list[dict]:
    """The immunisation schedule: vaccine, dose_no, age_months, first_born (month), sex, added, zh, en."""
    rows = []
    for row in read_csv(FOLDER / "schedule.csv"):
        year, _, month = row["first_born"].partition("-")
        rows.append(
            {
                "vaccine": row["vaccine"],
                "dose_no": int(row["dose_no"]),
                "age_months": int(row["age_months"]),
                "first_born": int(year) * 12 + int(month) - 1,
                "sex": int(row["sex"]) if row["sex"] else None,
                "added": int(row["added"]),
                "zh": row["zh"],
                "en": row["en"],
            }
        )
    return rows


def number(key: str) -> float | int:
    """The value of a parameter that has not changed yet; StandardsError when it has several."""
    values = parameters()[key]
    if len(values) > 1:
        raise StandardsError(
            f"parameter {key} has {len(values)} dated values: a rule must say by which date it is read"
        )
    return _plain(values[0].value)


def by_day(key: str, day: ColumnElement) -> ColumnElement:
    """The value of a parameter in force on a service date, as an expression."""
    return _dated(key, lambda start: day < literal(start, Date))


def by_month(key: str, month: ColumnElement) -> ColumnElement:
    """The value of a parameter in force in a month (an integer), as an expression."""
    return _dated(key, lambda start: month < start.year * 12 + start.month - 1)


def _dated(key: str, before) -> ColumnElement:
    values = parameters()[key]
    if len(values) == 1:
        return literal(_plain(values[0].value))
    branches = [(before(later.start), _plain(now.value)) for now, later in pairwise(values)]
    return case(*branches, else_=_plain(values[-1].value))


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value
