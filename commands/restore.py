"""``restore``: put a copy in force, after every byte of it was checked."""

from __future__ import annotations

import argparse
import shutil
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from commands.backup import FOLDER
from commands.environment import Stop
from commands.logged import open_log, operator
from commands.owner import address, owning
from commands.progress import Progress
from data import migrations
from data.backup import dump, files
from data.backup.manifest import BackupError, Manifest, fingerprint, read, verify
from data.config import read_config
from data.installation import home, is_empty, open_installation, require_disk
from data.lock import LockedError, exclusive
from data.postgres.guarding import guard
from metrics.logbook import note

_ABOUT = "installation.toml"
_SECRET = "secret.key"
_STAGED = "restore.part"
_ASIDE = "_before_restore"  # after the name of a schema


def main(arguments: argparse.Namespace) -> int:
    copy = Path(arguments.folder)
    manifest = checked(copy)
    print(f"{manifest.made_at}  {manifest.kind} {manifest.name}  {manifest.engine}")
    if arguments.check:
        print("备份完整。The copy is whole.")
        return 0
    aside = put_back(copy, manifest, home(), over=arguments.over)
    with open_log(open_installation()) as log:
        note(log, operator(), "import", {"did": "restore", "file": copy.name})
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

    Raises BackupError, Stop, InstallationError before anything is changed.
    """
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
                _fill(copy, manifest, address(database), over=over)
            return _swap(staged, target)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


# -- files -------------------------------------------------------------------------------------------


def _stage(copy: Path, manifest: Manifest, staged: Path, target: Path) -> None:
    """The copy's files beside those that are there, with the key that opens them."""
    shutil.copytree(copy / FOLDER, staged)
    for path in files.files_of(staged):
        path.chmod(0o600)
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
    for path in [path for path in old if files.is_key(path.name)]:
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


def _fill(copy: Path, manifest: Manifest, url: str, *, over: bool) -> None:
    """The rows of the copy into the database: all of them, or what was there stays."""
    source = copy / dump.NAME
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
