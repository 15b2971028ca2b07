"""Breakdowns: what a figure about persons is made of, by sex, age, kind of population and management grid.

``standards/strata.csv`` declares the strata and for which months they are counted: for the newest one, some
also for the last of each earlier year; always on a card's default basis. One dimension at a time, never crossed; whoever's sex,
birth or population is unknown is in no stratum of it. A grid is shown at the unit that manages most of
its people: what of that unit's figure is about them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    true,
    union_all,
)

from data import records
from data.store import bulk_select
from metrics.card import Card, Words
from metrics.context import Horizon, create_table, named_tables, rules_of, text_of
from metrics.counting import Frame
from metrics.deriving import NONE_CAME, UNTOLD
from metrics.facts import home, stay
from metrics.shaping import rolled_up, value_of
from metrics.sql import at_least, year_start
from metrics.standards import FOLDER, read_csv
from metrics.tables import person
from metrics.tree import Tree

_MONTHS = 12
_UNKNOWN = -1
GRID = "grid:"  # before a place's number
_PERSONAL = {name for name, table in records.RECORDS.items() if table.info["person"]}
_OLDEST = 99_999  # months of age: no upper limit
_BY = ("unit", "month", "sex", "age", "population", "grid")
_WITHIN = ("building", "entrance", "household")  # levels of places that are parts of a grid
_NOTHING = np.zeros((4, 0), dtype=np.int64)  # columns of ``Strata``

# What the strata go by at the end of each declared month, of whom it is known: numbers of ``declared``, a place.
_trait = Table(
    "trait",
    MetaData(),
    *(Column(name, Integer) for name in ("person", "month", "sex", "age", "population", "grid")),
)

_TRAIT_RULES = [select(table.c.person) for table in (person, home, stay)]

#: Tables that say to which stratum someone belongs, whatever a card's rule reads.
TRAITS = named_tables(_TRAIT_RULES) & records.RECORDS.keys()


@dataclass(frozen=True)
class Stratum:
    """One declared stratum; ages in whole years, both included."""

    dimension: str  # sex, age, population
    code: str
    from_age: int | None
    to_age: int | None
    name: Words

    @property
    def key(self) -> str:
        """As ``published.figure.stratum`` holds it."""
        return f"{self.dimension}:{self.code}"


@cache
def declared() -> tuple[Stratum, ...]:
    """Every stratum with a code, in the order of the file; their positions number them."""
    return tuple(
        Stratum(
            dimension=row["dimension"],
            code=row["code"],
            from_age=int(row["from_age"]) if row["from_age"] else None,
            to_age=int(row["to_age"]) if row["to_age"] else None,
            name=Words(zh=row["zh"], en=row["en"]),
        )
        for row in _rows()
        if row["code"]
    )


@cache
def dimensions() -> tuple[str, ...]:
    """The declared dimensions, in the order of the file."""
    return tuple(dict.fromkeys(row["dimension"] for row in _rows()))


@cache
def _newest_only() -> frozenset[str]:
    """Dimensions that are counted for the newest month alone: there are many grids."""
    return frozenset(row["dimension"] for row in _rows() if row["months"] == "newest")


def _rows() -> list[dict[str, str]]:
    return read_csv(FOLDER / "strata.csv")


@cache
def is_broken_down(card: Card) -> bool:
    """Whether a card has strata: it counts persons, the same way at every level, and is its own figure."""
    if not card.is_personal or card.each_level or card.derived is not None:
        return False
    return bool(named_tables(rules_of([card])) & _PERSONAL)  # teams have numbers too


def strata_months(horizon: Horizon) -> tuple[int, ...]:
    """The last month of each year of a horizon, the newest one as far as it goes."""
    return tuple(min(year + _MONTHS - 1, horizon.last) for year in horizon.years)


def strata_rules(cards: Iterable[Card]) -> list[Select]:
    """The rules that a context must give a meaning to before strata of the cards are counted."""
    broken = [card for card in cards if is_broken_down(card)]
    return [*rules_of(broken), *_TRAIT_RULES] if broken else []


def touched_by(cards: Iterable[Card], tables: frozenset[str]) -> list[Card]:
    """Cards whose strata may differ after a change of these record tables."""
    return [
        card for card in cards if is_broken_down(card) and (named_tables(rules_of([card])) | TRAITS) & tables
    ]


@dataclass
class Strata:
    """Counts of cards' parts by unit, month and stratum, before any sum over units.

    Columns are arrays of the same length: stratum (a position in ``declared``, or behind them the number of
    a grid), unit (a position in the frame; a grid's manager), month (a position in ``months``), n.
    """

    months: tuple[int, ...]
    counts: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)

    def as_rows(self, frame: Frame) -> pd.DataFrame:
        """Rows of ``published.stratum_tally``."""
        places = [np.full(columns.shape[1], place) for place, columns in enumerate(self.counts.values())]
        place = np.concatenate(places) if places else np.zeros(0, dtype=int)
        stratum, unit, month, n = np.concatenate([_NOTHING, *self.counts.values()], axis=1)
        return pd.DataFrame(
            {
                "indicator": _words([key for key, _ in self.counts], place),
                "part": _words([part for _, part in self.counts], place),
                "stratum": stratum,
                "unit": np.asarray(frame.units)[unit],
                "month": np.asarray(self.months)[month],
                "n": n,
            }
        )

    @classmethod
    def from_rows(cls, rows: pd.DataFrame, frame: Frame, months: tuple[int, ...]) -> Strata:
        """The reverse of ``as_rows``."""
        found = cls(months)
        units = pd.Index(frame.units).get_indexer(rows["unit"])
        month = pd.Index(months).get_indexer(rows["month"])
        columns = np.stack([rows["stratum"], units, month, rows["n"]]).astype(np.int64)
        for place, where in rows.groupby(["indicator", "part"], sort=False, observed=True).indices.items():
            found.counts[place] = columns[:, where]
        return found

    def with_those_of(self, other: Strata) -> Strata:
        """The same with the parts that the other counted in place of these."""
        return Strata(self.months, self.counts | other.counts)


# -- counting ----------------------------------------------------------------------------------------


def count_strata(
    connection: Connection,
    cards: Iterable[Card],
    frame: Frame,
    units: pd.DataFrame,
    months: tuple[int, ...],
    progress: Callable[[str], None] = lambda key: None,
) -> Strata:
    """The strata of the cards that have any; ``strata_rules`` must have their meaning on the connection."""
    found, shared = Strata(months), {}
    cards = [card for card in cards if is_broken_down(card)]
    if not cards:
        return found
    create_table(connection, _trait.name, _traits(months))
    grids = _Grids.of(connection, frame, units, months[-1])

    def counted(rule: Select, parts: list[str]) -> list[np.ndarray]:
        columns = _columns(connection, rule, frame, months)
        some = [columns[[*range(len(_BY)), len(_BY) + place]] for place in range(len(parts))]
        return [_marginal(rows, frame, months, grids) for rows in some]

    for card in cards:
        progress(card.key)
        if card.is_events:
            parts = {"numerator": "n"} | ({"denominator": "of"} if card.is_listed else {})
            sums = list(parts.values())
            counts = counted(_of_events(card.numerator, frame.horizon.first, sums), sums)
            found.counts |= {(card.key, part): rows for part, rows in zip(parts, counts, strict=True)}
            continue
        for part, rule in (("numerator", card.numerator), ("listed", card.listed)):
            if rule is not None:
                text = text_of(rule)
                if text not in shared:
                    [shared[text]] = counted(_of_spans(rule), ["n"])
                found.counts[card.key, part] = shared[text]
    return found


def _traits(months: tuple[int, ...]) -> Select:
    """The rows of ``_trait``; age in months is the month less that of birth, as lists of people have it."""
    at = union_all(*(select(literal(month).label("month")) for month in months)).subquery()
    numbers = {stratum.key: number for number, stratum in enumerate(declared())}
    age = at.c.month - person.c.born_month
    branches = {
        "sex": [(person.c.sex == int(one.code), numbers[one.key]) for one in _of_dimension("sex")],
        "age": [
            (
                age.between(
                    one.from_age * _MONTHS, _OLDEST if one.to_age is None else (one.to_age + 1) * _MONTHS - 1
                ),
                numbers[one.key],
            )
            for one in _of_dimension("age")
        ],
        "population": [
            (person.c.registered.is_(one.code == "registered"), numbers[one.key])
            for one in _of_dimension("population")
        ],
    }
    columns = {
        name: case(*some, else_=_UNKNOWN) if some else literal(_UNKNOWN) for name, some in branches.items()
    }
    columns["grid"] = func.coalesce(home.c.place, _UNKNOWN)
    for name in columns:
        if name not in dimensions():
            columns[name] = literal(_UNKNOWN)
        elif name in _newest_only():
            columns[name] = case((at.c.month == months[-1], columns[name]), else_=_UNKNOWN)
    return select(
        person.c.person, at.c.month, *(column.label(name) for name, column in columns.items())
    ).select_from(person.join(at, true()).outerjoin(home, home.c.person == person.c.person))


def _of_dimension(name: str) -> list[Stratum]:
    return [stratum for stratum in declared() if stratum.dimension == name]


def _of_spans(rule: Select) -> Select:
    """The spans that cover a declared month, grouped."""
    spans = rule.subquery()
    n = spans.c.n if "n" in spans.c else literal(1)
    covers = and_(spans.c.s <= _trait.c.month, spans.c.e >= _trait.c.month)
    return _grouped(_with_traits(spans, covers, [n.label("n")]), ["n"])


def _of_events(rule: Select, first: int, parts: list[str]) -> Select:
    """The events of the year up to a declared month, grouped."""
    events = rule.subquery()
    so_far = events.c.month.between(at_least(year_start(_trait.c.month), literal(first)), _trait.c.month)
    return _grouped(_with_traits(events, so_far, [events.c[part] for part in parts]), parts)


def _with_traits(rows, within: ColumnElement, sums: list[ColumnElement]):
    """unit, month, traits and what is summed, of the rows within each declared month."""
    return (
        select(rows.c.unit, *(_trait.c[name] for name in _BY[1:]), *sums)
        .select_from(rows.join(_trait, and_(_trait.c.person == rows.c.person, within)))
        .where(rows.c.unit.is_not(None))
        .subquery()
    )


def _grouped(rows, parts: list[str]) -> Select:
    by = [rows.c[name] for name in _BY]
    sums = [cast(func.coalesce(func.sum(rows.c[part]), 0), BigInteger).label(part) for part in parts]
    return select(*by, *sums).group_by(*by)


def _columns(connection: Connection, rule: Select, frame: Frame, months: tuple[int, ...]) -> np.ndarray:
    """The rows of a grouped rule as integer columns, units and months as positions; others are dropped."""
    columns = np.array([*bulk_select(connection, rule).values()], dtype=np.int64)
    columns = columns.reshape(len(columns), -1)
    columns[0] = pd.Index(frame.units).get_indexer(columns[0])
    columns[1] = np.searchsorted(months, columns[1])
    return columns[:, columns[0] >= 0]


def _marginal(rows: np.ndarray, frame: Frame, months: tuple[int, ...], grids: _Grids) -> np.ndarray:
    """Columns as in ``Strata`` from rows of unit, month, sex, age, population, grid, n."""
    unit, month, *strata, place, n = rows
    shape = (len(declared()), len(frame.units), len(months))
    sums = np.zeros(shape, dtype=np.int64)
    for stratum in strata:
        known = stratum >= 0
        np.add.at(sums, (stratum[known], unit[known], month[known]), n[known])
    where = np.nonzero(sums)
    return np.concatenate(
        [np.stack([*where, sums[where]]), grids.sums(unit, month, place, n, len(months))], axis=1
    )


@dataclass(frozen=True)
class _Grids:
    """Which grid a place is part of, which unit manages the grid, and which units are that unit's."""

    place: np.ndarray  # numbers of places, ascending
    grid: np.ndarray  # of each the number of its grid
    grids: np.ndarray  # numbers of grids with a manager, ascending
    manager: np.ndarray  # of each the position of the unit
    below: np.ndarray  # [unit, unit]: whether the first is the second or under it

    @classmethod
    def of(cls, connection: Connection, frame: Frame, units: pd.DataFrame, month: int) -> _Grids:
        """A grid is managed by the unit that manages most of its people at the end of ``month``."""
        of_place = _grids_of_places(connection)
        people = select(home.c.place, stay.c.unit, func.count().label("n")).join(
            stay, stay.c.person == home.c.person
        )
        people = people.where(stay.c.s <= month, stay.c.e >= month).group_by(home.c.place, stay.c.unit)
        position = frame.row()
        counts: dict[int, Counter] = defaultdict(Counter)
        for place, unit, n in connection.execute(people):
            if place in of_place and unit in position:
                counts[of_place[place]][unit] += n
        managers = {
            grid: position[min(by_unit, key=lambda unit: (-by_unit[unit], unit))]
            for grid, by_unit in counts.items()
        }
        return cls(
            np.array(sorted(of_place), dtype=np.int64),
            np.array([of_place[place] for place in sorted(of_place)], dtype=np.int64),
            np.array(sorted(managers), dtype=np.int64),
            np.array([managers[grid] for grid in sorted(managers)], dtype=np.int64),
            _below(units, position),
        )

    def sums(
        self, unit: np.ndarray, month: np.ndarray, place: np.ndarray, n: np.ndarray, months: int
    ) -> np.ndarray:
        """Columns as in ``Strata``: what of each manager's figure is about its grids' people."""
        if not len(self.grids):
            return _NOTHING
        known, grid = _looked_up(self.place, self.grid, place)
        managed, manager = _looked_up(self.grids, self.manager, grid)
        own = known & managed
        own[own] = self.below[unit[own], manager[own]]
        sums = np.zeros((len(self.grids), months), dtype=np.int64)
        np.add.at(sums, (np.searchsorted(self.grids, grid[own]), month[own]), n[own])
        at, month = np.nonzero(sums)
        return np.stack([len(declared()) + self.grids[at], self.manager[at], month, sums[at, month]])


def _looked_up(keys: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether each of the wanted is among the keys (ascending, not empty), and its value where it is."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return keys[at] == wanted, values[at]


def _grids_of_places(connection: Connection) -> dict[int, int]:
    """Place -> the grid that it is part of: itself, or what a building or a household stands in."""
    table = records.place
    rows = connection.execute(
        select(table.c.place, table.c.code, table.c.parent_code, table.c.level)
        .where(table.c.known_to.is_(None))
        .order_by(table.c.row_id)
    ).all()
    by_code = {row.code: row for row in rows}
    found = {}
    for row in rows:
        at, steps = row, 0
        while at.level in _WITHIN and at.parent_code in by_code and steps < len(_WITHIN):
            at, steps = by_code[at.parent_code], steps + 1
        found[row.place] = at.place
    return found


def _below(units: pd.DataFrame, position: dict[int, int]) -> np.ndarray:
    """[unit, unit]: whether the first is the second or stands under it."""
    below = np.eye(len(position), dtype=bool)
    parent = {
        position[unit]: position[above]
        for unit, above in zip(units["unit"], units["parent"], strict=True)
        if pd.notna(above) and above in position
    }
    for start in range(len(position)):
        above, passed = start, {start}
        while above in parent and parent[above] not in passed:
            above = parent[above]
            passed.add(above)
            below[start, above] = True
    return below


# -- figures -----------------------------------------------------------------------------------------


def strata_figures(
    strata: Strata, cards: Iterable[Card], came: dict[str, np.ndarray], horizon: Horizon, tree: Tree
) -> dict[str, np.ndarray]:
    """Columns of ``published.figure``, cards, units and strata as numbers: a row where anything is counted.

    The denominator is who is listed: nobody approves a population by sex or age. ``came``: of each card the
    status [unit, month] that hangs on its sources alone.
    """
    months = np.asarray(strata.months) - horizon.first
    is_open = tree.open_months(horizon)[:, months]
    blocks = []
    for place, card in enumerate(cards):
        if not is_broken_down(card):
            continue
        numerator, listed = (
            strata.counts.get((card.key, part), _NOTHING)
            for part in ("numerator", "denominator" if card.is_events else "listed")
        )
        about = is_open & tree.of_kinds_or_above(card.kinds)[:, None]
        rows = _summed(numerator, listed, len(tree.parents), len(months), tree)
        stratum, unit, month, top, bottom = rows[:, about[rows[1], rows[2]]]
        status = came[card.key][unit, months[month]]
        if card.is_listed:
            value, of = value_of(card, top, bottom), bottom.astype(float)
        else:
            of = np.full(len(top), np.nan)
            value = of if card.is_ratio else value_of(card, top, None)
        blocks.append(
            {
                "card": np.full(len(top), place),
                "unit": unit,
                "month": months[month] + horizon.first,
                "stratum": stratum,
                "numerator": np.where(status == NONE_CAME, np.nan, top),
                "listed": of,
                "value": np.where((status == NONE_CAME) | (status == UNTOLD), np.nan, value),
                "status": status,
            }
        )
    if not blocks:
        return {}
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _summed(numerator: np.ndarray, listed: np.ndarray, units: int, months: int, tree: Tree) -> np.ndarray:
    """stratum, unit, month, numerator, listed: declared strata summed over the tree, grids as they are."""
    kinds = len(declared())

    def rolled(columns: np.ndarray) -> np.ndarray:
        grid = np.zeros((units, kinds, months), dtype=np.int64)
        stratum, unit, month, n = columns[:, columns[0] < kinds]
        grid[unit, stratum, month] = n
        return rolled_up(grid, tree.parents, tree.depth)

    top, bottom = rolled(numerator), rolled(listed)
    unit, stratum, month = np.nonzero((top > 0) | (bottom > 0))
    of_units = np.stack([stratum, unit, month, top[unit, stratum, month], bottom[unit, stratum, month]])
    return np.concatenate([of_units, _side_by_side(numerator, listed, kinds, months)], axis=1)


def _side_by_side(numerator: np.ndarray, listed: np.ndarray, kinds: int, months: int) -> np.ndarray:
    """stratum, unit, month, numerator, listed of the grids; each has one unit in a month."""
    parts = [part[:, part[0] >= kinds] for part in (numerator, listed)]
    keys = [part[0] * months + part[2] for part in parts]
    every = np.union1d(*keys)
    found = np.zeros((5, len(every)), dtype=np.int64)
    found[0], found[2] = every // months, every % months
    for row, part, key in zip((3, 4), parts, keys, strict=True):
        at = np.searchsorted(every, key)
        found[row, at] = part[3]
        found[1, at] = part[1]
    return found


def grid_names(connection: Connection) -> pd.DataFrame:
    """Rows of ``published.place``: each place under the name of what it lies in and its own."""
    table = records.place
    rows = connection.execute(
        select(table.c.place, table.c.code, table.c.parent_code, table.c.name)
        .where(table.c.known_to.is_(None))
        .order_by(table.c.row_id)
    ).all()
    by_code = {row.code: row.name for row in rows}
    names = {}
    for row in rows:
        above = by_code.get(row.parent_code, "")
        names[row.place] = row.name if not above or row.name.startswith(above) else f"{above} {row.name}"
    return pd.DataFrame({"place": list(names), "name": list(names.values())})


def stratum_words(numbers: np.ndarray) -> pd.Categorical:
    """``published.figure.stratum`` of the numbers of ``Strata``."""
    positions, distinct = pd.factorize(numbers)
    names = [
        declared()[number].key if number < len(declared()) else f"{GRID}{number - len(declared())}"
        for number in distinct.tolist()
    ]
    return pd.Categorical.from_codes(positions, np.asarray(names, dtype=object))


def _words(words: list[str], chosen: np.ndarray) -> pd.Categorical:
    positions, distinct = pd.factorize(np.asarray(words, dtype=object))
    return pd.Categorical.from_codes(positions[chosen], distinct)
