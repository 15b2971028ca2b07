"""Every kind of file opened in LibreOffice: its text, its numbers and its Chinese are those that were written."""

from __future__ import annotations

import io
import re
from datetime import date

import docx
import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from exports import docx_blocks, papers
from exports.check_sheet import Check, check_docx
from exports.csv import csv_bytes
from exports.words import text
from metrics.cards import CARDS
from metrics.siting.asking import Plan, by_hand, setting
from tests.exports.desk import Material
from tests.exports.office import converted, embedded_fonts, flat, pages

SYSTEMS = ("S04", "S10", "S11", "S22")  # enough to print: shares, counts, money
CJK = re.compile("CJK|Song|Hei|Kai|Ming|Sun|YaHei|WenQuan|WQY|PingFang|Droid")
BOTH = ("deck", "scorecard", "notice", "summary", "check")
KINDS = [(kind, language) for kind in BOTH for language in ("zh", "en")] + [
    ("circular", "zh"),
    ("workbook", "zh"),
    ("proposal", "zh"),
]


def make(kind: str, desk: papers.Desk, material: Material) -> papers.Paper:
    """A paper of a kind."""
    match kind:
        case "deck":
            return papers.quarterly_deck(desk)
        case "scorecard":
            return papers.scorecard_paper(desk)
        case "notice":
            return papers.notice_paper(desk, material.found[0])
        case "summary":
            return papers.summary_paper(desk)
        case "circular":
            return papers.circular_paper(desk, material.rounds[1])
        case "proposal":
            where = setting(desk.principal, desk.published)
            answer = by_hand(where, Plan(opened=tuple(where.sites["id"][:2])))
            return papers.proposal_paper(desk, answer, "xlsx")
        case "check":
            return check_paper(desk)
        case _:
            return papers.workbook_paper(desk)


def check_paper(desk: papers.Desk) -> papers.Paper:
    """The check sheet of forty people who do not exist, with whole names."""
    number = range(40)
    rows = pd.DataFrame(
        {
            "line": [1 + n for n in number],
            "unit": [1 + n % 3 for n in number],
            "doctor": ["赵医生" if n % 2 else None for n in number],
            "name_masked": "陈*",
            "name": [f"陈{'甲乙丙丁'[n % 4]}" for n in number],
            "sex": [1 + n % 2 for n in number],
            "age": [65 + n % 20 for n in number],
            "phone": [f"1380000{n:04}" for n in number],
            "address": [f"云岭县东山镇{n + 1}号" for n in number],
            "place": "北溪村",
            "last_on": date(2025, 11, 3),
            "last_value": [f"{120 + n}/80" for n in number],
            "outcome": None,
            "note": None,
        }
    )
    card = CARDS["htn_control_rate"]
    names = {1: "东山站", 2: "马鞍站", 3: "青溪站"}
    check = Check(7, card, desk.month, "云岭县", rows, 412, names, "call: 核实", ("谁在什么时候下载",))
    content = check_docx(check, desk.about(), desk.language)
    return papers.Paper("check.docx", docx_blocks.MEDIA, content)


@pytest.fixture(scope="module")
def opened(material: Material, tmp_path_factory: pytest.TempPathFactory):
    """(kind, language) -> what was written, and the pdf that LibreOffice printed."""
    files = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "CARDS", {key: card for key, card in CARDS.items() if card.system in SYSTEMS})
        for kind, language in KINDS:
            with material.desk(language, "centre" if kind == "scorecard" else "bureau") as desk:
                paper = make(kind, desk, material)
                ending = paper.name.rsplit(".", 1)[1]
                files[kind, language] = f"{kind}_{language}.{ending}", paper.content
    made = converted(dict(files.values()), "pdf", tmp_path_factory.mktemp("opened"))
    return {place: (content, made[name]) for place, (name, content) in files.items()}


def written(kind: str, content: bytes) -> list[str]:
    """Every text of a file: paragraphs, cells of tables, titles, cells of sheets that hold text."""
    stream = io.BytesIO(content)
    if kind in ("workbook", "proposal"):
        book = openpyxl.load_workbook(stream)
        cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
        return [str(cell.value) for cell in cells if cell.data_type == "s"]
    if kind == "deck":
        shapes = [shape for slide in Presentation(stream).slides for shape in slide.shapes]
        tables = [cell.text for s in shapes if s.has_table for row in s.table.rows for cell in row.cells]
        return [s.text_frame.text for s in shapes if s.has_text_frame and s.name != "number"] + tables
    paper = docx.Document(stream)
    words = [t.text or "" for t in paper.element.body.iter("{*}t")]
    return words + [paragraph.text for paragraph in paper.paragraphs]


@pytest.mark.parametrize(("kind", "language"), KINDS, ids=["-".join(one) for one in KINDS])
def test_what_was_written_is_what_is_read(opened, kind, language):
    """Every number, and every stretch of Chinese, of every text of the file stands in the print."""
    content, print_ = opened[kind, language]
    shown = "".join(pages(print_))
    numbers = {n for one in written(kind, content) for n in re.findall(r"\d[\d,]*\.?\d*%?", one)}
    han = {n for one in written(kind, content) for n in re.findall("[\u4e00-\u9fff]{2,6}", one)}
    assert len(numbers) > (5 if kind == "notice" else 30)
    assert not {n for n in numbers if n not in shown}
    lost = {n for n in han if n not in shown}  # where a page ends in a word
    assert len(lost) <= len(han) // 50
    assert any(CJK.search(font) for font in embedded_fonts(print_))


@pytest.mark.parametrize(("kind", "language"), KINDS, ids=["-".join(one) for one in KINDS])
def test_where_it_is_from_is_read(opened, kind, language):
    """Data date, batch, definition version, who made it and when."""
    shown = "".join(pages(opened[kind, language][1]))
    said = text(language)
    assert "2025-12-31" in shown
    assert flat(said("about.definitions", definitions="")) in shown
    made = {
        "zh": r"本机用户于20\d\d-\d\d-\d\d\d\d:\d\d生成",
        "en": r"Madebytheuserofthismachineon20\d\d-\d\d-\d\d\d\d:\d\d",
    }
    assert re.search(made[language], shown)
    assert flat(said("about.demo")) in shown


def test_a_sheets_numbers_are_shown_as_they_are_meant(opened, material):
    """Shares in per cent with one decimal, beside the name of the indicator."""
    shown = "".join(pages(opened["workbook", "zh"][1]))
    book = openpyxl.load_workbook(io.BytesIO(opened["workbook", "zh"][0]))
    told = 0
    for sheet in book.worksheets[1:-1]:
        for row in sheet.iter_rows(min_row=4, max_col=5):
            if row[4].value == "%" and isinstance(row[3].value, int | float):
                told += 1
                assert f"{row[3].value:.1%}" in shown
    assert told > 20


def test_csv_keeps_chinese_and_numbers_and_runs_nothing(tmp_path):
    frame = pd.DataFrame(
        {
            "机构": ["云岭街道社区卫生服务中心", "=1+1", "+cmd", "-2+3", "@SUM(A1)"],
            "数量": [1234, None, 0, -5, 7],
            "率": [87.3, 0.5, None, 100.0, 12.25],
        }
    )
    # Comma, quotation mark, UTF-8: what its window proposes; without a window it must be told.
    how = "--infilter=CSV:44,34,76,1"
    made = converted({"table.csv": csv_bytes(frame, ["演示数据"])}, "xlsx", tmp_path, how)["table.csv"]
    sheet = openpyxl.load_workbook(made).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["机构", "数量", "率"]
    assert [row[0] for row in rows[1:6]] == [
        "云岭街道社区卫生服务中心",
        "'=1+1",
        "'+cmd",
        "'-2+3",
        "'@SUM(A1)",
    ]
    assert [row[1] for row in rows[1:6]] == [1234, None, 0, -5, 7]
    assert [row[2] for row in rows[1:6]] == [87.3, 0.5, None, 100, 12.25]
    assert rows[-1][0] == "演示数据"
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
