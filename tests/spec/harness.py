"""Spec tests: a small table of facts, and the figures of one card counted by hand.

A spec names a card, says in a sentence what its table shows, gives rows of record tables (only the
columns that matter) and expects figures. All specs live in one store, each with units and persons of
its own, so that an engine is filled and its facts are computed once.

Given
    Blocks of rows, separated by empty lines: the name of a record table, a line of columns, the rows.
    Cells are separated by ``|``; ``-`` is NULL; what follows ``#`` is a remark. Persons, units and
    families are names. Every spec has a bureau B, centres C1 and C2, stations S1 and S2 under C1 and
    S3 under C2, unless it has a block ``unit`` of its own. Whoever has no row in a block ``person`` was
    born on 1980-06-15 and has been known at S1 since 2020.

Expected
    ``{("S1", "2025-03"): figure}``; a month may be a stretch, ``"2025-03..2025-06"``; a third element
    names a basis other than the spec's. Of a card made of another's figures only the value is given.
    Otherwise a figure is a number of things (a count), a pair (numerator,
    denominator), or where the denominator comes from statistics (numerator, known by name,
    denominator). A text stands for as many persons as it has words. ``None`` is no figure, ``ABSENT`` no
    row at all. Stations and months of event cards that are not mentioned must be 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
from sqlalchemy import Boolean, Connection, Date, DateTime, Double, String

from data import records
from data.store import Store, bulk_insert, create_missing
from metrics.card import BASES, SCALE, Card, Form, Period
from metrics.cards import CARDS
from metrics.context import Horizon
from metrics.counting import Frame, count_card
from metrics.delivering import REGISTERS
from metrics.figuring import Grids, figures

HORIZON = Horizon(2024 * 12, 2026 * 12 + 11)

_UNITS = """
    unit
    code | kind    | parent
    B    | bureau  | -
    C1   | centre  | B
    C2   | centre  | B
    S1   | station | C1
    S2   | station | C1
    S3   | station | C2
"""
#: The tables that blocks may name.
TABLES = {**records.RECORDS, records.suspected.name: records.suspected}
ABSENT = "absent"  # expected: nothing is published there

# Columns with the source's own number of a row, which a spec need not give.
_NUMBERS = ("contract_no", "visit_no", "rx_no", "referral_no", "pregnancy_no", "course_no", "staff_no")
_EVENT_PERIODS = (Period.FLOW, Period.COHORT)


@dataclass(frozen=True)
class Spec:
    """One table of facts and what a card makes of it."""

    card: str
    shows: str
    given: str
    expect: Mapping[tuple[str, ...], object]
    basis: str | None = None  # of keys that name none; default: month for flows, else the card's own
    status: Mapping[tuple[str, ...], str] = field(default_factory=dict)  # where it is not as usual

    def the_card(self) -> Card:
        return CARDS[self.card]

    def default_basis(self) -> str:
        card = self.the_card()
        return self.basis or ("month" if card.period in _EVENT_PERIODS else BASES[card.period][0].value)


# -- reading the tables -------------------------------------------------------------------------------


def month_number(text: str) -> int:
    """``2025-03`` as the integer that records use."""
    year, _, month = text.partition("-")
    return int(year) * 12 + int(month) - 1


def months_of(text: str) -> list[int]:
    """A month, or a stretch of months written ``2025-03..2025-06``."""
    first, _, last = text.partition("..")
    return list(range(month_number(first), month_number(last or first) + 1))


def blocks_of(given: str) -> dict[str, list[dict[str, str]]]:
    """Table name -> rows of texts."""
    found: dict[str, list[dict[str, str]]] = {}
    block: list[str] = []
    for line in [*given.splitlines(), ""]:
        text = line.partition("#")[0].strip()
        if text:
            block.append(text)
        elif block and not line.strip():
            name, header, *rows = block
            columns = [column.strip() for column in header.split("|")]
            table = found.setdefault(name, [])
            for row in rows:
                cells = [cell.strip() for cell in row.split("|")]
                if len(cells) != len(columns):
                    raise ValueError(f"{name}: {len(cells)} cells under {len(columns)} columns: {row}")
                table.append(dict(zip(columns, cells, strict=True)))
            block = []
    return found


def _value(column, text: str):
    if text == "-":
        return None
    if column.name == "month":
        return month_number(text)
    if isinstance(column.type, Date):
        return dt.date.fromisoformat(text)
    if isinstance(column.type, DateTime):
        return dt.datetime.fromisoformat(text)
    if isinstance(column.type, Boolean):
        return {"yes": True, "no": False}[text]
    if isinstance(column.type, Double):
        return float(text)
    return text if isinstance(column.type, String) else int(text)


class Names(dict):
    """Numbers for names, in the order in which they are met, from a base that is the spec's own."""

    def __init__(self, base: int):
        super().__init__()
        self.base = base

    def __missing__(self, name: str) -> int:
        self[name] = self.base + len(self)
        return self[name]


class Facts:
    """The rows of one spec, ready for the store; ``units`` is its tree."""

    def __init__(self, spec: Spec, number: int):
        self.numbers = {kind: Names(number * 1000) for kind in ("unit", "person", "family", "place")}
        self.numbers["alike"] = self.numbers["person"]
        self.rows: dict[str, list[dict]] = {}
        blocks = blocks_of(spec.given)
        units = blocks.pop("unit", None) or blocks_of(_UNITS)["unit"]
        for unit in units:
            self._add_unit(unit)
        people = blocks.pop("person", [])
        for row in people:
            self._add_person(row)
        for name, rows in blocks.items():
            for row in rows:
                self._add(name, row)
        known = {row["person"] for row in people}
        for person in [name for name in self.numbers["person"] if name not in known]:
            self._add_person({"person": person})

    def _add_unit(self, cells: dict[str, str]) -> None:
        code = cells["code"]
        row = self._typed("unit", {"name": code, **cells, "parent": "-", "successor": "-"})
        row["unit"] = self.numbers["unit"][code]
        for relation in ("parent", "successor"):
            if cells.get(relation, "-") != "-":
                row[relation] = self.numbers["unit"][cells[relation]]
        self.rows.setdefault("unit", []).append(row)

    def _add_person(self, cells: dict[str, str]) -> None:
        defaults = {"unit": "S1", "born_on": "1980-06-15", "sex": "1", "registered": "yes"}
        row = self._typed("person", {**defaults, "entered_on": "2020-01-01", **cells})
        born = row["born_on"]
        row["born_month"] = born.year * 12 + born.month - 1 if born else None
        self.rows.setdefault("person", []).append(row)

    def _add(self, name: str, cells: dict[str, str]) -> None:
        row = self._typed(name, cells)
        number = len(self.rows.get(name, ()))
        columns = TABLES[name].c
        if "unit" in columns and "unit" not in cells:
            row["unit"] = self.numbers["unit"]["S1"]
        for day in ("day", "due_on"):
            if row.get(day) and "month" in columns:
                row.setdefault("month", row[day].year * 12 + row[day].month - 1)
        for label in _NUMBERS:
            if label in columns:
                row.setdefault(label, f"{name}-{number}")
        if name == "contract":
            row.setdefault("signed_on", row["start_on"])
        if name == "population":
            row = {"kind": "resident", "approved_on": dt.date(row["year"], 1, 31), **row}
        self.rows.setdefault(name, []).append(row)

    def _typed(self, table: str, cells: dict[str, str]) -> dict:
        columns = TABLES[table].c
        row = {}
        for name, text in cells.items():
            numbers = self.numbers.get(name)
            if numbers is not None and text != "-":
                row[name] = numbers[text]
            else:
                row[name] = _value(columns[name], text)
        return row


# -- one store for all --------------------------------------------------------------------------------


class World:
    """All specs in one store; ``connection`` has the facts that the cards need."""

    def __init__(self, specs: Iterable[Spec]):
        self.facts = {id(spec): Facts(spec, number) for number, spec in enumerate(specs, 1)}
        self.connection: Connection | None = None

    def fill(self, store: Store) -> None:
        """Write every spec's rows as one import."""
        tables: dict[str, list[dict]] = {}
        for facts in self.facts.values():
            for name, rows in facts.rows.items():
                tables.setdefault(name, []).extend(rows)
        for name in REGISTERS:
            tables.setdefault(name, []).append(_begun(name))
        with store.change("records") as draft:
            create_missing(draft.records, records.metadata)
            for name, rows in tables.items():
                bulk_insert(draft.records, TABLES[name], arrow(name, rows))

    def figures(self, spec: Spec) -> pd.DataFrame:
        """Every published figure of the spec's card at its units, by (unit name, month, basis)."""
        card, facts = spec.the_card(), self.facts[id(spec)]
        cards = [card] if card.derived is None or card.derived.of is None else [CARDS[card.derived.of], card]
        units = pd.DataFrame(facts.rows["unit"], columns=["unit", "kind", "parent", "opened_on", "closed_on"])
        frame = Frame(tuple(units["unit"]), HORIZON)
        grids = Grids()
        for one in cards:
            for part, counts in count_card(self.connection, one, frame).items():
                grids[one.key, part] = counts
        table, _ = figures(self.connection, cards, frame, HORIZON, units, grids)
        table = table[table["indicator"] == card.key]
        name_of = {number: name for name, number in facts.numbers["unit"].items()}
        table["unit"] = table["unit"].map(name_of)
        return table.set_index(["unit", "month", "basis"]).sort_index()


def rows_of_specs(specs: Iterable[Spec]) -> dict[str, list[dict]]:
    """The rows of some specs with every column of their tables, those of tables without any too."""
    found: dict[str, list[dict]] = {name: [] for name in TABLES}
    for number, spec in enumerate(specs, 1):
        for name, rows in Facts(spec, number).rows.items():
            found[name] += rows
    return {name: arrow(name, rows).to_pylist() for name, rows in found.items()}


def _begun(name: str) -> dict:
    """A row of nobody's, years before any spec: the register is kept, so that nothing in a month is none."""
    values = {"DATE": dt.date(2020, 1, 1), "VARCHAR": "begun", "BOOLEAN": False}
    given = {c.name for c in records.RECORDS[name].c if c.nullable} | _BY_INTAKE
    row = {c.name: values.get(str(c.type), 0) for c in records.RECORDS[name].c if c.name not in given}
    return {**row, "unit": 0, **({"booked_on": dt.date(2020, 1, 1)} if name == "pregnancy" else {})} | (
        {"day": dt.date(2020, 1, 1)} if "day" in records.RECORDS[name].c else {}
    )


_BY_INTAKE = {"row_id", "key", "content", "rank", "batch", "file", "line", "known_from", "subject"}


def arrow(name: str, rows: list[dict]) -> pa.Table:
    """Rows of a record table with the columns that intake adds."""
    table = TABLES[name]
    full = []
    for number, row in enumerate(rows, 1):
        made = dict.fromkeys(("row_id", "key", "content", "line"), number)
        made |= dict.fromkeys(("rank", "batch", "file", "known_from"), 1)
        if table.info.get("person"):
            made["subject"] = row["person"]
        full.append(made | row)
    types = {"BIGINT": pa.int64(), "INTEGER": pa.int32(), "SMALLINT": pa.int16(), "DATE": pa.date32()}
    types |= {"BOOLEAN": pa.bool_(), "DATETIME": pa.timestamp("us")}
    types |= {"DOUBLE": pa.float64(), "VARCHAR": pa.string()}
    used = {key for row in full for key in row}
    schema = pa.schema([(c.name, types[str(c.type)]) for c in table.c if c.name in used])
    return pa.Table.from_pylist(full, schema=schema)


# -- comparing ----------------------------------------------------------------------------------------


def _count(part: object) -> int | None:
    return len(part.split()) if isinstance(part, str) else part


def parts_of(card: Card, figure: object) -> tuple[int | None, int | None, int | None]:
    """Numerator, known by name, denominator of an expected figure; a part that a card lacks is None."""
    parts = tuple(_count(part) for part in (figure if isinstance(figure, tuple) else (figure,)))
    wanted = (
        1 + (card.is_listed or card.statistic is not None) + (card.is_listed and card.statistic is not None)
    )
    if len(parts) != wanted:
        raise ValueError(f"{card.key}: a figure has {wanted} parts, not {figure!r}")
    if wanted == 3:
        return parts
    if wanted == 2:
        return (parts[0], parts[1], parts[1]) if card.is_listed else (parts[0], None, parts[1])
    return parts[0], None, None


def expected(spec: Spec) -> dict[tuple[str, int, str], tuple]:
    """(unit, month, basis) -> (numerator, listed, denominator, value, status)."""
    card = spec.the_card()
    wanted = {}
    owes = card.kinds is None or "station" in card.kinds
    if card.is_events and spec.default_basis() == "month" and owes and card.form is not Form.DUTY:
        zero = (0, 0) if card.is_listed else 0
        stations = [u for u in Facts(spec, 0).numbers["unit"] if u.startswith("S")]
        wanted = {(unit, month, "month"): zero for unit in stations for month in HORIZON.months}
    for key, figure in spec.expect.items():
        unit, stretch, *basis = key
        for month in months_of(stretch):
            wanted[unit, month, *(basis or [spec.default_basis()])] = figure
    statuses = {}
    for (unit, stretch, *basis), status in spec.status.items():
        for month in months_of(stretch):
            statuses[unit, month, *(basis or [spec.default_basis()])] = status
    return {
        place: None if figure is ABSENT else _figure(card, figure, statuses.get(place))
        for place, figure in wanted.items()
    }


def _figure(card: Card, figure: object, status: str | None) -> tuple:
    if card.derived is not None:  # the value is all there is to say
        return (_ANY, _ANY, _ANY, figure, status or ("empty" if figure is None else "ok"))
    return _whole(card, parts_of(card, figure), status)


_ANY = object()  # a part that a spec does not say


def _whole(card: Card, parts: tuple, status: str | None) -> tuple:
    numerator, listed, denominator = parts
    scale = SCALE.get(card.unit, 1)
    if status is None:
        status = "ok"
        if card.is_listed or card.statistic is not None:
            status = {None: "no_denominator", 0: "empty"}.get(denominator, "ok")
    if numerator is None or status in ("empty", "no_denominator", "untold"):
        value = None
    else:
        value = numerator / scale / (denominator if denominator is not None else 1)
    return numerator, listed, denominator, value, status


def actual(table: pd.DataFrame) -> dict[tuple[str, int, str], tuple]:
    """(unit, month, basis) -> what was published there, of rows with that index; places without a row are not in it."""
    whole = (
        [None if pd.isna(n) else int(n) for n in table[part]]
        for part in ("numerator", "listed", "denominator")
    )
    values = [None if pd.isna(value) else float(value) for value in table["value"]]
    found = dict(zip(table.index, zip(*whole, values, table["status"], strict=True), strict=True))
    assert len(found) == len(table), "several figures of one place"
    return found


def _same(want: tuple | None, have: tuple | None) -> bool:
    if want is None or have is None:
        return want is have
    if have[4] != want[4] or any(h != w for h, w in zip(have[:3], want[:3], strict=True) if w is not _ANY):
        return False
    if want[3] is None or have[3] is None:
        return want[3] is have[3]
    return abs(have[3] - want[3]) < 1e-9


def differences(spec: Spec, table: pd.DataFrame) -> list[str]:
    """Where the published figures are not the expected ones, in words."""
    found, published = [], actual(table)
    for place, want in expected(spec).items():
        have = published.get(place)
        if not _same(want, have):
            unit, month, basis = place
            found.append(
                f"{unit} {month // 12}-{month % 12 + 1:02} {basis}: expected {want}, published {have}"
            )
    return found
