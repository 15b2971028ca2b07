"""The gate: a request or a websocket passes with a session, or not at all.

Only the door's own pages answer without one. What changes anything is taken from this server's own pages alone: the
browser says where it comes from, and the cookie is not sent along with what other sites make it send.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.access import attempts
from data.access.accounts import vouched
from data.access.sessions import Session
from data.installation import InstallationError
from data.small_database import DatabaseBusyError
from signin import forms, proxies
from signin.burden import VISITS, Burden
from signin.cookies import token_in
from signin.desk import Desk, Refused
from signin.handed_out import HandedOut
from signin.oidc import Oidc, OidcError
from signin.proxies import ProxyRefusalError
from signin.settings import OIDC_MODE, PROXY_MODE, Settings
from signin.watching import Behind, own_visit, watched

_log = logging.getLogger("jiceng.signin")

DOOR = "/signin"
GO = "/signin/go"  # to the identity server
BACK = "/signin/back"  # and from there
OUT = "/signout"
PASSWORD = "/password"
UPLOADS = "/_stcore/upload_file/"
MEDIA = "/media/"
_LONGEST = 1_500  # letters of a place to go to: it has to fit into a cookie
_MOST = 10_000  # bytes of a form of the door
_FRAMING = 64 * 1024  # bytes that a form puts around a file
_HASHING = (
    20  # passwords that are looked at or wait for it at once: more would keep threads from everybody else
)
_ASKING = 10  # who wait for the identity server at once: each keeps a thread, and it may be slow
_ASKING_EACH = 4  # of one address
_BEGUN = "-begun"  # after the cookie's name: what a browser keeps while it is at the identity server
_BEGUN_S = 600
_ASKS = ("GET", "HEAD", "OPTIONS")
_NEVER_KEPT = {"cache-control": "no-store"}

Answering = Callable[[Request, Desk, Session | None, str | None], Awaitable[Response]]


class Gate:
    """ASGI middleware. ``desk`` is asked in a thread: it waits for the database. ``oidc``: the identity server."""

    def __init__(
        self,
        app: ASGIApp,
        desk: Callable[[], Desk],
        oidc: Callable[[], Oidc] | None = None,
        behind: Behind | None = None,
    ) -> None:
        self._app, self._desk, self._oidc = app, desk, oidc
        self._behind = behind or Behind()
        self._handed = HandedOut()
        self._burden = Burden()
        self._hashing = 0
        self._asking: Counter[str] = Counter()  # place -> who wait for the identity server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            await self._pass(scope, receive, send)
        except (SQLAlchemyError, DatabaseBusyError, InstallationError):
            await _unavailable(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        desk = self._desk()
        came, scope = scope, proxies.from_client(scope, desk.settings)
        token = token_of(scope, desk.settings.cookie)
        session = await run_in_threadpool(desk.session, token)
        if desk.settings.mode == PROXY_MODE:
            try:
                name = proxies.name_in(came, desk.settings)
            except ProxyRefusalError as refusal:
                await run_in_threadpool(desk.turn_away, "", _client(scope), f"proxy_{refusal.rule}")
                await _refuse_proxy(scope, receive, send, refusal.rule)
                return
            if session is not None and session.account.name != vouched(name):
                await run_in_threadpool(desk.end_as_other, session, _client(scope))
                session = None
            scope["jiceng.name"] = name
        if scope["type"] == "websocket":
            await self._pass_websocket(desk, session, scope, receive, send)
            return
        answer = await self._answer(Request(scope, receive), desk, session, token)
        if answer is not None:
            await answer(scope, receive, send)
            return
        if _is_page(scope) or scope["path"].startswith(UPLOADS):
            await run_in_threadpool(desk.see, session)
        send = _kept_by_nobody(scope, send)
        if scope["path"].startswith(UPLOADS) and scope["method"] != "DELETE":
            await self._bring_in(session, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _bring_in(self, session: Session, scope: Scope, receive: Receive, send: Send) -> None:
        """A file for a page; what the session's visits hold already counts too, since all of it is in memory."""
        most = self._behind.most(session.account) + _FRAMING
        size = int(
            dict(scope["headers"]).get(b"content-length", most)
        )  # without a length it may be the largest
        with self._burden.coming(session.key, size) as coming:
            held = self._behind.held(self._handed.visits_of(session.key))
            if held + coming > self._behind.budget(session.account) + _FRAMING:
                await PlainTextResponse(_TOO_MUCH, 413, _NEVER_KEPT)(scope, receive, send)
                return
            await self._app(scope, _no_more_than(receive, most), send)

    async def _pass_websocket(
        self, desk: Desk, session: Session | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if session is None or _must_change(desk, session) or not _from_here(scope):
            await send({"type": "websocket.close", "code": 1008})  # before accepting: the client sees 403
            return
        if self._burden.is_full(session.key):
            await send({"type": "websocket.close", "code": 1013})  # a page that is asked for says why
            return
        scope, goes_on = own_visit(scope, session.key, self._handed)

        async def see() -> None:
            try:
                await run_in_threadpool(desk.see, session)
            except (SQLAlchemyError, DatabaseBusyError):  # pages say themselves that it is away
                _log.warning("not looked whether a session was seen", exc_info=True)

        heard, told = watched(receive, send, session.key, self._handed, self._behind, see, goes_on=goes_on)
        with self._burden.visit(session.key):
            await self._app(scope, heard, told)

    async def _answer(
        self, request: Request, desk: Desk, session: Session | None, token: str | None
    ) -> Response | None:
        """What the door itself answers; None: let through."""
        path, method = request.url.path, request.method
        door = self._doors(desk.settings).get((method, path))
        if method not in _ASKS and not _from_here(request.scope):
            return PlainTextResponse("403", 403, _NEVER_KEPT)
        if door is not None:
            return await door(request, desk, session, token)
        if session is None:
            if _is_page(request.scope):
                return RedirectResponse(f"{DOOR}?next={quote(_place(request), safe='')}", 303, _NEVER_KEPT)
            return PlainTextResponse("401", 401, _NEVER_KEPT)
        if _must_change(desk, session):
            if _is_page(request.scope):
                return RedirectResponse(PASSWORD, 303, _NEVER_KEPT)
            return PlainTextResponse("403", 403, _NEVER_KEPT)
        if path.startswith((MEDIA, UPLOADS)):
            return self._of_files(request, session)
        if _is_page(request.scope) and self._burden.is_full(session.key):
            return _page(forms.enough(language_of(request, desk), VISITS), 429)
        return None

    def _of_files(self, request: Request, session: Session) -> Response | None:
        """Files go to, and come from, the session alone that was told their address; None: let through."""
        path = request.url.path
        if not self._handed.knows(session.key, path):
            return PlainTextResponse("404", 404, _NEVER_KEPT)
        if not path.startswith(UPLOADS) or request.method == "DELETE":
            return None
        most = self._behind.most(session.account)
        if not most:
            return PlainTextResponse("403", 403, _NEVER_KEPT)
        length = request.headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > most + _FRAMING:
            return PlainTextResponse("413", 413, _NEVER_KEPT)
        return None

    def _doors(self, settings: Settings) -> dict[tuple[str, str], Answering]:
        """Method and path -> what answers there."""
        doors: dict[tuple[str, str], Answering] = {
            ("GET", DOOR): self._show_door,
            ("GET", OUT): self._show_out,
            ("POST", OUT): self._go_out,
        }
        if settings.mode == OIDC_MODE:
            return doors | {("GET", GO): self._go, ("GET", BACK): self._come_back}
        if settings.mode == PROXY_MODE:
            return doors | {("GET", DOOR): self._come_in_by_proxy}
        return doors | {
            ("POST", DOOR): self._come_in,
            ("GET", PASSWORD): self._show_password,
            ("POST", PASSWORD): self._change_password,
        }

    # -- with a password -------------------------------------------------------------------------------

    async def _show_door(self, request: Request, desk: Desk, session: Session | None, token) -> Response:
        target = own_place(request.query_params.get("next"))
        if session is not None:
            return RedirectResponse(target, 303, _NEVER_KEPT)
        language = language_of(request, desk)
        if desk.settings.mode == OIDC_MODE:
            return _page(forms.way_in(language, f"{GO}?next={quote(target, safe='')}"))
        return _page(forms.door(language, target))

    async def _come_in(self, request: Request, desk: Desk, session, token) -> Response:
        given = await _form(request)
        target, language = own_place(given.get("next")), language_of(request, desk)
        result = await self._hashed(
            desk.sign_in, given.get("name", ""), given.get("password", ""), _address(request)
        )
        if isinstance(result, Refused):
            status = 503 if result.rule == "busy" else 401
            return _page(forms.door(language, target, _why(result), given.get("name", "")[:100]), status)
        return _with_cookie(RedirectResponse(target, 303, _NEVER_KEPT), result, desk)

    async def _hashed(self, deed: Callable[..., str | Refused], *given: str) -> str | Refused:
        """A deed that looks at a password: these take memory and a thread, so only so many at once."""
        if self._hashing >= _HASHING:
            return Refused("busy")
        self._hashing += 1
        try:
            return await run_in_threadpool(deed, *given)
        finally:
            self._hashing -= 1

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
        result = await self._hashed(desk.new_password, token, old, new, again, _address(request))
        if isinstance(result, Refused):
            language = language_of(request, desk)
            page = forms.password(language, session.account, desk.settings.least, _why(result))
            return _page(page, 503 if result.rule == "busy" else 400)
        return _with_cookie(RedirectResponse("/", 303, _NEVER_KEPT), result, desk)

    # -- through the identity server -------------------------------------------------------------------

    async def _go(self, request: Request, desk: Desk, session, token) -> Response:
        target, language = own_place(request.query_params.get("next")), language_of(request, desk)
        if not _from_here(request.scope, navigation=True):  # nobody is signed in by another site's link
            return RedirectResponse(f"{DOOR}?next={quote(target, safe='')}", 303, _NEVER_KEPT)
        try:
            where, begun = await self._asked(request, self._oidc().begin, _own(request, desk, BACK), target)
        except OidcError as error:
            return self._not_in(error, language, target)
        answer = RedirectResponse(where, 303, _NEVER_KEPT)
        # Lax: it has to come along when the identity server sends the browser back.
        return _kept(answer, desk, desk.settings.cookie + _BEGUN, begun, _BEGUN_S, "lax")

    async def _come_back(self, request: Request, desk: Desk, session, token) -> Response:
        language = language_of(request, desk)
        begun = token_of(request.scope, desk.settings.cookie + _BEGUN)
        query, back = dict(request.query_params), _own(request, desk, BACK)
        target = "/"
        try:
            person, target = await self._asked(request, self._oidc().finish, back, begun, query)
        except OidcError as error:
            if error.rule not in ("away", "busy"):
                await run_in_threadpool(desk.turn_away, "", _address(request), f"oidc_{error.rule}")
            answer = self._not_in(error, language, target)
        else:
            result = await run_in_threadpool(desk.admit, person.name, _address(request), OIDC_MODE, person)
            if isinstance(result, Refused):
                answer = _page(forms.way_in(language, GO, _why(result)), 403)
            else:
                answer = _with_cookie(_page(forms.moving_on(language, own_place(target))), result, desk)
        answer.delete_cookie(
            desk.settings.cookie + _BEGUN, secure=desk.settings.secure, httponly=True, samesite="lax"
        )
        return answer

    async def _asked(self, request: Request, deed: Callable[..., Any], *given: Any) -> Any:
        """A deed that may wait for the identity server; OidcError (rule ``busy``) where too many do."""
        place = attempts.place(_address(request))
        if self._asking.total() >= _ASKING or self._asking[place] >= _ASKING_EACH:
            raise OidcError("busy", f"too many wait for the identity server ({place} too)")
        self._asking[place] += 1
        try:
            return await run_in_threadpool(deed, *given)
        finally:
            self._asking[place] -= 1
            self._asking += Counter()  # forgets who wait no more

    def _not_in(self, error: OidcError, language: str, target: str) -> Response:
        _log.warning("nobody signed in through the identity server: %s", error)
        rule = "busy" if error.rule == "busy" else f"oidc_{error.rule}"
        page = forms.way_in(language, f"{GO}?next={quote(target, safe='')}", forms.Why(rule))
        return _page(page, 503 if error.rule in ("away", "busy") else 403)

    # -- through a proxy -------------------------------------------------------------------------------

    async def _come_in_by_proxy(
        self, request: Request, desk: Desk, session: Session | None, token
    ) -> Response:
        target, language = own_place(request.query_params.get("next")), language_of(request, desk)
        if session is not None:
            return RedirectResponse(target, 303, _NEVER_KEPT)
        if not _from_here(request.scope, navigation=True):  # nobody is signed in by another site's link
            return _page(forms.way_in(language, f"{DOOR}?next={quote(target, safe='')}"))
        name = request.scope["jiceng.name"]
        result = await run_in_threadpool(desk.admit, name, _address(request), PROXY_MODE)
        if isinstance(result, Refused):
            return _page(forms.told(language, _why(result)), 403)
        return _with_cookie(_page(forms.moving_on(language, target)), result, desk)

    # -- out -------------------------------------------------------------------------------------------

    async def _show_out(self, request: Request, desk: Desk, session: Session | None, token) -> Response:
        if session is None:
            return RedirectResponse(DOOR, 303, _NEVER_KEPT)
        return _page(forms.out(language_of(request, desk), session.account))

    async def _go_out(self, request: Request, desk: Desk, session: Session | None, token) -> Response:
        given = await _form(request)
        everywhere = given.get("everywhere") == "yes"
        await run_in_threadpool(lambda: desk.sign_out(token, _address(request), everywhere=everywhere))
        if session is not None:
            self._handed.forget(session.key)
        if desk.settings.passwords:
            answer: Response = RedirectResponse(DOOR, 303, _NEVER_KEPT)
        else:  # elsewhere one is signed in still
            language, end = language_of(request, desk), ""
            if desk.settings.mode == OIDC_MODE:
                try:
                    end = await self._asked(request, self._oidc().leaving, _own(request, desk, DOOR))
                except OidcError as error:
                    _log.warning("out without a way to sign out of the identity server: %s", error)
            answer = _page(forms.left(language, DOOR, end))
        answer.delete_cookie(
            desk.settings.cookie, path="/", secure=desk.settings.secure, httponly=True, samesite="strict"
        )
        return answer


def _must_change(desk: Desk, session: Session) -> bool:
    """Whether another password is asked for first."""
    return desk.settings.passwords and session.account.must_change


def _is_page(scope: Scope) -> bool:
    """Whether somebody asks for a page, and not a page for its parts."""
    accepted = dict(scope["headers"]).get(b"accept", b"")
    return scope.get("method") == "GET" and b"text/html" in accepted


async def _refuse_proxy(scope: Scope, receive: Receive, send: Send, rule: str) -> None:
    """The request did not come through the proxy, or it names nobody: nothing is answered that would help."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(_PROXY[rule], 403, _NEVER_KEPT)(scope, receive, send)


_TOO_MUCH = (
    "已上传的文件过多，请先导入或移除已选的文件，或关闭其他窗口。"
    "Too much is uploaded already: import or remove files that are chosen, or close other windows."
)
_PROXY = {
    "elsewhere": "请从单位统一入口访问。Come through the bureau's own entrance.",
    "header": "统一入口没有说明您的身份，请联系管理员。"
    "The entrance did not say who you are: tell the administrator.",
}


def _no_more_than(receive: Receive, most: int) -> Receive:
    """The body of a request, broken off where it is longer than was said."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            return {"type": "http.disconnect"}
        return message

    return counted


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


def token_of(scope: Scope, cookie: str) -> str | None:
    """What the request's cookie of a name holds; None where it has none, or several."""
    return token_in(
        (value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"), cookie
    )


def own_place(target: str | None) -> str:
    """A place on this server to go to after signing in; anything else leads to the first page."""
    if not target or len(target) > _LONGEST:
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


def _from_here(scope: Scope, *, navigation: bool = False) -> bool:
    """Whether a form or a websocket was begun by a page of this server.

    Browsers of today say so themselves (Sec-Fetch-Site); older ones name the origin, though not of a mere
    ``navigation``.
    """
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    if site := headers.get(b"sec-fetch-site"):
        return site in ("same-origin", "none")
    origin = headers.get(b"origin")
    if origin is None:
        return navigation
    return origin.partition("://")[2] == headers.get(b"host", "")


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
    return _client(request.scope)


def _client(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _own(request: Request, desk: Desk, path: str) -> str:
    """An address of ours as browsers see it: under the name that was asked for, which the door has looked at."""
    return f"{'https' if desk.settings.secure else 'http'}://{request.headers.get('host', '')}{path}"


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
    return _kept(answer, desk, desk.settings.cookie, token, longest, "strict")


def _kept(
    answer: Response, desk: Desk, name: str, value: str, seconds: int, samesite: Literal["lax", "strict"]
) -> Response:
    """The answer with a cookie that no script reads."""
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=desk.settings.secure,
        httponly=True,
        samesite=samesite,
    )
    return answer
