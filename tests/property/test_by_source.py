"""Figures by source system add up to the figure, say what plain counting says, and are the same after an addition."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from data import records
from data.store import Store, bulk_insert
from metrics import published
from metrics.build import build
from metrics.by_source import by_source
from metrics.cards import CARDS
from metrics.principal import LOCAL
from metrics.quality import quality_cards
from tests.property.amount import examples
from tests.property.districts import Plan
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write

# Of the third file nobody knows the layout, the fourth is not in the book.
LAYOUTS = {1: "chis.htn_followup", 2: "plain.followup", 3: None}
MADE_ON = dt.date(2025, 2, 28)  # no figures of later months
SYSTEMS = {1: "chis", 2: "plain", 3: "", 4: ""}
KEYS = ["indicator", "unit", "month"]
plans = st.builds(
    Plan, seed=st.integers(0, 10**6), districts=st.just(2), persons=st.integers(12, 20), months=st.just(14)
)


def spread(history: History) -> None:
    """Rows come from four files."""
    for rows in history.versions.values():
        for row in rows:
            row["file"] = row["row_id"] % 4 + 1


def write_files(store: Store) -> None:
    counts = [column.name for column in records.source_file.c if column.name.startswith("rows_")]
    files = [
        {
            "file": number,
            "batch": 1,
            "name": f"{number}.csv",
            "sha256": "",
            "layout": layout,
            "snapshot": False,
            "made_on": MADE_ON,
        }
        | dict.fromkeys(counts, 0)
        for number, layout in LAYOUTS.items()
    ]
    with store.change("records") as draft:
        bulk_insert(draft.records, records.source_file, pd.DataFrame(files))


def parts(store: Store) -> pd.DataFrame:
    with store.published() as connection:
        rows = pd.read_sql(select(published.source_figure), connection)
    return rows.sort_values([*KEYS, "system"], ignore_index=True)


def test_every_card_of_quality_is_told_by_source():
    assert quality_cards() and all(card.is_by_source for card in quality_cards().values())


@examples(1)
@given(plan=plans)
def test_systems_add_up_and_an_addition_gives_what_all_gives(plan):
    cards = [CARDS["hr_filing_rate"], *quality_cards().values()]
    with new_store() as (store, place):
        history = History(plan)
        spread(history)
        write(store, history)
        write_files(store)
        build(store, place, cards=cards)
        history.change()
        spread(history)
        write(store, history)
        assert build(store, place, cards=cards).kind == "incremental"
        added = parts(store)
        build(store, place, full=True, cards=cards)
        pd.testing.assert_frame_equal(added, parts(store))

        figures = read_figures(store)
        default = figures["indicator"].map(lambda key: str(CARDS[key].bases[0]))
        ours = figures["indicator"].isin(list(quality_cards())) & (figures["basis"] == default)
        figures = figures[ours & (figures["listed"] > 0)].set_index(KEYS)
        sums = added.groupby(KEYS)[["numerator", "denominator"]].sum()
        told = figures.loc[sums.index]
        known = told["numerator"].notna()
        assert (sums["numerator"][known] == told["numerator"][known]).all()
        assert (sums["denominator"] == told["listed"]).all()
        assert set(sums.index) == set(figures.index)
        assert set(added["system"]) == {"chis", "plain", ""}


def test_one_card_counted_row_by_row():
    """Follow-ups of the first months, by the unit itself: rows and rows without contradiction, system by system."""
    card = CARDS["dq_followup_once"]
    with new_store() as (store, place):
        history = History(Plan(seed=7, districts=2, persons=18, months=14))
        spread(history)
        write(store, history)
        write_files(store)
        build(store, place, cards=[card])
        masters = {row["person"] for row in history.versions["person"] if row["known_to"] is None}
        rows = [
            row
            for row in history.versions["followup"]
            if row["known_to"] is None and row["person"] in masters
        ]
        alike = Counter((row["person"], row["programme"], row["day"]) for row in rows)
        leaves = {row["unit"] for row in history.versions["unit"]}
        leaves -= {row["parent"] for row in history.versions["unit"]}
        months = range(2024 * 12, 2024 * 12 + 12)
        of, good = Counter(), Counter()
        for row in rows:
            for month in months:
                if row["unit"] in leaves and months[0] <= row["month"] <= month:
                    where = row["unit"], month, SYSTEMS[row["file"]]
                    of[where] += 1
                    good[where] += alike[row["person"], row["programme"], row["day"]] == 1
        with store.published() as connection:
            told = pd.concat(
                by_source(LOCAL, connection, sorted(leaves), {card.key: card}, month) for month in months
            )
        found = {
            (row.unit, row.month, row.system): (row.numerator, row.denominator) for row in told.itertuples()
        }
        assert len(found) > 20
        assert found == {where: (good[where], of[where]) for where in of if where in found}
        closed = {where for where in of if where not in found}
        shown = read_figures(store)
        assert all(
            shown[(shown["unit"] == unit) & (shown["month"] == month)].empty for unit, month, _ in closed
        )
