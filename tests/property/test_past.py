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
from metrics.past import ENTERED, KNOWN, Standing, can_tell, figures_then, past_figures
from metrics.principal import LOCAL, NotAllowedError, Scope
from tests.plain.months import month_of
from tests.property.amount import examples
from tests.property.districts import BUREAU, CLINIC, STATION, TOWN, VALLEY, Plan
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
NUMBERS = ["numerator", "listed", "denominator", "value", "status", "origin"]


def cards_of(seed: int) -> list:
    draw = random.Random(seed)
    found = {}
    for suits in SHAPES.values():
        card = draw.choice([card for card in CARDS.values() if suits(card) and can_tell(card)])
        found[card.key] = card
    return list(found.values())


def date_events(store: Store, history: History) -> None:
    """Event n happened on the n-th of March 2026."""
    with store.change("records") as draft:
        for event in range(1, history.event + 1):
            at = dt.datetime(2026, 3, event, 9)
            table = records.event
            draft.records.execute(table.update().where(table.c.event == event).values(at=at))


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
        for _ in range(3):
            write(store, history)
            build(store, place, cards=cards)
            published.append(read_figures(store))
            history.change()
        write(store, history)
        compared = 0
        for event, rows in enumerate(published, 1):
            for card in cards:
                unit = draw.choice([BUREAU, TOWN, VALLEY, STATION, CLINIC])
                theirs = rows[(rows["indicator"] == card.key) & (rows["unit"] == unit)]
                with store.records() as connection:
                    ours = figures_then(connection, LOCAL, card, unit, Standing(KNOWN, event))
                assert as_rows(ours) == as_rows(theirs), (card.key, unit, event)
                compared += len(theirs)
        assert compared > 0


@pytest.fixture(scope="module")
def told():
    """A store with three events on the first days of March 2026, and what was published after each."""
    plan = Plan(seed=5, districts=1, persons=25, months=14)
    card = CARDS["htn_control_rate"]
    with new_store() as (store, place):
        history = History(plan)
        published = []
        for _ in range(3):
            write(store, history)
            date_events(store, history)
            build(store, place, cards=[card])
            published.append(read_figures(store).set_index(["unit", "month", "basis"]))
            history.change()
        yield store, published


def test_a_day_is_told_by_the_last_import_before_it(told):
    store, published = told
    month = int(published[0].index.get_level_values("month").max())
    days = [dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2026, 3, 2), dt.date(2026, 5, 1)]
    answers = past_figures(store, LOCAL, "htn_control_rate", TOWN, month, "ytd", days)
    assert [answer.standing for answer in answers] == [
        Standing(ENTERED, None, days[0]),
        Standing(KNOWN, 1),
        Standing(KNOWN, 2),
        Standing(KNOWN, 3),
    ]
    for answer, rows in zip(answers[1:], published, strict=True):
        row = rows.loc[(TOWN, month, "ytd")]
        assert (answer.numerator, answer.denominator, answer.value) == (
            row["numerator"],
            row["denominator"],
            row["value"],
        )


def test_before_the_first_import_rows_count_by_the_day_of_their_entry(told):
    """The same as a store that never got the rows that were entered later."""
    store, _ = told
    day = dt.date(2025, 6, 30)
    history = History(Plan(seed=5, districts=1, persons=25, months=14))
    for _ in range(2):
        history.change()
    gone = [
        row
        for name, rows in history.versions.items()
        if name != "person"
        for row in rows
        if row.get("entered_on") is not None and row["entered_on"] > day
    ]
    assert gone
    for rows in history.versions.values():
        rows[:] = [row for row in rows if not any(row is late for late in gone)]
    [answer] = past_figures(store, LOCAL, "htn_control_rate", BUREAU, month_of(day), "ytd", [day])
    assert answer.standing.how == ENTERED
    with new_store() as (other, place):
        write(other, history)
        build(other, place, cards=[CARDS["htn_control_rate"]])
        rows = read_figures(other).set_index(["unit", "month", "basis"])
        row = rows.loc[(BUREAU, month_of(day), "ytd")]
    assert (answer.numerator, answer.denominator) == (row["numerator"], row["denominator"])


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
