"""``manage.py ground``: what it says of a folder, and its exit code."""

from __future__ import annotations

import argparse
import shutil

import pytest

from commands.ground import ground
from data.demo.ground import write_ground
from data.geometry.folder import FOLDER
from data.installation import HOME_VARIABLE, make_installation
from data.messages import message


@pytest.fixture
def own(tmp_path, monkeypatch):
    made = make_installation(tmp_path / "own", kind="own")
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    return made.folder / FOLDER


def say(capsys, language: str = "zh") -> tuple[int, str]:
    code = ground(argparse.Namespace(language=language))
    return code, capsys.readouterr().out


def test_without_files_it_says_where_they_go(own, capsys):
    code, said = say(capsys)
    assert code == 0
    assert str(own) in said and "docs/geometry.md" in said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_mistake_is_told_in_words(own, capsys, language):
    """The demo's planted ones, with file, feature and what to do; 1, for a grid is not used."""
    planted = write_ground(own)
    code, said = say(capsys, language)
    assert code == 1
    for one in planted:
        line = next(line for line in said.splitlines() if f"{one.file} #{one.feature} " in f"{line.strip()} ")
        assert all(part in line for part in message(one.rule, language))
    assert "villages.geojson" in said and "manage.py build" in said


def test_accounts_say_what_became_of_every_feature(own, capsys):
    write_ground(own)
    _, said = say(capsys, "en")
    assert (
        "Villages and communities: 115 = 114 采用 · used + 1 有提示 · with a remark + 0 未采用 · refused"
        in said
    )


def test_good_files_are_no_mistake(own, capsys, tmp_path):
    write_ground(tmp_path / "whole")
    own.mkdir()
    for name in ("boundaries", "roads"):
        shutil.copy(tmp_path / "whole" / f"{name}.geojson", own)
    code, said = say(capsys)
    assert code == 0 and "Nothing is wrong" in said


def test_what_is_not_read_fails(own, capsys):
    own.mkdir()
    (own / "villages.shp").write_bytes(b"\0\0")
    code, said = say(capsys)
    assert code == 1 and message("geometry_file_unknown", "zh")[0] in said


def test_units_are_held_against_the_ground(use_demo, capsys):
    code, said = say(capsys)
    assert code == 1
    assert "villages.geojson" in said
