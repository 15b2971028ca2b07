"""Specs as source files: every row of a spec's table as a row of a file in the plain layout of its table.

Several specs share the files; each has units, persons and numbers of its own, told apart by a mark before
whatever names them.
"""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

from data.intake.id_numbers import check_character
from data.intake.layouts import Layout, LayoutColumn, LayoutError, load_layouts
from data.intake.templates import columns_shown
from data.records import RECORDS
from metrics.delivering import REGISTERS
from tests.spec.harness import _NUMBERS, _UNITS, Spec, blocks_of

MADE = "20270101"  # every file is of this day: later than any row
BEGUN = "2020-01-01"  # the day on which every register begins, at a unit of nobody's

_LAYOUTS: dict[str, Layout] = {
    layout.table: layout for layout in load_layouts().values() if layout.system == "plain"
}
# What a spec names, and what is told apart by its mark: codes and numbers that a source gives.
_NAMES = frozenset(
    [
        "unit",
        "person",
        "family",
        "place",
        "place_code",
        "parent_code",
        "successor_code",
        "team_code",
        *_NUMBERS,
    ]
)
_OWN_CODES = {("unit", "code"), ("place", "code"), ("team", "code"), ("contract", "team")}
# What the intake makes of other cells.
_MADE_AT_INTAKE = frozenset(["month", "born_month", "code_valid"])


_WEST = Decimal(27)  # degrees: from where specs lie to where none does, both in China


def _elsewhere(cells: dict[str, str]) -> dict[str, str]:
    """The same further west on the same parallel, where all distances are the same."""
    if cells.get("lon", "-") == "-":
        return cells
    return cells | {"lon": str(Decimal(cells["lon"]) - _WEST)}


class SourceFiles:
    """Rows of many specs, by record table."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {}
        self.unwritten: set[tuple[str, str]] = set()  # (table, column) that no plain layout can hold
        self._born: Counter[str] = Counter()
        self._begin_registers()

    def add(self, spec: Spec, mark: str, without: tuple[str, int] | None = None) -> None:
        """A spec's rows. ``without``: (table, position) of a row that is left out; such a copy lies far from the whole."""
        blocks = {name: list(rows) for name, rows in blocks_of(spec.given).items()}
        if without is not None:
            del blocks[without[0]][without[1]]
            blocks = {name: [_elsewhere(cells) for cells in rows] for name, rows in blocks.items()}
        units = blocks.pop("unit", None) or blocks_of(_UNITS)["unit"]
        for cells in units:
            self._add_unit(mark, cells)
        people = blocks.pop("person", [])
        suspected = [row for row in blocks.pop("suspected", []) if row["known_to"] == "-"]
        named = dict.fromkeys(row["person"] for row in people)
        for table, rows in blocks.items():
            for cells in rows:
                named.setdefault(cells.get("person", "-"))
                self._add(mark, table, cells)
        known = {row["person"]: row for row in people}
        for person in named:
            if person != "-":
                self._add_person(mark, known.get(person, {"person": person}))
        self._share_numbers({f"{mark}{row['person']}": f"{mark}{row['alike']}" for row in suspected})

    def write(self, folder: Path) -> list[Path]:
        """One csv a record table, with the headers of its template."""
        paths = []
        for table, rows in self.rows.items():
            headers = [column.label for column in columns_shown(_LAYOUTS[table])]
            path = folder / f"{_LAYOUTS[table].words['zh']}_{MADE}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, headers, restval="")
                writer.writeheader()
                writer.writerows(rows)
            paths.append(path)
        return paths

    # -- rows

    def _add_unit(self, mark: str, cells: dict[str, str]) -> None:
        relations = {"parent": "parent_code", "successor": "successor_code"}
        cells = {"name": cells["code"], **{relations.get(name, name): text for name, text in cells.items()}}
        self._write("unit", mark, cells | {"name": f"{mark}{cells['name']}"})

    def _add_person(self, mark: str, cells: dict[str, str]) -> None:
        cells = {"unit": "S1", "born_on": "1980-06-15", "sex": "1", "registered": "yes"} | cells
        row = self._write("person", mark, {"entered_on": BEGUN} | cells)
        layout = _LAYOUTS["person"]
        row[layout.column("person.name").label] = f"{mark}{cells['person']}"
        if cells["born_on"] != "-" and cells["sex"] != "-":
            row[layout.column("person.id_number").label] = self._id_number(cells["born_on"], cells["sex"])

    def _share_numbers(self, alike: dict[str, str]) -> None:
        """Who is suspected to be the same as another has the other's ID number, under a name of their own."""
        name, number = (_LAYOUTS["person"].column(f"person.{of}").label for of in ("name", "id_number"))
        own = {row[name]: row.get(number) for row in self.rows["person"]}
        for row in self.rows["person"]:
            if row[name] in alike:
                row[number] = own[alike[row[name]]]

    def _add(self, mark: str, table: str, cells: dict[str, str]) -> None:
        columns, cells = RECORDS[table].c, dict(cells)
        number = len(self.rows.get(table, ()))
        if "unit" in columns:
            cells.setdefault("unit", "S1")
        for name in _NUMBERS:
            if name in columns:
                cells.setdefault(name, f"{table}-{number}")
        if table == "vaccination_card":
            cells.setdefault("card_no", f"card-{number}")
        if table == "contract":
            cells.setdefault("signed_on", cells["start_on"])
        if table == "population":
            cells = {"kind": "resident", "approved_on": f"{cells['year']}-01-31"} | cells
        if table == "health_record":
            valid = cells.get("code_valid", "yes") == "yes"  # a file's code always shows whether it is valid
            cells.setdefault("code", _record_code(number + 1) if valid else f"X{number}")
        row = self._write(table, mark, cells)
        for part in _LAYOUTS[table].key:  # a running number tells apart what is otherwise alike
            if f"key.{part}" in {to for column in _LAYOUTS[table].columns for to in column.to}:
                row.setdefault(_LAYOUTS[table].column(f"key.{part}").label, f"{mark}-{number}")

    def _write(self, table: str, mark: str, cells: dict[str, str]) -> dict[str, str]:
        layout, row = _LAYOUTS[table], {}
        if "lon" in cells:  # one column of a file holds both
            point = "-" if cells["lon"] == "-" else f"{cells['lon']},{cells['lat']}"
            cells = {name: text for name, text in cells.items() if name != "lat"} | {"lon": point}
        for name, text in cells.items():
            try:
                column = layout.column(_target(table, name))
            except LayoutError:
                if name not in _MADE_AT_INTAKE and text != "-":
                    self.unwritten.add((table, name))
                continue
            if text == "-":
                row[column.label] = ""
            elif name in _NAMES or (table, name) in _OWN_CODES:
                row[column.label] = f"{mark}{text}"
            else:
                row[column.label] = _cell(column, text)
        self.rows.setdefault(table, []).append(row)
        return row

    def _id_number(self, born_on: str, sex: str) -> str:
        """A valid number of nobody; no two of these files are equal."""
        turn = self._born[born_on, sex]
        self._born[born_on, sex] += 1
        area, place = divmod(turn, 499)
        body = f"{990000 + area:06}{born_on.replace('-', '')}{2 * place + (1 if sex == '1' else 2):03}"
        return body + check_character(body)

    def _begin_registers(self) -> None:
        """A row of nobody's, years before any spec: the register is kept, so that nothing in a month is none."""
        self._add_unit("begun", {"code": "S1", "kind": "bureau"})
        for table in REGISTERS:
            cells = {"day": BEGUN, "booked_on": BEGUN}
            cells = {name: text for name, text in cells.items() if name in RECORDS[table].c}
            for column in _LAYOUTS[table].required:
                if not column.to[0].startswith("key."):
                    cells.setdefault(column.to[0], _any(column))
            if RECORDS[table].info["person"]:
                cells["person"] = "begun"
            cells["unit"] = "S1"
            self._add("begun", table, cells)
        self._add_person("begun", {"person": "begun"})


def _target(table: str, name: str) -> str:
    """The layouts' name for a column of a spec."""
    if name == "person":
        return "person.source"
    if table == "place" and name == "place":
        return "code"
    return name


def _cell(column: LayoutColumn, text: str) -> str:
    """A value of a spec as a file writes it: codes by their label, money in yuan, true and false as 是 and 否."""
    if column.type == "code":
        value: object = {"yes": True, "no": False}.get(text, text)
        for candidate in (value, int(text) if text.isdigit() else text):
            try:
                return column.label_of(candidate)
            except LayoutError:
                continue
    if column.type == "money":
        return f"{int(text) / 100:.2f}"
    return text


def _any(column: LayoutColumn) -> str:
    """Some value that a required column takes."""
    if column.codes:
        value = column.codes[0].value
        return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return {"date": BEGUN, "month": BEGUN[:7], "int": "0", "number": "0"}.get(column.type, "begun")


def _record_code(number: int) -> str:
    """A plausible code of 17 digits."""
    return f"990101001001{number:05}"
