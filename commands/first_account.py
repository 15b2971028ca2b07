"""The first account of an installation that asks for one: without it nobody could come in, not even to make accounts."""

from __future__ import annotations

from commands.logged import open_log, operator
from data.installation import Installation
from metrics import account_book
from signin.settings import OPEN_MODE, Settings

_SHOWN = "系统管理员"


def make_first_account(installation: Installation, where: str) -> None:
    """Where accounts are asked for and there is none: make an administrator, and tell its one-time password, this once.

    ``where``: the address to sign in at, or how to get there.
    """
    settings = Settings.of(installation.config, demo=installation.is_demo)
    if settings.mode == OPEN_MODE:
        return
    with open_log(installation) as log, log.writing() as connection:
        made = account_book.first_administrator(operator(), connection, _SHOWN, settings.least)
    if made is not None:
        one, password = made
        print(_MADE.format(where=where, name=one.name, password=password), flush=True)


_MADE = """
  已建立系统管理员账号。密码只显示这一次，首次登录须修改。
  An administrator was made. The password is shown only now, and must be changed at the first sign-in.

    登录 · sign in    {where}
    账号 · name       {name}
    密码 · password   {password}

  其他账号在“账号”页面建立，或 · more accounts on the page “Accounts”, or:
    python3 manage.py user add 登录名 --role leader --shown 姓名 --generate
"""
