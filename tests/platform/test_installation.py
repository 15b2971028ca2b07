"""The installation folder: made once, in an empty place, whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from data import installation as module
from data.config import ConfigError
from data.installation import (
    HOME_VARIABLE,
    InstallationError,
    exists,
    home,
    is_empty,
    make_installation,
    open_installation,
    require_disk,
)
from data.lock import LockedError, exclusive
from data.store import open_store


def test_made_and_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "数据 folder"
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    assert not exists()
    made = make_installation(kind="demo", name='区"局\\', arguments={"residents": 3000, "until": "2025-12"})
    again = open_installation()
    assert again == made
    assert home() == made.folder == folder
    assert (again.kind, again.is_demo, again.name) == ("demo", True, '区"局\\')
    assert again.arguments == {"residents": 3000, "until": "2025-12"}


def test_two_installations_differ_in_key_and_id(tmp_path: Path):
    one = make_installation(tmp_path / "one", kind="own")
    two = make_installation(tmp_path / "two", kind="own")
    assert one.id != two.id
    assert one.secret() != two.secret()
    assert len(one.secret()) == 32


def test_the_key_is_its_owners_only(tmp_path: Path):
    made = make_installation(tmp_path / "one", kind="own")
    mode = stat.S_IMODE((made.folder / "secret.key").stat().st_mode)
    assert mode == 0o600 or os.name != "posix"  # Windows has no such modes: the folder's rights decide


def test_the_folder_and_its_store_are_their_owners_only(tmp_path: Path):
    folder = tmp_path / "one"
    folder.mkdir(mode=0o755)
    store = open_store(make_installation(folder, kind="own"))
    before = os.umask(0o022)
    try:
        for _ in range(2):  # made, then copied
            with store.change("records"):
                pass
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "store").stat().st_mode) == 0o700
    files = sorted((folder / "store").glob("*.duckdb"))
    assert files and {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    files[-1].chmod(0o644)  # as older versions left them
    with store.records():
        assert stat.S_IMODE(files[-1].stat().st_mode) == 0o600
    store.close()


def test_a_lost_key_is_told(tmp_path: Path):
    made = make_installation(tmp_path / "one", kind="own")
    (made.folder / "secret.key").unlink()
    with pytest.raises(InstallationError, match="restore it from a backup"):
        made.secret()


@pytest.mark.parametrize("first", ["own", "demo"])
@pytest.mark.parametrize("second", ["own", "demo"])
def test_nothing_is_made_over_an_installation(tmp_path: Path, first: str, second: str):
    made = make_installation(tmp_path / "here", kind=first)
    with pytest.raises(InstallationError, match=f"already holds an installation.*{first}"):
        make_installation(tmp_path / "here", kind=second)
    assert open_installation(tmp_path / "here") == made


def test_nothing_is_made_among_other_files(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InstallationError, match="is not empty"):
        make_installation(tmp_path, kind="demo")
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "installation.lock"] == ["letter.txt"]


def test_a_folder_without_its_description_is_not_taken_for_empty(tmp_path: Path):
    made = make_installation(tmp_path / "here", kind="own")
    (made.folder / "store").mkdir()
    (made.folder / "installation.toml").unlink()
    assert not is_empty(made.folder)


def test_an_interrupted_making_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_write_about", killed)
        with pytest.raises(KeyboardInterrupt):
            make_installation(tmp_path / "here", kind="own")
    assert not exists(tmp_path / "here")
    assert make_installation(tmp_path / "here", kind="demo").is_demo


def test_a_wrong_configuration_stops_before_anything_is_made(tmp_path: Path):
    (tmp_path / "config.toml").write_text("prot = 1", "utf-8")
    with pytest.raises(ConfigError, match="prot"):
        make_installation(tmp_path, kind="own")
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]


def test_no_installation_says_what_to_do(tmp_path: Path):
    with pytest.raises(InstallationError, match=r"manage\.py init"):
        open_installation(tmp_path / "none")


def test_a_password_stays_out_of_the_repr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JICENG_DATABASE", "postgresql://user:hidden@host/a")
    assert "hidden" not in repr(make_installation(tmp_path / "here", kind="own"))


def test_a_full_disk_is_told_before_work_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**12, 10**12, 2**30))
    require_disk(tmp_path / "not" / "yet" / "there", 2**30, "the demo")
    with pytest.raises(InstallationError, match=r"the demo needs 2\.0 GB.*has 1\.0 GB"):
        require_disk(tmp_path / "not" / "yet" / "there", 2**31, "the demo")


# -- the lock ---------------------------------------------------------------------------------------------


def test_a_lock_is_held_once(tmp_path: Path):
    with exclusive(tmp_path / "lock"), pytest.raises(LockedError), exclusive(tmp_path / "lock"):
        pass
    with exclusive(tmp_path / "lock"):
        pass


def test_a_killed_process_holds_nothing(tmp_path: Path):
    code = (
        "import sys, pathlib; from data.lock import exclusive\n"
        "with exclusive(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    root = Path(module.__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "lock")],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline().strip() == b"held"
        with pytest.raises(LockedError), exclusive(tmp_path / "lock"):
            pass
        process.kill()
        process.wait()
        with exclusive(tmp_path / "lock"):
            pass
