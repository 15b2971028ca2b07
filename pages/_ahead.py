"""What a page draws with, fetched while the browser starts and not only when the page asks for it.

A map or a chart is drawn by a file of several megabytes that the framework fetches when the first one arrives. By then
the page has been waiting for a second, in which the file could have come and been read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOLDER = Path(streamlit.__file__).parent / "static" / "static" / "js"

#: Page: the part of the framework that draws it.
PARTS = {
    "map": "DeckGlJsonChart",
    "siting": "DeckGlJsonChart",
    "indicator": "PlotlyChart",
}


class Ahead:
    """Tells the browser with a page's answer which file that page will ask for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        link = link_of(scope["path"].strip("/")) if scope["type"] == "http" else None

        async def send_with_link(message: Message) -> None:
            if link and message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"link", link)]}
            await send(message)

        await self.app(scope, receive, send_with_link)


@cache
def link_of(page: str) -> bytes | None:
    """The header's value; None for what is no such page, or where the framework has no file of that name."""
    files = list(_FOLDER.glob(f"{PARTS[page]}.*.js")) if page in PARTS else []
    return f"</static/js/{files[0].name}>; rel=modulepreload; crossorigin".encode() if files else None
