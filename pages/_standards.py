"""What a card is held to, line by line: targets and parameters with the papers they come from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from metrics import figures
from metrics.card import Card
from metrics.standards import parameters
from metrics.units import MISSING, aim
from metrics.wording import paper_words
from pages._html import esc, span, tag
from pages._open import ask
from pages._page import Here


def lines(found: Sequence[str]) -> str:
    """Lines of HTML one below the other; "—" where there is none."""
    return "".join(tag("div", line) for line in found) or MISSING


def all_targets(here: Here, card: Card) -> list[str]:
    """Each target with its years and where it is from; of several the one in force is marked."""
    rows = ask(figures.targets_of, card=card)
    places = ["unit_kind", "unit", "value", "value_to", "source", "own", "in_force"]
    found = []
    for _, group in rows.groupby(places, dropna=False, sort=False):
        years = sorted(group["year"])
        when = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
        found.append(_target(here, card, group.iloc[0], when))
    return found


def targets_here(here: Here, card: Card) -> list[str]:
    """The targets that papers state for the unit and year in view, the one in force first."""
    rows = ask(figures.targets_of, card=card)
    mine = rows[
        (rows["year"] == here.month // 12)
        & (rows["unit"].isna() | (rows["unit"] == here.unit))
        & (rows["unit_kind"].isna() | (rows["unit_kind"] == here.kind_of(here.unit)))
    ]
    particular = mine["unit"].notna() * 2 + mine["unit_kind"].notna()
    reigning = mine["in_force"].astype(bool)
    mine = mine[~reigning | (particular == particular[reigning].max())]  # the most particular one holds
    return [_target(here, card, row) for _, row in mine.sort_values("in_force", ascending=False).iterrows()]


def _target(here: Here, card: Card, row: pd.Series, when: str = "") -> str:
    text, language = here.text, here.language
    asked = aim(row["value"], row["value_to"], card.unit, language)
    notes = [paper_words(row["source"], text)]
    if not pd.isna(row["unit"]):
        notes.append(here.name_of(int(row["unit"])))
    elif not pd.isna(row["unit_kind"]):
        notes.append(text(f"kind.{row['unit_kind']}"))
    notes += [text(f"catalogue.target_{name}") for name in ("in_force", "own") if row[name]]
    words = text("list.semicolon").join(notes)
    shown = span(
        text("list.pair", name=when, value=asked) if when else asked,
        css="strong" if row["in_force"] else "muted",
    )
    return shown + span(text("list.aside", words=words), css="muted")


def all_parameters(here: Here, card: Card) -> list[str]:
    """Each parameter with every dated value that the figures were made with."""
    return [_parameter(here, row) for row in ask(figures.parameters_of, card=card).itertuples()]


def parameters_here(here: Here, card: Card) -> list[str]:
    """Each parameter with the value that the figures of the month in view were made with."""
    rows = ask(figures.parameters_of, card=card)
    month = pd.to_datetime(rows["from_on"]).map(lambda day: day.year * 12 + day.month - 1)
    found = []
    for _, dated in rows.groupby("key", sort=False):
        begun = dated[month[dated.index] <= here.month]
        row = begun.iloc[-1] if len(begun) else dated.iloc[0]  # the oldest also holds before its date
        found.append(_parameter(here, row))
    return found


def _parameter(here: Here, row) -> str:
    text = here.text
    about = parameters().get(row.key)
    name = row.key if about is None else about[-1].zh if here.language == "zh" else about[-1].en
    source = paper_words(row.source, text)
    if row.own:
        source = text("list.semicolon").join([source, text("parameter.own")])
    value = f"{row.value:,.10g}"
    return esc(
        text("parameter.used", name=name, value=value, from_on=f"{row.from_on:%Y-%m-%d}", source=source)
    )
