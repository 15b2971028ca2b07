"""Looking things up in the log: by time, by whom, of which kind, with which words; newest first, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from data.access.tables import entry

_STEP = 2_000  # entries that are read at a time


@dataclass(frozen=True)
class Wanted:
    """Which entries. Times are UTC; ``since`` is included, ``before`` is not; empty or None: any, but
    ``who`` "" is whoever was not signed in.

    words   of each group, one text at least is in what the entry is about
    """

    since: datetime | None = None
    before: datetime | None = None
    who: str | None = None
    what: str = ""
    words: tuple[tuple[str, ...], ...] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row fulfils."""
        found = []
        if self.since is not None:
            found.append(entry.c.at >= self.since)
        if self.before is not None:
            found.append(entry.c.at < self.before)
        if self.who is not None:
            found.append(entry.c.who == self.who)
        if self.what:
            found.append(entry.c.what == self.what)
        found += [
            or_(*(entry.c.about.icontains(one, autoescape=True) for one in group)) for group in self.words
        ]
        return found


def total(connection: Connection, wanted: Wanted) -> int:
    """How many there are."""
    return connection.execute(
        select(func.count()).select_from(entry).where(*wanted.conditions())
    ).scalar_one()


def page(connection: Connection, wanted: Wanted, number: int, size: int) -> list[dict[str, Any]]:
    """Entries of the page ``number`` (from 1), newest first: the columns of ``entry``, ``about`` as a mapping."""
    rows = select(entry).where(*wanted.conditions()).order_by(entry.c.entry.desc())
    return [_read(row) for row in connection.execute(rows.limit(size).offset((number - 1) * size)).mappings()]


def each(connection: Connection, wanted: Wanted, last: int | None = None) -> Iterator[dict[str, Any]]:
    """All of them, oldest first, up to the entry ``last`` where it is said."""
    where = wanted.conditions() + ([] if last is None else [entry.c.entry <= last])
    rule = select(entry).where(*where).order_by(entry.c.entry)
    for row in connection.execute(rule.execution_options(yield_per=_STEP)).mappings():
        yield _read(row)


def first_at(connection: Connection) -> datetime | None:
    """When the first entry was written (UTC)."""
    return connection.execute(select(entry.c.at).order_by(entry.c.entry).limit(1)).scalar()


def names(connection: Connection) -> list[str]:
    """Everybody of whom there are entries."""
    return list(connection.execute(select(entry.c.who).distinct().order_by(entry.c.who)).scalars())


def last_in(connection: Connection) -> dict[str, datetime]:
    """name -> when they last signed in (UTC)."""
    rule = select(entry.c.who, func.max(entry.c.at)).where(entry.c.what == "in").group_by(entry.c.who)
    return dict(connection.execute(rule).all())


def _read(row) -> dict[str, Any]:
    return {**row, "about": json.loads(row["about"])}
