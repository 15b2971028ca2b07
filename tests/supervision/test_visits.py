"""A month's visits: who is owed one, the plan, what was done, and the notice that follows."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from data.register import EditedMeanwhileError
from data.register.evidence import keep
from metrics.principal import NotAllowedError
from metrics.standards.holidays import is_working_day
from metrics.supervision import visits
from metrics.supervision.notice import notice
from metrics.supervision.states import SupervisionError
from metrics.supervision.visits import cancel, done, move, one, owed, plan, plan_month, progress, write
from tests.supervision.conftest import BUREAU, CENTRE, CLINIC, OTHER, TODAY
from tests.supervision.test_findings import refused

D = date.fromisoformat
MARCH = 2026 * 12 + 2


def test_stations_and_clinics_open_throughout_are_owed_a_visit():
    units = pd.DataFrame(
        [
            (1, "bureau", None, None),
            (2, "centre", None, None),
            (3, "station", None, None),
            (4, "clinic", "2020-01-01", "2026-04-01"),
            (5, "clinic", "2020-01-01", "2026-03-31"),  # closed within the month
            (6, "clinic", "2026-03-02", None),  # opened within it
        ],
        columns=["unit", "kind", "opened_on", "closed_on"],
    )
    assert owed(units, MARCH) == [3, 4]


def test_a_month_is_planned_once_over_its_working_days(do, ask):
    numbers = do(plan_month, BUREAU, MARCH, [7, 8, 9], team="甲组")
    table = ask(visits.visits, BUREAU, D("2026-03-01"), D("2026-03-31"))
    assert table["visit"].tolist() == numbers
    assert sorted(table["unit"]) == [7, 8, 9]
    assert all(is_working_day(day) for day in table["planned_on"])
    # 22 working days in March 2026: the 1st, the 8th and the 15th of them.
    assert table["planned_on"].tolist() == [D("2026-03-02"), D("2026-03-11"), D("2026-03-20")]
    assert do(plan_month, BUREAU, MARCH, [7, 8, 9]) == []
    do(cancel, BUREAU, numbers[0], 1, "防汛")
    assert len(do(plan_month, BUREAU, MARCH, [7, 8, 9], from_day=D("2026-03-30"))) == 1
    table = ask(visits.visits, BUREAU, D("2026-03-01"), D("2026-03-31"))
    assert table["planned_on"].tolist()[-1] == D("2026-03-30")


def test_only_units_in_scope_are_planned(do, ask):
    assert len(do(plan_month, CENTRE, MARCH, [7, 8, 9])) == 2
    with pytest.raises(NotAllowedError):
        do(plan_month, CLINIC, MARCH, [7])
    assert ask(visits.visits, OTHER, D("2026-03-01"), D("2026-03-31")).empty
    assert ask(progress, CLINIC, MARCH, [7, 8, 9]).values.tolist() == [[7, "planned", D("2026-03-02"), 1]]


def test_a_visit_counts_in_the_month_in_which_it_was_made(do, ask):
    seven = do(plan, BUREAU, 7, "monthly", D("2026-02-27"))
    do(plan, BUREAU, 8, "irregular", D("2026-03-03"))
    do(done, BUREAU, seven, 1, on=D("2026-03-02"), account=" 查看台账 ", announced=False, today=TODAY)
    assert ask(progress, BUREAU, MARCH, [7, 8, 9]).values.tolist() == [
        [7, "done", D("2026-03-02"), seven],
        [8, "missing", None, None],  # an irregular visit is none of the monthly ones
        [9, "missing", None, None],
    ]
    assert ask(progress, BUREAU, MARCH - 1, [7])["state"].tolist() == ["missing"]
    row = ask(one, CENTRE, seven)
    assert (row["account"], row["announced"], row["state"], row["version"]) == ("查看台账", False, "done", 2)
    do(write, CENTRE, seven, 2, "补记")
    assert ask(one, CENTRE, seven)["account"] == "补记"


def test_what_cannot_be_is_refused(do, ask):
    number = do(plan, BUREAU, 7, "monthly", D("2026-03-02"))
    with refused("kind"):
        do(plan, BUREAU, 7, "circus", D("2026-03-02"))
    with pytest.raises(NotAllowedError):
        do(plan, OTHER, 7, "monthly", D("2026-03-02"))
    with refused("future"):
        do(done, BUREAU, number, 1, on=D("2026-04-01"), today=TODAY)
    with refused("no_reason"):
        do(cancel, BUREAU, number, 1, " ")
    with refused("not_now"):
        do(write, BUREAU, number, 1, "x")
    with pytest.raises(NotAllowedError):
        do(done, CLINIC, number, 1, on=TODAY, today=TODAY)
    for function, given in ((done, ()), (cancel, ("x",)), (move, (TODAY,))):
        with pytest.raises(LookupError):
            do(function, OTHER, number, 1, *given, **({"on": TODAY} if function is done else {}))
    do(move, BUREAU, number, 1, D("2026-03-09"))
    with pytest.raises(EditedMeanwhileError):
        do(move, CENTRE, number, 1, D("2026-03-10"))


def test_a_notice_says_what_was_found_and_by_when_it_is_answered(ask, issue, register, installation):
    first = issue("2026-03-30", demand="一周内补齐", responsible="张医生", due_on=D("2026-04-10"))
    second = issue("2026-03-30", kind="sup_paper", severity="high", what="只有表格")
    keep(register, installation, "finding", str(first), "现场.pdf", b"%PDF-1.7", "li")
    names = {7: "一站"}
    made = ask(notice, CLINIC, [second, first], bureau="某局", unit_names=names)
    assert (made.number, made.bureau, made.unit) == (f"〔2026〕{first:04}", "某局", "一站")
    assert (made.issued_on, made.answer_days, made.answer_by) == (D("2026-03-30"), 3, D("2026-04-02"))
    assert made.source == "004_15fc63bc3e97ad6e.txt"
    assert [
        (i.kind, i.severity, i.what, i.demand, i.due_on, i.responsible, i.evidence) for i in made.items
    ] == [
        ("药品不全", "一般", "缺少基本药物", "一周内补齐", D("2026-04-10"), "张医生", ("现场.pdf",)),
        ("工作只停留在纸面", "严重", "只有表格", "", D("2026-04-02"), "", ()),
    ]
    english = ask(notice, CLINIC, [first], bureau="B", unit_names=names, language="en")
    assert english.items[0].kind == "drugs are missing"
    with pytest.raises(LookupError):
        ask(notice, OTHER, [first], bureau="B", unit_names=names)
    other_day = issue("2026-03-31")
    with pytest.raises(SupervisionError):
        ask(notice, BUREAU, [first, other_day], bureau="B", unit_names=names)
