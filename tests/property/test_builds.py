"""Builds: what is added to figures after an import is what a full build gives, to the digit."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import touched
from metrics.build import build
from tests.property.amount import examples
from tests.property.districts import Plan
from tests.property.histories import PERSONAL, History
from tests.property.stores import new_store, read_figures, write

# Builds count the months that services came in, about four years of these: few persons will do.
small = st.builds(
    Plan, seed=st.integers(0, 10**6), districts=st.just(2), persons=st.integers(12, 20), months=st.just(14)
)


@examples(1)
@given(plan=small)
def test_incremental_equals_full(plan):
    draw = random.Random(plan.seed)
    with new_store() as (store, place):
        history = History(plan)
        write(store, history)
        assert build(store, place).kind == "full"
        kinds = []
        for names in (PERSONAL, *([name] for name in draw.sample(PERSONAL, 3)), PERSONAL):
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


def test_an_import_that_lands_during_a_build_is_left_to_the_next():
    plan = Plan(seed=4, districts=2, persons=14, months=14)
    with new_store() as (store, place):
        history = History(plan)
        write(store, history)
        build(store, place)
        history.change()
        write(store, history)

        def land(step: str, share: float) -> None:
            if step == "figures" and history.event == 2:
                history.change()
                write(store, history)

        build(store, place, land)
        assert build(store, place).kind == "incremental"
        pieces = read_figures(store, strata=True)
        build(store, place, full=True)
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
                overtakings.append(build(store, place).number)

        assert build(store, place, overtake).number == 2
        assert overtakings == [1, 1]
