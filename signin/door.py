"""The door of the server: which way in is open, for this request.

Where nobody signs in (``sign_in = "open"``) whoever reaches the server sees everything, so it answers this machine only:
what gets here through another address or under another name is refused. Elsewhere the gate asks for a session. Either way
a request made under a name that is none of ours is refused, or a page of another site could point its own name at us.
"""

from __future__ import annotations

import ipaddress
import logging

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.config import ConfigError
from data.installation import InstallationError
from data.small_database import DatabaseBusyError
from signin import serving
from signin.gate import Gate
from signin.settings import OPEN_MODE
from signin.watching import Behind

_log = logging.getLogger("jiceng.signin")

_OF_PROXIES = (b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip")
_LOCAL_ONLY = "仅限本机访问。This machine only."
_UNREADABLE = (
    "数据文件夹或配置无法读取，看板暂停服务，请联系系统管理员（原因见服务器日志）。"
    "The installation or its configuration cannot be read: the server's log says why."
)
_STRICT = (b"strict-transport-security", b"max-age=31536000")
_OTHER_NAME = "不支持用这个名称访问（见 config.toml 的 hosts）。Unknown host name: see hosts in config.toml."


class Door:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, behind: Behind | None = None) -> None:
        self._app = app
        self._gate = Gate(app, serving.desk, serving.oidc, behind)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, _when_it_stops(send))
            return
        try:
            settings = serving.settings()
        except (InstallationError, ConfigError, OSError):
            _log.exception("the installation cannot be read")
            await _refuse(scope, send, _UNREADABLE, 503)
            return
        if settings.secure:
            send = _over_tls(send)
        if settings.mode == OPEN_MODE:
            if is_local(scope) and not comes_from_elsewhere(scope):
                await self._app(scope, receive, send)
            else:
                await _refuse(scope, send, _LOCAL_ONLY)
        elif host_of(scope) not in settings.hosts:
            await _refuse(scope, send, _OTHER_NAME)
        else:
            await self._gate(scope, receive, send)


def is_local(scope: Scope) -> bool:
    """True when both ends are this machine: the client's address, and the name that it asked for."""
    client = scope.get("client")
    return bool(client) and is_loopback(client[0]) and is_loopback(host_of(scope))


def comes_from_elsewhere(scope: Scope) -> bool:
    """Whether a proxy hands on somebody else's request, or a browser says that another site's page sends it."""
    headers = dict(scope["headers"])
    if any(name in headers for name in _OF_PROXIES):
        return True
    origin = headers.get(b"origin")
    return origin is not None and origin.partition(b"://")[2] != headers.get(b"host", b"")


def host_of(scope: Scope) -> str:
    """The name that was asked for, without its port: ``127.0.0.1:8501`` -> ``127.0.0.1``, ``[::1]:8501`` -> ``::1``."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


async def _refuse(scope: Scope, send: Send, words: str, status: int = 403) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before accepting: the client sees 403
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})


def _over_tls(send: Send) -> Send:
    """Browsers are told to ask for this server over TLS alone."""

    async def send_with_header(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], _STRICT]}
        await send(message)

    return send_with_header


def _when_it_stops(send: Send) -> Send:
    """What the door has only counted is written down before the server says that it has stopped."""

    async def send_and_close(message: Message) -> None:
        if message["type"] == "lifespan.shutdown.complete":
            try:
                await run_in_threadpool(serving.close)
            except (SQLAlchemyError, DatabaseBusyError, InstallationError, ConfigError, OSError):
                _log.exception("counts of the door are not in the log")
        await send(message)

    return send_and_close
