"""The command line: what may be said, and what is answered to what may not."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import manage
from commands.environment import PYTHON_VARIABLE, ROOT


def say(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` with this Python as its environment."""
    ours = {PYTHON_VARIABLE: sys.executable, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env={**os.environ, **ours, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("name", manage.COMMANDS)
def test_every_command_has_a_body(name: str):
    module, _, function = manage.COMMANDS[name][0].partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    assert function in (name, "main", "import_files", "map_code")


def test_every_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    missing = [name for name in manage.COMMANDS if f"manage.py {name}" not in readme]
    assert not missing, "the README lists every command"


def test_help_needs_no_environment():
    done = say("--help", JICENG_PYTHON="no-such-python")
    assert done.returncode == 0
    assert "演示" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "command"),
        (["frobnicate"], "frobnicate"),
        (["run", "--until", "2025-13"], "YYYY-MM"),
        (["run", "--until", "202512"], "YYYY-MM"),
        (["run", "--port", "0"], "1 to 65535"),
        (["run", "--residents", "12"], "at least 2000"),
        (["run", "--frobnicate"], "unknown arguments: --frobnicate"),
        (["import"], "files"),
    ],
)
def test_a_mistake_is_told(words: list[str], said: str):
    done = say(*words)
    assert done.returncode == 2
    assert said in done.stderr


def test_tests_and_bench_get_the_rest_as_it_stands():
    parsed = manage._parse(["test", "-k", "one or two", "--long", "tests/platform", "--tb", "short"])
    assert parsed.long
    assert parsed.rest == ["-k", "one or two", "tests/platform", "--tb", "short"]


def test_a_python_too_old_names_a_newer_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == "python3.12" else None)
    assert manage.main(["run", "--port", "9000"]) == 1
    error = capsys.readouterr().err
    assert "Python 3.8 is too old" in error
    assert error.rstrip().endswith("python3.12 manage.py run --port 9000")


def test_a_python_too_old_and_alone_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert manage.main(["run"]) == 1
    assert "Install Python 3.11 or newer first" in capsys.readouterr().err


def test_a_wrong_configuration_is_told_without_a_traceback(tmp_path: Path):
    home = tmp_path / "数 据"
    home.mkdir()
    (home / "config.toml").write_text("prot = 1", "utf-8")
    done = say("init", JICENG_HOME=str(home))
    assert done.returncode == 1
    assert "did you mean port?" in done.stderr
    assert "Traceback" not in done.stderr


def test_init_makes_an_empty_installation_once(tmp_path: Path):
    home = tmp_path / "own"
    first = say("init", "--name", "青禾区卫生健康局", JICENG_HOME=str(home))
    assert first.returncode == 0, first.stderr
    assert re.search(r"manage\.py import", first.stdout)
    second = say("init", JICENG_HOME=str(home))
    assert second.returncode == 1
    assert "already holds an installation (own)" in second.stderr


def test_a_demo_is_not_made_over_own_data(tmp_path: Path):
    home = tmp_path / "own"
    assert say("init", JICENG_HOME=str(home)).returncode == 0
    done = say("demo", "--residents", "2000", JICENG_HOME=str(home))
    assert done.returncode == 1
    assert "already holds an installation (own)" in done.stderr
    assert not (home / "sources").exists()


def test_own_files_are_not_imported_into_a_demo(tmp_path: Path):
    from data.installation import make_installation

    made = make_installation(tmp_path / "demo", kind="demo")
    file = tmp_path / "mine.csv"
    file.write_text("a,b\n1,2\n", "utf-8")
    done = say("import", str(file), JICENG_HOME=str(made.folder))
    assert done.returncode == 1
    assert "demo and real records never share a store" in done.stderr
    assert "init" in done.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    home = tmp_path / "own"
    assert say("init", JICENG_HOME=str(home)).returncode == 0
    done = say("import", str(tmp_path / "none.csv"), JICENG_HOME=str(home))
    assert done.returncode == 1
    assert "none.csv" in done.stderr


def test_a_database_out_of_reach_is_told_without_a_traceback(tmp_path: Path):
    done = say(
        "init",
        JICENG_HOME=str(tmp_path / "own"),
        JICENG_DATABASE="postgresql://someone:hidden@127.0.0.1:1/none",
    )
    assert done.returncode == 1
    assert "JICENG_DATABASE" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr


def test_a_database_that_holds_data_gets_no_second_installation(tmp_path: Path, postgres_database: str):
    from dataclasses import replace

    from data.installation import exists, make_installation
    from data.store import open_store

    first = make_installation(tmp_path / "first", kind="own")
    store = open_store(replace(first, config=replace(first.config, database=postgres_database)))
    with store.change("records"):
        pass
    store.close()
    done = say("demo", JICENG_HOME=str(tmp_path / "second"), JICENG_DATABASE=postgres_database)
    assert done.returncode == 1
    assert "Name an empty database" in done.stderr
    assert not exists(tmp_path / "second")
