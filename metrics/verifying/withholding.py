"""Whose result is withheld beside those that are withheld for themselves: what is left of a unit without the units below that are
shown must not tell what single people said, either.

A centre and all but one of its clinics give the last one away. So of every unit that is shown the rest is looked at: its people who
are at no shown unit below it. Where that rest is small, the smallest shown unit below it is withheld too, and the rest grows by it;
with none left it is the unit's own result, which is shown for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from metrics.statistics.sampling import CONFIRMED, DENIED
from metrics.verifying.outcomes import as_told


def withheld(
    shown: Collection[int], sample: pd.DataFrame, units: pd.DataFrame, *, least: float, few: float
) -> set[int]:
    """Those of the ``shown`` units whose results are to be withheld as well.

    sample  unit, outcome: everybody who was drawn
    units   unit, parent, numerator: of the verification, the whole tree
    least   fewer answers are no result; few: so many people counted and not drawn hide who was
    """
    above = {int(one.unit): None if pd.isna(one.parent) else int(one.parent) for one in units.itertuples()}
    counted = {int(one.unit): one.numerator for one in units.itertuples()}
    left, kept = set(shown), set()
    while True:
        unsafe = next(
            (
                (unit, below)
                for unit in sorted(left)
                if (below := _shown_below(unit, left, above))
                and not _is_safe(unit, below, sample, above, counted, least, few)
            ),
            None,
        )
        if unsafe is None:
            return kept
        _, below = unsafe
        drawn = {one: sum(_is_at(at, one, above) for at in sample["unit"].tolist()) for one in below}
        smallest = min(below, key=lambda one: (drawn[one], one))
        left.discard(smallest)
        kept.add(smallest)


def _shown_below(unit: int, shown: set[int], above: Mapping[int, int | None]) -> set[int]:
    """The shown units below one that lie below no other shown unit in between: they can be taken off it."""
    found = set()
    for one in shown - {unit}:
        at = above[one]
        while at is not None and at not in shown:
            at = above[at]
        if at == unit:
            found.add(one)
    return found


def _is_safe(
    unit: int,
    below: set[int],
    sample: pd.DataFrame,
    above: Mapping[int, int | None],
    counted: Mapping[int, float],
    least: float,
    few: float,
) -> bool:
    """Whether the rest of a unit tells nothing of single people: nobody of it answered, or enough, not all alike, not all drawn."""
    rest = [
        _is_at(at, unit, above) and not any(_is_at(at, one, above) for one in below)
        for at in sample["unit"].tolist()
    ]
    outcomes = sample.loc[rest, "outcome"]
    told = as_told(None if pd.isna(one) else one for one in outcomes)
    yes, no = told.count(CONFIRMED), told.count(DENIED)
    if yes + no == 0:
        return True
    others = counted[unit] - sum(counted[one] for one in below) - len(outcomes)
    return yes + no >= least and yes > 0 and no > 0 and others >= few


def _is_at(unit: int, top: int, above: Mapping[int, int | None]) -> bool:
    """Whether a unit is another one or lies below it."""
    at: int | None = unit
    while at is not None and at != top:
        at = above[at]
    return at is not None
