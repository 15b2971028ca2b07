"""The gate: what passes, what does not, and what is written in the log."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from starlette.responses import PlainTextResponse

from data.access import accounts, audit
from data.access.sessions import Limits
from data.access.tables import PLAN, entry, session
from data.small_database import open_database
from signin.cookies import token_in
from signin.desk import Desk, Refused
from signin.gate import DOOR, OUT, PASSWORD, Gate, own_place
from signin.settings import Settings
from tests.signin.asgi import ask, dial

GOOD, NEW = "Yunling-2026", "Another-2027"
SETTINGS = Settings(
    mode="local",
    limits=Limits(timedelta(minutes=30), timedelta(hours=12)),
    least=10,
    failures=5,
    minutes=15,
    secure=False,
    languages=("zh", "en"),
)
PATHS = ["/", "/map", "/_stcore/health", "/_stcore/metrics", "/media/abc.csv", "/static/js/index.js",
         "/_stcore/upload_file/a/b", "/_stcore/host-config", "/component/x", "/SIGNIN", "/signin/", "//signin"]  # fmt: skip


async def inside(scope, receive, send):
    """What lies behind the gate."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await PlainTextResponse("secret")(scope, receive, send)


@pytest.fixture
def database(tmp_path):
    found = open_database(SimpleNamespace(database="", folder=tmp_path), PLAN)
    with found.writing() as connection:
        accounts.add(
            connection, "wang", "王局长", "leader", "test", password=GOOD, least=10, must_change=False
        )
        accounts.add(connection, "new", "新来的", "leader", "test", password=GOOD, least=10)
    yield found
    found.close()


@pytest.fixture
def gate(database):
    desk = Desk(database, SETTINGS)
    return Gate(inside, lambda: desk)


def come_in(gate, name="wang", password=GOOD, **more):
    return ask(gate, DOOR, method="POST", form={"name": name, "password": password}, **more)


def log(database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        assert audit.broken(connection) is None
        return [
            tuple(row)
            for row in connection.execute(select(entry.c.what, entry.c.who).order_by(entry.c.entry))
        ]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_answers_without_a_session(gate, path):
    for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
        answer = ask(gate, path, method=method)
        assert answer.status in (303, 401)
        assert b"secret" not in answer.body
    assert ask(gate, path, headers={"accept": "*/*"}).status == 401


@pytest.mark.parametrize("cookie", [None, "", "x", "a" * 10_000, "' OR 1=1 --"])
def test_no_websocket_without_a_session(gate, cookie):
    assert dial(gate, cookie) == "closed"


def test_a_session_passes_everywhere_and_is_in_the_log(gate, database):
    answer = come_in(gate)
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    assert "HttpOnly" in answer.cookie
    assert "SameSite=strict" in answer.cookie
    for path in ("/", "/_stcore/health", "/static/js/index.js"):
        assert ask(gate, path, cookie=answer.token).body == b"secret"
    assert dial(gate, answer.token) == "passed"
    assert log(database) == [("in", "wang")]


def test_the_token_is_not_in_the_database(gate, database):
    token = come_in(gate).token
    with database.reading() as connection:
        kept = connection.execute(select(session.c.session)).scalars().all()
    assert token not in kept
    assert not any(token in one for one in kept)


def test_a_secure_cookie_over_tls(database):
    desk = Desk(database, Settings(**{**SETTINGS.__dict__, "secure": True}))
    cookie = come_in(Gate(inside, lambda: desk)).cookie
    assert "Secure" in cookie
    assert cookie.startswith("__Host-jiceng=")
    assert "Path=/;" in cookie and "Domain" not in cookie  # or browsers would not take one of that name


@pytest.mark.parametrize(
    ("name", "password"), [("wang", "wrong"), ("nobody", GOOD), ("", ""), ("wang", GOOD * 50)]
)
def test_a_wrong_password_and_a_wrong_name_are_answered_alike(gate, database, name, password):
    answer = come_in(gate, name, password)
    assert answer.status == 401
    assert answer.cookie is None
    assert "账号或密码不对" in answer.body.decode()
    assert log(database) == [("failed", name)]


def test_five_failures_and_the_right_password_must_wait(gate, database):
    for _ in range(5):
        come_in(gate, password="wrong")
    answer = come_in(gate)
    assert answer.status == 401
    assert "15 分钟后" in answer.body.decode()
    come_in(gate)
    assert len(log(database)) == 6
    assert come_in(gate, "new").status == 303  # others are not kept out


def test_a_session_that_was_there_before_is_not_taken_over(gate):
    planted = "planted-by-somebody-else"
    answer = come_in(gate, cookie=planted)
    assert answer.token != planted
    assert ask(gate, "/", cookie=planted).status == 303


def test_two_cookies_of_the_name_are_none(gate):
    token = come_in(gate).token
    answer = ask(gate, "/", headers={"cookie": f"jiceng={token}"})
    assert answer.body == b"secret"
    assert ask(gate, "/", headers={"cookie": "jiceng=a; jiceng=b"}).status == 303


def test_signing_out_ends_the_session_at_once(gate, database):
    token, other = come_in(gate).token, come_in(gate).token
    assert ask(gate, OUT, method="POST", form={}, cookie=token).status == 303
    assert ask(gate, "/", cookie=token).status == 303
    assert dial(gate, token) == "closed"
    assert ask(gate, "/", cookie=other).status == 200
    ask(gate, OUT, method="POST", form={"everywhere": "yes"}, cookie=come_in(gate).token)
    assert ask(gate, "/", cookie=other).status == 303
    assert [what for what, _ in log(database)] == ["in", "in", "out", "in", "out"]


def test_nobody_signs_out_or_in_for_another(gate):
    token = come_in(gate).token
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": None, "origin": "http://evil.example"},
        {"sec-fetch-site": None},
    ):
        assert ask(gate, OUT, method="POST", form={}, cookie=token, headers=headers).status == 403
        assert come_in(gate, headers=headers).status == 403
    assert ask(gate, "/", cookie=token).status == 200
    assert b'action="/signout"' in ask(gate, OUT, cookie=token).body  # a link asks first
    assert ask(gate, "/", cookie=token).status == 200
    assert dial(gate, token, origin="http://evil.example") == "closed"


def test_a_first_password_must_be_changed_before_anything_is_shown(gate):
    token = come_in(gate, "new").token
    assert ask(gate, "/", cookie=token).headers["location"] == PASSWORD
    assert ask(gate, "/media/x.csv", cookie=token, headers={"accept": "*/*"}).status == 403
    assert dial(gate, token) == "closed"
    weak = change(gate, token, GOOD, "short")
    assert weak.status == 400
    assert "太短" in weak.body.decode()
    assert change(gate, token, GOOD, NEW, "Different-2027").status == 400
    assert change(gate, token, "wrong", NEW).status == 400
    answer = change(gate, token, GOOD, NEW)
    assert answer.status == 303
    assert ask(gate, "/", cookie=answer.token).body == b"secret"
    assert ask(gate, "/", cookie=token).status == 303  # the token from before is gone
    assert come_in(gate, "new", GOOD).status == 401


def change(gate, token, old, new, again=None):
    form = {"old": old, "new": new, "again": new if again is None else again}
    return ask(gate, PASSWORD, method="POST", form=form, cookie=token)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/map?mode=people", "/map?mode=people"),
        ("/map?u=http://x", "/map?u=http://x"),
        (None, "/"),
        ("", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/%5cevil.example", "/"),
        ("/%2fevil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("map", "/"),
        ("/\r\nset-cookie: a=b", "/"),
        ("/%0d%0aset-cookie: a=b", "/"),
    ],
)
def test_signing_in_leads_to_a_place_of_this_server_alone(target, expected):
    assert own_place(target) == expected


def test_what_was_asked_for_is_shown_after_signing_in(gate):
    before = ask(gate, "/map?mode=people")
    assert before.headers["location"] == "/signin?next=%2Fmap%3Fmode%3Dpeople"
    page = ask(gate, before.headers["location"])
    assert 'value="/map?mode=people"' in page.body.decode()
    answer = ask(
        gate, DOOR, method="POST", form={"name": "wang", "password": GOOD, "next": "/map?mode=people"}
    )
    assert answer.headers["location"] == "/map?mode=people"


def test_what_was_typed_is_shown_as_text(gate):
    answer = come_in(gate, '"><script>alert(1)</script>', "x")
    assert b"<script" not in answer.body


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"name=wang&password=" + b"x" * 20_000, "application/x-www-form-urlencoded"),
        (b"\xff\xfe=1", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(100)), "application/x-www-form-urlencoded"),
        (b'{"name": "wang"}', "application/json"),
        (b"", ""),
    ],
)
def test_a_form_that_is_none_is_a_wrong_password(gate, body, kind):
    answer = ask(gate, DOOR, method="POST", body=body, headers={"content-type": kind})
    assert answer.status == 401


def test_both_languages(gate):
    assert "登录" in ask(gate, DOOR).body.decode()
    assert "Sign in" in ask(gate, f"{DOOR}?lang=en").body.decode()
    assert "Sign in" in ask(gate, DOOR, headers={"accept-language": "en-GB"}).body.decode()
    assert "登录" in ask(gate, f"{DOOR}?lang=xx").body.decode()


def test_nothing_of_the_door_is_kept_by_the_browser(gate):
    for answer in (ask(gate, DOOR), ask(gate, "/"), come_in(gate), come_in(gate, password="x")):
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [f"{DOOR}?next=//[", f"{DOOR}?next=http://["])
def test_an_address_that_is_none_is_no_error(gate, path):
    assert ask(gate, path).status == 200


def test_an_origin_that_is_none_is_refused(gate):
    assert come_in(gate, headers={"sec-fetch-site": None, "origin": "http://["}).status == 403


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        (["jiceng=abc"], "abc"),
        (["a/b=1; jiceng=abc"], "abc"),  # names that a strict reader refuses
        (["jiceng=abc; jiceng=planted"], None),
        (["jiceng=abc", "jiceng=planted"], None),
        (["jiceng="], None),
        (["other=1"], None),
        ([], None),
    ],
)
def test_one_token_or_none(headers, token):
    assert token_in(headers, "jiceng") == token


def test_browsers_keep_nothing_of_what_lies_behind(gate):
    token = come_in(gate).token
    assert ask(gate, "/component/x", cookie=token).headers["cache-control"] == "no-store"
    assert "cache-control" not in ask(gate, "/static/js/x.js", cookie=token).headers


def test_accounts_that_cannot_be_read_let_nobody_in(database):
    class Broken(Desk):
        def session(self, token):
            raise OperationalError("select", {}, Exception("gone"))

    gate = Gate(inside, lambda: Broken(database, SETTINGS))
    answer = ask(gate, "/", cookie="x")
    assert answer.status == 503 and "稍后" in answer.body.decode()
    assert dial(gate, "x") == "closed"


def test_a_password_that_was_set_anew_meanwhile_lets_nobody_in(database, monkeypatch):
    desk, fits = Desk(database, SETTINGS), accounts.password_fits

    def and_meanwhile(connection, name, password):
        found = fits(connection, name, password)
        with database.writing() as other:
            accounts.set_password(other, found, NEW, "admin", least=10, must_change=False)
        return found

    monkeypatch.setattr(accounts, "password_fits", and_meanwhile)
    assert desk.sign_in("wang", GOOD, "10.0.0.1") == Refused("wrong")


def test_an_open_session_cannot_try_old_passwords_without_end(gate):
    token = come_in(gate).token
    for _ in range(SETTINGS.failures):
        assert "不对" in change(gate, token, "not it", NEW).body.decode()
    assert "分钟" in change(gate, token, GOOD, NEW).body.decode()
