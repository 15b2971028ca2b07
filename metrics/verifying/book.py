"""Verifications in the register: which there are, who was drawn, what came of asking, and the end of it.

Who was drawn, and what each of them said, is for whoever checks (the right ``verify``), before and after the end: somebody who told that nothing
was done must not be known to who did not do it. Others see results of their own units once a verification is closed (``results.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from data.register import change
from data.register.tables import verification, verification_person, verification_unit
from data.store import read_frame
from metrics.cards import CARDS
from metrics.principal import NotAllowedError, Principal
from metrics.verifying.errors import VerifyError
from metrics.verifying.outcomes import ANSWERS, OUTCOMES

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Answer:
    """What came of asking the person of a line: one of OUTCOMES, and a note. ``version``: of the line when a sheet was taken; 1: nobody
    had written anything there."""

    line: int
    outcome: str
    note: str = ""
    version: int = 1


@dataclass(frozen=True)
class Entered:
    """What came of a filled-in sheet: how many lines were written; which were not, because somebody wrote there since it was taken."""

    number: int
    edited_since: tuple[int, ...] = ()


def verifications(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Every verification that the principal may know of, the newest first: the columns of the register's table, and

    drawn, asked, answered   people drawn, with an outcome, and who confirmed or denied
    nth                      which draw it is of the same figure
    Whoever may not check sees closed ones with units of their own, and no numbers of people: of somewhere small, where all are
    drawn, these tell how many are counted (``results.py`` gives those that may be seen).
    """
    p = verification_person.c
    counts = (
        select(
            p.verification,
            func.count().label("drawn"),
            func.count(p.outcome).label("asked"),
            func.sum(p.outcome.in_(ANSWERS).cast(verification.c.size.type)).label("answered"),
        )
        .group_by(p.verification)
        .subquery()
    )
    v = verification.c
    rows = read_frame(
        connection,
        select(
            verification,
            counts.c.drawn,
            counts.c.asked,
            func.coalesce(counts.c.answered, 0).label("answered"),
        )
        .join(counts, counts.c.verification == v.verification)
        .order_by(v.verification),
    )
    rows["nth"] = rows.groupby(["indicator", "unit", "month", "basis"]).cumcount() + 1
    told = [may_check(principal, row) for row in rows.to_dict("records")]
    numbers = ["size", "drawn", "asked", "answered"]
    rows = rows.astype(dict.fromkeys(numbers, float))
    rows.loc[~pd.Series(told, index=rows.index, dtype=bool), numbers] = float("nan")
    known = [_is_known(principal, connection, row) for row in rows.to_dict("records")]
    return rows[pd.Series(known, index=rows.index, dtype=bool)].iloc[::-1].reset_index(drop=True)


def one(principal: Principal, connection: Connection, number: int) -> dict[str, Any]:
    """A verification and ``counted``, how many people its figure counts. Raises LookupError when it is not there for the principal."""
    v, u = verification.c, verification_unit.c
    found = (
        select(verification, u.numerator.label("counted"))
        .join(verification_unit, (u.verification == v.verification) & (u.unit == v.unit))
        .where(v.verification == number)
    )
    row = connection.execute(found).mappings().first()
    if row is None or not _is_known(principal, connection, row):
        raise LookupError(f"no verification {number}")
    return dict(row)


def may_check(principal: Principal, row: Mapping[str, Any]) -> bool:
    """Whether somebody may see who was drawn, and write down what they said."""
    card = CARDS.get(row["indicator"])
    return (
        principal.may("verify")
        and row["unit"] in principal.persons
        and card is not None
        and principal.in_charge_of(card.system)
    )


def units_of(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """The units of a verification as they were frozen, those of the principal's own: unit, parent, numerator, denominator, asked."""
    one(principal, connection, number)
    u = verification_unit.c
    statement = select(u.unit, u.parent, u.numerator, u.denominator, u.asked).where(
        u.verification == number, principal.own.holds(u.unit)
    )
    return read_frame(connection, statement.order_by(u.unit))


def lines(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """Who was drawn, in the order of the check sheet: the columns of the register's table. Raises NotAllowedError."""
    row = one(principal, connection, number)
    if not may_check(principal, row):
        raise NotAllowedError(f"{principal.name} may not see who was drawn")
    p = verification_person.c
    return read_frame(
        connection, select(verification_person).where(p.verification == number).order_by(p.line)
    )


def enter(
    principal: Principal,
    connection: Connection,
    number: int,
    version: int,
    answer: Answer,
    today: date | None = None,
) -> None:
    """Write down what came of asking one person; ``version`` of their line. Raises VerifyError."""
    _writable(principal, connection, number)
    key = {"verification": number, "line": answer.line}
    change(connection, verification_person, key, version, _values(answer, today), principal.name, "answer")


def enter_many(
    principal: Principal,
    connection: Connection,
    number: int,
    answers: Sequence[Answer],
    today: date | None = None,
) -> Entered:
    """Write down the answers of a filled-in sheet, those that say something new: a sheet holds what was known when it was taken, so
    lines that somebody wrote since stay as they are. Raises VerifyError for a line that is not on it: then nothing is written."""
    _writable(principal, connection, number)
    there = {int(row["line"]): row for row in lines(principal, connection, number).to_dict("records")}
    if unknown := sorted({one.line for one in answers} - set(there)):
        raise VerifyError("no_line", line=unknown[0])
    new = [one for one in answers if not _says(there[one.line], one)]
    late = tuple(sorted(one.line for one in new if one.version != there[one.line]["version"]))
    for one_ in new:
        values = _values(one_, today)
        if one_.line not in late:
            key = {"verification": number, "line": one_.line}
            change(connection, verification_person, key, one_.version, values, principal.name, "answer")
    return Entered(len(new) - len(late), late)


def close(principal: Principal, connection: Connection, number: int, version: int) -> None:
    """End a verification: from now on its units see the result, and nothing of it is changed. Raises VerifyError while somebody
    has no outcome: nobody ends a check when it pleases."""
    row = _writable(principal, connection, number)
    left = int(lines(principal, connection, number)["outcome"].isna().sum())
    if left:
        raise VerifyError("not_all", n=left)
    values = {"state": CLOSED, "closed_at": now(), "closed_by": principal.name}
    change(
        connection,
        verification,
        {"verification": row["verification"]},
        version,
        values,
        principal.name,
        "close",
    )


def now() -> datetime:
    """The time to the second."""
    return datetime.now().replace(microsecond=0)


def _writable(principal: Principal, connection: Connection, number: int) -> dict[str, Any]:
    row = one(principal, connection, number)
    if not may_check(principal, row):
        raise NotAllowedError(f"{principal.name} may not write what people said")
    if row["state"] != OPEN:
        raise VerifyError("closed")
    return row


def _is_known(principal: Principal, connection: Connection, row: Mapping[str, Any]) -> bool:
    if may_check(principal, row):
        return True
    if row["state"] != CLOSED:
        return False
    u = verification_unit.c
    mine = select(u.unit).where(
        u.verification == int(row["verification"]), u.asked, principal.own.holds(u.unit)
    )
    return connection.execute(mine.limit(1)).first() is not None


def _values(answer: Answer, today: date | None) -> dict[str, Any]:
    if answer.outcome not in OUTCOMES:
        raise VerifyError("outcome", value=answer.outcome)
    return {"outcome": answer.outcome, "note": answer.note.strip() or None, "asked_on": today or date.today()}


def _says(row: Mapping[str, Any], answer: Answer) -> bool:
    """Whether a line says it already."""
    note = "" if pd.isna(row["note"]) else row["note"]
    return row["outcome"] == answer.outcome and note == answer.note.strip()
