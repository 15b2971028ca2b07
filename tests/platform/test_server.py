"""The server: one port, this machine only, headers that keep the page at home."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app import HEADERS
from commands import server
from commands.environment import Stop
from signin.door import comes_from_elsewhere, is_local


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind((server.HOST, 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_busy_port_that_was_asked_for_gives_one_instruction(busy_port: int):
    with pytest.raises(Stop, match=r"manage\.py run --port \d+") as caught:
        server.choose_port(busy_port, 8501)
    suggested = int(str(caught.value).split("--port ")[1])
    assert server.is_free(suggested)


def test_a_busy_port_that_was_not_asked_for_is_passed_over(busy_port: int):
    chosen = server.choose_port(None, busy_port)
    assert chosen > busy_port
    assert server.is_free(chosen)


def test_a_free_port_is_taken_as_asked(busy_port: int):
    free = server.choose_port(None, busy_port)
    assert server.choose_port(free, 8501) == free


@pytest.mark.parametrize(
    ("client", "host", "local"),
    [
        ("127.0.0.1", "127.0.0.1:8501", True),
        ("127.0.0.1", "localhost:8501", True),
        ("127.0.0.1", "LOCALHOST", True),
        ("::1", "[::1]:8501", True),
        ("192.0.2.7", "127.0.0.1:8501", False),  # reached through another address
        ("127.0.0.1", "evil.example:8501", False),  # a page of another site that resolves to us
        ("127.0.0.1", "127.0.0.1.evil.example", False),
        ("127.0.0.1", "", False),
        (None, "127.0.0.1", False),
    ],
)
def test_who_counts_as_this_machine(client: str | None, host: str, local: bool):
    scope = {"client": (client, 1234) if client else None, "headers": [(b"host", host.encode())]}
    assert is_local(scope) is local


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"origin": "http://127.0.0.1:8501"}, False),
        ({"origin": "http://localhost:3000"}, True),  # another program's page on this machine
        ({"origin": "null"}, True),
        (
            {"x-forwarded-for": "10.1.2.3"},
            True,
        ),  # a proxy on this machine hands on the whole network's requests
        ({"forwarded": "for=10.1.2.3"}, True),
    ],
)
def test_what_others_send_through_this_machine_is_told_apart(headers: dict[str, str], elsewhere: bool):
    sent = {"host": "127.0.0.1:8501"} | headers
    scope = {"headers": [(name.encode(), value.encode()) for name, value in sent.items()]}
    assert comes_from_elsewhere(scope) is elsewhere


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server over no installation: it says so, which is enough to look at its doors."""
    with server.running(server.choose_port(None, 18501)) as running:
        yield running


def test_the_server_is_gone_afterwards():
    port = server.choose_port(None, 18601)
    with server.running(port):
        assert not server.is_free(port)
    assert server.is_free(port)


def test_a_server_that_does_not_start_says_why(busy_port: int):
    with pytest.raises(Stop, match="did not start"), server.running(busy_port):
        pass


def test_every_answer_has_the_headers(address: str):
    for path in ("/", "/_stcore/health", "/no-such-page", "/static/none.js"):
        headers = head(address + path)
        for name, value in HEADERS:
            assert headers[name.decode()] == value.decode(), path


def test_another_name_is_refused(address: str):
    request = urllib.request.Request(address, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    with caught.value as refused:
        assert refused.code == 403
        assert refused.headers["x-frame-options"] == "DENY"
    stream = address.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus):
        connect(stream, subprotocols=["streamlit"], additional_headers={"Host": "evil.example"})


def test_a_page_of_another_site_gets_no_session(address: str):
    stream = address.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus):
        connect(stream, subprotocols=["streamlit"], origin="http://evil.example")


def head(url: str):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.headers
