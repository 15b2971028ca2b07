"""A district as plain Python sees it: lists of rows, looked up by person. Imports nothing of the engine.

A row is a dict of one version in force, keys as in ``data.records``. Rows about persons without a
demographic master wait and are not here.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
        while month % 12 != parameter("year_first_month") - 1:
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


@cache
def parameter(key: str) -> float:
    """A parameter; each has one dated value so far, and a second one fails here until rules name their day."""
    values = [row["value"] for row in _csv("parameters.csv") if row["key"] == key]
    (value,) = values
    return float(value)


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
