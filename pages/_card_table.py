"""The scorecard's tables: indicators down, grouped by system."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import pandas as pd

from metrics.units import MISSING, difference, is_missing, show
from pages._html import anchor, esc, table, tag
from pages._matrix import heat_cell
from pages._names import short_names
from pages._page import Here
from pages._words import SHAPES, mark, missing_words, over


def card_table(here: Here, standing: pd.DataFrame) -> str:
    """Every indicator: value, target, judgement, rank among peers, change, missing."""
    text = here.text
    names = ("indicator", "value", "target", "judgement", "gap", "missing", "rank", "change")
    head = [text(f"column.{name}") for name in names]
    rows: list[Sequence[str]] = []
    for system, keys in _by_system(here, standing.index):
        rows.append(_group(here, system, len(head)))
        rows.extend(_row(here, key, standing.loc[key]) for key in keys)
    return table(head, rows, css="long", marks=["w", "n", "n", "nowrap", "n", "n", "n", "n"])


def _row(here: Here, key: str, row: pd.Series) -> list[str]:
    card, text, language = here.cards[key], here.text, here.language
    value = show(row.value, card.unit, language)
    if row.status != "ok":
        value = (
            text(f"status.{row.status}") if is_missing(row.value) else f"{value} {text('status.part_short')}"
        )
    elif over(row.value, card):
        value = f"⚠ {value}"
    return [
        anchor(here.view.link("indicator", ind=key), esc(card.name[language])),
        tag("span", esc(value), css="strong" if row.status == "ok" else "muted"),
        esc(show(row.target, card.unit, language)),
        mark(row.judgement, text) if not is_missing(row.target) else MISSING,
        esc(difference(row.gap, card.unit, language)),
        missing_words(row.missing, card, text),
        _rank(here, row),
        esc(difference(row.change, card.unit, language)),
    ]


def _rank(here: Here, row: pd.Series) -> str:
    """ "3 of 7"; nothing where there is nobody to compare with."""
    if is_missing(row["rank"]) or row["peers"] < 2:
        return MISSING
    return esc(here.text("scorecard.rank", rank=int(row["rank"]), peers=int(row["peers"])))


def stations_table(here: Here, matrix: pd.DataFrame, units: Sequence[int], keys: Sequence[str]) -> str:
    """Indicators down, the units below across; a unit's name opens its own scorecard."""
    text = here.text
    cells = {(row.unit, row.indicator): row for row in matrix.itertuples()}
    short = short_names(here.tree[here.tree["unit"].isin(units)])
    links = [here.view.link("scorecard", unit=here.code_of(unit)) for unit in units]
    names = [anchor(link, esc(short[unit])) for link, unit in zip(links, units, strict=True)]
    head = [text("column.indicator"), *names]
    rows: list[Sequence[str]] = []
    for system, group in _by_system(here, keys):
        rows.append(_group(here, system, len(head)))
        for key in group:
            name = anchor(here.view.link("indicator", ind=key), esc(here.cards[key].name[here.language]))
            rows.append([name, *(heat_cell(here, cells.get((unit, key)), key) for unit in units)])
    legend = " ".join(f"{SHAPES[j]} {text(f'judgement.{j}')}" for j in ("above", "at", "course", "below"))
    note = tag("div", esc(legend), css="muted small")
    return table(head, rows, css="heat long", marks=["", *["c"] * len(units)]) + note


def _by_system(here: Here, keys: Iterable[str]):
    return groupby(keys, key=lambda key: here.cards[key].system)


def _group(here: Here, system: str, width: int) -> list[str]:
    """A row that names a system across the whole table."""
    name = esc(f"{system} {here.text(f'system.{system}')}")
    return [tag("td", name, css="group", colspan=str(width))]
