"""Whole people shared out: the parts are integers, add up, and stay below what there is room for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def apportioned(total: int, weights: ArrayLike, room: ArrayLike | None = None) -> np.ndarray:
    """``total`` in proportion to ``weights`` by largest remainder, int64; of equal remainders the earlier gets it.

    ``room``: at most so many each; what finds no room goes to the next largest remainders. Shared out by whole people
    and within a room of that many people, a group's part never exceeds the people it is part of. ValueError where a
    weight is negative or missing, or where there is something to share out and no weight or no room for it.
    """
    weights = np.asarray(weights, float)
    if total < 0 or not (weights >= 0).all():
        raise ValueError("neither people to share out nor weights may be negative or missing")
    if total == 0:
        return np.zeros(len(weights), np.int64)
    whole = weights.sum()
    if not 0 < whole < np.inf:
        raise ValueError(f"{total} people to share out and no weight")
    wanted = total * (weights / whole)
    top = np.full(len(weights), total) if room is None else np.asarray(room, np.int64)
    parts = np.minimum(np.floor(wanted + 1e-9).astype(np.int64), top)
    left = total - int(parts.sum())
    if left < 0:  # the hair above was one too many
        parts[np.argsort(wanted - parts, kind="stable")[:-left]] -= 1
        left = 0
    while left:
        free = np.flatnonzero(parts < top)
        if not len(free):
            raise ValueError(f"{left} of {total} people find no room")
        # Areas that are equal on the ground differ in their last digits: remainders are compared without those.
        short = np.rint((wanted[free] - parts[free]) * 1e6)
        take = free[np.lexsort((-short, weights[free] == 0))[:left]]
        parts[take] += 1
        left -= len(take)
    return parts
