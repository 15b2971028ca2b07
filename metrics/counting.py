"""The one pass over the records: rules in, counts by unit and month out.

Spans are grouped by (unit, s, e) in the database and spread over months here; events are grouped by
(unit, month). Rules about the same rows that differ in their conditions alone are one statement. Rows
of rules that are broken down by stratum come one by one, with their persons, and are counted both ways
here. Rows of rules that name their file are grouped by it as well and counted by source system besides:
the parts ``numerator@chis``, ``numerator@plain``, ... Of means the squares of what is summed are counted too,
in two parts (``metrics.squares``). A *grid* is an integer array [unit, month] over a ``Frame``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnCollection,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    Table,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.sql.selectable import Join

from data import records
from data.store import bulk_batches, bulk_select
from metrics.card import Card
from metrics.context import Horizon, rows_of, text_of
from metrics.difference import looks_further
from metrics.positions import Positions, summed
from metrics.sql import at_least, at_most
from metrics.squares import SQUARES, square

Sign = Callable[[ColumnElement], ColumnElement]
_NOBODY = -2_000_000_000  # stands for a row without a person
PARTS = ("numerator", "denominator", "listed", "told")


@dataclass(frozen=True)
class Frame:
    """The axes of every grid: units by number, months of a horizon."""

    units: tuple[int, ...]
    horizon: Horizon

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.units), len(self.horizon.months)

    def empty(self) -> np.ndarray:
        return np.zeros(self.shape, dtype=np.int64)

    def row(self) -> dict[int, int]:
        """Position of each unit."""
        return {unit: position for position, unit in enumerate(self.units)}


def parts_of(card: Card) -> tuple[str, ...]:
    """The parts that a card counts."""
    if card.is_mean:
        return ("numerator", "denominator", *SQUARES)
    if card.is_events:
        return ("numerator", "denominator") if card.is_listed else ("numerator",)
    spans = {"numerator": card.numerator, "listed": card.listed, "told": card.told}
    return tuple(part for part, rule in spans.items() if rule is not None)


class Breakdown(Protocol):
    """Counts the rows of persons by stratum as well: ``metrics.strata.Breakdown``."""

    def wants(self, card: Card) -> bool: ...
    def begin(self) -> object: ...
    def add_spans(self, sums, unit, s, e, person, n) -> None: ...
    def add_events(self, sums, unit, month, person, n) -> None: ...
    def keep(self, card: Card, part: str, sums) -> None: ...


@dataclass(frozen=True)
class _Rule:
    """A rule to be counted, once for all cards that have it."""

    select: Select
    text: str
    key: str  # of the first card that has it
    is_events: bool
    is_mean: bool  # of any card that has it

    @property
    def counts(self) -> tuple[str, ...]:
        """The columns that are summed; spans without ``n`` count one each."""
        return ("n", "of") if "of" in self.select.selected_columns else ("n",)

    @property
    def sums(self) -> tuple[str, ...]:
        """The same and, of a mean, the parts of the squares of ``n``."""
        return (*self.counts, *SQUARES) if self.is_mean else self.counts


def count_cards(
    connection: Connection,
    cards: Iterable[Card],
    frame: Frame,
    *,
    sign: Sign | None = None,
    breakdown: Breakdown | None = None,
    progress: Callable[[str, float], None] = lambda key, share: None,
) -> dict[tuple[str, str], np.ndarray]:
    """The grids of the cards' parts: (key, part) -> [unit, month].

    ``sign`` says of the column ``person`` whether a row counts once or takes one away; None: each counts once.
    ``breakdown``: counts by stratum as well.
    """
    cards = list(cards)
    means = {text_of(rule) for card in cards if card.is_mean for _, rule in _rules(card)}
    alone: dict[str, _Rule] = {}  # rules whose rows come one by one
    plain: dict[str, _Rule] = {}
    for card in cards:
        broken = breakdown is not None and breakdown.wants(card)
        for part, rule in _rules(card):
            text = text_of(rule)
            into = alone if broken and part != "told" else plain
            into.setdefault(text, _Rule(rule, text, card.key, card.is_events, text in means))
    groups = _groups([rule for text, rule in plain.items() if text not in alone], sign is None)
    counted: dict[str, dict[str, np.ndarray]] = {}
    strata: dict[str, dict[str, object]] = {}
    steps = len(alone) + len(groups)
    for step, group in enumerate(groups):
        progress(group[0].key, step / steps)
        counted |= _count_group(connection, group, frame, sign)
    for step, rule in enumerate(alone.values(), len(groups)):
        progress(rule.key, step / steps)
        strata[rule.text] = {column: breakdown.begin() for column in rule.counts}
        counted[rule.text] = _count_rows(connection, rule, frame, sign, breakdown, strata[rule.text])
    found = {}
    for card in cards:
        broken = breakdown is not None and breakdown.wants(card)
        for part, column, rule in _columns_of(card):
            text = text_of(rule)
            for name, grid in counted[text].items():
                of, at, system = name.partition("@")
                if of == column:
                    found[card.key, f"{part}{at}{system}"] = grid
            if broken and part != "told" and column in strata[text]:
                breakdown.keep(card, part, strata[text][column])
    return found


def count_card(connection: Connection, card: Card, frame: Frame) -> dict[str, np.ndarray]:
    """The grids of one card's parts."""
    return {part: grid for (_, part), grid in count_cards(connection, [card], frame).items()}


def systems_of(connection: Connection) -> dict[int, str]:
    """Source file -> the source system that it comes from: the family of its layout."""
    table = records.source_file
    rows = connection.execute(select(table.c.file, table.c.layout)).all()
    return {row.file: (row.layout or "").partition(".")[0] for row in rows}


def _rules(card: Card) -> list[tuple[str, Select]]:
    """(part, rule) of a card; events have one rule for all their parts."""
    if card.is_events:
        return [("numerator", card.numerator)]
    rules = {"numerator": card.numerator, "listed": card.listed, "told": card.told}
    return [(part, rule) for part, rule in rules.items() if rule is not None]


def _columns_of(card: Card) -> list[tuple[str, str, Select]]:
    """(part, the column that it sums, rule) of a card."""
    if not card.is_events:
        return [(part, "n", rule) for part, rule in _rules(card)]
    columns = {"numerator": "n", "denominator": "of"}
    return [(part, columns.get(part, part), card.numerator) for part in parts_of(card)]


# -- rules about the same rows -----------------------------------------------------------------------


def _groups(rules: list[_Rule], may_share: bool) -> list[list[_Rule]]:
    """Rules that one statement can count."""
    groups: dict[object, list[_Rule]] = {}
    for rule in rules:
        groups.setdefault((_rows_of(rule) if may_share else None) or rule.text, []).append(rule)
    return list(groups.values())


def _rows_of(rule: _Rule) -> tuple | None:
    """What rules about the same rows have in common; None: the rule is more than a filter over tables."""
    chosen = rule.select
    if (
        not isinstance(chosen, Select)
        or chosen._group_by_clauses
        or chosen._distinct
        or chosen._having_criteria
        or chosen._has_row_limiting_clause
    ):
        return None
    sources = chosen.get_final_froms()
    if not all(_is_plain(source) for source in sources):
        return None
    columns = chosen.selected_columns
    where = [] if chosen.whereclause is None else [chosen.whereclause]
    if any(looks_further(one) for one in (*columns, *where)):
        return None
    return (
        rule.is_events,
        *(_text(source) for source in sources),
        *(_text(columns[name]) for name in _keys(rule)),
    )


def _keys(rule: _Rule) -> tuple[str, ...]:
    """The columns by which a rule's rows are grouped."""
    keys = ("unit", "month") if rule.is_events else ("unit", "s", "e")
    return (*keys, "file") if "file" in rule.select.selected_columns else keys


def _is_plain(source: FromClause) -> bool:
    """Tables alone: an alias or a subquery of one rule is never that of another."""
    if isinstance(source, Join):
        return _is_plain(source.left) and _is_plain(source.right) and not looks_further(source.onclause)
    return isinstance(source, Table)


def _text(element) -> str:
    if isinstance(element, Table):
        return element.name
    if isinstance(element, Join):
        return text_of(select(literal(1)).select_from(element))
    return str(element.compile(compile_kwargs={"literal_binds": True}))


def _values(
    connection: Connection, group: list[_Rule], keys: tuple[str, ...]
) -> tuple[Subquery, list[tuple[str, str, ColumnElement]]]:
    """The rows that a group's rules are about, and what each rule sums of them: (text, column, what)."""
    if len(group) == 1:
        [rule] = group
        rows = rows_of(connection, rule.select)
        return rows, [(rule.text, name, _summed(rows.c, name)) for name in rule.sums]
    first = group[0].select
    values, places = [], []
    for number, rule in enumerate(group):
        columns, where = rule.select.selected_columns, rule.select.whereclause
        for name in rule.sums:
            value = _summed(columns, name)
            values.append((value if where is None else case((where, value))).label(f"{name}_{number}"))
            places.append((rule.text, name))
    by = [first.selected_columns[key].label(key) for key in keys]
    rows = select(*by, *values).select_from(*first.get_final_froms()).subquery()
    return rows, [(*place, rows.c[value.name]) for place, value in zip(places, values, strict=True)]


def _summed(columns: ColumnCollection, name: str) -> ColumnElement:
    """What a rule sums under a name; spans without ``n`` count one each."""
    if name in SQUARES:
        return square(columns["n"], name)
    return columns[name] if name in columns else literal(1)


def _count_group(
    connection: Connection, group: list[_Rule], frame: Frame, sign: Sign | None
) -> dict[str, dict[str, np.ndarray]]:
    """text of a rule -> column -> grid; grouped in the database. ``column@system``: of one source system."""
    is_events, keys = group[0].is_events, _keys(group[0])
    rows, values = _values(connection, group, keys)
    by, within = _within(rows, frame, is_events)
    by += [rows.c.file] if "file" in keys else []
    weight = sign(rows.c.person) if sign else None
    clipped = (
        select(
            *by, *((v if weight is None else v * weight).label(f"v{i}") for i, (*_, v) in enumerate(values))
        )
        .where(*within)
        .subquery()
    )
    grouped = [clipped.c[column.name] for column in by]
    sums = [
        cast(func.coalesce(func.sum(clipped.c[f"v{i}"]), 0), BigInteger).label(f"v{i}")
        for i in range(len(values))
    ]
    columns = np.array(
        [*bulk_select(connection, select(*grouped, *sums).group_by(*grouped)).values()], dtype=np.int64
    )
    columns = columns.reshape(len(by) + len(values), -1)
    unit = Positions(np.array(frame.units))(columns[0])
    columns = columns[:, unit >= 0]
    unit = unit[unit >= 0]
    places: dict[str, slice | np.ndarray] = {"": slice(None)}
    if "file" in keys:
        system = _systems(connection, columns[len(by) - 1])
        places |= {f"@{one}": system == one for one in np.unique(system).tolist()}
    found: dict[str, dict[str, np.ndarray]] = {}
    for (text, name, _), n in zip(values, columns[len(by) :], strict=True):
        for of, place in places.items():
            grid = _Grid(frame)
            end = None if is_events else columns[2][place]
            grid.add(unit[place], columns[1][place], end, n[place])
            found.setdefault(text, {})[f"{name}{of}"] = grid.counts()
    return found


def _systems(connection: Connection, files: np.ndarray) -> np.ndarray:
    """The source system of each file; "" where none is known."""
    known = systems_of(connection)
    distinct, at = np.unique(files, return_inverse=True)
    return np.array([known.get(file, "") for file in distinct.tolist()], dtype=str)[at]


def _count_rows(
    connection: Connection,
    rule: _Rule,
    frame: Frame,
    sign: Sign | None,
    breakdown: Breakdown,
    strata: dict[str, object],
) -> dict[str, np.ndarray]:
    """column -> grid; row by row, so that ``breakdown`` adds to ``strata`` what it counts of the same rows."""
    rows = rows_of(connection, rule.select)
    by, within = _within(rows, frame, rule.is_events)
    values = {
        name: cast(func.coalesce(_summed(rows.c, name), 0), BigInteger).label(name)
        for name in rule.sums
        if name in rows.c or name in SQUARES
    }
    person = func.coalesce(rows.c.person, _NOBODY)
    columns = [
        *by,
        person.label("person"),
        *([sign(person).label("weight")] if sign else []),
        *values.values(),
    ]
    position = Positions(np.array(frame.units))
    grids = {name: _Grid(frame) for name in rule.sums}
    for batch in bulk_batches(connection, select(*columns).where(*within)):
        unit = position(batch.pop("unit"))
        if not (unit >= 0).all():
            batch, unit = {name: column[unit >= 0] for name, column in batch.items()}, unit[unit >= 0]
        weight = batch.get("weight")
        for name, grid in grids.items():
            n = batch.get(name, weight)
            if name in batch and weight is not None:
                n = n * weight
            if rule.is_events:
                grid.add(unit, batch["month"], None, n)
                if name in strata:
                    breakdown.add_events(strata[name], unit, batch["month"], batch["person"], n)
            else:
                grid.add(unit, batch["s"], batch["e"], n)
                breakdown.add_spans(strata[name], unit, batch["s"], batch["e"], batch["person"], n)
    return {name: grid.counts() for name, grid in grids.items()}


def _within(rows: Subquery, frame: Frame, is_events: bool) -> tuple[list[ColumnElement], list[ColumnElement]]:
    """unit and month, or unit, s and e, as far as the frame goes; and the conditions under which a row is in it."""
    first, last = frame.horizon.first, frame.horizon.last
    if is_events:
        return [rows.c.unit, rows.c.month], [rows.c.month.between(first, last), rows.c.unit.is_not(None)]
    by = [rows.c.unit, at_least(rows.c.s, first).label("s"), at_most(rows.c.e, last).label("e")]
    return by, [rows.c.s <= last, rows.c.e >= first, rows.c.s <= rows.c.e, rows.c.unit.is_not(None)]


class _Grid:
    """A grid that rows are added to."""

    def __init__(self, frame: Frame) -> None:
        self._first = frame.horizon.first
        self._shape = (len(frame.units), len(frame.horizon.months) + 1)
        self._steps = np.zeros(self._shape[0] * self._shape[1], dtype=np.int64)
        self._lasts = False

    def add(self, unit: np.ndarray, s: np.ndarray, e: np.ndarray | None, n: np.ndarray | None) -> None:
        """Rows of unit (position), first and last month (None: events of the first one), weight (None: one each)."""
        start = unit.astype(np.int64) * self._shape[1] - self._first
        self._steps += summed(start + s, n, len(self._steps))
        if e is not None:
            self._lasts = True
            self._steps -= summed(start + e + 1, n, len(self._steps))

    def counts(self) -> np.ndarray:
        steps = self._steps.reshape(self._shape)
        return (steps.cumsum(axis=1) if self._lasts else steps)[:, :-1]
