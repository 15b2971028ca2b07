"""Signing in through an identity server: what is believed, what is not, and what is asked of whom."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import select

from data.access import accounts
from data.access.tables import PLAN, entry
from data.small_database import open_database
from metrics import account_book
from metrics.principal import LOCAL
from signin.desk import Desk, Refused
from signin.gate import BACK, DOOR, GO, OUT, PASSWORD, Gate
from signin.oidc import Oidc, OidcError, Person
from tests.signin.asgi import ask
from tests.signin.identity_server import CLIENT, SECRET, identity_server, new_key, new_rsa_key
from tests.signin.test_gate import SETTINGS, inside

HOME = "http://jiceng.example"


@pytest.fixture(scope="module")
def key():
    return new_key("one")


@pytest.fixture(scope="module")
def other_key():
    return new_key("two")


@pytest.fixture(scope="module")
def running(key):
    with identity_server(key) as found:
        yield found


@pytest.fixture
def server(running, key):
    running.__init__(running.issuer, key)
    return running


@pytest.fixture
def client(server):
    return Oidc(server.issuer, CLIENT, SECRET, "preferred_username")


@pytest.fixture(scope="module")
def with_accounts(tmp_path_factory):
    """A folder with accounts, made once."""
    folder = tmp_path_factory.mktemp("accounts")
    found = open_database(SimpleNamespace(database="", folder=folder), PLAN)
    with found.writing() as connection:
        accounts.add(connection, "wang", "王局长", "leader", "test")
        gone = accounts.add(connection, "gone", "离职", "leader", "test")
        accounts.change(
            connection, gone, "test", shown="离职", role="leader", units=(), systems=(), disabled=True
        )
        accounts.add(connection, "new", "新来的", "leader", "test", password="Yunling-2026", least=10)
    found.close()
    return folder


@pytest.fixture
def database(with_accounts, tmp_path):
    shutil.copy(with_accounts / PLAN.file, tmp_path)
    found = open_database(SimpleNamespace(database="", folder=tmp_path), PLAN)
    yield found
    found.close()


@pytest.fixture
def gate(database, client):
    desk = Desk(database, replace(SETTINGS, mode="oidc"))
    return Gate(inside, lambda: desk, lambda: client)


def log(database) -> list[tuple[str, str, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(entry.c.what, entry.c.who, entry.c.about).order_by(entry.c.entry))
        return [tuple(row) for row in rows]


class Browser:
    """Follows the whole way, keeping the one cookie that it takes."""

    def __init__(self, gate, server) -> None:
        self.gate, self.server = gate, server

    def go(self, target: str = "/map?u=01") -> str:
        answer = ask(self.gate, f"{GO}?{urlencode({'next': target})}")
        assert answer.status == 303
        name, _, value = answer.cookie.split(";")[0].partition("=")
        assert name == "jiceng-begun"
        assert "HttpOnly" in answer.cookie and "SameSite=lax" in answer.cookie
        self.begun = f"jiceng-begun={value}"
        return answer.headers["location"]

    def come_back(self, query: dict[str, str], *, cookie: bool = True):
        # As browsers do: the identity server's page leads here.
        headers = {"sec-fetch-site": "cross-site"} | ({"cookie": self.begun} if cookie else {})
        return ask(self.gate, f"{BACK}?{urlencode(query)}", headers=headers)

    def sign_in(self):
        return self.come_back(self.server.sign_in(self.go()))


@pytest.fixture
def browser(gate, server):
    return Browser(gate, server)


def session_of(answer) -> str:
    """The token of the session; the answer also takes the cookie of the way back away."""
    lines = answer.cookies
    (line,) = [one for one in lines if one.startswith("jiceng=")]
    assert "SameSite=strict" in line and "HttpOnly" in line
    assert any(one.startswith('jiceng-begun=""') for one in lines)
    return line.split(";")[0].partition("=")[2]


def test_whoever_the_server_vouches_for_is_in(browser, server, gate, database):
    answer = browser.sign_in()
    assert answer.status == 200  # a page of ours: the session's cookie would not come along on a redirect
    assert 'content="0; url=/map?u=01"' in answer.body.decode()
    assert answer.headers["cache-control"] == "no-store"
    assert ask(gate, "/", cookie=session_of(answer)).body == b"secret"
    assert [(what, who) for what, who, _ in log(database)] == [("account", "wang"), ("in", "wang")]
    assert server.secrets == [SECRET]
    assert set(server.asked) == {"/.well-known/openid-configuration", "/token", "/keys"}


def test_the_door_leads_there_and_nowhere_else(gate, server):
    page = ask(gate, f"{DOOR}?next=/map").body.decode()
    assert f'href="{GO}?next=%2Fmap"' in page
    assert "password" not in page
    where = urlsplit(ask(gate, GO).headers["location"])
    query = parse_qs(where.query)
    assert f"{where.scheme}://{where.netloc}" == server.issuer
    assert query["redirect_uri"] == [f"{HOME}{BACK}"]
    assert query["scope"] == ["openid profile"]


def test_passwords_open_nothing_here(gate, database):
    with database.writing() as connection:
        one = accounts.by_name(connection, "new")
        assert one.must_change
    answer = ask(gate, DOOR, method="POST", form={"name": "new", "password": "Yunling-2026"})
    assert answer.status != 200 and answer.cookie is None
    assert ask(gate, PASSWORD).headers["location"].startswith(DOOR)


def test_nobody_is_asked_for_a_password_that_is_not_used(gate, server, browser):
    server.user = "new"
    assert ask(gate, "/", cookie=session_of(browser.sign_in())).body == b"secret"


@pytest.mark.parametrize("user", ["nobody", "gone", "root", "jiceng-check", "王局长"])
def test_without_an_account_of_the_name_nobody_is_in(server, browser, database, user):
    server.user = user
    answer = browser.sign_in()
    assert answer.status == 403
    assert "没有这个账号" in answer.body.decode()
    assert not any(line.startswith("jiceng=") for line in answer.cookies)
    assert log(database) == [("failed", user, '{"why": "unknown"}')]


def bound(database, name: str = "wang") -> str | None:
    with database.reading() as connection:
        return accounts.by_name(connection, name).bound


def test_an_account_belongs_to_the_person_who_came_first(browser, server, database):
    assert bound(database) is None
    for _ in range(2):
        assert browser.sign_in().status == 200
    assert bound(database) == f"{server.issuer} 1"
    told = [(what, who, json.loads(about)) for what, who, about in log(database)]
    binding = {"did": "bind", "account": "wang", "identity": f"{server.issuer} 1"}
    assert told == [
        ("account", "wang", binding),
        ("in", "wang", {"how": "oidc"}),
        ("in", "wang", {"how": "oidc"}),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_successor_of_the_name_is_not_in(browser, server, database, language):
    browser.sign_in()
    server.claims = {"sub": "2"}
    query = server.sign_in(browser.go())
    answer = browser.come_back(query | {"lang": language})
    assert answer.status == 403
    assert {"zh": "已绑定另一个人", "en": "belongs to another person"}[language] in answer.body.decode()
    assert not any(line.startswith("jiceng=") for line in answer.cookies)
    assert log(database)[-1] == ("failed", "wang", '{"why": "bound"}')
    assert bound(database) == f"{server.issuer} 1"


def test_the_same_subject_of_another_issuer_is_not_in(database):
    desk = Desk(database, replace(SETTINGS, mode="oidc"))
    first, other = (Person("wang", f"https://{host}.example", "1") for host in ("id", "new"))
    assert isinstance(desk.admit("wang", "10.0.0.7", "oidc", first), str)
    assert desk.admit("wang", "10.0.0.7", "oidc", other) == Refused("bound")


def test_whoever_has_an_account_gets_no_other_by_another_name(browser, server, database):
    browser.sign_in()
    server.user = "new"
    assert browser.sign_in().status == 403
    assert bound(database, "new") is None
    assert log(database)[-1] == ("failed", "new", '{"why": "bound"}')


def test_an_account_that_was_unbound_is_the_next_ones(browser, server, gate, database):
    token = session_of(browser.sign_in())
    with database.writing() as connection:
        assert account_book.unbind(LOCAL, connection, accounts.by_name(connection, "wang")) == 1
    assert ask(gate, "/", cookie=token).status != 200
    server.claims = {"sub": "2"}
    assert browser.sign_in().status == 200
    assert bound(database) == f"{server.issuer} 2"


def test_a_proxy_asks_for_no_subject(browser, server, database):
    browser.sign_in()
    desk = Desk(database, replace(SETTINGS, mode="proxy"))
    assert isinstance(desk.admit("wang", "10.0.0.7", "proxy"), str)


LATE = {"exp": int(time.time()) - 1_000, "iat": int(time.time()) - 2_000}


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of-somebody-else"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": None},
        {"aud": [CLIENT, "another"]},  # without saying for whom it was made
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"iss": None},
        LATE,
        {"exp": int(time.time()) - 200},
        {"exp": None},
        {"exp": float("nan")},
        {"iat": int(time.time()) + 3_600},
        {"iat": int(time.time()) - 86_400},
        {"iat": None},
        {"nbf": int(time.time()) + 3_600},
        {"sub": None},
        {"sub": ""},
        {"sub": " "},
        {"sub": 7},
        {"sub": ["1"]},
        {"sub": "1" * 256},
        {"preferred_username": None},
        {"preferred_username": ""},
        {"preferred_username": ["wang"]},
    ],
    ids=lambda lie: ",".join(lie),  # values tell the time, and workers must agree on names
)
def test_a_token_that_is_not_for_us_now_lets_nobody_in(server, browser, database, lie):
    server.claims = lie
    refused(browser.sign_in(), database, "oidc_untrue")


def refused(answer, database, why: str) -> None:
    assert answer.status == 403
    assert not any(line.startswith("jiceng=") for line in answer.cookies)
    assert [(what, about) for what, _, about in log(database)] == [("failed", f'{{"why": "{why}"}}')]


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_the_server_has_not_signed_lets_nobody_in(server, browser, database, algorithm):
    server.algorithm = algorithm
    refused(browser.sign_in(), database, "oidc_untrue")


def test_a_key_that_is_not_the_servers_lets_nobody_in(server, browser, database, other_key):
    server.signs_with = other_key
    refused(browser.sign_in(), database, "oidc_untrue")


def test_a_key_under_the_name_of_the_servers_lets_nobody_in(server, browser, database):
    server.signs_with = new_key("one")
    refused(browser.sign_in(), database, "oidc_untrue")


def test_new_keys_are_taken_but_not_asked_for_at_every_token(server, browser, client, other_key, monkeypatch):
    browser.sign_in()
    server.keys, server.signs_with = [*server.keys, other_key], other_key
    assert browser.sign_in().status == 403  # its keys were read a moment ago
    monkeypatch.setattr("signin.oidc._RETRY", 0)
    assert browser.sign_in().status == 200
    asked = server.asked.count("/keys")
    browser.sign_in()
    assert server.asked.count("/keys") == asked


def test_the_usual_kind_of_key(server, browser):
    server.signs_with, server.algorithm = new_rsa_key("rsa"), "RS256"
    server.keys = [server.signs_with]
    assert browser.sign_in().status == 200


def test_clocks_may_differ_a_little(server, browser):
    server.claims = {"iat": int(time.time()) + 60, "exp": int(time.time()) - 60}
    assert browser.sign_in().status == 200


def test_a_state_counts_once_and_in_the_browser_that_began(server, browser, database, gate):
    query = server.sign_in(browser.go())
    assert browser.come_back(query, cookie=False).status == 403  # led here by somebody else's page
    assert browser.come_back(query | {"state": "another"}).status == 403
    assert browser.come_back(query | {"state": "另"}).status == 403
    assert browser.come_back(query).status == 200
    assert browser.come_back(query).status == 403
    # Another browser's own way, with the code of the first: the nonce and the verifier are not its own.
    other = Browser(gate, server)
    code = server.sign_in(browser.go())["code"]
    state = server.sign_in(other.go())["state"]
    assert other.come_back({"code": code, "state": state}).status == 403
    assert [what for what, *_ in log(database)].count("in") == 1


@pytest.mark.parametrize("cookie", ["jiceng-begun=x", "jiceng-begun=eyJ9.00", "jiceng-begun=é.ö", "a=b"])
def test_a_way_that_this_server_has_not_begun_leads_nowhere(browser, server, cookie):
    query = server.sign_in(browser.go())
    browser.begun = cookie.encode().decode("latin-1") if "é" in cookie else cookie
    assert browser.come_back(query).status == 403


def test_a_way_that_was_begun_long_ago_leads_nowhere(browser, server, client, monkeypatch):
    query = server.sign_in(browser.go())
    monkeypatch.setattr(client, "_clock", lambda: time.time() + 601)
    assert browser.come_back(query).status == 403


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "x" * 5_000])
def test_it_leads_to_no_other_site(browser, server, target):
    answer = browser.come_back(server.sign_in(browser.go(target)))
    assert 'content="0; url=/"' in answer.body.decode()


def test_another_sites_link_begins_nothing(gate):
    answer = ask(gate, f"{GO}?next=/map", headers={"sec-fetch-site": "cross-site"})
    assert answer.headers["location"] == f"{DOOR}?next=%2Fmap"
    assert answer.cookie is None


def test_the_server_refuses(browser, server, database):
    state = server.sign_in(browser.go())["state"]
    answer = browser.come_back({"error": "access_denied", "state": state})
    assert "没有同意" in answer.body.decode()
    refused(answer, database, "oidc_denied")


def test_a_code_that_the_server_does_not_know(browser, server, database):
    state = server.sign_in(browser.go())["state"]
    refused(browser.come_back({"code": "x", "state": state}), database, "oidc_denied")
    assert browser.come_back({"state": server.sign_in(browser.go())["state"]}).status == 403


def test_another_servers_answer_is_told_apart(browser, server, database):
    query = server.sign_in(browser.go())
    refused(browser.come_back(query | {"iss": "https://evil.example"}), database, "oidc_untrue")
    assert browser.come_back(server.sign_in(browser.go()) | {"iss": server.issuer}).status == 200


def test_a_server_that_says_who_it_is_has_to_say_it(browser, server):
    server.metadata = {"authorization_response_iss_parameter_supported": True}
    assert browser.sign_in().status == 403
    assert browser.come_back(server.sign_in(browser.go()) | {"iss": server.issuer}).status == 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_server_that_is_away_is_told_in_both_languages(gate, server, database, language):
    server.away = True
    answer = ask(gate, f"{GO}?lang={language}")
    assert answer.status == 503
    assert {"zh": "暂时无法访问", "en": "cannot be reached"}[language] in answer.body.decode()
    asked = len(server.asked)
    ask(gate, GO)
    assert len(server.asked) == asked  # it is not asked again at once
    assert log(database) == []


def test_a_server_that_goes_away_in_between(browser, server):
    query = server.sign_in(browser.go())
    server.away = True
    assert browser.come_back(query).status == 503


def test_whoever_is_in_stays_in_while_the_server_is_away(browser, server, gate):
    token = session_of(browser.sign_in())
    server.away = True
    assert ask(gate, "/", cookie=token).body == b"secret"
    left = ask(gate, OUT, method="POST", form={}, cookie=token)
    assert left.status == 200


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "https://evil.example/token"},
        {"jwks_uri": "https://evil.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": ""},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"token_endpoint": ["x"]},
        {"token_endpoint": "http://[/"},
    ],
    ids=str,
)
def test_no_other_host_is_asked(server, client, metadata):
    server.metadata = metadata
    with pytest.raises(OidcError) as caught:
        client.begin(f"{HOME}{BACK}", "/")
    assert caught.value.rule == "away"


def test_redirects_are_not_followed(server, client):
    server.redirects = True
    with pytest.raises(OidcError):
        client.begin(f"{HOME}{BACK}", "/")
    assert "/elsewhere" not in server.asked


def test_no_proxy_of_the_environment_is_asked(server, client, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    client.begin(f"{HOME}{BACK}", "/")


@pytest.mark.parametrize("answer", ["[]", "no json", "[" * 10])
def test_an_answer_that_is_none(client, monkeypatch, answer):
    monkeypatch.setattr("tests.signin.identity_server.json.dumps", lambda _one: answer)
    with pytest.raises(OidcError):
        client.begin(f"{HOME}{BACK}", "/")


def test_the_secret_goes_where_the_server_takes_it(browser, server):
    server.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert browser.sign_in().status == 200
    assert server.secrets == [SECRET]


def test_an_address_counts_once_it_was_verified(server):
    client = Oidc(server.issuer, CLIENT, SECRET, "email")
    for verified in (None, False, True):
        server.claims = {"email": "wang@example.gov.cn", "email_verified": verified}
        where, begun = client.begin("http://x/back", "/")
        query = server.sign_in(where)
        if verified:
            person = Person("wang@example.gov.cn", server.issuer, "1")
            assert client.finish("http://x/back", begun, query) == (person, "/")
        else:
            with pytest.raises(OidcError):
                client.finish("http://x/back", begun, query)


def test_signing_out_here_offers_to_sign_out_there(browser, server, gate, database):
    token = session_of(browser.sign_in())
    answer = ask(gate, OUT, method="POST", form={}, cookie=token)
    assert f"{server.issuer}/end?client_id={CLIENT}" in answer.body.decode().replace("&amp;", "&")
    assert ask(gate, "/", cookie=token).status == 303
    assert [what for what, *_ in log(database)] == ["account", "in", "out"]
    server.metadata = {"end_session_endpoint": None}


def test_a_server_without_a_place_to_sign_out(server):
    server.metadata = {"end_session_endpoint": ""}
    assert Oidc(server.issuer, CLIENT, "", "sub").leaving(HOME) == ""


def test_an_issuer_that_ends_in_a_slash_is_asked_at_the_same_address_later(server, client, monkeypatch):
    server.metadata = {"issuer": f"{server.issuer}/"}
    client.begin(HOME, "/")
    monkeypatch.setattr("signin.oidc._KEPT", -1)
    client.begin(HOME, "/")
    assert server.asked == ["/.well-known/openid-configuration"] * 2


def test_what_others_said_does_not_forge_lines_of_the_log(server, client, caplog):
    for query in ({"error": "x\nWARNING all is well" * 100}, {"iss": "x\ny" * 100}):
        where, begun = client.begin(HOME, "/")
        with pytest.raises(OidcError) as caught:
            client.finish(HOME, begun, server.sign_in(where) | query)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 300


def test_an_answer_that_comes_a_byte_at_a_time_is_none(client, monkeypatch):
    monkeypatch.setattr("signin.oidc._ALTOGETHER", -1)
    with pytest.raises(OidcError, match="too slow"):
        client.begin(HOME, "/")


def test_keys_that_cannot_be_read_are_not_asked_for_by_everybody(server, browser, client, monkeypatch):
    monkeypatch.setattr(server, "keys", [])
    asked, real = [], client._asked

    def without_keys(address, *given):
        if address.endswith("/keys"):
            asked.append(address)
            raise OidcError("away", address)
        return real(address, *given)

    monkeypatch.setattr(client, "_asked", without_keys)
    assert [browser.sign_in().status for _ in range(3)] == [503, 503, 503]
    assert len(asked) == 1


@pytest.mark.parametrize(
    "waiting", [{"10.0.0.7": 4}, {f"10.0.0.{number}": 1 for number in range(100, 110)}], ids=["one", "many"]
)
def test_more_than_may_wait_for_the_server_are_told_to_try_again(gate, server, browser, database, waiting):
    query, asked = server.sign_in(browser.go()), list(server.asked)
    gate._asking.update(waiting)
    for answer in (ask(gate, GO), browser.come_back(query)):
        assert answer.status == 503
        assert "稍后再试" in answer.body.decode()
    assert (server.asked, log(database)) == (asked, [])
    gate._asking.clear()
    assert browser.sign_in().status == 200
    assert not gate._asking


def test_others_come_in_while_those_of_one_address_wait(gate, browser):
    gate._asking.update({"10.0.0.8": 4})
    assert browser.sign_in().status == 200
