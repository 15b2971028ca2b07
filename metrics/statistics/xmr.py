"""XmR charts: what a monthly series does by itself, and the points at which something else happened.

Wheeler, Understanding Variation, 2nd edition 2000: limits at the mean plus and minus 2.66 mean moving ranges, ranges up to 3.268 of them;
with medians 3.145 and 3.865. Rules: ``WHEELER`` (a point beyond a limit, eight on one side, six rising or falling) or those of "Making
Data Count" (NHS England: beyond, seven on one side, six rising or falling, two of three near a limit). "Six rising" are six
points, so five steps upwards.

Two questions, two signs: ``changed`` (is something different now?) and ``attainment`` (can it, as it is, meet the target?).

For figures of a month: flows, and rates whose denominator is of that month. Not for cumulative ones (``suitability`` tells).

False alarms, measured on unchanged independent months (2,000 normal series, seed 7, limits from the first months, then 12 more; a test
repeats it on 400): of series whose year has at least one signal, with limits from 24 months, 18 % by ``WHEELER``, 25 % by
``MAKING_DATA_COUNT``, 9 % by points beyond a limit alone; from 12 months 25, 32 and 16 %; counts of about five a month as normal ones
within 3 points. So a signal on one chart is a reason to ask. Across hundreds of charts use ``change`` and ``multiplicity``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.intervals import floats

MEAN_LIMIT, MEAN_RANGE_LIMIT = 2.66, 3.268  # 3 / 1.128, and D4, for ranges of two points
MEDIAN_LIMIT, MEDIAN_RANGE_LIMIT = 3.145, 3.865  # the same for a median range: 3 / 0.954
ROUNDING = 1e-9  # of the largest value
ENOUGH = 12  # points; limits of fewer are provisional ("trial limits")

BEYOND, SIDE, TREND, NEAR = "beyond", "side", "trend", "near"  # which rule a point meets; "" for none

# "Changed?"
IMPROVING, WORSENING, RISING, FALLING = "improving", "worsening", "rising", "falling"
STEADY, UNCLEAR = "steady", "unclear"
# "Can it meet the target?"
ALWAYS, SOMETIMES, NEVER = "always", "sometimes", "never"


@dataclass(frozen=True)
class Rules:
    side: int  # so many on one side of the centre
    trend: int  # so many points each above (below) the one before
    near: bool  # two of three in the outer third, on one side


WHEELER = Rules(side=8, trend=6, near=False)
MAKING_DATA_COUNT = Rules(side=7, trend=6, near=True)


@dataclass(frozen=True)
class Limits:
    centre: float
    low: float
    high: float
    moving: float  # mean (or median) moving range
    moving_high: float  # a range above it is a signal of its own
    points: int  # from which they are computed


@dataclass(frozen=True, eq=False)
class Chart:
    """All [months]; missing months are NaN and meet no rule."""

    value: np.ndarray
    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rule: np.ndarray  # the first rule that the point meets: BEYOND, SIDE, TREND, NEAR, or ""
    way: np.ndarray  # 1 upwards, -1 downwards, 0 no signal
    parts: tuple[Limits, ...]  # one a stretch between events
    enough: bool  # whether the newest stretch has as many points as its limits need


def limits(values: ArrayLike, *, median: bool = False) -> Limits:
    """Of one stretch, [months]. Ranges are between neighbouring months only. NaN of fewer than two neighbours."""
    (x,) = floats(values)
    known, ranges = x[~np.isnan(x)], np.abs(np.diff(x))
    ranges = ranges[~np.isnan(ranges)]
    if not len(ranges):
        centre = float(np.median(known) if median else np.mean(known)) if len(known) else np.nan
        return Limits(centre, np.nan, np.nan, np.nan, np.nan, len(known))
    middle = np.median if median else np.mean
    wide, wide_range = (MEDIAN_LIMIT, MEDIAN_RANGE_LIMIT) if median else (MEAN_LIMIT, MEAN_RANGE_LIMIT)
    centre, moving = float(middle(known)), float(middle(ranges))
    return Limits(
        centre, centre - wide * moving, centre + wide * moving, moving, wide_range * moving, len(known)
    )


def chart(
    values: ArrayLike,
    rules: Rules,
    *,
    events: Collection[int] = (),
    baseline: int | None = None,
    median: bool = False,
    within: tuple[float, float] = (-np.inf, np.inf),
    enough: int = ENOUGH,
) -> Chart:
    """The chart of one series, [months].

    events    positions of the months from which limits are computed anew (a new programme, a merged unit, a new definition)
    baseline  limits come from the first so many months of a stretch; None: from all of it
    within    what the figure cannot leave (a share: 0 and 1); limits stop there
    enough    points that a stretch's limits need
    """
    (x,) = floats(values)
    starts = sorted({0, *(at for at in events if 0 < at < len(x))})
    centre, low, high = (np.full(len(x), np.nan) for _ in range(3))
    rule, way = np.full(len(x), "", dtype="<U6"), np.zeros(len(x), dtype=int)
    parts = []
    for first, last in zip(starts, [*starts[1:], len(x)], strict=True):
        part = limits(x[first : last if baseline is None else min(last, first + baseline)], median=median)
        parts.append(part)
        centre[first:last] = part.centre
        low[first:last] = max(part.low, within[0])
        high[first:last] = min(part.high, within[1])
        rule[first:last], way[first:last] = signals(x[first:last], part, rules)
    return Chart(x, centre, low, high, rule, way, tuple(parts), parts[-1].points >= enough)


def signals(values: np.ndarray, of: Limits, rules: Rules) -> tuple[np.ndarray, np.ndarray]:
    """(rule, way) of every point of a stretch, [months]. Rules skip missing months."""
    here = np.flatnonzero(~np.isnan(values))
    x = values[here]
    rule, way = np.full(len(values), "", dtype="<U6"), np.zeros(len(values), dtype=int)
    if np.isnan(of.low) or not len(x):
        return rule, way
    # The mean of twenty times 0.1 is not quite 0.1: what differs by rounding alone does not differ.
    away, wide = x - of.centre, of.high - of.centre
    near = ROUNDING * np.max(np.abs(x))
    above = np.where(np.abs(away) > near, np.sign(away), 0).astype(int)
    beyond = np.where(np.abs(away) > wide + near, above, 0)
    outer = np.where(np.abs(away) > wide * 2 / 3 + near, above, 0)
    found = [
        (BEYOND, beyond),
        (SIDE, in_a_row(above, rules.side)),
        (TREND, risen(x, rules.trend)),
        (NEAR, two_of_three(outer, above) if rules.near else np.zeros(len(x), dtype=int)),
    ]
    for name, ways in reversed(found):  # the first rule has the last word
        rule[here[ways != 0]], way[here[ways != 0]] = name, ways[ways != 0]
    return rule, way


def in_a_row(ways: np.ndarray, number: int) -> np.ndarray:
    """The way of points that are part of ``number`` of the same way in a row, else 0."""
    marked = np.zeros(len(ways), dtype=int)
    if number <= len(ways):
        windows = np.lib.stride_tricks.sliding_window_view(ways, number)
        for at in np.flatnonzero(np.abs(windows.sum(1)) == number):
            marked[at : at + number] = ways[at]
    return marked


def risen(values: np.ndarray, number: int) -> np.ndarray:
    """1 (-1) for points of ``number`` that rise (fall) without a break, else 0."""
    steps = in_a_row(np.sign(np.diff(values)).astype(int), number - 1)
    marked = np.zeros(len(values), dtype=int)
    marked[:-1] = steps
    marked[1:][steps != 0] = steps[steps != 0]
    return marked


def two_of_three(outer: np.ndarray, above: np.ndarray) -> np.ndarray:
    """The way of points in the outer third of which two stand among three in a row on one side, else 0."""
    marked = np.zeros(len(outer), dtype=int)
    for at in range(len(outer) - 2):
        three = slice(at, at + 3)
        if abs(above[three].sum()) == 3 and abs(outer[three].sum()) >= 2:
            marked[three] = np.where(outer[three] != 0, outer[three], marked[three])
    return marked


def changed(of: Chart, sign: int) -> str:
    """What the newest known month says: IMPROVING, WORSENING (RISING, FALLING where neither is better), STEADY, UNCLEAR.

    UNCLEAR: too few points for limits that hold.
    """
    here = np.flatnonzero(~np.isnan(of.value))
    if not of.enough or not len(here):
        return UNCLEAR
    way = of.way[here[-1]]
    if way == 0:
        return STEADY
    if sign == 0:
        return RISING if way > 0 else FALLING
    return IMPROVING if way * sign > 0 else WORSENING


def attainment(of: Chart, target: float, sign: int) -> str:
    """Whether the series as it runs now meets the target: ALWAYS, SOMETIMES (by chance), NEVER, UNCLEAR.

    By the newest limits. UNCLEAR also without a target or where neither side is better.
    """
    low, high = of.low[-1:], of.high[-1:]
    if not of.enough or sign == 0 or np.isnan(target) or np.isnan(low).any():
        return UNCLEAR
    bottom, top = sorted((sign * float(low[0]), sign * float(high[0])))
    if bottom >= sign * target:
        return ALWAYS
    return NEVER if top < sign * target else SOMETIMES
