"""The PostgreSQL database as its owner sees it: for what makes tables, roles and copies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from commands.environment import Stop
from data.config import OWNER_VARIABLE, read_config
from data.installation import home
from data.postgres.engines import psycopg2_url
from data.postgres.roles import Roles, act_as, existing, may_act_as

_CONNECT_S = 10


def configured() -> str:
    """The same as ``address`` of what is configured: a database is made ready before there is an installation."""
    return address(read_config(home()).database)


def address(database: str) -> str:
    """Where the owner signs in: JICENG_DATABASE_OWNER, else as the dashboard does. Stop without a PostgreSQL database."""
    if not database:
        raise Stop(
            "本系统数据在 DuckDB 文件中，会自动升级，不需要此命令。\n"
            "The data are in DuckDB files, which bring themselves up to date: there is nothing to do."
        )
    return os.environ.get(OWNER_VARIABLE) or database


@contextmanager
def owning(url: str, *, as_owner: bool = True) -> Iterator[tuple[Connection, Roles | None]]:
    """A transaction, and the roles of the database (None: it has none); leaving the block keeps what was done.

    Acts as the owner where there is one. Stop where the login does not belong to it.
    """
    engine = create_engine(
        psycopg2_url(url),
        poolclass=NullPool,
        connect_args={"connect_timeout": _CONNECT_S, "application_name": "jiceng owner"},
    )
    with engine.begin() as connection:
        roles = existing(connection)
        if roles is not None and as_owner:
            if not may_act_as(connection, roles.owner):
                raise Stop(
                    f"登录账号不属于数据库角色 {roles.owner}。请在环境变量 {OWNER_VARIABLE} 中写明所有者的地址。\n"
                    f"The login does not belong to the role {roles.owner}: say in {OWNER_VARIABLE} how the owner signs in."
                )
            act_as(connection, roles.owner)
        yield connection, roles
