"""Showing somebody's full name on a list: one person at a time, for a reason, in the log before it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from data.access import audit
from data.access.tables import entry
from data.cleaning import cleaned
from data.identity import Identifiers, told
from data.small_database import DatabaseBusyError, SmallDatabase
from data.store import Snapshot, Store
from metrics.gaps import is_listed
from metrics.logbook import NotLoggedError, who_of
from metrics.principal import Principal

#: Why somebody's name may be needed; the words are in the interface's catalogues.
REASONS = ("call", "visit", "check", "complaint", "other")
#: Characters of the words of a reason: they stand in the log.
LONGEST = 300
_LETTERS = 2  # of the reason in words: less says nothing


class RevealError(Exception):
    """What stands in the way: ``rule`` is reason, long, limit, gone or unread; ``most`` the limit of a day."""

    def __init__(self, rule: str, most: int = 0) -> None:
        super().__init__(rule)
        self.rule, self.most = rule, most


@dataclass(frozen=True)
class OfList:
    """The list behind a figure on which somebody stands: card, unit, month (year * 12 + month - 1), basis."""

    key: str
    unit: int
    month: int
    basis: str


@dataclass(frozen=True)
class Revealed:
    """What is needed to reach somebody; None where no source says it."""

    name: str | None
    phone: str | None


def reveal(
    known: Snapshot | Store,
    log: SmallDatabase,
    principal: Principal,
    of: OfList,
    person: int,
    reason: str,
    words: str,
    *,
    most: int,
) -> Revealed:
    """Name and telephone of a person of a list, once it is in the log that they were asked for.

    reason  one of REASONS, words  the same in words
    most    how many an account may have shown in a day
    Raises NotAllowedError without the right or outside the persons' scope, RevealError where the person is not on the
    list, no reason is given, the day's number is reached or the name cannot be opened, NotLoggedError where the log
    cannot be written.
    """
    principal.require("reveal")
    if not is_listed(known, principal, of.key, of.unit, of.month, of.basis, person):
        raise RevealError("gone")
    why = reason_of(reason, words)
    about = {
        "person": person,
        "list": "gap",
        "card": of.key,
        "unit": of.unit,
        "month": f"{of.month // 12}-{of.month % 12 + 1:02}",
        "basis": of.basis,
        "reason": why,
    }
    try:
        with log.writing() as connection:
            if shown_today(connection, principal.name) >= most:
                raise RevealError("limit", most)
            audit.append(connection, who_of(principal), "reveal", about)
    except (DatabaseBusyError, SQLAlchemyError, OSError) as error:
        raise NotLoggedError from error
    found = told(known, [person])
    if found.unread and person not in found.persons:
        raise RevealError("unread")
    said = found.persons.get(person, Identifiers())
    return Revealed(said.name, said.phone)


def reason_of(reason: str, words: str) -> str:
    """A reason as the log keeps it. RevealError where it is none, or says nothing."""
    said = " ".join(cleaned(words).split())
    if len(said) > LONGEST:
        raise RevealError("long")
    if reason not in REASONS or sum(letter.isalpha() for letter in said) < _LETTERS:
        raise RevealError("reason")
    return f"{reason}: {said}"


def shown_today(connection: Connection, name: str) -> int:
    """How many persons an account has had shown since midnight, of a connection to the log."""
    midnight = datetime.combine(datetime.now().date(), time.min).astimezone(UTC).replace(tzinfo=None)
    return connection.execute(
        select(func.count()).where(entry.c.what == "reveal", entry.c.who == name, entry.c.at >= midnight)
    ).scalar_one()
