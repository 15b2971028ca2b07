"""Persons suspected to be kept twice: the share of records, counted plainly and added to after a decision; and who the other one is."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data.identity import review
from data.intake.layouts import load_layouts
from data.store import Store, bulk_insert
from metrics.build import build
from metrics.cards import CARDS
from metrics.faults import fault_page
from metrics.gaps import gap_page
from metrics.principal import EVERYTHING, LOCAL, Scope
from tests.plain.count import figures as plain_figures
from tests.plain.district import District
from tests.property.districts import FIRST, Plan
from tests.property.engine import as_numbers
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write, write_tables
from tests.property.test_gap_length import row
from tests.roles import as_role

KEY = "dq_person_once"
LAYOUTS = load_layouts()


def _share(store: Store, groups: list[list[int]]) -> None:
    """The review list: persons who hold a number together, in place of what is there."""
    rows = [
        {"reason": "same_number", "kind": "id", "hash": n, "subject": person}
        for n, group in enumerate(groups)
        for person in group
    ]
    with store.change("identity") as draft:
        draft.identity.execute(review.delete())
        bulk_insert(draft.identity, review, pd.DataFrame(rows))


def _differing(store: Store, history: History, groups: list[list[int]]) -> dict:
    suspected = [{"person": person} for person in {person for group in groups for person in group}]
    published = as_numbers(read_figures(store).query("indicator == @KEY"))
    last = max(month for _, _, month, _ in published)
    rows = history.known_at(history.event) | {"suspected": suspected}
    wanted = plain_figures(District(rows, FIRST, last), [KEY])
    return {
        place: (told, wanted.get(place)) for place, told in published.items() if told != wanted.get(place)
    }


def test_the_share_is_the_plain_count_also_after_more_is_known():
    cards = [CARDS[key] for key in (KEY, "dq_record_once", "htn_followup_count")]
    with new_store() as (store, place):
        history = History(Plan(seed=3, districts=2, persons=20, months=14))
        write(store, history)
        persons = sorted({row["person"] for row in history.versions["health_record"]})
        groups = [persons[:2], persons[4:7], [persons[1], persons[9]]]
        _share(store, groups)
        build(store, place, cards=cards)
        assert _differing(store, history, groups) == {}
        figures = read_figures(store)
        assert (figures["numerator"] < figures["listed"])[figures["indicator"] == KEY].any()
        history.change()
        write(store, history)
        groups = [persons[4:6], [persons[-1], persons[0]]]
        _share(store, groups)
        assert build(store, place, cards=cards).kind == "incremental"
        assert _differing(store, history, groups) == {}


@pytest.fixture(scope="module")
def store():
    people = {n: {"subject": n, "person": n, "unit": 3 if n == 3 else 2} for n in range(1, 5)}
    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="S", name="站", kind="station", parent=1),
            row(3, unit=3, code="T", name="东站", kind="station", parent=1),
        ],
        "person": [
            row(n, **about, born_on=dt.date(1960, 1, n), born_month=1960 * 12, sex=1, registered=True)
            for n, about in people.items()
        ],
        "health_record": [row(n, **about, created_on=dt.date(2024, 1, 1)) for n, about in people.items()],
        "encounter": [
            row(1, **people[1], day=dt.date(2025, 3, 5), month=2025 * 12 + 2, kind="outpatient", visit_no="1")
        ],
    }
    with new_store() as (store, place):
        write_tables(store, tables)
        _share(store, [[1, 2, 3]])
        build(store, place, cards=[CARDS[KEY], CARDS["dq_visit_once"]])
        yield store


def _page(store: Store, unit: int, principal=LOCAL):
    return fault_page(store, principal, KEY, unit, 2025 * 12 + 2, "as_of", 1, 50, LAYOUTS)


def test_each_names_the_others(store):
    page = _page(store, 1)
    assert {
        r.person: {(t.person, t.born_on.day, t.place.unit, t.place.line) for t in r.twins} for r in page.rows
    } == {
        1: {(2, 2, 2, 2), (3, 3, 3, 3)},
        2: {(1, 1, 2, 1), (3, 3, 3, 3)},
        3: {(1, 1, 2, 1), (2, 2, 2, 2)},
    }
    assert {one.check.key for r in page.rows for one in r.faults} == {"person_once"}
    listed = gap_page(store, LOCAL, KEY, 1, 2025 * 12 + 2, "as_of", 1, 50, "zh")
    assert sorted(listed.rows["person"]) == [1, 2, 3]


def test_of_people_elsewhere_only_that_they_are_there(store):
    mine = as_role("director", "director", EVERYTHING, Scope(frozenset({2})))
    twins = {
        r.person: [(t.person, t.born_on, t.place.unit, t.name_masked) for t in r.twins]
        for r in _page(store, 2, mine).rows
    }
    nobody = (None, None, None, None)
    assert {person: sorted(found, key=str) for person, found in twins.items()} == {
        1: sorted([(2, dt.date(1960, 1, 2), 2, None), nobody], key=str),
        2: sorted([(1, dt.date(1960, 1, 1), 2, None), nobody], key=str),
    }
