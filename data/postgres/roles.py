"""Owner, writer and reader of a database, and which of them a connection acts as.

The three are groups named after the database (``jiceng_owner``, ``jiceng_writer``, ``jiceng_reader`` of a database
``jiceng``), so that two bureaus on one server have nothing in common. Nobody signs in as one of them:

- the *owner* has the tables; ``manage.py migrate``, ``backup`` and ``restore`` act as it;
- the *writer* changes rows, never tables, and only adds to the log;
- the *reader* reads, and only the rows that are told to be seen by whoever asks.

The login of the dashboard has no rights of its own; each of its transactions says as which of the two it acts. A
database without the three is one of somebody's own (a demo, a test): there the login does everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

KINDS = ("owner", "writer", "reader")
_LONGEST = 63 - len("_owner")  # PostgreSQL cuts names at 63 bytes


@dataclass(frozen=True)
class Roles:
    """The names of the three."""

    owner: str
    writer: str
    reader: str

    @classmethod
    def of(cls, database: str) -> Roles:
        """Of a database by name. ValueError where it is too long to have them."""
        if len(database.encode()) > _LONGEST:
            raise ValueError(f"{database}: the name of the database has more than {_LONGEST} bytes")
        return cls(*(f"{database}_{kind}" for kind in KINDS))


def database_of(connection: Connection) -> str:
    """The name of the database that a connection is of."""
    return connection.execute(text("SELECT current_database()")).scalar_one()


def existing(connection: Connection) -> Roles | None:
    """The roles of this database; None where they were never made."""
    try:
        roles = Roles.of(database_of(connection))
    except ValueError:
        return None
    names = [roles.owner, roles.writer, roles.reader]
    found = connection.execute(
        text("SELECT count(*) FROM pg_roles WHERE rolname = ANY(:names)"), {"names": names}
    )
    return roles if found.scalar_one() == len(names) else None


def may_act_as(connection: Connection, *names: str) -> bool:
    """Whether the login of the connection belongs to each of the roles."""
    # From version 16 on who made a role is its member, but may not act as it.
    asked = (
        "SELECT pg_has_role(session_user, :name,"
        " CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)"
    )
    return all(connection.execute(text(asked), {"name": name}).scalar_one() for name in names)


def inheriting(connection: Connection, roles: Roles) -> list[str]:
    """Logins that are members of the writer and have its rights without acting as it: nothing guards what they forget.

    Whoever may do everything anyhow (superusers) is not told.
    """
    found = connection.execute(
        text(
            "SELECT m.rolname FROM pg_roles m WHERE m.rolcanlogin AND NOT m.rolsuper"
            " AND (pg_has_role(m.oid, :writer, 'USAGE') OR (pg_has_role(m.oid, :writer, 'MEMBER')"
            " AND pg_has_role(m.oid, :reader, 'USAGE'))) ORDER BY 1"
        ),
        {"writer": roles.writer, "reader": roles.reader},
    )
    return list(found.scalars())


def inherits(connection: Connection, roles: Roles) -> bool:
    """Whether the login of the connection is one of ``inheriting``."""
    login = connection.execute(text("SELECT session_user")).scalar_one()
    return login in inheriting(connection, roles)


def beyond(connection: Connection, roles: Roles | None) -> list[str]:
    """What the login of the connection may that a dashboard's needs not: superuser, bypassrls, createrole, owner."""
    found = connection.execute(
        text("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = session_user")
    ).one()
    may = [name for name, has in zip(("superuser", "bypassrls", "createrole"), found, strict=True) if has]
    if roles is not None and "superuser" not in may and may_act_as(connection, roles.owner):
        may.append("owner")
    return may


def act_as(connection: Connection, role: str, told: Mapping[str, str] | None = None) -> None:
    """Until the transaction ends; ``told``: other settings for as long. One statement: it is said at every reading."""
    settings = [("role", role), *(told or {}).items()]
    connection.execute(select(*(func.set_config(name, value, True) for name, value in settings)))
