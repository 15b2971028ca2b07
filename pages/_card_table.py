"""The scorecard's tables: indicators down, grouped by system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from metrics.card import Form
from metrics.comparing.words import unranked_words
from metrics.judgement import missed
from metrics.units import MISSING, aim, count, difference, is_missing, show
from pages._compared import is_told
from pages._html import anchor, esc, span, table, tag
from pages._matrix import heat_cell
from pages._names import short_names
from pages._page import Here
from pages._words import SHAPES, due_words, gap_words, hidden_note, mark, missing_words, over


def compact_forms(here: Here, standing: pd.DataFrame) -> dict[str, str]:
    """System -> its duties and checks in a few words, where it has any with a figure; they open their page."""
    text, found = here.text, {}
    due = {
        row.Index: (row.numerator, row.denominator) for row in standing.itertuples() if row.denominator > 0
    }
    for system, keys in _by_system(here, due):
        parts = []
        for form, words in ((Form.DUTY, ("done", "owed")), (Form.CHECK, ("met", "of"))):
            rows = [due[key] for key in keys if here.cards[key].form is form]
            if rows:
                numbers = (count(np.nansum(part)) for part in zip(*rows, strict=True))
                name = "duties" if form is Form.DUTY else "checks"
                parts.append(text(f"scorecard.{name}", **dict(zip(words, numbers, strict=True))))
        if parts:
            link = here.view.link("duties", system=system)
            found[system] = anchor(link, esc(" · ".join(parts)), css="aside")
    return found


def card_table(here: Here, standing: pd.DataFrame, compact: Mapping[str, str] = MappingProxyType({})) -> str:
    """Every indicator: value, target, judgement, rank among peers, change, missing.

    ``compact``: what stands beside a system's name; a system may have nothing but that.
    """
    text = here.text
    columns = dict(_COLUMNS)
    if not (standing["placed"] > 1).any():  # a bureau has nobody to be compared with
        del columns["rank"]
    head = [text(f"column.{name}") for name in columns]
    rows: list[Sequence[str]] = []
    by_system = {system: list(keys) for system, keys in _by_system(here, standing.index)}
    of = {row.Index: row for row in standing.itertuples()}
    for system in sorted(by_system.keys() | compact.keys()):
        rows.append(_group(here, system, len(head), compact.get(system, "")))
        cells = (_row(here, key, of[key]) for key in by_system.get(system, ()))
        rows.extend([row[name] for name in columns] for row in cells)
    shown = table(head, rows, css="long", marks=list(columns.values()))
    return shown + hidden_note(standing["status"], text)


_COLUMNS = {  # with their marks
    "indicator": "w",
    "value": "n",
    "target": "n wide",  # on a phone the gap says enough
    "judgement": "nowrap",
    "gap": "n",
    "missing": "n",
    "rank": "n",
    "change": "n",
}


def _row(here: Here, key: str, row: Any) -> dict[str, str]:
    card, text, language = here.cards[key], here.text, here.language
    value = show(row.value, card.unit, language, beside=missed(row))
    if row.status != "ok":
        value = (
            text(f"status.{row.status}") if is_missing(row.value) else f"{value} {text('status.part_short')}"
        )
    elif over(row.value, card):
        value = f"⚠ {value}"
    return {
        "indicator": anchor(here.view.link("indicator", ind=key), esc(card.name[language])),
        "value": tag("span", esc(value), css="strong" if row.status == "ok" else "muted small"),
        "target": esc(aim(row.target, row.target_to, card.unit, language)),
        "judgement": mark(row.judgement, text, due_words(row, card, text))
        if not is_missing(row.target)
        else MISSING,
        "gap": gap_words(row.gap, card, text),
        "missing": missing_words(row.missing, card, text),
        "rank": _rank(here, row),
        "change": esc(difference(row.change, card.unit, language)),
    }


def _rank(here: Here, row: Any) -> str:
    """ "3 of 7"; in a word that the data allow none; nothing where there is nobody to compare with, or nothing to rank."""
    if not is_missing(row.place):
        return esc(here.text("scorecard.rank", rank=int(row.place), peers=int(row.placed)))
    if row.placed < 2 or not is_told(row.unranked):
        return MISSING
    why = unranked_words(row.unranked, here.cards[row.Index], here.month, here.text)
    return span(here.text("compare.not_ranked"), css="muted small", title=why)


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
    return (
        table(head, rows, css="heat long", marks=["", *["c"] * len(units)])
        + note
        + hidden_note(matrix["status"], text)
    )


def _by_system(here: Here, keys: Iterable[str]):
    """The keys of each system, systems and keys in order."""
    in_order = sorted(keys, key=lambda key: here.cards[key].system)
    return [(system, list(some)) for system, some in groupby(in_order, lambda key: here.cards[key].system)]


def _group(here: Here, system: str, width: int, beside: str = "") -> list[str]:
    """A row that names a system across the whole table."""
    name = esc(f"{system} {here.text(f'system.{system}')}")
    return [tag("td", name, beside, css="group", colspan=str(width))]
