"""Planted data problems: cells and rows damaged on purpose, each noted, so that finding them can be tested."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.demo.draw import stream
from data.demo.files import Written
from data.demo.problems import DAMAGED_YEARS, PROBLEMS, TWICE, TWICE_YEARS, Problem
from data.demo.rows import Rows
from data.demo.sheet import SheetColumn, rows_in
from data.demo.styles import Style, write_days

ABOUT = "_about"  # the folder beside the source files that no import reads
FIELDS = ("file", "sheet", "line", "column", "kind", "expected", "value")
UNKNOWN_UNIT = "990128777"  # a code that no register knows


DUPLICATE_PERSONS = 4  # a centre: one person, two index numbers, two records


@dataclass
class Planting:
    """What was done to one file, until its name and lines are known."""

    planter: Planter
    done: list[tuple[int, str, str, str, str]] = field(
        default_factory=list
    )  # row, header, kind, expected, value

    def note(self, written: Written) -> None:
        for row, header, kind, expected, value in sorted(self.done):
            self.planter.noted.append(
                (written.path.name, written.sheet, written.first_line + row, header, kind, expected, value)
            )


class Planter:
    """Damages cells and notes them. Rows of one file are touched at most once."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.noted: list[tuple] = []
        self._twins: dict[str, str] = {}  # index number of a person -> the second one

    def plant(
        self,
        town: int,
        kind: str,
        year: int,
        columns: list[SheetColumn],
        rows: Rows,
        style: Style,
        required: frozenset[str],
        deaths: np.ndarray | None = None,
    ) -> Planting:
        """Damage ``columns`` in place; ``required`` targets of the layout, ``deaths`` a day for each row."""
        planting = Planting(self)
        rng = stream(self.seed, "planted", town, kind, year)
        n = rows_in(columns)
        spared: list[int] = []
        if kind == "person":
            spared = self._second_numbers(planting, rng, columns)
        elif kind == "health_record":
            self._second_records(planting, columns)
        free = [int(i) for i in rng.permutation(n)[:1_000] if int(i) not in spared]
        if n > 60:
            for problem in PROBLEMS.get(kind, ()) if year in DAMAGED_YEARS else ():
                self._damage(planting, problem, columns, free, required)
            if deaths is not None:
                self._after_death(planting, columns, rows, style, deaths)
            again = TWICE.get(kind, 0) if year in TWICE_YEARS else 0
            damaged = {row for row, *_ in planting.done}
            self._twice(planting, columns, [row for row in free if row not in damaged][:again])
        if kind == "service" and town == 4 and year in TWICE_YEARS:
            self._unmapped(planting, columns, rows)
        return planting

    def write(self, folder: Path) -> Path:
        """The list of everything planted, as UTF-8 csv."""
        folder.mkdir()
        path = folder / "planted.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(FIELDS)
            writer.writerows(self.noted)
        return path

    def _damage(
        self,
        planting: Planting,
        problem: Problem,
        columns: list[SheetColumn],
        free: list[int],
        required: frozenset[str],
    ) -> None:
        column = next((c for c in columns if c.target == problem.target), None)
        if column is None:
            return
        for _ in range(problem.times):
            row = free.pop()
            old = column.cells[row].as_py() or ""
            if not old:
                continue
            new = _damaged(problem, column, old)
            column.cells = _replaced(column.cells, row, new)
            planting.done.append((row, column.header, problem.kind, problem.expected(required), new))

    def _twice(self, planting: Planting, columns: list[SheetColumn], again: list[int]) -> None:
        if not again:
            return
        n = rows_in(columns)
        for column in columns:
            column.cells = pa.concat_arrays([column.cells, column.cells.take(pa.array(again))])
        planting.done += [
            (n + i, "", "row_twice", "unchanged", f"行 {row + 1}") for i, row in enumerate(again)
        ]

    def _second_numbers(
        self, planting: Planting, rng: np.random.Generator, columns: list[SheetColumn]
    ) -> list[int]:
        """The same name, birthday and ID number once more under another index number; gives their rows."""
        index = next(c for c in columns if c.target == "person.source")
        number = next(c for c in columns if c.target == "person.id_number")
        n = rows_in(columns)
        again = [
            int(i)
            for i in rng.choice(n, min(DUPLICATE_PERSONS, n), replace=False)
            if number.cells[int(i)].is_valid
        ]
        self._twice_as(planting, columns, index, again[1:], "D", "person_twice")
        for row in again[1:]:
            old = index.cells[row].as_py()
            self._twins[old] = "D" + old[1:]
        if again:
            self._shared_number(planting, columns, index, again[0])
        return again

    def _shared_number(
        self, planting: Planting, columns: list[SheetColumn], index: SheetColumn, row: int
    ) -> None:
        """Somebody else under the ID number of a person: only people can decide who is who."""
        n = rows_in(columns)
        self._twice_as(planting, columns, index, [row], "G", "number_shared", "review")
        name = next(c for c in columns if c.target == "person.name")
        name.cells = _replaced(name.cells, n, "欧阳" + name.cells[row].as_py()[-1])

    def _second_records(self, planting: Planting, columns: list[SheetColumn]) -> None:
        index = next(c for c in columns if c.target == "person.source")
        found = pc.index_in(index.cells, value_set=pa.array(list(self._twins), pa.string()))
        again = [int(i) for i in np.flatnonzero(pc.is_valid(found).to_numpy(zero_copy_only=False))]
        self._twice_as(planting, columns, index, again, "D", "record_twice")
        code = next((c for c in columns if c.target in ("code", "person.record_code")), None)
        n = rows_in(columns)
        for row in range(n - len(again), n):
            old = code.cells[row].as_py()
            code.cells = _replaced(code.cells, row, old[:12] + f"{99_999 - row % 1000:05d}")

    def _twice_as(
        self,
        planting: Planting,
        columns: list[SheetColumn],
        index: SheetColumn,
        again: list[int],
        letter: str,
        kind: str,
        expected: str = "merge",
    ) -> None:
        n = rows_in(columns)
        for column in columns:
            column.cells = pa.concat_arrays([column.cells, column.cells.take(pa.array(again, pa.int64()))])
        for i in range(len(again)):
            new = letter + index.cells[n + i].as_py()[1:]
            index.cells = _replaced(index.cells, n + i, new)
            planting.done.append((n + i, index.header, kind, expected, new))

    def _after_death(
        self, planting: Planting, columns: list[SheetColumn], rows: Rows, style: Style, deaths: np.ndarray
    ) -> None:
        """The last follow-up of two who died is dated after their death."""
        column = next(c for c in columns if c.target == "day")
        damaged = {row for row, *_ in planting.done}
        # Only deaths that the files can know of.
        died = np.flatnonzero((deaths <= rows["day"].max()) & (rows["day"] > deaths - 300))
        _, first = np.unique(rows["person"][died], return_index=True)
        for row in [int(r) for r in died[first] if int(r) not in damaged][:2]:
            new = write_days(np.array([deaths[row] + 9]), style.dates)[0].as_py()
            column.cells = _replaced(column.cells, row, new)
            planting.done.append((row, column.header, "after_death", "flag", new))

    def _unmapped(self, planting: Planting, columns: list[SheetColumn], rows: Rows) -> None:
        """One clinic's rows of one file carry a code that no register knows."""
        column = next(c for c in columns if c.target == "unit")
        units = pc.unique(column.cells).to_pylist()
        code = sorted(units)[-1]
        mine = np.flatnonzero(pc.equal(column.cells, code).to_numpy(zero_copy_only=False))[:60]
        for row in mine:
            column.cells = _replaced(column.cells, int(row), UNKNOWN_UNIT)
            planting.done.append((int(row), column.header, "unit_unmapped", "wait", UNKNOWN_UNIT))


def _damaged(problem: Problem, column: SheetColumn, old: str) -> str:
    if problem.value == "{wrong}":
        return old[:-1] + ("1" if old[-1] != "1" else "2")
    if problem.value == "{swap}":
        return ",".join(reversed(old.split(",")))
    if "/" in old and column.target == "sbp":  # both pressures in one cell
        high, low = old.split("/")
        return f"{problem.value}/{low}" if problem.target == "sbp" else f"{high}/{problem.value}"
    return problem.value


def _replaced(cells: pa.Array, row: int, text: str) -> pa.Array:
    """The cells with one exchanged; an empty text empties it."""
    return pa.concat_arrays(
        [cells.slice(0, row), pa.array([text or None], pa.string()), cells.slice(row + 1)]
    )
