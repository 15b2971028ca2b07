"""Files and visits belong to the signed-in session that was told of them; what people do keeps a session alive."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from data.access import accounts, sessions
from data.access.tables import PLAN
from data.small_database import open_database
from pages import _behind
from pages._behind import addresses, budget, held, read, visit_of
from signin import watching
from signin.burden import VISITS
from signin.desk import Desk
from signin.gate import Gate
from signin.handed_out import HandedOut
from signin.watching import Behind, own_visit
from tests.signin.asgi import ask, dial
from tests.signin.test_gate import GOOD, SETTINGS, come_in, inside

VISIT = "7b0d2f0e-1111-4222-8333-444455556666"
MB = 1024 * 1024
HELD: dict[tuple[str, ...], int] = {}  # visits -> bytes


def told_of(url: str) -> bytes:
    """A message that shows a file's address, as the server sends it."""
    message = ForwardMsg()
    message.delta.new_element.imgs.imgs.add().url = url
    return message.SerializeToString()


def upload_of(session: str) -> tuple[str, bytes]:
    """An address to bring a file to, as the server makes it, and the message that tells it."""
    (info,) = MemoryUploadedFileManager("/_stcore/upload_file").get_upload_urls(session, ["a.csv"])
    message = ForwardMsg()
    answer = message.file_urls_response.file_urls.add()
    answer.upload_url = answer.delete_url = info.upload_url
    return info.upload_url, message.SerializeToString()


@pytest.fixture
def database(tmp_path):
    found = open_database(SimpleNamespace(database="", folder=tmp_path), PLAN)
    with found.writing() as connection:
        for name, role in (("wang", "leader"), ("chen", "clerk"), ("shen", "auditor")):
            accounts.add(connection, name, name, role, "test", password=GOOD, least=10, must_change=False)
    yield found
    found.close()


@pytest.fixture
def gate(database):
    desk = Desk(database, SETTINGS)
    most = {"leader": 1 * MB, "clerk": 5 * MB, "auditor": 0}
    behind = Behind(
        most=lambda one: most[one.role],
        budget=lambda one: 2 * most[one.role],
        held=lambda visits: HELD.get(tuple(visits), 0),
        addresses=addresses,
        visit_of=visit_of,
        read=read,
    )
    return Gate(inside, lambda: desk, behind=behind)


def talk(gate, token: str, *messages: dict, protocols: str = "streamlit", out: tuple[bytes, ...] = ()):
    """A websocket through the gate: what the browser says, and what is sent ``out``. Gives the scope and what came in."""
    seen = SimpleNamespace(scope=None, heard=[])

    async def app(scope, receive, send):
        seen.scope = scope
        for content in out:
            await send({"type": "websocket.send", "bytes": content})
        while True:
            message = await receive()
            seen.heard.append(message)
            if message["type"] == "websocket.disconnect":
                return

    left = [*messages, {"type": "websocket.disconnect"}]

    async def receive():
        return left.pop(0)

    async def send(message):
        pass

    headers = {
        "host": "jiceng.example",
        "origin": "http://jiceng.example",
        "cookie": f"jiceng={token}",
        "sec-websocket-protocol": protocols,
    }
    scope = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("10.0.0.7", 1),
        "subprotocols": protocols.split(", "),
    }
    gate._app = app
    with ThreadPoolExecutor(1) as one:
        one.submit(asyncio.run, gate(scope, receive, send)).result()
    gate._app = inside
    return seen


def rerun(*, auto: bool = False) -> dict:
    message = BackMsg()
    message.rerun_script.query_string = "month=2025-12"
    message.rerun_script.is_auto_rerun = auto
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def test_a_file_answers_the_session_that_was_told_of_it(gate):
    storage = MemoryMediaFileStorage("/media")
    url = storage.get_url(storage.load_and_get_id(b"names", "text/csv", "downloadable", "list.csv"))
    mine, again, other = (come_in(gate, name).token for name in ("wang", "wang", "chen"))
    assert ask(gate, url, cookie=mine).status == 404  # guessed, though it is there
    talk(gate, mine, out=(told_of(url),))
    assert ask(gate, url, cookie=mine).body == b"secret"
    assert ask(gate, url, cookie=mine, method="HEAD").status == 200
    for token in (again, other):
        assert ask(gate, url, cookie=token).status == 404
    for path in (f"/media//{url[7:]}", f"{url}/..", "/media/", url[:-8], f"/media/%2e{url[7:]}"):
        assert ask(gate, path, cookie=mine).status == 404
    ask(gate, "/signout", method="POST", form={}, cookie=mine)
    assert ask(gate, url, cookie=mine).status == 303


@pytest.mark.parametrize("fill", ["label", "body", "placeholder"])
def test_what_looks_like_an_address_in_words_of_a_page_tells_none(fill):
    """Somebody typed it, and the page says it again."""
    url, message = "/media/" + "0123456789abcdef" * 2, ForwardMsg()
    element = message.delta.new_element
    if fill == "body":
        element.markdown.body = url
    else:
        setattr(element.text_input, fill, url)
        element.text_input.value = url
    assert addresses(message.SerializeToString()) == []
    assert addresses(told_of(url)) == [url]
    assert addresses(b"media/\xff") == []


def test_an_address_is_known_with_and_without_the_end_of_its_name():
    handed, url = HandedOut(), "/media/" + "0123456789abcdef" * 2
    handed.note("k", [url[1:], "/map", ""])
    assert handed.knows("k", url)
    assert handed.knows("k", f"{url}.csv")
    assert not handed.knows("k", url[1:])
    assert not handed.knows("k", url[:-1] + "e")
    assert not handed.knows("k", "/map")


def test_a_place_for_a_file_belongs_to_whom_it_was_told(gate):
    url, message = upload_of(VISIT)
    mine, other = come_in(gate, "chen").token, come_in(gate, "wang").token
    for token in (mine, other):
        assert ask(gate, url, method="PUT", cookie=token, body=b"x").status == 404
    talk(gate, mine, out=(message,))
    assert ask(gate, url, method="PUT", cookie=mine, body=b"x").body == b"secret"
    for method in ("PUT", "DELETE"):
        assert ask(gate, url, method=method, cookie=other, body=b"x").status == 404
    another = url[:-1] + ("1" if url.endswith("0") else "0")
    assert ask(gate, another, method="PUT", cookie=mine).status == 404


@pytest.mark.parametrize(
    ("who", "size", "status"),
    [
        ("shen", "1", 403),  # brings nothing in
        ("wang", str(MB), 200),
        ("wang", str(2 * MB), 413),
        ("chen", str(2 * MB), 200),
        ("chen", str(6 * MB), 413),
        ("chen", "-1", 413),
        ("chen", "many", 413),
        ("chen", "²", 413),
    ],
)
def test_who_brings_in_what_is_looked_at_before_it_is_read(gate, who, size, status):
    url, message = upload_of(VISIT)
    token = come_in(gate, who).token
    talk(gate, token, out=(message,))
    read_of = []

    async def app(scope, receive, send):
        read_of.append(scope["path"])
        await inside(scope, receive, send)

    gate._app = app
    answer = ask(
        gate, url, method="PUT", cookie=token, headers={"content-length": size.encode().decode("latin-1")}
    )
    assert answer.status == status
    assert bool(read_of) is (status == 200)


def test_a_file_that_is_longer_than_was_said_is_broken_off(gate):
    url, message = upload_of(VISIT)
    token = come_in(gate, "wang").token
    talk(gate, token, out=(message,))
    came = []

    async def app(scope, receive, send):
        came.append(await receive())
        await inside(scope, receive, send)

    gate._app = app
    ask(gate, url, method="PUT", cookie=token, body=b"x" * 2 * MB)  # without a length: in chunks
    assert came == [{"type": "http.disconnect"}]


@pytest.mark.parametrize(
    ("there", "size", "status"),
    [(0, MB, 200), (MB, MB, 200), (MB, MB + 100_000, 413), (2 * MB, 100_000, 413), (MB + 100_000, None, 413)],
)
def test_files_of_a_sign_in_are_limited_together(gate, monkeypatch, there, size, status):
    url, message = upload_of(VISIT)
    token, other = (come_in(gate, "wang").token for _ in range(2))
    for one in (token, other):
        talk(gate, one, out=(new_session(VISIT if one == token else VISIT[:-1] + "7"), message))
    monkeypatch.setitem(HELD, (VISIT,), there)
    monkeypatch.setattr(gate, "_behind", replace(gate._behind, most=lambda one: MB + 100_000))
    length = {} if size is None else {"content-length": str(size)}
    assert ask(gate, url, method="PUT", cookie=token, headers=length).status == status
    assert ask(gate, url, method="PUT", cookie=other, headers=length).status == 200
    assert ask(gate, url, method="DELETE", cookie=token).status == 200
    assert not gate._burden._coming


def test_files_on_their_way_count(gate):
    url, message = upload_of(VISIT)
    token = come_in(gate, "wang").token
    talk(gate, token, out=(message,))
    with gate._burden.coming(gate._desk().session(token).key, 2 * MB):
        answer = ask(gate, url, method="PUT", cookie=token, headers={"content-length": str(MB)})
    assert answer.status == 413
    assert "过多" in answer.body.decode()


def test_what_visits_hold_is_what_the_server_keeps(monkeypatch):
    manager = MemoryUploadedFileManager("/_stcore/upload_file")
    for visit, size in (("a", 5), ("a", 7), ("b", 11), ("c", 100)):
        manager.add_file(visit, UploadedFileRec(f"{size}", "x.csv", "text/csv", b"x" * size))
    monkeypatch.setattr(_behind.runtime, "exists", lambda: True)
    monkeypatch.setattr(_behind.runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=manager))
    assert held(["a", "b", "gone"]) == 23
    assert "gone" not in manager.file_storage


def test_a_sign_in_has_so_many_windows_and_no_more(gate):
    mine, other = come_in(gate, "chen").token, come_in(gate, "wang").token
    key = gate._desk().session(mine).key
    with ExitStack() as windows:
        for _ in range(VISITS - 1):
            windows.enter_context(gate._burden.visit(key))
        assert dial(gate, mine) == "passed"
        windows.enter_context(gate._burden.visit(key))
        assert dial(gate, mine) == "closed"
        assert dial(gate, other) == "passed"
        page = ask(gate, "/map", cookie=mine)
        assert page.status == 429
        assert f"已打开 {VISITS} 个窗口" in page.body.decode()
        assert ask(gate, "/signout", cookie=mine).status == 200
        assert ask(gate, "/static/x.js", cookie=mine, headers={"accept": "*/*"}).status == 200
    assert dial(gate, mine) == "passed"
    assert ask(gate, "/map", cookie=mine).body == b"secret"
    assert not gate._burden._visits


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": None},
        {"sec-fetch-site": None, "origin": "null"},
    ],
)
def test_no_other_site_brings_a_file_in_or_takes_one_away(gate, headers):
    url, message = upload_of(VISIT)
    token = come_in(gate, "chen").token
    talk(gate, token, out=(message,))
    for method in ("PUT", "DELETE", "POST"):
        assert ask(gate, url, method=method, cookie=token, headers=headers).status == 403


def new_session(visit: str) -> bytes:
    message = ForwardMsg()
    message.new_session.initialize.session_id = visit
    return message.SerializeToString()


def test_nobody_goes_on_with_the_visit_of_another(gate):
    mine, other = come_in(gate, "chen").token, come_in(gate, "wang").token
    asked = f"streamlit, token, {VISIT}"
    assert talk(gate, mine, protocols=asked).scope["subprotocols"] == ["streamlit", "token"]  # not begun here
    talk(gate, mine, out=(new_session(VISIT),))
    assert talk(gate, mine, protocols=asked).scope["subprotocols"] == ["streamlit", "token", VISIT]
    seen = talk(gate, other, protocols=asked).scope
    assert seen["subprotocols"] == ["streamlit", "token"]
    assert (b"sec-websocket-protocol", b"streamlit, token") in seen["headers"]


def test_two_headers_of_protocols_smuggle_no_visit_in():
    headers = [(b"sec-websocket-protocol", b"streamlit, x"), (b"sec-websocket-protocol", VISIT.encode())]
    scope, goes_on = own_visit({"headers": headers}, "k", HandedOut())
    assert not goes_on
    assert VISIT not in str(scope)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ([], 0),
        ([rerun(auto=True)], 0),  # the page's own clock
        ([rerun()], 20),
        ([{"type": "websocket.receive", "text": "ping"}], 0),
    ],
)
def test_clicks_keep_a_session_alive_and_nothing_else_does(gate, database, monkeypatch, said, minutes):
    monkeypatch.setattr(watching, "_SEEN_S", 0)
    token = come_in(gate, "chen").token
    start = gate._desk().session(token).opened_at
    monkeypatch.setattr(sessions, "now", lambda: start + timedelta(minutes=20))
    ask(gate, "/_stcore/health", cookie=token, headers={"accept": "*/*"})
    talk(gate, token, *said)
    with database.reading() as connection:
        limit = sessions.find(connection, token, SETTINGS.limits).ends_at - SETTINGS.limits.idle
    assert limit - start == timedelta(minutes=minutes)


def test_a_browser_that_only_connects_again_is_nobody_clicking(gate, database, monkeypatch):
    monkeypatch.setattr(watching, "_SEEN_S", 0)
    token = come_in(gate, "chen").token
    start = gate._desk().session(token).opened_at
    talk(gate, token, out=(new_session(VISIT),))
    monkeypatch.setattr(sessions, "now", lambda: start + timedelta(minutes=20))
    asked = f"streamlit, token, {VISIT}"
    talk(gate, token, rerun(), protocols=asked)
    monkeypatch.setattr(sessions, "now", lambda: start + timedelta(minutes=31))
    assert ask(gate, "/", cookie=token).status == 303


def test_a_click_does_not_bring_back_a_session_that_has_run_out(gate, database, monkeypatch):
    """The click arrives before the page runs that it asks for: were it seen first, no open page would ever run out."""
    monkeypatch.setattr(watching, "_SEEN_S", 0)
    token, desk = come_in(gate, "chen").token, gate._desk()
    found = desk.session(token)
    start = found.opened_at
    monkeypatch.setattr(sessions, "now", lambda: start + timedelta(minutes=31))
    desk.see(found)
    assert desk.session(token) is None
    monkeypatch.setattr(sessions, "now", lambda: start + timedelta(minutes=20))
    for minutes in range(0, 13 * 60, 20):
        monkeypatch.setattr(sessions, "now", lambda at=start + timedelta(minutes=minutes): at)
        desk.see(found)
    assert desk.session(token) is None  # nor one that is too old


def test_what_is_for_developers_goes_no_further(gate):
    token = come_in(gate, "shen").token
    sent = []
    for name in ("clear_cache", "load_git_info", "set_run_on_save", "debug_shutdown_runtime"):
        message = BackMsg()
        setattr(message, name, True)
        sent.append({"type": "websocket.receive", "bytes": message.SerializeToString()})
    message = BackMsg()
    message.backend_operation_request.install_skills.SetInParent()
    sent.append({"type": "websocket.receive", "bytes": message.SerializeToString()})
    sent.append({"type": "websocket.receive", "bytes": b"\xff\xff"})
    heard = talk(gate, token, *sent, rerun()).heard
    assert [message["type"] for message in heard] == ["websocket.receive", "websocket.disconnect"]


@pytest.mark.parametrize(
    ("role", "mb"),
    [
        ("leader", 10),
        ("officer", 1024),
        ("director", 10),
        ("doctor", 10),
        ("clerk", 1024),
        ("auditor", 0),
        ("administrator", 0),
    ],
)
def test_how_much_each_role_may_bring_in(monkeypatch, role, mb):
    monkeypatch.setattr(
        _behind, "installation", lambda: SimpleNamespace(config=SimpleNamespace(evidence_mb=10))
    )
    monkeypatch.setattr(_behind.config, "get_option", lambda name: 1024)
    one = accounts.Account(1, "a", "a", role, ("01",), (), False, False, True, None, 1)
    assert _behind.most_bytes(one) == mb * MB
    assert budget(one) == {10: 100, 1024: 2048, 0: 0}[mb] * MB
