"""Scales on which a share or a rate is about normal, and its error depends on its size alone.

Arcsine of the root of a share, root of a rate (Anscombe, Biometrika 35, 1948). Unlike the usual one, the error of 0 of 3 is not nothing.
Anscombe's constants pull the ends in, which ranks need; without them (``plain``) the scale is Spiegelhalter's, which funnels need.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.intervals import as_share, floats


def share_scale(
    numerator: ArrayLike, denominator: ArrayLike, *, plain: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """(value, standard error) of shares; NaN of what is no share. ``plain``: without Anscombe's constants."""
    x, n = as_share(numerator, denominator)
    add, more = (0, 0) if plain else (3 / 8, 3 / 4)
    return np.arcsin(np.sqrt((x + add) / (n + more))), 1 / (2 * np.sqrt(n))


def rate_scale(
    observed: ArrayLike, exposure: ArrayLike, *, plain: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """(value, standard error) of rates; NaN without an exposure. ``plain``: without Anscombe's constant."""
    x, over = floats(observed, exposure)
    over = np.where((over > 0) & (x >= 0), over, np.nan)
    return np.sqrt((x + (0 if plain else 3 / 8)) / over), 1 / (2 * np.sqrt(over))


def share_halves(numerator: ArrayLike, denominator: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The plain scale with half a person less and half a person more in the numerator, for a correction for continuity."""
    x, n = as_share(numerator, denominator)
    return (
        share_scale(np.maximum(x - 0.5, 0), n, plain=True)[0],
        share_scale(np.minimum(x + 0.5, n), n, plain=True)[0],
    )


def rate_halves(observed: ArrayLike, exposure: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The same of rates."""
    x, over = floats(observed, exposure)
    return (
        rate_scale(np.maximum(x - 0.5, 0), over, plain=True)[0],
        rate_scale(x + 0.5, over, plain=True)[0],
    )
