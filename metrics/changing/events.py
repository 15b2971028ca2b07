"""What is known to be different from some month on, as far as published data say; limits begin anew there.

Units that were merged into another or opened, a rule's dated parameter, another kind of population below the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from metrics.card import Card

MERGED, OPENED, CLOSED = "merged", "opened", "closed"  # of the unit itself
BELOW_OPENED, BELOW_CLOSED = "below_opened", "below_closed"  # of a unit directly below it
PARAMETER, POPULATION = "parameter", "population"
WRITTEN = "written"  # by somebody, in the register


@dataclass(frozen=True)
class Mark:
    """One event: the first month that is different.

    about   name of the other unit, key of the parameter, kind of the population; of a written one its words
    rebase  whether limits begin anew
    number  of a written one: its number in the register
    """

    month: int
    kind: str
    about: str
    rebase: bool
    number: int | None = None


def known_events(
    unit: int, card: Card, units: pd.DataFrame, values: pd.DataFrame, sides: pd.DataFrame
) -> list[Mark]:
    """All of them for a unit and card, by month.

    units   rows of ``published.unit``
    values  rows of ``published.parameter``
    sides   rows of ``published.population``; any units, years and bands
    """
    marks = [*of_unit(unit, units), *of_rule(card, values), *of_population(unit, card, sides)]
    return sorted(marks, key=lambda mark: (mark.month, mark.kind, mark.about))


def of_unit(unit: int, units: pd.DataFrame) -> list[Mark]:
    """Of the unit, those merged into it, and those directly below it."""
    marks = []
    units = units.assign(
        **{name: pd.to_numeric(units[name]).astype(float) for name in ("parent", "successor")}
    )
    for row in units.itertuples():
        opened, closed = _first_month(row.opened_on), _first_month(row.closed_on)
        if row.unit == unit:
            marks += [
                Mark(month, kind, "", rebase=True) for month, kind in ((opened, OPENED), (closed, CLOSED))
            ]
        elif closed is not None and row.successor == unit:
            marks.append(Mark(closed, MERGED, row.name, rebase=True))
        elif row.parent == unit:
            # What one of many does changes the whole little, and a merger within it nothing: the word, not the limits.
            below = ((opened, BELOW_OPENED), (closed, BELOW_CLOSED))
            marks += [Mark(month, kind, row.name, rebase=False) for month, kind in below]
    return [mark for mark in marks if mark.month is not None]


def of_rule(card: Card, values: pd.DataFrame) -> list[Mark]:
    """Dated parameters of the card's rule that got another value."""
    marks = []
    for key, rows in values[values["key"].isin(card.parameters)].groupby("key"):
        before = None
        for row in rows.sort_values("from_on").itertuples():
            if before is not None and row.value != before:
                marks.append(Mark(_month(row.from_on), PARAMETER, str(key), rebase=True))
            before = row.value
    return marks


def of_population(unit: int, card: Card, sides: pd.DataFrame) -> list[Mark]:
    """Years from which on a rate is divided by another kind of population."""
    if card.statistic is None:
        return []
    mine = sides[(sides["unit"] == unit) & (sides["band"] == card.statistic.band) & sides["in_force"]]
    marks, before = [], None
    for row in mine.sort_values("year").itertuples():
        if before is not None and row.kind != before:
            marks.append(Mark(int(row.year) * 12, POPULATION, row.kind, rebase=True))
        before = row.kind
    return marks


def _first_month(day: date | None) -> int | None:
    """The first whole month after something happened; None where it did not."""
    if pd.isna(day):
        return None
    return _month(day) + (day.day > 1)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
