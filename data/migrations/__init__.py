"""Migrations of the PostgreSQL database, from an empty one and from every earlier release, with Alembic.

``versions/`` holds one step a file, numbered; none is ever changed once it is released. ``0001`` is the schema of the last
release without migrations: it leaves what is there and makes what is not, so that a database of that release (which
made tables as it needed them) and an empty one come out alike. There is no way back down: restore a backup.

An owner runs ``manage.py migrate``; it shows what it will do, and ``--sql`` prints it for somebody else to run. The
dashboard refuses a database that is older or newer than itself (``data.postgres.prepared``).

To change a table of the store, the register or the accounts:

1. change its ``Table`` in ``data/`` or ``metrics/published.py``;
2. add ``versions/NNNN_what_is_new.py`` with ``revision``, ``down_revision`` (the number before it) and ``upgrade()``, by
   ``op.add_column``, ``op.execute``, ... on schema-qualified names. Never import a ``Table`` of ours there: it will change
   again, the step will not. Rows that are there get a value in the same step;
3. a step that needs what SQL cannot know (a key) leaves the column empty; the program fills it later, and reads both;
4. a new table is named in ``data/postgres/guarding.py``: who may read which of its rows. A test walks all tables;
5. ``tests/engines/test_migrations.py`` compares the outcome with the ``Table`` objects, and carries data across.

A DuckDB or SQLite installation needs no step: a table or column that it lacks is added when it is next written to
(``data.store.create_missing``, ``data.small_database``), and published figures are made anew by the next build.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

FOLDER = Path(__file__).resolve().parent
#: The schemas that are ours.
SCHEMAS = ("store", "records", "identity", "published", "register", "access")
VERSION_TABLE = "alembic_version"
VERSION_SCHEMA = "store"

EMPTY, UNNUMBERED, OLDER, HEAD, NEWER = "empty", "unnumbered", "older", "head", "newer"
_LOCK = 7_420_018  # names the lock that keeps two migrations apart


@dataclass(frozen=True)
class Step:
    """One migration: its number and what it does, in both languages."""

    number: str
    about: str


@lru_cache(maxsize=1)
def steps() -> tuple[Step, ...]:
    """All of them, the oldest first."""
    script = ScriptDirectory.from_config(_config())
    return tuple(Step(one.revision, one.doc) for one in reversed(list(script.walk_revisions())))


def number_of(connection: Connection) -> str | None:
    """The last step that a database has been through; None where that was never written down."""
    there = connection.execute(
        text("SELECT to_regclass(:table)"), {"table": f"{VERSION_SCHEMA}.{VERSION_TABLE}"}
    )
    if there.scalar() is None:
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_SCHEMA}.{VERSION_TABLE}")).scalar()


def state_of(connection: Connection) -> str:
    """EMPTY (nothing of ours), UNNUMBERED (of the release before migrations), OLDER, HEAD or NEWER."""
    number, known = number_of(connection), [step.number for step in steps()]
    if number is None:
        ours = set(inspect(connection).get_schema_names()) & set(SCHEMAS)
        return UNNUMBERED if ours else EMPTY
    if number == known[-1]:
        return HEAD
    return OLDER if number in known else NEWER


def pending(connection: Connection) -> list[Step]:
    """The steps that a database has not been through. ValueError for one that is newer than this program."""
    state = state_of(connection)
    if state == NEWER:
        raise ValueError("newer")
    if state in (EMPTY, UNNUMBERED):
        return list(steps())
    number = number_of(connection)
    known = [step.number for step in steps()]
    return list(steps()[known.index(number) + 1 :])


def upgrade(connection: Connection, to: str = "head") -> None:
    """Take the steps that lack, all in the transaction of the connection: they stand whole or not at all."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def sql(since: str | None) -> str:
    """The same as SQL, from a step on; None: from the beginning."""
    out = io.StringIO()
    config = _config()
    config.output_buffer = out
    command.upgrade(config, f"{since}:head" if since else "head", sql=True)
    return out.getvalue()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
