"""What documents are made of in tests: the demo district's newest December, and its first centre."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection

from data.installation import Installation
from data.store import open_store
from exports.about import About, about
from metrics import figures

DECEMBER = 2025 * 12 + 11
MADE_AT = datetime(2026, 1, 15, 9, 30)


@contextmanager
def published(demo: Installation) -> Iterator[Connection]:
    store = open_store(demo)
    try:
        with store.published() as connection:
            yield connection
    finally:
        store.close()


def about_unit(connection: Connection, name: str) -> About:
    return about(figures.built(connection), name, DECEMBER, "tester", MADE_AT)
