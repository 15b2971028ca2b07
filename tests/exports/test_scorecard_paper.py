"""The scorecard on paper: the fullest one is one page of A4, and says what the gathered scorecard says."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import docx
import pytest

from charts.spark import strokes
from exports.about import About
from exports.docx_blocks import docx_bytes
from exports.scorecard_paper import COSTS, MOVED, STATIONS, name_of, scorecard_document
from metrics.appraisal.scoring import SCORED, Line
from metrics.appraisal.sheet import find
from metrics.duties import duty_keys
from metrics.scorecard import (
    Cost,
    Duty,
    Finding,
    Moved,
    Peer,
    Scorecard,
    Scored,
    Station,
    Value,
    Work,
)
from metrics.sentences import sentences
from tests.exports.office import printed

JUNE = 2026 * 12 + 5
SHEET = find("centre", "2024")
COLUMNS = (
    "htn_control_rate",
    "el_mgmt_rate",
    "hr_filing_rate",
    "fd_contract_rate",
    "ch_mgmt_rate",
    "tcm_elder_rate",
)
ABOUT = About(
    bureau="云岭县卫生健康局",
    unit="青溪镇社区卫生服务中心",
    month=JUNE,
    data_until=date(2026, 6, 30),
    event=12,
    batch=12,
    definitions="917c826ca7c63b0e",
    by="zhang",
    at=datetime(2026, 7, 3, 9, 30),
    is_demo=True,
)


def scored(month: int, points: int, rank: int) -> Scored:
    return Scored(1, SHEET, month, "quarter", points, 10_000, "good", None, rank, 38, rank, 38)


def line(item: str, points: int) -> Line:
    return Line(item, SCORED, 200, points, 41.0, 100.0, 0.41, 0.6)


@pytest.fixture(scope="module")
def full() -> Scorecard:
    """More of everything than fits."""
    weighed = [item for item in SHEET.items if item.is_weighed]
    trend = tuple(0.3 + 0.02 * n if n != 4 else float("nan") for n in range(13))
    stations = tuple(
        Station(
            100 + n,
            scored(JUNE, 8000 + n, 1) if n % 3 else None,
            {key: Value(0.5 + n / 100, "part" if n == 2 else "ok", "below") for key in COLUMNS},
            n % 4,
            n % 2,
        )
        for n in range(STATIONS + 9)
    )
    return Scorecard(
        unit=9,
        kind="centre",
        month=JUNE,
        today=date(2026, 7, 3),
        names={9: ABOUT.unit, 8: "白沙乡社区卫生服务中心"}
        | {one.unit: "河口社区卫生服务站" for one in stations},
        short={one.unit: "河口社区卫生服务站" for one in stations},
        score=scored(JUNE, 8623, 7),
        quarter=scored(JUNE - 3, 8691, 8),
        year=scored(JUNE - 12, 8000, 9),
        peers=(Peer(8, 9303, 6), Peer(9, 8623, 7)),
        moved=tuple(Moved(one, 30, line(one.key, 100), line(one.key, 130)) for one in weighed),
        costs=tuple(
            Cost(one, 200 - n, 150, "missed", 1234.0, line(one.key, 10), 190, None, trend)
            for n, one in enumerate(weighed)
        ),
        columns=COLUMNS,
        whole={key: Value(1.04, "ok", "above") for key in COLUMNS},
        stations=stations,
        findings=tuple(
            Finding(n, 100, "sup_cooperation", "high", "open", date(2026, 7, 1 + n), n - 2) for n in range(9)
        ),
        duties=tuple(Duty(key, 0, 14) for key in duty_keys()),
        work=tuple(Work(key, 0.4, 0.6, 1234.0, 206.0, 0.3, trend) for key in COLUMNS),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_fullest_is_one_page(full, language, tmp_path) -> None:
    pages = printed(docx_bytes(scorecard_document(full, ABOUT, language)), "card.docx", tmp_path)
    assert len(pages) == 1
    for wanted in (
        "86.23/100",
        "86.91",
        "▼0.68",
        "80.00",
        "▲6.23",
        "93.03",
        "917c826ca7c63b0e",
        "2026-06-30",
    ):
        assert wanted in pages[0]


def test_it_says_what_was_gathered(full) -> None:
    paper = docx.Document(io.BytesIO(docx_bytes(scorecard_document(full, ABOUT, "zh"))))
    assert [round(side.mm) for side in (paper.sections[0].page_width, paper.sections[0].page_height)] == [
        210,
        297,
    ]
    head, costs, moved, stations = ([[c.text for c in row.cells] for row in t.rows] for t in paper.tables)
    assert head[1][0].startswith("86.23") and head[1][2] == "7 / 38"
    assert [row[2] for row in costs[1:]] == [f"{(200 - n) / 100:.2f}" for n in range(COSTS)]
    assert costs[1][1:] == [
        "缺 1,234 项，都已过去，本期这 1.5 分不能得回",
        "2.00",
        "1.90",
        "—",
        "▁▂▂▃ ▄▄▅▆▆▇▇█",
    ]
    assert len(moved) == 1 + MOVED and moved[2][1:] == ["41.0%", "▲ 0.30"]
    assert len(stations) == 1 + STATIONS + 1
    assert stations[1][:3] == ["河口社区卫生服务站", "—", "0"]
    assert stations[3][3] == "▼ 52.0%（部分）" and stations[-1][3] == "▲ 104.0%"
    said = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "另有 9 家未列出" in said
    assert f"其余 {len(full.moved) - MOVED} 项合计 ▲ {0.3 * (len(full.moved) - MOVED):.2f}" in said
    assert " 有 9 个，其中逾期 2 个" in said
    assert said.rstrip().endswith("zhang 于 2026-07-03 09:30 生成")


def test_without_a_round_it_says_so(full) -> None:
    bare = replace(full, score=None, quarter=None, year=None, peers=(), moved=(), costs=(), stations=())
    document = scorecard_document(bare, ABOUT, "en")
    told = [getattr(block, "text", "") for block in document.blocks]
    assert sentences("en")("card.no_round", month="Jun 2026") in told
    assert docx_bytes(document)


def test_names_and_strokes() -> None:
    assert name_of("某中心", JUNE, "zh") == "某中心评分卡_2026年6月"
    assert strokes([1.0, 2.0, float("nan"), 8.0]) == "▁▂ █"
    assert strokes([1.0, float("nan")]) == ""
    assert strokes([2.0, 2.0]) == "▁▁"
