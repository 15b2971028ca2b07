"""The section "why it changed" of the indicator page: the change shared out, and the figure as it stood in its time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from metrics.card import Card
from metrics.changed import Changed, changed
from metrics.past import Known, has_past
from metrics.shaping import value_of
from metrics.small_numbers import is_of_persons
from metrics.standards import parameters
from metrics.units import MISSING, count, difference, show
from metrics.why import CAUSES, DENOMINATOR
from pages._board import board
from pages._html import esc, table, tag
from pages._month import month_name
from pages._open import ask_known
from pages._page import Here
from pages._view import selector
from pages._who import principal
from pages._words import status_word

_BACK = {"year": 12, "month": 1}


def past_section(here: Here, card: Card, basis: str) -> None:
    """Nothing for cards without a past, and for whoever may not see the people behind the figure: two states of
    knowledge may differ by one person."""
    if not has_past(card) or not _may(here, card):
        return
    text, view = here.text, here.view
    st.subheader(text("past.title"), anchor=False)
    view.choose("why", ["none", *_BACK], "none", "filter.why")
    selector(
        view,
        st.segmented_control,
        "why",
        ["none", *_BACK],
        lambda code: text(f"past.{code}"),
        text("filter.why"),
        required=True,
    )
    if view.values["why"] == "none":
        st.caption(text("past.about"))
        return
    before = here.month - _BACK[view.values["why"]]
    if before < here.built.first_month:
        st.info(text("past.too_early", month=month_name(before, text)))
        return
    with st.spinner(text("past.computing")):
        found = ask_known(changed, key=card.key, unit=here.unit, before=before, month=here.month, basis=basis)
    board(_told(here, card, before, found), key="past")


def _may(here: Here, card: Card) -> bool:
    who = principal()
    if not is_of_persons(card):
        return True
    return here.unit in who.persons and who.in_charge_of(card.system)


def _told(here: Here, card: Card, before: int, found: Changed) -> str:
    text = here.text
    then, now = month_name(before, text), month_name(here.month, text)
    states = [
        (text("past.state_now", month=then), found.before),
        (text("past.state_now", month=now), found.now),
    ]
    if found.then is not None:
        said = text("past.state_then", month=then, day=f"{found.until:%Y-%m-%d}")
        states.insert(0, (said, found.then))
    states[-1:-1] = [
        (text("past.state_merged", unit=one.name, month=then), one.figure) for one in found.merged
    ]
    shown = table(
        [text("past.state"), text("column.value"), text("column.made_of")],
        [[esc(name), _value(here, card, one), _sides(one, card)] for name, one in states],
        marks=["w", "n", "n"],
    )
    parts = [_sentence(here, card, then, now, found), _causes(here, card, found), shown]
    if found.then is None:
        parts.append(
            tag("div", esc(text("past.no_records", day=f"{found.until:%Y-%m-%d}")), css="muted small")
        )
    parts += [
        tag(
            "div",
            esc(
                text(
                    "past.parameter",
                    name=getattr(parameters()[key][-1], here.language),
                    old=f"{old:g}",
                    new=f"{new:g}",
                )
            ),
            css="course small",
        )
        for key, old, new in found.parameters
    ]
    return "".join(parts)


def _sentence(here: Here, card: Card, then: str, now: str, found: Changed) -> str:
    text = here.text
    if found.shares is None:
        return tag("div", esc(text("past.no_value")), css="muted")
    start = found.before if found.then is None else found.then
    moved = difference(found.now.value - start.value, card.unit, here.language)
    words = {"then": then, "now": now, "from": show(start.value, card.unit, here.language)}
    words |= {"to": show(found.now.value, card.unit, here.language), "moved": moved}
    return tag("div", tag("b", esc(text("past.sentence", **words))))


def _causes(here: Here, card: Card, found: Changed) -> str:
    """A row a cause with its part of the change; a cause that cannot be, of this figure, is left out."""
    if found.shares is None:
        return ""
    text = here.text
    rows = []
    for cause in CAUSES:
        if cause == DENOMINATOR and not card.is_ratio:
            continue
        unknown = cause == "late" and found.then is None
        part = float(found.shares[cause]) * _factor(card)
        rows.append(
            [
                tag("b", esc(text(f"past.cause_{cause}"))),
                MISSING if unknown else esc(difference(part, card.unit, here.language)),
                esc(text(f"past.means_{cause}")),
            ]
        )
    head = [text("past.cause"), text("past.part"), text("past.means")]
    return table(head, rows, marks=["", "n", "w"])


def _factor(card: Card) -> float:
    """What a quotient of whole numbers is multiplied by to give the card's value."""
    one = np.array([1.0])
    return float(value_of(card, one, one if card.is_ratio else None)[0])


def _value(here: Here, card: Card, one: Known) -> str:
    if pd.isna(one.value):
        return esc(here.text("past.absent") if one.status == "absent" else status_word(one.status, here.text))
    return esc(show(one.value, card.unit, here.language))


def _sides(one: Known, card: Card) -> str:
    sides = [count(one.numerator / card.top_scale)]
    if card.is_ratio:
        sides.append(count(one.denominator / card.bottom_scale))
    return " / ".join(sides)
