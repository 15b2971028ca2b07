"""The whole server behind its door: signed in, seen on the page, out again, and whose address the log tells."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPResponse

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from commands import server
from commands.check_session import signed_in
from commands.session import As, _read, visit
from data.access import accounts, open_access, searching
from data.access.searching import Wanted
from data.installation import HOME_VARIABLE, make_installation
from tests.signin.test_gate import GOOD


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """An installation of one's own, empty, with one account."""
    made = make_installation(tmp_path_factory.mktemp("served") / "home", kind="own")
    log = open_access(made)
    with log.writing() as connection:
        accounts.add(
            connection, "wang", "王局长", "leader", "test", password=GOOD, least=10, must_change=False
        )
    log.close()
    return made


@pytest.fixture(scope="module")
def address(installation):
    port = server.choose_port(None, 18701)
    with server.running(port, **{HOME_VARIABLE: str(installation.folder)}) as running:
        yield running


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args, **_more):
        return None


def post(address: str, path: str, cookie: str = "", **form: str) -> HTTPResponse | urllib.error.HTTPError:
    """A form of the door, as a browser sends it; from a client that says that it is somewhere else."""
    headers = {
        "Origin": address,
        "Cookie": cookie,
        "X-Forwarded-For": "192.0.2.9",
        "X-Forwarded-Proto": "https",
    }
    request = urllib.request.Request(address + path, urllib.parse.urlencode(form).encode(), headers)
    try:
        return urllib.request.build_opener(_Stays).open(request)
    except urllib.error.HTTPError as answer:
        return answer


def comes_in(address: str) -> str:
    with post(address, "/signin", name="wang", password=GOOD) as answer:
        assert answer.code == 303
        return answer.headers["Set-Cookie"].split(";")[0]


def shown(page) -> str:
    return str([str(element) for element in page.elements])


def test_in_and_seen_and_out(address, installation):
    cookie = comes_in(address)
    seen = visit(address, who=As({"Cookie": cookie}), lang="zh")
    assert not seen.exceptions
    assert "wang" in shown(seen) and "./signout" in seen.html
    request = BackMsg()
    request.rerun_script.query_string = "lang=en"
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(
        stream, subprotocols=["streamlit"], origin=address, additional_headers={"Cookie": cookie}, proxy=None
    ) as socket:
        socket.send(request.SerializeToString())
        assert "signin" not in _read(socket).html
        post(address, "/signout", cookie).close()
        socket.send(request.SerializeToString())  # a page that was left open
        assert "./signin" in _read(socket).html
    with pytest.raises(InvalidStatus):
        connect(stream, subprotocols=["streamlit"], origin=address, additional_headers={"Cookie": cookie})
    log = open_access(installation)
    with log.reading() as connection:
        told = [(row["what"], row["who"], row["address"]) for row in searching.each(connection, Wanted())]
    log.close()
    # This machine is no proxy of ours, so what it says of another address is not believed.
    assert told[:2] == [("in", "wang", "127.0.0.1"), ("out", "wang", "127.0.0.1")]


def test_nothing_is_shown_without_a_session(address):
    for path in (
        "/_stcore/health",
        "/_stcore/metrics",
        "/_stcore/host-config",
        "/media/x",
        "/static/index.html",
    ):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address + path)
        with caught.value as refused:
            assert refused.code == 401
    with pytest.raises(InvalidStatus):
        connect(
            address.replace("http", "ws", 1) + "/_stcore/stream", subprotocols=["streamlit"], origin=address
        )


def test_the_check_comes_in_by_itself(address, installation):
    with signed_in(installation) as who:
        seen = visit(address, who=who, lang="zh")
    assert not seen.exceptions
    with pytest.raises(Exception, match=r"is not a page|does not serve|broke"):
        visit(address, who=who, lang="zh")
