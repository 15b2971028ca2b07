"""``user import``: many accounts of one csv file, first shown, then made all or none."""

from __future__ import annotations

import argparse
import csv
import io
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from commands.environment import Stop
from data.access import accounts, passwords
from data.access.accounts import ROLES, AccountError
from data.cleaning import harmless
from data.small_database import SmallDatabase
from metrics import account_book
from metrics.principal import Principal
from signin.settings import Settings

#: Headings as people write them.
_COLUMNS = {
    "name": ("name", "登录名", "账号"),
    "shown": ("shown", "姓名"),
    "role": ("role", "角色"),
    "units": ("units", "机构编码", "机构"),
    "systems": ("systems", "业务", "业务系统"),
}
_NEEDED = ("name", "role")
_MOST = 5_000  # lines: more is no list of people who sign in


@dataclass(frozen=True)
class Line:
    """One account of the file; ``number`` as a spreadsheet counts, the heading being 1."""

    number: int
    name: str
    shown: str
    role: str
    units: tuple[str, ...]
    systems: tuple[str, ...]


class _NothingWrittenError(Exception):
    """Ends a trial: what it wrote is taken back."""


def import_accounts(
    arguments: argparse.Namespace,
    operator: Principal,
    log: SmallDatabase,
    settings: Settings,
    known_units: Collection[str],
    roles: dict[str, str],
) -> int:
    """Show what a file would make, and with ``--write`` make it. ``roles``: code -> what people call it.

    Raises Stop with every line that cannot be, and then nothing stands.
    """
    lines = read(Path(arguments.file), roles)
    if arguments.write and settings.passwords and not arguments.passwords:
        raise Stop(
            "请用 --passwords 写明一次性密码保存到哪个新文件。Say with --passwords which new file the one-time passwords go to."
        )
    given: dict[int, tuple[str, str]] = {}
    if arguments.write and settings.passwords:
        for one in lines:  # before anything is locked: each takes some tenth of a second
            password = account_book.fresh_password(settings.least)
            given[one.number] = (password, passwords.hashed(password))
    path = Path(arguments.passwords) if arguments.write and given else None
    try:
        with log.writing() as connection:
            problems = _add(connection, operator, lines, given, settings.least, known_units)
            if problems:
                raise Stop("没有建立任何账号。Nothing was made.\n" + "\n".join(problems))
            if not arguments.write:
                raise _NothingWrittenError
            if path is not None:
                _keep(path, lines, given)  # before the accounts stand: nobody would know their passwords
    except _NothingWrittenError:
        for one in lines:
            print(
                "  ".join(
                    [one.name, one.shown, one.role, "、".join(one.units), "、".join(one.systems)]
                ).rstrip()
            )
        print(
            f"可以建立 {len(lines)} 个账号，尚未建立。{len(lines)} accounts could be made; say --write to make them."
        )
        return 0
    print(f"已建立 {len(lines)} 个账号。{len(lines)} accounts were made.")
    if path is not None:
        print(f"一次性密码（分发后请删除）· one-time passwords (delete once they are handed out):  {path}")
    return 0


def read(path: Path, roles: dict[str, str]) -> list[Line]:
    """The accounts of a csv file in UTF-8 or GB18030 with headings of either language. Raises Stop."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Stop(f"{path}: {error.strerror}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise Stop(f"{path}: {error}") from error
    rows = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not rows or len(rows) > _MOST:
        raise Stop(f"{path}: 没有内容，或超过 {_MOST} 行。Empty, or more than {_MOST} lines.")
    at = _places([cell.strip().casefold() for cell in rows[0][1]])
    codes = {said: code for code, said in roles.items()} | {code: code for code in ROLES}
    found = []
    for number, row in rows[1:]:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        role = codes.get(cells["role"], cells["role"])
        several = {name: tuple(parts(cells.get(name, ""))) for name in ("units", "systems")}
        found.append(Line(number, cells["name"], cells.get("shown", ""), role, **several))
    return found


def parts(text: str | None) -> list[str]:
    """``S11,S12``, with Chinese commas too."""
    for mark in "，、;；":
        text = (text or "").replace(mark, ",")
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _places(heading: list[str]) -> dict[str, int]:
    at = {name: heading.index(word) for name, words in _COLUMNS.items() for word in words if word in heading}
    if missing := [name for name in _NEEDED if name not in at]:
        columns = "; ".join(" / ".join(words) for words in _COLUMNS.values())
        raise Stop(
            f"缺少列 · columns are missing: {', '.join(missing)}\n认识的列 · columns that are known: {columns}"
        )
    return at


def _add(
    connection: Connection,
    operator: Principal,
    lines: list[Line],
    given: dict[int, tuple[str, str]],
    least: int,
    known_units: Collection[str],
) -> list[str]:
    """Add them within the transaction; gives what is wrong with which line."""
    problems = []
    for one in lines:
        unknown = [code for code in one.units if known_units and code not in known_units]
        try:
            if unknown:
                raise AccountError("unknown_units", tuple(unknown))
            password, hashed = given.get(one.number, (None, None))
            account_book.add(
                operator,
                connection,
                one.name,
                one.shown,
                one.role,
                units=one.units,
                systems=one.systems,
                password=password,
                least=least,
                hashed=hashed,
            )
        except AccountError as error:
            more = f" ({', '.join(error.more)})" if error.more else ""
            problems.append(f"第 {one.number} 行 · line {one.number}  {one.name}: {_WHY[error.rule]}{more}")
    return problems


_WHY = {
    "shown": "姓名不超过 60 个字 · the person's name has at most 60 characters",
    "name": "没有登录名 · no name",
    "letters": "登录名太长或含不允许的字符 · the name is too long or has odd letters",
    "reserved": "登录名是保留的 · the name is reserved",
    "taken": "已有这个登录名 · there is an account of this name",
    "role": f"没有这个角色 · no such role; {', '.join(ROLES)}",
    "units": "这个角色须有机构 · this role needs units",
    "unknown_units": "没有这些机构编码 · no such units",
    "systems": "没有这些业务 · no such systems",
    "password": "密码不符合要求 · the password is refused",
}


def _keep(path: Path, lines: list[Line], given: dict[int, tuple[str, str]]) -> None:
    """A new file that this user alone can read."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Stop(f"{path}: {error.strerror}") from error
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["登录名", "姓名", "一次性密码"])
        rows.writerows(
            [harmless(accounts.folded(one.name)), harmless(one.shown), given[one.number][0]] for one in lines
        )
