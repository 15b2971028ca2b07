"""Evidence: who sees it, who may add to it, and who may take it away.

It is seen by whoever sees the work that it proves, and changed as long as that is not settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from data.register.evidence import EvidenceError, listed
from data.register.tables import appeal, appraisal_round, evidence, finding, visit
from metrics.appraisal.ground import DRAFT, SCORING_RIGHT
from metrics.principal import NotAllowedError, Principal
from metrics.supervision.states import STANDING

#: Who adds evidence to what: whoever has one of the rights. Scores are of ``SCORING_RIGHT``.
_ADDING = {"finding": ("supervise", "answer"), "visit": ("supervise",), "appeal": ("answer", "decide")}


def evidence_of(principal: Principal, connection: Connection, of: str, key: str) -> list[dict[str, Any]]:
    """What proves a row of the register, oldest first: rows of the table ``evidence``; nothing where the row is not there
    for the principal."""
    place = _place(connection, of, key)
    return [] if place is None or place[0] not in principal.own else listed(connection, of, key)


def require_addable(principal: Principal, connection: Connection, of: str, key: str) -> None:
    """Raises LookupError where there is no such row for the principal, NotAllowedError where they may add nothing to it."""
    place = _place(connection, of, key)
    if place is None or place[0] not in principal.own:
        raise LookupError(f"no {of} {key}")
    if not any(principal.may(right) for right in _ADDING.get(of, (place[2],))):
        raise NotAllowedError(f"{principal.name} ({principal.role}) may add nothing to {of} {key}")


def is_removable(principal: Principal, connection: Connection, row: Mapping[str, Any]) -> bool:
    """Whether the principal may take away a piece of evidence (a row of the table ``evidence``).

    Never what proves a finding that is closed or withdrawn, a score that is published, an appeal that is decided.
    """
    place = _place(connection, row["of"], row["key"])
    if place is None:
        return False
    unit, is_open, right = place
    mine = row["added_by"] == principal.name or principal.may(right)
    return is_open and mine and unit in principal.own


def require_removable(principal: Principal, connection: Connection, number: int) -> None:
    """Raises LookupError where there is no such evidence for the principal, EvidenceError where it has to stay."""
    row = (
        connection.execute(
            select(evidence).where(evidence.c.evidence == number, evidence.c.removed_at.is_(None))
        )
        .mappings()
        .first()
    )
    place = None if row is None else _place(connection, row["of"], row["key"])
    if place is None or place[0] not in principal.own:
        raise LookupError(f"no evidence {number}")
    if not is_removable(principal, connection, row):
        raise EvidenceError(
            "这份凭据不能删除：所证明的事项已办结，或不是您上传的。\n"
            "This evidence stays: what it proves is settled, or somebody else added it."
        )


def _place(connection: Connection, of: str, key: str) -> tuple[int, bool, str] | None:
    """The unit that a row of the register is about, whether it is still being worked on, and whose right it is."""
    if of == "appraisal_entry":
        number, _, rest = key.partition("/")
        unit = rest.partition("/")[0]
        r = appraisal_round.c
        row = connection.execute(select(r.state, r.subject).where(r.round == int(number))).first()
        return None if row is None else (int(unit), row.state == DRAFT, SCORING_RIGHT[row.subject])
    table, states = {
        "finding": (finding, STANDING),
        "visit": (visit, ("planned", "done")),
        "appeal": (appeal, ("open",)),
    }[of]
    (number,) = table.primary_key.columns
    found = connection.execute(select(table.c.unit, table.c.state).where(number == int(key))).first()
    return None if found is None else (found.unit, found.state in states, "supervise")
