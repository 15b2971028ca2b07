"""The book: whole edits, one at a time; readers that wait for nobody; nobody's edit is lost in silence."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from data.register import (
    EditedMeanwhileError,
    TextTooLongError,
    add,
    add_many,
    change,
    exists,
    history_of,
    open_register,
)
from data.register.book import LONGEST
from data.register.tables import appraisal_entry, finding, history, visit

VISIT = {"unit": 7, "kind": "monthly", "planned_on": date(2026, 3, 5), "state": "planned"}
ENTRY = {"round": 1, "unit": 7, "staff_no": "", "item": "a", "applies": None, "points": 500, "note": None}


def numbers(register) -> list[int]:
    with register.reading() as connection:
        return list(connection.execute(select(visit.c.visit).order_by(visit.c.visit)).scalars())


def test_an_edit_stands_whole_or_not_at_all(register):
    with register.writing() as connection:
        assert add(connection, visit, VISIT, "li") == 1
    with pytest.raises(RuntimeError), register.writing() as connection:
        assert add(connection, visit, VISIT, "li") == 2
        raise RuntimeError
    assert numbers(register) == [1]
    with register.reading() as connection:
        assert len(connection.execute(select(history)).fetchall()) == 1


def test_of_two_who_read_the_same_row_the_second_is_told_who_and_when(register):
    with register.writing() as connection:
        number = add(connection, visit, VISIT, "li")
    with register.writing() as connection:
        assert change(connection, visit, {"visit": number}, 1, {"team": "A"}, "li") == 2
    with pytest.raises(EditedMeanwhileError) as caught, register.writing() as connection:
        change(connection, visit, {"visit": number}, 1, {"team": "B"}, "wang")
    assert (caught.value.by, caught.value.row["team"], caught.value.row["version"]) == ("li", "A", 2)
    assert caught.value.at is not None
    with register.reading() as connection:
        steps = history_of(connection, "visit", str(number))
    assert [(step["by"], step["action"]) for step in steps] == [("li", "add"), ("li", "change")]
    assert (steps[1]["before"], steps[1]["after"]) == ({"team": None}, {"team": "A"})
    assert steps[0]["after"]["planned_on"] == "2026-03-05"


def test_two_who_add_the_same_row_do_not_overwrite_each_other(register):
    with register.writing() as connection:
        add(connection, appraisal_entry, ENTRY, "li")
    with pytest.raises(EditedMeanwhileError) as caught, register.writing() as connection:
        add(connection, appraisal_entry, ENTRY | {"points": 300}, "wang")
    assert (caught.value.by, caught.value.row["points"]) == ("li", 500)


@pytest.mark.parametrize("many", [LONGEST + 1, 10**6])
def test_more_than_a_field_holds_is_refused_and_nothing_stands(register, many):
    """A browser may be told of any limit: the register itself asks for it."""
    with register.writing() as connection:
        number = add(connection, visit, VISIT, "li")
    long = VISIT | {"account": "长" * many}
    with pytest.raises(TextTooLongError, match=f"{many:,}"), register.writing() as connection:
        add(connection, visit, long, "li")
    with pytest.raises(TextTooLongError), register.writing() as connection:
        change(connection, visit, {"visit": number}, 1, {"account": long["account"]}, "li")
    with pytest.raises(TextTooLongError), register.writing() as connection:
        add_many(connection, appraisal_entry, [ENTRY, ENTRY | {"item": "b", "note": long["account"]}], "li")
    with register.writing() as connection:
        assert add(connection, visit, VISIT | {"account": "长" * LONGEST}, "li") == number + 1
    assert numbers(register) == [number, number + 1]


def test_what_nobody_sees_is_not_kept(register):
    with register.writing() as connection:
        number = add(connection, visit, VISIT | {"account": "药\x00品\u202e不\u200b全\x07\n第二行"}, "li")
        row = connection.execute(select(visit.c.account).where(visit.c.visit == number)).scalar_one()
    assert row == "药品不全\n第二行"


def test_a_row_that_is_not_there_is_no_edit_of_somebody_else(register):
    with pytest.raises(LookupError), register.writing() as connection:
        change(connection, visit, {"visit": 99}, 1, {"team": "A"}, "li")


def test_readers_do_not_wait_for_a_writer_and_see_one_state(register):
    with register.writing() as connection:
        add(connection, visit, VISIT, "li")
    with register.reading() as reader:
        seen = select(visit.c.visit)
        assert len(reader.execute(seen).fetchall()) == 1
        with register.writing() as writer:
            add(writer, visit, VISIT, "wang")
            assert numbers(register) == [
                1
            ]  # another reader, while the edit is under way: it does not wait for its end
        assert len(reader.execute(seen).fetchall()) == 1  # the state that it began with
    assert numbers(register) == [1, 2]


def test_readers_do_not_lock_each_other_nor_a_writer(register):
    with register.reading() as one, register.reading() as other:
        one.execute(select(visit)).fetchall()
        other.execute(select(visit)).fetchall()
        with register.writing() as writer:  # both readers are still there
            add(writer, visit, VISIT, "li")
        assert one.execute(select(visit)).fetchall() == []
    assert numbers(register) == [1]


def test_a_reader_cannot_write(register):
    with pytest.raises(DBAPIError), register.reading() as connection:
        row = VISIT | {"visit": 1, "version": 1, "edited_at": None, "edited_by": "li"}
        connection.execute(insert(visit).values(row))


def test_writers_at_once_get_numbers_of_their_own(register):
    """8 writers, 10 edits each: numbers 1 to 80, and 80 lines of history numbered 1 to 80."""
    failed = []

    def write(name: str) -> None:
        try:
            for _ in range(10):
                with register.writing() as connection:
                    add(connection, visit, VISIT, name)
        except Exception as error:  # told below: a thread's exception is nobody's
            failed.append(error)

    threads = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert numbers(register) == list(range(1, 81))
    with register.reading() as connection:
        entries = connection.execute(select(history.c.entry).order_by(history.c.entry)).scalars()
        assert list(entries) == list(range(1, 81))


def test_asking_makes_nothing_and_opening_twice_changes_nothing(installation):
    assert not exists(installation)
    first = open_register(installation)
    with first.writing() as connection:
        add(connection, visit, VISIT, "li")
    assert exists(installation)
    second = open_register(installation)
    assert numbers(second) == [1]
    first.close()
    second.close()


def test_many_may_open_a_new_register_at_once(installation):
    opened, failed = [], []

    def begin() -> None:
        try:
            opened.append(open_register(installation))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for register in opened:
        register.close()
    assert failed == [] and len(opened) == 4


@pytest.mark.parametrize("engine_name", ["duckdb"])  # a server is migrated: tests/engines/test_migrations.py
def test_an_older_register_gets_the_columns_that_were_added_since(installation):
    register, place = open_register(installation), "finding"
    with register.writing() as connection:
        connection.execute(text(f"ALTER TABLE {place} DROP COLUMN responsible"))
        connection.execute(text(f"DROP TABLE {place.replace('finding', 'evidence')}"))
        connection.execute(
            text(
                f"INSERT INTO {place} (finding, unit, kind, severity, what, issued_on, due_on, state, version,"
                " edited_at, edited_by) VALUES (1, 7, 'sup_drugs', 'low', 'x', '2026-03-05', '2026-03-08', 'open',"
                " 1, '2026-03-05 08:00:00.000000', 'li')"
            )
        )
    register.close()
    again = open_register(installation)
    with again.reading() as connection:
        row = connection.execute(select(finding)).mappings().one()
    again.close()
    assert (row["what"], row["responsible"]) == ("x", None)
