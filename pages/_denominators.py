"""What a rate can be divided by: the populations of a unit side by side, year by year."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from metrics import figures
from metrics.card import Card
from metrics.units import MISSING, count
from pages._board import board
from pages._html import esc, given, span, table, tag
from pages._open import ask
from pages._page import Here
from pages._words import is_made_of_another

_KINDS = ("resident", "registered", "recorded", "mixed")
_YEARS = 3  # as many as the trend shows


def denominators(here: Here, card: Card) -> None:
    """The section of the indicator page; nothing where the denominator is no statistic."""
    if card.statistic is None or is_made_of_another(card):
        return
    text, year = here.text, here.month // 12
    rows = ask(figures.denominators, unit=here.unit, band=card.statistic.band)
    rows = rows[rows["year"].between(year - _YEARS + 1, year)]
    st.subheader(text("denominator_kind.title", band=band_words(here, card.statistic.band)), anchor=False)
    if rows.empty:
        st.caption(text("denominator_kind.nobody"))
        return
    st.caption(text("denominator_kind.side_by_side"))
    board(side_by_side(here, rows), key="denominators")


def side_by_side(here: Here, rows: pd.DataFrame) -> str:
    """A row a year, the newest first: each kind, the one in force marked, and who approved that one when."""
    text = here.text
    kinds = [kind for kind in _KINDS if (rows["kind"] == kind).any()]
    head = [text("denominator_kind.year"), *(text(f"denominator_kind.{kind}") for kind in kinds)]
    head.append(text("denominator_kind.approved"))
    cells = []
    for year, sides in sorted(rows.groupby("year"), reverse=True):
        of_kind = {row.kind: row for row in sides.itertuples()}
        reigning = next((row for row in sides.itertuples() if row.in_force), None)
        cells.append(
            [
                esc(year),
                *(_side(here, of_kind.get(kind)) for kind in kinds),
                _approval(reigning) if reigning else MISSING,
            ]
        )
    return table(head, cells, marks=["n", *["n"] * len(kinds), "nowrap"])


def _side(here: Here, row) -> str:
    if row is None:
        return MISSING
    if not row.in_force:
        return span(count(row.persons), css="muted")
    return tag("span", "✓ ", esc(count(row.persons)), css="strong", title=here.text("denominator_kind.used"))


def _approval(row) -> str:
    """By whom or by which paper, and when."""
    by = given(row.approved_by)
    if pd.isna(row.approved_on):
        return by or MISSING
    return f"{by} {span(f'{row.approved_on:%Y-%m-%d}', css='muted')}".strip()


def band_words(here: Here, band: str) -> str:
    """An age band in words: all, 65+, 0-6, f15-49."""
    if band == "all":
        return here.text("band.all")
    if band.endswith("+"):
        return here.text("band.over", age=band.removesuffix("+"))
    sex = "women" if band.startswith("f") else "both"
    return here.text(f"band.{sex}", ages=band.removeprefix("f").replace("-", "–"))


def changes_of_kind(here: Here, course: pd.DataFrame) -> dict[int, str]:
    """Months from which on a course is divided by another kind of population than before, in words."""
    found, before = {}, None
    for row in course.sort_values("month").itertuples():
        kind = row.denominator_kind
        if kind is None or kind != kind:
            continue
        if before is not None and kind != before:
            words = {"year": row.month // 12, "kind": here.text(f"denominator_kind.{kind}")}
            found[int(row.month)] = here.text("denominator_kind.changed", **words)
        before = kind
    return found
