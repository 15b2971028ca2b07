"""A websocket of a signed-in session, watched: what is told to it, and whether somebody still clicks.

What the messages mean is said by whoever knows the pages (``Behind``): this package knows nothing of them.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass

from starlette.types import Message, Receive, Scope, Send

from data.access.accounts import Account
from signin.handed_out import HandedOut

_SEEN_S = 30  # how often it is written that somebody clicks
_PROTOCOLS = b"sec-websocket-protocol"


@dataclass(frozen=True)
class Said:
    """A message from the browser: whether pages answer such ones, and whether a person did something."""

    answered: bool
    deed: bool


@dataclass(frozen=True)
class Behind:
    """What the gate has to know of the pages behind it."""

    #: Most bytes of a file that an account may bring in; 0: none at all.
    most: Callable[[Account], int] = lambda one: 0
    #: Most bytes of files that the visits of one sign-in may hold together.
    budget: Callable[[Account], int] = lambda one: 0
    #: Bytes of the files that visits hold.
    held: Callable[[Collection[str]], int] = lambda visits: 0
    #: Addresses of files that a message to the browser tells, of whatever else it tells some too.
    addresses: Callable[[bytes], Iterable[str]] = lambda message: ()
    #: The number of the visit that a message to the browser begins; None of any other message.
    visit_of: Callable[[bytes], str | None] = lambda message: None
    #: What a message from the browser is.
    read: Callable[[bytes], Said] = lambda message: Said(answered=True, deed=True)


def own_visit(scope: Scope, key: str, handed: HandedOut) -> tuple[Scope, bool]:
    """The handshake without a visit that is none of this session's; and whether it goes on with one that is.

    A browser that lost its connection names, as third protocol, the visit that it wants to go on with.
    """
    told = [value.decode("latin-1") for name, value in scope["headers"] if name == _PROTOCOLS]
    if not told:
        return scope, False
    protocols = [part.strip() for part in ",".join(told).split(",")][:3]
    goes_on = len(protocols) == 3 and handed.is_visit_of(key, protocols[2])
    if not goes_on:
        protocols = protocols[:2]
    others = [(name, value) for name, value in scope["headers"] if name != _PROTOCOLS]
    headers = [*others, (_PROTOCOLS, ", ".join(protocols).encode("latin-1"))]
    return {**scope, "headers": headers, "subprotocols": [part for part in protocols if part]}, goes_on


def watched(
    receive: Receive,
    send: Send,
    key: str,
    handed: HandedOut,
    behind: Behind,
    see: Callable[[], Awaitable[None]],
    *,
    goes_on: bool,
) -> tuple[Receive, Send]:
    """``see`` is called when somebody did something, now and then. The first run of a visit that goes on is nobody's
    doing: a browser left open asks for it by itself whenever its connection was lost."""
    begun, own_run, last_seen = False, goes_on, -float("inf")

    async def told(message: Message) -> None:
        nonlocal begun
        content = message.get("bytes") if message["type"] == "websocket.send" else None
        if content:
            # Before it is sent: the browser may ask for the file at once.
            handed.note(key, behind.addresses(content))
            if not begun and (visit := behind.visit_of(content)) is not None:
                handed.note_visit(key, visit)
                begun = True
        await send(message)

    async def heard() -> Message:
        nonlocal own_run, last_seen
        while True:
            message = await receive()
            content = message.get("bytes") if message["type"] == "websocket.receive" else None
            if content is None:
                return message
            said = behind.read(content)
            if said.answered:
                break
        if said.deed:
            if own_run:
                own_run = False
            elif time.monotonic() - last_seen >= _SEEN_S:
                last_seen = time.monotonic()
                await see()
        return message

    return heard, told
