"""The rows behind a card of data quality: which row it is, where it came from, what is wrong with it, and who can mend it.

The list is made of the checks of which the card's rule is made (``metrics.checks``), for the same unit, months and state of
knowledge as the published figure, so that it is as long as the figure's denominator less its numerator.

A thing that is missing is nobody's omission where the source system never sends it: its kind of file has no such column
(ABSENT), or no row of the list's units has it (NEVER). The figure counts it as missing all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, case, func, literal, null, or_, select

from data import records
from data.identity import masked, told
from data.intake.layouts import Layout
from data.store import Snapshot, Store, read_frame
from metrics.card import Basis, Card
from metrics.cards.quality_rows import ROWS, SPANS
from metrics.cards.valid_records import valid_records
from metrics.checks import Check, RowsOf
from metrics.context import Horizon, prepare
from metrics.gaps import asked, first_month_of, persons_of
from metrics.principal import Principal
from metrics.sql import one
from metrics.standards import value_in
from metrics.suspects import suspects
from metrics.tables import person

EMPTY, ABSENT, NEVER = "empty", "absent", "never"
#: Columns with the source's own number of a row.
_NUMBERS = ("contract_no", "visit_no", "pregnancy_no")


@dataclass(frozen=True)
class Fault:
    """``values``: (column, what the store holds). ``cause``: of what is missing why, else ""."""

    check: Check
    values: tuple[tuple[str, object], ...]
    cause: str = ""


@dataclass(frozen=True)
class Place:
    """Where a row came from; file "" where it is not known, or not for whoever asks."""

    file: str
    sheet: str
    line: int
    unit: int | None


@dataclass(frozen=True)
class Twin:
    """Who somebody may be the same as: where the row of the demographic master came from. Without a ``person``: somebody whose
    people are not shown to whoever asks."""

    person: int | None
    born_on: date | None
    place: Place
    name_masked: str | None = None


@dataclass(frozen=True)
class FaultyRow:
    """``layout``: of its file, "" where it is not known. ``number``: the source's own, or None. ``copies``: the rows that say the same.
    ``twins``: who its person may be the same as."""

    table: str
    row_id: int
    person: int
    name_masked: str | None
    day: date | None
    layout: str
    number: str | None
    place: Place
    faults: tuple[Fault, ...]
    copies: tuple[Place, ...] = ()
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True)
class FaultPage:
    """``total`` faulty rows of which ``rows`` are the page; ``items``: check, layout, asked, faults, cause of the whole list, most faults
    first; ``unread``: why names are missing (``metrics.gaps``)."""

    total: int
    rows: list[FaultyRow]
    items: pd.DataFrame
    unread: str = ""


@dataclass(frozen=True)
class _Asked:
    card: Card
    units: list[int]
    month: int
    first: int  # month
    files: pd.DataFrame  # name, sheet, layout by file
    layouts: Mapping[str, Layout]
    event: int
    causes: dict[tuple[str, str], str] = field(default_factory=dict)  # (check, layout) -> cause

    def layout_of(self, file: object) -> str:
        known = self.files["layout"].get(file)
        return known if isinstance(known, str) else ""

    def place(self, file: object, line: object, unit: object) -> Place:
        there = file in self.files.index
        name, sheet = (self.files.at[file, column] if there else None for column in ("name", "sheet"))
        at = None if pd.isna(unit) else int(unit)
        return Place(
            name or "", sheet if isinstance(sheet, str) else "", 0 if pd.isna(line) else int(line), at
        )


def fault_page(
    known: Snapshot | Store,
    principal: Principal,
    key: str,
    unit: int,
    month: int,
    basis: str,
    page: int,
    size: int,
    layouts: Mapping[str, Layout],
) -> FaultPage:
    """One page (from 1) of the rows that are not as a card asks. Raises NotAllowedError outside the persons' scope."""
    card, units, build = asked(known, principal, key, unit)
    horizon = Horizon(build.first_month, build.last_month)
    with known.records() as connection:
        wanted = _Asked(
            card,
            units,
            month,
            first_month_of(month, Basis(basis), horizon),
            _files(connection),
            layouts,
            build.event,
        )
        selects = [_rows(rows, key in SPANS, wanted) for rows in ROWS[key]]
        _prepare(connection, key, selects, horizon, build, units, month)
        items = _items(connection, key, selects, wanted)
        wanted.causes.update({(row.check, row.layout): row.cause for row in items.itertuples()})
        total, found = 0, []
        for rows, every in zip(ROWS[key], selects, strict=True):
            n, some = _faulty(connection, rows, every, wanted, page * size)
            total, found = total + n, found + some
        found.sort(key=_order(ROWS[key][0]))
        chosen = found[(page - 1) * size : page * size]
        copies = _copies(connection, principal, ROWS[key][0], [row for _, row in chosen], wanted)
        twins = {}
        if ROWS[key][0].twins:
            twins = _twins(connection, principal, [row for _, row in chosen], wanted)
    others = [twin.person for some in twins.values() for twin in some if twin.person is not None]
    about = told(known, [*(row.person for _, row in chosen), *others])
    names = masked(about)
    rows = [
        replace(
            row,
            name_masked=names.get(row.person),
            copies=copies.get(row.row_id, ()),
            twins=tuple(replace(one, name_masked=names.get(one.person)) for one in twins.get(row.person, ())),
        )
        for _, row in chosen
    ]
    return FaultPage(total, rows, items, about.unread)


def _prepare(
    connection: Connection,
    key: str,
    selects: list[Select],
    horizon: Horizon,
    build: Row,
    units: list[int],
    month: int,
) -> None:
    others = [select(rows.copies.other.c.row_id) for rows in ROWS[key] if rows.copies is not None]
    rules = [*selects, *others, select(person.c.person)]
    prepare(connection, rules, horizon, known_at=build.event, persons=persons_of(connection, units))


def _files(connection: Connection) -> pd.DataFrame:
    c = records.source_file.c
    return read_frame(connection, select(c.file, c.name, c.sheet, c.layout)).set_index("file")


def _rows(rows: RowsOf, spans: bool, wanted: _Asked) -> Select:
    """Every row that the card asks about, of the units and months of a figure: where it is from, and of each check whether it is
    asked (a), passed (c), of which file (f), and what it looked at (v)."""
    table = rows.table
    day = table.c.day if rows.day is None else rows.day
    number = next((table.c[name] for name in _NUMBERS if name in table.c), null())
    columns: list[ColumnElement] = [
        table.c.row_id,
        table.c.file,
        table.c.line,
        day.label("on"),
        number.label("number"),
    ]
    for i, check in enumerate(rows.checks):
        columns.append(one(check.good(wanted.month)).label(f"c{i}"))
        columns.append((literal(1) if check.asked is None else one(check.asked)).label(f"a{i}"))
        columns.append((table.c.file if check.file is None else check.file).label(f"f{i}"))
        columns += [column.label(f"v{i}_{column.name}") for column in check.shows]
    if spans:
        every = valid_records(*rows.among, more=tuple(columns), with_master=rows.with_person).subquery()
        within = [every.c.s <= wanted.month, every.c.e >= wanted.month]
    else:
        month = table.c.month if rows.month is None else rows.month
        tied = [person.c.person == table.c.person] if rows.with_person else []
        every = (
            select(table.c.person, table.c.unit, month.label("month"), *columns)
            .where(*rows.among, *tied)
            .subquery()
        )
        within = [every.c.month.between(wanted.first, wanted.month)]
    return select(every).where(every.c.unit.in_(wanted.units), *within)


def _items(connection: Connection, key: str, selects: list[Select], wanted: _Asked) -> pd.DataFrame:
    """check, layout, asked, faults, cause: of each thing that is asked, by kind of file."""
    found = []
    for rows, statement in zip(ROWS[key], selects, strict=True):
        every = statement.subquery()
        for i, check in enumerate(rows.checks):
            file, asked_of, passed = every.c[f"f{i}"], every.c[f"a{i}"], every.c[f"c{i}"]
            counts = select(
                file.label("file"),
                func.sum(asked_of).cast(Integer).label("asked"),
                func.sum(case((passed == 0, 1), else_=0)).cast(Integer).label("faults"),
            ).group_by(file)
            frame = read_frame(connection, counts)
            frame = frame.assign(layout=[wanted.layout_of(file) for file in frame["file"]])
            for layout, part in frame.groupby("layout"):
                n, faults = int(part["asked"].sum()), int(part["faults"].sum())
                if n:
                    found.append(
                        (check.key, layout, n, faults, _cause(check, rows, layout, n, faults, wanted))
                    )
    columns = ["check", "layout", "asked", "faults", "cause"]
    items = pd.DataFrame(found, columns=columns)
    # One check may be asked of several columns, and of several tables that came with one layout.
    items = items.groupby(["check", "layout", "cause"], as_index=False, sort=False)[["asked", "faults"]].sum()
    return items.sort_values("faults", ascending=False, kind="stable", ignore_index=True)[columns]


def _cause(check: Check, rows: RowsOf, layout: str, n: int, faults: int, wanted: _Asked) -> str:
    if check.remedy != "fill":
        return ""
    if faults < n:
        return EMPTY
    if _lacks(check, rows, wanted.layouts.get(layout)):
        return ABSENT
    return NEVER if n >= value_in("dq_untold_rows", wanted.month) else EMPTY


def _lacks(check: Check, rows: RowsOf, layout: Layout | None) -> bool:
    """Whether a kind of file has no column for what is asked; False of what is derived, and where the layout is not known."""
    if layout is None or check.shows[0].table.name != layout.table or check.key == "form":
        return False
    fed = {name for column in layout.columns for name in column.to}
    return not any(column.name in fed or f"{column.name}_code" in fed for column in check.shows)


def _faulty(
    connection: Connection, rows: RowsOf, statement: Select, wanted: _Asked, most: int
) -> tuple[int, list[tuple[tuple, FaultyRow]]]:
    """How many rows have a fault, and the first ``most`` of them."""
    every = statement.subquery()
    fault = or_(*(every.c[f"c{i}"] == 0 for i in range(len(rows.checks))))
    total = int(
        read_frame(connection, select(func.count().label("n")).select_from(every).where(fault))["n"][0]
    )
    by = [every.c.person, every.c.on] if rows.copies is not None else [every.c.on.desc(), every.c.person]
    frame = read_frame(connection, select(every).where(fault).order_by(*by, every.c.row_id).limit(most))
    found = []
    for row in frame.to_dict("records"):
        faults = tuple(
            _fault(check, i, row, wanted) for i, check in enumerate(rows.checks) if row[f"c{i}"] == 0
        )
        day = None if pd.isna(row["on"]) else row["on"]
        made = FaultyRow(
            rows.table.name,
            int(row["row_id"]),
            int(row["person"]),
            None,
            day,
            wanted.layout_of(row["file"]),
            _plain(row["number"]),
            wanted.place(row["file"], row["line"], row["unit"]),
            faults,
        )
        found.append(((day, made.person, made.row_id), made))
    return total, found


def _order(rows: RowsOf):
    """Copies stand beside each other, other rows are the newest first."""
    if rows.copies is not None:
        return lambda found: (found[0][1], found[0][0] or date.min, found[0][2])
    return lambda found: (-(found[0][0] or date.min).toordinal(), found[0][1], found[0][2])


def _fault(check: Check, i: int, row: Mapping[str, object], wanted: _Asked) -> Fault:
    values = tuple((column.name, _plain(row[f"v{i}_{column.name}"])) for column in check.shows)
    return Fault(check, values, wanted.causes.get((check.key, wanted.layout_of(row[f"f{i}"])), ""))


def _plain(value: object) -> object:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _copies(
    connection: Connection, principal: Principal, rows: RowsOf, chosen: list[FaultyRow], wanted: _Asked
) -> dict[int, tuple[Place, ...]]:
    """row -> where its copies are; of one at a unit whose people are not the principal's only that it is elsewhere."""
    if rows.copies is None or not chosen:
        return {}
    table, other = rows.table, rows.copies.other
    statement = (
        select(table.c.row_id, other.c.file, other.c.line, other.c.unit, other.c.row_id.label("other"))
        .select_from(table.join(other, rows.copies.tied(wanted.month)))
        .where(table.c.row_id.in_([row.row_id for row in chosen]))
        .order_by(table.c.row_id, other.c.row_id)
    )
    found: dict[int, tuple[Place, ...]] = {}
    for row in read_frame(connection, statement).itertuples():
        place = wanted.place(row.file, row.line, row.unit)
        if place.unit not in principal.persons:
            place = Place("", "", 0, None)
        found[int(row.row_id)] = (*found.get(int(row.row_id), ()), place)
    return found


def _twins(connection: Connection, principal: Principal, chosen: list[FaultyRow], wanted: _Asked) -> dict:
    """person -> who each may be the same as."""
    found = suspects(connection, principal, {row.person for row in chosen}, wanted.event)
    return {
        person: tuple(
            Twin(
                None if pd.isna(row.other) else int(row.other),
                _plain(row.born_on),
                wanted.place(row.file, row.line, row.unit),
            )
            for row in some.itertuples()
        )
        for person, some in found.groupby("person")
    }
