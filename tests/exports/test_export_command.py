"""``manage.py export``: every kind of file, and clear words where something cannot be had."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

import manage
from commands.environment import Stop
from commands.export import figure_table, main
from data.installation import HOME_VARIABLE, make_installation, open_installation
from data.store import open_store
from metrics.cards import CARDS
from metrics.published import figure, unit
from tests.exports.desk import Material
from tests.exports.material import DECEMBER, published

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo with the register of the papers."""
    place = tmp_path / "home"
    shutil.copytree(
        material.demo.folder, place, ignore=shutil.ignore_patterns("received", "sources", "*.lock")
    )
    shutil.copy(material.register_file, place)
    monkeypatch.setenv(HOME_VARIABLE, str(place))
    return place


def export(*words: object) -> int:
    return main(manage.parser().parse_args(["export", *map(str, words)]))


def test_each_kind_of_file(home, tmp_path, material, capsys):
    """What a file is its first bytes say."""
    for name, words, start in (
        ("a.pptx", (), b"PK"),
        ("a.xlsx", ("--unit", "--month", "2025-11"), b"PK"),
        ("b.docx", ("--scorecard", "--unit", "--language", "en"), b"PK"),
        ("c.docx", ("--round", material.rounds[0]), b"PK"),
        ("d.docx", ("--finding", material.found[0]), b"PK"),
        ("a.png", ("--indicator", "htn_control_rate", "--chart", "units"), b"\x89PNG"),
        ("a.svg", ("--indicator", "htn_control_rate", "--language", "en"), b"<?xml"),
        ("map.png", ("--map", "beyond"), b"\x89PNG"),
        ("cells.xlsx", ("--what", "cells"), b"PK"),
        ("cells.geojson", (), b'{"type":"FeatureCollection"'),
        ("proposal.xlsx", ("--what", "proposal", "--new", 1), b"PK"),
        ("proposal.geojson", ("--what", "proposal", "--new", 1, "--goal", "distance"), b'{"type":"Fea'),
    ):
        code = centre_code(home)
        told = [word for one in words for word in ((one, code) if one == "--unit" else (one,))]
        assert export(tmp_path / name, *told) == 0
        assert (tmp_path / name).read_bytes().startswith(start)
        assert name in capsys.readouterr().out


def centre_code(home: Path) -> str:
    with published(open_installation(home)) as connection:
        return connection.execute(
            select(unit.c.code).where(unit.c.kind == "centre").order_by(unit.c.unit)
        ).scalar()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["a.txt"], ".csv .pptx .docx .xlsx .png .svg .geojson"),
        (["a.png", "--map", "nothing"], "beyond_65"),
        (["a.geojson", "--what", "proposal", "--new", "99"], "1 to 10"),
        (["a.pptx", "--month", "2019-01"], "No figures of 2019-01"),
        (["a.csv", "--month", "2019-01"], "No figures of 2019-01"),
        (["a.pptx", "--unit", "nobody"], "no unit with the code nobody"),
        (["a.docx", "--round", "99"], "no published round 99"),
        (["a.docx", "--round", "3"], "no published round 3"),  # a draft
        (["a.docx", "--finding", "99"], "no finding 99"),
        (["a.docx", "--finding", "1", "--scorecard"], "Say one of"),
        (["a.png"], "needs --indicator"),
        (["a.png", "--indicator", "what"], "needs --indicator"),
        (["no/folder/a.csv"], "There is no folder"),
    ],
)
def test_what_cannot_be_had_is_said(home, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Stop) as caught:
        export(*words)
    assert told in str(caught.value)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in str(caught.value))
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.parametrize("month", ["2026-13", "abc", "2026-1", "2026"])
def test_what_is_no_month_is_refused(month, capsys):
    with pytest.raises(SystemExit) as caught:
        export("a.csv", "--month", month)
    assert caught.value.code == 2
    assert "YYYY-MM" in capsys.readouterr().err


def test_a_file_that_cannot_be_written(home, tmp_path):
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(Stop) as caught:
        export(tmp_path / "a.svg", "--indicator", "htn_control_rate")
    assert "Cannot write" in str(caught.value)


def test_without_figures(tmp_path, monkeypatch):
    made = make_installation(tmp_path / "home", kind="own")
    open_store(made).close()
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    with pytest.raises(Stop) as caught:
        export(tmp_path / "a.csv")
    assert "no figures yet" in str(caught.value)


def test_help_is_in_both_languages(capsys):
    with pytest.raises(SystemExit):
        export("--help")
    told = " ".join(capsys.readouterr().out.split())
    for word in (
        "--round",
        "--scorecard",
        "--finding",
        "--indicator",
        "--chart",
        "--unit",
        "--month",
        "--language",
    ):
        assert word in told
    for word in ("通报", "circular", "评分卡", "整改通知书", "notice", "工作簿", "workbook"):
        assert word in told


def test_csv_is_in_yuan_and_per_cent(demo):
    """Money is published in fen, shares as parts of one: beside each number stands what it is in."""
    with published(demo) as connection:
        found = figure_table(connection, "zh", DECEMBER)
        raw = {
            (row.indicator, row.code, row.basis, row.stratum): row
            for row in connection.execute(
                select(figure, unit.c.code)
                .join(unit, unit.c.unit == figure.c.unit)
                .where(figure.c.month == DECEMBER)
            )
        }
    assert len(found) == sum(key[0] in CARDS for key in raw)
    checked = {"%": 0, "元": 0, "小时": 0}
    for row in found.itertuples():
        origin = raw[row.indicator, row.unit_code, row.basis, row.stratum]
        if row.counted_in not in checked or origin.value is None or origin.numerator is None:
            continue
        checked[row.counted_in] += 1
        many = {"%": 1, "元": 100, "小时": 10}[row.counted_in]
        if row.counted_in == "%":
            assert row.value == pytest.approx(origin.value * 100, abs=1e-4)
            assert row.numerator == origin.numerator / (
                100 if row.parts_in == "元" else 10 if row.parts_in else 1
            )
        else:
            assert row.value == pytest.approx(origin.value, abs=1e-4)
            assert row.numerator == pytest.approx(origin.numerator / many)
            assert row.parts_in == row.counted_in
    assert min(checked.values()) > 0


def test_csv_of_one_unit_and_month(home, tmp_path):
    code = centre_code(home)
    assert export(tmp_path / "a.csv", "--unit", code, "--month", "2025-12", "--language", "en") == 0
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    body, _, notes = content.decode("utf-8-sig").partition("\r\n\r\n")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert {(row["unit_code"], row["month"]) for row in rows} == {(code, "2025-12")}
    assert not [row for row in rows if row["denominator"].endswith(".0") and row["parts_in"] == ""]
    assert "Data up to 2025-12-31" in notes and "Made by the user of this machine" in notes


def test_who_reads_only_the_beginning_sees_no_traceback():
    """The reader goes away before the first line is written."""
    command = [sys.executable, str(ROOT / "manage.py"), "catalogue"]
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            command,
            stdout=write,
            stderr=subprocess.PIPE,
            env=dict(os.environ, JICENG_PYTHON=sys.executable),
            check=False,
        )
    finally:
        os.close(write)
    assert done.stderr.decode("utf-8").strip() == ""
    assert done.returncode == 0
