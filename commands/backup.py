"""``backup``: everything of an installation, of one moment, while it is worked with."""

from __future__ import annotations

import argparse
import os
import shutil
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from commands.environment import Stop
from commands.logged import open_log, operator
from commands.owner import address, owning
from commands.progress import Progress
from data import migrations
from data.backup import dump, files
from data.backup.manifest import Manifest, digest, fingerprint, keyed_seal, write
from data.installation import Installation, open_installation
from data.leftovers import sweep
from metrics.logbook import note

FOLDER = "installation"  # within a copy


def main(arguments: argparse.Namespace) -> int:
    made = back_up(open_installation(), Path(arguments.folder), keys=arguments.with_key)
    size = sum(path.stat().st_size for path in files.files_of(made))
    print(f"{made}  {size / 2**20:,.1f} MB")
    if _tells_password(made / FOLDER / "config.toml"):
        print(
            "注意：备份中的 config.toml 写有数据库密码。请改用环境变量 JICENG_DATABASE，或锁好备份。\n"
            "Mind: config.toml, and so the copy, holds the database's password. Say it in JICENG_DATABASE instead, or lock "
            "the copy away."
        )
    if arguments.with_key:
        print("备份中含有密钥，请锁好保管。The copy holds the keys: lock it away.")
    else:
        print(
            "备份中没有密钥（*.key*、*.secret* 及 identity_key 所指文件）。请另行保管一份：没有密钥，姓名无法读取，人员无法匹配。\n"
            "The copy holds no keys (*.key*, *.secret*, the file of identity_key). Keep a copy of them apart: without them names cannot be read and "
            "persons cannot be matched."
        )
    return 0


def back_up(installation: Installation, place: Path, *, keys: bool = False, quiet: bool = False) -> Path:
    """A new folder in ``place`` with the copy. Raises BackupError, OSError; what was begun is taken away again then."""
    now = datetime.now(UTC)
    name = f"jiceng-{now:%Y%m%d-%H%M%S}"
    part, target = place / f"{name}.part", place / name
    if target.exists() or part.exists():
        raise Stop(f"{target} 已存在。{target} is there already.")
    part.mkdir(parents=True, mode=0o700)
    try:
        with open_log(installation) as log:  # before: nothing is taken away that the log does not know
            note(log, operator(), "export", {"did": "backup", "file": name})
        on_server = bool(installation.database)
        with Progress("备份 · backing up", quiet=quiet):
            sweep(installation.folder)
            files.copy(
                installation.folder,
                part / FOLDER,
                key_file=installation.identity_key.path,
                keys=keys,
                store=not on_server,
            )
            if on_server:
                _dump(installation, part / dump.NAME)
            _seal(installation, part, now, keys=keys)
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target


def _tells_password(config: Path) -> bool:
    """Whether a config.toml names the database with its password."""
    if not config.is_file():
        return False
    database = tomllib.loads(config.read_text("utf-8")).get("database", "")
    if not database:
        return False
    url = make_url(database)
    return bool(url.password or url.query.get("password"))


def _dump(installation: Installation, target: Path) -> None:
    url = address(installation.database)
    with owning(url) as (connection, roles):
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
        if migrations.state_of(connection) != migrations.HEAD:
            raise Stop(
                "数据库与程序版本不一致，请用与数据库同版本的程序备份。\n"
                "The database is not of this version: make the backup with the program that it is of."
            )
    dump.dump(dump.tool("pg_dump", version), url, None if roles is None else roles.owner, target)
    target.chmod(0o600)


def _seal(installation: Installation, folder: Path, now: datetime, *, keys: bool) -> None:
    """The manifest, over files that are on the disk."""
    found = {}
    for path in files.files_of(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
        found[path.relative_to(folder).as_posix()] = digest(path)
    secret = installation.secret()
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        installation=installation.id,
        kind=installation.kind,
        name=installation.name,
        engine="postgresql" if installation.database else "duckdb",
        schema=migrations.steps()[-1].number,
        with_keys=keys,
        secret=fingerprint(secret),
        files=found,
    )
    write(folder, replace(manifest, seal=keyed_seal(manifest, secret)))
