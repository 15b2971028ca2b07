"""Taking a batch back, and bringing it back: also when later batches rest on it.

Nothing is deleted. The files of the batch no longer count (or count again), and every row that they spoke
for is settled anew from what still counts.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, union, update

from data.installation import Installation
from data.intake.consequences import settle_all
from data.intake.working import Working
from data.records import batch, coverage, sighting, source_file
from data.store import Store


class UndoError(ValueError):
    """There is no such batch, or it is undone (in force) already; the message says so in both languages."""


def undo(
    store: Store,
    installation: Installation,
    number: int,
    *,
    by: str,
    noted: Callable[[], object] = lambda: None,
) -> int:
    """Take a batch back. Returns the number of the event. ``noted`` is called before it stands; an exception stops it."""
    return _turn(store, installation, number, by, noted, back=True)


def redo(
    store: Store,
    installation: Installation,
    number: int,
    *,
    by: str,
    noted: Callable[[], object] = lambda: None,
) -> int:
    """Put a batch that was undone in force again; otherwise as ``undo``."""
    return _turn(store, installation, number, by, noted, back=False)


def _turn(
    store: Store, installation: Installation, number: int, by: str, noted: Callable[[], object], *, back: bool
) -> int:
    with store.change("records", "identity") as draft:
        work = Working(draft, installation, "undo" if back else "redo", by)
        row = work.records.execute(select(batch).where(batch.c.batch == number)).first()
        if row is None:
            raise UndoError(f"没有第 {number} 批。There is no batch {number}.")
        if (row.undone_by is not None) == back:
            raise UndoError(
                f"第 {number} 批已撤销。Batch {number} is undone already."
                if back
                else f"第 {number} 批仍有效，无需恢复。Batch {number} is in force: there is nothing to bring back."
            )
        work.note_batch(number)
        undone_by = work.event if back else None
        work.records.execute(update(batch).where(batch.c.batch == number).values(undone_by=undone_by))
        work.refresh_alive()
        settle_all(work, _spoken_for(work, number))
        noted()
        return work.event


def _spoken_for(work: Working, number: int) -> dict:
    """By table, the keys that the files of a batch speak for, themselves or through a file like them."""
    files = select(source_file.c.file).where(source_file.c.batch == number)
    files = union(files, select(source_file.c.same_as).where(source_file.c.batch == number)).subquery()
    mine = select(files.c.file)
    touched = {}
    for table in work.tables_in_use():
        read = select(table.c.key).where(table.c.file.in_(mine))
        seen = select(sighting.c.key).where(sighting.c.table_name == table.name, sighting.c.file.in_(mine))
        parts = [read, seen]
        covers = select(coverage.c.file).where(coverage.c.table_name == table.name, coverage.c.file.in_(mine))
        if work.records.execute(covers.limit(1)).first():
            parts.append(select(table.c.key))  # a snapshot may have withdrawn any of them
        touched[table.name] = select(union(*parts).subquery().c.key)
    return touched
