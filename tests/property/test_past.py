"""A figure as it stood: what a build published after each import is what is told of it when more has come in."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import records
from data.store import Store
from metrics.build import build
from metrics.cards import CARDS
from metrics.context import Horizon
from metrics.horizons import NothingToComputeError
from metrics.past import (
    ENTERED,
    KNOWN,
    Standing,
    built,
    can_tell,
    figures_then,
    horizon_at,
    past_figures,
)
from metrics.principal import LOCAL, NotAllowedError, Scope
from tests.plain.count import figures
from tests.plain.district import District
from tests.property.amount import examples
from tests.property.districts import BUREAU, CLINIC, STATION, TOWN, VALLEY, Plan
from tests.property.engine import as_numbers
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write

SHAPES = {
    "statistic": lambda card: card.statistic is not None and card.is_personal,
    "spans of a year": lambda card: card.key == "htn_control_rate",
    "events with a part": lambda card: card.is_events and card.is_listed and card.is_personal,
    "households": lambda card: card.each_level and card.is_personal,
    "work": lambda card: not card.is_personal and card.derived is None,
    "a season": lambda card: str(card.period) == "season",
    "told or not": lambda card: card.told is not None,
}
TOLD = Plan(seed=5, districts=1, persons=25, months=14)
NUMBERS = ["numerator", "listed", "denominator", "value", "status", "origin"]


def cards_of(seed: int) -> list:
    draw = random.Random(seed)
    found = {}
    for suits in SHAPES.values():
        card = draw.choice([card for card in CARDS.values() if suits(card) and can_tell(card)])
        found[card.key] = card
    return list(found.values())


def date(store: Store, history: History) -> None:
    """Event n happened on the n-th of March 2026, by files of February: later months are slips of the pen."""
    table, file = records.event, records.source_file
    about = {column.name: 0 for column in file.c if not column.nullable}
    about |= {"batch": 1, "name": "f", "sha256": "", "snapshot": False, "made_on": dt.date(2026, 2, 28)}
    with store.change("records") as draft:
        for event in range(1, history.event + 1):
            at = dt.datetime(2026, 3, event, 9)
            draft.records.execute(table.update().where(table.c.event == event).values(at=at, batch=1))
        draft.records.execute(file.delete())
        draft.records.execute(file.insert().values(about))


def as_rows(frame) -> dict:
    plain = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {(row["month"], row["basis"]): tuple(row[name] for name in NUMBERS) for row in plain}


@examples(1)
@given(
    plan=st.builds(
        Plan,
        seed=st.integers(0, 10**6),
        districts=st.just(1),
        persons=st.integers(15, 25),
        months=st.just(14),
    )
)
def test_what_was_published_is_what_stood(plan):
    draw = random.Random(plan.seed)
    cards = cards_of(plan.seed)
    with new_store() as (store, place):
        history = History(plan)
        published = []
        for _ in range(2):
            write(store, history)
            date(store, history)
            build(store, place, cards=cards)
            published.append(read_figures(store))
            history.change()
        write(store, history)
        date(store, history)
        compared = 0
        for event, rows in enumerate(published, 1):
            for card in cards:
                unit = draw.choice([BUREAU, TOWN, VALLEY, STATION, CLINIC])
                theirs = rows[(rows["indicator"] == card.key) & (rows["unit"] == unit)]
                with store.records() as connection:
                    ours = figures_then(connection, LOCAL, card, unit, Standing(KNOWN, event), built(store))
                assert as_rows(ours) == as_rows(theirs), (card.key, unit, event)
                compared += len(theirs)
        assert compared > 0


@pytest.fixture(scope="module")
def told():
    """A store with two events on the first days of March 2026, and what was published after each."""
    card = CARDS["htn_control_rate"]
    with new_store() as (store, place):
        history = History(TOLD)
        published = []
        for _ in range(2):
            write(store, history)
            date(store, history)
            build(store, place, cards=[card])
            published.append(read_figures(store).set_index(["unit", "month", "basis"]))
            history.change()
        yield store, published


def test_a_day_is_told_by_the_last_import_before_it(told):
    store, published = told
    month = int(published[0].index.get_level_values("month").max())
    days = [dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2026, 5, 1)]
    answers = past_figures(store, LOCAL, "htn_control_rate", TOWN, month, "ytd", days)
    assert [answer.standing for answer in answers] == [
        Standing(ENTERED, None, days[0]),
        Standing(KNOWN, 1),
        Standing(KNOWN, 2),
    ]
    for answer, rows in zip(answers[1:], published, strict=True):
        row = rows.loc[(TOWN, month, "ytd")]
        assert (answer.numerator, answer.denominator, answer.value) == (
            row["numerator"],
            row["denominator"],
            row["value"],
        )


def test_what_was_made_between_two_builds_is_told_by_the_first_of_them():
    horizons = {3: Horizon(10, 21), 7: Horizon(10, 22), None: Horizon(10, 22)}
    assert [horizon_at(event, horizons).last for event in (3, 6, 7, 9, None)] == [21, 21, 22, 22, 22]
    with pytest.raises(NothingToComputeError):
        horizon_at(2, horizons)


def test_before_the_first_import_rows_count_by_the_day_of_their_entry(told):
    """As the plain count has it of tables that lack the rows that were entered later."""
    store, published = told
    history = History(TOLD)
    history.change()
    tables = history.known_at(2)
    days = sorted(row["entered_on"] for row in tables["followup"] if row["entered_on"] is not None)
    day = days[len(days) // 2]
    left = {
        name: [
            row
            for row in rows
            if name == "person" or row.get("entered_on") is None or row["entered_on"] <= day
        ]
        for name, rows in tables.items()
    }
    assert len(left["followup"]) < len(tables["followup"])
    months = published[1].index.get_level_values("month")
    theirs = figures(District(left, months.min(), months.max()))
    with store.records() as connection:
        ours = figures_then(
            connection, LOCAL, CARDS["htn_control_rate"], BUREAU, Standing(ENTERED, None, day), built(store)
        )
    ours = as_numbers(ours[ours["status"] != "none"])
    assert ours == {place: theirs[place] for place in ours}
    assert any(numbers[0] for numbers in ours.values())


def test_whoever_may_not_open_the_list_is_told_nothing(told):
    store, published = told
    month = int(published[0].index.get_level_values("month").max())
    ask = ("htn_control_rate", TOWN, month, "ytd", [dt.date(2026, 3, 2)])
    for who in (
        replace(LOCAL, rights=LOCAL.rights - {"persons"}),
        replace(LOCAL, own=Scope(frozenset({TOWN}))),  # the town's station is none of theirs
        replace(LOCAL, systems=frozenset({"S07"})),
    ):
        with pytest.raises(NotAllowedError):
            past_figures(store, who, *ask)
