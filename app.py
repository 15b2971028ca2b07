"""The server: Streamlit over ``pages/_frame.py``, answering this machine only, with security headers.

Until sign-in exists whoever reaches the server sees everything, so it is not reached from elsewhere: the
socket is on the loopback (``.streamlit/config.toml``), and ``LoopbackOnly`` refuses what gets here all the
same, through another address or under another name.
"""

from __future__ import annotations

import ipaddress

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages._beforehand import import_shared

# The page and everything on it come from this server, and what it shows cannot be sent elsewhere.
# Streamlit's own code needs inline styles, evaluated chart code, and workers made from blobs.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode("ascii")),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class SecurityHeaders:
    """Adds ``HEADERS`` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in ours]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


class LoopbackOnly:
    """Refuses a client that is not this machine, and a request made under another host's name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not is_local(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})  # before accepting: the client sees 403
            else:
                await send({"type": "http.response.start", "status": 403, "headers": []})
                await send(
                    {"type": "http.response.body", "body": "仅限本机访问。This machine only.".encode()}
                )
            return
        await self.app(scope, receive, send)


def is_local(scope: Scope) -> bool:
    """True when both ends are this machine: the client's address, and the name that it asked for."""
    client = scope.get("client")
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return bool(client) and _is_loopback(client[0]) and _is_loopback(_without_port(host))


def _without_port(host: str) -> str:
    """``127.0.0.1:8501`` -> ``127.0.0.1``, ``[::1]:8501`` -> ``::1``."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


import_shared()
app = st.App("pages/_frame.py", middleware=[Middleware(SecurityHeaders), Middleware(LoopbackOnly)])
