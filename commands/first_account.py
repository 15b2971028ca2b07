"""The first account of an installation that asks for one: without it nobody could come in, not even to make accounts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from commands.logged import open_log, operator
from data.access import accounts
from data.installation import Installation
from metrics import account_book
from signin.settings import OPEN_MODE, Settings

_SHOWN = "系统管理员"
FILE = "first-password.txt"  # in the installation folder, where there is no terminal to tell a password to


def make_first_account(installation: Installation, where: str) -> None:
    """Where accounts are asked for and there is none: make an administrator, and tell its one-time password, this once.

    ``where``: the address to sign in at, or how to get there. The password is told to a terminal alone: what a service
    prints is kept in a journal that others read. Elsewhere it is in a file that only this user can read, which goes once
    the password was changed.
    """
    settings = Settings.of(installation.config, demo=installation.is_demo)
    if settings.mode == OPEN_MODE:
        return
    path = installation.folder / FILE
    with open_log(installation) as log:
        with log.writing() as connection:
            made = account_book.first_administrator(
                operator(), connection, _SHOWN, settings.least, with_password=settings.passwords
            )
            if made is not None and made[1] is not None and not sys.stdout.isatty():
                _write(path, made[1])  # before the account stands: nobody would know its password
        with log.reading() as connection:
            first = accounts.by_name(connection, account_book.FIRST)
    if made is None:
        if first is None or not first.must_change:
            path.unlink(missing_ok=True)
        return
    one, password = made
    if password is None:
        print(_VOUCHED.format(where=where, name=one.name), flush=True)
    else:
        told = password if sys.stdout.isatty() else _IN_FILE.format(path=path)
        print(_MADE.format(where=where, name=one.name, password=told), flush=True)


def _write(path: Path, password: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(password + "\n")


_IN_FILE = "在文件 · in the file {path}"
_MADE = """
  已建立系统管理员账号。密码只告知这一次，首次登录须修改。
  An administrator was made. The password is told only now, and must be changed at the first sign-in.

    登录 · sign in    {where}
    账号 · name       {name}
    密码 · password   {password}

  其他账号在“账号”页面建立，或 · more accounts on the page “Accounts”, or:
    python3 manage.py user add 登录名 --role leader --shown 姓名 --generate
"""
_VOUCHED = """
  已建立系统管理员账号 {name}，由统一认证或代理登录。登录名须与那里的名称一致，否则请另建：
  An administrator {name} was made, to sign in as config.toml says. If it has another name there, make one of that name:

    python3 manage.py user add 登录名 --role administrator --no-password

    登录 · sign in    {where}
"""
