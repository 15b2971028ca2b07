"""Accounts, sessions, attempts and the log, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from data.access import accounts, attempts, audit, open_access, passwords, sessions
from data.access.accounts import AccountError
from data.access.log_key import LogKey
from data.access.tables import PLAN, entry
from data.installation import InstallationError, make_installation
from data.register import EditedMeanwhileError
from data.small_database import open_database

LIMITS = sessions.Limits(timedelta(minutes=30), timedelta(hours=12))
GOOD = "Yunling-2026"
WHO = audit.Who("wang", "leader", "127.0.0.1")


@pytest.fixture
def database(tmp_path):
    found = open_database(SimpleNamespace(database="", folder=tmp_path), PLAN)
    yield found
    found.close()


def made(database, name="Wang", role="leader", **more):
    with database.writing() as connection:
        return accounts.add(connection, name, "王局长", role, "test", password=GOOD, least=10, **more)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        (GOOD, []),
        ("Short-1", ["short"]),
        ("onlysmallletters", ["kinds"]),
        ("wang-Yunling-2026", ["name"]),
        ("云岭县卫生健康Abc", []),
        ("x" * 300, ["long", "kinds"]),
    ],
)
def test_what_is_asked_of_a_password(password, expected):
    assert passwords.faults(password, "wang", 10) == expected


def test_a_hash_is_salted_and_fits_its_password_alone():
    one, other = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert one != other and GOOD not in one
    assert passwords.fits(GOOD, one) and passwords.fits(GOOD, other)
    assert not passwords.fits(GOOD + " ", one)
    assert not passwords.fits(GOOD, None)


def test_an_invented_password_is_a_good_one():
    found = {passwords.invented() for _ in range(20)}
    assert len(found) == 20
    assert all(passwords.faults(one, "", 12) == [] for one in found)


def test_a_name_is_found_however_it_is_typed(database):
    made(database, "  Wang  Wei ")
    with database.reading() as connection:
        assert accounts.by_name(connection, "WANG WEI").shown == "王局长"
        assert accounts.password_fits(connection, "wang wei", GOOD).role == "leader"
        assert accounts.password_fits(connection, "wang wei", "Yunling-2027") is None
        assert accounts.password_fits(connection, "nobody", GOOD) is None


@pytest.mark.parametrize(
    ("name", "role", "more", "rule"),
    [
        (" ", "leader", {}, "name"),
        ("wang", "leader", {}, "taken"),
        ("li", "king", {}, "role"),
        ("li", "director", {}, "units"),
    ],
)
def test_an_account_that_cannot_be(database, name, role, more, rule):
    made(database)
    with pytest.raises(AccountError) as error:
        made(database, name, role, **more)
    assert error.value.rule == rule


def test_a_disabled_account_is_out_at_once(database):
    one = made(database)
    with database.writing() as connection:
        token = sessions.open_session(connection, one, "10.0.0.1")
    with database.reading() as connection:
        assert sessions.find(connection, token, LIMITS).account.name == "wang"
    with database.writing() as connection:
        accounts.change(
            connection, one, "test", shown="王", role="leader", units=(), systems=(), disabled=True
        )
    with database.reading() as connection:
        assert sessions.find(connection, token, LIMITS) is None
        assert accounts.password_fits(connection, "wang", GOOD) is None


def test_the_last_administrator_stays(database):
    one = made(database, "chief", "administrator")
    with pytest.raises(AccountError) as error, database.writing() as connection:
        accounts.change(
            connection, one, "test", shown="", role="administrator", units=(), systems=(), disabled=True
        )
    assert error.value.rule == "last"


def test_two_changes_at_once_are_told_of_each_other(database):
    one = made(database)
    same = {"shown": "王", "role": "leader", "units": (), "systems": ("S11",), "disabled": False}
    with database.writing() as connection:
        accounts.change(connection, one, "first", **same)
    with pytest.raises(EditedMeanwhileError) as error, database.writing() as connection:
        accounts.change(connection, one, "second", **same)
    assert error.value.by == "first"


def test_a_new_password_is_not_the_old_one_and_the_old_one_is_gone(database):
    one = made(database)
    with pytest.raises(AccountError) as error, database.writing() as connection:
        accounts.set_password(connection, one, GOOD, "wang", least=10, must_change=False)
    assert error.value.more == ("same",)
    with database.writing() as connection:
        accounts.set_password(connection, one, "Another-2026", "wang", least=10, must_change=False)
    with database.reading() as connection:
        assert accounts.password_fits(connection, "wang", GOOD) is None
        assert not accounts.password_fits(connection, "wang", "Another-2026").must_change


@pytest.mark.parametrize(
    ("later", "in_force"),
    [
        (timedelta(minutes=29), True),
        (timedelta(minutes=30), False),  # idle
        (timedelta(minutes=-4), True),  # the clock was set back a little
        (timedelta(hours=-1), False),  # by more than a clock's correction
    ],
)
def test_a_session_ends_when_nobody_clicks(database, monkeypatch, later, in_force):
    one, start = made(database), audit.now()
    with database.writing() as connection:
        token = sessions.open_session(connection, one, "10.0.0.1")
    monkeypatch.setattr(sessions, "now", lambda: start + later)
    with database.reading() as connection:
        assert (sessions.find(connection, token, LIMITS) is not None) == in_force


def test_a_session_ends_after_its_longest_however_busy(database, monkeypatch):
    one, start = made(database), audit.now()
    with database.writing() as connection:
        token = sessions.open_session(connection, one, "10.0.0.1")
    for minutes in range(20, 12 * 60, 20):
        monkeypatch.setattr(sessions, "now", lambda minutes=minutes: start + timedelta(minutes=minutes))
        with database.writing() as connection:
            assert sessions.find(connection, token, LIMITS) is not None
            sessions.see(connection, sessions.key_of(token), LIMITS)
    monkeypatch.setattr(sessions, "now", lambda: start + timedelta(hours=12, seconds=1))
    with database.reading() as connection:
        assert sessions.find(connection, token, LIMITS) is None


def test_signing_out_everywhere(database):
    one = made(database)
    with database.writing() as connection:
        tokens = [sessions.open_session(connection, one, "10.0.0.1") for _ in range(3)]
        assert sessions.end_all(connection, one.number, "everywhere", but=sessions.key_of(tokens[0])) == 2
    with database.reading() as connection:
        assert [sessions.find(connection, token, LIMITS) is not None for token in tokens] == [
            True,
            False,
            False,
        ]


def test_too_many_failures_make_a_name_wait_and_success_forgives(database, monkeypatch):
    start = audit.now()
    with database.writing() as connection:
        for _ in range(4):
            attempts.note(connection, "wang", "10.0.0.1", 15)
        assert attempts.waits_until(connection, "Wang", "10.0.0.9", 5, 15) is None
        attempts.note(connection, "wang", "10.0.0.1", 15)
        assert attempts.waits_until(connection, "Wang", "10.0.0.9", 5, 15) >= start + timedelta(minutes=15)
        assert attempts.waits_until(connection, "li", "10.0.0.1", 5, 15) is None
        monkeypatch.setattr(attempts, "now", lambda: start + timedelta(minutes=16))
        assert attempts.waits_until(connection, "wang", "10.0.0.9", 5, 15) is None
        attempts.forgive(connection, "WANG")
        monkeypatch.undo()
        assert attempts.waits_until(connection, "wang", "10.0.0.1", 5, 15) is None


def test_an_address_that_tries_many_names_waits_too(database):
    with database.writing() as connection:
        for number in range(50):
            attempts.note(connection, f"name{number}", "10.0.0.1", 15)
        assert attempts.waits_until(connection, "new", "10.0.0.1", 5, 15) is not None
        assert attempts.waits_until(connection, "new", "10.0.0.2", 5, 15) is None


def test_the_log_stands_until_somebody_touches_it(database):
    for number in range(5):
        audit.write(database, WHO, "export", {"rows": number})
    with database.reading() as connection:
        assert audit.broken(connection) is None
        assert audit.head(connection)[0] == 5


@pytest.mark.parametrize(
    ("touch", "first"),
    [
        (update(entry).where(entry.c.entry == 3).values(about="{}"), 3),
        (update(entry).where(entry.c.entry == 3).values(who="li"), 3),
        (delete(entry).where(entry.c.entry == 2), 3),
        (delete(entry).where(entry.c.entry == 1), 2),
    ],
)
def test_a_changed_or_missing_entry_breaks_the_log(database, touch, first):
    for number in range(5):
        audit.write(database, WHO, "export", {"rows": number})
    with database.writing() as connection:
        without_triggers(connection)
        connection.execute(touch)
    with database.reading() as connection:
        assert audit.broken(connection) == first


def without_triggers(connection) -> None:
    """As somebody would who has the file: the chain is what tells then."""
    for name in PLAN.triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET who = 'x'",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE entry = 2",
        "REPLACE INTO entry SELECT entry, at, 'x', role, address, what, about, chain FROM entry WHERE entry = 2",
        "INSERT INTO entry SELECT * FROM entry WHERE true ON CONFLICT DO UPDATE SET who = 'x'",
    ],
)
def test_the_log_is_not_changed_by_who_has_its_rows(database, statement):
    for number in range(3):
        audit.write(database, WHO, "export", {"rows": number})
    with pytest.raises(DBAPIError, match="can only be added to"), database.writing() as connection:
        connection.exec_driver_sql(statement)
    with database.reading() as connection:
        assert (audit.broken(connection), audit.count(connection)) == (None, 3)


# -- the key of the log --------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path):
    return make_installation(tmp_path / "own", kind="own")


def written(home, database, numbers) -> None:
    for number in numbers:
        audit.write(database, WHO, "export", {"rows": number})


def first_broken(home) -> int | None:
    opened = open_access(home)
    with opened.reading() as connection:
        found = audit.broken(connection)
    opened.close()
    return found


def rewrite(home, since: int, key: LogKey | None = None) -> None:
    """A new chain over changed entries from a number on, as somebody makes it who has the database alone."""
    opened = open_database(home, PLAN)
    with opened.writing() as connection:
        without_triggers(connection)
        rows = connection.execute(select(entry).order_by(entry.c.entry)).mappings().all()
        chain = audit.link_of(connection, since - 1)
        for row in rows[since - 1 :]:
            new = {**row, "who": "nobody"}
            chain = audit._link(chain, new, key)
            values = {"who": "nobody", "chain": chain}
            connection.execute(update(entry).where(entry.c.entry == row["entry"]).values(values))
    opened.close()


def test_a_log_without_a_key_stands_and_goes_on_with_one(home):
    plain = open_database(home, PLAN)
    written(home, plain, range(3))
    plain.close()
    keyed = open_access(home)
    written(home, keyed, range(3))
    with keyed.reading() as connection:
        links = list(connection.execute(select(entry.c.chain).order_by(entry.c.entry)).scalars())
        assert audit.broken(connection) is None
    keyed.close()
    assert [link[0] == "k" for link in links] == [False] * 3 + [True] * 3
    assert (home.folder / "log_keyed_from").read_text("ascii") == "4\n"


@pytest.mark.parametrize("since", [1, 2, 4, 5])
@pytest.mark.parametrize("key", [None, LogKey(b"another", 1)], ids=["plain", "another key"])
def test_who_has_the_database_alone_cannot_write_another_chain(home, since, key):
    plain = open_database(home, PLAN)
    written(home, plain, range(3))
    plain.close()
    keyed = open_access(home)
    written(home, keyed, range(3))
    keyed.close()
    rewrite(home, since, key)
    found = first_broken(home)
    # Plain entries of an older version can be made anew by anybody: the first keyed one does not follow from them.
    assert found is not None and found <= max(since, 4)


def test_what_was_written_down_when_the_log_was_keyed_is_found_again(home):
    keyed = open_access(home)
    written(home, keyed, range(2))
    keyed.close()
    (home.folder / "log_keyed_from").unlink()
    assert first_broken(home) is None
    assert (home.folder / "log_keyed_from").read_text("ascii") == "1\n"
    rewrite(home, 1)
    assert first_broken(home) == 1


def test_without_the_installations_key_the_log_is_not_opened(home):
    (home.folder / "secret.key").unlink()
    with pytest.raises(InstallationError, match=r"secret\.key"):
        open_access(home)


def test_only_known_kinds_are_logged(database):
    with pytest.raises(ValueError, match="sneeze"):
        audit.write(database, WHO, "sneeze", {})


def test_an_owner_is_known_by_the_network_of_the_machine(database):
    """A machine with privacy addresses changes the last half of its IPv6 address every day."""
    one = made(database)
    with database.writing() as connection:
        sessions.open_session(connection, one, "2001:db8:1:2:aaaa:bbbb:cccc:1")
        sessions.open_session(connection, one, "10.0.0.1")
    with database.reading() as connection:
        known = {
            address: sessions.was_opened_from(connection, one.number, address)
            for address in ("2001:db8:1:2::9", "2001:db8:1:3::9", "10.0.0.1", "10.0.0.2", "::ffff:10.0.0.1")
        }
    assert known == {
        "2001:db8:1:2::9": True,
        "2001:db8:1:3::9": False,
        "10.0.0.1": True,
        "10.0.0.2": False,
        "::ffff:10.0.0.1": True,
    }
