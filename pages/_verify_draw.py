"""Drawing a new sample: which figure, how sure it should be, how many that takes."""

from __future__ import annotations

import streamlit as st

from metrics.card import Card, Unit
from metrics.comparing.levels import levels_in
from metrics.figures import first_of_people
from metrics.principal import NotAllowedError
from metrics.standards import value_in
from metrics.units import count, show
from metrics.verifying import drawing
from metrics.verifying.errors import VerifyError
from metrics.verifying.frame import Counts, can_verify, counts
from metrics.verifying.planning import SPREADS, Needed, needed
from metrics.wording import month_name
from pages._board import board
from pages._edit import edit
from pages._html import esc, span, tag
from pages._open import ask
from pages._page import Here
from pages._store import one_generation
from pages._systems import figure_selectors
from pages._text import typed
from pages._view import selector
from pages._who import principal

_LONGEST = 200  # letters of a note


def checkable(here: Here) -> dict[str, Card]:
    """The cards whose people can be asked, of the systems that are somebody's."""
    who = principal()
    return {
        key: card for key, card in here.cards.items() if can_verify(card) and who.in_charge_of(card.system)
    }


def draw_form(here: Here) -> None:
    """Choose, see how many it takes, draw."""
    text, view = here.text, here.view
    cards = checkable(here)
    view.choose("ind", list(cards), first_of_people(cards), "filter.indicator")
    card = cards[view.values["ind"]]
    bases = [str(basis) for basis in card.bases]
    view.choose("basis", bases, bases[0], "filter.basis")
    view.choose("spread", SPREADS, SPREADS[0], "verify.spread")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        figure_selectors(here, cards, card, text("verify.indicator"), drops=("basis",))
        selector(
            view,
            st.segmented_control,
            "spread",
            SPREADS,
            lambda code: text(f"verify.spread_{code}"),
            text("verify.spread"),
            required=True,
        )
    try:
        found = ask(
            counts,
            key=card.key,
            unit=here.unit,
            month=here.month,
            basis=view.values["basis"],
            spread=view.values["spread"],
        )
    except NotAllowedError:
        st.info(text("verify.not_yours"))
        return
    if found is None or not found.numerator or not found.denominator or not found.strata:
        st.info(text("verify.nobody"))
        return
    _ask(here, card, found)


def _ask(here: Here, card: Card, found: Counts) -> None:
    """The precision that is wanted, what it takes, and the button."""
    text, month = here.text, here.month
    value = found.numerator / found.denominator
    claimed = text(
        "verify.claimed",
        value=show(value, Unit.PERCENT, here.language),
        n=count(found.numerator),
        of=count(found.denominator),
        units=len(found.strata),
    )
    board(tag("div", esc(claimed), css="said"), key="claimed")
    columns = st.columns(3)
    precision = columns[0].number_input(
        text("verify.precision"), 1.0, 50.0, float(value_in("verify_precision_points", month)), 0.5,
        key="verify_precision", format="%.1f",
    )  # fmt: skip
    reach = columns[1].number_input(
        text("verify.reach"), 5, 100, int(value_in("verify_reach_pct", month)), 5, key="verify_reach"
    )
    share = columns[2].number_input(
        text("verify.share"), 0, 100, int(value_in("verify_share_pct", month)), 5, key="verify_share"
    )
    least = int(value_in("verify_least_unit", month))
    takes = needed(
        found.strata,
        value,
        precision / 100,
        levels_in(month).interval,
        share=share / 100,
        reach=reach / 100,
        least=least,
    )
    board(_takes(here, takes, precision, least), key="takes")
    key = f"{card.key}_{here.unit}_{month}_{here.view.values['spread']}_{takes.whole}"
    columns = st.columns([1, 2])
    size = columns[0].number_input(
        text("verify.size"), 1, sum(found.strata.values()), takes.whole, 1, key=f"verify_size_{key}"
    )
    note = columns[1].text_input(
        text("verify.note"), max_chars=_LONGEST, key="verify_note", help=text("verify.note_help")
    )
    st.caption(text("verify.seed_about"))
    if st.button(text("verify.draw"), type="primary", key="verify_draw"):
        _draw(here, card, int(size), note)


def _draw(here: Here, card: Card, size: int, note: str) -> None:
    """Draw, then write it down: others' edits wait for the writing alone."""
    text, month, view = here.text, here.month, here.view
    try:
        with st.spinner(text("edit.saving")), one_generation() as known:
            made = drawing.sample(
                known,
                principal(),
                card.key,
                here.unit,
                month,
                view.values["basis"],
                size=size,
                spread=view.values["spread"],
                note=note,
            )
    except VerifyError as error:
        st.error(error[here.language])
        return
    except NotAllowedError:
        st.error(text("error.not_allowed"))
        return
    edit(
        here,
        lambda c: drawing.keep(principal(), c, made),
        text("verify.drawn", n=size, unit=typed(here.name_of(here.unit)), month=month_name(month, text)),
        then=_open,
    )


def _open(number: int) -> tuple[()]:
    """The page goes on with what was drawn."""
    st.query_params["check"] = str(number)
    return ()


def _takes(here: Here, takes: Needed, precision: float, least: int) -> str:
    text = here.text
    facts = [
        (text("verify.takes_whole", n=f"{precision:g}"), takes.whole),
        (text("verify.takes_each", n=f"{precision:g}"), takes.each),
        (text("verify.takes_fewest", n=least), takes.fewest),
    ]
    return tag(
        "div",
        *(
            tag("div", span(name, css="k"), span(text("verify.people", n=count(n)), css="v"), css="fact")
            for name, n in facts
        ),
        css="head",
    )
