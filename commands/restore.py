"""``restore``: put a copy in force, after every byte of it was checked."""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sqlite3
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from commands.backup import FOLDER
from commands.environment import Stop
from commands.logged import open_log, operator
from commands.owner import address, owning
from commands.progress import Progress
from data import migrations
from data.access import audit, sessions
from data.access.tables import PLAN
from data.backup import dump, files
from data.backup.manifest import (
    BackupError,
    Manifest,
    copy_listed,
    fingerprint,
    is_sealed_with,
    read,
    verify,
)
from data.config import read_config
from data.installation import Installation, home, is_empty, key_file, open_installation, require_disk
from data.lock import LockedError, exclusive
from data.postgres.guarding import guard
from metrics.logbook import who_of

_ABOUT = "installation.toml"
_SECRET = "secret.key"
_STAGED = "restore.part"
_LOG = "log-before-restore"  # of a database; that of files goes aside as it is
_UNPROVED = (
    "来源未经证明：没有当时的密钥可供核对。请确认备份来自可信的地方。\n"
    "Where the copy comes from was not proved: its secret key is not here to tell. Be sure that you trust its source."
)
_ASIDE = "_before_restore"  # after the name of a schema


def main(arguments: argparse.Namespace) -> int:
    copy = Path(arguments.folder)
    manifest = checked(copy)
    print(f"{manifest.made_at}  {manifest.kind} {manifest.name}  {manifest.engine}")
    is_proved = proved(manifest, home())
    if arguments.check:
        if not is_proved:
            print(_UNPROVED)
        print("备份完整。The copy is whole.")
        return 0
    if not is_proved:
        print(_UNPROVED)
    aside = put_back(copy, manifest, home(), over=arguments.over)
    print(f"已恢复 · restored: {home()}")
    if aside is not None:
        print(
            f"原有文件在 {aside}，确认无误后请删除。What was there before is in {aside}: remove it once all is well."
        )
    print("请核对密钥 · look at the keys: manage.py keys check")
    return 0


def checked(copy: Path, *, quiet: bool = False) -> Manifest:
    """What a copy is of, every byte of it checked. Raises BackupError."""
    manifest = read(copy)
    with Progress("核对备份 · checking", quiet=quiet) as progress:
        verify(copy, manifest, progress)
    known = [step.number for step in migrations.steps()]
    if manifest.schema not in known:
        raise BackupError(
            "备份来自更新版本的程序，请先安装新版本。\nThe copy is of a newer program: install that first."
        )
    if f"{FOLDER}/{_ABOUT}" not in manifest.files:
        raise BackupError(f"备份中没有 {_ABOUT}。\nThe copy has no {_ABOUT}.")
    return manifest


def put_back(copy: Path, manifest: Manifest, target: Path, *, over: bool = False) -> Path | None:
    """Put a checked copy in force; gives the folder of what was there before, if anything was.

    Everybody is signed out: a session that was ended since the copy was made must not come back with it. The log tells
    from which copy, and where the log ended that was in force.

    Raises BackupError, Stop, InstallationError before anything is changed.
    """
    proved(manifest, target)
    if not is_empty(target) and not over:
        raise Stop(
            f"{target} 中已有数据。要用备份替换它，请先停止看板，再加 --over。\n"
            f"There are data in {target}. To put the copy in their place stop the dashboard, then say --over."
        )
    require_disk(target, sum(size for size, _ in manifest.files.values()), "恢复 · restoring")
    target.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(exclusive(target / "installation.lock"))
            if (target / "store").is_dir():
                held.enter_context(exclusive(target / "store" / "lock"))
        except LockedError as error:
            raise Stop(
                "正在导入或计算，请待其结束。An import or a build is under way: wait for it to end."
            ) from error
        staged = target / _STAGED
        shutil.rmtree(staged, ignore_errors=True)
        try:
            _stage(copy, manifest, staged, target)
            database = _database_of(manifest, staged)
            if database:
                left = _fill_keeping(copy, manifest, address(database), target, over=over)
            else:
                left = _head_of_file(target / PLAN.file)
            aside = _swap(staged, target)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        _tell_log(open_installation(target), copy, manifest, left)
    return aside


def proved(manifest: Manifest, target: Path) -> bool:
    """Whether the secret key that is in ``target`` sealed the manifest; False where that key is not there.

    A key that the copy brings with it proves nothing. Raises BackupError where it is the key and the seal is another.
    """
    try:
        secret = bytes.fromhex((target / _SECRET).read_text("ascii").strip())
    except (OSError, ValueError):
        return False
    if fingerprint(secret) != manifest.secret:
        return False
    if not is_sealed_with(manifest, secret):
        raise BackupError(
            "备份清单不是用本系统密钥写下的，可能被改动过，没有恢复任何内容。\n"
            "The copy's manifest was not sealed with this installation's key: it may have been changed. Nothing was restored."
        )
    return True


# -- the log -----------------------------------------------------------------------------------------


def _tell_log(installation: Installation, copy: Path, manifest: Manifest, left: str) -> None:
    """Sessions end, and the log tells it with what was restored; ``left``: last entry of the log that was in force."""
    about = {"did": "restore", "file": copy.name, "made": manifest.made_at, "left": left}
    with open_log(installation) as log, log.writing() as connection:
        about["sessions"] = sessions.end_of_everybody(connection, "restored")
        audit.append(connection, who_of(operator()), "import", about)


def _head_of_file(path: Path) -> str:
    """N:HASH of the last entry of a SQLite log; "" where there is none that can be read."""
    if not path.is_file():
        return ""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT entry, chain FROM entry ORDER BY entry DESC LIMIT 1").fetchone()
    except sqlite3.Error:  # a damaged log is a reason to restore: the file itself goes aside
        return ""
    return "" if row is None else f"{row[0]}:{row[1]}"


def _keep_log(connection, path: Path) -> str:
    """The log of a database into a csv file, as its rows are; gives N:HASH of its last entry, "" where there is none."""
    if connection.execute(text("SELECT to_regclass('access.entry')")).scalar_one() is None:
        return ""
    rows = connection.execute(
        text("SELECT * FROM access.entry ORDER BY entry").execution_options(stream_results=True)
    )
    last = rows.fetchone()
    if last is None:
        return ""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        told = csv.writer(file)
        told.writerow(rows.keys())
        told.writerow(last)
        for row in rows:
            told.writerow(row)
            last = row
        file.flush()
        os.fsync(file.fileno())
    return f"{last.entry}:{last.chain}"


# -- files -------------------------------------------------------------------------------------------


def _stage(copy: Path, manifest: Manifest, staged: Path, target: Path) -> None:
    """The copy's files beside those that are there, with the key that opens them."""
    copy_listed(copy, manifest, FOLDER, staged)
    # A key of any name in the folder, too.
    named = key_file(target, read_config(staged)).path.resolve()
    if named.is_file() and named.is_relative_to(target.resolve()):
        place = staged / named.relative_to(target.resolve())
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not place.exists():
            shutil.copy2(named, place)
    for path in target.iterdir():
        if path.is_file() and files.is_key(path.name) and not (staged / path.name).exists():
            shutil.copy2(path, staged / path.name)
    try:
        secret = bytes.fromhex((staged / _SECRET).read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise BackupError(
            f"备份中没有密钥。请先把当时的 {_SECRET}（及 identity.key）放入 {target}，再恢复。\n"
            f"The copy has no key: first put its {_SECRET} (and identity.key) into {target}, then restore."
        ) from error
    if fingerprint(secret) != manifest.secret:
        raise BackupError(
            f"{target / _SECRET} 不是这份备份的密钥，没有恢复任何内容。\n"
            f"{target / _SECRET} is not the key of this copy. Nothing was restored."
        )


def _swap(staged: Path, target: Path) -> Path | None:
    """What is there goes aside, what is staged takes its place. A folder without installation.toml holds nothing that
    counts: it goes first and comes last."""
    aside = target / f"before-restore-{datetime.now():%Y%m%d-%H%M%S}"
    kept = {staged.name, "installation.lock", aside.name}
    old = [path for path in target.iterdir() if path.name not in kept]
    old = [path for path in old if not path.name.startswith("before-restore-")]
    for path in [path for path in old if path.is_file() and files.is_key(path.name)]:
        if path.read_bytes() == (staged / path.name).read_bytes():  # the same key needs no second place
            path.unlink()
            old.remove(path)
    if old:
        aside.mkdir(mode=0o700)
        for path in sorted(old, key=lambda path: path.name != _ABOUT):
            path.rename(aside / path.name)
    for path in sorted(staged.iterdir(), key=lambda path: path.name == _ABOUT):
        path.rename(target / path.name)
    return aside if old else None


# -- the database ------------------------------------------------------------------------------------


def _database_of(manifest: Manifest, staged: Path) -> str:
    """Where the copy's rows belong; "": to the files. Raises BackupError where copy and configuration disagree."""
    database = read_config(staged).database
    if manifest.engine == "duckdb" and database:
        raise BackupError(
            "备份是 DuckDB 文件，而配置了 PostgreSQL 数据库。请去掉 JICENG_DATABASE，或用 PostgreSQL 的备份。\n"
            "The copy is of DuckDB files and a PostgreSQL database is configured: unset JICENG_DATABASE, or take a copy of it."
        )
    if manifest.engine == "postgresql" and not database:
        raise BackupError(
            "备份是 PostgreSQL 数据库的，请先设置 JICENG_DATABASE（及 JICENG_DATABASE_OWNER）指向一个空数据库。\n"
            "The copy is of a PostgreSQL database: set JICENG_DATABASE (and JICENG_DATABASE_OWNER) to an empty one."
        )
    return database


def _fill_keeping(copy: Path, manifest: Manifest, url: str, target: Path, *, over: bool) -> str:
    """The same as ``_fill``; the log that was in force stays beside the files unless its rows do."""
    log = target / f"{_LOG}-{datetime.now():%Y%m%d-%H%M%S}.csv"
    try:
        return _fill(copy, manifest, url, log, over=over)
    except BaseException:
        log.unlink(missing_ok=True)
        raise


def _fill(copy: Path, manifest: Manifest, url: str, log: Path, *, over: bool) -> str:
    """The rows of the copy into the database: all of them, or what was there stays.

    The log that was in force goes into the file ``log``; gives N:HASH of its last entry.
    """
    if dump.NAME not in manifest.files:
        raise BackupError(f"备份中没有 {dump.NAME}。\nThe copy has no {dump.NAME}.")
    source, left = copy / dump.NAME, ""
    with owning(url) as (connection, roles):
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
        program = dump.tool("pg_restore", version)
        if not dump.is_readable(program, source):
            raise BackupError(
                f"{source} 无法读取，没有恢复任何内容。\n{source} cannot be read. Nothing was restored."
            )
        _undo_unfinished(connection)
        there = _ours(connection)
        if there and not over and _holds_anything(connection):
            raise Stop(
                "数据库中已有数据。要替换它，请先停止看板，再加 --over。\n"
                "There are data in the database. To put the copy in their place stop the dashboard, then say --over."
            )
        if there:
            left = _keep_log(connection, log)
        for schema in there:
            connection.exec_driver_sql(f"ALTER SCHEMA {schema} RENAME TO {schema}{_ASIDE}")
        migrations.upgrade(connection, manifest.schema)
    owner = None if roles is None else roles.owner
    try:
        dump.restore(program, url, owner, source)
        with owning(url) as (connection, _):
            migrations.upgrade(connection)
            if roles is not None:
                for statement in guard(roles, connection):
                    connection.exec_driver_sql(statement.replace("%", "%%"))
            for schema in there:
                connection.exec_driver_sql(f"DROP SCHEMA {schema}{_ASIDE} CASCADE")
    except BaseException:
        with owning(url) as (connection, _):
            _undo_unfinished(connection)
            if not there:
                for schema in _ours(connection):
                    connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        raise
    return left


def _ours(connection) -> list[str]:
    names = connection.execute(
        text("SELECT nspname FROM pg_namespace WHERE nspname = ANY (:names)"),
        {"names": list(migrations.SCHEMAS)},
    )
    return sorted(names.scalars())


def _holds_anything(connection) -> bool:
    return bool(
        connection.execute(text("SELECT EXISTS (SELECT 1 FROM store.generation)")).scalar_one()
        or connection.execute(text("SELECT EXISTS (SELECT 1 FROM access.account)")).scalar_one()
        or connection.execute(text("SELECT EXISTS (SELECT 1 FROM register.history)")).scalar_one()
    )


def _undo_unfinished(connection) -> None:
    """A restoring that was cut off left what was there aside: it comes back."""
    aside = connection.execute(
        text("SELECT nspname FROM pg_namespace WHERE nspname = ANY (:names)"),
        {"names": [f"{schema}{_ASIDE}" for schema in migrations.SCHEMAS]},
    )
    for name in list(aside.scalars()):
        schema = name.removesuffix(_ASIDE)
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.exec_driver_sql(f"ALTER SCHEMA {name} RENAME TO {schema}")
