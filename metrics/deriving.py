"""Figures made of other figures: a change since last year, a rank, an approved population as a count."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from metrics.card import Basis, Card, Change, Direction
from metrics.denominators import MISSING
from metrics.tree import Tree

_YEAR = 12

# Codes of ``published.STATUSES``: the worse, the higher.
OK, PART_CAME, NONE_CAME, UNTOLD, NO_DENOMINATOR, EMPTY = range(6)


@dataclass(frozen=True)
class Made:
    """A card on one basis, [unit, month]; NaN where there is no number."""

    card: Card
    basis: Basis
    numerator: np.ndarray
    listed: np.ndarray
    denominator: np.ndarray
    value: np.ndarray
    status: np.ndarray
    reported: np.ndarray | None = None  # where the figure is a unit's own report, not made of records


def statistic_as_count(statistic: np.ndarray) -> dict[str, np.ndarray | None]:
    """The parts of a card that shows the approved population itself; the denominator says where there is none."""
    return {
        "numerator": np.where(statistic == MISSING, 0, statistic),
        "listed": None,
        "denominator": statistic,
    }


def derived(made: list[Made], tree: Tree, open_months: np.ndarray) -> list[Made]:
    """The figures with those of derived cards filled in, in the same order.

    ``open_months`` [unit, month]: a unit that is closed ranks nowhere.
    """
    by_place = {(one.card.key, one.basis): one for one in made}
    return [_filled(one, by_place, tree, open_months) if one.card.derived else one for one in made]


def _filled(one: Made, by_place: dict[tuple[str, Basis], Made], tree: Tree, open_months: np.ndarray) -> Made:
    how = one.card.derived.how
    nothing = np.full(one.value.shape, np.nan)
    if how is Change.STATISTIC:
        value = np.where(one.status == OK, one.numerator, np.nan)
        return replace(one, numerator=value, value=value, denominator=nothing)
    base = by_place[one.card.derived.of, one.basis]
    if how is Change.RANK:
        value = _ranks(base, tree, open_months)
        return replace(
            one,
            numerator=value,
            listed=nothing,
            denominator=nothing,
            value=value,
            status=base.status,
            reported=base.reported,
        )
    before = np.full(base.value.shape, np.nan)
    before[:, _YEAR:] = base.value[:, :-_YEAR]
    was = np.full(base.status.shape, EMPTY)
    was[:, _YEAR:] = base.status[:, :-_YEAR]
    if one.basis is Basis.R12:  # there are no twelve months before the twelfth
        before[:, : 2 * _YEAR - 1], was[:, : 2 * _YEAR - 1] = np.nan, EMPTY
    with np.errstate(divide="ignore", invalid="ignore"):
        change = base.value - before
        if how is Change.RELATIVE:
            change = np.where(before > 0, change / before, np.nan)
    status = np.maximum(base.status, was)
    status = np.where(np.isnan(change) & (status <= PART_CAME), EMPTY, status)
    return replace(
        one,
        numerator=nothing,
        listed=nothing,
        denominator=nothing,
        value=change,
        status=status,
        reported=base.reported,
    )


def _ranks(base: Made, tree: Tree, open_months: np.ndarray) -> np.ndarray:
    """1 for the best of the open units of a kind under one parent; equal values share a rank; NaN without a value."""
    ranks = np.full(base.value.shape, np.nan)
    known = np.where(open_months, base.value, np.nan)
    better = -known if base.card.direction is not Direction.LOWER else known
    groups: dict[tuple[int, str], list[int]] = {}
    for place, kind in enumerate(tree.kinds):
        groups.setdefault((tree.parents[place], kind), []).append(place)
    for places in groups.values():
        values = better[places]
        ahead = (values[None, :, :] < values[:, None, :]).sum(axis=1)
        ranks[places] = np.where(np.isnan(values), np.nan, ahead + 1)
    return ranks
