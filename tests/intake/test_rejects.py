"""The original comes back with the reasons beside the rows, can be corrected, and cannot act."""

from __future__ import annotations

import csv
import io

import pytest

from data.intake import rejects
from data.intake.reading import open_source
from data.intake.rejects import returned_file
from tests.intake.helpers import FOLLOWUPS

pytestmark = pytest.mark.parametrize("engine_name", ["duckdb"])

BAD = FOLLOWUPS.replace("2025-02-10", "2月10日").replace("V3, E2", "V3, =1+1")


def returned(district, tmp_path, language="zh"):
    district.masters()
    report = district.load(
        district.file("高血压随访_20250301.csv", "高血压随访登记表,,,,,\n" + BAD.strip(), "gb18030")
    )
    return report, returned_file(district.store, district.installation, report.files[0].file, language)


def test_reasons_stand_beside_the_rows(district, tmp_path):
    _, back = returned(district, tmp_path)
    assert back.name == "高血压随访_20250301_退回.xlsx"
    path = tmp_path / back.name
    path.write_bytes(back.content)
    rows = [cells for _, cells in open_source(path).sheets[0].rows]
    assert [row[:2] for row in rows] == [
        ["", ""],
        ["退回原因", "处理办法"],
        ["", ""],
        ["随访日期「2月10日」：日期缺少年份", "请写成 2025-03-05 的形式"],
        ["", ""],
    ]
    assert rows[0][2] == "高血压随访登记表"
    assert rows[3][2:5] == ["V2", "E1", "2月10日"]


def test_in_english(district, tmp_path):
    _, back = returned(district, tmp_path, "en")
    path = tmp_path / "back.xlsx"
    path.write_bytes(back.content)
    rows = [cells for _, cells in open_source(path).sheets[0].rows]
    assert rows[1][:2] == ["Reason", "What to do"]
    assert rows[3][0] == "随访日期 '2月10日': The date has no year."


def test_a_corrected_return_is_imported_without_a_question(district, tmp_path):
    report, back = returned(district, tmp_path)
    assert report.files[0].rejected == 1
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(back.content))
    cell = next(cell for row in book.active for cell in row if cell.value == "2月10日")
    cell.value = "2025-02-10"
    path = tmp_path / "高血压随访_20250301_更正.xlsx"
    book.save(path)
    again = district.load(path).files[0]
    assert (again.account.new, again.account.unchanged, again.rejected, again.unknown) == (1, 2, 0, ())


def test_a_large_file_comes_back_as_csv_that_cannot_act(district, tmp_path, monkeypatch):
    monkeypatch.setattr(rejects, "_XLSX_ROWS", 1)
    _, back = returned(district, tmp_path)
    assert back.name.endswith(".csv")
    rows = list(csv.reader(io.StringIO(back.content.decode("utf-8-sig"))))
    assert rows[4][3] == "'=1+1"


def test_without_the_original_the_findings_are_listed(district, tmp_path):
    report, _ = returned(district, tmp_path)
    for path in (district.installation.folder / "received").iterdir():
        path.unlink()
    back = returned_file(district.store, district.installation, report.files[0].file)
    path = tmp_path / "back.xlsx"
    path.write_bytes(back.content)
    rows = [cells for _, cells in open_source(path).sheets[0].rows]
    assert rows[1][:6] == ["日期缺少年份", "请写成 2025-03-05 的形式", "", "4", "随访日期", "2月10日"]
