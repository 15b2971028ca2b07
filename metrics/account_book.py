"""Accounts, as an administrator keeps them: every change is checked, and in the log in the same transaction.

Each function takes the principal first and a connection of ``open_access(...).writing()``; it raises NotAllowedError
without the right "accounts", AccountError for what cannot be, EditedMeanwhileError where somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.access import accounts, attempts, audit, passwords, searching, sessions
from data.access.accounts import Account, AccountError
from data.access.sessions import Limits
from metrics.cards import CARDS
from metrics.logbook import who_of
from metrics.principal import LOCAL, Principal

#: The name of the first administrator, made where an installation asks for accounts and has none.
FIRST = "admin"
_LETTERS = 16  # of a password that is made here, where the configuration asks for fewer
_MAY = ("role", "units", "systems")  # what decides what an account may
_TOLD = ("shown", "role", "units", "systems", "disabled")


@dataclass(frozen=True)
class Listed:
    """An account as the list shows it. Times are UTC."""

    account: Account
    last_in: datetime | None  # None: never
    sessions: int  # in force
    locked_until: datetime | None


def systems() -> list[str]:
    """The systems that an account may be bound to: S01, ..."""
    return sorted({card.system for card in CARDS.values()})


def listed(
    principal: Principal, connection: Connection, limits: Limits, failures: int, minutes: int
) -> list[Listed]:
    """All accounts by name."""
    principal.require("accounts")
    last, opened = searching.last_in(connection), sessions.open_now(connection, limits)
    locked = attempts.locked(connection, failures, minutes)
    return [
        Listed(one, last.get(one.name), opened.get(one.number, 0), locked.get(one.name))
        for one in accounts.everyone(connection)
    ]


def add(
    principal: Principal,
    connection: Connection,
    name: str,
    shown: str,
    role: str,
    *,
    units: Collection[str] = (),
    systems: Collection[str] = (),
    password: str | None = None,
    least: int = 0,
    hashed: str | None = None,
) -> Account:
    """A new account; see ``accounts.add``. Without a password it signs in elsewhere (OIDC, proxy); with one, somebody
    else knows it, so it is to be changed at the first sign-in."""
    principal.require("accounts")
    _check_systems(systems)
    made = accounts.add(
        connection,
        name,
        shown,
        role,
        principal.name,
        units=units,
        systems=systems,
        password=password,
        least=least,
        hashed=hashed,
    )
    _log(principal, connection, "add", made, after=_told(made))
    return made


def change(principal: Principal, connection: Connection, one: Account, **values: Any) -> Account:
    """Write what differs: shown, role, units, systems, disabled. Who is disabled is out at once. Gives it as it is now.

    AccountError ``own`` when an administrator would change what the own account may: that is another one's to decide.
    """
    principal.require("accounts")
    if unknown := set(values) - set(_TOLD):
        raise TypeError(f"cannot change {', '.join(sorted(unknown))}")
    _check_systems(values.get("systems", ()))
    mine = principal.role != LOCAL.role and principal.name == one.name
    if mine and any(values.get(name, getattr(one, name)) != getattr(one, name) for name in _MAY):
        raise AccountError("own")
    if all(getattr(one, name) == value for name, value in values.items()):
        return one
    accounts.change(connection, one, principal.name, **(_told(one) | values))
    now = accounts.by_number(connection, one.number)
    before, after = _told(one), _told(now)
    differs = [name for name in _TOLD if before[name] != after[name]]
    if now.disabled and not one.disabled:
        sessions.end_all(connection, one.number, "disabled")
    did = "change" if differs != ["disabled"] else "disable" if now.disabled else "enable"
    _log(
        principal,
        connection,
        did,
        now,
        before={name: before[name] for name in differs},
        after={name: after[name] for name in differs},
    )
    return now


def take_up_checker(principal: Principal, connection: Connection, shown: str, role: str) -> Account:
    """The account of ``run --check`` for a run of it: made or enabled, without a password and without sessions,
    whatever was made of it before. AccountError ``reserved`` to anybody but a command."""
    principal.require("accounts")
    if principal.role != LOCAL.role:
        raise AccountError("reserved")
    before = accounts.by_name(connection, accounts.CHECKER)
    made = accounts.take_up_checker(connection, principal.name, shown, role)
    sessions.end_all(connection, made.number, "check")
    if before is None:
        _log(principal, connection, "add", made, after=_told(made))
        return made
    was, told = _told(before), _told(made)
    differs = [name for name in _TOLD if was[name] != told[name]]
    _log(
        principal,
        connection,
        "enable",
        made,
        before={name: was[name] for name in differs},
        after={name: told[name] for name in differs},
        **({"password": "taken away"} if before.has_password else {}),
    )
    return made


def set_password(
    principal: Principal,
    connection: Connection,
    one: Account,
    password: str,
    *,
    least: int,
) -> None:
    """Another password, to be changed at the next sign-in: every session of the account ends, and its name need not wait
    any more."""
    principal.require("accounts")
    accounts.set_password(connection, one, password, principal.name, least=least, must_change=True)
    ended = sessions.end_all(connection, one.number, "password")
    attempts.forgive(connection, one.name)
    _log(principal, connection, "password", one, must_change=True, sessions=ended)


def fresh_password(least: int) -> str:
    """A password for a first sign-in: it is shown once and kept nowhere."""
    return passwords.invented(max(least, _LETTERS))


def invent_password(principal: Principal, connection: Connection, one: Account, least: int) -> str:
    """The same with a password made here, which is to be changed at the first sign-in."""
    password = fresh_password(least)
    set_password(principal, connection, one, password, least=least)
    return password


def end_sessions(principal: Principal, connection: Connection, one: Account) -> int:
    """Sign the account out everywhere; gives of how many sessions."""
    principal.require("accounts")
    ended = sessions.end_all(connection, one.number, "everywhere")
    _log(principal, connection, "out_everywhere", one, sessions=ended)
    return ended


def unbind(principal: Principal, connection: Connection, one: Account) -> int:
    """Nobody's of the identity server any more: whoever signs in by its name next has it. Gives how many sessions end."""
    principal.require("accounts")
    accounts.unbind(connection, one)
    ended = sessions.end_all(connection, one.number, "unbound")
    _log(principal, connection, "unbind", one, identity=one.bound, sessions=ended)
    return ended


def unlock(principal: Principal, connection: Connection, one: Account) -> None:
    """Forget the failed sign-ins of the account's name: it need not wait any more."""
    principal.require("accounts")
    attempts.forgive(connection, one.name)
    _log(principal, connection, "unlock", one)


def first_administrator(
    principal: Principal, connection: Connection, shown: str, least: int, *, with_password: bool = True
) -> tuple[Account, str | None] | None:
    """Where there is no account at all: an administrator, and a password for the first sign-in (None where others vouch
    for people). None where there is an account."""
    principal.require("accounts")
    if any(one.name != accounts.CHECKER for one in accounts.everyone(connection)):
        return None
    password = fresh_password(least) if with_password else None
    made = add(principal, connection, FIRST, shown, "administrator", password=password, least=least)
    return made, password


def _told(one: Account) -> dict[str, Any]:
    """What the log tells of an account."""
    return {name: getattr(one, name) for name in _TOLD}


def _check_systems(given: Collection[str]) -> None:
    if unknown := sorted(set(given) - set(systems())):
        raise AccountError("systems", tuple(unknown))


def _log(principal: Principal, connection: Connection, did: str, one: Account, **more: Any) -> None:
    about = {"did": did, "account": one.name, **{name: value for name, value in more.items() if value != {}}}
    audit.append(connection, who_of(principal), "account", about)
