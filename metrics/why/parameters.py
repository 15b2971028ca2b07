"""Dated parameters that were changed between two figures: which, which of them are told apart, and the card by some of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from metrics.anew import SHARED, Ruled, as_is, made_anew, rests_on
from metrics.card import Card
from metrics.why.dated import Change, Times, Values, as_after, as_at_end, as_before, change_of

#: Parameters that are one cause: mostly a single one.
Block = tuple[str, ...]

#: So many blocks are told apart: each more would double the counts of the unit's people, of which three need fourteen.
MOST_APART = 3


def changed_between(card: Card, times: Times) -> dict[str, Change]:
    """Parameters of a card (and of what lies beneath it) that were changed between the two figures, the oldest change first.

    But for the share of a population, which is told apart.
    """
    found = {key: change_of(key, times) for key in _asked(card)}
    found = {
        key: change
        for key, change in found.items()
        if change is not None and (key in card.parameters or is_ruled_by(card, key, times))
    }
    return dict(sorted(found.items(), key=lambda one: one[1].on))


def _asked(card: Card) -> list[str]:
    told = card.statistic.share if card.statistic is not None else None
    return [key for key in (*card.parameters, *SHARED) if key != told]


def is_ruled_by(card: Card, key: str, times: Times) -> bool:
    """Whether the card's rule is another one without the change of a parameter."""
    return any(rests_on(card.key, {key: how(key, times)}) for how in (as_before, as_after))


def blocks_of(changes: dict[str, Change]) -> tuple[Block, ...]:
    """Each by itself; where these are too many, those that were changed on one day together; else all of them."""
    if len(changes) <= MOST_APART:
        return tuple((key,) for key in changes)
    days: dict = {}
    for key, change in changes.items():
        days.setdefault(change.on, []).append(key)
    return tuple(map(tuple, days.values())) if len(days) <= MOST_APART else (tuple(changes),)


def some_of(blocks: Iterable[Block]) -> Iterator[frozenset[Block]]:
    """Every set of blocks, the empty one first and all of them last."""
    blocks = tuple(blocks)
    for size in range(len(blocks) + 1):
        yield from map(frozenset, combinations(blocks, size))


def made_by(card: Card, blocks: Iterable[Block], how: Callable[[str, Times], Values], times: Times) -> Ruled:
    """The card where the parameters of some blocks have other values: ``as_before`` or ``as_after``."""
    values = {key: how(key, times) for block in blocks for key in block}
    return made_anew(card.key, values) if values else as_is(card.key)


def at_end(card: Card, times: Times) -> Ruled | None:
    """The card where all that changed within the earlier figure's time had the last value from its beginning; None where nothing did."""
    values = {key: made for key in _asked(card) if (made := as_at_end(key, times)) is not None}
    return made_anew(card.key, values) if values and rests_on(card.key, values) else None
