"""What people decide about persons: these two are one, this one is nobody else. Logged, and taken back by undo."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sqlalchemy import insert, select, update

from data.identity import decision, review
from data.identity import subject as subjects
from data.installation import Installation
from data.intake.consequences import settle_all
from data.intake.working import Working
from data.store import Store


class DecisionError(ValueError):
    """No such subject or decision; the message says so in both languages."""


def merge_subjects(
    store: Store,
    installation: Installation,
    subject: int,
    other: int,
    *,
    by: str,
    noted: Callable[[], object] = lambda: None,
) -> int:
    """Two subjects are one person. Returns the number of the event. ``noted`` is called before it stands."""
    if subject == other:
        raise DecisionError("两者是同一条。These are one and the same already.")
    return _decide(store, installation, "merge", subject, other, by, noted)


def split_subject(
    store: Store,
    installation: Installation,
    subject: int,
    *,
    by: str,
    noted: Callable[[], object] = lambda: None,
) -> int:
    """What a subject's ID number says about others does not hold. Otherwise as ``merge_subjects``."""
    return _decide(store, installation, "split", subject, None, by, noted)


def undo_decision(store: Store, installation: Installation, event: int, *, by: str) -> int:
    """Take the decision of an event back. Returns the number of the new event."""
    with store.change("records", "identity") as draft:
        work = Working(draft, installation, "undo", by, f"decision of event {event}")
        this = (decision.c.event == event, decision.c.undone_by.is_(None))
        row = work.identity.execute(select(decision).where(*this)).first()
        if row is None:
            raise DecisionError(
                f"事件 {event} 没有可撤销的决定。Event {event} holds no decision that is in force."
            )
        concerned = [s for s in (row.subject, row.other) if s is not None]
        concerned = work.persons.companions(np.array(concerned))
        work.identity.execute(update(decision).where(*this).values(undone_by=work.event))
        settle_all(work, {}, concerned)
        return work.event


def to_review(store: Store) -> list[tuple[str, list[int]]]:
    """Open questions: a reason, and the subjects that it concerns."""
    with store.identity() as connection:
        rows = connection.execute(select(review).order_by(review.c.reason, review.c.hash, review.c.subject))
        groups: dict[tuple, list[int]] = {}
        for row in rows:
            groups.setdefault((row.reason, row.kind, row.hash), []).append(row.subject)
    return [(reason, members) for (reason, _, _), members in groups.items()]


def _decide(
    store: Store,
    installation: Installation,
    kind: str,
    subject: int,
    other: int | None,
    by: str,
    noted: Callable[[], object],
) -> int:
    with store.change("records", "identity") as draft:
        work = Working(draft, installation, kind, by)
        wanted = [s for s in (subject, other) if s is not None]
        found = work.identity.execute(
            select(subjects.c.subject).where(subjects.c.subject.in_(wanted))
        ).fetchall()
        if len(found) < len(wanted):
            raise DecisionError(f"没有这样的人员编号：{wanted}。There is no such subject: {wanted}.")
        work.identity.execute(
            insert(decision).values(event=work.event, kind=kind, subject=subject, other=other)
        )
        settle_all(work, {}, work.persons.companions(np.array(wanted)))
        noted()
        return work.event
