"""Money between register and ledger: what a settlement pays is not taken for what the ledger paid, nor said twice."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import insert, select

from data import records
from data.register import add, open_register
from data.register.carrying import carry
from data.register.tables import appeal, appraisal_line, appraisal_result, appraisal_round
from metrics.carrying import register_rows
from metrics.funds import settlements
from metrics.funds.doctors import NOT_APPRAISED, doctors_money
from metrics.funds.entitlement import entitlements
from metrics.funds.scores import doctor_scores
from metrics.funds.settling import by_coefficient
from metrics.funds.village import months_worked
from metrics.principal import EVERYTHING, LOCAL, Scope
from tests.funds.test_settling import terms
from tests.intake.helpers import District
from tests.roles import as_role

STAFF = """
    机构编码, 工号, 岗位, 到岗日期, 离岗日期
    S1, D1, village_doctor, 2024-01-01,
    S1, D2, village_doctor, 2025-10-15,
    S2, D3, village_doctor, 2020-01-01, 2025-02-28
    S2, D4, village_doctor, 2020-01-01, 2024-12-31
    S2, N1, nurse, 2020-01-01,
"""
MONEY = """
    机构编码, 经费科目, 记账日期, 经费金额(元), 凭证号
    C1, fund_prepaid, 2025-02-01, 700, 1
    S1, village_subsidy_due, 2025-03-20, 90, 2
"""


@pytest.fixture
def district(store, installation, tmp_path):
    made = District(store, installation, tmp_path / "files")
    made.masters()
    made.load(made.file("人员登记表_20251231.csv", STAFF), made.file("经费收支登记表_20251231.csv", MONEY))
    return made


@pytest.fixture
def unit(district) -> dict[str, int]:
    column = records.unit.c
    return dict(district.query(select(column.code, column.unit).where(column.known_to.is_(None))))


def read(district, function, *arguments):
    with district.store.records() as connection:
        return function(LOCAL, connection, *arguments)


def test_what_a_settlement_pays_is_not_what_the_ledger_paid(district, unit) -> None:
    """700 yuan paid, 300 settled: withdrawn and settled anew it is 300 again, not nothing."""
    assert read(district, settlements.paid, 2025) == {unit["C1"]: 70_000}
    row = {
        "no": "1/1",
        "unit": unit["C1"],
        "account": "fund_settled",
        "day": date(2025, 12, 31),
        "amount": 30_000,
    }
    due = {**row, "no": "1/2/doctors", "unit": unit["S2"], "account": "village_subsidy_due"}
    assert carry(district.store, district.installation, {"money": [row, due]})
    amounts = {(account, of): fen for account, of, fen in district.now("money", "account", "unit", "amount")}
    assert amounts["fund_settled", unit["C1"]] == 30_000
    assert amounts["village_subsidy_due", unit["S2"]] == 30_000
    assert read(district, settlements.paid, 2025) == {unit["C1"]: 70_000}
    assert read(district, settlements.due_in_ledger, 2025) == {unit["S1"]}


def test_months_of_a_village_doctor(district, unit) -> None:
    """D2 came in October, D3 left at the end of February, D4 had left the year before."""
    s1, s2 = unit["S1"], unit["S2"]
    worked = read(district, months_worked, 2025, [s1, s2])
    assert worked == {(s1, "D1"): 12, (s1, "D2"): 3, (s2, "D3"): 2}
    director = as_role("director", "director", EVERYTHING, Scope(frozenset({s2})))
    with district.store.records() as connection:
        assert months_worked(director, connection, 2025, [s1, s2]) == {(s2, "D3"): 2}


def a_round(connection, period: str, month: int, scores: dict[tuple[int, str], tuple]) -> int:
    """A published round of doctors; (points, veto) of 100 each."""
    row = {"sheet": "doctor", "sheet_version": "2024", "subject": "doctor", "month": month, "period": period}
    number = add(connection, appraisal_round, {**row, "state": "published"}, "li")
    for (unit, staff_no), (points, veto) in scores.items():
        key = {"round": number, "unit": unit, "staff_no": staff_no}
        row = {"points": points * 100, "full": 10_000, "kind": "clinic", "grade": "good", "veto": veto}
        connection.execute(insert(appraisal_result), [key | row])
        if veto:
            line = {"item": veto, "state": "manual", "weight": 0, "points": 0}
            connection.execute(insert(appraisal_line), [key | line])
    return number


def test_a_doctor_scores_the_mean_of_his_quarters(installation) -> None:
    """a: (90 + 81 granted) / 2; b was there once; c was vetoed in one of two; January's quarter is another year's."""
    register, year = open_register(installation), 2025 * 12
    a, b, c = (7, "a"), (7, "b"), (8, "c")
    with register.writing() as connection:
        a_round(connection, "quarter", year - 1, {b: (10, None)})
        a_round(connection, "quarter", year + 2, {a: (90, None), c: (80, "falsified")})
        second = a_round(connection, "quarter", year + 5, {a: (60, None), b: (70, None), c: (80, None)})
        values = {"round": second, "unit": 7, "staff_no": "a", "item": "x", "asked_by": "a", "reason": "r"}
        values |= {"asked_at": datetime(2025, 7, 1), "state": "granted", "points": 100}
        add(connection, appeal, values, "li")
        connection.execute(
            appraisal_result.update()
            .where(appraisal_result.c.round == second, appraisal_result.c.staff_no == "a")
            .values(second_points=8_100)
        )
    with register.reading() as connection:
        score, times = doctor_scores(LOCAL, connection, 2025)
        assert score == {a: 85.5, b: 70, c: 40}
        assert times == {a: 2, b: 1, c: 2}
        peer = as_role("peer", "director", EVERYTHING, Scope(frozenset({8})))
        assert doctor_scores(peer, connection, 2025)[0] == {c: 40}, "doctors are persons"
        assert doctor_scores(LOCAL, connection, 2023) == ({}, {})
    with register.writing() as connection:
        a_round(connection, "year", year + 11, {a: (95, None)})
    with register.reading() as connection:
        assert doctor_scores(LOCAL, connection, 2025)[0] == {a: 95}, "the appraisal of the year itself counts"


def test_doctors_money_is_frozen_and_carried_where_the_ledger_is_silent(installation) -> None:
    """1,000 yuan, 500 of 1,000 people, 40 %: 200 yuan for 300 people of clinic 7 and 200 of clinic 8.

    b is not appraised: a's 150 of 500 people are 60 yuan, b's another 60, c's 80; of 140 yuan a gets 60, c 80.
    """
    people, months = {1: 1000, 7: 300, 8: 200}, {(7, "a"): 12, (7, "b"): 12, (8, "c"): 12}
    scores = {(7, "a"): 95, (8, "c"): 91}
    found = doctors_money(terms(), {1: 100_000}, people, {7: 1, 8: 1}, months, scores)
    register = open_register(installation)
    with register.writing() as connection:
        number = settlements.open_draft(LOCAL, connection, 2025, "work_points", None)
        settlements.publish(
            LOCAL, connection, number, 1, _lines(), terms(), 3, found.lines, in_ledger=frozenset({8})
        )
    with register.reading() as connection:
        kept = settlements.doctors_of(LOCAL, connection, number)
        assert [(line.staff_no, line.entitlement, line.earned, line.reason) for line in kept] == [
            ("a", 6_000, 6_000, ""),
            ("b", 6_000, None, NOT_APPRAISED),
            ("c", 8_000, 8_000, ""),
        ]
        assert tuple(kept) == found.lines
        peer = as_role("peer", "director", EVERYTHING, Scope(frozenset({8})))
        assert [line.staff_no for line in settlements.doctors_of(peer, connection, number)] == ["c"]
        carried = [row for row in register_rows(connection)["money"] if "doctors" in row["no"]]
    assert [(row["unit"], row["account"], row["amount"]) for row in carried] == [
        (7, "village_subsidy_due", 6_000)
    ]


def _lines():
    return by_coefficient(terms(), entitlements(terms(), {1: 100}), {1: 95}, {})
