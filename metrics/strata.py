"""Breakdowns: what a figure about persons is made of, by sex, age, kind of population and management grid.

``standards/strata.csv`` declares the strata and for which months they are published: for the newest one, some
also for the last of each earlier year; always on a card's default basis. One dimension at a time, never crossed;
whoever's sex, birth or population is unknown is in no stratum of it. A grid is shown at the unit that manages
most of its people: what of that unit's figure is about them.

They are counted from the rows of the figures themselves, in the same pass (``metrics.counting``).
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select

from data import records
from metrics.card import Card
from metrics.context import Horizon, named_tables, rules_of
from metrics.counting import Frame, count_cards
from metrics.deriving import NONE_CAME, UNTOLD
from metrics.positions import Positions, summed
from metrics.published import GRID
from metrics.shaping import rolled_up, value_of
from metrics.traits import (
    RULES,
    Axis,
    Grids,
    Traits,
    declared,
    digits,
    last_months,
    newest_only,
    of_dimension,
)
from metrics.tree import Tree

_PERSONAL = {name for name, table in records.RECORDS.items() if table.info["person"]}
_ABOUT = ("", "")  # the row of ``published.stratum_tally`` that is of no card

#: Tables that say to which stratum someone belongs, whatever a card's rule reads.
TRAITS = named_tables(RULES) & records.RECORDS.keys()


@cache
def is_broken_down(card: Card) -> bool:
    """Whether a card has strata: it counts persons, the same way at every level, is its own figure, and not by source."""
    if not card.is_personal or card.each_level or card.derived is not None or card.is_by_source:
        return False
    return bool(named_tables(rules_of([card])) & _PERSONAL)  # teams have numbers too


def strata_rules(cards: Iterable[Card]) -> list[Select]:
    """The rules that a context must give a meaning to before strata of the cards are counted."""
    broken = [card for card in cards if is_broken_down(card)]
    return [*rules_of(broken), *RULES] if broken else []


# -- counts ------------------------------------------------------------------------------------------


@dataclass
class Strata:
    """Counts of cards' parts by stratum, before any sum over units, in the months of an axis.

    counts   (indicator, part) -> ([stratum, unit, month], [grid, month]: what of its manager's figure)
    """

    axis: Axis
    grids: np.ndarray  # numbers of the grids, ascending
    manager: np.ndarray  # of each grid the position of the unit
    counts: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def as_rows(self) -> pd.DataFrame:
        """Rows of ``published.stratum_tally``; the first says which months and grids the others are about."""
        about = (*_ABOUT, np.asarray(self.axis.months), np.stack([self.grids, self.manager]))
        rows = [about, *((*place, *counts) for place, counts in self.counts.items())]
        return pd.DataFrame(
            [(*place, _packed(by_unit), _packed(by_grid)) for *place, by_unit, by_grid in rows],
            columns=["indicator", "part", "by_unit", "by_grid"],
        )

    @classmethod
    def from_rows(cls, rows: pd.DataFrame, axis: Axis) -> Strata | None:
        """The reverse of ``as_rows`` in the months of ``axis``; None where these are not among those counted."""
        packed = {(row.indicator, row.part): (row.by_unit, row.by_grid) for row in rows.itertuples()}
        if _ABOUT not in packed:
            return None
        months, grids = map(_unpacked, packed.pop(_ABOUT))
        at = Positions(months)(np.asarray(axis.months))
        if (at < 0).any():
            return None
        counts = {
            place: (_unpacked(by_unit)[:, :, at], _unpacked(by_grid)[:, at])
            for place, (by_unit, by_grid) in packed.items()
        }
        return cls(axis, *grids, counts)

    def of_grids(self, grids: Grids) -> tuple[Strata, np.ndarray]:
        """The same about other grids, and which of these [grid] are to be counted anew: new ones, new managers."""
        at = Positions(self.grids)(grids.numbers)
        kept = at >= 0
        kept[kept] = self.manager[at[kept]] == grids.manager[kept]
        counts = {}
        for place, (by_unit, by_grid) in self.counts.items():
            counts[place] = by_unit, np.zeros((len(kept), by_grid.shape[1]), dtype=np.int64)
            counts[place][1][kept] = by_grid[at[kept]]
        return Strata(self.axis, grids.numbers, grids.manager, counts), ~kept

    def add(self, other: Strata) -> None:
        """Add the counts of another one, of the same grids, to these."""
        for place, counts in other.counts.items():
            known = self.counts.get(place, (0, 0))
            self.counts[place] = known[0] + counts[0], known[1] + counts[1]

    def replace_grids(self, other: Strata, which: np.ndarray) -> None:
        """Put another's counts of some grids in place of these."""
        for place, (_, by_grid) in other.counts.items():
            self.counts[place][1][which] = by_grid[which]


def _packed(numbers: np.ndarray) -> str:
    """An integer array as a short text: steps along the last axis are mostly 0."""
    steps = np.diff(numbers.astype("<i8"), axis=-1, prepend=0)
    shape = ",".join(map(str, numbers.shape))
    return f"{shape} {base64.b64encode(zlib.compress(steps.tobytes(), 1)).decode()}"


def _unpacked(text: str) -> np.ndarray:
    """The reverse of ``_packed``."""
    shape, _, packed = text.partition(" ")
    steps = np.frombuffer(zlib.decompress(base64.b64decode(packed)), dtype="<i8")
    return steps.reshape([int(size) for size in shape.split(",")]).cumsum(axis=-1)


# -- counting ----------------------------------------------------------------------------------------


@dataclass
class _Sums:
    """Steps from which counts are summed; rows are added to them."""

    by_code: np.ndarray  # [unit x code x (months and one more)], see ``traits.digits``
    by_grid: np.ndarray  # [grid x (months and one more)]
    counts: tuple[np.ndarray, np.ndarray] | None = None  # what came of them


class Breakdown:
    """Counts the rows of persons on a connection by stratum; what it found is in ``found``."""

    def __init__(self, connection: Connection, frame: Frame, axis: Axis, grids: Grids) -> None:
        self.found = Strata(axis, grids.numbers, grids.manager)
        self._grids, self._units = grids, len(frame.units)
        self._traits = Traits.of(connection, axis, grids)
        self._length = len(axis.months) + 1
        self._codes = int(np.prod([size for _, size in digits()]))

    def wants(self, card: Card) -> bool:
        return is_broken_down(card)

    def begin(self) -> _Sums:
        """Nothing yet."""
        sizes = (self._units * self._codes * self._length, len(self._grids.numbers) * self._length)
        return _Sums(*(np.zeros(size, dtype=np.int64) for size in sizes))

    def add_spans(self, sums: _Sums, unit, s, e, person, n) -> None:
        """Rows of unit (position), first and last month, person, weight (None: one each)."""
        self._add(sums, unit, *self.found.axis.of_spans(s, e), person, n)

    def add_events(self, sums: _Sums, unit, month, person, n) -> None:
        """The same of events: they count to the end of their year, in the stratum that the person is then in."""
        self._add(sums, unit, *self.found.axis.of_events(month), person, n)

    def keep(self, card: Card, part: str, sums: _Sums) -> None:
        """What was added to ``sums`` is the card's part."""
        if sums.counts is None:
            sums.counts = self._by_stratum(sums.by_code), self._steps(sums.by_grid)
        self.found.counts[card.key, part] = sums.counts

    def _add(self, sums: _Sums, unit, first, last, person, n) -> None:
        who = self._traits.position(person)
        some = (who >= 0) & (first <= last)
        unit, first, last, who = unit[some].astype(np.int64), first[some], last[some], who[some]
        n = None if n is None else n[some]
        for stretch in self._traits.stretches:
            if stretch.has is None:
                rows = slice(None)
            else:
                rows = np.nonzero(stretch.has[who])[0]
            self._add_stretch(
                sums, stretch, unit[rows], first[rows], last[rows], who[rows], None if n is None else n[rows]
            )
        grid = self._traits.grid[who]
        own = grid >= 0
        own[own] = self._grids.below[unit[own], self._grids.manager[grid[own]]]
        start = grid[own].astype(np.int64) * self._length
        _add_steps(sums.by_grid, start, first[own], last[own], None if n is None else n[own])

    def _add_stretch(self, sums: _Sums, stretch, unit, first, last, who, n) -> None:
        first = np.maximum(first, stretch.first[who])
        last = np.minimum(last, stretch.last[who])
        some = first <= last
        start = (unit[some] * self._codes + stretch.code[who[some]]) * self._length
        _add_steps(sums.by_code, start, first[some], last[some], None if n is None else n[some])

    def _steps(self, steps: np.ndarray) -> np.ndarray:
        return steps.reshape(-1, self._length).cumsum(axis=1)[:, :-1]

    def _by_stratum(self, steps: np.ndarray) -> np.ndarray:
        counts = self._steps(steps).reshape(self._units, *(size for _, size in digits()), self._length - 1)
        found = np.zeros((len(declared()), self._units, self._length - 1), dtype=np.int64)
        for axis, (name, _) in enumerate(digits(), 1):
            others = tuple(other for other in range(1, len(digits()) + 1) if other != axis)
            known = counts.sum(axis=others)[:, :-1]  # the last value is unknown
            found[of_dimension(name)] = known.transpose(1, 0, 2)
        return found


def _add_steps(steps: np.ndarray, start: np.ndarray, first, last, n: np.ndarray | None) -> None:
    if len(start):
        steps += summed(start + first, n, len(steps))
        steps -= summed(start + last + 1, n, len(steps))


def count_strata(
    connection: Connection, cards: Iterable[Card], frame: Frame, units: pd.DataFrame, shown: Horizon
) -> Strata:
    """The strata of the cards that have any; ``strata_rules`` must have their meaning on the connection."""
    axis = Axis.of(shown, frame.horizon)
    breakdown = Breakdown(connection, frame, axis, Grids.of(connection, units, shown.last))
    count_cards(connection, [card for card in cards if is_broken_down(card)], frame, breakdown=breakdown)
    return breakdown.found


# -- figures -----------------------------------------------------------------------------------------


def strata_figures(
    strata: Strata, cards: Iterable[Card], came: dict[str, np.ndarray], horizon: Horizon, tree: Tree
) -> dict[str, np.ndarray]:
    """Columns of ``published.figure``, cards, units and strata as numbers: a row where anything is counted.

    The denominator is who is listed: nobody approves a population by sex or age. ``came``: of each card the
    status [unit, month] that hangs on its sources alone.
    """
    published = last_months(horizon)
    at = Positions(np.asarray(strata.axis.months))(np.asarray(published))
    months = np.asarray(published) - horizon.first
    is_open = tree.open_months(horizon)[:, months]
    blocks = []
    for place, card in enumerate(cards):
        if not is_broken_down(card):
            continue
        found = [
            strata.counts.get((card.key, part))
            for part in ("numerator", "denominator" if card.is_events else "listed")
        ]
        about = is_open & tree.of_kinds_or_above(card.kinds)[:, None]
        rows = _summed(found, at, strata, tree)
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


def _summed(
    found: list[tuple[np.ndarray, np.ndarray] | None], at: np.ndarray, strata: Strata, tree: Tree
) -> np.ndarray:
    """stratum, unit, month (of those published), numerator, listed: strata summed over the tree, grids as they are.

    ``found``: counts of the numerator and of who is listed, None where there is no such part; ``at``: the
    published months' positions on the axis.
    """
    once = [number for number, one in enumerate(declared()) if one.dimension in newest_only()]
    parts, grids = [], []
    for counts in found:
        if counts is None:
            parts.append(np.zeros((len(tree.parents), len(declared()), len(at)), dtype=np.int64))
            grids.append(np.zeros((len(strata.grids), len(at)), dtype=np.int64))
            continue
        by_unit, by_grid = counts
        by_unit = by_unit[:, :, at].transpose(1, 0, 2)
        by_unit[:, once, :-1] = 0
        parts.append(rolled_up(by_unit, tree.parents, tree.depth))
        by_grid = by_grid[:, at]
        if "grid" in newest_only():
            by_grid[:, :-1] = 0
        grids.append(by_grid)
    top, bottom = parts
    unit, stratum, month = np.nonzero((top > 0) | (bottom > 0))
    of_units = np.stack([stratum, unit, month, top[unit, stratum, month], bottom[unit, stratum, month]])
    top, bottom = grids
    grid, month = np.nonzero((top != 0) | (bottom != 0))
    number, manager = len(declared()) + strata.grids[grid], strata.manager[grid]
    of_grids = [number, manager, month, top[grid, month], bottom[grid, month]]
    return np.concatenate([of_units, np.stack(of_grids)], axis=1)


def stratum_words(numbers: np.ndarray) -> pd.Categorical:
    """``published.figure.stratum`` of the numbers of ``Strata``."""
    positions, distinct = pd.factorize(numbers)
    names = [
        declared()[number].key if number < len(declared()) else f"{GRID}{number - len(declared())}"
        for number in distinct.tolist()
    ]
    return pd.Categorical.from_codes(positions, np.asarray(names, dtype=object))
