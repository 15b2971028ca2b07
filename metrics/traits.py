"""What everyone is, in numbers: which strata someone belongs to from when to when, and in which management grid.

Rows of rules about persons come to Python once, with their persons; here persons become small integers, so
that counting by stratum is adding up arrays. Months are *positions* on an ``Axis``; a row counts from one
position to another, both included.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Connection, case, func, literal, select

from data import records
from data.store import bulk_select
from metrics.card import Words
from metrics.context import Horizon
from metrics.facts import home, stay
from metrics.positions import Positions
from metrics.standards import FOLDER, read_csv
from metrics.tables import person

_MONTHS = 12
_UNKNOWN = -1
_OLDEST = 200  # years; nobody is
_WITHIN = ("building", "entrance", "household")  # levels of places that are parts of a grid

#: The rules that a context must give a meaning to before ``Traits`` are read; ``Grids`` need them over everyone.
RULES = [select(table.c.person) for table in (person, home, stay)]


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
def newest_only() -> frozenset[str]:
    """Dimensions that are published for the newest month alone: there are many grids."""
    return frozenset(row["dimension"] for row in _rows() if row["months"] == "newest")


def of_dimension(name: str) -> list[int]:
    """Numbers of a dimension's strata."""
    return [number for number, stratum in enumerate(declared()) if stratum.dimension == name]


def _rows() -> list[dict[str, str]]:
    return read_csv(FOLDER / "strata.csv")


# -- months to positions -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """The months for which strata are counted: the last of each earlier year, and all from the newest one on.

    Those to come are counted as well: so the next month needs no recount of whom it does not touch.
    """

    months: tuple[int, ...]  # ascending
    newest: int  # position of the newest month
    horizon: Horizon  # of what is counted

    @classmethod
    def of(cls, shown: Horizon, counted: Horizon) -> Axis:
        earlier = [month for month in last_months(shown) if month < shown.last]
        return cls((*earlier, *range(shown.last, counted.last + 1)), len(earlier), counted)

    @cached_property
    def _first_from(self) -> np.ndarray:
        """[month of the horizon]: the first position not before it; the axis's length where there is none."""
        return np.searchsorted(self.months, self.horizon.months, side="left")

    @cached_property
    def _last_until(self) -> np.ndarray:
        """[month of the horizon]: the last position not after it; -1 where there is none."""
        return np.searchsorted(self.months, self.horizon.months, side="right") - 1

    @cached_property
    def _year_end(self) -> np.ndarray:
        """[month of the horizon]: the last month of its year, as far as the horizon goes."""
        years = np.array(self.horizon.years)
        months = np.array(self.horizon.months)
        ends = years[np.searchsorted(years, months, side="right") - 1] + _MONTHS - 1
        return np.minimum(ends, self.horizon.last)

    def of_spans(self, s: np.ndarray, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First and last position of spans within the horizon; the first is the greater one where there is none."""
        return self._first_from[s - self.horizon.first], self._last_until[e - self.horizon.first]

    def of_events(self, month: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same of events: each counts up to the end of its year."""
        return self.of_spans(month, self._year_end[month - self.horizon.first])


def last_months(horizon: Horizon) -> tuple[int, ...]:
    """The last month of each year of a horizon, the newest one as far as it goes."""
    return tuple(min(year + _MONTHS - 1, horizon.last) for year in horizon.years)


# -- people ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """The n-th stretch of each person's life on an axis in which no trait changes; most people have one or two."""

    has: np.ndarray | None  # [person]: whether there is one; None: of everyone
    first: np.ndarray  # [person] positions on the axis, both included
    last: np.ndarray
    code: np.ndarray  # [person]: sex, age and population in one number, see ``digits``


@dataclass(frozen=True)
class Traits:
    """Everyone on a connection: to which strata and which grid they belong."""

    position: Positions  # of persons
    stretches: tuple[Stretch, ...]
    grid: np.ndarray  # [person]: position among the grids; -1: none with a manager

    @classmethod
    def of(cls, connection: Connection, axis: Axis, grids: Grids) -> Traits:
        rows = bulk_select(connection, _people())
        code = np.zeros((len(rows["person"]), len(axis.months)), dtype=np.int16)
        for position, month in enumerate(axis.months):  # one at a time: there may be millions of people
            values = {**rows, "age": _ages(rows["born"], month)}
            for name, size in digits():
                code[:, position] = code[:, position] * size + values[name].astype(np.int16)
        return cls(Positions(rows["person"]), tuple(_stretches(code)), grids.of_places(rows["place"]))


@cache
def digits() -> tuple[tuple[str, int], ...]:
    """The digits of a code, the first the most significant: dimension, how many values; the last is unknown."""
    return tuple((name, len(of_dimension(name)) + 1) for name in ("sex", "age", "population"))


def _people():
    """person, born (month), sex, population (values of a code's digits), place."""
    conditions = {
        "sex": [person.c.sex == int(declared()[n].code) for n in of_dimension("sex")],
        "population": [
            person.c.registered.is_(declared()[n].code == "registered") for n in of_dimension("population")
        ],
    }
    columns = [
        (
            case(*((condition, value) for value, condition in enumerate(some)), else_=len(some))
            if some
            else literal(0)
        ).label(name)
        for name, some in conditions.items()
    ]
    return select(
        person.c.person,
        func.coalesce(person.c.born_month, _UNKNOWN).label("born"),
        *columns,
        func.coalesce(home.c.place, _UNKNOWN).label("place"),
    ).select_from(person.outerjoin(home, home.c.person == person.c.person))


def _ages(born: np.ndarray, month: int) -> np.ndarray:
    """[person]: which of the declared ages in a month; their number where it is unknown or none."""
    strata = [declared()[n] for n in of_dimension("age")]
    value_of = np.full(_OLDEST + 1, len(strata))
    for value, stratum in reversed(list(enumerate(strata))):
        to_age = _OLDEST if stratum.to_age is None else stratum.to_age
        value_of[stratum.from_age : to_age + 1] = value
    # Age in months is the month less that of birth, as lists of people have it.
    years = (month - born) // _MONTHS
    known = (born != _UNKNOWN) & (years >= 0)
    return np.where(known, value_of[np.clip(years, 0, _OLDEST)], len(strata))


def _stretches(code: np.ndarray) -> Iterable[Stretch]:
    """``code`` [person, position] taken apart."""
    people, length = code.shape
    changes = np.zeros((people, length), dtype=bool)
    changes[:, 1:] = code[:, 1:] != code[:, :-1]
    who, where = np.nonzero(changes)
    nth = np.arange(len(who)) - np.searchsorted(who, who)  # of a person's changes
    most = int(nth.max()) + 1 if len(nth) else 0
    ends = np.full((most + 1, people), length - 1)
    starts = np.zeros((most + 1, people), dtype=int)
    ends[nth, who] = where - 1
    starts[nth + 1, who] = where
    everyone = np.arange(people)
    for number in range(most + 1):
        has = None if number == 0 else starts[number] > 0
        first = starts[number]
        yield Stretch(has, first, ends[number], code[everyone, first].astype(np.int64))


# -- management grids --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grids:
    """The management grids that have a manager, and which units are the manager's."""

    numbers: np.ndarray  # ascending
    manager: np.ndarray  # of each the position of the unit
    of_place: dict[int, int]  # place -> number of the grid that it is part of
    below: np.ndarray  # [unit, unit]: whether the first is the second or under it

    @classmethod
    def of(cls, connection: Connection, units: pd.DataFrame, month: int) -> Grids:
        """A grid is managed by the unit that manages most of its people at the end of ``month``."""
        of_place = _grids_of_places(connection) if "grid" in dimensions() else {}
        people = select(home.c.place, stay.c.unit, func.count().label("n")).join(
            stay, stay.c.person == home.c.person
        )
        people = people.where(stay.c.s <= month, stay.c.e >= month).group_by(home.c.place, stay.c.unit)
        position = {int(unit): place for place, unit in enumerate(units["unit"])}
        counts: dict[int, Counter] = defaultdict(Counter)
        for place, unit, n in connection.execute(people):
            if place in of_place and unit in position:
                counts[of_place[place]][unit] += n
        managers = {
            grid: position[min(by_unit, key=lambda unit: (-by_unit[unit], unit))]
            for grid, by_unit in counts.items()
        }
        numbers = np.array(sorted(managers), dtype=np.int64)
        manager = np.array([managers[grid] for grid in sorted(managers)], dtype=np.int64)
        return cls(numbers, manager, of_place, _below(units, position))

    def of_places(self, places: np.ndarray) -> np.ndarray:
        """Positions of the grids of places; -1: no grid, or one without a manager."""
        known = np.array(sorted(self.of_place), dtype=np.int64)
        grids = np.array([self.of_place[place] for place in known.tolist()], dtype=np.int64)
        at = Positions(known)(places)
        if not len(known):
            return at
        return np.where(at >= 0, Positions(self.numbers)(grids)[at], _UNKNOWN)


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
