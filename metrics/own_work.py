"""What a centre did itself, apart from its stations and clinics: its figure less theirs."""

from __future__ import annotations

import math
from collections.abc import Iterable

from metrics.card import SCALE, Card

Counts = tuple[float, float]  # numerator, denominator (NaN: none)


def own_part(card: Card, whole: Counts, parts: Iterable[Counts]) -> tuple[float, float, float] | None:
    """(numerator, denominator, value) of the unit itself; None where the figure cannot be taken apart.

    It cannot where it is counted anew at every level, where it is made of another figure, where it is divided by an
    approved population (that of the whole), and where a part has no figure.
    """
    if card.each_level or card.derived is not None or card.statistic is not None:
        return None
    numerator, denominator = whole
    for top, bottom in parts:
        numerator, denominator = numerator - top, denominator - bottom
    if math.isnan(numerator) or (card.is_ratio and math.isnan(denominator)):
        return None
    scale = SCALE.get(card.unit, 1)
    if not card.is_ratio:
        return numerator, math.nan, numerator / scale
    return None if denominator <= 0 else (numerator, denominator, numerator / (denominator * scale))
