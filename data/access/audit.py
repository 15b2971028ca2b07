"""The log of what people did: appended to, chained, never changed.

Each entry carries a hash of the entry before it and of its own content, so that whoever alters, drops or inserts one
breaks the chain from there on (``broken``). The hash is keyed (``log_key``): who has the database alone cannot write
another chain. An entry is written before what it tells of is given away.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from data.access.log_key import KEYED, OPTION, LogKey
from data.access.tables import entry
from data.small_database import SmallDatabase

#: What is logged. The words are in the interface's catalogues.
KINDS = (
    "in",  # signed in
    "failed",  # tried to
    "out",
    "persons",  # saw a list of persons
    "reveal",  # saw a person's name or number in full
    "export",
    "import",  # files, entries of forms, and what people decide about them
    "undo",  # and what is put in force again
    "target",
    "denominator",
    "parameter",
    "score",
    "supervision",
    "verify",  # samples that were drawn, and what people said
    "event",  # marked on control charts
    "funds",
    "account",
    "keys",  # another key of residents' names
    "log",  # looked at or took away the log
)
_START = "0" * 64
_STEP = 2_000  # entries that are read at a time


@dataclass(frozen=True)
class Who:
    """Who did it, and from where."""

    name: str
    role: str
    address: str


def write(database: SmallDatabase, who: Who, what: str, about: Mapping[str, Any]) -> int:
    """Append an entry; gives its number. ValueError for a kind that is none."""
    with database.writing() as connection:
        return append(connection, who, what, about)


def append(connection: Connection, who: Who, what: str, about: Mapping[str, Any]) -> int:
    """The same within a change that is being written."""
    if what not in KINDS:
        raise ValueError(f"nothing of the kind {what!r} is logged")
    last = connection.execute(
        select(entry.c.entry, entry.c.at, entry.c.chain).order_by(entry.c.entry.desc()).limit(1)
    ).first()
    row = {
        "entry": 1 if last is None else last.entry + 1,
        # A clock that was set back does not put an entry before the one that it follows.
        "at": now() if last is None else max(now(), last.at),
        "who": who.name,
        "role": who.role,
        "address": who.address,
        "what": what,
        "about": json.dumps(about, ensure_ascii=False, sort_keys=True),
    }
    row["chain"] = _link(_START if last is None else last.chain, row, _key(connection))
    connection.execute(insert(entry).values(row))
    return row["entry"]


def broken(connection: Connection, progress: Callable[[int], None] = lambda read: None) -> int | None:
    """The first entry that does not follow from the one before it; None: the whole log stands as it was written.

    ``progress`` is told now and then how many entries were read. Without the key (connections that ``open_access`` did
    not make) no keyed entry follows.
    """
    chain, expected, key = _START, 1, _key(connection)
    rows = _rows(connection)
    while True:
        try:
            row = next(rows, None)
            if row is None:
                return None
            number = row.pop("entry")
            kept = row.pop("chain")
            # A log that was once keyed is never plain again: plain hashes can be made by anybody.
            keyed = kept.startswith(KEYED)
            if chain.startswith(KEYED) and not keyed:
                return number
            if key is not None and number >= key.since and not keyed:
                return number
            chain = _link(chain, {**row, "entry": number}, key if keyed else None)
        except (AttributeError, TypeError, ValueError):  # what stands there was never written by us
            return expected
        if number != expected or kept != chain:
            return number
        if number % _STEP == 0:
            progress(number)
        expected += 1


def _rows(connection: Connection) -> Iterator[dict[str, Any]]:
    rule = select(entry).order_by(entry.c.entry)
    # Years of a log do not fit into memory at once.
    for row in connection.execute(rule.execution_options(yield_per=_STEP)).mappings():
        yield dict(row)


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last entry: written down elsewhere, they prove that none was cut off at the end."""
    row = connection.execute(
        select(entry.c.entry, entry.c.chain).order_by(entry.c.entry.desc()).limit(1)
    ).first()
    return (0, _START) if row is None else (row.entry, row.chain)


def link_of(connection: Connection, number: int) -> str | None:
    """The hash of an entry, to compare with one that was written down; None where there is no such entry."""
    if number == 0:
        return _START
    return connection.execute(select(entry.c.chain).where(entry.c.entry == number)).scalar()


def _key(connection: Connection) -> LogKey | None:
    return connection.get_execution_options().get(OPTION)


def _link(before: str, row: Mapping[str, Any], key: LogKey | None) -> str:
    """64 hexadecimal digits, after KEYED where there is a key."""
    content = json.dumps(
        [
            row["entry"],
            row["at"].isoformat(),
            row["who"],
            row["role"],
            row["address"],
            row["what"],
            row["about"],
        ],
        ensure_ascii=False,
    )
    told = f"{before}\n{content}".encode()
    if key is None:
        return hashlib.sha256(told).hexdigest()
    return KEYED + hmac.new(key.key, told, hashlib.sha256).hexdigest()


def now() -> datetime:
    """The time in UTC, whole seconds, without a zone: as tables hold it on every engine."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def count(connection: Connection) -> int:
    """How many entries there are."""
    return connection.execute(select(func.count()).select_from(entry)).scalar_one()
