"""One telephone of many households: what counts, by hand and against a plain count, and what is shown of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

import commands.installation
from data import records
from data.hashing import Hasher
from data.identity import name, telephones
from data.store import Store, bulk_insert, create_missing
from metrics import published
from metrics.build import build
from metrics.cards import CARDS
from metrics.principal import EVERYTHING
from metrics.truth import signals
from metrics.truth.behind import rows_behind
from metrics.truth.listing import listed, look
from metrics.truth.publishing import looked_at
from metrics.truth.registered import with_telephone
from metrics.truth.work import Work
from tests.roles import as_role
from tests.truth import small
from tests.truth.evaluation import RULES

HASHER = Hasher(b"a secret of this test")
OFFICER = as_role("officer", "officer", EVERYTHING, EVERYTHING)
CROWDED = 4  # the unit in which people have somebody else's telephone
MOST = int(RULES.phone_households)


def people(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    """(unit, telephone, family) of persons numbered from 1."""
    frame = pd.DataFrame(rows, columns=["unit", "phone", "family"], dtype="int64")
    return frame.assign(person=np.arange(1, len(frame) + 1))


def test_a_family_with_one_telephone_is_one_household():
    has = with_telephone(people([(1, 70, 9)] * 6 + [(1, 70, 8)]), RULES)
    assert set(has["households"]) == {2}
    assert set(has["sharers"]) == {7}


def test_whose_family_is_not_known_is_a_household_of_their_own():
    assert set(with_telephone(people([(1, 70, -1)] * 5), RULES)["households"]) == {5}
    alone = people([(1, 70, -1)] * 5).drop(columns="family")
    assert set(with_telephone(alone, RULES)["households"]) == {5}


def test_a_family_number_of_a_whole_village_is_no_household():
    assert set(with_telephone(people([(1, 70, 9)] * 7), RULES)["households"]) == {7}


def test_other_units_and_people_without_a_telephone_do_not_count():
    has = with_telephone(people([(1, 70, 1), (1, 70, 2), (2, 70, 3), (1, -1, 4)]), RULES)
    assert has["households"].tolist() == [2, 2, 1]


PERSON = st.tuples(st.integers(1, 2), st.sampled_from([-1, 70, 71]), st.sampled_from([-1, 1, 2, 3]))


@given(st.lists(PERSON, max_size=30))
def test_households_are_those_of_a_plain_count(rows):
    has = with_telephone(people(rows), RULES)
    families, doors, numbers = defaultdict(int), defaultdict(set), defaultdict(int)
    for unit, phone, family in rows:
        families[unit, family] += phone != -1
    for place, (unit, phone, family) in enumerate(rows):
        known = family != -1 and families[unit, family] <= RULES.visit_household_most
        doors[unit, phone].add(("family", family) if known else ("person", place))
        numbers[unit, phone] += 1
    wanted = [(len(doors[unit, phone]), numbers[unit, phone]) for unit, phone, _ in rows if phone != -1]
    assert list(zip(has["households"], has["sharers"], strict=True)) == wanted


# -- the signal


def district(given: dict[int, int]) -> Work:
    """Twelve units of 60 people in families of three with a telephone each; ``given``: so many of a unit have one more's."""
    rows, contacts = [], []
    for unit in range(1, 13):
        for number in range(60):
            shared = number < given.get(unit, 0)
            rows.append((unit, 1 if shared else unit * 100 + number // 3, unit * 100 + number // 3))
    persons = people(rows).assign(birth=pd.Timestamp("1950-03-04"), sex="1", died_on=pd.NaT)
    contacts = pd.DataFrame(
        {
            "row_id": persons["person"], "person": persons["person"], "unit": persons["unit"], "doctor": "",
            "kind": "htn", "day": pd.Timestamp("2025-03-04"), "entered_on": pd.NaT, "mode": "", "sbp": np.nan,
            "dbp": np.nan, "fpg": np.nan, "complete": False,
        }
    )  # fmt: skip
    stays = pd.DataFrame({"person": [], "unit": [], "from_on": [], "to_on": []})
    stays = stays.astype(
        {"person": "int64", "unit": "int64", "from_on": "datetime64[ns]", "to_on": "datetime64[ns]"}
    )
    units = pd.DataFrame({"unit": range(1, 13), "parent": -1, "kind": "clinic", "lon": 110.0, "lat": 27.0})
    return Work(contacts, persons, stays, units)


def told(work: Work) -> pd.DataFrame:
    rows = signals(work, RULES)
    return rows[rows["kind"] == "telephones"].set_index("unit")


def test_families_that_share_are_no_signal():
    rows = told(district({}))
    assert (rows["observed"] == 0).all()
    assert (rows["p"] == 1).all()
    assert (rows["number"] == 60).all()


def test_a_number_that_stands_for_many_is_a_signal_of_that_unit():
    rows = told(district({5: 45, 6: 12}))
    assert rows.loc[5, "observed"] * 60 == 45  # of fifteen families
    assert rows.loc[6, "observed"] == 0  # of four
    assert rows.loc[5, "behind"] == 45
    assert rows.loc[5, "p"] < 0.001
    assert (rows.drop(index=5)["p"] > 0.5).all()


# -- from the store to the page


@pytest.fixture
def known(store: Store) -> Store:
    """The small district, in which thirty of a unit's forty people have one of two telephones; all others have their own."""
    small.share_telephones(store, small.fill(store), CROWDED)
    with store.records() as connection:
        tables = looked_at(connection, small.MONTH, HASHER, telephones(store))
    with store.change("published") as draft:
        if store.dialect == "duckdb":
            create_missing(draft.published, published.metadata)
        for table, frame in tables.items():
            bulk_insert(draft.published, published.PUBLISHED[table], frame)
    return store


def test_telephones_that_are_marked_later_are_looked_at(store, installation, monkeypatch):
    """The key was away when an older release was brought up to date: no record changes when it is back."""
    card = CARDS["htn_standard_rate"]
    monkeypatch.setattr(commands.installation, "CARDS", {card.key: card})
    small.share_telephones(store, small.fill(store), CROWDED)
    with store.change("records", "identity") as draft:
        event = {"event": 1, "at": datetime(2025, 1, 5), "kind": "import", "by": "tester"}
        draft.records.execute(insert(records.event), [event])
        marks = draft.identity.execute(select(name.c.subject, name.c.phone_mark)).all()
        draft.identity.execute(update(name).values(phone_mark=None))

    def crowded() -> tuple:
        build(store, installation, cards=[card])
        table, reason = published.truth_look, published.truth_signal
        with store.published() as connection:
            seen = connection.execute(select(table.c.telephones)).scalar_one()
            units = connection.execute(select(reason.c.unit).where(reason.c.kind == "telephones"))
            return seen, list(units.scalars())

    assert crowded() == (0, [])
    assert commands.installation._is_built(store)
    with store.change("identity") as draft:
        for subject, mark in marks:
            draft.identity.execute(update(name).where(name.c.subject == subject).values(phone_mark=mark))
    assert not commands.installation._is_built(store)
    assert crowded() == (320, [CROWDED])
    assert commands.installation._is_built(store)


def test_the_page_tells_who_has_the_same_number_and_no_number(known: Store):
    with known.published() as connection:
        looked = look(OFFICER, connection)
    reasons = listed(OFFICER, known, looked.window, range(1, 9), HASHER).reasons
    row = reasons[(reasons["unit"] == CROWDED) & (reasons["kind"] == "telephones")].iloc[0]
    assert (row["number"], row["behind"], round(row["observed"] * row["number"])) == (40, 30, 30)
    behind = rows_behind(known, OFFICER, looked, CROWDED, 0, "telephones", HASHER, 1, 50)
    assert behind.total == 30
    assert behind.rows["note"].tolist() == [(1, 20)] * 20 + [(2, 10)] * 10
    with known.records() as connection:
        mine = set(
            connection.execute(
                select(records.person.c.person).where(records.person.c.unit == CROWDED)
            ).scalars()
        )
    assert set(behind.rows["person"]) <= mine
    second = rows_behind(known, OFFICER, looked, CROWDED, 0, "telephones", HASHER, 2, 20)
    assert second.rows["note"].tolist() == [(2, 10)] * 10
