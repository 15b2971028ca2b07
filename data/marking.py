"""Marks of telephones for rows that an older release sealed without them: once, when the installation is brought up to date."""

from __future__ import annotations

import pyarrow as pa
from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Integer, inspect, select, update

from data import identity
from data.identity import name
from data.intake.frames import fill, temporary
from data.store import Store, create_missing

_ROWS = 50_000  # held in memory


def mark_old(store: Store, installation) -> int:
    """Mark the telephones of rows that have no mark. Returns how many rows were looked at; 0: nothing to do.

    Stands whole or not at all. Raises KeyFileError where something is to be done and the key file is not there: names can
    then not be read either. Rows of a key that is lost stay without a mark.
    """
    if store.generation() == 0:
        return 0
    with store.identity() as connection:
        if not _is_any(connection, name.c.sealed.is_not(None)):
            return 0
    keys = installation.identity_key
    mine = name.c.sealed_with.in_(list(keys.read()))
    with store.identity() as connection:
        if not _is_any(connection, mine):
            return 0
    sealer = keys.sealer()
    seen = 0
    with store.change("identity") as draft:
        create_missing(draft.identity, identity.metadata)
        marked = temporary(
            draft.identity,
            "marked",
            Column("key", BigInteger),
            Column("content", BigInteger),
            Column("subject", Integer),
            Column("phone_mark", BigInteger),
        )
        nobody = name.c.sealed.is_(None) & name.c.phone_mark.is_(None)
        draft.identity.execute(update(name).where(nobody).values(phone_mark=0))
        due = select(name).where(name.c.phone_mark.is_(None), mine).limit(_ROWS)
        while rows := draft.identity.execute(due).fetchall():
            columns = {part: pa.array([getattr(row, part) for row in rows]) for part in ("key", "content")}
            columns["subject"] = pa.array([row.subject for row in rows], pa.int32())
            columns["phone_mark"] = pa.array([identity.mark_of(sealer, row) for row in rows], pa.int64())
            fill(draft.identity, marked, **columns)
            same = [name.c[part] == marked.c[part] for part in ("key", "content", "subject")]
            draft.identity.execute(
                update(name).where(*same, name.c.phone_mark.is_(None)).values(phone_mark=marked.c.phone_mark)
            )
            seen += len(rows)
            draft.pass_on()
        marked.drop(draft.identity)
    return seen


def _is_any(connection: Connection, which: ColumnElement[bool]) -> bool:
    """Whether a row is without a mark; files that were not written to since have not even the column."""
    there = {column["name"] for column in inspect(connection).get_columns(name.name, schema=identity.SCHEMA)}
    query = select(name.c.key).where(which)
    if "phone_mark" in there:
        query = query.where(name.c.phone_mark.is_(None))
    return connection.execute(query.limit(1)).first() is not None
