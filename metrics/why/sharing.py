"""The difference of two figures shared out to its causes: exactly, in fractions, nothing left over."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from metrics.card import SCALE, Card
from metrics.causes import Part
from metrics.statistics.splitting import shapley

CAUSES = ("services", "denominator", "units", "late", "rewritten", "definition", "parameters")
#: A cause that other causes hang on: who counts by the new values is not who counted by the old ones.
SWITCH = "parameters"


@dataclass(frozen=True)
class Cause:
    """What one cause adds: to numerator and denominator (as ``published.figure`` has them), and to the value.

    people   of how many persons or things; None where nobody is counted one by one (events, populations)
    merged   of units where rows cannot be told apart: the merged units that it is about
    born, came, died, left   who is owed: how many of them; 0 where it is another cause
    """

    name: str
    numerator: int | Fraction
    denominator: int | Fraction
    value: Fraction
    people: int | None = None
    merged: tuple[int, ...] = ()
    born: int = 0
    came: int = 0
    died: int = 0
    left: int = 0


@dataclass(frozen=True)
class Split:
    """Two figures and what lies between them; ``reason``: why there is no split ("" where there is one).

    parameters   key -> its values at the two months (``anew.changed``), of those that were changed between them
    how          how it is known what was reported in time, of both months: ``past.KNOWN`` or ``past.ENTERED``
    """

    before: tuple[int, int | None, Fraction] | None = None
    after: tuple[int, int | None, Fraction] | None = None
    causes: tuple[Cause, ...] = ()
    reason: str = ""
    parameters: dict[str, tuple[float, float]] = field(default_factory=dict)
    how: tuple[str, str] = ("", "")


def shared_out(
    card: Card,
    before: pd.Series,
    after: pd.Series,
    by_values: list[dict[str, Part]],
    parameters: dict[str, tuple[float, float]],
    how: tuple[str, str],
    switch: Part | None = None,
) -> Split:
    """``by_values``: each cause by the old values and by the new ones; ``switch``: what the new ones do to the earlier month."""
    old, new = by_values
    nothing, ratio = Part(), card.is_ratio
    names = [
        name
        for name in CAUSES
        if any((part := side.get(name)) and (part.numerator or part.denominator) for side in by_values)
    ]
    if switch is not None and (switch.people != 0):
        names.append(SWITCH)
    first, last = (
        (int(row["numerator"]), int(row["denominator"]) if ratio else None) for row in (before, after)
    )

    def numbers(chosen: frozenset) -> tuple[int, int]:
        """Numerator and denominator when just these causes have been switched."""
        parts = [(new if SWITCH in chosen else old).get(name, nothing) for name in chosen - {SWITCH}]
        parts += [switch] if SWITCH in chosen else []
        numerator = first[0] + sum(part.numerator for part in parts)
        return numerator, (first[1] or 0) + sum(part.denominator for part in parts)

    def value(chosen: frozenset) -> Fraction:
        numerator, denominator = numbers(chosen)
        return worth(card, numerator, denominator if ratio else None)

    try:
        shares = shapley(names, value)
    except ZeroDivisionError:
        return Split(reason="nobody")
    numerators, denominators = (
        shapley(names, lambda chosen, place=place: Fraction(numbers(chosen)[place])) for place in (0, 1)
    )
    causes = []
    for name in names:
        about = switch if name == SWITCH else _about(new.get(name), old.get(name))
        made = _whole(numerators[name]), _whole(denominators[name]) if ratio else 0
        causes.append(Cause(name, *made, shares[name], about.people, about.merged, **about.more))
    ends = [(*one, worth(card, *one)) for one in (first, last)]
    return Split(ends[0], ends[1], tuple(causes), "", parameters, how)


def _about(new: Part | None, old: Part | None) -> Part:
    """Whom a cause is about: by the new values, or by the old ones where it is nobody by these."""
    return new if new is not None and (new.numerator or new.denominator or old is None) else old


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
