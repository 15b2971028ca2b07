"""``migrate``: bring the PostgreSQL database to this version of the program; ``--sql`` prints how."""

from __future__ import annotations

import argparse

from commands.environment import Stop
from commands.owner import configured, owning
from data import migrations
from data.postgres.guarding import guard
from data.postgres.roles import Roles

_NEWER = "数据库比本程序新，请安装新版本的程序。\nThe database is newer than this program: install the newer program."


def main(arguments: argparse.Namespace) -> int:
    with owning(configured()) as (connection, roles):
        if migrations.state_of(connection) == migrations.NEWER:
            raise Stop(_NEWER)
        steps = migrations.pending(connection)
        if arguments.sql:
            _print(connection, steps, roles)
            return 0
        for step in steps:
            print(f"{step.number}  {step.about}")
        if arguments.show:
            print(_nothing() if not steps else "")
            return 0
        if steps:
            migrations.upgrade(connection)
        if roles is not None:
            for statement in guard(roles, connection):
                connection.exec_driver_sql(statement.replace("%", "%%"))
    print(f"已升级到 · now at {migrations.steps()[-1].number}" if steps else _nothing())
    if roles is None:
        print(
            "数据库没有区分所有者、写入、只读三种角色，见 docs/operations.md。\n"
            "The database has no roles of owner, writer and reader: docs/operations.md tells how to make them."
        )
    return 0


def _print(connection, steps: list[migrations.Step], roles: Roles | None) -> None:
    """The steps as SQL. Who may do what is told of the tables that there are: said again after the steps."""
    if steps:
        since = migrations.number_of(connection)
        print(migrations.sql(since))
        print("-- 然后再运行一次 migrate，写明权限 · then run migrate again: it says who may do what")
    elif roles is not None:
        print(";\n\n".join(guard(roles, connection)) + ";")


def _nothing() -> str:
    return "数据库已是最新，无需升级。The database is of this version: nothing to do."
