"""Which numbers of breakdowns are not public. Strata of a dimension are hidden, or shown, all together.

Then the table of units by strata has the same hidden units in every column, and the equations of the tree keep them open
in each (``metrics.closing``), whatever the rows come to. Grids are the children of the unit at which they are shown.
Where the figure of everyone is hidden, so are its strata.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from metrics.card import Card
from metrics.closing import Groups, closed
from metrics.context import Horizon
from metrics.deriving import Made
from metrics.small_numbers import (
    DENOMINATOR,
    LISTED,
    NUMERATOR,
    VALUE,
    VILLAGE,
    is_sensitive,
    small,
    threshold,
)
from metrics.traits import declared, dimensions, last_months, of_dimension
from metrics.tree import Tree

_AT_ONCE = 50  # bounds the memory


@dataclass(frozen=True)
class Whole:
    """A figure of everyone on its card's default basis, [unit, month]; ``hidden`` as in ``metrics.hiding.bits``."""

    card: Card
    numerator: np.ndarray
    listed: np.ndarray
    hidden: np.ndarray

    @classmethod
    def of(cls, one: Made, there: np.ndarray, hidden: np.ndarray) -> Whole:
        """Of a figure where it is published; 0 elsewhere."""
        top, of = (np.where(there, np.nan_to_num(each), 0) for each in (one.numerator, one.listed))
        return cls(one.card, top, of, hidden)


def strata_bits(
    columns: dict[str, np.ndarray], wholes: Sequence[Whole], horizon: Horizon, tree: Tree
) -> np.ndarray:
    """Of each row of ``metrics.strata.strata_figures`` the bits of ``published.figure.hidden``.

    ``wholes``: by the number of the card in ``columns``.
    """
    bits = np.zeros(len(columns["card"]), dtype=np.int16)
    months = np.asarray(last_months(horizon))
    is_grid = columns["stratum"] >= len(declared())
    for name in dimensions():
        at = np.flatnonzero(is_grid if name == "grid" else np.isin(columns["stratum"], of_dimension(name)))
        if not len(at):
            continue
        rows = {key: columns[key][at] for key in ("card", "unit", "stratum", "numerator", "listed")}
        rows["slice"] = np.searchsorted(months, columns["month"][at])
        layout = _Layout.of_grids(rows, tree) if name == "grid" else _Layout.of_dimension(rows, name, tree)
        bits[at] = _bits(rows, layout, wholes, months - horizon.first, threshold(horizon.last))
    return bits


@dataclass(frozen=True)
class _Layout:
    """Where rows stand in an array [stratum, slice, place]: slices are months, places units or units and grids."""

    shape: tuple[int, int]  # strata, places
    stratum: np.ndarray  # of each row
    place: np.ndarray
    groups: Groups
    village: np.ndarray  # [place]
    units: int  # places from here on are grids

    @classmethod
    def of_dimension(cls, rows: dict[str, np.ndarray], name: str, tree: Tree) -> _Layout:
        numbers = np.array(of_dimension(name))
        units = len(tree.parents)
        stratum = np.searchsorted(numbers, rows["stratum"])
        groups = Groups.of(tree.parents, tree.depth)
        village = np.isin(tree.kinds, VILLAGE)
        return cls((len(numbers), units), stratum, rows["unit"], groups, village, units)

    @classmethod
    def of_grids(cls, rows: dict[str, np.ndarray], tree: Tree) -> _Layout:
        """One stratum: a grid is the child of the unit at which it is shown, whose count is that of everyone."""
        grids, grid = np.unique(rows["stratum"], return_inverse=True)
        manager = np.zeros(len(grids), dtype=int)
        manager[grid] = rows["unit"]
        units = len(tree.parents)
        groups = Groups.of([-1] * units + manager.tolist(), [0] * units + [1] * len(grids))
        groups = replace(groups, known=frozenset())
        places = units + len(grids)
        village = np.arange(places) >= units
        return cls((1, places), np.zeros(len(grid), dtype=int), units + grid, groups, village, units)

    def array(
        self, rows: dict[str, np.ndarray], at: np.ndarray, name: str, everyone: np.ndarray
    ) -> np.ndarray:
        """Numbers of the rows ``at`` as an array; of units whose children are grids those of everyone."""
        strata, places = self.shape
        found = np.zeros((strata, everyone.shape[0], places))
        found[self.stratum[at], rows["slice"][at], self.place[at]] = np.nan_to_num(rows[name][at])
        if places > self.units:
            found[0, :, : self.units] = everyone
        return found


@dataclass
class _Column:
    """Counts that are hidden together, each [stratum, slice, place]: a breakdown, and of cards who lacks it.

    counts   what a place comes to, its strata, who is in none
    primary  [slice, place]: hidden for its own sake
    """

    counts: np.ndarray
    primary: np.ndarray
    sensitive: bool
    lacking: list[np.ndarray] = field(default_factory=list)
    hidden: np.ndarray | None = None

    def all_counts(self) -> np.ndarray:
        return np.concatenate([self.counts, *self.lacking])


def _bits(
    rows: dict[str, np.ndarray], layout: _Layout, wholes: Sequence[Whole], months: np.ndarray, least: float
) -> np.ndarray:
    found: dict[tuple, _Column] = {}
    order = np.argsort(rows["card"], kind="stable")
    cards, first = np.unique(rows["card"][order], return_index=True)
    rows_of = dict(zip(cards.tolist(), np.split(order, first[1:]), strict=True))
    told = {card: _told(rows, at, layout, wholes[card], months, least, found) for card, at in rows_of.items()}
    for size in sorted({len(one.lacking) for one in found.values()}):
        alike = [one for one in found.values() if len(one.lacking) == size]
        for start in range(0, len(alike), _AT_ONCE):
            _hide(alike[start : start + _AT_ONCE], layout.groups, least)
    bits = np.zeros(len(order), dtype=np.int16)
    for card, at in rows_of.items():
        top, of = (one and one.hidden[rows["slice"][at], layout.place[at]] for one in told[card])
        of = np.zeros(len(at), dtype=bool) if of is None else of
        bits[at] = NUMERATOR * top + (LISTED | DENOMINATOR) * of + VALUE * (top | of)
    return bits


def _told(rows, at, layout, whole, months, least, found) -> tuple[_Column, _Column | None]:
    """The columns of a card: its numerators, and who is listed (None: nobody is)."""
    everyone = {"numerator": whole.numerator[:, months].T, "listed": whole.listed[:, months].T}
    gone = whole.hidden[:, months].T
    sensitive = is_sensitive(whole.card)
    top, of = (layout.array(rows, at, name, everyone[name]) for name in everyone)
    listed = None
    if of.any():
        listed = _column(found, layout, everyone["listed"], of, None, gone & LISTED > 0, sensitive, least)
    lacking = of - top if of.any() else None
    gone = gone & NUMERATOR > 0
    return _column(found, layout, everyone["numerator"], top, lacking, gone, sensitive, least), listed


def _column(found, layout, everyone, strata, lacking, gone, sensitive, least) -> _Column:
    """The column of these counts: one for all cards that count the same, hidden for whatever any of them asks."""
    counts = strata
    few = small(strata, least).any(axis=0)
    if layout.shape[1] == layout.units:
        in_none = (everyone - strata.sum(axis=0))[None]
        counts = np.concatenate([everyone[None], strata, in_none])
        few |= small(in_none[0], least)
    else:
        grids = layout.shape[1] - layout.units
        gone = np.concatenate([gone, np.zeros((len(gone), grids), dtype=bool)], axis=1)
    if lacking is not None:
        few |= ((strata > 0) & small(lacking, least)).any(axis=0)
    key = (strata.tobytes(), sensitive and not strata.any())
    nothing = np.zeros_like(few)
    one = found.setdefault(key, _Column(counts, nothing, sensitive))
    one.primary = one.primary | few | gone | (layout.village & sensitive)
    one.sensitive |= sensitive
    if lacking is not None:
        one.lacking.append(lacking)
    return one


def _hide(some: list[_Column], groups: Groups, least: float) -> None:
    """Fill in ``hidden`` of columns with equally many counts."""
    counts = groups.with_own(np.stack([one.all_counts() for one in some], axis=1))
    most, _, slices, places = counts.shape
    counts = counts.reshape(most, -1, places)
    primary = np.zeros(counts.shape[1:], dtype=bool)
    primary[:, : groups.units] = np.stack([one.primary for one in some]).reshape(-1, groups.units)
    may_be_none = np.repeat([one.sensitive for one in some], slices)
    hidden = closed(counts, primary, groups, least, may_be_none).reshape(len(some), slices, places)
    for one, gone in zip(some, hidden, strict=True):
        one.hidden = gone[:, : groups.units]
