"""The same attack on the demo district, through the store: a leader, a director and an officer of one system."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import select

from data.store import open_store, read_frame
from metrics import figures, published
from metrics.cards import CARDS
from metrics.principal import EVERYTHING, LOCAL, NOTHING, Scope
from metrics.small_numbers import HIDDEN, is_sensitive, shown_to, threshold
from tests.hiding.attacker import Known, found, stratum_equations, time_equations, tree_equations
from tests.roles import as_role

#: Of several systems: shares of people, counts, flows, warnings, a sensitive one.
KEYS = ("htn_standard_rate", "htn_control_rate", "dm_standard_rate", "el_mgmt_rate", "hr_by_category_htn", "fd_elder_rate",
        "im_observation_30min", "ch_mgmt_rate", "mh_standard_rate", "mh_registered", "tcm_elder_rate")  # fmt: skip
MONTHS = 15
LEADER = as_role("领导", "leader", EVERYTHING, EVERYTHING)
OFFICER = replace(as_role("慢病", "officer", EVERYTHING, EVERYTHING), systems=frozenset({"S11"}))


@pytest.fixture(scope="module")
def store(demo):
    opened = open_store(demo)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def rows(store) -> pd.DataFrame:
    table = published.figure
    with store.published() as connection:
        last = figures.built(connection).last_month
        of = table.c.month > last - MONTHS
        return read_frame(connection, select(table).where(table.c.indicator.in_(KEYS), of))


@pytest.fixture(scope="module")
def tree(store) -> pd.DataFrame:
    with store.published() as connection:
        return figures.units(LOCAL, connection)


def director(tree: pd.DataFrame):
    """Of the centre with the most units below it."""
    centre = int(
        tree["parent"].value_counts().drop(int(tree.loc[tree["kind"] == "bureau", "unit"].iloc[0])).index[0]
    )
    own = {centre, *tree.loc[tree["parent"] == centre, "unit"].astype(int)}
    return as_role("主任", "director", EVERYTHING, Scope(frozenset(own)))


def small_numbers_told(rows: pd.DataFrame, tree: pd.DataFrame, principal) -> dict:
    """Small numbers that are hidden from somebody and follow from what is shown, by card."""
    least, out = threshold(), {}
    parents = {int(one.unit): None if pd.isna(one.parent) else int(one.parent) for one in tree.itertuples()}
    seen = shown_to(principal, rows)
    for key in KEYS:
        mine, shown = (
            frame[(frame["indicator"] == key) & ~frame["stratum"].str.startswith("grid:")]
            for frame in (rows, seen)
        )
        known, truth, secret, lacking = Known(), {}, set(), {}
        for side in ("numerator", "listed"):
            for real, told in zip(mine.itertuples(), shown.itertuples(), strict=True):
                value = getattr(real, side)
                if pd.isna(value):
                    continue
                name = (side, real.unit, real.month, real.basis, real.stratum)
                truth[name] = int(value)
                if pd.isna(getattr(told, side)):
                    secret.add(name)
                else:
                    known.shown[name] = int(value)
        own = dict(truth)
        for name, value in truth.items():
            above = parents[name[1]]
            if above is not None and (name[0], above, *name[2:]) in own:
                own[name[0], above, *name[2:]] -= value
        tree_equations(known, truth, parents, own)
        if CARDS[key].is_events:
            first = min(rows["month"])
            time_equations(
                known, truth, {month: month - month % 12 for month in range(first, first + MONTHS)}
            )
        rest = {}
        for name, value in truth.items():
            if name[-1]:
                whole = (*name[:-1], ""), name[-1].partition(":")[0]
                rest[whole] = rest.get(whole, truth.get(whole[0], 0)) - value
        stratum_equations(known, truth, rest)
        for name, value in truth.items():
            whole = ("listed", *name[1:])
            if name[0] == "numerator" and whole in truth:
                lacking[name] = truth[whole] - value
                known.within.append((name, whole))
        answers = found(known)
        theirs_too = principal.in_charge_of(CARDS[key].system)
        mine_too = {unit for unit in parents if theirs_too and unit in principal.persons}
        for name in secret & answers.keys():
            theirs = [(name[0], unit, *name[2:]) for unit in mine_too if parents[unit] == name[1]]
            others = truth[name] - sum(truth.get(one, 0) for one in theirs)
            lack = lacking.get(name, 0) - sum(lacking.get(one, 0) for one in theirs)
            if 0 < others < least or (others > 0 and 0 < lack < least):
                out[key, *name] = answers[name]
    return out


@pytest.mark.parametrize("who", ["leader", "officer", "director"])
def test_no_small_number_of_the_demo_can_be_told(rows, tree, who: str):
    principal = {"leader": LEADER, "officer": OFFICER, "director": director(tree)}[who]
    assert small_numbers_told(rows, tree, principal) == {}


def test_the_attack_on_the_demo_has_teeth(rows, tree):
    """With what is small alone hidden, much can be told."""
    least = threshold()
    bits = sum(
        (
            rows[side].between(1, least - 1).astype(int) * bit
            for side, bit in (("numerator", 9), ("listed", 2))
        )
    )
    assert len(small_numbers_told(rows.assign(hidden=bits), tree, LEADER)) > 20


def test_sensitive_figures_of_stations_and_clinics_are_hidden(rows, tree):
    village = tree.loc[tree["kind"].isin(["station", "clinic"]), "unit"]
    seen = shown_to(LEADER, rows)
    sensitive = [key for key in KEYS if is_sensitive(CARDS[key])]
    mine = seen[seen["indicator"].isin(sensitive) & seen["unit"].isin(village)]
    assert len(mine) and mine[["numerator", "listed", "value"]].isna().all(axis=None)
    assert set(mine["status"]) == {HIDDEN}


def test_who_may_see_the_people_sees_the_numbers(rows, tree):
    exact = rows.drop(columns="hidden")
    pd.testing.assert_frame_equal(shown_to(LOCAL, rows), exact)
    of_system = exact["indicator"].map(lambda key: CARDS[key].system) == "S11"
    theirs = shown_to(OFFICER, rows)
    assert theirs.loc[of_system, "numerator"].equals(exact.loc[of_system, "numerator"].astype(float))
    assert (theirs.loc[~of_system, "status"] == HIDDEN).any()
    nobodys = shown_to(replace(LOCAL, own=NOTHING), rows)
    assert (nobodys["status"] == HIDDEN).sum() >= (theirs["status"] == HIDDEN).sum()


def test_a_hidden_figure_is_read_as_hidden_everywhere(store, tree):
    """Through the functions of pages: no number, no rank, no judgement."""
    unit = int(tree.loc[tree["kind"] == "station", "unit"].iloc[0])
    with store.published() as connection:
        last = figures.built(connection).last_month
        standing = figures.standing(LEADER, connection, unit, last, CARDS)
        hidden = standing[standing["status"] == HIDDEN]
        assert len(hidden) > 10
        assert hidden[["value", "rank", "change", "gap", "missing"]].isna().all(axis=None)
        assert set(hidden["judgement"]) == {"none"}
