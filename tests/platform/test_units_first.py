"""Importing the list of units first, as everybody must: it ends well, and nothing is computed yet."""

from __future__ import annotations

import argparse

from commands import intake
from data.installation import HOME_VARIABLE, make_installation
from data.store import open_store


def test_units_alone_end_well(tmp_path, monkeypatch, capsys):
    made = make_installation(tmp_path / "own", kind="own")
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    units = tmp_path / "units.csv"
    units.write_text(
        "机构编码,机构名称,机构类别,上级机构编码\nB0,卫生健康局,bureau,\nC1,第一中心,centre,B0\n", "utf-8"
    )
    assert intake.import_files(argparse.Namespace(files=[str(units)], snapshot=False)) == 0
    assert "Nothing to compute yet" in capsys.readouterr().out
    assert open_store(made).generation() == 1
