"""Floods of failed sign-ins, lock-outs on purpose, clocks, and what the door does when it cannot read its own rules."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app import HEADERS, SecurityHeaders
from data.access import accounts, attempts, audit, passwords, sessions
from data.access.tables import PLAN, entry
from data.config import ConfigError
from data.installation import HOME_VARIABLE, make_installation
from data.small_database import open_database
from signin import serving, turned_away
from signin.desk import Desk, Refused
from signin.door import Door
from signin.gate import DOOR, OUT, PASSWORD, Gate
from signin.turned_away import TurnedAway
from tests.signin.asgi import ask
from tests.signin.test_gate import GOOD, SETTINGS, come_in, inside

HERE, THERE = "10.0.0.7", "10.0.0.66"


@pytest.fixture
def database(tmp_path):
    found = open_database(SimpleNamespace(database="", folder=tmp_path / "access"), PLAN)
    with found.writing() as connection:
        accounts.add(
            connection, "wang", "王局长", "leader", "test", password=GOOD, least=10, must_change=False
        )
    yield found
    found.close()


@pytest.fixture
def desk(database):
    return Desk(database, SETTINGS)


@pytest.fixture
def gate(desk):
    return Gate(inside, lambda: desk)


def failed(database) -> list[tuple[str, str, dict]]:
    with database.reading() as connection:
        assert audit.broken(connection) is None
        rows = connection.execute(select(entry).where(entry.c.what == "failed").order_by(entry.c.entry))
        return [(row.who, row.address, json.loads(row.about)) for row in rows]


# -- the log and the lock -------------------------------------------------------------------------------


def test_a_flood_of_tries_is_counted_and_does_not_fill_the_log(desk, database, monkeypatch):
    for _ in range(5):
        desk.sign_in("wang", "wrong", THERE)
    for number in range(40):
        assert desk.sign_in("wang", f"wrong {number}", THERE).rule == "wait"
    assert [about for *_, about in failed(database)] == [{"why": "wrong"}] * 5 + [{"why": "wait"}]
    clock = time.monotonic() + 61
    monkeypatch.setattr(turned_away.time, "monotonic", lambda: clock)
    assert isinstance(desk.sign_in("nobody", "x", HERE), Refused)  # whoever comes next writes it down
    assert ("wang", THERE, {"why": "wait", "n": 39, "names": 1}) in failed(database)


def test_what_was_counted_is_written_when_the_server_stops(desk, database):
    for number in range(60):
        desk.sign_in(f"name {number}", "x", THERE)
    desk.close_counts()
    told = failed(database)
    assert [about["why"] for *_, about in told].count("wrong") == 50  # ten times as many as of one name
    assert told[-1] == ("", THERE, {"why": "wait", "n": 9, "names": 9})


def test_what_could_not_be_written_is_counted_still(desk, database, monkeypatch):
    for number in range(60):
        desk.sign_in(f"name {number}", "x", THERE)
    written = audit.append

    def and_then_the_disk_is_full(*given):
        written(*given)
        raise OperationalError("insert", {}, Exception("disk full"))

    with monkeypatch.context() as full:
        full.setattr(audit, "append", and_then_the_disk_is_full)
        for _ in range(2):
            with pytest.raises(OperationalError):
                desk.close_counts()
        with pytest.raises(OperationalError):
            desk.turn_away("li", HERE, "oidc_untrue")
    desk.close_counts()
    told = failed(database)
    assert ("", THERE, {"why": "wait", "n": 9, "names": 9}) in told
    assert ("li", HERE, {"why": "oidc_untrue", "n": 1, "names": 1}) in told
    assert len(told) == 50 + 1 + 2


def test_whoever_is_kept_waiting_writes_nothing(desk, database, monkeypatch):
    for _ in range(6):
        desk.sign_in("wang", "wrong", THERE)
    monkeypatch.setattr(database, "writing", lambda: pytest.fail("the lock of all who write was taken"))
    assert desk.sign_in("wang", GOOD, THERE).rule == "wait"


def test_counts_of_many_addresses_are_bounded(database, monkeypatch):
    monkeypatch.setattr(turned_away, "_ADDRESSES", 10)
    counts = TurnedAway()
    with database.writing() as connection:
        for number in range(100):
            counts.note(connection, "x", f"10.0.1.{number}", "wait")
    assert len(counts._counts) <= 10
    assert len(failed(database)) == 100


def test_nobody_can_keep_the_owner_out(desk):
    """Whoever knows a name can make it wait from elsewhere, not from where its owner has signed in before."""
    assert isinstance(desk.sign_in("wang", GOOD, HERE), str)
    for _ in range(30):
        desk.sign_in("wang", "wrong", THERE)
    assert desk.sign_in("wang", GOOD, "10.0.0.99").rule == "wait"
    assert isinstance(desk.sign_in("wang", GOOD, HERE), str)


def test_guessing_from_the_owners_place_has_to_wait_too(desk):
    assert isinstance(desk.sign_in("wang", GOOD, HERE), str)
    for _ in range(5):
        assert desk.sign_in("wang", "wrong", HERE).rule == "wrong"
    assert desk.sign_in("wang", GOOD, HERE).rule == "wait"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),  # one machine has all of these
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("", ""),
    ],
)
def test_how_addresses_are_counted(address, place):
    assert attempts.place(address) == place


# -- memory and threads ---------------------------------------------------------------------------------


def test_so_many_hashes_at_once_and_no_more(monkeypatch):
    now, most, lock = [0], [0], threading.Lock()

    def slow(*_given, **_named):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.02)
        with lock:
            now[0] -= 1
        return b"x" * 32

    monkeypatch.setattr(passwords.hashlib, "scrypt", slow)
    threads = [threading.Thread(target=passwords.hashed, args=("x",)) for _ in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most[0] <= 4


@pytest.mark.parametrize(("language", "words"), [("zh", "稍后再试"), ("en", "try again")])
def test_more_sign_ins_than_the_server_can_look_at_are_told_to_try_again(gate, language, words):
    gate._hashing = 20
    answer = come_in(gate, headers={"accept-language": language})
    assert answer.status == 503
    assert words in answer.body.decode()
    gate._hashing = 0
    assert come_in(gate).status == 303
    assert gate._hashing == 0


# -- clocks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(days=1), timedelta(days=3_650)])
def test_a_session_of_a_clock_of_the_future_does_not_last_until_then(desk, monkeypatch, ahead):
    right = audit.now()
    monkeypatch.setattr(sessions, "now", lambda: right + ahead)
    token = desk.sign_in("wang", GOOD, HERE)
    assert desk.session(token) is not None
    monkeypatch.setattr(sessions, "now", lambda: right)
    assert desk.session(token) is None
    with desk._database.reading() as connection:
        assert sessions.open_now(connection, SETTINGS.limits) == {}


def test_a_session_lasts_no_longer_than_it_may_however_much_is_clicked(desk, monkeypatch):
    token = desk.sign_in("wang", GOOD, HERE)
    start = desk.session(token).opened_at
    for minutes in range(0, 12 * 60, 20):
        monkeypatch.setattr(sessions, "now", lambda at=start + timedelta(minutes=minutes): at)
        desk.see(desk.session(token))
    monkeypatch.setattr(sessions, "now", lambda: start + timedelta(hours=12))
    assert desk.session(token) is None


# -- the browser ----------------------------------------------------------------------------------------


def test_every_page_of_the_door_has_the_headers(gate):
    shielded = SecurityHeaders(gate)
    token = come_in(gate).token
    for path, cookie in ((DOOR, None), (OUT, token), (PASSWORD, token), ("/", None), ("/media/x", token)):
        headers = ask(shielded, path, cookie=cookie).headers
        for name, value in HEADERS:
            assert headers[name.decode()] == value.decode()
        assert headers["cache-control"] == "no-store"
    policy = dict(HEADERS)[b"content-security-policy"].decode()
    assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy


def test_a_cookie_without_the_prefix_is_none_over_tls(database):
    """Whoever has a neighbouring host could set one; that of ours is named so that browsers do not let them."""
    desk = Desk(database, replace(SETTINGS, secure=True))
    gate = Gate(inside, lambda: desk)
    token = come_in(gate).token
    assert ask(gate, "/", headers={"cookie": f"__Host-jiceng={token}"}).body == b"secret"
    assert ask(gate, "/", headers={"cookie": f"jiceng={token}"}).status == 303


def test_the_token_before_signing_in_is_not_the_one_after(gate):
    first = come_in(gate).token
    second = come_in(gate, cookie=first).token
    assert second != first
    ask(gate, OUT, method="POST", form={}, cookie=second)
    assert ask(gate, "/", cookie=second).status == 303
    assert come_in(gate, cookie=second).token != second


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example"]
)
def test_no_way_in_leads_to_another_site(gate, target):
    token = come_in(gate).token
    assert ask(gate, f"{DOOR}?next={target}", cookie=token).headers["location"] == "/"
    form = {"name": "wang", "password": GOOD, "next": target}
    assert ask(gate, DOOR, method="POST", form=form).headers["location"] == "/"


def test_the_other_language_keeps_where_one_wanted_to_go(gate):
    page = ask(gate, f"{DOOR}?next=/map%3Fmode%3Dpeople").body.decode()
    assert "/signin?lang=en&amp;next=%2Fmap%3Fmode%3Dpeople" in page


def test_nothing_is_changed_by_a_link(gate):
    token = come_in(gate).token
    for path in (OUT, PASSWORD, DOOR):
        for method in ("PUT", "DELETE", "PATCH"):
            assert ask(gate, path, method=method, cookie=token).body in (b"secret", b"404", b"403")
        ask(gate, f"{path}?everywhere=yes", cookie=token)
    assert ask(gate, "/", cookie=token).body == b"secret"


# -- what the door cannot read --------------------------------------------------------------------------


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    """An installation of one's own, served."""
    folder = tmp_path / "home"
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    made = make_installation(folder, kind="own")
    assert serving.settings().mode == "local"
    return made


def answered(path="/"):
    """What the door answers to this machine, to whom an open one would show everything."""
    return ask(Door(inside), path, client="127.0.0.1", headers={"host": "127.0.0.1"})


def test_an_installation_that_is_gone_does_not_open_the_server(at_home):
    assert answered().status == 303
    (at_home.folder / "installation.toml").unlink()
    gone = answered()
    assert gone.status == 503
    assert "暂停服务" in gone.body.decode()


def test_a_disk_that_is_gone_does_not_open_the_server(at_home, tmp_path):
    at_home.folder.rename(tmp_path / "elsewhere")
    assert answered().status == 503
    (tmp_path / "elsewhere").rename(at_home.folder)
    assert answered().status == 303


def test_files_without_what_says_whose_they_are_do_not_open_the_server(at_home, monkeypatch):
    (at_home.folder / "installation.toml").unlink()
    monkeypatch.setattr(serving, "_served", set())  # as after a restart
    (at_home.folder / "store").mkdir()
    assert answered().status == 503


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"kind = ", b'kind = "demo"', b'kind = "Demo"\nid = "x"', b"kind = 1\nid = 2"]
)
def test_an_installation_that_cannot_be_read_does_not_open_the_server(at_home, content):
    (at_home.folder / "installation.toml").write_bytes(content)
    assert answered().status in (303, 503)


@pytest.mark.parametrize(
    "content",
    ["sign_in = ", 'sign_in = "opened"', 'sign_in = "oidc"', 'sign_in = "proxy"', 'sing_in = "local"'],
)
def test_a_configuration_that_cannot_be_read_does_not_open_the_server(at_home, content):
    (at_home.folder / "config.toml").write_text(content, "utf-8")
    serving._opened.cache_clear()
    assert answered().status == 503


def test_over_tls_browsers_are_told_to_ask_for_nothing_else(at_home):
    assert "strict-transport-security" not in answered().headers
    (at_home.folder / "config.toml").write_text("tls = true\n", "utf-8")
    serving._opened.cache_clear()
    for path in ("/", DOOR, "/static/x.js"):
        assert answered(path).headers["strict-transport-security"] == "max-age=31536000"
    assert ask(Door(inside), "/", headers={"host": "evil.example"}).status == 403


# -- the secret of the identity server's client -----------------------------------------------------------


def test_the_secret_is_read_from_a_file_of_this_user_alone(tmp_path, monkeypatch):
    assert serving.secret_of(tmp_path) == ""
    path = tmp_path / serving.SECRET_FILE
    path.write_text("secret\n", "utf-8")
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        serving.secret_of(tmp_path)
    path.chmod(0o600)
    assert serving.secret_of(tmp_path) == "secret"
    monkeypatch.setenv(serving.SECRET_VARIABLE, "other")
    assert serving.secret_of(tmp_path) == "other"
