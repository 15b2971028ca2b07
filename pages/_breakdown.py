"""What a figure is made of: population, sex, age, and the management grids of one unit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from metrics import figures
from metrics.card import SCALE, Card
from metrics.small_numbers import HIDDEN
from metrics.units import MISSING, count, difference, is_missing, show
from pages._board import board
from pages._html import esc, table, tag
from pages._month import month_name
from pages._open import ask
from pages._page import Here
from pages._words import hidden_note, made_of, no_value

_ORDER = ("population", "sex", "age")
_PAIR = ("population:registered", "population:floating")


def breakdown(here: Here, card: Card) -> None:
    """The section of the indicator page; nothing where the card has no strata."""
    rows = ask(figures.breakdown, unit=here.unit, card=card, month=here.month, basis=str(card.bases[0]))
    if rows.empty or set(rows["dimension"]) == {"all"}:
        return
    text = here.text
    st.subheader(text("breakdown.title"), anchor=False)
    month = int(rows["month"].iloc[0])
    notes = [text(f"basis.{card.bases[0]}")]
    if month != here.month:
        notes.append(text("breakdown.month", month=month_name(month, text)))
    if card.statistic is not None and card.is_listed:
        notes.append(text("breakdown.listed"))
    elif not card.is_listed:
        notes.append(text("breakdown.counts"))
    if card.is_listed:
        notes.append(text("breakdown.concerned"))
    st.caption(text("list.then").join(notes))
    whole = rows[rows["dimension"] == "all"].iloc[0]
    grids = rows[rows["dimension"] == "grid"]
    # A dimension with one stratum tells nothing: a screening of women has no men.
    shown = [name for name in _ORDER if (rows["dimension"] == name).sum() > 1]
    blocks = [_block(here, card, name, rows[rows["dimension"] == name], whole) for name in shown]
    board(tag("div", *blocks, css="blocks"), key="breakdown")
    if len(grids):
        with st.expander(text("breakdown.grids", n=len(grids))):
            board(_block(here, card, "grid", grids, whole), key="grids")


def _block(here: Here, card: Card, dimension: str, rows: pd.DataFrame, whole: pd.Series) -> str:
    """One dimension: a row a stratum with a bar, and what of the whole is in none of them."""
    text = here.text
    most = max((value for value in rows["value"] if not is_missing(value)), default=0)
    most = max(most, 1) if card.unit.value == "percent" else most
    head = [text(f"breakdown.{dimension}"), text("column.value"), ""]
    if card.is_listed:
        head.append(text("column.made_of"))
    cells = [_row(here, card, row, most) for row in rows.itertuples()]
    below = [_remainder(here, card, dimension, rows, whole)]
    if dimension == "population":
        below.insert(0, _difference(here, card, rows))
    notes = "".join(tag("div", note, css="small muted") for note in below if note)
    notes += hidden_note(rows["status"], text)
    marks = ["nowrap", "n", "bars", "n"][: len(head)]
    return tag("div", table(head, cells, css="tall" if dimension == "grid" else "", marks=marks) + notes)


def _row(here: Here, card: Card, row, most: float) -> list[str]:
    value = esc(show(row.value, card.unit, here.language))
    if is_missing(row.value) and row.status == HIDDEN:
        value = no_value(row.status, here.text)
    share = 0 if is_missing(row.value) or not most else max(0.0, min(1.0, row.value / most))
    bar = tag("span", tag("i", style=f"width:{share * 100:.1f}%"), css="bar")
    cells = [esc(row.zh if here.language == "zh" else row.en), tag("span", value, css="strong"), bar]
    if card.is_listed:
        cells.append(esc(made_of(row, card, here.text)))
    return cells


def _remainder(here: Here, card: Card, dimension: str, rows: pd.DataFrame, whole: pd.Series) -> str:
    """How many are in no stratum: their sex, birth or population is not known, or they live elsewhere."""
    column = "denominator" if card.is_listed else "numerator"
    if HIDDEN in set(rows["status"]):  # what is left would tell it
        return ""
    left = whole[column] - rows[column].sum()
    if is_missing(left) or left <= 0:
        return ""
    words = count(left) if card.is_listed else show(_scaled(left, card), card.unit, here.language)
    return esc(here.text(f"breakdown.left_{dimension}", n=words))


def _scaled(numerator: float, card: Card) -> float:
    return numerator / SCALE.get(card.unit, 1)


def _difference(here: Here, card: Card, rows: pd.DataFrame) -> str:
    """Floating residents against registered ones: equal service is what is asked for."""
    values = rows.set_index("stratum")["value"].reindex(_PAIR)
    if not card.is_listed or values.isna().any():
        return ""
    apart = difference(values.iloc[1] - values.iloc[0], card.unit, here.language)
    return esc(here.text("breakdown.apart", difference=apart)) if apart != MISSING else ""
