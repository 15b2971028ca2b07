"""``user``: accounts from the command line. Whoever runs it has the files of the installation, and so may."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection

from commands.environment import Stop
from commands.logged import open_log, operator
from commands.user_import import import_accounts, parts
from data.access import accounts
from data.access.accounts import ROLES, Account, AccountError
from data.installation import Installation, open_installation
from data.register import EditedMeanwhileError
from data.small_database import SmallDatabase
from data.store import StoreError, open_store
from metrics import account_book, figures
from metrics.principal import LOCAL
from signin.settings import Settings

_ROLES = {
    "leader": "局领导",
    "officer": "业务科室",
    "director": "中心主任",
    "doctor": "站点与村卫生室",
    "clerk": "数据员",
    "auditor": "审计员",
    "administrator": "系统管理员",
}
assert set(_ROLES) == set(ROLES)
_FAULTS = {
    "short": "太短 · too short",
    "long": "太长 · too long",
    "kinds": "大写字母、小写字母、数字、其他字符四类中至少三类 · three of: capitals, small letters, digits, others",
    "name": "包含登录名 · holds the name",
    "same": "与当前密码相同 · the one in force",
}
_WHY = {
    "name": "登录名不能为空。The name is empty.",
    "letters": "登录名不超过 60 个字，只能用文字、数字、空格和 . _ @ - +。Names: letters, digits, blanks, . _ @ - +; at most 60.",
    "shown": "姓名不超过 60 个字。A person's name has at most 60 characters.",
    "reserved": "这个登录名是日志留给系统用的，请换一个。The log needs this name for the product itself: take another.",
    "own": "不能修改自己的角色、机构和业务。Nobody changes what the own account may.",
    "taken": "已有这个登录名。There is an account of this name.",
    "role": f"角色须为以下之一。The role must be one of: {', '.join(ROLES)}.",
    "units": "这个角色须用 --units 写明机构编码。This role needs --units.",
    "last": "这是最后一个系统管理员，不能停用或改为其他角色。This is the last administrator: make another one first.",
}


def main(arguments: argparse.Namespace) -> int:
    """One deed."""
    installation = open_installation()
    settings = Settings.of(installation.config, demo=installation.is_demo)
    deeds: dict[str, Callable] = {
        "add": _add,
        "list": _list,
        "change": _change,
        "password": _password,
        "disable": _able,
        "enable": _able,
        "unlock": _unlock,
        "unbind": _unbind,
        "sessions": _sessions,
        "import": _import,
    }
    with open_log(installation) as log:
        try:
            return deeds[arguments.deed](arguments, installation, log, settings)
        except AccountError as error:
            raise Stop(_why(error)) from error
        except EditedMeanwhileError as error:
            raise Stop(
                f"{error.by} 刚刚修改过，请重试。Changed meanwhile by {error.by}: try again."
            ) from error


def _add(arguments, installation: Installation, log: SmallDatabase, settings: Settings) -> int:
    units = _units(installation, arguments.units)
    if arguments.role not in ROLES:  # before a password is asked for
        raise AccountError("role")
    if arguments.no_password:
        password, invented = None, False
    else:
        password, invented = _new_password(arguments, settings)
    with log.writing() as connection:
        made = account_book.add(
            operator(),
            connection,
            arguments.name,
            arguments.shown or "",
            arguments.role,
            units=units,
            systems=parts(arguments.systems),
            password=password,
            least=settings.least,
        )
    print(f"已建立 · made: {_line(made)}")
    _tell(password, invented)
    return 0


def _list(_arguments, _installation, log: SmallDatabase, settings: Settings) -> int:
    with log.reading() as connection:
        found = account_book.listed(
            operator(), connection, settings.limits, settings.failures, settings.minutes
        )
    for one in found:
        last = "—" if one.last_in is None else f"{_local(one.last_in):%Y-%m-%d %H:%M}"
        marks = [
            *(["已停用 · disabled"] if one.account.disabled else []),
            *(["已锁定 · locked"] if one.locked_until else []),
            *(["已绑定统一认证 · bound"] if one.account.bound else []),
            *(["须改密码 · must change its password"] if one.account.must_change else []),
        ]
        print("  ".join([_line(one.account), f"上次登录 · last in {last}", *marks]))
    if not found:
        print("还没有账号。There are no accounts: manage.py user add NAME --role administrator --generate")
    return 0


def _change(arguments, installation: Installation, log: SmallDatabase, _settings) -> int:
    given = {"shown": arguments.shown, "role": arguments.role}
    values = {name: value for name, value in given.items() if value is not None}
    if arguments.units is not None:
        values["units"] = _units(installation, arguments.units)
    if arguments.systems is not None:
        values["systems"] = parts(arguments.systems)
    if not values:
        raise Stop("请写明要改什么。Say what to change: --role, --units, --systems, --shown.")
    with log.writing() as connection:
        one = _found(connection, arguments.name)
        print(f"已保存 · saved: {_line(account_book.change(operator(), connection, one, **values))}")
    return 0


def _password(arguments, _installation, log: SmallDatabase, settings: Settings) -> int:
    with log.reading() as connection:
        _found(connection, arguments.name)
    password, invented = _new_password(arguments, settings)
    with log.writing() as connection:
        one = _found(connection, arguments.name)
        account_book.set_password(operator(), connection, one, password, least=settings.least)
    print(
        "密码已改，该账号已在所有设备上退出。The password is changed, and the account signed out everywhere."
    )
    _tell(password, invented)
    return 0


def _able(arguments, _installation, log: SmallDatabase, _settings) -> int:
    with log.writing() as connection:
        one = _found(connection, arguments.name)
        now = account_book.change(operator(), connection, one, disabled=arguments.deed == "disable")
    print(f"已停用 · disabled: {now.name}" if now.disabled else f"已恢复 · enabled: {now.name}")
    return 0


def _unlock(arguments, _installation, log: SmallDatabase, _settings) -> int:
    with log.writing() as connection:
        account_book.unlock(operator(), connection, _found(connection, arguments.name))
    print(f"已解除锁定 · unlocked: {arguments.name}")
    return 0


def _unbind(arguments, _installation, log: SmallDatabase, _settings) -> int:
    with log.writing() as connection:
        one = _found(connection, arguments.name)
        if one.bound is None:
            raise Stop(f"{one.name} 没有绑定。{one.name} is bound to nobody.")
        ended = account_book.unbind(operator(), connection, one)
    print(f"已解除绑定，退出 {ended} 处登录 · unbound, signed out of {ended} sessions: {one.name}")
    return 0


def _sessions(arguments, _installation, log: SmallDatabase, settings: Settings) -> int:
    if arguments.end:
        with log.writing() as connection:
            ended = account_book.end_sessions(operator(), connection, _found(connection, arguments.name))
        print(f"已退出 {ended} 处登录。Signed out of {ended} sessions.")
        return 0
    with log.reading() as connection:
        one = _found(connection, arguments.name)
        known = account_book.listed(
            operator(), connection, settings.limits, settings.failures, settings.minutes
        )
    number = next(each.sessions for each in known if each.account.number == one.number)
    print(f"{one.name}: {number} 处登录有效 · sessions in force (--end)")
    return 0


def _import(arguments, installation: Installation, log: SmallDatabase, settings: Settings) -> int:
    known = _known_units(installation)
    return import_accounts(arguments, operator(), log, settings, known, _ROLES)


def _found(connection: Connection, name: str) -> Account:
    one = accounts.by_name(connection, name)
    if one is None:
        raise Stop(f"没有账号 {name}。There is no account {name}.")
    return one


def _new_password(arguments, settings: Settings) -> tuple[str, bool]:
    """The password, and whether it was made here."""
    if arguments.generate:
        return account_book.fresh_password(settings.least), True
    if arguments.stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if not sys.stdin.isatty():
        raise Stop(
            "没有终端可以输入密码：请用 --generate 或 --stdin。No terminal to ask for a password: say --generate or --stdin."
        )
    password = getpass.getpass("密码 · password: ")
    if password != getpass.getpass("再输一次 · once more: "):
        raise Stop("两次输入不一致，没有改动。The two differ: nothing was changed.")
    return password, False


def _tell(password: str | None, invented: bool) -> None:
    """A password that was made here, this once."""
    if invented:
        print(f"一次性密码（只显示这一次，首次登录须修改）· one-time password, shown only now:  {password}")


def _units(installation: Installation, codes: str | None) -> list[str]:
    """Codes of units as said; those that no unit has are an error once units are known."""
    asked, known = parts(codes), _known_units(installation)
    if not known and asked:
        print(
            "还没有机构名单，机构编码以后导入时再核对。No units are known yet: the codes are taken as they are."
        )
    elif unknown := [code for code in asked if code not in known]:
        raise Stop(f"没有这些机构编码。There are no units with these codes: {', '.join(unknown)}")
    return asked


def _known_units(installation: Installation) -> frozenset[str]:
    store = open_store(installation)
    try:
        if store.generation() == 0:
            return frozenset()
        with store.published() as published:
            return frozenset(figures.units(LOCAL, published)["code"])
    except StoreError:  # nothing was ever built
        return frozenset()
    finally:
        store.close()


def _line(one: Account) -> str:
    parts = [one.name, one.shown, f"{_ROLES[one.role]} {one.role}"]
    return "  ".join(
        [
            *parts,
            *(["、".join(one.units)] if one.units else []),
            *(["、".join(one.systems)] if one.systems else []),
        ]
    )


def _local(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC).astimezone()


def _why(error: AccountError) -> str:
    if error.rule == "password":
        return "密码不符合要求 · the password is refused: " + "; ".join(
            _FAULTS[fault] for fault in error.more
        )
    if error.rule == "systems":
        return f"没有这些业务代码。There are no systems called {', '.join(error.more)}."
    return _WHY[error.rule]
