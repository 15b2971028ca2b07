"""The demo district: the same arguments give the same bytes, every kind of file, problems where the list says."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from data.demo import DemoSummary, last_month, write_district
from data.demo.kinds import TITLES
from data.intake.id_numbers import check_character
from data.intake.layouts import load_layouts
from data.intake.reading import open_source
from data.intake.sheets import read_sheet

ARGUMENTS = {"residents": 4_000, "until": "2025-12", "seed": 7}


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> DemoSummary:
    return write_district(tmp_path_factory.mktemp("demo") / "sources", **ARGUMENTS)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def source_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def cells(path: Path) -> list[list[str]]:
    """Every row of a file, as text."""
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [[as_text(cell) for cell in row] for row in sheet.iter_rows()]
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "gb18030")
    return list(csv.reader(text.splitlines()))


def planted_in(district: DemoSummary) -> list[dict[str, str]]:
    return list(csv.DictReader(district.planted.read_text(encoding="utf-8").splitlines()))


def as_text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def test_the_same_arguments_give_the_same_bytes(district, tmp_path):
    again = write_district(tmp_path / "again", **ARGUMENTS)
    assert digests(again.folder) == digests(district.folder)


def test_another_seed_gives_other_people(district, tmp_path):
    other = write_district(tmp_path / "other", **{**ARGUMENTS, "residents": 2_000, "seed": 8})
    people = [
        {d for name, d in digests(x.folder).items() if "个人基本信息" in name} for x in (district, other)
    ]
    assert people[0] and people[0].isdisjoint(people[1])


def test_every_kind_of_file_is_written_and_recognised(district):
    layouts = load_layouts()
    recognised, forms = Counter(), Counter()
    for path in source_files(district.folder):
        source = open_source(path)
        for sheet in source.sheets:
            reader = read_sheet(sheet, list(layouts.values()), path.name)
            assert reader.header.unknown == (), path.name
            assert str(reader.made_on(path.name)) == "2026-01-05"
            recognised[reader.header.layout.table] += 1
            forms[path.suffix, reader.header.first] += 1
    assert set(district.rows) == set(TITLES)
    assert recognised.keys() >= {
        layouts[f"plain.{k}"].table for k in ("dose", "encounter", "residence", "team")
    }
    assert {suffix for suffix, _ in forms} == {".csv", ".xlsx"}
    assert {first for _, first in forms} >= {0, 1, 2}, (
        "files without titles, with one, with two lines above the header"
    )


def test_files_come_in_both_encodings(district):
    starts = [path.read_bytes()[:3] for path in source_files(district.folder) if path.suffix == ".csv"]
    assert any(start == b"\xef\xbb\xbf" for start in starts)
    assert any(start != b"\xef\xbb\xbf" for start in starts)


def test_planted_problems_are_where_the_list_says(district):
    planted = planted_in(district)
    assert len(planted) > 200
    assert {row["expected"] for row in planted} == {"reject", "flag", "wait", "merge", "review", "unchanged"}
    files = {path.name: cells(path) for path in source_files(district.folder)}
    for row in planted:
        table = files[row["file"]]
        line = table[int(row["line"]) - 1]
        if row["kind"] == "row_twice":
            assert sum(other[1:] == line[1:] for other in table) >= 2, row
        else:
            header = next(head for head in table[:4] if row["column"] in head)
            assert line[header.index(row["column"])] == row["value"], row


def test_id_numbers_are_valid_and_can_be_no_ones(district):
    path = next(p for p in source_files(district.folder) if "云岭街道" in p.name and "个人基本信息" in p.name)
    head, *people = cells(path)
    damaged = {row["value"] for row in planted_in(district) if row["kind"].startswith("id_")}
    numbers = [row[head.index("身份证号")] for row in people]
    good = [number for number in numbers if number and number not in damaged]
    assert all(n.startswith("990") and check_character(n[:17]) == n[17] for n in good)
    twice = [n for n, times in Counter(good).items() if times > 1]
    assert len(twice) == 4, "only the planted second index numbers share an ID number"


def test_no_number_of_a_row_is_given_twice(district):
    numbers = Counter()
    twice = {(r["file"], int(r["line"])) for r in planted_in(district) if r["kind"] == "row_twice"}
    for path in source_files(district.folder):
        table = cells(path)
        for label in (
            "检查单号",
            "体检编号",
            "随访标识",
            "随访编号",
            "服务编号",
            "服务记录id",
            "处方编号",
            "转诊编号",
        ):
            at = next(((i, row.index(label)) for i, row in enumerate(table[:4]) if label in row), None)
            if at is not None:
                head, column = at
                rows = [
                    row
                    for line, row in enumerate(table[head + 1 :], head + 2)
                    if (path.name, line) not in twice
                ]
                numbers.update((label, row[column]) for row in rows if len(row) > column and row[column])
    assert {key: n for key, n in numbers.items() if n > 1 and not key[1].startswith("共")} == {}


def test_one_station_delivered_nothing_for_two_months(district):
    path = next(p for p in source_files(district.folder) if "青溪镇" in p.name and "诊疗记录表" in p.name)
    head, *visits = cells(path)
    unit, day = head.index("机构编码"), head.index("就诊日期")
    months = {row[day][:7].rstrip("/") for row in visits if row[unit] == "990128002001"}
    assert {"2025/7", "2025/10"} <= months
    assert months.isdisjoint({"2025/8", "2025/9"})


@pytest.mark.parametrize(
    ("wrong", "what"),
    [({"until": "2024-06"}, "whole year"), ({"until": "2025"}, "2025-12"), ({"residents": 10}, "2,000")],
)
def test_arguments_that_make_no_district_are_refused(tmp_path, wrong, what):
    with pytest.raises(ValueError, match=what):
        write_district(tmp_path / "none", **{**ARGUMENTS, **wrong})


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.csv").write_text("1")
    with pytest.raises(FileExistsError, match="empty folder"):
        write_district(tmp_path, **ARGUMENTS)


def test_the_last_month_is_the_one_before_today():
    from datetime import date

    assert last_month(date(2026, 1, 31)) == "2025-12"
    assert last_month(date(2026, 11, 1)) == "2026-10"
