"""``keys``: the key of residents' names; another one, whether it opens everything, and an older release's names."""

from __future__ import annotations

import argparse

from commands.environment import Stop
from commands.logged import open_log, operator
from commands.progress import Progress
from data.installation import Installation, open_installation
from data.resealing import check, in_use, rotate
from data.sealing import SealError
from data.sealing_old import is_due, refuse_plain, seal_old
from data.store import Store, open_store
from metrics.logbook import note


def main(arguments: argparse.Namespace) -> int:
    installation = open_installation()
    store = open_store(installation)
    try:
        return _DEEDS[arguments.deed](store, installation)
    finally:
        store.close()


def _seal(store: Store, installation: Installation) -> int:
    """Names of an older release."""
    if not is_due(store, installation):
        print("姓名均已加密，无需处理。All names are sealed already.")
        return 0
    with open_log(installation) as log:
        note(log, operator(), "keys", {"did": "seal"})  # before: nothing is done that the log does not know
    seal_old(store, installation)
    print("姓名已加密。Names are sealed now.")
    _tell_path(installation)
    return 0


def _rotate(store: Store, installation: Installation) -> int:
    if store.generation():
        with store.identity() as connection:
            refuse_plain(connection)
    with open_log(installation) as log, Progress("更换密钥 · another key") as progress:
        note(log, operator(), "keys", {"did": "rotate"})  # before: nothing is done that the log does not know
        try:
            number, rows = rotate(
                store, installation, lambda step, done, total: progress(f"{done:,}", done, total)
            )
        except SealError as error:
            raise Stop(
                "有姓名无法解密，旧密钥保留，已换的部分不受影响。请运行 python3 manage.py keys check。\n"
                "Some names cannot be opened: the old key stays, and what was sealed anew stands. "
                "Say: python3 manage.py keys check"
            ) from error
    print(
        f"现用第 {number} 号密钥，{rows:,} 行已重新加密。Key {number} is in use; {rows:,} rows were sealed anew."
    )
    _tell_path(installation)
    return 0


def _check(store: Store, installation: Installation) -> int:
    """Which keys there are, what needs them, and whether everything can be opened; 1 where not."""
    if store.generation():
        with store.identity() as connection:
            refuse_plain(connection)
    keys, use = installation.identity_key, in_use(store, installation)
    known = keys.read()
    print(f"{keys.path}")
    for number, (_, day) in sorted(known.items()):
        rows, files = use.rows.get(number, 0), use.files.get(number, 0)
        print(f"  {number}  {day}  {rows:,} 行 · rows  {files:,} 个原件 · originals")
    bad = 0
    if keys.open_to_others():
        print(
            "其他账户也能读取密钥文件，请改为 600。Other accounts may read the key file: set its mode to 600."
        )
        bad = 1
    if len(known) > 1:
        print("更换密钥尚未完成，请再次运行 keys rotate。A rotation is unfinished: say keys rotate again.")
    with Progress("核对 · checking") as progress:
        seen, wrong = check(store, installation, lambda step, done, total: progress(f"{done:,}", done, total))
    if missing := wrong.get("key", 0):
        print(f"{missing:,} 行所用的密钥不在文件中。{missing:,} rows need a key that the file lacks.")
    if changed := wrong.get("seal", 0):
        print(f"{changed:,} 行被改动过，无法解密。{changed:,} rows were changed and cannot be opened.")
    if not wrong:
        print(f"{seen:,} 行均可解密。{seen:,} rows, all of which open.")
    return int(bool(wrong) or bad)


def _tell_path(installation: Installation) -> None:
    print(
        f"密钥文件 · key file: {installation.identity_key.path}\n"
        "请另存一份，与数据库和备份分开保管。Keep a copy of it, apart from the database and its backups."
    )


_DEEDS = {"rotate": _rotate, "check": _check, "seal": _seal}
