"""Why a figure changed between two months: the change shared out among its causes, so that the shares add up to it.

    before                  after                    cause
    first month, as known then
        -> first month, as known now                 late: what became known since (late entry, corrections, moves)
        -> with the units merged into it since       merged: the unit answers for more units than then
        -> second month, as known now                services and denominator, by Shapley's shares (``statistics.splitting``)

A share's cause is arithmetic, not blame. Counts have no denominator: there all of the last step is services.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from metrics.statistics.splitting import shapley, switched

LATE, MERGED, SERVICES, DENOMINATOR = CAUSES = ("late", "merged", "services", "denominator")


@dataclass(frozen=True)
class Parts:
    """What a figure is made of: whole numbers; ``denominator`` None for a count."""

    numerator: int
    denominator: int | None

    @property
    def value(self) -> Fraction | None:
        """None where there is nothing to divide by."""
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def __add__(self, other: Parts) -> Parts:
        both = None if self.denominator is None else self.denominator + (other.denominator or 0)
        return Parts(self.numerator + other.numerator, both)


def parts_of(numerator: float, denominator: float, is_ratio: bool) -> Parts | None:
    """Published numbers as parts; None where one is missing."""
    if math.isnan(numerator) or (is_ratio and math.isnan(denominator)):
        return None
    return Parts(int(numerator), int(denominator) if is_ratio else None)


def split(then: Parts, now_of_then: Parts, merged: Sequence[Parts], now: Parts) -> dict[str, Fraction] | None:
    """cause -> its share of ``now.value - then.value``; the shares add up to it exactly. None where a value is missing.

    then         the first month as known then
    now_of_then  the first month as known now
    merged       the first month of the units that have been merged into this one since, as known now
    now          the second month as known now
    """
    whole = now_of_then
    for one in merged:
        whole = whole + one
    values = [one.value for one in (then, now_of_then, whole, now)]
    if any(value is None for value in values):
        return None
    first, known, pooled, _ = values
    before, after = ({SERVICES: one.numerator, DENOMINATOR: one.denominator} for one in (whole, now))

    def figure(parts: dict) -> Fraction:
        return Parts(parts[SERVICES], parts[DENOMINATOR]).value

    last = shapley((SERVICES, DENOMINATOR), switched(before, after, figure))
    return {LATE: known - first, MERGED: pooled - known, **last}
