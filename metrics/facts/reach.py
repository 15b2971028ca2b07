"""Which unit residents live nearest to, by the coordinates of their management grid, and how far it is."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select

from metrics.facts.homes import home
from metrics.facts.registry import fact
from metrics.facts.stay import resident
from metrics.sql import at_least, at_most
from metrics.tables import reach

_s, _e = at_least(resident.c.s, reach.c.s), at_most(resident.c.e, reach.c.e)


def residents_near(kind: str, *where: ColumnElement) -> Select:
    """person, unit (that manages them), s, e, registered, near, metres: residents and a unit that is near to them.

    Of whom no place is known, or one without coordinates, nothing is here. ``kind`` as in the table ``reach``.
    """
    return (
        select(
            resident.c.person,
            resident.c.unit,
            _s.label("s"),
            _e.label("e"),
            resident.c.registered,
            reach.c.unit.label("near"),
            reach.c.metres,
        )
        .select_from(
            resident.join(home, home.c.person == resident.c.person).join(reach, reach.c.place == home.c.place)
        )
        .where(reach.c.kind == kind, _s <= _e, *where)
    )


#: Residents whose place has coordinates, with the nearest open unit.
reached = fact("reached", residents_near("any"))


def metres_of(km: float) -> int:
    """A rule's distance as it is compared: who lives exactly so far away is within it."""
    return round(km * 1_000)


def within_km(km: float, *where: ColumnElement) -> Select:
    """person, unit, s, e: residents who live within so many kilometres of an open unit."""
    return select(reached.c.person, reached.c.unit, reached.c.s, reached.c.e).where(
        reached.c.metres <= metres_of(km), *where
    )
