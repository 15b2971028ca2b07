"""What happens at the door. Every way in, and every failed one, is in the log before anything else is given."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from data.access import accounts, attempts, audit, sessions
from data.access.accounts import Account, AccountError
from data.access.audit import Who
from data.access.sessions import Session
from data.register import EditedMeanwhileError
from data.small_database import DatabaseBusyError, SmallDatabase
from signin.oidc import Person
from signin.settings import Settings
from signin.turned_away import TurnedAway

_log = logging.getLogger("jiceng.signin")
_LOOP_SECONDS, _LOOP = 10, 5  # so many sessions in so short a time: the browser does not keep its cookie


@dataclass(frozen=True)
class Refused:
    """Why nobody came in: wrong (name or password), wait (until a time), weak (``more`` says of what), unlike, gone,
    unknown (vouched for, but no account), bound (vouched for, but the account of the name is another
    person's, or this person has another account), loop (the browser keeps no cookie)."""

    rule: str
    until: datetime | None = None
    more: tuple[str, ...] = ()


class Desk:
    """The door of one installation. ``turned_away`` outlives it: it counts for the whole server."""

    def __init__(
        self, database: SmallDatabase, settings: Settings, turned_away: TurnedAway | None = None
    ) -> None:
        self._database = database
        self.settings = settings
        self._turned_away = turned_away or TurnedAway()

    def sign_in(self, name: str, password: str, address: str) -> str | Refused:
        """The token of a new session."""
        # Looked at before anything is written: who keeps trying must not keep others from saving.
        with self._database.reading() as connection:
            until = self._waits(connection, name, address)
        if until is not None and self._turned_away.is_counting(address, "wait"):
            self._turned_away.count(_typed(name), address, "wait")
            return Refused("wait", until)
        with self._turned_away.writing(self._database) as connection:
            until = self._waits(connection, name, address)
            if until is not None:
                self._turned_away.note(connection, _typed(name), address, "wait")
                return Refused("wait", until)
            # Counted before the password is looked at: of many tries at once none is free.
            attempts.note(connection, name, address, self.settings.minutes)
        # Outside the transaction: a hash takes long, and others sign in meanwhile.
        with self._database.reading() as connection:
            one = accounts.password_fits(connection, name, password)
        with self._turned_away.writing(self._database) as connection:
            # Meanwhile an administrator may have set another password.
            gone = one is None or accounts.by_number(connection, one.number) != one
            if gone or accounts.is_reserved(one.name):
                self._log_failure(connection, name, address, "wrong")
                return Refused("wrong")
            attempts.forgive(connection, name)
            return self._open(connection, one, address, "password")

    def admit(self, name: str, address: str, how: str, person: Person | None = None) -> str | Refused:
        """The same for whom an identity provider or a proxy vouches; ``how``: oidc, proxy. ``person``: of an identity
        server; the account of the name is theirs from the first time on, and nobody else's of that name later."""
        with self._turned_away.writing(self._database) as connection:
            key = accounts.vouched(name)
            one = None if key is None else accounts.by_name(connection, key)
            if one is None or one.disabled or accounts.is_reserved(one.name):
                self._turned_away.note(connection, _typed(name), address, "unknown")
                return Refused("unknown")
            if sessions.opened_lately(connection, one.number, _LOOP_SECONDS) >= _LOOP:
                return Refused("loop")
            if person is not None:
                if not accounts.bind(connection, one, person.issuer, person.subject):
                    self._turned_away.note(connection, _typed(name), address, "bound")
                    return Refused("bound")
                if one.bound is None:
                    about = {
                        "did": "bind",
                        "account": one.name,
                        "identity": f"{person.issuer} {person.subject}",
                    }
                    audit.append(connection, _who(one, address), "account", about)
            return self._open(connection, one, address, how)

    def turn_away(self, name: str, address: str, why: str) -> None:
        """What an identity server or a proxy said is not believed: in the log, once a minute with its number."""
        if self._turned_away.is_counting(address, why):
            self._turned_away.count(_typed(name), address, why)
            return
        with self._turned_away.writing(self._database) as connection:
            self._turned_away.note(connection, _typed(name), address, why)

    def session(self, token: str | None) -> Session | None:
        """The session of a token while it is in force. That it was looked for is nobody's doing: see ``see``."""
        if not token:
            return None
        with self._database.reading() as connection:
            return sessions.find(connection, token, self.settings.limits)

    def see(self, session: Session) -> None:
        """Somebody did something in a session: where it is in force it stays so. Written now and then."""
        with self._database.reading() as connection:
            if not sessions.wants_seeing(connection, session.key):
                return
        try:
            with self._turned_away.writing(self._database) as connection:
                sessions.see(connection, session.key, self.settings.limits)
                self._turned_away.write(connection)
        except (OperationalError, DatabaseBusyError):
            # Who is in may read on; the session ends a little earlier.
            _log.warning("not written that a session was seen", exc_info=True)

    def sign_out(self, token: str | None, address: str, *, everywhere: bool = False) -> None:
        """End the session, or all of its account."""
        found = self.session(token)
        if found is None:
            return
        with self._turned_away.writing(self._database) as connection:
            if everywhere:
                number = sessions.end_all(connection, found.account.number, "everywhere")
            else:
                sessions.end(connection, found.key, "out")
                number = 1
            audit.append(connection, _who(found.account, address), "out", {"sessions": number})

    def end_as_other(self, session: Session, address: str) -> None:
        """The proxy names somebody else: the session that the browser still has is over."""
        with self._turned_away.writing(self._database) as connection:
            sessions.end(connection, session.key, "other")
            audit.append(connection, _who(session.account, address), "out", {"why": "other", "sessions": 1})

    def close_counts(self) -> None:
        """The server stops: what was only counted is written down."""
        with self._turned_away.writing(self._database) as connection:
            self._turned_away.write(connection, everything=True)

    def new_password(self, token: str | None, old: str, new: str, again: str, address: str) -> str | Refused:
        """Change the own password: every other session of the account ends, and this one gets a new token."""
        found = self.session(token)
        if found is None:
            return Refused("gone")
        if new != again:
            return Refused("unlike")
        with self._turned_away.writing(self._database) as connection:
            until = self._waits(connection, found.account.name, address)
            if until is not None:
                return Refused("wait", until)
            attempts.note(connection, found.account.name, address, self.settings.minutes)
        with self._database.reading() as connection:
            known = accounts.password_fits(connection, found.account.name, old)
        if known is None:
            with self._turned_away.writing(self._database) as connection:
                self._log_failure(connection, found.account.name, address, "old")
            return Refused("wrong")
        try:
            with self._turned_away.writing(self._database) as connection:
                attempts.forgive(connection, found.account.name)
                accounts.set_password(
                    connection,
                    found.account,
                    new,
                    found.account.name,
                    least=self.settings.least,
                    must_change=False,
                )
                sessions.end_all(connection, found.account.number, "password")
                audit.append(connection, _who(found.account, address), "account", {"own": "password"})
                return self._open(connection, found.account, address, "password")
        except EditedMeanwhileError:
            return Refused("gone")
        except AccountError as error:
            return Refused("weak", more=error.more)

    def _waits(self, connection: Connection, name: str, address: str) -> datetime | None:
        """Until when this name must wait, from this address."""
        one = accounts.by_name(connection, name)
        known = one is not None and sessions.was_opened_from(connection, one.number, address)
        failures, minutes = self.settings.failures, self.settings.minutes
        return attempts.waits_until(connection, name, address, failures, minutes, known=known)

    def _open(self, connection: Connection, one: Account, address: str, how: str) -> str:
        self._turned_away.write(connection)
        audit.append(connection, _who(one, address), "in", {"how": how})
        return sessions.open_session(connection, one, address)

    def _log_failure(self, connection: Connection, name: str, address: str, why: str) -> None:
        self._turned_away.write(connection)
        audit.append(connection, Who(_typed(name), "", address), "failed", {"why": why})


def _typed(name: str) -> str:
    """What was typed may be anything of any length."""
    return accounts.folded(name)[:100]


def _who(one: Account, address: str) -> Who:
    return Who(one.name, one.role, address)
