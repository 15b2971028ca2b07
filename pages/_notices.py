"""Notices of lasting changes in words: the section of the overview, and of one indicator."""

from __future__ import annotations

import pandas as pd

from metrics.card import Card
from metrics.changing.control import SIGN
from metrics.changing.terms import terms_in
from metrics.standards import value_in
from metrics.statistics import xmr
from metrics.units import count, show
from pages._html import anchor, esc, span, table, tag
from pages._method import method_line
from pages._month import code_of, month_name
from pages._page import Here

MOST = 12  # that the overview names
#: What a change is: its shape and its colour.
MARKS = {
    xmr.IMPROVING: ("▲", "above"),
    xmr.WORSENING: ("▼", "below"),
    xmr.RISING: ("↑", ""),
    xmr.FALLING: ("↓", ""),
    xmr.STEADY: ("●", "none"),
    xmr.UNCLEAR: ("·", "none"),
}


def meaning(card: Card, way: int) -> str:
    """Of a movement up (1) or down (-1): ``xmr.IMPROVING``, ``WORSENING``, ``RISING`` or ``FALLING``."""
    sign = SIGN[card.direction]
    if sign == 0:
        return xmr.RISING if way > 0 else xmr.FALLING
    return xmr.IMPROVING if way * sign > 0 else xmr.WORSENING


def mark(here: Here, said: str) -> str:
    """Shape and word."""
    shape, css = MARKS[said]
    word = here.text(f"change.{said}")
    return span(f"{shape} {word}", css=f"mark {css}")


def notice_table(here: Here, rows: pd.DataFrame) -> str:
    """What is raised, a row each: what it is, where, from what to what, since when."""
    text = here.text
    cells = []
    for row in rows.itertuples():
        card = here.cards[row.indicator]
        link = here.view.link("indicator", ind=row.indicator, unit=here.code_of(int(row.unit)))
        cells.append(
            [
                mark(here, meaning(card, int(row.way))),
                anchor(link, esc(card.name[here.language])),
                esc(here.name_of(int(row.unit))),
                esc(from_to(here, card, row)),
                esc(code_of(int(row.since))),
            ]
        )
    head = [text(f"change.head_{name}") for name in ("what", "indicator", "unit", "from_to", "since")]
    marks = ["nowrap", "w", "u", "nowrap", "nowrap"]
    return table([esc(one) for one in head], cells, css="stack", marks=marks) + about(here)


def about(here: Here) -> str:
    """When something is raised, with its link to the page of method."""
    return method_line(here, here.text("change.about"), "notices")


def notice_lines(here: Here, card: Card, rows: pd.DataFrame) -> str:
    """The notices of one unit and indicator, a line each."""
    said = []
    for row in rows.itertuples():
        told = here.text(
            "change.line",
            raised=month_name(int(row.month), here.text),
            since=month_name(int(row.since), here.text),
            change=from_to(here, card, row),
        )
        said.append(tag("div", mark(here, meaning(card, int(row.way))), " ", esc(told)))
    return tag("div", *said)


def from_to(here: Here, card: Card, row) -> str:
    """What was to be expected, and what it was."""
    before, after = (show(value, card.unit, here.language) for value in (row.before, row.after))
    return here.text("change.from_to", before=before, after=after)


def no_notices(here: Here, looked_at: int) -> str:
    """Why nothing is raised: nothing lasts of so many pairs, or too few months are known to tell. For ``board``."""
    terms = terms_in(here.month)
    needed = terms.history + terms.recent + terms.lasting - 1
    known = here.month - here.built.first_month + 1
    if known < needed:
        return tag("div", esc(here.text("change.early", n=needed, known=known)), css="small muted")
    said = here.text(
        "change.none",
        n=count(looked_at),
        fewest=f"{value_in('notice_fewest', here.month):g}",
        first=month_name(here.built.first_month, here.text),
    )
    return tag("div", esc(said), css="small muted") + about(here)
