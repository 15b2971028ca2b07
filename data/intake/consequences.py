"""What follows when rows change: evidence about persons, the meaning of unit codes, and everything on them.

`settle_all` is the one way to bring the records in order after an import, an undo, a mapping, a merge.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from sqlalchemy import Select, Table, func, select, update

from data import identity
from data.identity import match_key
from data.intake.frames import fill, frame, numbers
from data.intake.settling import judge, settle, touch, touch_more
from data.intake.suspected import keep_in_step
from data.intake.working import Working
from data.records import RECORDS

_NOBODY = np.empty(0, dtype=np.int64)
EVIDENCE = ("person", "health_record")  # tables whose rows say which numbers a subject has


def settle_all(work: Working, touched: dict[str, Select], changed: np.ndarray | None = None) -> None:
    """Settle the touched keys (a query by table), and every row whose unit or person changes with them.

    `changed`: subjects whose evidence is new; those whose evidence ends or returns are found here.
    """
    if "unit" in touched:
        touch(work, touched["unit"])
        settle(work, RECORDS["unit"])
    moved_units = work.units.refresh() if "unit" in touched else _NOBODY
    evidence = [_NOBODY if changed is None else changed]
    for table_name in EVIDENCE:
        if table_name in touched:
            touch(work, touched[table_name])
            judge(work, RECORDS[table_name])
            evidence.append(_note_evidence(work))
    changed = np.unique(np.concatenate(evidence))
    moved = np.unique(work.persons.resolve(changed))
    if len(moved):
        work.refresh_links()
    if len(changed):
        keep_in_step(work.records, work.identity, work.event)
    _settle_dependants(
        work, {name: keys for name, keys in touched.items() if name != "unit"}, moved, moved_units
    )


def settle_units(work: Working) -> None:
    """Settle every row with a unit code whose meaning has changed."""
    _settle_dependants(work, {}, _NOBODY, work.units.refresh())


def _settle_dependants(
    work: Working, touched: dict[str, Select], moved: np.ndarray, moved_units: np.ndarray
) -> None:
    everything = len(moved) or len(moved_units)
    for table in RECORDS.values() if everything else [RECORDS[name] for name in touched]:
        touch(work, touched.get(table.name, []))
        for query in _affected(work, table, moved, moved_units):
            touch_more(work, query)
        if work.records.execute(select(work.touched.c.key).limit(1)).first():
            settle(work, table)


def _affected(work: Working, table: Table, moved: np.ndarray, moved_units: np.ndarray) -> list[Select]:
    """Keys of the rows about moved persons, and of rows with codes of moved units."""
    queries = []
    for column, values in (("subject", moved), ("source_unit", moved_units)):
        if column in table.c and len(values):
            fill(work.records, work.some, number=values)
            keys = numbers(
                work.records,
                select(table.c.key).distinct().join(work.some, work.some.c.number == table.c[column]),
            )
            if len(keys):
                queries.append(_kept(work, keys, f"affected_{column}"))
    return queries


def _kept(work: Working, keys: np.ndarray, table_name: str) -> Select:
    """A query for keys that the caller reads later, when the table of numbers is used for something else."""
    table = work.scratch(table_name)
    fill(work.records, table, key=keys)
    return select(table.c.key)


def _note_evidence(work: Working) -> np.ndarray:
    """Put the evidence of the judged keys in or out of force. Returns the subjects concerned."""
    verdicts = frame(
        work.records,
        select(work.touched.c.key, work.winner.c.content).outerjoin(
            work.winner, work.winner.c.key == work.touched.c.key
        ),
    )
    if verdicts.empty:
        return _NOBODY
    verdict = work.verdict
    fill(
        work.identity,
        verdict,
        key=pa.array(verdicts["key"], pa.int64()),
        content=pa.array(verdicts["content"], pa.int64(), from_pandas=True),
    )
    stands = func.coalesce(verdict.c.content == match_key.c.content, False)
    flipped = (
        select(match_key.c.subject)
        .join(verdict, verdict.c.key == match_key.c.key)
        .where(match_key.c.in_force != stands)
    )
    subjects = np.unique(numbers(work.identity, flipped))
    for table in (match_key, identity.name):
        judged = table.c.key.in_(select(verdict.c.key))
        holds = (
            select(verdict.c.key)
            .where(verdict.c.key == table.c.key, verdict.c.content == table.c.content)
            .exists()
        )
        work.identity.execute(update(table).where(judged, holds).values(in_force=True))
        work.identity.execute(update(table).where(judged, ~holds).values(in_force=False))
    return subjects
