"""One visit of a page as a browser makes it: the page, then the session over the websocket."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from socket import create_connection
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from commands.environment import Stop

_PATIENCE = 120  # seconds for a page to be drawn, the first time and with cold caches
_LARGEST = 512 * 1024**2  # bytes of a message; the library's own limit of 1 MB is less than a map needs


@dataclass(frozen=True)
class As:
    """As whom a page is asked for: headers of every request, such as a session's cookie; none where nobody signs in.

    ``name``: under which name, where the server does not answer to that of its address.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


@dataclass
class Visit:
    """What a browser was sent: every element of the finished page."""

    elements: list[Element] = field(default_factory=list)
    failed: bool = False  # the page's script did not even compile

    @property
    def exceptions(self) -> list[str]:
        """Type and message of every exception that the page shows."""
        shown = [element.exception for element in self.elements if element.WhichOneof("type") == "exception"]
        return [f"{one.type}: {one.message}".strip(": ") for one in shown]

    @property
    def html(self) -> str:
        """The HTML of the page's boards, one after the other."""
        parts = []
        for element in self.elements:
            kind = element.WhichOneof("type")
            if kind == "bidi_component" and element.bidi_component.json:
                parts.append(json.loads(element.bidi_component.json).get("html", ""))
            elif kind == "html":
                parts.append(element.html.body)
        return "\n".join(parts)


def visit(address: str, page: str = "", who: As | None = None, **query: str) -> Visit:
    """Open a page (``""`` is the first one) in a new session and wait until it is drawn.

    Raises Stop when the server does not serve it.
    """
    who = who or As()
    port = urlsplit(address).port
    # The server holds the origin against the name that it was asked for.
    origin = f"http://{who.name}:{port}" if who.name else address
    _fetch(f"{address}/{page}", dict(who.headers) | ({"Host": f"{who.name}:{port}"} if who.name else {}))
    request = BackMsg()
    request.rerun_script.page_name = page
    request.rerun_script.query_string = urlencode(query)
    request.rerun_script.context_info.locale = "zh-CN"
    request.rerun_script.context_info.timezone = "Asia/Shanghai"
    request.rerun_script.context_info.url = f"{address}/{page}"
    try:
        with (
            create_connection((urlsplit(address).hostname, port)) as line,
            connect(
                origin.replace("http", "ws", 1) + "/_stcore/stream",
                subprotocols=["streamlit"],
                origin=origin,
                additional_headers=dict(who.headers),
                max_size=_LARGEST,
                proxy=None,
                sock=line,
            ) as socket,
        ):
            socket.send(request.SerializeToString())
            return _read(socket)
    except (OSError, TimeoutError) as error:
        raise Stop(f"看板中断了会话。The dashboard broke the session off: {error}") from error


def _fetch(url: str, headers: Mapping[str, str]) -> None:
    """Raises Stop unless the address serves Streamlit's page."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=dict(headers)), timeout=30) as answer:
            body = answer.read().decode("utf-8")
    except (urllib.error.URLError, OSError) as error:
        raise Stop(f"看板没有应答 {url}。The dashboard does not serve {url}: {error}") from error
    if "<script" not in body:
        raise Stop(f"{url} 不是看板页面。{url} is not a page of the dashboard.")


def _read(socket) -> Visit:
    """Collect elements until the script has ended; what a rerun replaced is dropped."""
    seen = Visit()
    at: dict[tuple[int, ...], Element] = {}
    while True:
        message = ForwardMsg()
        message.ParseFromString(socket.recv(timeout=_PATIENCE))
        kind = message.WhichOneof("type")
        if kind == "new_session":
            at.clear()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            at[tuple(message.metadata.delta_path)] = message.delta.new_element
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            seen.failed = message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR
            seen.elements = list(at.values())
            return seen
