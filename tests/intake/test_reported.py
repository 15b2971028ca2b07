"""Figures that units report without records: beside records, in place of them, added up; never instead of them."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from sqlalchemy import select

from metrics import figures, published
from metrics.build import build
from metrics.cards import CARDS
from metrics.principal import LOCAL
from metrics.reporting import not_understood, stated
from tests.intake.helpers import UNITS

JANUARY, FEBRUARY = 2025 * 12, 2025 * 12 + 1
KEYS = ("he_lectures", "he_awareness_rate", "he_video_reach", "htn_managed")
MORE_UNITS = (
    UNITS
    + """
    C2, 第二中心, centre, B0, ,
    S3, 三站, station, C2, ,
"""
)
PERSONS = """
    人员编号, 姓名, 性别, 出生日期, 机构编码
    P1, 张三, 男, 1950-01-01, S1
"""
FOLLOWUPS = """
    人员编号, 管理类别, 随访日期, 机构编码
    P1, 高血压, 2025-01-10, S1
    P1, 高血压, 2025-02-10, S1
"""
# The register of activities begins in February, with S1: before that nobody has kept it.
ACTIVITIES = """
    机构编码, 活动编号, 活动类型, 活动日期
    S1, 1, 健康讲座, 2025-02-10
    S1, 2, 健康讲座, 2025-02-20
"""
REPORTED = """
    机构编码, 指标编码, 上报月份, 上报分子, 上报分母
    S1, he_lectures, 2025-01, 4,
    S2, 健康讲座场次, 2025-01, 3,
    S3, he_lectures, 2025-02, 1,
    S1, he_lectures, 2025-02, 5,
    S1, he_awareness_rate, 2025-01, 75, 100
    S2, he_awareness_rate, 2025-01, 15, 50
    S2, he_awareness_rate, 2025-02, 15,
    S1, 没有这项指标, 2025-01, 9,
"""


@pytest.fixture
def reported(district):
    """The district with its figures built."""
    for name, table in {
        "机构登记表_20250301.csv": MORE_UNITS,
        "居民基本信息表_20250301.csv": PERSONS,
        "随访表_20250301.csv": FOLLOWUPS,
        "工作活动登记表_20250301.csv": ACTIVITIES,
        "上报数登记表_20250301.csv": REPORTED,
    }.items():
        report = district.load(district.file(name, table))
        assert report.files[0].layout, report.files[0]
    _build(district)
    return district


def _build(district, full: bool = False) -> str:
    cards = [CARDS[key] for key in KEYS if key in CARDS]
    return build(district.store, district.installation, full=full, cards=cards).kind


def _figure(district, key: str, unit: str, month: int) -> tuple:
    """numerator, denominator, value, status, origin as pages read them on the card's default basis."""
    card = CARDS[key]
    with district.store.published() as connection:
        row = figures.course(LOCAL, connection, _number(connection, unit), card, str(card.bases[0]))
    row = row[row["month"] == month].iloc[0]
    numbers = [None if math.isnan(row[name]) else row[name] for name in ("numerator", "denominator", "value")]
    return (*numbers, row["status"], row["origin"])


def _number(connection, code: str) -> int:
    table = published.unit
    return connection.execute(select(table.c.unit).where(table.c.code == code)).scalar_one()


def test_without_records_the_report_is_the_figure(reported):
    assert _figure(reported, "he_lectures", "S1", JANUARY) == (4, None, 4, "ok", "reported")
    assert _figure(reported, "he_lectures", "S2", JANUARY) == (3, None, 3, "ok", "reported")
    assert _figure(reported, "he_awareness_rate", "S1", JANUARY) == (75, 100, 0.75, "ok", "reported")
    # Neither records nor a report.
    assert _figure(reported, "he_lectures", "S3", JANUARY) == (None, None, None, "none", "records")


def test_a_unit_above_takes_the_sum(reported):
    assert _figure(reported, "he_lectures", "C1", JANUARY) == (4 + 3, None, 4 + 3, "ok", "reported")
    # S3 has reported in another month and not in this one.
    assert _figure(reported, "he_lectures", "B0", JANUARY) == (4 + 3, None, 4 + 3, "part", "reported")
    assert _figure(reported, "he_awareness_rate", "B0", JANUARY) == (
        75 + 15,
        100 + 50,
        (75 + 15) / (100 + 50),
        "ok",
        "reported",
    )


def test_records_stand_and_the_report_is_shown_beside_them(reported):
    assert _figure(reported, "he_lectures", "S1", FEBRUARY) == (2, None, 2, "part", "records")
    with reported.store.published() as connection:
        beside = stated(LOCAL, connection, _number(connection, "S1"), CARDS["he_lectures"], FEBRUARY)
    assert (beside["numerator"], beside["value"]) == (5, 5)
    assert beside["file"].startswith("上报数登记表")


def test_what_cannot_be_understood_is_told(reported):
    with reported.store.published() as connection:
        found = not_understood(LOCAL, connection)
    assert sorted(zip(found["indicator"], found["status"], strict=True)) == [
        ("he_awareness_rate", "no_denominator"),
        ("没有这项指标", "unknown"),
    ]
    assert _figure(reported, "he_awareness_rate", "S2", FEBRUARY)[3:] == ("none", "records")


def test_a_corrected_report_is_added_to_what_was_built(reported):
    corrected = "机构编码, 指标编码, 上报月份, 上报分子\nS1, he_lectures, 2025-01, 6"
    reported.load(reported.file("上报数登记表_20250302.csv", corrected))
    assert _build(reported) == "incremental"
    assert _figure(reported, "he_lectures", "C1", JANUARY) == (6 + 3, None, 6 + 3, "ok", "reported")
    pieces = _all(reported)
    assert _build(reported, full=True) == "full"
    pd.testing.assert_frame_equal(pieces, _all(reported))


def _all(district) -> pd.DataFrame:
    table = published.figure
    places = [table.c[name] for name in ("indicator", "unit", "month", "basis", "stratum")]
    with district.store.published() as connection:
        return pd.DataFrame(connection.execute(select(table).order_by(*places)).mappings().all())


def test_figures_alone_are_enough(district):
    """Where nothing is delivered but figures, the months are those that are reported."""
    for name, table in {"机构登记表_20250301.csv": MORE_UNITS, "上报数登记表_20250301.csv": REPORTED}.items():
        district.load(district.file(name, table))
    assert _build(district) == "full"
    assert _figure(district, "he_lectures", "C1", JANUARY) == (4 + 3, None, 4 + 3, "ok", "reported")
    assert _figure(district, "he_lectures", "S1", FEBRUARY) == (5, None, 5, "ok", "reported")
