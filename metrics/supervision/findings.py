"""Findings in the register: issue, record measure and effect, re-check, escalate, withdraw.

Every function takes the principal first. A finding at a unit outside the principal's scope (of the units whose
people they may see: findings name people) is not there: LookupError. Every change is made on the version that was
read, and raises EditedMeanwhileError when somebody saved another one meanwhile; ``connection`` is one of
``Register.writing()``. What cannot be done raises SupervisionError.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from data.register import add, change, history_of
from data.register.evidence import listed
from data.register.tables import finding, visit
from data.store import read_frame
from metrics.principal import Principal
from metrics.supervision.deadlines import record_due
from metrics.supervision.kinds import SEVERITIES, STEPS, finding_kinds
from metrics.supervision.repeats import earlier
from metrics.supervision.states import (
    CLOSED,
    ESCALATED,
    OPEN,
    RECORDED,
    WITHDRAWN,
    SupervisionError,
    require,
)

MENDED, NOT_MENDED = "mended", "not_mended"
_AMENDABLE = ("severity", "what", "demand", "due_on", "responsible")


# -- reading -----------------------------------------------------------------------------------------


def findings(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Every finding in scope: the columns of the register's table, newest first, those withdrawn among them."""
    statement = select(finding).where(principal.own.holds(finding.c.unit))
    return read_frame(connection, statement.order_by(finding.c.issued_on.desc(), finding.c.finding.desc()))


def one(principal: Principal, connection: Connection, number: int) -> dict[str, Any]:
    """A finding as a mapping of its columns. Raises LookupError when it is not there for the principal."""
    row = (
        connection.execute(
            select(finding).where(finding.c.finding == number, principal.own.holds(finding.c.unit))
        )
        .mappings()
        .first()
    )
    if row is None:
        raise LookupError(f"no finding {number}")
    return dict(row)


def story(principal: Principal, connection: Connection, number: int) -> list[dict[str, Any]]:
    """Who did what to a finding when, oldest first: see ``data.register.history_of``."""
    one(principal, connection, number)
    return history_of(connection, finding.name, str(number))


def evidence(principal: Principal, connection: Connection, number: int) -> list[dict[str, Any]]:
    """What proves a finding, oldest first: rows of the table ``evidence``."""
    one(principal, connection, number)
    return listed(connection, finding.name, str(number))


# -- writing -----------------------------------------------------------------------------------------


def issue(
    principal: Principal,
    connection: Connection,
    unit: int,
    kind: str,
    severity: str,
    what: str,
    *,
    issued_on: date,
    due_on: date | None = None,
    demand: str = "",
    responsible: str = "",
    visit_number: int | None = None,
    today: date | None = None,
) -> int:
    """A new finding; gives its number. Left out, ``due_on`` is the day by which it must be answered."""
    principal.require("supervise")
    principal.require_own(unit)
    if kind not in finding_kinds():
        raise SupervisionError("kind", kind=kind)
    _check_severity(severity)
    if issued_on > (today or date.today()):
        raise SupervisionError("future")
    due_on = due_on or record_due(issued_on)
    if due_on < issued_on:
        raise SupervisionError("due_before")
    if visit_number is not None:
        of_visit = connection.execute(select(visit.c.unit).where(visit.c.visit == visit_number)).scalar()
        if of_visit != unit:
            raise SupervisionError("other_unit")
    values = {
        "unit": unit,
        "visit": visit_number,
        "kind": kind,
        "severity": severity,
        "what": _filled(what, "what"),
        "demand": demand.strip() or None,
        "issued_on": issued_on,
        "due_on": due_on,
        "responsible": responsible.strip() or None,
        "state": OPEN,
    }
    return add(connection, finding, values, principal.name)


def amend(principal: Principal, connection: Connection, number: int, version: int, **values: Any) -> int:
    """Put right what was issued: severity, what, demand, due_on, responsible. Gives the new version."""
    row = one(principal, connection, number)
    require(principal, row, "amend")
    if unknown := set(values) - set(_AMENDABLE):
        raise TypeError(f"cannot amend {', '.join(sorted(unknown))}")
    if "severity" in values:
        _check_severity(values["severity"])
    if "what" in values:
        values["what"] = _filled(values["what"], "what")
    if values.get("due_on", row["due_on"]) < row["issued_on"]:
        raise SupervisionError("due_before")
    return _change(principal, connection, number, version, values, "amend")


def record(
    principal: Principal,
    connection: Connection,
    number: int,
    version: int,
    measure: str,
    effect: str,
    *,
    on: date,
    today: date | None = None,
) -> int:
    """Write down measure and effect. The first day on which that was done stays. Gives the new version."""
    row = one(principal, connection, number)
    require(principal, row, "record")
    _check_day(on, row["issued_on"], today)
    values = {
        "measure": _filled(measure, "measure"),
        "effect": _filled(effect, "effect"),
        "recorded_on": row["recorded_on"] or on,
        "state": ESCALATED if row["state"] == ESCALATED else RECORDED,
    }
    return _change(principal, connection, number, version, values, "record")


def recheck(
    principal: Principal,
    connection: Connection,
    number: int,
    version: int,
    *,
    mended: bool,
    on: date,
    mended_on: date | None = None,
    words: str = "",
    today: date | None = None,
) -> int:
    """What a re-check found. Mended closes the finding on ``mended_on``, the day on which it was mended as far as the
    re-check could tell (left out: the day of the re-check); not mended opens it again. Gives the new version.
    """
    row = one(principal, connection, number)
    require(principal, row, "recheck")
    _check_day(on, row["issued_on"], today)
    values: dict[str, Any] = {"rechecked_on": on, "recheck_note": words.strip() or None}
    if mended:
        closed_on = mended_on or on
        if not row["issued_on"] <= closed_on <= on:
            raise SupervisionError("mended_on")
        values |= {"recheck": MENDED, "state": CLOSED, "closed_on": closed_on}
    else:
        values |= {"recheck": NOT_MENDED, "state": ESCALATED if row["state"] == ESCALATED else OPEN}
    return _change(principal, connection, number, version, values, "recheck")


def escalate(
    principal: Principal,
    connection: Connection,
    number: int,
    version: int,
    step: str,
    *,
    on: date,
    deduction: int | None = None,
    today: date | None = None,
) -> int:
    """A further step: a warning letter, an interview, a deduction (fen) from the funds, closing down.

    For what a re-check found not mended, what is overdue, severe or repeated. Gives the new version.
    """
    row = one(principal, connection, number)
    require(principal, row, "escalate")
    if step not in STEPS:
        raise SupervisionError("step", step=step)
    _check_day(on, row["issued_on"], today)
    if not _may_go_further(connection, row, on):
        raise SupervisionError("not_yet")
    if (step == "fund_deduction") != (deduction is not None) or (deduction is not None and deduction <= 0):
        raise SupervisionError("deduction")
    values: dict[str, Any] = {"escalation": step, "escalated_on": on, "state": ESCALATED}
    if deduction is not None:
        values["deduction"] = deduction
    if step == "closed_down":
        values |= {"state": CLOSED, "closed_on": on}
    return _change(principal, connection, number, version, values, "escalate")


def withdraw(principal: Principal, connection: Connection, number: int, version: int, reason: str) -> int:
    """Take back what was issued by mistake; the reason stays in the history. Gives the new version."""
    row = one(principal, connection, number)
    require(principal, row, "withdraw")
    values = {"state": WITHDRAWN, "recheck_note": _filled(reason, "reason")}
    return _change(principal, connection, number, version, values, "withdraw")


def _may_go_further(connection: Connection, row: dict[str, Any], on: date) -> bool:
    return (
        row["recheck"] == NOT_MENDED
        or row["state"] == ESCALATED
        or row["severity"] == "high"
        or on > row["due_on"]
        or (row["recorded_on"] is None and on > record_due(row["issued_on"]))
        or bool(earlier(connection, row))
    )


def _change(
    principal: Principal, connection: Connection, number: int, version: int, values: dict, action: str
) -> int:
    return change(connection, finding, {"finding": number}, version, values, principal.name, action)


def _filled(text: str, name: str) -> str:
    if not text.strip():
        raise SupervisionError(f"no_{name}")
    return text.strip()


def _check_severity(severity: str) -> None:
    if severity not in SEVERITIES:
        raise SupervisionError("severity", severity=severity)


def _check_day(on: date, issued_on: date, today: date | None) -> None:
    if on > (today or date.today()):
        raise SupervisionError("future")
    if on < issued_on:
        raise SupervisionError("before_issued")
