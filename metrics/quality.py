"""Data quality on pages: which cards measure it, and what to mend first, where, from which source system.

Frames are those of ``metrics.figures`` and ``metrics.by_source``. A *fault* is a row that is not as it should be: what a
card's denominator has and its numerator lacks; unknown where either of them is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import nan

import pandas as pd

from metrics.card import Card, Form
from metrics.cards import CARDS
from metrics.catalogue import Requirement, requirements
from metrics.judgement import BELOW


@cache
def quality_cards() -> dict[str, Card]:
    """The cards of data quality, by key, in the order of pages."""
    return {key: card for key, card in CARDS.items() if card.form is Form.QUALITY}


@cache
def dimensions() -> tuple[tuple[Requirement, tuple[str, ...]], ...]:
    """Each dimension with the keys of its cards."""
    return tuple(
        (row, tuple(card.key for card in row.cards))
        for row in requirements()
        if any(card.form is Form.QUALITY for card in row.cards)
    )


def with_faults(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with ``faults``; NaN where it is not known how many."""
    return frame.assign(faults=frame["denominator"].astype(float) - frame["numerator"].astype(float))


@dataclass(frozen=True)
class ToMend:
    """What is to be mended first.

    faults    rows of the unit that are not as they should be
    missing   how many of them, mended, would reach the target
    unit      the unit below with the most of them, and how many (None, NaN: nobody below, or none is known)
    system    the same of the source systems
    """

    indicator: str
    faults: float
    missing: float
    unit: int | None = None
    of_unit: float = nan
    system: str | None = None
    of_system: float = nan


def to_mend(standing: pd.DataFrame, below: pd.DataFrame, sources: pd.DataFrame) -> ToMend | None:
    """What is below its target and lacks most rows; None where nothing is.

    standing   a unit's figures, by indicator
    below      figures of the units below it
    sources    the unit's figures by source system
    """
    behind = standing[standing["judgement"] == BELOW]
    behind = with_faults(behind[behind["missing"].notna()])
    if behind.empty:
        return None
    first = behind.sort_values("missing", ascending=False, kind="stable").iloc[0]
    unit, of_unit = _most(with_faults(below[below["indicator"] == first.name]), "unit")
    system, of_system = _most(with_faults(sources[sources["indicator"] == first.name]), "system")
    return ToMend(first.name, first["faults"], first["missing"], unit, of_unit, system, of_system)


def _most(rows: pd.DataFrame, column: str) -> tuple:
    """The value of a column with the most faults, and how many; None and NaN where nobody is known to have any."""
    some = rows[rows["faults"] > 0]
    if some.empty:
        return None, nan
    worst = some.sort_values("faults", ascending=False, kind="stable").iloc[0]
    return worst[column], float(worst["faults"])
