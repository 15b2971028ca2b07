"""Short names of units, for maps and heads of columns."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def short_names(units: pd.DataFrame) -> dict[int, str]:
    """Each unit's name without the ending that all units of its kind among these share."""
    short: dict[int, str] = {}
    for _, same in units.groupby("kind"):
        names = same["name"].tolist()
        ending = _shared_ending(names)
        for unit, name in zip(same["unit"].astype(int), names, strict=True):
            short[unit] = name[: len(name) - ending] or name
    return short


def _shared_ending(names: Sequence[str]) -> int:
    """How many characters at their end all the names have in common; 0 for a single name."""
    shortest = min(map(len, names))
    same = 0
    while len(names) > 1 and same < shortest and len({name[-1 - same] for name in names}) == 1:
        same += 1
    return same
