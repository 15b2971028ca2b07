"""Sessions: who is signed in. The token is known to the browser's cookie alone, here is its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, true, update

from data.access.accounts import Account, by_number
from data.access.attempts import place
from data.access.audit import now
from data.access.tables import session

_TOKEN_BYTES = 32
_SLACK = timedelta(minutes=5)  # a clock may be set back so far without ending anybody's session
_KEPT = timedelta(days=190)  # sessions that are over, so that the log can be read beside them
_EVERY = timedelta(seconds=30)  # how often it is written that a session was seen


@dataclass(frozen=True)
class Limits:
    """How long a session lasts: without a click, and in all."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True)
class Session:
    """A session in force and whose it is."""

    key: str  # its hash
    account: Account
    address: str  # from where it was opened
    opened_at: datetime
    ends_at: datetime


def open_session(connection: Connection, one: Account, address: str) -> str:
    """A new session; gives its token. Tokens are never reused: whatever cookie was there before is worth nothing."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    at = now()
    # Nobody signs out of a session that has run out: what was last seen long ago goes too.
    old = at - _KEPT
    connection.execute(delete(session).where((session.c.ended_at < old) | (session.c.seen_at < old)))
    row = {
        "session": key_of(token),
        "account": one.number,
        "address": address,
        "opened_at": at,
        "seen_at": at,
        "ended_at": None,
        "ended_why": None,
    }
    connection.execute(insert(session).values(row))
    return token


def find(connection: Connection, token: str, limits: Limits) -> Session | None:
    """The session of a token while it is in force: not ended, not idle too long, not too old, its account enabled."""
    row = connection.execute(select(session).where(session.c.session == key_of(token))).mappings().first()
    if row is None or row["ended_at"] is not None:
        return None
    ends_at = min(row["seen_at"] + limits.idle, row["opened_at"] + limits.longest)
    at = now()
    # A session that a clock of the future opened, or saw, would last until then.
    if at >= ends_at or at < max(row["seen_at"], row["opened_at"]) - _SLACK:
        return None
    one = by_number(connection, row["account"])
    if one is None or one.disabled:
        return None
    return Session(row["session"], one, row["address"], row["opened_at"], ends_at)


def wants_seeing(connection: Connection, key: str) -> bool:
    """Whether it is time to write that a session was seen."""
    seen = connection.execute(select(session.c.seen_at).where(session.c.session == key)).scalar()
    return seen is not None and now() - seen >= _EVERY


def see(connection: Connection, key: str, limits: Limits) -> None:
    """Somebody did something in a session that is in force: one that has run out stays so."""
    at = now()
    still = (
        session.c.ended_at.is_(None),
        session.c.seen_at > at - limits.idle,
        session.c.seen_at <= at,
        session.c.opened_at > at - limits.longest,
    )
    connection.execute(update(session).where(session.c.session == key, *still).values(seen_at=at))


def end(connection: Connection, key: str, why: str) -> None:
    """End one session."""
    _end(connection, session.c.session == key, why)


def end_all(connection: Connection, account: int, why: str, but: str | None = None) -> int:
    """End every session of an account, or every one but one; gives how many."""
    others = session.c.account == account
    return _end(connection, others if but is None else others & (session.c.session != but), why)


def end_of_everybody(connection: Connection, why: str) -> int:
    """End every session that there is; gives how many."""
    return _end(connection, true(), why)


def was_opened_from(connection: Connection, account: int, address: str) -> bool:
    """Whether an account was ever signed in to from an address (of IPv6 its network: a machine changes the rest of it
    by itself), as far as sessions are kept."""
    rule = select(session.c.address).where(session.c.account == account).distinct()
    return place(address) in {place(one) for one in connection.execute(rule).scalars()}


def opened_lately(connection: Connection, account: int, seconds: int) -> int:
    """How many sessions of an account were opened within the last seconds."""
    since = now() - timedelta(seconds=seconds)
    rule = select(func.count()).where(session.c.account == account, session.c.opened_at >= since)
    return connection.execute(rule).scalar_one()


def open_now(connection: Connection, limits: Limits) -> dict[int, int]:
    """account -> how many of its sessions are in force."""
    at = now()
    rule = select(session.c.account, func.count()).where(
        session.c.ended_at.is_(None),
        session.c.seen_at.between(at - limits.idle, at + _SLACK),
        session.c.opened_at.between(at - limits.longest, at + _SLACK),
    )
    return dict(connection.execute(rule.group_by(session.c.account)).all())


def key_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _end(connection: Connection, which, why: str) -> int:
    rule = update(session).where(which, session.c.ended_at.is_(None))
    return connection.execute(rule.values(ended_at=now(), ended_why=why)).rowcount
