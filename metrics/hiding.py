"""Which numbers of the published figures are not public: made at every build, for ``published.figure.hidden``.

A quantity is one array of counts, [unit, month]: two cards that count the same share it, and what is hidden of one is
hidden of the other. Hidden is what is small, what makes somebody stand out as one of the few who lack it, and what else
``metrics.closing`` takes so that none of these can be computed from the tree of units. Within a year a count is shown
only when it has grown by nothing or by enough since it was shown last. Figures of one month and of twelve months are
differences and sums of those of the year so far, and shown where these are: so they tell nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from metrics.card import Basis, Card, Change, Period
from metrics.closing import Groups, closed
from metrics.context import Horizon
from metrics.deriving import Made
from metrics.small_numbers import (
    DENOMINATOR,
    LISTED,
    NUMERATOR,
    VALUE,
    VILLAGE,
    is_of_persons,
    is_sensitive,
    small,
    threshold,
)
from metrics.standards import number
from metrics.tree import Tree

_AT_ONCE = 100  # quantities that are worked on together: bounds the memory
_YEAR = 12

# What a quantity's months have to do with each other: nothing, or they grow through a year, or a season.
LEVEL, YEAR, SEASON = range(3)


@dataclass(eq=False)
class Quantity:
    """Counts [unit, month] that are shown, or hidden, wherever they stand.

    counts     what is shown
    kind       what their months have to do with each other, for the card that says most of it
    lacking    others that follow from these and a figure's denominator: who lacks it. Of each whether it is compared
               with what was shown last in the year (both sides add up over the year), or stands for itself
    of         who is listed, of whom these are a part: where that is hidden, so are these, or they would bound it
    sensitive  of a sensitive programme
    together   others that are hidden in the same places
    """

    counts: np.ndarray
    kind: int
    sensitive: bool
    lacking: list[tuple[np.ndarray, bool]] = field(default_factory=list)
    of: list[Quantity] = field(default_factory=list)
    together: list[Quantity] = field(default_factory=list)
    hidden: np.ndarray | None = None

    def depth(self) -> int:
        """How many quantities stand one above the other of which this one is a part."""
        return 1 + max((one.depth() for one in self.of), default=0)

    def joined(self) -> list[Quantity]:
        """This one and all that are hidden with it."""
        found, waiting = [], [self]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.append(one)
                waiting.extend(one.together)
        return found


class Quantities:
    """The quantities of all figures, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple, Quantity] = {}

    def of(self, kind: int, counts: np.ndarray, sensitive: bool) -> Quantity:
        """The quantity with these counts; of a sensitive card that counts nobody it is its own."""
        key = (counts.tobytes(), sensitive and not counts.any())
        one = self._found.setdefault(key, Quantity(counts, kind, sensitive))
        one.kind = max(one.kind, kind)
        one.sensitive |= sensitive
        return one

    def hide(self, horizon: Horizon, tree: Tree, least: float) -> None:
        """Say of each where it is hidden."""
        groups = Groups.of(tree.parents, tree.depth)
        village = np.isin(tree.kinds, VILLAGE)
        found = list(self._found.values())
        for _ in range(3):  # a part is told of as many months as what it is a part of
            for one in found:
                one.kind = max([one.kind, *(each.kind for each in (*one.of, *one.joined()))])
        places: dict[tuple[int, int, int], list[list[Quantity]]] = {}
        done: set[int] = set()
        for one in found:
            if id(one) in done:
                continue
            joined = one.joined()
            done |= {id(each) for each in joined}
            many = sum(1 + len(each.lacking) for each in joined)
            depth = max(each.depth() for each in joined)
            places.setdefault((one.kind, depth, many), []).append(joined)
        for (kind, _, many), some in sorted(places.items()):
            at_once = max(1, _AT_ONCE // many)
            for first in range(0, len(some), at_once):
                _hide(some[first : first + at_once], _starts(kind, horizon), groups, village, least)


def bits(
    made: Sequence[Made], present: np.ndarray, horizon: Horizon, tree: Tree, year_starts: np.ndarray
) -> list[np.ndarray]:
    """Of each figure the bits of ``published.figure.hidden`` [unit, month].

    ``present`` [figure, unit, month]: which are published; ``year_starts``: of each month the position of its year's
    first one.
    """
    quantities = Quantities()
    least = threshold(horizon.last)
    told: dict[tuple[str, Basis], _Told] = {}
    for one, there in zip(made, present, strict=True):
        if is_of_persons(one.card) and one.basis is one.card.bases[0]:
            told[one.card.key, one.basis] = _Told.of(one, there, quantities)
    quantities.hide(horizon, tree, least)
    own = [_bits(one, there, told, year_starts, least) for one, there in zip(made, present, strict=True)]
    values = {(one.card.key, one.basis): found & VALUE > 0 for one, found in zip(made, own, strict=True)}
    return [
        _of_derived(one.card, values[one.card.derived.of, one.basis], tree)
        if one.card.derived is not None and one.card.derived.of is not None
        else found
        for one, found in zip(made, own, strict=True)
    ]


# -- figures and their quantities ------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    """The quantities that a card shows; None: it has none, or an amount that counts nobody."""

    numerator: Quantity | None
    listed: Quantity | None

    @classmethod
    def of(cls, one: Made, there: np.ndarray, quantities: Quantities) -> _Told:
        card, sensitive = one.card, is_sensitive(one.card)
        flow, as_of = card.is_events, one.basis is Basis.AS_OF
        kind = LEVEL if as_of else SEASON if card.period is Period.SEASON else YEAR
        listed = numerator = None
        of = None if np.isnan(one.listed).all() else _counts(one.listed, there)
        if of is not None and card.bottom_scale == 1:
            listed = quantities.of(kind if flow else LEVEL, of, sensitive)
        if card.top_scale == 1:
            counts = _counts(one.numerator, there)
            numerator = quantities.of(kind, counts, sensitive)
            if of is not None:
                numerator.lacking.append((of - counts, flow))
            if listed is not None and listed is not numerator:
                _tie(numerator, listed, flow)
            if card.statistic is not None:
                numerator.lacking.append((np.where(there, np.nan_to_num(one.denominator - counts), 0), False))
        return cls(numerator, listed)


def _tie(part: Quantity, whole: Quantity, both_grow: bool) -> None:
    """Hide a part where the whole is hidden, and of what grows through the year the whole where the part is."""
    if both_grow:
        part.together.append(whole)
        whole.together.append(part)
    else:
        part.of.append(whole)


def _counts(numbers: np.ndarray, there: np.ndarray) -> np.ndarray:
    return np.where(there, np.nan_to_num(numbers), 0.0)


def _bits(one: Made, there: np.ndarray, told, year_starts: np.ndarray, least: float) -> np.ndarray:
    card = one.card
    nothing = np.zeros(there.shape, dtype=np.int16)
    quantities = told.get((card.key, card.bases[0]))
    if quantities is None:
        return nothing
    of = _on_basis(quantities.listed, one.basis, year_starts, nothing)
    of |= small(one.listed, least) if quantities.listed is not None else False
    top = _on_basis(quantities.numerator, one.basis, year_starts, nothing)
    if quantities.numerator is None:
        top |= of  # an amount paid for the few
    else:
        top |= small(one.numerator, least)
    value = top | (of if card.statistic is None else False)
    found = nothing + NUMERATOR * top + LISTED * of + VALUE * value
    return found + (DENOMINATOR * of if card.statistic is None else 0)


def _on_basis(one: Quantity | None, basis: Basis, year_starts: np.ndarray, nothing: np.ndarray) -> np.ndarray:
    """Where a quantity is hidden on a basis; what it is made of must be shown."""
    if one is None:
        return nothing > 0
    hidden = one.hidden.copy()
    months = np.arange(hidden.shape[1])
    if basis is Basis.MONTH:
        follows = months > np.maximum(year_starts, 0)
        hidden[:, follows] |= one.hidden[:, months[follows] - 1]
    if basis is Basis.R12:  # the year so far, and what is left of the year before
        over = (months >= _YEAR) & (months - (_YEAR - 1) < year_starts)
        hidden[:, over] |= one.hidden[:, months[over] - _YEAR] | one.hidden[:, year_starts[over] - 1]
    return hidden


def _of_derived(card: Card, hidden: np.ndarray, tree: Tree) -> np.ndarray:
    """Bits of a figure made of another one, whose value is hidden there [unit, month]."""
    gone = hidden.copy()
    if card.derived.how is Change.RANK:  # the ranks of others would tell between which values it lies
        groups: dict[tuple[int, str], list[int]] = {}
        for place, kind in enumerate(tree.kinds):
            groups.setdefault((tree.parents[place], kind), []).append(place)
        for places in groups.values():
            gone[places] = hidden[places].any(axis=0)
    else:
        gone[:, _YEAR:] |= hidden[:, :-_YEAR]
    return gone * np.int16(NUMERATOR | VALUE)


# -- hiding ----------------------------------------------------------------------------------------


def _starts(kind: int, horizon: Horizon) -> np.ndarray | None:
    """[month]: whether counts begin anew there; None where each month stands for itself."""
    if kind == LEVEL:
        return None
    first = number("season_first_month" if kind == SEASON else "year_first_month")
    months = np.array(horizon.months)
    starts = months % _YEAR == first - 1
    starts[0] = True
    return starts


def _hide(
    some: list[list[Quantity]], starts: np.ndarray | None, groups: Groups, village: np.ndarray, least: float
) -> None:
    """Fill in ``hidden`` of quantities whose months have to do with each other as ``starts`` says.

    ``some``: those that are hidden together, each as many counts.
    """
    numbers, grows, alone = zip(*(_counts_of(joined) for joined in some), strict=True)
    counts = groups.with_own(
        np.stack(numbers, axis=1).swapaxes(2, 3)
    )  # [count, quantity, month, unit and own]
    adds_up, alone = np.stack(grows, axis=1)[:, :, None], np.array(alone)[:, None]
    sensitive = np.array([any(one.sensitive for one in joined) for joined in some])
    always = np.zeros(counts.shape[1:], dtype=bool)
    always[..., : groups.units] = (sensitive[:, None, None] & village) | np.stack(
        [_above_hidden(joined).T for joined in some]
    )
    if starts is None:  # all months at once
        shape = (-1, counts.shape[-1])
        months = counts.shape[2]
        each = counts.reshape(len(counts), *always.reshape(shape).shape)
        some_have = ~np.repeat(alone, months, axis=0) | (each[0] > 0)
        primary = always.reshape(shape) | singles_out(each, some_have, least)
        hidden = closed(each, primary, groups, least, np.repeat(sensitive, months)).reshape(always.shape)
        _tell(some, hidden, groups)
        return
    hidden = np.zeros_like(always)
    last = np.zeros_like(counts[:, :, 0])  # what was shown last
    for month in range(counts.shape[2]):
        if starts[month]:
            last[:] = 0
        now = counts[:, :, month]
        grown = now - np.where(adds_up, last, 0)
        some_have = ~alone | np.where(adds_up[1:], grown[0] != 0, now[0] > 0)
        primary = always[:, month] | small(now[0], least) | singles_out(np.abs(grown), some_have, least)
        found = closed(grown, primary, groups, least, sensitive)
        hidden[:, month] = found
        last = np.where(found, last, now)
    _tell(some, hidden, groups)


def _tell(some: list[list[Quantity]], hidden: np.ndarray, groups: Groups) -> None:
    for joined, found in zip(some, hidden, strict=True):
        for one in joined:
            one.hidden = found[:, : groups.units].T


def _counts_of(joined: list[Quantity]) -> tuple[np.ndarray, np.ndarray, bool]:
    """All counts [count, unit, month] of quantities hidden together, which of them grow with what was shown last, and
    whether they are one quantity: the first then says whether anybody has what others lack."""
    told = [(one.counts, True) for one in joined] + [each for one in joined for each in one.lacking]
    # The largest first: by it a unit is chosen to be hidden with others.
    told[: len(joined)] = sorted(told[: len(joined)], key=lambda each: -each[0].sum())
    return np.stack([each for each, _ in told]), np.array([grows for _, grows in told]), len(joined) == 1


def _above_hidden(joined: list[Quantity]) -> np.ndarray:
    """[unit, month]: where something is hidden of which these are a part."""
    gone = np.zeros(joined[0].counts.shape, dtype=bool)
    for one in joined:
        for whole in one.of:
            if whole.hidden is not None:
                gone |= whole.hidden & (one.counts > 0)
    return gone


def singles_out(counts: np.ndarray, some_have: np.ndarray, least: float) -> np.ndarray:
    """[..., unit]: few have it, or few lack it while some have it (``counts`` from the second on). Nobody and everybody
    single out none."""
    return small(counts[0], least) | (some_have & small(counts[1:], least)).any(axis=0)
