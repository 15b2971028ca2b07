"""Whether a database is that of this version of the program, and as whom it may be worked with.

Where there is nothing yet and the login may make everything (a server of one's own), the tables are made at once; so are
the steps that lack of a demo. Anywhere else an owner runs ``manage.py migrate``, and until then the program refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from data import migrations
from data.installation import InstallationError
from data.postgres.roles import Roles, act_as, existing, inherits, may_act_as

_NOT_OURS = (
    "数据库中还没有本系统的数据表，当前账号也无权建立。请数据库所有者运行 python3 manage.py migrate。\n"
    "The database has no tables of ours yet, and this login may make none. Its owner runs: python3 manage.py migrate."
)
_OLDER = (
    "数据库是旧版本的，本程序需要先升级它。请先备份，再由数据库所有者运行 python3 manage.py migrate。\n"
    "The database is of an older version than this program. Make a backup; then its owner runs: python3 manage.py migrate."
)
_NEWER = (
    "数据库比本程序新，不能使用。请安装新版本的程序，或从备份恢复旧的数据库。\n"
    "The database is newer than this program and cannot be used. Install the newer program, or restore the older database "
    "from a backup."
)
_NO_MEMBER = (
    "登录账号不属于数据库角色 {names}，请数据库管理员运行 python3 manage.py database roles --login 账号。\n"
    "The login does not belong to the roles {names} of the database. Its administrator runs: python3 manage.py database "
    "roles --login NAME."
)

_INHERITS = (
    "登录账号 {login} 直接继承写入角色的权限，按行控制对它不起作用，因此不使用这个数据库。请数据库管理员运行：\n"
    "The login {login} has the writer's rights at all times, so nothing guards rows from it: this database is not used "
    "like that. Its administrator runs:\n\n"
    '    ALTER ROLE "{login}" NOINHERIT;\n'
    "    python3 manage.py database roles --login {login}"
)


class NotPreparedError(InstallationError):
    """The database is not that of this version; the message says what to do, in both languages."""


@dataclass(frozen=True)
class Prepared:
    """A database that can be worked with. ``roles`` is None where the login does everything."""

    roles: Roles | None

    def act(self, connection: Connection, kind: str, told: Mapping[str, str] | None = None) -> None:
        """As ``writer`` or ``reader`` until the transaction ends, where there are such; ``told``: settings beside it."""
        if self.roles is not None:
            act_as(connection, getattr(self.roles, kind), told)


def look(engine: Engine, *, makes: bool, demo: bool = False) -> Prepared | None:
    """None: there is nothing yet, and nothing was made (``makes`` is False).

    Raises NotPreparedError where an owner has to do something first.
    """
    with engine.begin() as connection:
        roles = existing(connection)
        if roles is not None:
            _require_member(connection, roles)
            act_as(connection, roles.writer)
            return _of_roles(connection, roles)
        state = migrations.state_of(connection)
        if state == migrations.HEAD:
            return Prepared(None)
        if state == migrations.NEWER:
            raise NotPreparedError(_NEWER)
        if state != migrations.EMPTY and not demo:
            raise NotPreparedError(_OLDER)
        if not makes:
            return None
        if not _may_make(connection):
            raise NotPreparedError(_NOT_OURS)
        migrations.upgrade(connection)
    return Prepared(None)


def _require_member(connection: Connection, roles: Roles) -> None:
    if not may_act_as(connection, roles.writer, roles.reader):
        raise NotPreparedError(_NO_MEMBER.format(names=f"{roles.writer}、{roles.reader}"))
    if inherits(connection, roles):
        login = connection.execute(text("SELECT session_user")).scalar_one()
        raise NotPreparedError(_INHERITS.format(login=login))


def _of_roles(connection: Connection, roles: Roles) -> Prepared:
    """The writer may look at ``store`` once the owner has made it and said who may what."""
    try:
        with connection.begin_nested():
            state = migrations.state_of(connection)
    except ProgrammingError as error:  # no right to look: never made, or never told who may what
        raise NotPreparedError(_NOT_OURS) from error
    if state == migrations.HEAD:
        return Prepared(roles)
    raise NotPreparedError({migrations.EMPTY: _NOT_OURS, migrations.NEWER: _NEWER}.get(state, _OLDER))


def _may_make(connection: Connection) -> bool:
    return connection.execute(
        text("SELECT has_database_privilege(current_database(), 'CREATE')")
    ).scalar_one()
