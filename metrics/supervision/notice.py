"""What a rectification notice says, as plain data: a page prints it, a document is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from data.words import LANGUAGES
from metrics.principal import Principal
from metrics.standards import in_force
from metrics.supervision.deadlines import days_given, record_due
from metrics.supervision.findings import evidence, one
from metrics.supervision.kinds import word
from metrics.supervision.states import WITHDRAWN, SupervisionError


@dataclass(frozen=True)
class Item:
    """One finding of a notice; ``kind`` and ``severity`` in words."""

    finding: int
    kind: str
    severity: str
    what: str
    demand: str  # "" where nothing is said
    due_on: date
    responsible: str  # "" where nobody is named
    evidence: tuple[str, ...]  # names of files


@dataclass(frozen=True)
class Notice:
    """A notice to one unit. ``answer_by``: the day by which measure and effect of every item are to be written down."""

    number: str  # 〔2026〕0007: year and number of its first finding
    bureau: str
    unit: str
    issued_on: date
    answer_days: int
    answer_by: date
    source: str  # the paper that asks for an answer within so many days
    items: tuple[Item, ...]


def notice(
    principal: Principal,
    connection: Connection,
    numbers: Sequence[int],
    *,
    bureau: str,
    unit_names: Mapping[int, str],
    language: str = LANGUAGES[0],
) -> Notice:
    """The notice of findings that were issued to one unit on one day.

    Raises LookupError for a finding that is not there for the principal, SupervisionError when they are of several
    units or days, or one was issued by mistake.
    """
    rows = [one(principal, connection, number) for number in sorted(set(numbers))]
    if not rows or len({(row["unit"], row["issued_on"]) for row in rows}) > 1:
        raise SupervisionError("one_notice")
    if any(row["state"] == WITHDRAWN for row in rows):
        raise SupervisionError("not_now")
    first = rows[0]
    day = first["issued_on"]
    (rule,) = in_force(["rectify_days"], day.year * 12 + day.month - 1)
    return Notice(
        number=f"〔{day.year}〕{first['finding']:04}",
        bureau=bureau,
        unit=unit_names[first["unit"]],
        issued_on=day,
        answer_days=days_given(day),
        answer_by=record_due(day),
        source=rule.source,
        items=tuple(
            Item(
                finding=row["finding"],
                kind=word("kind", row["kind"], language),
                severity=word("severity", row["severity"], language),
                what=row["what"],
                demand=row["demand"] or "",
                due_on=row["due_on"],
                responsible=row["responsible"] or "",
                evidence=tuple(file["name"] for file in evidence(principal, connection, row["finding"])),
            )
            for row in rows
        ),
    )
