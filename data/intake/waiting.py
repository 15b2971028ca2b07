"""What waits for people: codes that no unit carries, and persons whose numbers contradict each other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from data.identity import masked, review, told_of_subjects
from data.records import RECORDS, source_unit
from data.store import Store


@dataclass(frozen=True)
class UnmappedCode:
    system: str
    code: str
    rows: int  # in force, of all tables


@dataclass(frozen=True)
class OpenQuestion:
    """A reason (same_number, reference_ambiguous, reference_name), and whom it concerns: number -> masked name."""

    reason: str
    persons: dict[int, str | None]  # None: the source gave no name, or it cannot be opened


def unmapped_codes(store: Store) -> list[UnmappedCode]:
    """Codes of sources that mean no unit, those with most rows first."""
    found: dict[tuple[str, str], int] = {}
    with store.records() as connection:
        for table in RECORDS.values():
            if not table.info["performed"]:
                continue
            rows = connection.execute(
                select(source_unit.c.system, source_unit.c.code, func.count())
                .join(table, table.c.source_unit == source_unit.c.source_unit)
                .where(table.c.known_to.is_(None), table.c.unit.is_(None))
                .group_by(source_unit.c.system, source_unit.c.code)
            )
            for system, code, count in rows:
                found[system, code] = found.get((system, code), 0) + count
    codes = [UnmappedCode(system, code, rows) for (system, code), rows in found.items()]
    return sorted(codes, key=lambda each: (-each.rows, each.system, each.code))


def open_questions(store: Store) -> list[OpenQuestion]:
    """What only people can decide about persons; no ID number leaves the identity store, names are masked."""
    with store.snapshot() as known:
        with known.identity() as connection:
            rows = connection.execute(
                select(review.c.reason, review.c.kind, review.c.hash, review.c.subject).order_by(
                    review.c.reason, review.c.hash, review.c.subject
                )
            ).fetchall()
        names = masked(told_of_subjects(known, {row.subject for row in rows}))
    groups: dict[tuple, dict[int, str | None]] = {}
    for reason, kind, hashed, subject in rows:
        groups.setdefault((reason, kind, hashed), {})[subject] = names.get(subject)
    questions = [OpenQuestion(reason, persons) for (reason, _, _), persons in groups.items()]
    return sorted(questions, key=lambda each: (each.reason, min(each.persons)))
