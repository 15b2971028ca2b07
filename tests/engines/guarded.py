"""A database with owner, writer and reader, and a login of the dashboard that is none of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from commands import database, migrate
from data.config import DATABASE_VARIABLE, OWNER_VARIABLE
from data.installation import HOME_VARIABLE, Installation, make_installation
from data.postgres.engines import psycopg2_url
from data.postgres.roles import Roles
from tests.conftest import new_database


@dataclass(frozen=True)
class Guarded:
    """Addresses: as the dashboard signs in, as whoever makes roles, as somebody who is only a reader."""

    installation: Installation
    app: str
    administrator: str
    reader: str
    roles: Roles

    def migrate(self) -> None:
        migrate.main(SimpleNamespace(sql=False, show=False))


def as_user(url: str, name: str) -> str:
    return make_url(url).set(username=name).render_as_string(hide_password=False)


@contextlib.contextmanager
def guarded(server: str, folder, *, kind: str = "own") -> Iterator[Guarded]:
    """It for the block, as set up by the commands; the administrator is no superuser."""
    with contextlib.ExitStack() as stack:
        top = create_engine(psycopg2_url(server), isolation_level="AUTOCOMMIT")
        stack.callback(top.dispose)
        connection = stack.enter_context(top.connect())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        # Dropped after the database.
        dropped = []
        stack.callback(
            lambda: [connection.execute(text(f'DROP ROLE IF EXISTS "{name}"')) for name in dropped]
        )
        url = stack.enter_context(new_database(server))
        name = make_url(url).database
        names = {one: f"{name}_{one}" for one in ("administrator", "app", "looker")}
        roles = Roles.of(name)
        connection.execute(text(f'CREATE ROLE "{names["administrator"]}" LOGIN CREATEROLE'))
        connection.execute(text(f'CREATE ROLE "{names["app"]}" LOGIN NOINHERIT'))
        connection.execute(text(f'CREATE ROLE "{names["looker"]}" LOGIN'))
        connection.execute(text(f'ALTER DATABASE "{name}" OWNER TO "{names["administrator"]}"'))
        dropped += [roles.reader, roles.writer, roles.owner, *names.values()]
        administrator = as_user(url, names["administrator"])
        patch.setenv(HOME_VARIABLE, str(folder))
        patch.setenv(DATABASE_VARIABLE, as_user(url, names["app"]))
        patch.setenv(OWNER_VARIABLE, administrator)
        made = make_installation(folder, kind=kind)
        database.main(SimpleNamespace(deed="roles", login=[names["app"]], sql=False))
        migrate.main(SimpleNamespace(sql=False, show=False))
        connection.execute(text(f'GRANT "{roles.reader}" TO "{names["looker"]}"'))
        looker = as_user(url, names["looker"])
        yield Guarded(made, as_user(url, names["app"]), administrator, looker, roles)
