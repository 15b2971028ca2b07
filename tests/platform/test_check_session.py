"""``run --check`` where accounts are asked for: a session of its own, that nobody else can have, and that ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from commands.check_session import signed_in
from commands.environment import Stop
from data.access import accounts, open_access, passwords, searching, sessions
from data.access.accounts import CHECKER, AccountError
from data.access.searching import Wanted
from data.access.tables import account
from data.installation import make_installation
from metrics import account_book
from metrics.principal import EVERYTHING, NOTHING
from signin.desk import Desk, Refused
from signin.gate import Gate
from signin.settings import Settings
from tests.roles import as_role
from tests.signin.asgi import ask
from tests.signin.test_gate import GOOD, inside


@pytest.fixture
def made(tmp_path):
    return make_installation(tmp_path / "own", kind="own")


@pytest.fixture
def log(made):
    opened = open_access(made)
    yield opened
    opened.close()


def gate_of(installation, log) -> Gate:
    desk = Desk(log, Settings.of(installation.config, demo=installation.is_demo))
    return Gate(inside, lambda: desk)


def with_config(installation, **more):
    return replace(installation, config=replace(installation.config, **more))


def test_the_session_ends_with_the_check(made, log):
    gate = gate_of(made, log)
    with signed_in(made) as who:
        assert ask(gate, "/", headers=dict(who.headers)).body == b"secret"
    assert ask(gate, "/", headers=dict(who.headers)).status == 303
    with log.reading() as connection:
        one = accounts.by_name(connection, CHECKER)
        did = [row["about"]["did"] for row in searching.each(connection, Wanted(what="account"))]
    assert one.disabled and not one.has_password
    assert did == ["add", "disable"]
    with signed_in(made) as again:
        assert ask(gate, "/", headers=dict(again.headers)).body == b"secret"
        assert again.headers != who.headers


def test_it_ends_where_the_check_fails(made, log):
    with pytest.raises(Stop), signed_in(made) as who:
        raise Stop("the overview shows an exception")
    assert ask(gate_of(made, log), "/", headers=dict(who.headers)).status == 303


def test_nobody_else_comes_in_by_its_name(made, log):
    with signed_in(made):
        desk = Desk(log, Settings.of(made.config, demo=False))
        assert desk.sign_in(CHECKER, "", "10.0.0.7") == Refused("wrong")
        for how in ("oidc", "proxy"):
            assert desk.admit(CHECKER, "10.0.0.7", how) == Refused("unknown")


def test_an_administrator_makes_nothing_of_its_account(made, log):
    administrator = as_role("adm", "administrator", EVERYTHING, NOTHING)
    with log.writing() as connection, pytest.raises(AccountError, match="reserved"):
        account_book.add(administrator, connection, "Jiceng-Check", "x", "leader", password=GOOD)
    with signed_in(made):
        pass
    with log.writing() as connection:
        one = accounts.by_name(connection, CHECKER)
        with pytest.raises(AccountError, match="reserved"):
            account_book.change(administrator, connection, one, disabled=False)
        with pytest.raises(AccountError, match="reserved"):
            account_book.set_password(administrator, connection, one, GOOD, least=10)
        with pytest.raises(AccountError, match="reserved"):
            account_book.take_up_checker(administrator, connection, "x", "leader")


def test_what_was_made_of_its_account_before_is_undone_and_opens_nothing(made, log):
    with log.writing() as connection:
        one = accounts.take_up_checker(connection, "test", "x", "administrator")
        values = {"password": passwords.hashed(GOOD)}
        connection.execute(update(account).where(account.c.account == one.number).values(**values))
        token = sessions.open_session(connection, one, "10.0.0.7")
    desk = Desk(log, Settings.of(made.config, demo=False))
    assert desk.sign_in(CHECKER, GOOD, "10.0.0.7") == Refused("wrong")
    with signed_in(made):
        assert desk.session(token) is None
        with log.reading() as connection:
            one = accounts.by_name(connection, CHECKER)
        assert (one.role, one.has_password, one.disabled) == ("leader", False, False)


def test_past_a_proxy_only_where_this_machine_is_one(made, log):
    asked = with_config(made, sign_in="proxy", proxy_header="X-Remote-User", proxy_addresses=("127.0.0.1",))
    with signed_in(asked) as who:
        answer = ask(gate_of(asked, log), "/", headers=dict(who.headers), client="127.0.0.1")
    assert answer.body == b"secret"
    with (
        pytest.raises(Stop, match="proxy_addresses"),
        signed_in(with_config(asked, proxy_addresses=("10.1.2.3",))),
    ):
        pass


def test_over_tls_and_under_another_name(made, log):
    asked = with_config(made, tls=True, hosts=("jiceng.example.gov.cn",))
    with signed_in(asked) as who:
        assert who.name == "jiceng.example.gov.cn"
        assert who.headers["Cookie"].startswith("__Host-jiceng=")
        assert ask(gate_of(asked, log), "/", headers=dict(who.headers)).body == b"secret"


def test_a_demo_that_is_open_needs_none(tmp_path):
    with signed_in(make_installation(tmp_path / "demo", kind="demo")) as who:
        assert (who.headers, who.name) == ({}, "")
