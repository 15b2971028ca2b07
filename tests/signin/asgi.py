"""A client of ASGI applications that sends exactly what a test says."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode


def _run(coroutine) -> None:
    """To its end, in a thread of its own: the browser's driver leaves a running loop in the tests' thread."""
    with ThreadPoolExecutor(1) as one:
        one.submit(asyncio.run, coroutine).result()


@dataclass
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cookies: list[str] = field(default_factory=list)  # every Set-Cookie line

    @property
    def cookie(self) -> str | None:
        """The whole Set-Cookie line."""
        return self.headers.get("set-cookie")

    @property
    def token(self) -> str:
        return self.cookie.split(";")[0].partition("=")[2]


def ask(
    app,
    path: str,
    *,
    method: str = "GET",
    cookie: str | None = None,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    client: str = "10.0.0.7",
    body: bytes | None = None,
) -> Answer:
    """One request: a navigation of a browser, unless ``headers`` say otherwise."""
    content = urlencode(form).encode() if form is not None else (body or b"")
    sent = {"host": "jiceng.example", "accept": "text/html", "sec-fetch-site": "same-origin"}
    if form is not None:
        sent["content-type"] = "application/x-www-form-urlencoded"
    if cookie is not None:
        sent["cookie"] = f"jiceng={cookie}"
    sent |= headers or {}
    where, _, query = path.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in sent.items()
            if value is not None
        ],
        "client": (client, 1234),
        "server": ("jiceng.example", 80),
    }
    answer = Answer(0)

    async def receive():
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            answer.cookies = [v.decode() for name, v in message["headers"] if name == b"set-cookie"]
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    _run(app(scope, receive, send))
    return answer


def dial(app, cookie: str | None = None, client: str = "10.0.0.7", **headers: str) -> str:
    """A websocket's handshake: "passed" or "closed"."""
    sent = {"host": "jiceng.example", "origin": "http://jiceng.example"} | headers
    if cookie is not None:
        sent["cookie"] = f"jiceng={cookie}"
    scope = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": (client, 1234),
    }
    said = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        said.append(message["type"])

    _run(app(scope, receive, send))
    return "closed" if said == ["websocket.close"] else "passed"
