"""Units side by side, as a table: rank and value with what chance makes of them, verdicts, what it is made of, who is missing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from metrics.card import Card
from metrics.comparing.words import place_words
from metrics.statistics.verdict import NONE
from metrics.units import MISSING, count, difference
from pages._compared import adjusted_words, interval_words, target_heading, verdict_mark
from pages._html import anchor, esc, span, table, tag
from pages._names import short_names
from pages._page import Here
from pages._words import (
    due_words,
    hidden_note,
    is_change,
    made_of,
    mark,
    missing_heading,
    missing_words,
    small_value,
    unit_heading,
)


def comparison_table(here: Here, comparison: pd.DataFrame, card: Card, mix: pd.DataFrame) -> str:
    """Ranked units first; then, named and unranked, those that delivered part or nothing.

    A column in which nothing stands for any unit is left out: the rank of a warning, what is missing
    where nothing is asked for, a verdict that nobody has. ``mix``: of ``comparing.case_mix``.
    """
    text = here.text
    rows = list(comparison.itertuples())
    among = here.tree[here.tree["unit"].isin(comparison["unit"])]
    names = short_names(among) if here.narrow else {}
    columns = [
        (text("column.rank"), "c", [_place(row) for row in rows]),
        (text("column.unit"), "u who", [_name(here, row, card, names) for row in rows]),
        (
            _with_unit(text("column.value"), unit_heading(card, text)),
            "n",
            [_value(row, card, here) for row in rows],
        ),
        (text("column.judgement"), "nowrap", [_judged(here, row, card) for row in rows]),
        *_verdicts(here, comparison, rows, card),
        (missing_heading(card, text), "n", [missing_words(row.missing, card, text) for row in rows]),
    ]
    if not mix.empty:
        to = mix.set_index("unit")["adjusted"].reindex(comparison["unit"]).tolist()
        head = text(f"compare.adjusted_{mix['dimension'].iloc[0]}")
        columns.append((head, "n", [esc(adjusted_words(one, card, here.language)) for one in to]))
    if not is_change(card):
        changes = [esc(difference(row.change, card.unit, here.language)) for row in rows]
        columns.append((text("column.change"), "n", changes))
    if card.is_ratio and card.derived is None:
        parts = [made_of(row, card, text) for row in rows]
        columns.append((text("column.made_of"), "n", parts))
    columns.append((text("column.unnamed"), "n", [count(row.unnamed) for row in rows]))
    told = [column for column in columns if set(column[2]) != {MISSING}]
    heads, marks, cells = zip(*told, strict=True)
    shown = table(list(heads), zip(*cells, strict=True), css="tall stack", marks=list(marks))
    return shown + hidden_note(comparison["status"], text)


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _name(here: Here, row, card: Card, names: Mapping[int, str]) -> str:
    link = here.view.link("indicator", ind=card.key, unit=here.code_of(row.unit))
    name = anchor(link, esc(names.get(row.unit, here.name_of(row.unit))))
    return tag("span", name, css="strong") if row.unit == here.unit else name


def _judged(here: Here, row, card: Card) -> str:
    """The judgement, and below it what was due by now; nothing where none is made, for its reason stands beside the value."""
    if row.judgement == "none":
        return MISSING
    due = due_words(row, card, here.text)
    return mark(row.judgement, here.text) + (tag("div", esc(due), css="small muted") if due else "")


def _verdicts(
    here: Here, comparison: pd.DataFrame, rows: list, card: Card
) -> list[tuple[str, str, list[str]]]:
    """Against the target and against the others; a verdict that no unit has is no column."""
    heads = {
        "to_target": target_heading(comparison, card, here.text),
        "to_peers": here.text("compare.to_peers"),
    }
    return [
        (head, "nowrap", [verdict_mark(row, getattr(row, name), here.text) for row in rows])
        for name, head in heads.items()
        if (comparison[name] != NONE).any()
    ]


def _value(row, card: Card, here: Here) -> str:
    """The value and, below it, its interval."""
    interval = interval_words(row, card)
    shown = small_value(row.value, row.status, card, here.text)
    return shown + (tag("div", esc(interval), css="small muted nowrap") if interval else "")


def _place(row) -> str:
    """The rank and, quietly, its interval."""
    rank, _, interval = place_words(row).partition(" ")
    return esc(rank) + (span(f" {interval}", css="small muted") if interval else "")
