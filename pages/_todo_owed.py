"""The units of a bureau beside each other: how much each has to make good by visits. Published figures alone."""

from __future__ import annotations

import pandas as pd

from metrics import figures
from metrics.heading.reaching import last_day
from metrics.reading import children
from metrics.units import MISSING, count
from metrics.visiting.closings import closings
from metrics.visiting.owed import owed
from pages._html import anchor, esc, table, tag
from pages._month import month_name
from pages._open import ask
from pages._page import Here
from pages._who import principal
from pages._words import hidden_note

_MOST = 3  # indicators named


def owed_board(here: Here) -> str:
    """A row a unit whose people one may see, the most gaps first; its name opens its list."""
    text, who, month = here.text, principal(), here.built.last_month
    cards = {
        key: here.cards[key]
        for key in closings(last_day(month))
        if key in here.cards and who.in_charge_of(here.cards[key].system)
    }
    matrix = ask(figures.matrix, unit=here.unit, month=month, cards=cards)
    units = [one for one in children(here.tree, here.unit) if one in who.persons]
    matrix = matrix[matrix["unit"].isin(units)]  # of what is not listed no note tells either
    gaps = owed(matrix, cards)
    alerts = gaps[gaps["indicator"].isin([key for key, card in cards.items() if card.alert is not None])]
    found, warned = (some.groupby("unit")["gaps"].sum() for some in (gaps, alerts))
    rows = []
    for unit in sorted(units, key=lambda one: -found.get(one, -1)):
        most = gaps[(gaps["unit"] == unit) & (gaps["gaps"] > 0)].nlargest(_MOST, "gaps")
        rows.append(
            [
                anchor(here.view.link("todo", unit=here.code_of(unit)), esc(here.name_of(unit))),
                count(found[unit]) if unit in found else MISSING,
                count(warned[unit]) if unit in warned else MISSING,
                _names(here, most),
            ]
        )
    head = [text("column.unit"), *(text(f"todo.{name}") for name in ("owed", "owed_warnings", "owed_most"))]
    note = tag("div", esc(text("todo.owed_about", month=month_name(month, text))), css="small muted")
    shown = table(head, rows, css="stack", marks=["u who", "n", "n", "w"])
    return shown + note + hidden_note(matrix["status"], text)


def _names(here: Here, most: pd.DataFrame) -> str:
    parts = [
        tag("span", esc(here.cards[row.indicator].name[here.language]) + " " + tag("b", count(row.gaps)))
        for row in most.itertuples()
    ]
    return tag("div", *parts, css="chips") if parts else MISSING
