"""Failed sign-ins: after too many of late a name, or an address, must wait, whoever it is."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from data.access.accounts import folded
from data.access.audit import now
from data.access.tables import attempt

_OF_ADDRESS = 10  # times as many as of a name: many people may share one address


def waits_until(
    connection: Connection, name: str, address: str, failures: int, minutes: int, *, known: bool = False
) -> datetime | None:
    """Until when (UTC) nobody may try this name, or from this address; None: now.

    ``failures`` within ``minutes`` are too many; the wait ends ``minutes`` after the last of them.
    ``known``: the account has been signed in to from this address before. Then only what failed from here counts for the
    name, or whoever knows a name could keep its owner out for ever.
    """
    since, latest = now() - timedelta(minutes=minutes), None
    of_name = attempt.c.name == _short(folded(name))
    from_here = attempt.c.address == place(address)
    for condition, most in (
        (of_name & from_here if known else of_name, failures),
        (from_here, failures * _OF_ADDRESS),
    ):
        rule = select(func.count(), func.max(attempt.c.at)).where(
            condition, attempt.c.at > since, attempt.c.at <= now()
        )
        number, last = connection.execute(rule).one()
        if number >= most:
            latest = last if latest is None else max(latest, last)
    return None if latest is None else latest + timedelta(minutes=minutes)


def locked(connection: Connection, failures: int, minutes: int) -> dict[str, datetime]:
    """The names that must wait, and until when (UTC)."""
    since = now() - timedelta(minutes=minutes)
    rule = select(attempt.c.name, func.max(attempt.c.at)).where(attempt.c.at > since)
    rule = rule.group_by(attempt.c.name).having(func.count() >= failures)
    return {name: last + timedelta(minutes=minutes) for name, last in connection.execute(rule)}


def note(connection: Connection, name: str, address: str, minutes: int) -> None:
    """One more; those that no longer count are forgotten."""
    # What is of a time to come was noted by a clock that was wrong then.
    of_late = attempt.c.at.between(now() - timedelta(minutes=minutes), now())
    connection.execute(delete(attempt).where(~of_late))
    number = (connection.execute(select(func.max(attempt.c.attempt))).scalar() or 0) + 1
    row = {"attempt": number, "name": _short(folded(name)), "address": place(address), "at": now()}
    connection.execute(insert(attempt).values(row))


def forgive(connection: Connection, name: str) -> None:
    """Forget the failures of a name: its owner is in."""
    connection.execute(delete(attempt).where(attempt.c.name == _short(folded(name))))


def place(address: str) -> str:
    """An address as it is counted: of IPv6 its network, since one machine has as many addresses there as it likes."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _short(name: str) -> str:
    """What was typed may be anything of any length."""
    return name[:100]
