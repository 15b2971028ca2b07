"""From entries in the register to the published figure: entered, carried over, built, counted by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import insert, select, update

from data import records
from data.register import add, change, open_register
from data.register.tables import (
    appeal,
    appraisal_line,
    appraisal_result,
    appraisal_round,
    settlement,
    settlement_line,
)
from metrics import published
from metrics.build import build
from metrics.cards import CARDS
from metrics.carrying import carry
from metrics.principal import LOCAL
from metrics.supervision import findings, visits
from tests.intake.helpers import District

JAN, FEB, MAR = (2026 * 12 + n for n in range(3))
TODAY = date(2026, 3, 31)
PERSONS = """
    人员编号, 姓名, 性别, 出生日期, 机构编码
    P1, 张三, 男, 1950-01-01, S1
"""
FOLLOWUPS = """
    人员编号, 管理类别, 随访日期, 机构编码
    P1, 高血压, 2026-01-10, S1
    P1, 高血压, 2026-02-10, S1
    P1, 高血压, 2026-03-10, S1
"""
STAFF = """
    机构编码, 工号, 岗位, 到岗日期
    S1, D1, village_doctor, 2024-01-01
    S1, D2, village_doctor, 2024-01-01
"""
POPULATION = """
    机构编码, 年度, 人口类型, 人群, 人数, 批准日期, 批准文号
    C1, 2026, resident, all, 1000, 2026-01-05, 局文
"""
SHEET = """
key = "s"
version = "1"
subject = "unit"
kinds = ["centre"]
year_from = 2024
zh = "表"
en = "sheet"
full = 100
bonus = 5
source = "x"

[grades]
excellent = 90
good = 75
qualified = 60
source = "x"

[[section]]
key = "organisation"
zh = "组织"
en = "organisation"

[[section.item]]
key = "a"
zh = "甲"
en = "a"
method = "manual"
weight = 60
source = "x"

[[section]]
key = "funds"
zh = "资金"
en = "funds"

[[section.item]]
key = "b"
zh = "乙"
en = "b"
method = "manual"
weight = 40
source = "x"

[[section.item]]
key = "c"
zh = "丙"
en = "c"
method = "bonus"
weight = 5
source = "x"
"""
KEYS = (
    "sup_monthly",
    "sup_station_count",
    "sup_handbook",
    "sup_unannounced",
    "sup_findings_issued",
    "sup_findings_rectified",
    "sup_findings_open",
    "sup_rectify_3day",
    "sup_timely_rectify",
    "sup_close_or_rectify",
    "sup_common_problems",
    "sup_problem_paper",
    "ap_total_score",
    "ap_dimensions",
    "vd_quarterly_appraisal",
    "vd_dismiss_three",
    "vd_not_dismissed",
    "fund_reward_30",
    "fund_reconciled",
)


class Bureau:
    """A small district with a register: ``do`` edits, ``built`` carries over and builds, ``figure`` reads."""

    def __init__(self, store, installation, folder) -> None:
        self.store, self.installation = store, installation
        files = District(store, installation, folder)
        files.masters()
        tables = {
            "居民基本信息表": PERSONS,
            "随访表": FOLLOWUPS,
            "人员登记表": STAFF,
            "人口统计表": POPULATION,
        }
        files.load(*(files.file(f"{name}_20260331.csv", table) for name, table in tables.items()))
        with store.records() as connection:
            unit = records.unit.c
            self.unit = dict(map(tuple, connection.execute(select(unit.code, unit.unit))))
        self.register = open_register(installation)

    def do(self, function, *given, **named):
        with self.register.writing() as connection:
            return function(LOCAL, connection, *given, **named)

    def built(self) -> bool:
        changed = carry(self.store, self.installation)
        build(self.store, self.installation, cards=[CARDS[key] for key in KEYS])
        return changed

    def figure(self, key: str, unit: str, month: int, basis: str = "month"):
        """(numerator, denominator) as published; the value of what has no denominator."""
        f = published.figure
        with self.store.published() as connection:
            row = connection.execute(
                select(f).where(
                    f.c.indicator == key,
                    f.c.unit == self.unit[unit],
                    f.c.month == month,
                    f.c.basis == basis,
                    f.c.stratum == "",
                )
            ).one()
        if not CARDS[key].is_ratio:
            return row.value
        return None if row.value is None else (row.numerator, row.denominator)


@pytest.fixture
def bureau(store, installation, tmp_path):
    made = Bureau(store, installation, tmp_path / "files")
    yield made
    made.register.close()


def test_visits_and_findings(bureau):
    """January to March: S1 is visited every month, S2 in January and March; three findings."""
    do, unit = bureau.do, bureau.unit
    for month, there in ((JAN, ("S1", "S2")), (FEB, ("S1",)), (MAR, ("S1", "S2"))):
        for code in there:
            day = date(2026, month % 12 + 1, 8)
            number = do(visits.plan, unit[code], "monthly", day)
            words = "" if (code, month) == ("S1", JAN) else "详细记录"
            do(visits.done, number, 1, on=day, account=words, announced=code == "S1", today=TODAY)
    cancelled = do(visits.plan, unit["S2"], "monthly", date(2026, 2, 8))
    do(visits.cancel, cancelled, 1, "防汛")
    do(visits.plan, unit["S2"], "irregular", date(2026, 3, 30))  # not made yet

    first = do(findings.issue, unit["S1"], "sup_drugs", "low", "x", issued_on=date(2026, 1, 12), today=TODAY)
    do(findings.record, first, 1, "a", "b", on=date(2026, 1, 14), today=TODAY)
    do(
        findings.recheck,
        first,
        2,
        mended=True,
        on=date(2026, 1, 20),
        mended_on=date(2026, 1, 15),
        today=TODAY,
    )
    second = do(findings.issue, unit["S2"], "sup_paper", "low", "x", issued_on=date(2026, 2, 10), today=TODAY)
    do(findings.record, second, 1, "a", "b", on=date(2026, 2, 20), today=TODAY)
    do(findings.recheck, second, 2, mended=True, on=date(2026, 3, 5), today=TODAY)
    third = do(findings.issue, unit["S2"], "sup_paper", "high", "x", issued_on=date(2026, 3, 20), today=TODAY)
    do(findings.escalate, third, 1, "closed_down", on=date(2026, 3, 21), today=TODAY)
    fourth = do(findings.issue, unit["S1"], "sup_drugs", "low", "x", issued_on=date(2026, 3, 30), today=TODAY)
    wrong = do(findings.issue, unit["S1"], "sup_drugs", "low", "x", issued_on=date(2026, 3, 1), today=TODAY)
    do(findings.withdraw, wrong, 1, "误发")
    assert bureau.built()

    figure = bureau.figure
    assert [figure("sup_monthly", "S2", month) for month in (JAN, FEB, MAR)] == [(1, 1), (0, 1), (1, 1)]
    assert figure("sup_monthly", "C1", FEB) == (1, 2)
    assert figure("sup_station_count", "C1", MAR, "ytd") == 5
    assert figure("sup_handbook", "C1", MAR, "ytd") == (4, 5)  # nothing was written about S1 in January
    assert figure("sup_unannounced", "C1", MAR, "ytd") == 2  # S2's
    assert figure("sup_findings_issued", "C1", MAR, "ytd") == 4
    assert figure("sup_findings_rectified", "C1", MAR, "ytd") == 3
    assert [figure("sup_findings_open", "C1", month, "as_of") for month in (JAN, FEB, MAR)] == [0, 1, 1]
    # Written by the third day: the first on the second day; the second on the tenth; the third, closed down at
    # once, never. The fourth's time is over in April.
    assert figure("sup_rectify_3day", "C1", MAR, "ytd") == (1, 3)
    # Closed by its day: the first on its last day, the second late, the third at once.
    assert figure("sup_timely_rectify", "C1", MAR, "ytd") == (2, 3)
    assert figure("sup_close_or_rectify", "S2", MAR) == 1
    assert figure("sup_common_problems", "C1", MAR, "ytd") == 2
    assert figure("sup_problem_paper", "C1", MAR, "ytd") == 2

    assert not bureau.built()  # nothing changed: nothing is carried
    do(findings.record, fourth, 1, "a", "b", on=date(2026, 3, 31), today=TODAY)
    do(findings.recheck, fourth, 2, mended=True, on=date(2026, 3, 31), today=TODAY)
    assert bureau.built()
    assert figure("sup_findings_open", "C1", MAR, "as_of") == 0
    assert figure("sup_findings_rectified", "C1", MAR, "ytd") == 4


def a_round(connection, number: int, subject: str, period: str, month: int, results: list[dict]) -> None:
    """A published round, as publishing leaves it."""
    row = {
        "round": number,
        "sheet": "s",
        "sheet_version": "1",
        "sheet_text": SHEET.replace('"unit"', f'"{subject}"', 1),
        "subject": subject,
        "month": month,
        "period": period,
        "state": "published",
        "published_at": datetime(2026, 4, 2, 9, 0),
        "published_by": "li",
    }
    add(connection, appraisal_round, row, "li")
    common = {"round": number, "staff_no": "", "full": 10_000, "rank": 1, "peers": 1}
    connection.execute(insert(appraisal_result), [common | result for result in results])


def test_appraisals_of_units(bureau):
    """C1: 55.5 of 60 and 30 of 40, then 35 on appeal; with a bonus of 2: 87.5, then 92.5."""
    c1, b0 = bureau.unit["C1"], bureau.unit["B0"]
    with bureau.register.writing() as connection:
        result = {"unit": c1, "points": 8_750, "kind": "centre", "parent": b0, "grade": "good"}
        a_round(connection, 1, "unit", "quarter", MAR, [result])
        line = {"round": 1, "unit": c1, "staff_no": "", "state": "manual"}
        connection.execute(
            insert(appraisal_line),
            [
                line | {"item": "a", "weight": 6_000, "points": 5_550},
                line | {"item": "b", "weight": 4_000, "points": 3_000},
                line | {"item": "c", "weight": 500, "points": 200},
            ],
        )
    bureau.built()
    assert bureau.figure("ap_total_score", "C1", MAR) == (875, 1)  # tenths of points
    assert bureau.figure("ap_dimensions", "C1", MAR, "ytd") == 2
    with bureau.store.records() as connection:
        r = records.appraisal.c
        rows = connection.execute(select(r.unit, r.kind, r.grade).where(r.known_to.is_(None)))
        assert sorted(map(tuple, rows)) == sorted([(c1, "unit", "good"), (b0, "round", None)])
        r = records.appraisal_item.c
        rows = connection.execute(select(r.dimension, r.weight, r.score, r.full).where(r.known_to.is_(None)))
        assert sorted(map(tuple, rows)) == [("funds", 40, 30, 40), ("organisation", 60, 55.5, 60)]

    with bureau.register.writing() as connection:
        asked = {"round": 1, "unit": c1, "staff_no": "", "item": "b", "asked_by": "wang", "reason": "x"}
        when = {"asked_at": datetime(2026, 4, 3), "decided_at": datetime(2026, 4, 5), "decided_by": "li"}
        add(connection, appeal, asked | when | {"state": "granted", "points": 3_500}, "li")
        connection.execute(update(appraisal_result).values(second_points=9_250))
    assert bureau.built()
    assert bureau.figure("ap_total_score", "C1", MAR) == (925, 1)
    with bureau.store.records() as connection:
        r = records.appraisal.c
        rows = connection.execute(select(r.grade).where(r.known_to.is_(None), r.kind == "unit"))
        assert rows.scalars().all() == ["excellent"]

    with bureau.register.writing() as connection:
        change(connection, appraisal_round, {"round": 1}, 1, {"state": "withdrawn"}, "li", "withdraw")
    assert bureau.built()
    assert bureau.figure("ap_total_score", "C1", MAR) is None


def test_village_doctors(bureau):
    """D1 is found unqualified in September, December and March: three within twelve months, and is still employed."""
    s1, c1 = bureau.unit["S1"], bureau.unit["C1"]
    common = {"unit": s1, "kind": "station", "parent": c1}
    fails = common | {"staff_no": "D1", "points": 5_200, "grade": "unqualified"}
    passes = common | {"staff_no": "D2", "points": 9_000, "grade": "excellent"}
    with bureau.register.writing() as connection:
        for number, month in enumerate((MAR - 6, MAR - 3), 1):
            a_round(connection, number, "doctor", "quarter", month, [fails, passes])
        a_round(connection, 3, "doctor", "year", MAR - 3, [passes])
    bureau.built()
    assert bureau.figure("vd_dismiss_three", "S1", MAR, "as_of") == 0
    assert bureau.figure("vd_quarterly_appraisal", "S1", MAR) == (0, 2)
    with bureau.register.writing() as connection:
        a_round(connection, 4, "doctor", "quarter", MAR, [fails])
    bureau.built()
    assert bureau.figure("vd_quarterly_appraisal", "S1", MAR) == (1, 2)
    assert bureau.figure("vd_dismiss_three", "S1", MAR, "as_of") == 1
    assert bureau.figure("vd_not_dismissed", "C1", MAR, "as_of") == 1


def test_settled_money(bureau):
    """1,000 residents at 99 yuan, 30 % of it 29.70: 26,730.00 yuan pay for 900 people; 2,970.00 are taken back."""
    c1 = bureau.unit["C1"]
    line = {
        "unit": c1,
        "programme": "",
        "population": 1_000,
        "entitlement": 9_900_000,
        "in_advance": 6_930_000,
    }
    with bureau.register.writing() as connection:
        row = {"year": 2026, "model": "coefficient", "state": "published", "terms": "{}"}
        row |= {"published_at": datetime(2026, 3, 15), "published_by": "li"}
        add(connection, settlement, row, "li")
        add(connection, settlement, row | {"state": "draft"}, "li")
        earned = {"paid": 6_930_000, "earned": 6_930_000 + 2_673_000}
        connection.execute(
            insert(settlement_line),
            [
                line | {"settlement": 1} | earned,
                line | {"settlement": 1, "programme": "records"} | earned,  # part of the whole: not twice
                line | {"settlement": 2} | earned,
            ],
        )
    bureau.built()
    assert bureau.figure("fund_reward_30", "C1", MAR, "ytd") == (900, 1_000)
    with bureau.register.writing() as connection:
        is_whole = (settlement_line.c.settlement == 1) & (settlement_line.c.programme == "")
        connection.execute(update(settlement_line).where(is_whole).values(earned=6_930_000 - 297_000))
    bureau.built()
    assert bureau.figure("fund_reward_30", "C1", MAR, "ytd") == (-100, 1_000)
