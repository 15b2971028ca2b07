"""Squares of what a mean is made of, counted so that no engine overflows and no digit is lost.

A fee of 50,000 yuan is five million fen; a year of a county's squares is more than a float tells apart and near the end
of a bigint. So a square is counted as two whole numbers, ``square // BASE`` and ``square % BASE``, which add up over rows,
months and units like all counts: an incremental build equals a full one, and DuckDB equals PostgreSQL, to the digit.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Double, case, cast, func, literal, or_

from metrics.statistics.means import deviation_of

SQUARES = ("squares", "squares_rest")  # parts of a mean, beside numerator and denominator
BASE = 1_000_000_000

#: The square of anything farther from 0 does not fit a bigint (thirty million yuan for one visit).
_MOST = 3_000_000_000

#: In place of the first part of such a square: no sum of squares is below 0, so whatever holds one has no deviation, and once it is
#: taken away again the rest is as it was. It outweighs the squares of eleven thousand rows just within the limit, or of four
#: thousand million rows of 50,000 yuan; ninety thousand of it fit a bigint.
_BEYOND = -100_000_000_000_000


def square(n: ColumnElement, part: str) -> ColumnElement:
    """A part of the square of a row's number; NULL of none. Of a number that is too large ``_BEYOND`` and 0."""
    whole, most, nothing = cast(n, BigInteger), literal(_MOST, BigInteger), literal(0, BigInteger)
    too_large = or_(whole > most, whole < -most)
    kept = case((too_large, nothing), else_=whole)
    both = kept * kept
    rest = both % BASE
    if part == SQUARES[1]:
        return rest
    # Engines divide whole numbers each in its own way; a multiple of BASE in floats is off by less than a millionth.
    first = cast(func.round(cast(both - rest, Double) / BASE), BigInteger)
    return case((too_large, literal(_BEYOND, BigInteger)), else_=first)


def deviations(number: np.ndarray, total: np.ndarray, squares: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Standard deviations (n - 1) of numbers, sums and the two parts of sums of squares; NaN as of ``means.deviation_of``, and where a
    number was too large to square."""
    return deviation_of(number, total, squares.astype(float) * BASE + rest)
