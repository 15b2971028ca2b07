"""The page of accounts: the list of hundreds, one account, what is done about it, and what is refused."""

from __future__ import annotations

import pytest

from data.access import accounts, attempts, open_access, passwords, searching, sessions
from data.access.searching import Wanted
from metrics import account_book
from metrics.principal import EVERYTHING, LOCAL
from pages import _who
from pages._accounts import SIZE
from pages._log import telling
from pages._menu import menu_of
from pages._text import text
from tests.pages.conftest import open_page
from tests.pages.test_pages import boards, shown
from tests.roles import as_role

GOOD, ZH = "Gaoshan-2026", text("zh")
ROOT = as_role("chief", "administrator", EVERYTHING, EVERYTHING)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "_N", 2**4)
    monkeypatch.setattr(passwords, "_NOBODY", passwords.hashed("nobody's"))


@pytest.fixture
def log(district, asked_by):
    asked_by(ROOT)
    opened = open_access(district.made)
    with opened.writing() as connection:
        account_book.add(LOCAL, connection, "chief", "张管理", "administrator", password=GOOD, least=10)
        account_book.add(
            LOCAL, connection, "li", "李主任", "director", units=("02",), password=GOOD, least=10
        )
    yield opened
    opened.close()


def account(log, name="li"):
    with log.reading() as connection:
        return accounts.by_name(connection, name)


def of(log, name="li"):
    return open_page("accounts.py", account=str(account(log, name).number))


def button(at, label: str):
    return next(one for one in at.button if one.label == ZH(label))


def test_everyone_by_role_and_unit(log):
    with log.writing() as connection:
        for _ in range(5):
            attempts.note(connection, "li", "10.0.0.1", 15)
    at = open_page("accounts.py")
    assert not at.exception
    said = boards(at)
    assert "张管理" in said and "李主任" in said and ZH("role.director") in said
    assert "锁定至" in said
    assert ZH("accounts.count", n=2, of=2, disabled=0, locked=1) in shown(at)
    at = open_page("accounts.py", state="locked")
    assert "李主任" in boards(at) and "张管理" not in boards(at)
    at = open_page("accounts.py", q="张")
    assert "李主任" not in boards(at) and "张管理" in boards(at)


def test_three_hundred_are_paged(log):
    with log.writing() as connection:
        for number in range(300):
            accounts.add(connection, f"yh{number:03}", "", "leader", "test")
    at = open_page("accounts.py", p="2")
    assert boards(at).count("<tr>") == SIZE + 1
    at = open_page("accounts.py", q="yh29")
    assert boards(at).count("<tr>") == 10 + 1


def test_a_new_account_shows_its_password_once(log):
    at = open_page("accounts.py")
    at.text_input(key="add_0_name").input("Wang")
    at.selectbox(key="add_0_role").select("officer")
    at.multiselect(key="add_0_systems").select("S11")
    button(at, "accounts.add").click().run()
    assert not at.exception
    password = at.code[0].value
    with log.reading() as connection:
        one = accounts.password_fits(connection, "wang", password)
        whole = str(list(searching.each(connection, Wanted())))
    assert (one.role, one.systems, one.must_change) == ("officer", ("S11",), True)
    assert password not in whole
    button(at, "accounts.secret_noted").click().run()
    assert not at.code


def test_a_director_needs_units(log):
    at = open_page("accounts.py")
    at.text_input(key="add_0_name").input("wang")
    at.selectbox(key="add_0_role").select("director")
    button(at, "accounts.add").click().run()
    assert ZH("accounts.error_units") in [one.value for one in at.error]
    assert account(log, "wang") is None


def test_change_role_and_units(log):
    at, number = of(log), account(log).number
    at.selectbox(key=f"change_{number}_role").select("officer")
    at.multiselect(key=f"change_{number}_units").unselect("02")
    button(at, "accounts.save").click().run()
    assert not at.exception
    one = account(log)
    assert (one.role, one.units) == ("officer", ())
    with log.reading() as connection:
        last = searching.page(connection, Wanted(what="account"), 1, 1)[0]
    assert (last["who"], last["about"]["before"]["role"]) == ("chief", "director")
    assert at.selectbox(key=f"change_{number}_role").value == "officer"


def test_somebody_was_faster(log):
    at, number = of(log), account(log).number
    with log.writing() as connection:
        account_book.change(LOCAL, connection, account(log), shown="李一")
    at.text_input(key=f"change_{number}_shown").input("李二")
    button(at, "accounts.save").click().run()
    assert account(log).shown == "李一"
    assert any("李" in one.value or "本机" in one.value for one in at.error)
    button(at, "accounts.save").click().run()  # seen what it is now, and pressed again
    assert account(log).shown == "李二"


def test_the_last_administrator_cannot_be_locked_out(log):
    at, number = of(log, "chief"), account(log, "chief").number
    at.button(key=f"disable_{number}").click().run()
    assert ZH("accounts.error_last") in [one.value for one in at.error]
    one = account(log, "chief")
    assert (one.role, one.disabled) == ("administrator", False)


def test_nobody_changes_what_the_own_account_may_here(log):
    at, number = of(log, "chief"), account(log, "chief").number
    fields = [at.selectbox(key=f"change_{number}_role")]
    fields += [at.multiselect(key=f"change_{number}_{name}") for name in ("units", "systems")]
    assert all(one.disabled for one in fields)
    assert ZH("accounts.error_own") in [one.value for one in at.caption]
    at.text_input(key=f"change_{number}_shown").input("张老师")
    button(at, "accounts.save").click().run()
    assert account(log, "chief").shown == "张老师"
    assert not of(log).selectbox(key=f"change_{account(log).number}_role").disabled


def test_reset_disable_unlock_sign_out(log):
    number = account(log).number
    at = of(log)
    at.button(key=f"reset_{number}").click().run()
    with log.reading() as connection:
        assert accounts.password_fits(connection, "li", at.code[0].value).must_change
        assert accounts.password_fits(connection, "li", GOOD) is None
    at.button(key=f"disable_{number}").click().run()
    assert account(log).disabled
    at.button(key=f"enable_{number}").click().run()
    assert not account(log).disabled
    at.button(key=f"out_{number}").click().run()
    with log.writing() as connection:
        for _ in range(5):
            attempts.note(connection, "li", "10.0.0.1", 15)
    at = of(log)
    at.button(key=f"unlock_{number}").click().run()
    with log.reading() as connection:
        assert attempts.locked(connection, 5, 15) == {}
        did = [row["about"]["did"] for row in searching.each(connection, Wanted(what="account", who="chief"))]
    assert did == ["password", "disable", "enable", "out_everywhere", "unlock"]


def test_a_password_shown_once_is_gone_elsewhere(log):
    at, number = of(log), account(log).number
    at.button(key=f"reset_{number}").click().run()
    assert at.code
    at.query_params["account"] = str(account(log, "chief").number)
    at.run()
    assert not at.code


def test_nobody_resets_their_own_password_here(log):
    at, number = of(log, "chief"), account(log, "chief").number
    assert f"reset_{number}" not in [one.key for one in at.button]


@pytest.mark.parametrize("role", ["leader", "officer", "director", "doctor", "clerk", "auditor"])
def test_whoever_keeps_no_accounts_has_no_such_page(log, asked_by, role):
    who = as_role("x", role, EVERYTHING, EVERYTHING)
    asked_by(who)
    assert "accounts" not in menu_of(who)
    if role != "auditor":  # whose first page is the log
        assert "张管理" not in boards(open_page())


def test_a_button_gives_nothing_once_its_session_has_ended(log, monkeypatch):
    """The page may still be open when an administrator has signed its account out, or changed what it may."""
    one = account(log)
    monkeypatch.setattr(_who, "asking", lambda: _who.Asking(ROOT, one))

    def drawn(token: str):
        monkeypatch.setattr(_who, "_token", lambda: token)
        return telling(lambda: b"x")

    with log.writing() as connection:
        tokens = [sessions.open_session(connection, one, "10.0.0.1") for _ in range(2)]
    ended, changed = map(drawn, tokens)
    assert ended() == changed() == b"x"
    with log.writing() as connection:
        sessions.end(connection, sessions.key_of(tokens[0]), "out")
    with pytest.raises(_who.SignedOutError):
        ended()
    with log.writing() as connection:
        account_book.change(LOCAL, connection, one, shown="李一")
    with pytest.raises(_who.SignedOutError):
        changed()
