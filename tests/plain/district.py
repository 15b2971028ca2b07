"""A district as plain Python sees it: lists of rows, looked up by person. Imports nothing of the engine.

A row is a dict of one version in force, keys as in ``data.records``. Rows about persons without a
demographic master wait and are not here.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, wraps
from pathlib import Path

STANDARDS = Path(__file__).parents[2] / "metrics" / "standards"


class District:
    """Rows in force, and the months that are counted (both included)."""

    def __init__(self, tables: Mapping[str, Sequence[dict]], first: int, last: int) -> None:
        self.first, self.last = first, last
        self.tables = {name: list(rows) for name, rows in tables.items()}
        self.masters = {row["person"]: row for row in self.tables.get("person", ())}
        self.persons = sorted(self.masters)
        self.units = {row["unit"]: row for row in self.tables["unit"]}
        self.months = range(first, last + 1)
        self.memory: dict = {}
        self._of_person: dict = defaultdict(list)
        for name, rows in self.tables.items():
            for row in rows:
                if "person" in row:
                    self._of_person[name, row["person"]].append(row)

    def rows(self, table: str) -> list[dict]:
        """Rows of a table; of those about persons only the ones whose person is known."""
        return [
            row for row in self.tables.get(table, ()) if "person" not in row or row["person"] in self.masters
        ]

    def of(self, person: int, table: str) -> list[dict]:
        """One person's rows of a table."""
        return self._of_person.get((table, person), [])

    def above(self, unit: int) -> list[int]:
        """The unit and every unit above it."""
        found = []
        while unit in self.units and unit not in found:
            found.append(unit)
            unit = self.units[unit]["parent"]
        return found

    def year_start(self, month: int) -> int:
        """The first month of the programme year that a month lies in."""
        first = parameter("year_first_month") - 1
        while month % 12 != first:
            month -= 1
        return month

    def year_so_far(self, month: int) -> range:
        return range(self.year_start(month), month + 1)


def remembered(rule: Callable) -> Callable:
    """A rule of (district, ...) that is worked out once for each question."""

    @wraps(rule)
    def answer(district: District, *question):
        place = (rule, question)
        if place not in district.memory:
            district.memory[place] = rule(district, *question)
        return district.memory[place]

    return answer


def parameter(key: str, when: int | date | None = None) -> float:
    """The value in force on a day, or on the last day of a month; without either it has one value only."""
    values = dated_values(key)
    if when is None:
        ((_, value),) = values
        return value
    month = when if isinstance(when, int) else None
    begun = [
        value
        for start, value in values
        if (start <= when if month is None else start.year * 12 + start.month - 1 <= month)
    ]
    return begun[-1] if begun else values[0][1]


@cache
def dated_values(key: str) -> list[tuple[date, float]]:
    """A parameter's values, oldest first: the shipped ones, and the bureau's own from its first date on."""
    shipped, own = (
        sorted((date.fromisoformat(row["from"]), float(row["value"])) for row in rows if row["key"] == key)
        for rows in (_csv("parameters.csv"), _own_parameters())
    )
    if own and key in ("year_first_month", "season_first_month"):
        return own
    earlier = [value for value in shipped if not own or value[0] < own[0][0]]
    return (earlier or [(date(1900, 1, 1), shipped[0][1])]) + own


def _own_parameters() -> list[dict[str, str]]:
    path = Path(os.environ.get("JICENG_HOME", "")) / "parameters.csv"
    if "JICENG_HOME" not in os.environ or not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def special_days() -> dict[str, str]:
    """Day -> off or work, where it is not what its weekday says."""
    return {row["day"]: row["kind"] for row in _csv("holidays.csv")}


@cache
def schedule() -> list[dict]:
    """The immunisation schedule, numbers as numbers; first_born as a month."""
    rows = []
    for row in _csv("schedule.csv"):
        year, month = map(int, row["first_born"].split("-"))
        rows.append(
            {
                "vaccine": row["vaccine"],
                "dose_no": int(row["dose_no"]),
                "age_months": int(row["age_months"]),
                "first_born": year * 12 + month - 1,
                "sex": int(row["sex"]) if row["sex"] else None,
                "added": row["added"] == "1",
            }
        )
    return rows


def _csv(name: str) -> list[dict[str, str]]:
    with (STANDARDS / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
