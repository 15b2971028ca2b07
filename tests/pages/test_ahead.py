"""The files that a page draws with are named in its first answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit

from pages._ahead import PARTS, Ahead, link_of
from pages._menu import PAGES

STATIC = Path(streamlit.__file__).parent / "static"


def headers_of(path: str) -> list[tuple[bytes, bytes]]:
    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})

    said = []

    async def send(message):
        said.append(message)

    with ThreadPoolExecutor(1) as one:
        one.submit(asyncio.run, Ahead(page)({"type": "http", "path": path}, None, send)).result()
    return said[0]["headers"]


@pytest.mark.parametrize("page", PARTS)
def test_the_file_is_there(page):
    """A framework that names its files otherwise would only be slower: this says so."""
    assert page in PAGES
    address = link_of(page).decode().partition(">")[0].removeprefix("<")
    assert (STATIC / address.lstrip("/")).is_file()
    assert headers_of(f"/{page}") == [(b"a", b"b"), (b"link", link_of(page))]


@pytest.mark.parametrize("path", ["/", "/overview", "/static/map", "/map/../log"])
def test_other_answers_are_left_alone(path):
    assert headers_of(path) == [(b"a", b"b")]
