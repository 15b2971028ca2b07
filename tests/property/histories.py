"""What was known when: a district that changes with every event, as versions of rows."""

from __future__ import annotations

import random

from data.records import RECORDS
from tests.property import lives
from tests.property.districts import Plan, Tables, completed, tables

PERSONAL = [name for name, table in RECORDS.items() if table.info["person"]]


class History:
    """Versions of the rows of a district; event 1 brought them, ``change`` makes the next event."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.versions: Tables = tables(plan)
        self.event = 1
        self._draw = random.Random(f"history {plan.seed}")
        self._row_id = 10**6

    def known_at(self, event: int) -> Tables:
        """The rows in force right after an event."""
        return {
            name: [
                row
                for row in rows
                if row["known_from"] <= event and (row["known_to"] is None or row["known_to"] > event)
            ]
            for name, rows in self.versions.items()
        }

    def change(self) -> None:
        """The next event: rows come, go, are corrected and come back, and two persons turn out to be one."""
        self.change_tables(PERSONAL)
        if self._draw.random() < 0.7:
            self._merge_persons()

    def change_tables(self, names: list[str]) -> None:
        """The next event: rows of these tables come, go, are corrected and come back."""
        self.event += 1
        for name in names:
            self._withdraw(name)
        self._bring_new(names)
        for name in names:
            self._bring_back(name)

    def _persons(self) -> list[int]:
        return sorted({row["person"] for row in self.versions["person"] if row["known_to"] is None})

    def _close(self, row: dict) -> None:
        row["known_to"] = self.event

    def _open(self, name: str, row: dict) -> None:
        self._row_id += 1
        fresh = {"row_id": self._row_id, "known_from": self.event, "known_to": None}
        self.versions[name].append(row | fresh)

    def _withdraw(self, name: str) -> None:
        """Some rows go; half of these come again, corrected: with the values of another row of the table."""
        rows = [row for row in self.versions[name] if row["known_to"] is None]
        for row in rows:
            if self._draw.random() < 0.04:
                self._close(row)
                if self._draw.random() < 0.5:
                    other = self._draw.choice(rows)
                    self._open(name, other | {"person": row["person"], "subject": row["subject"]})

    def _bring_new(self, names: list[str]) -> None:
        persons = self._persons()
        for person in self._draw.sample(persons, min(3, len(persons))):
            base = person // 1000 * 100
            life = lives.rows_of(self._draw, person=person, base=base)
            for name, rows in life.items():
                if name in names and name != "person":
                    for row in rows:
                        self._open(name, completed(name, row, 0))

    def _bring_back(self, name: str) -> None:
        for row in list(self.versions[name]):
            gone = row["known_to"] is not None and row["known_to"] < self.event
            again = name != "person" or row["person"] not in self._persons()
            if gone and again and self._draw.random() < 0.2:
                self._open(name, row)

    def _merge_persons(self) -> None:
        persons = self._persons()
        if len(persons) < 2:
            return
        kept, merged = sorted(self._draw.sample(persons, 2))
        for name in PERSONAL:
            for row in list(self.versions[name]):
                if row["person"] == merged and row["known_to"] is None:
                    self._close(row)
                    if name != "person":
                        self._open(name, row | {"person": kept})
