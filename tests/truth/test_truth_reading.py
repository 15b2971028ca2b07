"""Work read from a store: what is in force, between two days, of the units whose people somebody may see."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from data import records
from data.store import Store, bulk_insert, create_missing
from metrics.principal import EVERYTHING, Scope
from metrics.truth import combined, rules_in, signals
from metrics.truth.reading import Window, doctors_of, read_work, with_phones

YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))
_VERSION = dict(content=1, rank=1, batch=1, file=1, line=1, known_from=1, known_to=None)


def _rows(table, rows: list[dict]) -> pa.Table:
    number = len(table.name) * 1000
    whole = [
        dict.fromkeys(table.c.keys()) | _VERSION | {"row_id": number + n, "key": number + n} | row
        for n, row in enumerate(rows)
    ]
    found = pa.Table.from_pylist(whole)
    return found.select([name for name in found.column_names if found[name].null_count < len(whole)])


def _care(person: int, unit: int, day: date, **more) -> dict:
    month = day.year * 12 + day.month - 1
    return {"subject": person, "person": person, "unit": unit, "day": day, "month": month, **more}


@pytest.fixture
def filled(store: Store) -> Store:
    about = {
        records.unit: [
            {"unit": unit, "code": str(unit), "name": str(unit), "kind": "clinic", "lon": 110.0, "lat": 27.0}
            for unit in (1, 2, 3)
        ],
        records.person: [
            {
                "subject": p,
                "person": p,
                "unit": 1 + p % 2,
                "sex": 1,
                "born_on": date(1950, 3, 4),
                "born_month": 23402,
            }
            for p in (1, 2, 3)
        ],
        records.followup: [
            _care(1, 2, date(2024, 3, 1), programme="htn", mode="home", sbp=140, dbp=90, doctor="王"),
            _care(2, 1, date(2024, 3, 2), programme="dm", fpg=6.9),
            _care(2, 1, date(2023, 3, 2), programme="dm", fpg=6.9),  # before
            _care(3, 2, date(2024, 5, 2), programme="htn", sbp=130, dbp=80, known_to=2),  # no longer in force
        ],
        records.checkup: [_care(2, 1, date(2024, 4, 1), complete=True, sbp=120, dbp=80)],
        records.encounter: [
            _care(1, 2, date(2024, 6, 1), visit_no="a", kind="outpatient"),
            _care(1, 2, date(2024, 7, 1), visit_no="b", kind="inpatient", discharged_on=date(2024, 7, 9)),
        ],
    }
    with store.change("records") as draft:
        if store.dialect == "duckdb":
            create_missing(draft.records, records.metadata)
        for table, rows in about.items():
            bulk_insert(draft.records, table, _rows(table, rows))
    return store


def work_of(store: Store, scope: Scope = EVERYTHING, around: int | None = None):
    with store.records() as connection:
        return read_work(connection, scope, YEAR, around)


def test_a_window_is_whole_months():
    assert Window.of(2024 * 12 + 1, 12) == Window(date(2023, 3, 1), date(2024, 2, 29))


def test_work_is_what_is_in_force_between_the_days(filled: Store):
    work = work_of(filled)
    contacts = work.contacts.sort_values("day")
    assert contacts["kind"].tolist() == ["htn", "dm", "checkup", "outpatient"]
    assert contacts["doctor"].tolist() == ["王", "", "", ""]
    assert contacts["sbp"].fillna(-1).tolist() == [140, -1, 120, -1]
    assert work.stays[["person", "unit"]].to_numpy().tolist() == [[1, 2]]
    assert set(work.persons["person"]) == {1, 2, 3}
    assert set(work.units["unit"]) == {1, 2, 3}


def test_people_have_the_place_and_the_household_of_their_record(filled: Store):
    rows = [
        {"subject": 1, "person": 1, "unit": 2, "created_on": date(2020, 1, 1), "place": 7, "family": 9},
        {"subject": 2, "person": 2, "unit": 1, "created_on": date(2020, 1, 1), "place": 8},
    ]
    places = [
        {"place": 7, "code": "7", "name": "七组", "lon": 110.5, "lat": 27.5},
        {"place": 8, "code": "8", "name": "八组"},
    ]
    with filled.change("records") as draft:
        bulk_insert(draft.records, records.health_record, _rows(records.health_record, rows))
        bulk_insert(draft.records, records.place, _rows(records.place, places))
    persons = work_of(filled).persons.sort_values("person")
    assert persons["family"].tolist() == [9, -1, -1]
    assert persons["lon"].fillna(0).tolist() == [110.5, 0, 0]
    assert persons["lat"].fillna(0).tolist() == [27.5, 0, 0]


def test_telephones_are_added_and_nobody_has_one_before(filled: Store):
    work = work_of(filled)
    assert set(work.persons["phone"]) == {-1}
    told = with_phones(work, pd.DataFrame({"person": [1, 3, 99], "phone": [0, 0, 1]}))
    assert told.persons.sort_values("person")["phone"].tolist() == [0, -1, 0]


def test_too_little_work_is_not_judged(filled: Store):
    rules = rules_in(2024 * 12 + 11)
    rows = combined(signals(work_of(filled), rules), rules)
    assert not (rows["q"] <= rules.q).any()


def test_work_of_other_units_is_not_read(filled: Store):
    work = work_of(filled, Scope(frozenset({1})))
    assert set(work.contacts["unit"]) == {1}
    assert set(work.persons["unit"]) == {1}
    assert work.stays.empty
    assert work_of(filled, Scope(frozenset())).contacts.empty


def test_work_around_a_unit_is_that_of_its_people(filled: Store):
    work = work_of(filled, around=1)
    assert set(work.contacts["person"]) == {2}
    assert set(work.persons["person"]) == {2}


def test_work_of_a_merged_unit_is_its_successors(filled: Store):
    """Unit 2 went over to unit 3 in May 2024: what it did before stays its own."""
    with filled.change("records") as draft:
        merged = records.unit.update().where(records.unit.c.unit == 2)
        draft.records.execute(merged.values(closed_on=date(2024, 5, 1), successor=3))
    contacts = work_of(filled).contacts.sort_values("day")
    at = [["htn", 2], ["dm", 1], ["checkup", 1], ["outpatient", 3]]
    assert contacts[["kind", "unit"]].to_numpy().tolist() == at
    assert work_of(filled).stays["unit"].tolist() == [3]
    assert work_of(filled, Scope(frozenset({3}))).contacts["kind"].tolist() == ["outpatient"]
    with filled.records() as connection:
        assert doctors_of(connection, [2], YEAR).to_numpy().tolist() == [[2, "王"]]
        assert doctors_of(connection, [1], YEAR).empty
