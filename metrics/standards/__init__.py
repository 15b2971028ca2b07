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


#: Months of a period by how often something is owed.
MONTHS = {"month": 1, "two_months": 2, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Duty:
    """What is owed, by units of which kinds, how often, from when on; the next row of the key replaces it."""

    key: str  # of the card
    start: date
    kinds: tuple[str, ...]
    every: str  # a key of MONTHS
    times: int
    people: int
    source: str
    evidence_zh: str
    evidence_en: str


@cache
def duties() -> dict[str, tuple[Duty, ...]]:
    """Every duty's terms, oldest first."""
    path = FOLDER / "duties.csv"
    found: dict[str, list[Duty]] = {}
    for line, row in enumerate(read_csv(path), 2):
        if row["every"] not in MONTHS:
            raise StandardsError(
                f"{path.name}, line {line}: every is {row['every']!r}; write one of {', '.join(MONTHS)}"
            )
        try:
            duty = Duty(
                key=row["key"],
                start=date.fromisoformat(row["from"]),
                kinds=tuple(row["kinds"].split()),
                every=row["every"],
                times=int(row["times"]),
                people=int(row["people"] or 0),
                source=row["source"],
                evidence_zh=row["evidence_zh"],
                evidence_en=row["evidence_en"],
            )
        except ValueError as error:
            raise StandardsError(
                f"{path.name}, line {line}: {error}; dates as 2025-01-31, whole numbers"
            ) from error
        found.setdefault(duty.key, []).append(duty)
    return {key: tuple(sorted(terms, key=lambda duty: duty.start)) for key, terms in found.items()}


def duty_terms(first: int, last: int) -> list[dict]:
    """The periods of every duty that end from month ``first`` to month ``last``: rows of ``duty_term``.

    A period is owed by the term in force on its first day.
    """
    year_month = int(number("year_first_month")) - 1
    rows = []
    for terms in duties().values():
        for duty, following in zip(terms, [*terms[1:], None], strict=True):
            length = MONTHS[duty.every]
            begin = max(first - length + 1, duty.start.year * 12 + duty.start.month - 1)
            begin += (year_month - begin) % length
            end = last if following is None else following.start.year * 12 + following.start.month - 2
            for start in range(begin, min(end, last - length + 1) + 1, length):
                rows.extend(
                    {
                        "duty": duty.key,
                        "kind": kind,
                        "first": start,
                        "last": start + length - 1,
                        "times": duty.times,
                        "people": duty.people,
                    }
                    for kind in duty.kinds
                )
    return rows


@dataclass(frozen=True)
class Item:
    """One item of a standard that is checked at units."""

    standard: str  # key of the card
    code: str  # as check_item.item holds it; unique over all standards
    number: int
    zh: str
    en: str


@cache
def standard_items() -> tuple[Item, ...]:
    """The items of every standard, numbered in the order of the file."""
    path = FOLDER / "checks.csv"
    items = tuple(
        Item(row["standard"], row["item"], place, row["zh"], row["en"])
        for place, row in enumerate(read_csv(path), 1)
    )
    codes = [item.code for item in items]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise StandardsError(f"{path.name}: the item {min(twice)} stands there twice")
    return items


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
