"""Unit codes as sources write them, and the unit that each stands for at each date.

A code or name that equals a unit's maps by itself; any other waits until someone maps it. From the day on
which a unit closed, what carries its code belongs to its successor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from sqlalchemy import Column, Connection, Date, Integer, delete, select, update

from data import records
from data.intake.frames import temporary
from data.records import source_unit

FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class Rule:
    """From one day to another, both included, a source's code means this unit."""

    source_unit: int
    from_on: date
    to_on: date
    unit: int


class Units:
    """The codes of all sources during one change. `table` is the rules as a temporary table for joins."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.table = temporary(
            connection,
            "unit_rule",
            Column("source_unit", Integer),
            Column("from_on", Date),
            Column("to_on", Date),
            Column("unit", Integer),
        )
        rows = connection.execute(select(source_unit.c.source_unit, source_unit.c.system, source_unit.c.code))
        self._numbers = {(row.system, row.code): row.source_unit for row in rows}
        self._rules: set[Rule] = set()
        self.refresh()

    def numbers(self, system: str, codes: pa.Array) -> np.ndarray:
        """The number of each code of a column; -1 where there is none. New codes are written at once."""
        encoded = codes.dictionary_encode()
        known = []
        new = False
        for code in encoded.dictionary.to_pylist():
            number = self._numbers.get((system, code))
            if number is None:
                number = self._numbers[system, code] = len(self._numbers) + 1
                self._connection.execute(
                    source_unit.insert().values(source_unit=number, system=system, code=code)
                )
                new = True
            known.append(number)
        if new:
            self.refresh()
        indices = encoded.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
        return np.array([*known, -1], dtype=np.int64)[indices]

    def known(self, system: str, codes: Iterable[str]) -> list[int]:
        """The numbers of those codes that a source has written in a row that was accepted."""
        return [self._numbers[system, code] for code in codes if (system, code) in self._numbers]

    def refresh(self) -> np.ndarray:
        """Map codes by the units now in force. Returns the source units whose meaning changed."""
        units = self._units()
        by_name: dict[str, list[int]] = {}
        for number, about in units.items():
            by_name.setdefault(about.name, []).append(number)
        names = {name: numbers[0] for name, numbers in by_name.items() if len(numbers) == 1}
        targets = {**names, **{about.code: number for number, about in units.items()}}
        rules: set[Rule] = set()
        for row in self._connection.execute(select(source_unit)).fetchall():
            unit = row.unit if row.mapped_by is not None else targets.get(row.code)
            if unit != row.unit:
                self._connection.execute(
                    update(source_unit).where(source_unit.c.source_unit == row.source_unit).values(unit=unit)
                )
            if unit is not None:
                first, last = row.valid_from or FIRST_DAY, row.valid_to or LAST_DAY
                rules.update(_rules(row.source_unit, unit, first, last, units))
        changed = {rule.source_unit for rule in rules ^ self._rules}
        self._rules = rules
        self._connection.execute(delete(self.table))
        if rules:
            self._connection.execute(self.table.insert(), [vars(rule) for rule in rules])
        return np.array(sorted(changed), dtype=np.int64)

    def _units(self) -> dict[int, object]:
        table = records.unit
        rows = self._connection.execute(
            select(table.c.unit, table.c.code, table.c.name, table.c.closed_on, table.c.successor).where(
                table.c.known_to.is_(None)
            )
        )
        return {row.unit: row for row in rows}


def _rules(number: int, unit: int, first: date, last: date, units: dict[int, object]) -> list[Rule]:
    """The unit until it closes, then its successor until that closes, and so on."""
    rules, passed = [], set()
    while first <= last:
        about = units.get(unit)
        passed.add(unit)
        heir = about.successor if about is not None and about.closed_on is not None else None
        if heir is None or heir in passed or about.closed_on > last:
            rules.append(Rule(number, first, last, unit))
            break
        if first < about.closed_on:
            rules.append(Rule(number, first, about.closed_on - timedelta(days=1), unit))
            first = about.closed_on
        unit = heir
    return rules
