"""Looking things up in the log, who must wait, who is signed in: on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from data.access import accounts, attempts, audit, searching, sessions
from data.access.audit import Who
from data.access.searching import Wanted
from data.access.tables import PLAN, session
from data.small_database import open_database

LI, WANG = Who("li", "leader", "10.0.0.1"), Who("wang", "clerk", "10.0.0.2")
LIMITS = sessions.Limits(timedelta(minutes=30), timedelta(hours=12))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_database")
    found = open_database(SimpleNamespace(database=url, folder=tmp_path), PLAN)
    yield found
    found.close()


@pytest.fixture
def start(database, monkeypatch):
    """Five entries, an hour between them."""
    start = audit.now().replace(hour=1, minute=0, second=0) - timedelta(days=2)
    about = [
        (LI, "in", {"how": "password"}),
        (WANG, "in", {"how": "password"}),
        (WANG, "import", {"batch": 7, "layouts": ["plain.person"]}),
        (LI, "export", {"file": "高血压_100%.csv"}),
        (Who("", "", "10.0.0.3"), "failed", {"why": "wrong"}),
    ]
    for hour, (who, what, told) in enumerate(about):
        monkeypatch.setattr(audit, "now", lambda hour=hour: start + timedelta(hours=hour))
        audit.write(database, who, what, told)
    monkeypatch.undo()
    return start


def found(database, **asked) -> list[int]:
    with database.reading() as connection:
        wanted = Wanted(**asked)
        rows = [row["entry"] for row in searching.page(connection, wanted, 1, 50)]
        assert searching.total(connection, wanted) == len(rows)
        assert [row["entry"] for row in searching.each(connection, wanted)] == rows[::-1]
        return rows


def test_each_filter(database, start):
    assert found(database) == [5, 4, 3, 2, 1]
    assert found(database, since=start + timedelta(hours=3)) == [5, 4]
    assert found(database, before=start + timedelta(hours=3)) == [3, 2, 1]
    assert found(database, who="li") == [4, 1]
    assert found(database, who="") == [5]
    assert found(database, what="in") == [2, 1]
    assert found(database, words=(("高血压",),)) == [4]
    assert found(database, words=(("PLAIN.person", "nothing"), ("7",))) == [3]
    assert found(database, words=(("plain.person",), ("8",))) == []


def test_signs_of_patterns_are_letters(database, start):
    assert found(database, words=(("100%",),)) == [4]
    assert found(database, words=(("1_0",),)) == []
    assert found(database, words=(("' OR 1=1 --",),)) == []


def test_pages_are_cut_by_the_database(database, start):
    with database.reading() as connection:
        assert [row["entry"] for row in searching.page(connection, Wanted(), 2, 2)] == [3, 2]
        assert searching.page(connection, Wanted(), 9, 2) == []
        assert [row["entry"] for row in searching.each(connection, Wanted(), last=2)] == [1, 2]
        assert searching.names(connection) == ["", "li", "wang"]
        assert searching.first_at(connection) == start


def test_when_somebody_was_last_here(database, start):
    with database.reading() as connection:
        assert searching.last_in(connection) == {"li": start, "wang": start + timedelta(hours=1)}


def test_whose_names_wait(database):
    with database.writing() as connection:
        for _ in range(5):
            attempts.note(connection, "Li", "10.0.0.1", 15)
        attempts.note(connection, "wang", "10.0.0.1", 15)
        locked = attempts.locked(connection, 5, 15)
    assert list(locked) == ["li"]
    assert locked["li"] > audit.now()


def test_sessions_in_force_and_rows_of_old_ones(database, monkeypatch):
    with database.writing() as connection:
        one = accounts.add(connection, "li", "李", "leader", "test", password="Gaoshan-2026", least=10)
        first = sessions.open_session(connection, one, "10.0.0.1")
        sessions.open_session(connection, one, "10.0.0.1")
        sessions.end(connection, sessions.key_of(first), "out")
        assert sessions.open_now(connection, LIMITS) == {one.number: 1}
        later = audit.now() + timedelta(days=200)
        monkeypatch.setattr(sessions, "now", lambda: later)
        assert sessions.open_now(connection, LIMITS) == {}
        sessions.open_session(connection, one, "10.0.0.1")
        assert len(connection.execute(select(session.c.session)).all()) == 1


def test_the_chain_is_followed_in_steps(database, monkeypatch):
    monkeypatch.setattr(audit, "_STEP", 3)
    for number in range(8):
        audit.write(database, LI, "export", {"n": number})
    told = []
    with database.reading() as connection:
        assert audit.broken(connection, told.append) is None
        number, link = audit.head(connection)
        assert audit.link_of(connection, number) == link
        assert audit.link_of(connection, 9) is None
    assert told == [3, 6]
