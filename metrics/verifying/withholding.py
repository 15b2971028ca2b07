"""Whose result is withheld beside those that are withheld for themselves: what is left of a unit without the units below that are
shown must not tell what single people said, either.

A centre and all but one of its clinics give the last one away. So of every unit that is shown the rest is looked at: its people who
are at no shown unit below it. Where that rest is small, the smallest shown unit below it is withheld too, and the rest grows by it;
with none left it is the unit's own result, which is shown for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

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
    people = _people(sample, above)
    beneath: dict[int, set[int]] = {
        unit: set() for unit in shown
    }  # directly: with no other shown unit between
    for unit in shown:
        over = next((one for one in _line(unit, above) if one != unit and one in beneath), None)
        if over is not None:
            beneath[over].add(unit)
    kept: set[int] = set()
    # To withhold a unit changes the rest of the one that it lies directly beneath, and no other: each is looked at until it is safe.
    for unit in sorted(shown):
        below = beneath[unit]
        while unit not in kept and below and not _is_safe(unit, below, people, counted, least, few):
            smallest = min(below, key=lambda one: (len(people[one]), one))
            below.remove(smallest)
            below |= beneath[smallest]
            kept.add(smallest)
    return kept


def _line(unit: int, above: Mapping[int, int | None]) -> Iterator[int]:
    """A unit and those above it, upwards."""
    at: int | None = unit
    while at is not None:
        yield at
        at = above[at]


def _people(sample: pd.DataFrame, above: Mapping[int, int | None]) -> dict[int, dict[int, str]]:
    """What everybody who was drawn at a unit or below it is to the estimate, by unit and place in the sample."""
    told = as_told(None if pd.isna(one) else one for one in sample["outcome"])
    people: dict[int, dict[int, str]] = {unit: {} for unit in above}
    for place, (at, said) in enumerate(zip(sample["unit"].tolist(), told, strict=True)):
        for unit in _line(at, above):
            people[unit][place] = said
    return people


def _is_safe(
    unit: int,
    below: set[int],
    people: Mapping[int, Mapping[int, str]],
    counted: Mapping[int, float],
    least: float,
    few: float,
) -> bool:
    """Whether the rest of a unit tells nothing of single people: nobody of it answered, or enough, not all alike, not all drawn."""
    taken = {place for one in below for place in people[one]}
    told = [said for place, said in people[unit].items() if place not in taken]
    yes, no = told.count(CONFIRMED), told.count(DENIED)
    if yes + no == 0:
        return True
    others = counted[unit] - sum(counted[one] for one in below) - len(told)
    return yes + no >= least and yes > 0 and no > 0 and others >= few
