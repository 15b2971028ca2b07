"""``database``: roles of the PostgreSQL database, and how it stands."""

from __future__ import annotations

import argparse

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from commands.environment import Stop
from commands.owner import configured, owning
from data import migrations
from data.postgres.guarding import guard, make_roles
from data.postgres.roles import Roles, database_of, inheriting, may_act_as

_STATES = {
    migrations.EMPTY: "空 · empty: manage.py migrate",
    migrations.UNNUMBERED: "上一版本 · of the release before migrations: manage.py migrate",
    migrations.OLDER: "旧版本 · older: manage.py migrate",
    migrations.HEAD: "与程序一致 · of this version",
    migrations.NEWER: "比程序新 · newer than this program",
}


def main(arguments: argparse.Namespace) -> int:
    url = configured()
    return _roles(url, arguments.login, arguments.sql) if arguments.deed == "roles" else _status(url)


def _roles(url: str, logins: list[str], prints: bool) -> int:
    """Make the three roles, or print how."""
    with owning(url, as_owner=False) as (connection, _):
        database = database_of(connection)
        try:
            roles = Roles.of(database)
        except ValueError as error:
            raise Stop(f"数据库名过长。The name of the database is too long: {error}") from error
        if unknown := [login for login in logins if not _exists(connection, login)]:
            raise Stop(
                f"没有登录账号 {'、'.join(unknown)}，请先建立，如：\nThere is no login {', '.join(unknown)}. Make it first:\n\n"
                f"    CREATE ROLE \"{unknown[0]}\" LOGIN NOINHERIT PASSWORD '...'"
            )
        said = make_roles(roles, database, logins, connection)
        if prints:
            print(";\n".join(said) + ";")
            return 0
        try:
            for statement in said:
                connection.exec_driver_sql(statement)
        except ProgrammingError as error:
            raise Stop(
                "权限不足：需要能建立角色并拥有本数据库的账号（不必是超级用户），或用 --sql 打印后交数据库管理员执行。\n"
                "This login may not: it takes one that may make roles and has the database (no superuser), or print "
                f"it with --sql for the administrator.\n\n{error.orig}"
            ) from error
        ready = migrations.state_of(connection) == migrations.HEAD
        if ready:
            connection.execute(text("SELECT set_config('role', :role, true)"), {"role": roles.owner})
            for statement in guard(roles, connection):
                connection.exec_driver_sql(statement.replace("%", "%%"))
    print(f"{roles.owner}  {roles.writer}  {roles.reader}")
    if not ready:
        print("下一步 · next: manage.py migrate")
    return 0


def _exists(connection, login: str) -> bool:
    found = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": login})
    return found.scalar() is not None


def _status(url: str) -> int:
    """How it stands; 1 where something is to be done."""
    with owning(url, as_owner=False) as (connection, roles):
        if roles is not None and may_act_as(connection, roles.owner):
            connection.execute(text("SELECT set_config('role', :role, true)"), {"role": roles.owner})
        state = migrations.state_of(connection)
        version = connection.execute(text("SHOW server_version")).scalar_one()
        size = connection.execute(text("SELECT pg_size_pretty(pg_database_size(current_database()))"))
        print(f"PostgreSQL {version}  {size.scalar_one()}")
        print(f"数据表 · tables: {migrations.number_of(connection) or '—'}  {_STATES[state]}")
        told = "—" if roles is None else f"{roles.owner} {roles.writer} {roles.reader}"
        print(f"角色 · roles: {told}")
        loose = [] if roles is None else inheriting(connection, roles)
        if loose:
            names = ", ".join(loose)
            print(
                f"注意：登录账号 {names} 直接继承写入角色的权限，请改正 · mind: logins that have the writer's rights at all times; "
                "mend it:"
            )
            print("\n".join(f'    ALTER ROLE "{name}" NOINHERIT;' for name in loose))
            print("    manage.py database roles --login " + " --login ".join(loose))
        guarded = _guarded(connection)
        print(f"按行控制的表 · tables whose rows are guarded: {guarded}")
    return int(state != migrations.HEAD or roles is None or bool(loose))


def _guarded(connection) -> int:
    return connection.execute(
        text("SELECT count(DISTINCT tablename) FROM pg_policies WHERE schemaname = ANY (:schemas)"),
        {"schemas": list(migrations.SCHEMAS)},
    ).scalar_one()
