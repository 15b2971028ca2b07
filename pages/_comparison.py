"""Units side by side, as a table: rank, value, what it is made of, who is missing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from metrics.card import Card
from metrics.units import MISSING, count, difference, is_missing
from pages._html import anchor, esc, table, tag
from pages._names import short_names
from pages._page import Here
from pages._words import (
    hidden_note,
    is_change,
    made_of,
    mark,
    missing_heading,
    missing_words,
    small_value,
    unit_heading,
)


def comparison_table(here: Here, comparison: pd.DataFrame, card: Card) -> str:
    """Ranked units first; then, named and unranked, those that delivered part or nothing.

    A column in which nothing stands for any unit is left out: the rank of a warning, what is missing
    where nothing is asked for.
    """
    text = here.text
    rows = list(comparison.itertuples())
    among = here.tree[here.tree["unit"].isin(comparison["unit"])]
    names = short_names(among) if here.narrow else {}
    columns = [
        (text("column.rank"), "c", [_rank(row) for row in rows]),
        (text("column.unit"), "u", [_name(here, row, card, names) for row in rows]),
        (
            _with_unit(text("column.value"), unit_heading(card, text)),
            "n",
            [small_value(row.value, row.status, card, text) for row in rows],
        ),
        (text("column.judgement"), "nowrap", [_judged(here, row) for row in rows]),
        (missing_heading(card, text), "n", [missing_words(row.missing, card, text) for row in rows]),
    ]
    if not is_change(card):
        changes = [esc(difference(row.change, card.unit, here.language)) for row in rows]
        columns.append((text("column.change"), "n", changes))
    if card.is_ratio and card.derived is None:
        parts = [made_of(row, card, text) for row in rows]
        columns.append((text("column.made_of"), "n", parts))
    columns.append((text("column.unnamed"), "n", [count(row.unnamed) for row in rows]))
    told = [column for column in columns if set(column[2]) != {MISSING}]
    heads, marks, cells = zip(*told, strict=True)
    shown = table(list(heads), zip(*cells, strict=True), css="tall", marks=list(marks))
    return shown + hidden_note(comparison["status"], text)


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _name(here: Here, row, card: Card, names: Mapping[int, str]) -> str:
    link = here.view.link("indicator", ind=card.key, unit=here.code_of(row.unit))
    name = anchor(link, esc(names.get(row.unit, here.name_of(row.unit))))
    return tag("span", name, css="strong") if row.unit == here.unit else name


def _judged(here: Here, row) -> str:
    """The judgement; nothing where none is made, for its reason stands beside the value."""
    return mark(row.judgement, here.text) if row.judgement != "none" else MISSING


def _rank(row) -> str:
    return MISSING if is_missing(row.rank) else str(int(row.rank))
