"""The chance of meeting a target, with a reserve for what the months so far do not show.

A target is no point drawn at random: it lies where somebody thinks that the year can end, and work is directed at it.
Just there a forecast from past months is surer than it may be: a district may tire or be stopped, a unit may be pushed
to its target or rest once it is there. So the score of a chance (standard normal) is divided as if every month ahead
added ``reserve`` times the variance that the forecast has by itself: chances move towards a half, the more, the more
months are left. How large the reserve must be is not derived but fitted, on the districts of ``tests/heading/tuning.py``.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri


def with_reserve(chance: np.ndarray, months: int, reserve: float) -> np.ndarray:
    """Chances (0..1; NaN stays) of meeting targets ``months`` ahead. What is certain stays so."""
    return ndtr(ndtri(np.asarray(chance, float)) / np.sqrt(1 + reserve * months))
