"""The PostgreSQL database, by its own tools: rows only, for the tables are made by migrations."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from data.backup.manifest import BackupError
from data.migrations import SCHEMAS, VERSION_SCHEMA, VERSION_TABLE

NAME = "database.dump"
_TOLD = 800  # characters of what a tool says


def tool(name: str, server: int) -> str:
    """Where a tool is that fits a server's major version. Raises BackupError."""
    path = shutil.which(name)
    if path is None:
        raise BackupError(
            f"没有找到 {name}。请安装 PostgreSQL {server} 的客户端工具，并加入 PATH。\n"
            f"{name} was not found: install the client tools of PostgreSQL {server} and put them on the PATH."
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    if found is None or int(found[1]) < server:
        raise BackupError(
            f"{path} 的版本（{said.strip()}）低于数据库服务器（{server}），不能使用。请安装 {server} 或更新的客户端工具。\n"
            f"{path} ({said.strip()}) is older than the server ({server}): install client tools of {server} or newer."
        )
    return path


def dump(program: str, url: str, owner: str | None, target: Path) -> None:
    """All rows of our tables at one moment. Raises BackupError."""
    schemas = [f"--schema={schema}" for schema in SCHEMAS]
    without = f"--exclude-table={VERSION_SCHEMA}.{VERSION_TABLE}"
    words = ["--format=custom", "--data-only", "--no-owner", *schemas, without, f"--file={target}"]
    _run(program, url, owner, words)


def restore(program: str, url: str, owner: str | None, source: Path) -> None:
    """Put them into tables that are empty: all of them, or none. Raises BackupError."""
    _run(
        program, url, owner, ["--data-only", "--no-owner", "--single-transaction", "--exit-on-error"], source
    )


def is_readable(program: str, source: Path) -> bool:
    """Whether the tool understands a dump."""
    return subprocess.run([program, "--list", source], capture_output=True, check=False).returncode == 0


def _run(program: str, url: str, owner: str | None, words: list[str], *files: Path) -> None:
    place = make_url(url)
    # A password would be seen in the list of processes.
    environment = dict(os.environ)
    password = place.password or place.query.get("password")
    if password:
        environment["PGPASSWORD"] = password if isinstance(password, str) else password[-1]
    place = place.difference_update_query(["password"]).set(drivername="postgresql")
    plain = place._replace(password=None).render_as_string(hide_password=False)  # set() leaves it for None
    acting = [] if owner is None else [f"--role={owner}"]
    done = subprocess.run(
        [program, *words, *acting, "--no-password", f"--dbname={plain}", *map(str, files)],
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BackupError(
            f"{Path(program).name} 没有完成。\n{Path(program).name} did not finish.\n\n{done.stderr.strip()[-_TOLD:]}"
        )
