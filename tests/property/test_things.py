"""A list of things is as long as what the figure lacks, at every unit and level, and names what it lists."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import func, select

from metrics import published
from metrics.build import build
from metrics.card import Form, Gap
from metrics.cards import CARDS
from metrics.principal import LOCAL, Scope
from metrics.strata import declared, is_broken_down
from metrics.things import item_history, thing_page
from tests.property.districts import Plan
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write
from tests.roles import as_role

PLAN = Plan(seed=11, districts=1, persons=30, months=24)
KEYS = [key for key, card in CARDS.items() if not card.is_personal and card.gap is not Gap.NONE]


@pytest.fixture(scope="module")
def district():
    """A store with figures of a district, its figures, and its history."""
    with new_store() as (store, place):
        history = History(PLAN)
        write(store, history)
        build(store, place)
        yield store, read_figures(store), history


def _some(rows):
    """Of each card a figure, with something missing where there is any."""
    draw = random.Random(1)
    known = rows[rows["indicator"].isin(KEYS) & ~rows["status"].isin(["none", "untold"])]
    known = known[known["origin"] == "records"] if "origin" in known else known
    for key, group in known.groupby("indicator"):
        lacking = _lacking(key, group)
        some = group[lacking > 0] if (lacking > 0).any() else group
        yield key, some.iloc[draw.randrange(len(some))]


def _lacking(key: str, rows):
    if CARDS[key].gap is Gap.COUNTED:
        return rows["numerator"].astype(float).fillna(0)
    return (rows["listed"] - rows["numerator"]).astype(float).fillna(0)


def test_a_list_is_as_long_as_what_is_missing(district):
    store, rows, _ = district
    seen = set()
    for key, row in _some(rows):
        place = (key, int(row["unit"]), int(row["month"]), row["basis"])
        page = thing_page(store, LOCAL, *place, 1, 500, "zh")
        lacking = int(_lacking(key, rows.loc[[row.name]]).iloc[0])
        assert page.total == lacking, place
        assert len(page.rows) == min(lacking, 500), place
        assert page.rows["unit_name"].notna().all()
        if lacking:
            seen.add(CARDS[key].form)
            if CARDS[key].form is Form.CHECK:
                assert page.rows["what"].notna().all(), place
            if CARDS[key].form is Form.DUTY:
                assert (page.rows["first"] <= page.rows["month"]).all(), place
    assert {Form.DUTY, Form.CHECK, Form.INDICATOR} <= seen


def test_a_list_is_paged_and_closed_to_others(district):
    store, rows, _ = district
    key, row = next((key, row) for key, row in _some(rows) if _lacking(key, rows.loc[[row.name]]).iloc[0] > 1)
    place = (key, int(row["unit"]), int(row["month"]), row["basis"])
    first, second = (thing_page(store, LOCAL, *place, page, 1, "en") for page in (1, 2))
    assert len(first.rows) == len(second.rows) == 1
    assert first.total == second.total
    nobody = as_role("x", "auditor", Scope(frozenset()), Scope(frozenset()))
    assert thing_page(store, nobody, *place, 1, 10, "en").total == 0


def test_the_history_of_items_is_what_was_found(district):
    store, _, history = district
    rows = [row for row in history.known_at(1)["check_item"] if row["unit"] is not None]
    month = max(row["month"] for row in rows) - 3
    looked_at = 0
    for unit in {row["unit"] for row in rows}:
        found = {one.code: [met for _, met in one.checks] for one in item_history(store, LOCAL, unit, month)}
        for code, states in found.items():
            own = [
                row for row in rows if (row["unit"], row["item"]) == (unit, code) and row["month"] <= month
            ]
            own.sort(key=lambda row: (row["day"], row["row_id"]))
            assert states == [row["met"] for row in own]
            looked_at += len(own)
    assert looked_at > 0


def test_strata_stay_few(district):
    """A printed ceiling: rows of strata grow with units, months and strata, not with people."""
    store, _, _ = district
    table = published.figure
    with store.published() as connection:
        counted = connection.execute(
            select(func.count()).select_from(table).where(table.c.stratum != "")
        ).scalar_one()
        units = connection.execute(select(func.count()).select_from(published.unit)).scalar_one()
        places = connection.execute(select(func.count()).select_from(published.place)).scalar_one()
    cards = sum(is_broken_down(card) for card in CARDS.values())
    years = 6  # that figures are made for at most
    ceiling = cards * (units * len(declared()) * years + places)
    print(f"strata: {counted:,} rows, at most {ceiling:,}")
    assert 0 < counted <= ceiling
