"""What a change would do to ranks and money, and whether two amounts belong to the same people. Nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

import streamlit as st

from metrics.funds.money import FEN_PER_YUAN, exact
from metrics.funds.reconciling import reconciled
from metrics.funds.settling import Line
from metrics.funds.terms import Terms
from metrics.funds.what_if import compared
from pages._board import board
from pages._funds import reconciled_table, what_if_table, what_if_total
from pages._page import Here

#: The printed example of the sources, as it stands there: yuan a head, advance, reward.
PRINTED = (8, 1_946_960, 1_287_680)

Scores = Mapping[int, Fraction]


def try_out(
    here: Here,
    terms: Terms,
    scores: Scores,
    names: Mapping[int, str],
    money: Callable[[Terms, Scores], list[Line]],
    by_score: bool,
) -> None:
    """Change the standard, the shares or a score, and see rank and money; nothing is kept.

    ``by_score``: whether money follows the score of a unit; else scores cannot be changed here.
    """
    text = here.text
    st.caption(text("funds.what_if_about" if by_score else "funds.what_if_points"))
    columns = st.columns(4 if by_score else 2)
    head = columns[0].number_input(
        text("funds.try_head"),
        0.0,
        10_000.0,
        terms.per_head / FEN_PER_YUAN,
        1.0,
        key=f"try_head_{terms.year}",
    )
    share = columns[1].number_input(
        text("funds.try_prepaid"),
        0.0,
        100.0,
        float(terms.prepaid) * 100,
        1.0,
        key=f"try_prepaid_{terms.year}",
    )
    after_scores = dict(scores)
    if by_score:
        unit = columns[2].selectbox(
            text("funds.try_unit"),
            list(scores),
            format_func=lambda one: names.get(one, str(one)),
            index=None,
            key="try_unit",
            placeholder=text("funds.try_none"),
        )
        now = float(round(scores[unit], 2)) if unit is not None else None
        score = columns[3].number_input(
            text("funds.try_score"), 0.0, 100.0, now, 0.5, key=f"try_score_{unit}", disabled=unit is None
        )
        if unit is not None and score is not None and score != now:
            after_scores[unit] = exact(round(score, 2))
    prepaid = exact(round(share, 4)) / 100
    tried = replace(terms, per_head=round(head * FEN_PER_YUAN))
    if prepaid != terms.prepaid:
        tried = replace(tried, prepaid=prepaid, held_back=1 - prepaid)
    if tried == terms and after_scores == scores:
        st.caption(text("funds.try_change"))
        return
    before, after = money(terms, scores), money(tried, after_scores)
    found = compared(scores, after_scores, before, after)
    board(what_if_total(here, before, after), key="what_if_total")
    board(what_if_table(here, found, names), key="what_if")


def check_amounts(here: Here, terms: Terms) -> None:
    """Do an advance and a reward belong to the same people?"""
    text = here.text
    st.caption(
        text(
            "funds.reconcile_about",
            prepaid=f"{float(terms.prepaid):.0%}",
            held=f"{float(terms.held_back):.0%}",
        )
    )
    columns = st.columns(3)
    head = columns[0].number_input(
        text("funds.per_head"), 0.01, 10_000.0, float(PRINTED[0]), 1.0, key="rec_head"
    )
    advance = columns[1].number_input(
        text("funds.prepaid_row"), 0.0, 1e12, float(PRINTED[1]), 100.0, key="rec_prepaid"
    )
    reward = columns[2].number_input(
        text("funds.reward_row"), 0.0, 1e12, float(PRINTED[2]), 100.0, key="rec_reward"
    )
    if not terms.prepaid or not terms.held_back:
        st.info(text("funds.reconcile_not"))
        return
    fen = [round(amount * FEN_PER_YUAN) for amount in (head, advance, reward)]
    found = reconciled(fen[0], terms.prepaid, terms.held_back, fen[1], fen[2])
    board(reconciled_table(here, found, fen[1], fen[2]), key="reconciled")
