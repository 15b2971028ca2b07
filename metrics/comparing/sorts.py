"""What kind of number a card's value is, as far as chance is concerned. It follows from the card."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from metrics.card import Card, Form, Unit


class Sort(StrEnum):
    SHARE = "share"  # a part of people, or of what happened: Wilson
    RATE = "rate"  # what happened over people: exact and Byar
    STOCK = (
        "stock"  # a share or a density of things counted one by one (rooms, staff): nothing is left to chance
    )
    MEAN = "mean"  # minutes, yuan or points of each of something: Student, on a scale of logarithms where tails are long
    APART = (
        "apart"  # minutes, yuan or points over a number of other things: nothing says how widely they spread
    )
    AMOUNT = "amount"  # a ratio of money, areas, beds: they weigh, they are not counted
    RATIO = "ratio"  # one thing for each of another: chance is on both sides
    COUNT = "count"  # grows with the size of the unit
    MADE = "made"  # made of another card's figures
    TASK = "task"  # duties, checks, warnings: all that was owed, or everyone who needs something


#: Of these chance makes an interval.
UNCERTAIN = (Sort.SHARE, Sort.RATE, Sort.MEAN)


@cache
def sort_of(card: Card) -> Sort:
    """The kind of number that a card's value is."""
    if card.alert is not None or card.form in (Form.DUTY, Form.CHECK):
        return Sort.TASK
    if card.derived is not None:
        return Sort.MADE
    if not card.is_ratio:
        return Sort.COUNT
    if card.parts is not None or (not card.is_events and "n" in card.numerator.selected_columns):
        return Sort.AMOUNT
    if card.unit is Unit.RATIO:
        return Sort.RATIO
    if card.unit in (Unit.PER_10K, Unit.PER_PERSON):
        return Sort.RATE if card.is_personal or card.is_events else Sort.STOCK
    if card.unit is not Unit.PERCENT:
        if card.statistic is not None:
            return Sort.AMOUNT
        return Sort.MEAN if card.is_mean else Sort.APART
    if card.is_events and card.statistic is not None:
        # Those to whom something happens are not listed: somebody may fall twice. Sums of money over people weigh.
        return Sort.RATE if card.is_personal else Sort.AMOUNT
    return Sort.SHARE if card.is_personal or card.is_events else Sort.STOCK
