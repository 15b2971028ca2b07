"""Signing in through a reverse proxy: whose word is believed, and what a header may say."""

from __future__ import annotations

import ipaddress
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from data.access import accounts
from data.access.accounts import AccountError, vouched
from data.access.tables import PLAN, entry
from data.small_database import open_database
from signin.desk import Desk, Refused
from signin.gate import DOOR, OUT, Gate
from signin.proxies import client_of, name_in
from tests.signin.asgi import ask, dial
from tests.signin.test_gate import SETTINGS, inside

PROXY, OTHER = "10.0.0.7", "10.0.0.8"
BY_PROXY = replace(
    SETTINGS, mode="proxy", header="x-remote-user", proxies=(ipaddress.ip_network(f"{PROXY}/32"),)
)


@pytest.fixture(scope="module")
def with_accounts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("accounts")
    found = open_database(SimpleNamespace(database="", folder=folder), PLAN)
    with found.writing() as connection:
        accounts.add(connection, "wang", "王局长", "leader", "test")
        accounts.add(connection, "李科长", "李科长", "officer", "test", password="Yunling-2026", least=10)
    found.close()
    return folder


@pytest.fixture
def database(with_accounts, tmp_path):
    shutil.copy(with_accounts / PLAN.file, tmp_path)
    found = open_database(SimpleNamespace(database="", folder=tmp_path), PLAN)
    yield found
    found.close()


@pytest.fixture
def gate(database):
    desk = Desk(database, BY_PROXY)
    return Gate(inside, lambda: desk)


def asks(gate, path, user="wang", **more):
    headers = {"x-remote-user": user, "x-forwarded-for": "192.0.2.9"} | more.pop("headers", {})
    return ask(gate, path, headers={k: v for k, v in headers.items() if v is not None}, **more)


def comes_in(gate, user="wang", **more) -> str:
    answer = asks(gate, DOOR, user, **more)
    assert answer.status == 200, answer.body.decode()
    return answer.token


def log(database) -> list[tuple]:
    with database.reading() as connection:
        rows = connection.execute(
            select(entry.c.what, entry.c.who, entry.c.address, entry.c.about).order_by(entry.c.entry)
        )
        return [tuple(row) for row in rows]


def test_whoever_the_proxy_names_is_in(gate, database):
    before = asks(gate, "/map?u=01")
    assert before.headers["location"] == "/signin?next=%2Fmap%3Fu%3D01"
    answer = asks(gate, before.headers["location"])
    assert 'content="0; url=/map?u=01"' in answer.body.decode()
    assert "SameSite=strict" in answer.cookie
    assert asks(gate, "/map", cookie=answer.token).body == b"secret"
    assert asks(gate, DOOR, cookie=answer.token).status == 303
    assert log(database) == [("in", "wang", "192.0.2.9", '{"how": "proxy"}')]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_link_signs_nobody_in(gate, database, site):
    answer = asks(gate, f"{DOOR}?next=/map", headers={"sec-fetch-site": site})
    assert answer.status == 200
    assert answer.cookie is None
    assert f'href="{DOOR}?next=%2Fmap"' in answer.body.decode()  # a click from here does
    assert log(database) == []


def test_a_chinese_name(gate):
    token = comes_in(gate, "李科长".encode().decode("latin-1"))
    # No password of ours is asked for, so none has to be changed.
    assert asks(gate, "/", "李科长".encode().decode("latin-1"), cookie=token).body == b"secret"


def test_nothing_but_the_proxy_is_believed(gate, database):
    token = comes_in(gate)
    for path in (DOOR, "/", "/media/x", "/_stcore/health", "/static/x.js"):
        for headers in ({}, {"x-forwarded-for": PROXY}, {"x-real-ip": PROXY}, {"forwarded": f"for={PROXY}"}):
            answer = asks(gate, path, cookie=token, client=OTHER, headers=headers)
            assert answer.status == 403
            assert answer.cookie is None
            assert b"secret" not in answer.body
    assert dial(gate, token, client=OTHER, **{"x-remote-user": "wang"}) == "closed"
    told = log(database)[1:]
    assert told == [("failed", "", OTHER, '{"why": "proxy_elsewhere"}')]  # of twenty-one: the rest is counted


@pytest.mark.parametrize(
    "user", ["", " ", "a,b", "wang;x", "wang\tx", "<b>", "'--", "w" * 101, "\xff\xfe", "wang/..", 'wa"ng']
)
def test_a_header_that_names_nobody_is_refused(gate, user):
    assert asks(gate, DOOR, user).status == 403


def test_two_headers_are_none(gate):
    assert ask(gate, DOOR).status == 403  # and no header is none
    assert asks(gate, DOOR, headers={"X-Remote-User": "admin"}).status == 403


def test_a_name_without_an_account_is_not_in(gate, database):
    for name in ("nobody", "root", "jiceng-check"):
        answer = asks(gate, DOOR, name)
        assert answer.status == 403
        assert answer.cookie is None
    assert [about for *_, about in log(database)] == ['{"why": "unknown"}']


@pytest.mark.parametrize("user", ["Strauß", "wan\u212a", "ｗａｎｋ", "李科长 ", "wank  x"])
def test_a_name_that_others_tell_apart_is_not_the_account_that_it_folds_to(gate, database, user):
    with database.writing() as connection:
        for name in ("strauss", "wank", "wank x"):
            accounts.add(connection, name, name, "leader", "test")
    assert vouched(user) is None
    assert isinstance(Desk(database, BY_PROXY).admit(user, PROXY, "proxy"), Refused)
    token = comes_in(gate, "STRAUSS")
    assert asks(gate, "/", "Strauß".encode().decode("latin-1"), cookie=token).status == 303


@pytest.mark.parametrize("name", ["Strauß", "wan\u212a", "ｗａｎｇ", "ﬁsh"])
def test_no_account_gets_a_name_that_is_kept_as_another(database, name):
    with database.writing() as connection, pytest.raises(AccountError, match="letters"):
        accounts.add(connection, name, name, "leader", "test")


def test_another_name_ends_the_session(gate, database):
    token = comes_in(gate)
    other = "李科长".encode().decode("latin-1")
    assert dial(gate, token, **{"x-remote-user": "wang"}) == "passed"
    assert asks(gate, "/", other, cookie=token).status == 303
    assert asks(gate, "/", "wang", cookie=token).status == 303  # it does not come back
    assert dial(gate, token, **{"x-remote-user": "wang"}) == "closed"
    assert [(what, who) for what, who, *_ in log(database)] == [("in", "wang"), ("out", "wang")]


def test_a_websocket_needs_the_header_too(gate):
    token = comes_in(gate)
    assert dial(gate, token) == "closed"
    assert dial(gate, token, **{"x-remote-user": "WANG"}) == "passed"


def test_signing_out_does_not_sign_in_again(gate):
    token = comes_in(gate)
    answer = asks(gate, OUT, cookie=token, method="POST", form={})
    assert answer.status == 200
    assert "关闭浏览器" in answer.body.decode()
    assert "refresh" not in answer.body.decode()
    assert asks(gate, "/", cookie=token).status == 303


def test_no_password_opens_anything(gate):
    answer = asks(gate, DOOR, method="POST", form={"name": "李科长", "password": "Yunling-2026"})
    assert answer.cookie is None


def test_a_browser_that_keeps_no_cookie_is_told_so(gate):
    for _ in range(5):
        comes_in(gate)
    answer = asks(gate, DOOR)
    assert answer.status == 403
    assert "Cookie" in answer.body.decode()


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        (PROXY, ["192.0.2.9"], "192.0.2.9"),
        (PROXY, ["192.0.2.1, 192.0.2.9"], "192.0.2.9"),  # the first is what the client itself wrote
        (PROXY, ["192.0.2.1", "192.0.2.9"], "192.0.2.9"),
        (PROXY, [f"192.0.2.9, {PROXY}"], "192.0.2.9"),  # two of ours, one behind the other
        (PROXY, ["192.0.2.9:5123"], "192.0.2.9"),
        (PROXY, ["[2001:db8::9]:5123"], "2001:db8::9"),
        (PROXY, ["2001:DB8::9"], "2001:db8::9"),
        (PROXY, [], PROXY),
        (PROXY, [""], PROXY),
        (PROXY, ["unknown"], PROXY),
        (PROXY, ["192.0.2.9, <script>"], PROXY),
        (f"::ffff:{PROXY}", ["192.0.2.9"], "192.0.2.9"),
        (OTHER, ["192.0.2.9"], OTHER),
        ("", ["192.0.2.9"], ""),
    ],
)
def test_whose_address_it_is(peer, said, client):
    headers = [(b"x-forwarded-for", one.encode()) for one in said]
    assert client_of({"client": (peer, 1), "headers": headers}, BY_PROXY.proxies) == client


def test_a_network_of_proxies():
    settings = replace(BY_PROXY, proxies=(ipaddress.ip_network("10.1.0.0/24"),))
    scope = {"client": ("10.1.0.99", 1), "headers": [(b"x-remote-user", b" Wang ")]}
    assert name_in(scope, settings) == "Wang"
