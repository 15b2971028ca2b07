"""What happens at the door. Every way in, and every failed one, is in the log before anything else is given."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError

from data.access import accounts, attempts, audit, sessions
from data.access.accounts import Account, AccountError
from data.access.audit import Who
from data.access.sessions import Session
from data.register import EditedMeanwhileError
from data.small_database import DatabaseBusyError, SmallDatabase
from signin.settings import Settings

_log = logging.getLogger("jiceng.signin")


@dataclass(frozen=True)
class Refused:
    """Why nobody came in: wrong (name or password), wait (until a time), weak (``more`` says of what), unlike."""

    rule: str
    until: datetime | None = None
    more: tuple[str, ...] = ()


class Desk:
    """The door of one installation."""

    def __init__(self, database: SmallDatabase, settings: Settings) -> None:
        self._database = database
        self.settings = settings

    def sign_in(self, name: str, password: str, address: str) -> str | Refused:
        """The token of a new session."""
        failures, minutes = self.settings.failures, self.settings.minutes
        with self._database.writing() as connection:
            until = attempts.waits_until(connection, name, address, failures, minutes)
            if until is not None:
                self._log_failure(connection, name, address, "wait")
                return Refused("wait", until)
            # Counted before the password is looked at: of many tries at once none is free.
            attempts.note(connection, name, address, minutes)
        # Outside the transaction: a hash takes long, and others sign in meanwhile.
        with self._database.reading() as connection:
            one = accounts.password_fits(connection, name, password)
        with self._database.writing() as connection:
            # Meanwhile an administrator may have set another password.
            if one is None or accounts.by_number(connection, one.number) != one:
                self._log_failure(connection, name, address, "wrong")
                return Refused("wrong")
            attempts.forgive(connection, name)
            return self._open(connection, one, address, "password")

    def admit(self, name: str, address: str, how: str) -> str | Refused:
        """The same for whom an identity provider or a proxy vouches; ``how``: oidc, proxy."""
        with self._database.writing() as connection:
            one = accounts.by_name(connection, name)
            if one is None or one.disabled:
                self._log_failure(connection, name, address, f"unknown to us, vouched for by {how}")
                return Refused("unknown")
            return self._open(connection, one, address, how)

    def session(self, token: str | None) -> Session | None:
        """The session of a token while it is in force; writes now and then that it was seen."""
        if not token:
            return None
        with self._database.reading() as connection:
            found = sessions.find(connection, token, self.settings.limits)
            seeing = found is not None and sessions.wants_seeing(connection, found.key)
        if seeing:
            try:
                with self._database.writing() as connection:
                    sessions.see(connection, found.key)
            except (
                OperationalError,
                DatabaseBusyError,
            ):  # who is in may read on; the session ends a little earlier
                _log.warning("not written that a session was seen", exc_info=True)
        return found

    def sign_out(self, token: str | None, address: str, *, everywhere: bool = False) -> None:
        """End the session, or all of its account."""
        found = self.session(token)
        if found is None:
            return
        with self._database.writing() as connection:
            if everywhere:
                number = sessions.end_all(connection, found.account.number, "everywhere")
            else:
                sessions.end(connection, found.key, "out")
                number = 1
            audit.append(connection, _who(found.account, address), "out", {"sessions": number})

    def new_password(self, token: str | None, old: str, new: str, again: str, address: str) -> str | Refused:
        """Change the own password: every other session of the account ends, and this one gets a new token."""
        found = self.session(token)
        if found is None:
            return Refused("gone")
        if new != again:
            return Refused("unlike")
        failures, minutes = self.settings.failures, self.settings.minutes
        with self._database.writing() as connection:
            until = attempts.waits_until(connection, found.account.name, address, failures, minutes)
            if until is not None:
                return Refused("wait", until)
            attempts.note(connection, found.account.name, address, minutes)
        with self._database.reading() as connection:
            known = accounts.password_fits(connection, found.account.name, old)
        if known is None:
            with self._database.writing() as connection:
                self._log_failure(connection, found.account.name, address, "wrong old password")
            return Refused("wrong")
        try:
            with self._database.writing() as connection:
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

    def _open(self, connection, one: Account, address: str, how: str) -> str:
        audit.append(connection, _who(one, address), "in", {"how": how})
        return sessions.open_session(connection, one, address)

    def _log_failure(self, connection, name: str, address: str, why: str) -> None:
        typed = accounts.folded(name)[:100]
        audit.append(connection, Who(typed, "", address), "failed", {"why": why})


def _who(one: Account, address: str) -> Who:
    return Who(one.name, one.role, address)
