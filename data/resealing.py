"""Another key for names: every row and every kept original is sealed anew, then the old key goes.

Killed at any moment, every row can be opened: the new key is in the file before the first row needs it, the old one leaves
it when none does. Saying it again goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, func, select, update

from data import identity, originals
from data.identity import name
from data.intake.frames import fill, temporary
from data.keys import KeyFileError
from data.sealing import Sealer, SealError
from data.store import Store, create_missing

_CHANGE = 1_000_000  # rows that stand together
_ROWS = 50_000  # held in memory

Progress = Callable[[str, int, int], object]


@dataclass(frozen=True)
class Use:
    """What keys seal: number of the key -> how many rows, how many files. ``names`` False: nothing was ever imported."""

    rows: dict[int, int]
    files: dict[int, int]


def in_use(store: Store, installation) -> Use:
    """Which keys anything needs."""
    rows: dict[int, int] = {}
    if store.generation():
        with store.identity() as connection:
            rows = _counted(connection)
    return Use(rows, originals.keys_in_use(installation))


def rotate(
    store: Store, installation, progress: Progress = lambda step, done, total: None
) -> tuple[int, int]:
    """Seal everything with a new key; an unfinished rotation is finished with the key it began with.

    Returns the number of the key, and how many rows were sealed anew. Raises KeyFileError, StoreError when an import is
    under way, SealError where a row was changed; the old keys then stay.
    """
    keys = installation.identity_key
    known = keys.read()
    use = in_use(store, installation)
    if lost := sorted({*use.rows, *use.files} - set(known)):
        raise KeyFileError(_lost(keys.path, lost))
    if len(known) == 1:
        keys.add()
    sealer = keys.sealer()
    total = sum(count for key, count in use.rows.items() if key != sealer.current)
    done = 0
    while True:
        with store.change("identity") as draft:
            create_missing(draft.identity, identity.metadata)  # files of an older release lack a column
            changed = _reseal(
                draft.identity, sealer, lambda more, before=done: progress("", before + more, total)
            )
            left = {key for key in _counted(draft.identity) if key != sealer.current}
        done += changed
        if not left:
            break
    originals.reseal(installation, sealer)
    keys.drop_older()
    return sealer.current, done


def check(
    store: Store, installation, progress: Progress = lambda step, done, total: None
) -> tuple[int, dict[str, int]]:
    """Open every row. Returns how many there are, and how many cannot be opened, by reason (key, seal)."""
    sealer = installation.identity_key.sealer()
    wrong: dict[str, int] = {}
    seen = 0
    if not store.generation():
        return seen, wrong
    with store.identity() as connection:
        total = sum(_counted(connection).values())
        query = select(*_ROW).where(name.c.sealed.is_not(None)).execution_options(yield_per=_ROWS)
        for rows in connection.execute(query).partitions():
            for row in rows:
                try:
                    identity.opened(sealer, row.sealed, row.key, row.content, row.subject, row.sealed_with)
                except SealError as error:
                    wrong[error.rule] = wrong.get(error.rule, 0) + 1
            seen += len(rows)
            progress("", seen, total)
    return seen, wrong


_ROW = (name.c.key, name.c.content, name.c.subject, name.c.sealed, name.c.sealed_with)


def _counted(connection: Connection) -> dict[int, int]:
    """Number of a key -> rows that it seals."""
    query = (
        select(name.c.sealed_with, func.count())
        .where(name.c.sealed.is_not(None))
        .group_by(name.c.sealed_with)
    )
    return {int(key): int(count) for key, count in connection.execute(query)}


def _reseal(connection: Connection, sealer: Sealer, progress: Callable[[int], object]) -> int:
    """Seal rows of other keys anew, so many as stand together. Returns how many."""
    anew = temporary(
        connection,
        "sealed_anew",
        Column("key", BigInteger),
        Column("content", BigInteger),
        Column("subject", Integer),
        Column("sealed", LargeBinary),
        Column("phone_mark", BigInteger),
    )
    others = select(*_ROW).where(name.c.sealed.is_not(None), name.c.sealed_with != sealer.current)
    done = 0
    while done < _CHANGE:
        rows = connection.execute(others.limit(_ROWS)).fetchall()
        if not rows:
            break
        columns = identity.resealed(sealer, rows)
        fill(
            connection, anew, **{column: columns[column].combine_chunks() for column in columns.column_names}
        )
        mine = (
            (name.c.key == anew.c.key)
            & (name.c.content == anew.c.content)
            & (name.c.subject == anew.c.subject)
            & (name.c.sealed_with != sealer.current)
        )
        sealed = {"sealed": anew.c.sealed, "sealed_with": sealer.current, "phone_mark": anew.c.phone_mark}
        connection.execute(update(name).where(mine).values(sealed))
        done += len(rows)
        progress(done)
    anew.drop(connection)
    return done


def _lost(path, numbers: list[int]) -> str:
    told = "、".join(map(str, numbers))
    return (
        f"密钥文件 {path} 中没有第 {told} 号密钥，而仍有姓名用它加密：请先从单独保管的副本恢复。\n"
        f"The key file {path} lacks key {', '.join(map(str, numbers))}, which still seals names: first restore it from the "
        "copy that is kept apart."
    )
