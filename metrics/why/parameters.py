"""Dated parameters that were changed between two months: which, and whether a figure can be counted without that change."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from metrics.anew import SHARED, Ruled, changed, changed_within, made_anew, not_changed, rests_on
from metrics.card import Basis, Card, Period
from metrics.context import Horizon
from metrics.gaps import first_month_of
from metrics.standards import number


def first_of_time(card: Card, basis: str, month: int, horizon: Horizon) -> int:
    """The first month that a figure is about: of a year so far, of twelve months; else the month itself."""
    if basis not in (Basis.YTD, Basis.R12):
        return month
    if card.period is Period.SEASON:
        return month - (month - (number("season_first_month") - 1)) % 12
    return first_month_of(month, Basis(basis), horizon)


def cannot_tell_parameters(card: Card, basis: str, earlier: int, month: int, horizon: Horizon) -> bool:
    """Whether months of the earlier figure were counted by different values of a parameter, and their counterparts were otherwise.

    The later figure would have to be counted by values that change at a counterpart, which no rule was ever made with. Two figures
    of one year so far are about the same months, up to the earlier one: nothing sets these apart.
    """
    first, later = (first_of_time(card, basis, one, horizon) for one in (earlier, month))
    if first in (earlier, later):
        return False
    return any(
        changed_within(key, first, earlier) and rests_on(card.key, {key: not_changed(key, first, earlier)})
        for key in _asked(card)
    )


def _asked(card: Card) -> list[str]:
    """Parameters that a card may rest on, but for the share of a population, which is told apart."""
    told = card.statistic.share if card.statistic is not None else None
    return [key for key in (*card.parameters, *SHARED) if key != told]


def changed_between(card: Card, earlier: int, month: int, first: int) -> dict[str, tuple[float, float]]:
    """Parameters that were changed between the two months; ``first``: the first month that the later figure is about."""
    found = {key: changed(key, earlier, month, first) for key in _asked(card)}
    return {
        key: values
        for key, values in found.items()
        if values is not None
        and (key in card.parameters or rests_on(card.key, {key: not_changed(key, earlier, month)}))
    }


def made_by(key: str, values: Iterable[str], how: Callable, earlier: int, month: int) -> Ruled:
    """The card by other values of some parameters: ``how`` of ``metrics.anew`` says which."""
    return made_anew(key, {one: how(one, earlier, month) for one in values})
