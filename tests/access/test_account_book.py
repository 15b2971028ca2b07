"""Accounts as an administrator keeps them: who may, what is refused, and what the log says of each deed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.access import accounts, attempts, audit, searching, sessions
from data.access.accounts import AccountError
from data.access.searching import Wanted
from data.register import EditedMeanwhileError
from metrics import account_book
from metrics.principal import EVERYTHING, LOCAL, NOTHING, NotAllowedError
from metrics.roles import RIGHTS_OF
from tests.roles import as_role

LEAST = 10
LIMITS = sessions.Limits(timedelta(minutes=30), timedelta(hours=12))
ADMIN = as_role("chief", "administrator", EVERYTHING, EVERYTHING)


def do(log, function, *given, by=ADMIN, **named):
    with log.writing() as connection:
        return function(by, connection, *given, **named)


def made(log, name="li", role="leader", **more):
    return do(log, account_book.add, name, "李", role, password="Gaoshan-2026", least=LEAST, **more)


def said(log) -> list[dict]:
    """What the log says of accounts, oldest first."""
    with log.reading() as connection:
        rows = list(searching.each(connection, Wanted(what="account")))
    assert {row["who"] for row in rows} <= {"chief", "local"}
    return [row["about"] for row in rows]


def now(log, name="li"):
    with log.reading() as connection:
        return accounts.by_name(connection, name)


@pytest.mark.parametrize("role", [role for role, rights in RIGHTS_OF.items() if "accounts" not in rights])
def test_nobody_else_keeps_accounts(log, role):
    one, other = made(log), as_role("x", role, NOTHING, NOTHING)
    for function, given in (
        (account_book.add, ("new", "", "leader")),
        (account_book.change, (one,)),
        (account_book.end_sessions, (one,)),
        (account_book.unlock, (one,)),
        (account_book.listed, (LIMITS, 5, 15)),
    ):
        with pytest.raises(NotAllowedError):
            do(log, function, *given, by=other)
    with pytest.raises(NotAllowedError):
        do(log, account_book.invent_password, one, LEAST, by=other)
    assert len(said(log)) == 1


def test_what_the_log_says_of_a_change(log):
    one = made(log, role="director", units=("02",))
    do(log, account_book.change, one, role="officer", units=(), systems=("S11",))
    told = said(log)[-1]
    assert told["did"] == "change" and told["account"] == "li"
    assert told["before"] == {"role": "director", "units": ["02"], "systems": []}
    assert told["after"] == {"role": "officer", "units": [], "systems": ["S11"]}


def test_nothing_changed_is_no_entry(log):
    one = made(log)
    assert do(log, account_book.change, one, shown="李") == one
    assert len(said(log)) == 1


def test_no_password_is_in_the_log(log):
    one = made(log)
    password = do(log, account_book.invent_password, one, LEAST)
    with log.reading() as connection:
        whole = str(list(searching.each(connection, Wanted())))
        assert accounts.password_fits(connection, "li", password).must_change
    assert password not in whole and "Gaoshan" not in whole and "scrypt" not in whole


def test_a_reset_signs_out_and_unlocks(log):
    one = made(log)
    with log.writing() as connection:
        token = sessions.open_session(connection, one, "10.0.0.1")
        for _ in range(5):
            attempts.note(connection, "li", "10.0.0.1", 15)
    do(log, account_book.invent_password, one, LEAST)
    with log.reading() as connection:
        assert sessions.find(connection, token, LIMITS) is None
        assert attempts.locked(connection, 5, 15) == {}
    assert said(log)[-1] | {"sessions": 1} == said(log)[-1]


def test_disabled_is_out_and_back(log):
    one = made(log)
    with log.writing() as connection:
        token = sessions.open_session(connection, one, "10.0.0.1")
    gone = do(log, account_book.change, one, disabled=True)
    back = do(log, account_book.change, gone, disabled=False)
    with log.reading() as connection:
        assert sessions.find(connection, token, LIMITS) is None  # enabled again is not signed in again
    assert not back.disabled
    assert [about["did"] for about in said(log)] == ["add", "disable", "enable"]


def test_nobody_changes_what_the_own_account_may(log):
    own = made(log, "chief", "administrator")
    made(log, "second", "administrator")
    for values in ({"role": "leader"}, {"units": ("01",)}, {"systems": ("S11",)}):
        with pytest.raises(AccountError) as error:
            do(log, account_book.change, own, **values)
        assert error.value.rule == "own"
    assert do(log, account_book.change, own, shown="张", role="administrator").shown == "张"
    # Whoever has the files may; and another administrator.
    with log.writing() as connection:
        own = accounts.by_name(connection, "chief")
        assert account_book.change(LOCAL, connection, own, role="leader").role == "leader"


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("system", "reserved"),
        (" Local ", "reserved"),
        ("ROOT", "reserved"),
        ("命令行", "reserved"),
        ("a,b", "letters"),
        ("<b>", "letters"),
        ("a\u200bb", "letters"),
        ("x" * 61, "letters"),
    ],
)
def test_names_that_nobody_may_have(log, name, rule):
    with pytest.raises(AccountError) as error:
        made(log, name)
    assert error.value.rule == rule


def test_a_persons_name_is_one_line_of_what_can_be_seen(log):
    one = do(log, account_book.add, "li", " 李\u202e四\x00\n科长 ", "leader")
    assert one.shown == "李四 科长"
    for function, given in (
        (account_book.add, ("wang", "王" * 61, "leader")),
        (account_book.change, (one,)),
    ):
        with pytest.raises(AccountError, match="shown"):
            do(log, function, *given, **({"shown": "王" * 10**6} if function is account_book.change else {}))


def test_a_password_that_somebody_else_knows_must_be_changed(log):
    one = made(log, "li2")
    assert one.must_change
    with log.writing() as connection:
        accounts.set_password(connection, one, "Changed-2026", "li2", least=LEAST, must_change=False)
        one = accounts.by_name(connection, "li2")
    assert not one.must_change
    do(log, account_book.set_password, one, "Another-2026", least=LEAST)
    with log.reading() as connection:
        assert accounts.by_name(connection, "li2").must_change


def test_the_last_administrator_stays(log):
    one = made(log, "last", "administrator")
    for values in ({"disabled": True}, {"role": "leader"}):
        with pytest.raises(AccountError) as error:
            do(log, account_book.change, one, **values)
        assert error.value.rule == "last"
    made(log, "second", "administrator")
    do(log, account_book.change, one, disabled=True)
    with pytest.raises(AccountError):
        do(log, account_book.change, now(log, "second"), role="leader")
    assert [about["did"] for about in said(log)] == ["add", "add", "disable"]


def test_what_was_changed_meanwhile_is_told_and_not_logged(log):
    one = made(log)
    do(log, account_book.change, one, shown="李一")
    with pytest.raises(EditedMeanwhileError):
        do(log, account_book.change, one, shown="李二")
    assert now(log).shown == "李一"
    assert len(said(log)) == 2


def test_systems_that_are_none(log):
    with pytest.raises(AccountError) as error:
        made(log, "wang", "officer", systems=("S11", "S99"))
    assert (error.value.rule, error.value.more) == ("systems", ("S99",))


def test_everyone_with_what_is_known_of_them(log):
    one, _ = made(log), made(log, "wang")
    with log.writing() as connection:
        audit.append(connection, audit.Who("li", "leader", "10.0.0.1"), "in", {"how": "password"})
        sessions.open_session(connection, one, "10.0.0.1")
        for _ in range(5):
            attempts.note(connection, "Wang", "10.0.0.1", 15)
        li, wang = account_book.listed(ADMIN, connection, LIMITS, 5, 15)
    assert (li.account.name, li.sessions, li.locked_until) == ("li", 1, None)
    assert li.last_in is not None
    assert (wang.last_in, wang.sessions) == (None, 0)
    assert wang.locked_until is not None
    do(log, account_book.unlock, wang.account)
    with log.reading() as connection:
        assert attempts.locked(connection, 5, 15) == {}


def test_signed_out_everywhere(log):
    one = made(log)
    with log.writing() as connection:
        tokens = [sessions.open_session(connection, one, "10.0.0.1") for _ in range(2)]
    assert do(log, account_book.end_sessions, one) == 2
    with log.reading() as connection:
        assert all(sessions.find(connection, token, LIMITS) is None for token in tokens)
    assert said(log)[-1]["did"] == "out_everywhere"


def test_the_first_administrator_is_made_once(log):
    first, password = do(log, account_book.first_administrator, "系统管理员", LEAST, by=LOCAL)
    assert (first.name, first.role, first.must_change) == ("admin", "administrator", True)
    with log.reading() as connection:
        assert accounts.password_fits(connection, "Admin", password) is not None
    assert do(log, account_book.first_administrator, "系统管理员", LEAST, by=LOCAL) is None


def test_a_stale_form_cannot_disable_the_last_one(log):
    """Two administrators disable each other at the same moment: one of them is refused."""
    first, second = made(log, "chief", "administrator"), made(log, "second", "administrator")
    do(log, account_book.change, second, disabled=True)
    with pytest.raises(AccountError):
        do(log, account_book.change, replace(first), disabled=True)
