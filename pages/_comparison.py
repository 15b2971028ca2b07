"""Units side by side, as a table: rank, value, what it is made of, who is missing."""

from __future__ import annotations

import pandas as pd

from metrics.card import Card
from metrics.units import MISSING, count, difference, is_missing
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._words import (
    missing_heading,
    missing_words,
    small_value,
    status_word,
    top_words,
    unit_heading,
    verdict,
)


def comparison_table(here: Here, comparison: pd.DataFrame, card: Card) -> str:
    """Ranked units first; then, named and unranked, those that delivered part or nothing."""
    text = here.text
    head = [text("column.rank"), text("column.unit"), f"{text('column.value')} ({unit_heading(card, text)})"]
    head += [text("column.judgement"), missing_heading(card, text), text("column.change")]
    marks = ["c", "u", "n", "nowrap", "n", "n"]
    if card.is_ratio:
        head.append(text("column.made_of"))
        marks.append("n")
    if card.statistic:
        head.append(text("column.unnamed"))
        marks.append("n")
    rows = [_row(here, row, card) for row in comparison.itertuples()]
    return table(head, rows, css="tall", marks=marks)


def _row(here: Here, row, card: Card) -> list[str]:
    text = here.text
    link = here.view.link("indicator", ind=card.key, unit=here.code_of(row.unit))
    name = anchor(link, esc(here.name_of(row.unit)))
    if row.unit == here.unit:
        name = tag("span", name, css="strong")
    judged = verdict(row, text) if row.status == "ok" else span(status_word(row.status, text), css="muted")
    cells = [
        _rank(row),
        name,
        small_value(row.value, row.status, card, text),
        judged,
        missing_words(row.missing, card, text),
        esc(difference(row.change, card.unit, here.language)),
    ]
    if card.is_ratio:
        cells.append(f"{top_words(row.numerator, card)} / {count(row.denominator)}")
    if card.statistic:
        cells.append(count(row.unnamed))
    return cells


def _rank(row) -> str:
    return MISSING if is_missing(row.rank) else str(int(row.rank))
