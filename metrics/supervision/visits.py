"""Visits in the register: a month's plan, what was done, what was moved or cancelled.

As in ``metrics.supervision.findings``: the principal first, what is out of scope is not there, every change names the
version that was read.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from data.register import add, add_many, change, history_of, next_number
from data.register.tables import visit
from data.store import read_frame
from metrics.principal import Principal
from metrics.standards import duties, holidays
from metrics.supervision.kinds import visit_kinds
from metrics.supervision.states import VISIT_ACTIONS, SupervisionError, require

MONTHLY = "monthly"
PLANNED, DONE, CANCELLED = "planned", "done", "cancelled"
DUTY = "sup_monthly"  # key of the duty: a visit a clinic a month


# -- reading -----------------------------------------------------------------------------------------


def visits(principal: Principal, connection: Connection, first: date, last: date) -> pd.DataFrame:
    """Visits planned for the days from first to last or made then: the columns of the register's table, and

    on    the day on which it was made, else for which it is planned
    """
    on = func.coalesce(visit.c.done_on, visit.c.planned_on).label("on")
    return read_frame(
        connection,
        select(visit, on)
        .where(principal.own.holds(visit.c.unit), on.between(first, last))
        .order_by(on, visit.c.visit),
    )


def one(principal: Principal, connection: Connection, number: int) -> dict[str, Any]:
    """A visit as a mapping of its columns. Raises LookupError when it is not there for the principal."""
    row = (
        connection.execute(select(visit).where(visit.c.visit == number, principal.own.holds(visit.c.unit)))
        .mappings()
        .first()
    )
    if row is None:
        raise LookupError(f"no visit {number}")
    return dict(row)


def story(principal: Principal, connection: Connection, number: int) -> list[dict[str, Any]]:
    """Who did what to a visit when, oldest first: see ``data.register.history_of``."""
    one(principal, connection, number)
    return history_of(connection, visit.name, str(number))


def owed(units: pd.DataFrame, month: int) -> list[int]:
    """The units that are owed a visit in a month, of a frame as ``metrics.figures.units`` gives it: of the kinds that
    the duty names, open throughout the month.
    """
    first, last = days_of(month)
    terms = [term for term in duties()[DUTY] if term.start <= first]
    kinds = terms[-1].kinds if terms else ()
    open_ = [
        (pd.isna(row.opened_on) or _day(row.opened_on) <= first)
        and (pd.isna(row.closed_on) or _day(row.closed_on) > last)
        for row in units.itertuples()
    ]
    owing = zip(units["unit"], units["kind"], open_, strict=True)
    return [int(unit) for unit, kind, is_open in owing if is_open and kind in kinds]


def progress(principal: Principal, connection: Connection, month: int, units: Iterable[int]) -> pd.DataFrame:
    """How far the month's visits are: unit, state (done, planned, missing), on, visit; a row each unit in scope.

    A visit counts for the month in which it was made; until then for the one for which it is planned.
    """
    first, last = days_of(month)
    rows = visits(principal, connection, first, last)
    rows = rows[(rows["kind"] == MONTHLY) & (rows["state"] != CANCELLED)]
    first_of: dict[tuple[int, str], tuple[date, int]] = {}  # unit and state -> its first visit
    for row in rows.itertuples():  # by day
        first_of.setdefault((row.unit, row.state), (row.on, int(row.visit)))
    found = []
    for unit in units:
        if unit not in principal.own:
            continue
        state = next((state for state in (DONE, PLANNED) if (unit, state) in first_of), "missing")
        found.append((unit, state, *first_of.get((unit, state), (None, None))))
    return pd.DataFrame(found, columns=["unit", "state", "on", "visit"], dtype=object)


# -- writing -----------------------------------------------------------------------------------------


def plan(
    principal: Principal,
    connection: Connection,
    unit: int,
    kind: str,
    planned_on: date,
    *,
    team: str = "",
    announced: bool | None = None,
) -> int:
    """A visit that is to be made; gives its number."""
    principal.require("supervise")
    principal.require_own(unit)
    if kind not in visit_kinds():
        raise SupervisionError("kind", kind=kind)
    values = {
        "unit": unit,
        "kind": kind,
        "planned_on": planned_on,
        "team": team.strip() or None,
        "announced": announced,
        "state": PLANNED,
    }
    return add(connection, visit, values, principal.name)


def plan_month(
    principal: Principal,
    connection: Connection,
    month: int,
    units: Sequence[int],
    *,
    team: str = "",
    from_day: date | None = None,
) -> list[int]:
    """A monthly visit to each unit in scope that has none yet, spread over the month's working days in order.

    ``from_day``: none before it. Said twice it plans nothing twice. Gives the numbers of what was planned.
    """
    principal.require("supervise")
    first, last = days_of(month)
    start = max(first, from_day or first)
    days = [start + timedelta(n) for n in range((last - start).days + 1)]
    days = [day for day in days if holidays.is_working_day(day)] or [last]
    there = progress(principal, connection, month, units)
    missing = there.loc[there["state"] == "missing", "unit"].tolist()
    number = next_number(connection, visit)
    rows = [
        {
            "visit": number + place,
            "unit": int(unit),
            "kind": MONTHLY,
            "planned_on": days[place * len(days) // len(missing)],
            "team": team.strip() or None,
            "announced": None,
            "state": PLANNED,
        }
        for place, unit in enumerate(missing)
    ]
    add_many(connection, visit, rows, principal.name)
    return [row["visit"] for row in rows]


def done(
    principal: Principal,
    connection: Connection,
    number: int,
    version: int,
    *,
    on: date,
    account: str = "",
    announced: bool | None = None,
    team: str | None = None,
    today: date | None = None,
) -> int:
    """A visit was made; ``account`` is what the handbook says about it in detail. Gives the new version."""
    row = one(principal, connection, number)
    require(principal, row, "done", VISIT_ACTIONS)
    if on > (today or date.today()):
        raise SupervisionError("future")
    values: dict[str, Any] = {"state": DONE, "done_on": on, "account": account.strip() or None}
    if announced is not None:
        values["announced"] = announced
    if team is not None:
        values["team"] = team.strip() or None
    return _change(principal, connection, number, version, values, "done")


def write(principal: Principal, connection: Connection, number: int, version: int, account: str) -> int:
    """Write down, or put right, the account of a visit that was made. Gives the new version."""
    require(principal, one(principal, connection, number), "write", VISIT_ACTIONS)
    return _change(principal, connection, number, version, {"account": account.strip() or None}, "write")


def move(principal: Principal, connection: Connection, number: int, version: int, planned_on: date) -> int:
    """Plan a visit for another day. Gives the new version."""
    require(principal, one(principal, connection, number), "move", VISIT_ACTIONS)
    return _change(principal, connection, number, version, {"planned_on": planned_on}, "move")


def cancel(principal: Principal, connection: Connection, number: int, version: int, reason: str) -> int:
    """A visit will not be made, and why. Gives the new version."""
    require(principal, one(principal, connection, number), "cancel", VISIT_ACTIONS)
    if not reason.strip():
        raise SupervisionError("no_reason")
    values = {"state": CANCELLED, "note": reason.strip()}
    return _change(principal, connection, number, version, values, "cancel")


def _change(
    principal: Principal, connection: Connection, number: int, version: int, values: dict, action: str
) -> int:
    return change(connection, visit, {"visit": number}, version, values, principal.name, action)


def days_of(month: int) -> tuple[date, date]:
    """First and last day of a month."""
    year, number = month // 12, month % 12 + 1
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()
