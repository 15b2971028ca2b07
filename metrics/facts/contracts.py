"""Contracts as months in force, and who has one."""

from __future__ import annotations

from sqlalchemy import case, func, select

from metrics.facts.registry import fact
from metrics.facts.stay import resident
from metrics.sql import FOREVER, at_most, last_month_in_force, merged, month_of, within
from metrics.tables import contract

# In force on the last day of the month; the day of a termination is no longer in force.
_contract_end = at_most(
    last_month_in_force(contract.c.end_on),
    case((contract.c.stopped_on.is_(None), FOREVER), else_=month_of(contract.c.stopped_on) - 1),
)
_contract_rows = (
    select(
        contract.c.person,
        contract.c.family,
        contract.c.package,
        func.coalesce(contract.c.fee, 0).label("fee"),
        contract.c.stopped_on,
        month_of(contract.c.start_on).label("s"),
        _contract_end.label("e"),
    )
    .where(month_of(contract.c.start_on) <= _contract_end)
    .subquery()
)

#: Contracts as months in force.
contract_span = fact("contract_span", select(*_contract_rows.c))
#: Persons with a contract in force; several contracts of one person count once.
contracted = fact("contracted", merged(contract_span, "person"))
#: Residents with a contract in force.
contracted_resident = fact("contracted_resident", within(contracted, resident))
