"""The tables of access: a small database of its own, apart from records and register."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, MetaData, String, Table

from data.small_database import Plan

SCHEMA = "access"
FILE = "access.sqlite"
metadata = MetaData(schema=SCHEMA)

account = Table(
    "account",
    metadata,
    Column("account", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False, unique=True),  # what is typed at sign-in, folded
    Column("shown", String, nullable=False),  # the person's name, for pages and the log
    Column("role", String, nullable=False),
    Column("units", String, nullable=False),  # codes of the own units, 、 between; those below belong to them
    Column("systems", String, nullable=False),  # S11、S12: a programme officer's; "": all
    Column("password", String),  # NULL: signs in elsewhere (OIDC, proxy), or not yet
    # Issuer and subject of the identity server's person whose account this is; NULL: not signed in through one yet.
    Column("bound", String),
    Column("must_change", Boolean, nullable=False),  # before anything else is shown
    Column("disabled", Boolean, nullable=False),
    Column("changed_at", DateTime),  # the password; UTC, as all times here
    Column("version", Integer, nullable=False),
    Column("edited_at", DateTime, nullable=False),
    Column("edited_by", String, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column(
        "session", String, primary_key=True
    ),  # SHA-256 of the token: the token itself is in the cookie alone
    Column("account", Integer, nullable=False),
    Column("address", String, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    Column("ended_at", DateTime),
    Column("ended_why", String),  # out, everywhere, expired, disabled, password, unbound, restored
)

attempt = Table(
    "attempt",
    metadata,  # failed sign-ins of late, by what was typed: there may be no such account
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False),
    Column("at", DateTime, nullable=False),
)

entry = Table(
    "entry",
    metadata,  # the log
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("who", String, nullable=False),  # name of the account; "" before sign-in; local, command line
    Column("role", String, nullable=False),
    Column("address", String, nullable=False),
    Column("what", String, nullable=False),  # see audit.KINDS
    Column("about", String, nullable=False),  # JSON: of what, how many, why; never a person's name or number
    # SHA-256 of the entry before it and of this one, in 64 hexadecimal digits; k before them: keyed (see audit)
    Column("chain", String, nullable=False),
    # When somebody was last here, and what they did: asked of years of entries.
    Index("entry_by_what", "what", "who", "at"),
    Index("entry_by_who", "who", "entry"),
)

_REFUSED = "BEGIN SELECT RAISE(ABORT, 'the log can only be added to'); END"
#: The log can only be added to; on a server migrations say the same. REPLACE deletes without asking triggers of deletes.
_APPEND_ONLY = {
    "entry_no_update": f"BEFORE UPDATE ON entry {_REFUSED}",
    "entry_no_delete": f"BEFORE DELETE ON entry {_REFUSED}",
    "entry_no_replace": (
        f"BEFORE INSERT ON entry WHEN EXISTS (SELECT 1 FROM entry WHERE entry = NEW.entry) {_REFUSED}"
    ),
}

#: The lock keeps two changes apart: log entries are numbered and chained one after the other.
PLAN = Plan(FILE, metadata, 7_420_017, _APPEND_ONLY)
