"""Files as systems hand them out: encodings, workbooks, pages that call themselves xls, titles and footers."""

from __future__ import annotations

import codecs
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from data.intake.encodings import find_encoding
from data.intake.findings import UnreadableError
from data.intake.layouts import load_layouts
from data.intake.reading import open_source
from data.intake.sheets import find_day, read_sheet

LAYOUTS = list(load_layouts().values())
HEAD = ["随访标识", "EMPIID", "随访日期", "随访机构", "收缩压(mmHg)", "舒张压(mmHg)"]
ROW = ["V1", "E1", "2025-01-10", "S1", "150", "95"]


def rows_of(path, sheet=0):
    reader = read_sheet(open_source(path).sheets[sheet], LAYOUTS, path.name)
    chunks = list(reader.chunks(1000))
    return reader, [
        [chunk.columns[place][row].as_py() for place in sorted(chunk.columns)]
        for chunk in chunks
        for row in range(len(chunk.lines))
    ]


@pytest.mark.parametrize(
    ("mark", "encoding", "found"),
    [
        (b"", "utf-8", "utf-8"),
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (b"", "gb18030", "gb18030"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    ],
)
def test_encodings(tmp_path, mark, encoding, found):
    path = tmp_path / "高血压随访.csv"
    path.write_bytes(mark + "\n".join([",".join(HEAD), ",".join(ROW), ""]).encode(encoding))
    assert open_source(path).encoding == found
    assert rows_of(path)[1] == [ROW]


def test_no_character_is_dropped(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("机构,".encode("gb18030") + b"\xff\xff")
    with pytest.raises(UnreadableError, match="file_encoding"):
        find_encoding(path)


def test_rare_characters_of_gb18030(tmp_path):
    path = tmp_path / "高血压随访.csv"
    path.write_bytes(
        "\n".join([",".join(HEAD), ",".join([*ROW[:3], "𠮷镇站", *ROW[4:]]), ""]).encode("gb18030")
    )
    assert rows_of(path)[1][0][3] == "𠮷镇站"


def test_a_text_that_calls_itself_xls(tmp_path):
    path = tmp_path / "高血压随访.xls"
    path.write_bytes("\n".join(["\t".join(HEAD), "\t".join(ROW), ""]).encode("gb18030"))
    assert rows_of(path)[1] == [ROW]


def test_a_page_that_calls_itself_xls(tmp_path):
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in (HEAD, ROW))
    path = tmp_path / "高血压随访.xls"
    title = "<tr><td colspan=6>高血压随访登记表</td></tr>"
    path.write_text(f"<html><meta charset=utf-8><table>{title}{cells}</table></html>", "utf-8")
    reader, rows = rows_of(path)
    assert rows == [ROW]
    assert reader.titles == ["高血压随访登记表"]


def test_a_workbook_with_titles_two_header_lines_units_and_footers(tmp_path):
    path = tmp_path / "导出.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某县高血压随访登记表"])
    sheet.merge_cells("A1:F1")
    sheet.append(["导出日期：2025年4月5日"])
    sheet.append([*HEAD[:4], "血压", None])
    sheet.append([None, None, None, None, "收缩压", "舒张压"])
    sheet.append([None, None, None, None, "mmHg", "mmHg"])
    sheet.append(["V1", "E1", datetime(2025, 1, 10), "S1", 150, 95])
    sheet.append(["合计", None, None, None, 1, 1])
    sheet.append(["填表人：甲", None, "审核人：乙"])
    book.create_sheet("字典").sheet_state = "hidden"
    book.save(path)
    reader, rows = rows_of(path)
    assert rows == [ROW]
    assert reader.header.layout.name == "chis.htn_followup"
    assert (reader.rows_read, reader.rows_set_aside) == (8, 7)
    assert reader.made_on("导出") == date(2025, 4, 5)
    assert [sheet.hidden for sheet in open_source(path).sheets] == [False, True]


def test_long_numbers_in_number_cells_do_not_look_right(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, [110105194912310021, 45721, 1.5, True])
    assert list(open_source(path).sheets[0].rows) == [(1, ["1.10105194912310E+17", "45721", "1.5", "1"])]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.pdf", b"%PDF", "file_kind"),
        ("a.csv", b"", "file_empty"),
        ("a.xlsx", b"PK\x03\x04broken", "file_damaged"),
        ("a.xlsx", b"hello", "file_damaged"),
        (
            "a.xlsx",
            bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "file_password",
        ),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, rule):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=rule):
        open_source(path)


DAYS = {
    "随访_2025-04-05.csv": date(2025, 4, 5),
    "随访20250405": date(2025, 4, 5),
    "导出_20250405153012": date(2025, 4, 5),
    "2025年3月随访": date(2025, 3, 31),
    "202503": date(2025, 3, 31),
    "2025年1月1日至2025年3月31日": date(2025, 3, 31),
    "随访": None,
    "S20251": None,
}


@pytest.mark.parametrize(("text", "expected"), DAYS.items())
def test_days_in_names(text, expected):
    assert find_day(text) == expected
