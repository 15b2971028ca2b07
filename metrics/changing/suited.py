"""Which cards have a figure of the month that stands by itself, so that months can be compared with each other."""

from __future__ import annotations

from functools import cache

from metrics.card import Basis, Card, Form, Period

#: Why a card has no control chart.
STOCK, YEAR, SEASON, TASK, MADE = "stock", "year", "season", "task", "made"


@cache
def unsuited(card: Card) -> str:
    """Why the card's figures do not suit; "" where the card is published month by month and they do.

    Figures of a year so far are not taken apart into months: people who leave or die drop out of them, so differences
    are no count of a month. Where months add up to the year, they are published.
    """
    if card.derived is not None:
        return MADE
    if card.alert is not None or card.form in (Form.DUTY, Form.CHECK):
        return TASK
    if Basis.MONTH in card.bases:
        return ""
    return {Period.AS_OF: STOCK, Period.SEASON: SEASON}.get(card.period, YEAR)


def is_raised(card: Card) -> bool:
    """Whether lasting changes of a card are raised: not of cohorts, whose newest months people may still be added to."""
    return not unsuited(card) and card.period is not Period.COHORT
