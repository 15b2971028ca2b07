"""Whether the dashboard's login at the PostgreSQL server may no more than it needs: looked at when the server starts."""

from __future__ import annotations

import os

from sqlalchemy.exc import SQLAlchemyError

from data.config import OWNER_VARIABLE
from data.installation import Installation
from data.postgres.engines import SMALL, Server, is_gone
from data.postgres.prepared import look
from data.postgres.roles import beyond, existing

_MAY = {
    "superuser": "是超级用户 · is a superuser",
    "bypassrls": "不受按行控制（BYPASSRLS）· is not bound by the rules for rows (BYPASSRLS)",
    "createrole": "可以建立角色（CREATEROLE）· may make roles (CREATEROLE)",
    "owner": "可以作为数据表的所有者 · may act as the owner of the tables",
}
_NO_ROLES = (
    "数据库没有区分所有者、写入、只读角色，只有程序自身控制谁能看什么 · the database has no roles: the program alone guards who "
    "sees what (docs/operations.md)"
)
_OWNER_KNOWN = (
    f"看板的环境变量里有 {OWNER_VARIABLE}（所有者的地址），请只给命令使用 · {OWNER_VARIABLE} is in the dashboard's environment: "
    "it is for commands alone"
)
_AWAY = (
    "数据库暂时无法连接，登录权限没有检查 · the database cannot be reached, so the login was not looked at"
)


def excess(installation: Installation) -> list[str]:
    """What is more than least privilege, in words; empty where there is no server or nothing to say.

    Raises NotPreparedError where the database cannot be used as this login at all (other version, no member, rights at
    all times).
    """
    if not installation.database:
        return []
    engine = Server.of(installation).engine(SMALL)
    try:
        look(engine, makes=False, demo=installation.is_demo)
        with engine.connect() as connection:
            roles = existing(connection)
            told = [f"登录账号 · the login: {_MAY[name]}" for name in beyond(connection, roles)]
    except SQLAlchemyError as error:
        if not is_gone(error):
            raise
        return [_AWAY]
    finally:
        engine.dispose()
    if roles is None and not installation.is_demo:
        told.append(_NO_ROLES)
    if os.environ.get(OWNER_VARIABLE):
        told.append(_OWNER_KNOWN)
    return told
