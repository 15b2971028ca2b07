"""The gate: a request or a websocket passes with a session, or not at all.

Only the door's own pages answer without one. Forms of the door are taken from this server's own pages alone: the
browser says where a form comes from, and the cookie is not sent along with what other sites make it send.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, unquote, urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.access.sessions import Session
from data.small_database import DatabaseBusyError
from signin import forms
from signin.cookies import token_in
from signin.desk import Desk, Refused
from signin.settings import COOKIE

_log = logging.getLogger("jiceng.signin")

DOOR = "/signin"
OUT = "/signout"
PASSWORD = "/password"
_MOST = 10_000  # bytes of a form of the door
_NEVER_KEPT = {"cache-control": "no-store"}


class Gate:
    """ASGI middleware. ``desk`` is asked in a thread: it waits for the database."""

    def __init__(self, app: ASGIApp, desk: Callable[[], Desk]) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            desk, token = self._desk(), token_of(scope)
            session = await run_in_threadpool(desk.session, token)
        except (SQLAlchemyError, DatabaseBusyError):
            await _unavailable(scope, receive, send)
            return
        if scope["type"] == "websocket":
            if session is None or session.account.must_change or not _from_here(scope):
                await send({"type": "websocket.close", "code": 1008})  # before accepting: the client sees 403
                return
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(Request(scope, receive), desk, session, token)
        except (SQLAlchemyError, DatabaseBusyError):
            await _unavailable(scope, receive, send)
            return
        if answer is None:
            await self._app(scope, receive, _kept_by_nobody(scope, send))
        else:
            await answer(scope, receive, send)

    async def _answer(
        self, request: Request, desk: Desk, session: Session | None, token: str | None
    ) -> Response | None:
        """What the door itself answers; None: let through."""
        path = request.url.path
        doors: dict[tuple[str, str], Callable[..., Awaitable[Response]]] = {
            ("GET", DOOR): self._show_door,
            ("POST", DOOR): self._come_in,
            ("GET", OUT): self._show_out,
            ("POST", OUT): self._go_out,
            ("GET", PASSWORD): self._show_password,
            ("POST", PASSWORD): self._change_password,
        }
        door = doors.get((request.method, path))
        if door is not None:
            if request.method == "POST" and not _from_here(request.scope):
                return PlainTextResponse("403", 403, _NEVER_KEPT)
            return await door(request, desk, session, token)
        if session is None:
            if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
                return RedirectResponse(f"{DOOR}?next={quote(_place(request), safe='')}", 303, _NEVER_KEPT)
            return PlainTextResponse("401", 401, _NEVER_KEPT)
        if session.account.must_change:
            if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
                return RedirectResponse(PASSWORD, 303, _NEVER_KEPT)
            return PlainTextResponse("403", 403, _NEVER_KEPT)
        return None

    async def _show_door(self, request: Request, desk: Desk, session: Session | None, token) -> Response:
        target = own_place(request.query_params.get("next"))
        if session is not None:
            return RedirectResponse(target, 303, _NEVER_KEPT)
        return _page(forms.door(language_of(request, desk), target))

    async def _come_in(self, request: Request, desk: Desk, session, token) -> Response:
        given = await _form(request)
        target, language = own_place(given.get("next")), language_of(request, desk)
        result = await run_in_threadpool(
            desk.sign_in, given.get("name", ""), given.get("password", ""), _address(request)
        )
        if isinstance(result, Refused):
            return _page(forms.door(language, target, _why(result), given.get("name", "")[:100]), 401)
        return _with_cookie(RedirectResponse(target, 303, _NEVER_KEPT), result, desk)

    async def _show_out(self, request: Request, desk: Desk, session: Session | None, token) -> Response:
        if session is None:
            return RedirectResponse(DOOR, 303, _NEVER_KEPT)
        return _page(forms.out(language_of(request, desk), session.account))

    async def _go_out(self, request: Request, desk: Desk, session, token) -> Response:
        given = await _form(request)
        everywhere = given.get("everywhere") == "yes"
        await run_in_threadpool(lambda: desk.sign_out(token, _address(request), everywhere=everywhere))
        answer = RedirectResponse(DOOR, 303, _NEVER_KEPT)
        answer.delete_cookie(COOKIE, path="/", secure=desk.settings.secure, httponly=True, samesite="strict")
        return answer

    async def _show_password(self, request: Request, desk: Desk, session: Session | None, token) -> Response:
        if session is None:
            return RedirectResponse(DOOR, 303, _NEVER_KEPT)
        return _page(forms.password(language_of(request, desk), session.account, desk.settings.least))

    async def _change_password(
        self, request: Request, desk: Desk, session: Session | None, token
    ) -> Response:
        if session is None:
            return RedirectResponse(DOOR, 303, _NEVER_KEPT)
        given = await _form(request)
        old, new, again = (given.get(name, "") for name in ("old", "new", "again"))
        result = await run_in_threadpool(desk.new_password, token, old, new, again, _address(request))
        if isinstance(result, Refused):
            language = language_of(request, desk)
            page = forms.password(language, session.account, desk.settings.least, _why(result))
            return _page(page, 400)
        return _with_cookie(RedirectResponse("/", 303, _NEVER_KEPT), result, desk)


async def _unavailable(scope: Scope, receive: Receive, send: Send) -> None:
    """The accounts cannot be asked just now: nobody comes in, and the browser may try again."""
    _log.exception("the accounts cannot be read")
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1013})
        return
    words = "账号数据库暂时无法访问，请稍后刷新。The accounts cannot be read just now: try again in a moment."
    headers = _NEVER_KEPT | {"retry-after": "5"}
    await PlainTextResponse(words, 503, headers)(scope, receive, send)


def _kept_by_nobody(scope: Scope, send: Send) -> Send:
    """Browsers keep what is the same for everybody (static files), and nothing else."""
    if scope["path"].startswith("/static/"):
        return send

    async def send_for_once(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if name.lower() != b"cache-control"]
            message = {**message, "headers": [*kept, (b"cache-control", b"no-store")]}
        await send(message)

    return send_for_once


def token_of(scope: Scope) -> str | None:
    """The token in the request's cookie; None where it has none, or several."""
    return token_in(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")


def own_place(target: str | None) -> str:
    """A place on this server to go to after signing in; anything else leads to the first page."""
    if not target:
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:  # an address that is none
        return "/"
    plain = unquote(target)
    # Browsers read "//host", "/\\host" and what hides a line break as another server's address.
    odd = plain.startswith(("//", "/\\")) or any(letter < " " for letter in plain) or "\\" in plain
    if parts.scheme or parts.netloc or odd or not target.startswith("/"):
        return "/"
    return target


def language_of(request: Request, desk: Desk) -> str:
    """The language asked for in the address, else the browser's first, else the first of the installation."""
    known = desk.settings.languages
    asked = request.query_params.get("lang")
    if asked in known:
        return asked
    first = request.headers.get("accept-language", "")[:2].lower()
    return first if first in known else known[0]


def _from_here(scope: Scope) -> bool:
    """Whether a form or a websocket was begun by a page of this server.

    Browsers of today say so themselves (Sec-Fetch-Site); older ones name the origin.
    """
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    if site := headers.get(b"sec-fetch-site"):
        return site in ("same-origin", "none")
    origin = headers.get(b"origin")
    return origin is not None and origin.partition("://")[2] == headers.get(b"host", "")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; {} for what is no form or is too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        return {}
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20)
    except (UnicodeDecodeError, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}


def _place(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _why(result: Refused) -> forms.Why:
    minutes = 0
    if result.until is not None:
        wait = (result.until - datetime.now(UTC).replace(tzinfo=None)).total_seconds()
        minutes = max(1, -(-int(wait) // 60))
    return forms.Why(result.rule, minutes, result.more)


def _page(content: str, status: int = 200) -> Response:
    return HTMLResponse(content, status, _NEVER_KEPT)


def _with_cookie(answer: Response, token: str, desk: Desk) -> Response:
    longest = int(desk.settings.limits.longest.total_seconds())
    answer.set_cookie(
        COOKIE,
        token,
        max_age=longest,
        path="/",
        secure=desk.settings.secure,
        httponly=True,
        samesite="strict",
    )
    return answer
