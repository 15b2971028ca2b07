"""Builds: what is added to figures after an import is what a full build gives, to the digit."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import touched
from metrics.build import build
from metrics.card import Card
from metrics.cards import CARDS
from metrics.strata import is_broken_down
from tests.property.amount import examples
from tests.property.districts import Plan
from tests.property.histories import PERSONAL, History
from tests.property.stores import new_store, read_figures, write

# Builds count the months that services came in, about four years of these: few persons will do.
small = st.builds(
    Plan, seed=st.integers(0, 10**6), districts=st.just(2), persons=st.integers(12, 20), months=st.just(14)
)


# What it is about is the number of a build, whatever is counted.
FEW_CARDS = [card for card in CARDS.values() if card.system == "S11"]


def _one_a_table() -> list[Card]:
    """Cards that read every record table that any card reads: three of each, also the broken down, and what they derive from."""
    chosen: dict[str, Card] = {}
    for table in sorted({table for card in CARDS.values() for table in card.reads}):
        reading = [card for card in CARDS.values() if table in card.reads and card.derived is None]
        first = [card for card in reading if is_broken_down(card)][:1]
        chosen |= {card.key: card for card in (*first, *reading[:1], *reading[-1:])}
    return [card for card in CARDS.values() if card.key in chosen]


@examples(1)
@given(plan=small)
def test_incremental_equals_full(plan):
    draw = random.Random(plan.seed)
    with new_store() as (store, place):
        history = History(plan)
        write(store, history)
        assert build(store, place).kind == "full"
        kinds = []
        for names in (PERSONAL, *([name] for name in draw.sample(PERSONAL, 2))):
            if names is PERSONAL:
                history.change()
            else:
                history.change_tables(names)
            write(store, history)
            with pytest.MonkeyPatch.context() as patch:  # few persons are counted at once, many in pieces
                patch.setattr(touched, "FEW", draw.choice([0, touched.FEW]))
                kinds.append(build(store, place).kind)
        assert "incremental" in kinds  # a new first month makes a full one
        pieces = read_figures(store, strata=True)
        build(store, place, full=True)
        whole = read_figures(store, strata=True)
        assert len(pieces) == len(whole)
        assert {"sex", "age", "population", "grid"} <= set(whole["stratum"].str.partition(":")[0])
        differing = ((pieces != whole) & ~(pieces.isna() & whole.isna())).any(axis=1)
        assert sorted(set(whole.loc[differing, "indicator"])) == []


@pytest.mark.parametrize(
    "cards", [_one_a_table(), pytest.param(None, marks=pytest.mark.long)], ids=["tables", "all"]
)
def test_an_import_that_lands_during_a_build_is_left_to_the_next(cards):
    plan = Plan(seed=4, districts=2, persons=14, months=14)
    with new_store() as (store, place):
        history = History(plan)
        write(store, history)
        build(store, place, cards=cards)
        history.change()
        write(store, history)

        def land(step: str, share: float) -> None:
            if step == "figures" and history.event == 2:
                history.change()
                write(store, history)

        build(store, place, land, cards=cards)
        assert build(store, place, cards=cards).kind == "incremental"
        pieces = read_figures(store, strata=True)
        build(store, place, full=True, cards=cards)
        whole = read_figures(store, strata=True)
        differing = ((pieces != whole) & ~(pieces.isna() & whole.isna())).any(axis=1)
        assert sorted(set(whole.loc[differing, "indicator"])) == []


def test_a_build_that_is_overtaken_starts_anew():
    with new_store() as (store, place):
        write(store, History(Plan(seed=4, districts=1, persons=8, months=14)))
        overtakings = []

        def overtake(step: str, share: float) -> None:
            if step == "publish" and not overtakings:
                overtakings.append(1)
                overtakings.append(build(store, place, cards=FEW_CARDS).number)

        assert build(store, place, overtake, cards=FEW_CARDS).number == 2
        assert overtakings == [1, 1]
