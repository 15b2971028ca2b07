"""Who may be kept twice: persons who share a valid ID number but not name and date of birth, until somebody decides.

The evidence are keyed hashes in the identity part, where no rule of a figure looks. So what it comes to is kept beside the records
as numbers of persons (``records.suspected``), in step with the review list: after every change of the evidence, and before a build
of an installation that an older release filled.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, case, delete, func, inspect, select, update

from data.identity import decision, link, review
from data.records import event, suspected
from data.records.table import SCHEMA
from data.store import Store, bulk_insert, create_missing, read_frame

COLUMNS = ["person", "alike", "persons"]


def of_review(identity: Connection) -> pd.DataFrame:
    """COLUMNS: of the review list the numbers that several persons hold. Whom people told apart shares nothing any more."""
    whose = case((link.c.person.is_not(None), link.c.person), else_=review.c.subject)
    told_apart = select(decision.c.subject).where(decision.c.kind == "split", decision.c.undone_by.is_(None))
    rows = read_frame(
        identity,
        select(review.c.hash, whose.label("person"))
        .select_from(review.outerjoin(link, (link.c.subject == review.c.subject) & link.c.known_to.is_(None)))
        .where(review.c.reason == "same_number", review.c.subject.not_in(told_apart))
        .distinct(),
    )
    rows = rows.assign(alike=rows.groupby("hash")["person"].transform("min"))
    rows = rows[["person", "alike"]].drop_duplicates()
    rows = rows.assign(persons=rows.groupby("alike")["person"].transform("size"))
    found = rows[rows["persons"] > 1].sort_values(COLUMNS, ignore_index=True)
    return found[COLUMNS].astype("int64")


def keep_in_step(records: Connection, identity: Connection, number: int) -> None:
    """Bring ``records.suspected`` to what the review list says; ``number``: of the event in which that is so."""
    wanted, known = of_review(identity), _known(records)
    gone, new = _but(known, wanted), _but(wanted, known)
    for row in gone.itertuples(index=False):
        this = (
            suspected.c.person == row.person,
            suspected.c.alike == row.alike,
            suspected.c.known_to.is_(None),
        )
        # What came and went within one event was never known.
        records.execute(delete(suspected).where(*this, suspected.c.known_from == number))
        records.execute(update(suspected).where(*this).values(known_to=number))
    if len(new):
        bulk_insert(records, suspected, new.assign(known_from=number))


def catch_up(store: Store) -> None:
    """The same for records that were changed last by a release that did not know it; nothing is written where all agrees."""
    with store.identity() as identity, store.records() as records:
        if not inspect(identity).has_table(review.name, schema=review.schema):
            return
        wanted = of_review(identity)
        if inspect(records).has_table(suspected.name, schema=SCHEMA) and wanted.equals(_known(records)):
            return
    with store.change("records") as draft, store.identity() as identity:
        create_missing(draft.records, suspected.metadata)
        number = draft.records.execute(select(func.max(event.c.event))).scalar() or 0
        keep_in_step(draft.records, identity, number)


def _known(records: Connection) -> pd.DataFrame:
    """The rows in force."""
    columns = [suspected.c[name] for name in COLUMNS]
    rows = read_frame(records, select(*columns).where(suspected.c.known_to.is_(None)).order_by(*columns))
    return rows[COLUMNS].astype("int64")


def _but(some: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """The rows that the others lack."""
    both = some.merge(others, on=COLUMNS, how="left", indicator=True)
    return both.loc[both["_merge"] == "left_only", COLUMNS]
