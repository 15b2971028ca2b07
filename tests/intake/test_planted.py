"""Every problem that the demo's generator planted was found, as its list says, and nothing else was refused."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Select, func, select

from data.identity import link, review
from data.intake.findings import FLAG, REJECT, WAIT
from data.records import RECORDS, problem, source_file
from data.store import Store, open_store

# The rule by which each kind of damage is found; a kind may be read in more than one way.
RULES = {
    "after_death": {"after_death"},
    "coordinates_swapped": {"coordinates_swapped"},
    "date_future": {"date_future"},
    "date_impossible": {"date_impossible"},
    "date_no_year": {"date_no_year"},
    "id_checksum": {"id_checksum"},
    "id_damaged": {"id_damaged"},
    "id_masked": {"id_masked"},
    "pressure_999": {"implausible_value"},
    "pressure_swapped": {"implausible_value", "pressure_order"},
    "pressure_zero": {"implausible_value", "pressure_unreadable"},
    "required_blank": {"required_missing"},
    "unit_blank": {"required_missing"},
    "unknown_code": {"code_unknown"},
    "x_in_number": {"number_masked", "number_unreadable"},
}
PERSON, HEALTH_RECORD = RECORDS["person"], RECORDS["health_record"]
Cell = tuple[str, int]  # name of a file, line


@pytest.fixture(scope="module")
def planted(demo) -> list[dict[str, str]]:
    path = demo.sources / "_about" / "planted.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def demo_store(demo) -> Iterator[Store]:
    store = open_store(demo)
    yield store
    store.close()


@pytest.fixture(scope="module")
def records(demo_store) -> Iterator[Connection]:
    with demo_store.records() as connection:
        yield connection


@pytest.fixture(scope="module")
def identity(demo_store) -> Iterator[Connection]:
    with demo_store.identity() as connection:
        yield connection


@pytest.fixture(scope="module")
def found(records) -> dict[tuple[str, int, str], set[str]]:
    """Rules by file, line and severity."""
    rows = records.execute(
        select(source_file.c.name, problem.c.line, problem.c.severity, problem.c.rule).join(
            problem, problem.c.file == source_file.c.file
        )
    )
    rules: dict[tuple[str, int, str], set[str]] = {}
    for name, line, severity, rule in rows:
        rules.setdefault((name, line, severity), set()).add(rule)
    return rules


def expected(planted, what: str) -> list[dict[str, str]]:
    rows = [row for row in planted if row["expected"] == what]
    assert rows
    return rows


def cell(row: dict[str, str]) -> Cell:
    return row["file"], int(row["line"])


def pairs(connection: Connection, query: Select) -> dict:
    return dict(map(tuple, connection.execute(query)))


def subjects(records, table) -> dict[Cell, int]:
    """The subject of every row of a table, by where it stood."""
    query = select(source_file.c.name, table.c.line, table.c.subject).join(
        table, table.c.file == source_file.c.file
    )
    return {(name, line): subject for name, line, subject in records.execute(query)}


@pytest.mark.parametrize("severity", [REJECT, FLAG])
def test_damaged_cells(planted, found, severity):
    missed = [
        row
        for row in expected(planted, severity)
        if not found.get((*cell(row), severity), set()) & RULES[row["kind"]]
    ]
    assert not missed


def test_nothing_else_is_refused(planted, found):
    refused = {(name, line) for name, line, severity in found if severity == REJECT}
    assert refused == {cell(row) for row in expected(planted, REJECT)}


def test_rows_of_unmapped_units_wait(planted, records):
    rows = expected(planted, WAIT)
    waiting = pairs(records, select(source_file.c.name, source_file.c.rows_waiting))
    assert {name: waiting[name] for name in {row["file"] for row in rows}} == Counter(
        row["file"] for row in rows
    )
    told = records.execute(select(problem.c.value).where(problem.c.rule == "unit_unmapped")).scalars()
    assert set(told) == {row["value"] for row in rows}


def test_rows_that_stand_twice_count_once(planted, records):
    again = Counter(row["file"] for row in expected(planted, "unchanged"))
    query = select(source_file.c.name, source_file.c.rows_unchanged).where(source_file.c.rows_unchanged > 0)
    assert pairs(records, query) == again


def test_one_person_under_two_numbers_is_one_person(planted, records, identity):
    rows = expected(planted, "merge")
    person = pairs(identity, select(link.c.subject, link.c.person).where(link.c.known_to.is_(None)))
    persons = subjects(records, PERSON)
    size = Counter(person.get(subject, subject) for subject in set(persons.values()))
    twice = [persons[cell(row)] for row in rows if row["kind"] == "person_twice"]
    assert {size[person.get(subject, subject)] for subject in twice} == {2}
    holders = Counter(
        records.execute(select(HEALTH_RECORD.c.person).where(HEALTH_RECORD.c.known_to.is_(None))).scalars()
    )
    records_of = subjects(records, HEALTH_RECORD)
    again = [records_of[cell(row)] for row in rows if row["kind"] == "record_twice"]
    assert {holders[person.get(subject, subject)] for subject in again} == {2}
    assert sum(size.values()) - len(size) == len(twice)  # nobody else was merged
    in_force = select(func.count(PERSON.c.person), func.count(PERSON.c.person.distinct()))
    one, distinct = records.execute(in_force.where(PERSON.c.known_to.is_(None))).one()
    assert one == distinct == len(size)


def test_a_number_of_two_people_is_left_to_people(planted, records, identity):
    query = select(review.c.subject).where(review.c.reason == "same_number")
    open_questions = set(identity.execute(query).scalars())
    persons = subjects(records, PERSON)
    shared = {persons[cell(row)] for row in expected(planted, "review")}
    assert shared <= open_questions
    assert len(open_questions) >= 2 * len(shared)  # each with whoever holds the number already
