"""The difference of two figures shared out to its causes: exactly, in fractions, nothing left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from metrics.card import SCALE, Card
from metrics.causes import Part
from metrics.statistics.splitting import shapley
from metrics.why.dated import Change
from metrics.why.parameters import MOST_APART, Block

CAUSES = ("services", "denominator", "units", "late", "rewritten", "definition", "parameters")
#: Causes that others hang on: who counts by the new values is not who counted by the old ones. One each block of parameters.
SWITCH = "parameters"
#: All of a month against another; "rewritten" is of a month then and now alone.
_MOST = len(CAUSES) - 2 + MOST_APART


@dataclass(frozen=True)
class Counted:
    """The change by one choice of values: what these do to the earlier month, and what each cause adds from there on."""

    base: Part
    parts: Mapping[str, Part]


@dataclass(frozen=True)
class Cause:
    """What one cause adds: to numerator and denominator (as ``published.figure`` has them), and to the value.

    people   of how many persons or things; None where nobody is counted one by one (events, populations)
    keys     of ``parameters``: which ones, mostly one
    merged   of units where rows cannot be told apart: the merged units that it is about
    born, came, died, left   who is owed: how many of them; 0 where it is another cause
    """

    name: str
    numerator: int | Fraction
    denominator: int | Fraction
    value: Fraction
    people: int | None = None
    keys: Block = ()
    merged: tuple[int, ...] = ()
    born: int = 0
    came: int = 0
    died: int = 0
    left: int = 0


@dataclass(frozen=True)
class Split:
    """Two figures and what lies between them; ``reason``: why there is no split ("" where there is one).

    parameters   of those that were changed between the two figures: key -> how (``dated.change_of``)
    how          how it is known what was reported in time, of both months: ``past.KNOWN`` or ``past.ENTERED``
    """

    before: tuple[int, int | None, Fraction] | None = None
    after: tuple[int, int | None, Fraction] | None = None
    causes: tuple[Cause, ...] = ()
    reason: str = ""
    parameters: dict[str, Change] = field(default_factory=dict)
    how: tuple[str, str] = ("", "")


def shared_out(
    card: Card,
    before: pd.Series,
    after: pd.Series,
    counted: Mapping[frozenset[Block], Counted],
    people: Mapping[Block, int | None],
    parameters: dict[str, Change],
    how: tuple[str, str],
) -> Split:
    """``counted``: the change by every choice of new values; ``people``: who counts otherwise by a block, as of ``Cause``."""
    nothing, ratio = Part(), card.is_ratio
    names = [
        name
        for name in CAUSES
        if any(
            (part := one.parts.get(name)) and (part.numerator or part.denominator) for one in counted.values()
        )
    ]
    first, last = (
        (int(row["numerator"]), int(row["denominator"]) if ratio else None) for row in (before, after)
    )

    def numbers(chosen: frozenset) -> tuple[int, int]:
        """Numerator and denominator when just these causes have been switched."""
        by = counted[chosen.intersection(people)]
        parts = [by.base, *(by.parts.get(name, nothing) for name in names if name in chosen)]
        numerator = first[0] + sum(part.numerator for part in parts)
        return numerator, (first[1] or 0) + sum(part.denominator for part in parts)

    def value(chosen: frozenset) -> Fraction:
        numerator, denominator = numbers(chosen)
        return worth(card, numerator, denominator if ratio else None)

    switches = [*names, *people]
    try:
        shares = shapley(switches, value, most=_MOST)
    except ZeroDivisionError:
        return Split(reason="nobody")
    numerators, denominators = (
        shapley(switches, lambda chosen, place=place: Fraction(numbers(chosen)[place]), most=_MOST)
        for place in (0, 1)
    )

    def made(switch) -> tuple:
        return _whole(numerators[switch]), _whole(denominators[switch]) if ratio else 0, shares[switch]

    causes = []
    for name in names:
        about = _about([one.parts.get(name) for one in reversed(counted.values())])
        causes.append(Cause(name, *made(name), about.people, merged=about.merged, **about.more))
    causes += [Cause(SWITCH, *made(block), count, keys=block) for block, count in people.items()]
    ends = [(*one, worth(card, *one)) for one in (first, last)]
    return Split(ends[0], ends[1], tuple(causes), "", parameters, how)


def _about(parts: list[Part | None]) -> Part:
    """Whom a cause is about: by the new values, or by older ones where it is nobody by these."""
    return next(part for part in parts if part is not None and (part.numerator or part.denominator))


def _whole(number: Fraction) -> int | Fraction:
    return int(number) if number.denominator == 1 else number


def worth(card: Card, numerator: int, denominator: int | None) -> Fraction:
    """A figure's value, exactly: ``shaping.value_of`` in fractions. ZeroDivisionError where there is nobody to divide by."""
    scale = Fraction(str(SCALE.get(card.unit, 1)))
    if denominator is None:
        return Fraction(numerator) / scale
    if denominator <= 0:
        raise ZeroDivisionError(denominator)
    return Fraction(numerator) / (denominator * scale)
