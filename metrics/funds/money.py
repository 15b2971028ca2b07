"""Money is whole fen, and shared out it always adds up."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction

FEN_PER_YUAN = 100


def exact(value: float | str | int) -> Fraction:
    """A number as it is written: 0.7 is seven tenths, not the nearest binary fraction."""
    return Fraction(str(value))


def rounded(amount: Fraction) -> int:
    """The nearest whole fen; half a fen goes up."""
    return (amount + Fraction(1, 2)).__floor__()


def shared_out(total: int, weights: Mapping[Hashable, Fraction | int]) -> dict[Hashable, int]:
    """``total`` fen in proportion to the weights, by largest remainder: the parts are whole and add up to the total.

    Of equal remainders the earlier key gets the fen. Raises ValueError for a negative total or weight, and where
    there is something to share out and nobody to get it.
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("neither money to share out nor weights may be negative")
    whole = sum(weights.values(), Fraction(0))
    if whole == 0:
        if total:
            raise ValueError(f"{total} fen to share out and nobody with a weight")
        return dict.fromkeys(weights, 0)
    wanted = {key: Fraction(total) * weight / whole for key, weight in weights.items()}
    parts = {key: amount.__floor__() for key, amount in wanted.items()}
    left = total - sum(parts.values())
    nearest = sorted(wanted, key=lambda key: parts[key] - wanted[key])  # largest remainder first; stable
    for key in nearest[:left]:
        parts[key] += 1
    return parts


def yuan(fen: int) -> str:
    """1234567 -> 12,345.67, the way money is written."""
    sign = "-" if fen < 0 else ""
    whole, cents = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{cents:02d}"
