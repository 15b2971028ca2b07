"""The register of one installation: small, edited by people, apart from the records.

It is a small database (``data.small_database``): the file ``register.sqlite``, or the schema ``register`` on PostgreSQL.
An edit stands whole or not at all, and every edit is in ``history``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from data import small_database
from data.cleaning import cleaned
from data.installation import Installation
from data.register.tables import history, metadata
from data.small_database import Plan, SmallDatabase, open_database

FILE = "register.sqlite"
LONGEST = 5_000  # characters of a text that somebody types; browsers alone are told of other limits
_MADE_HERE = ("sheet_text", "terms")  # what was applied, written by the program


class EditedMeanwhileError(Exception):
    """Somebody saved the same row after it was read: ``by``, ``at`` and the row now in force."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = dict(row)
        self.by: str = row["edited_by"]
        self.at: datetime = row["edited_at"]
        super().__init__(f"changed meanwhile by {self.by} at {self.at:%Y-%m-%d %H:%M}")


class TextTooLongError(Exception):
    """Somebody wrote or pasted more than a field holds; the message says so in both languages."""

    def __init__(self, letters: int) -> None:
        super().__init__(
            f"文字过长（{letters:,} 字），最多 {LONGEST:,} 字，请缩短，或作为文件上传。\n"
            f"The text is too long ({letters:,} characters): at most {LONGEST:,}. Shorten it, or give it as a file."
        )


#: What the register is; the lock keeps two edits apart (the store's changes have another).
PLAN = Plan(FILE, metadata, 7_420_016)

Register = SmallDatabase


def exists(installation: Installation) -> bool:
    """Whether anybody ever opened a register here: nothing is made by asking."""
    return small_database.exists(installation, PLAN)


def open_register(installation: Installation) -> Register:
    """The register of an installation; made where there is none yet, completed where it is an older version's."""
    return open_database(installation, PLAN)


# -- edits -----------------------------------------------------------------------------------------


def add(connection: Connection, table: Table, values: Mapping[str, Any], by: str) -> int | None:
    """A new row of a table that people edit; gives its number where the key is one number.

    Raises EditedMeanwhileError when somebody has added the row of that key already.
    """
    values = _cleaned(values)
    row = {**values, "version": 1, "edited_at": _now(), "edited_by": by}
    number = None
    keys = list(table.primary_key.columns)
    if len(keys) == 1 and keys[0].name not in row:
        number = row[keys[0].name] = next_number(connection, table)
    else:
        there = connection.execute(select(table).where(*[c == row[c.name] for c in keys])).mappings().first()
        if there is not None:
            raise EditedMeanwhileError(there)
    connection.execute(insert(table).values(row))
    note(connection, table.name, key_of(table, row), "add", by, after=values)
    return number


def add_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], by: str) -> None:
    """Several new rows, as ``add`` writes one, of a table whose keys the rows hold; nobody may have added one of them."""
    if not rows:
        return
    at, first = _now(), next_number(connection, history)
    edited = {"version": 1, "edited_at": at, "edited_by": by}
    rows = [_cleaned(row) for row in rows]
    connection.execute(insert(table), [{**row, **edited} for row in rows])
    about = {"at": at, "by": by, "of": table.name, "action": "add", "before": None}
    lines = [
        {**about, "entry": first + place, "key": key_of(table, row), "after": _json(row)}
        for place, row in enumerate(rows)
    ]
    connection.execute(insert(history), lines)


def next_number(connection: Connection, table: Table) -> int:
    """One more than the highest number of a table's key. Sound because one edit is written at a time."""
    (key,) = table.primary_key.columns
    return (connection.execute(select(func.max(key))).scalar() or 0) + 1


def change(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    version: int,
    values: Mapping[str, Any],
    by: str,
    action: str = "change",
) -> int:
    """Write ``values`` into the row of ``key`` that was read as ``version``; gives the new version.

    Raises EditedMeanwhileError when another version is in force, LookupError when there is no such row.
    """
    is_row = [table.c[name] == value for name, value in key.items()]
    before = connection.execute(select(table).where(*is_row)).mappings().first()
    if before is None:
        raise LookupError(f"no such {table.name}: {dict(key)}")
    values = _cleaned(values)
    new = {**values, "version": version + 1, "edited_at": _now(), "edited_by": by}
    done = connection.execute(update(table).where(*is_row, table.c.version == version).values(new))
    if done.rowcount != 1:
        raise EditedMeanwhileError(before)
    was = {name: before[name] for name in values}
    note(connection, table.name, key_of(table, key), action, by, before=was, after=values)
    return version + 1


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """What people typed or pasted without what nobody sees: neither a database nor a paper takes all of it.
    Raises TextTooLongError."""
    return {
        name: written(value) if isinstance(value, str) and name not in _MADE_HERE else value
        for name, value in values.items()
    }


def written(words: str) -> str:
    """One such text. Raises TextTooLongError."""
    fit = cleaned(words)
    if len(fit) > LONGEST:
        raise TextTooLongError(len(fit))
    return fit


def note(
    connection: Connection,
    of: str,
    key: str,
    action: str,
    by: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """One line of the history."""
    connection.execute(
        insert(history).values(
            entry=next_number(connection, history),
            at=_now(),
            by=by,
            of=of,
            key=key,
            action=action,
            before=_json(before),
            after=_json(after),
        )
    )


def history_of(connection: Connection, of: str, key: str) -> list[dict[str, Any]]:
    """The history of a row, oldest first: at, by, action, and before and after as mappings (None: not said).

    Whoever asks must have made sure that the row is in the asker's scope.
    """
    rows = connection.execute(
        select(history).where(history.c.of == of, history.c.key == key).order_by(history.c.entry)
    ).mappings()
    return [
        {
            "at": row["at"],
            "by": row["by"],
            "action": row["action"],
            "before": json.loads(row["before"]) if row["before"] else None,
            "after": json.loads(row["after"]) if row["after"] else None,
        }
        for row in rows
    ]


def key_of(table: Table, row: Mapping[str, Any]) -> str:
    """The key of a row as text, its parts joined by /: as history and evidence name it."""
    return "/".join(str(row[column.name]) for column in table.primary_key.columns)


def _json(values: Mapping[str, Any] | None) -> str | None:
    if values is None:
        return None
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return json.dumps(plain, ensure_ascii=False)


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)
