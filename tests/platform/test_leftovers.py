"""What killed processes left of residents: swept when it is old, and never in a copy."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from commands.backup import _tells_password
from data.backup import dump, files
from data.leftovers import sweep

HOUR = 3600


@pytest.mark.parametrize(
    ("name", "hours", "stays"),
    [
        ("received/open-a", 2, False),
        ("received/open-a", 0, True),
        ("upload-1", 25, False),
        ("upload-1", 2, True),
        ("received/kept", 100, True),
    ],
)
def test_what_is_old_goes(tmp_path: Path, name: str, hours: int, stays: bool):
    folder = tmp_path / name
    folder.mkdir(parents=True)
    (folder / "plain.csv").write_text("张三", "utf-8")
    at = time.time() - hours * HOUR
    os.utime(folder, (at, at))
    sweep(tmp_path)
    assert folder.exists() is stays


@pytest.mark.parametrize("keys", [False, True])
def test_a_copy_holds_nothing_plain_and_no_key_by_another_name(tmp_path: Path, keys: bool):
    home = tmp_path / "home"
    for name in (
        "targets.csv",
        "keys/names",
        "keys/secret.key.old",
        "identity.key.bak",
        "first-password.txt",
        "received/ab.csv.sealed",
        "received/open-x/plain.csv",
        "evidence/upload-2/left.csv",
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("x", "utf-8")
    files.copy(home, tmp_path / "copy", key_file=home / "keys" / "names", keys=keys, store=False)
    found = {path.relative_to(tmp_path / "copy").as_posix() for path in files.files_of(tmp_path / "copy")}
    own = {"keys/names", "keys/secret.key.old", "identity.key.bak"} if keys else set()
    assert found == {"targets.csv", "received/ab.csv.sealed"} | own


@pytest.mark.parametrize(
    ("database", "told"),
    [
        ("postgresql://a:b@h/d", True),
        ("postgresql://a@h/d?password=b", True),
        ("postgresql://a@h/d", False),
        ("", False),
    ],
)
def test_a_password_in_the_configuration_is_told(tmp_path: Path, database: str, told: bool):
    path = tmp_path / "config.toml"
    path.write_text(f'database = "{database}"\n', "utf-8")
    assert _tells_password(path) is told


@pytest.mark.parametrize(
    "url", ["postgresql://a:s3cret@h/d", "postgresql://a@h/d?password=s3cret&sslmode=require"]
)
def test_no_password_is_seen_in_the_list_of_processes(tmp_path: Path, monkeypatch, url: str):
    told = []

    def run(words, *, env, **_):
        told.append((words, env.get("PGPASSWORD")))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(dump.subprocess, "run", run)
    dump.dump("pg_dump", url, None, tmp_path / "d")
    [(words, password)] = told
    assert password == "s3cret"
    assert "s3cret" not in " ".join(map(str, words))
    assert ("sslmode=require" in " ".join(map(str, words))) is ("sslmode" in url)
