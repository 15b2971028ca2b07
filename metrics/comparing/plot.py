"""The funnel plot of an indicator's units: points, centre and limits, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.card import Card
from metrics.comparing.judging import chance_in, funnel_of
from metrics.comparing.levels import levels_in
from metrics.statistics.intervals import Interval

_POINTS = 60  # of a line
_BEYOND = 1.06  # how far lines go on after the largest unit


@dataclass(frozen=True, eq=False)
class Plot:
    """Sizes are denominators, values and limits in the card's unit."""

    units: pd.DataFrame  # rows of ``judging.compared`` that are compared
    size: np.ndarray  # [points] ascending
    inner: Interval  # [points]
    outer: Interval
    centre: float  # of all the units together
    inner_level: float  # 0.95
    outer_level: float
    widened: bool  # units differ by more than chance, and the limits allow for it


def plot_of(comparison: pd.DataFrame, card: Card, month: int) -> Plot | None:
    """Of the units of ``figures.comparison``; None where there is no funnel (``judging.funnel_of``)."""
    levels = levels_in(month)
    chance = chance_in(comparison, card, levels)
    found = funnel_of(chance, levels)
    if found is None:
        return None
    shown = comparison[~np.isnan(chance.size)]
    sizes = shown["denominator"].to_numpy(float)
    size = np.geomspace(sizes.min() * 0.8, sizes.max() * _BEYOND, _POINTS)
    over = (
        size * np.nanmax(chance.size) / sizes.max()
    )  # in what the value is for: tens of thousands of people
    inner, outer = (found.limits(over, level) for level in (levels.interval, levels.outer))
    return Plot(shown, size, inner, outer, found.centre, levels.interval, levels.outer, found.adjusted)
