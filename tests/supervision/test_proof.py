"""Who may take evidence away: never what proves something settled, never what is somebody else's."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert, select

from data.register import add
from data.register.evidence import EvidenceError
from data.register.tables import appeal, appraisal_entry, appraisal_round, evidence
from metrics.principal import EVERYTHING, Scope
from metrics.proof import is_removable, require_removable
from metrics.supervision.findings import recheck, record, withdraw
from metrics.supervision.visits import cancel, plan
from tests.roles import as_role
from tests.supervision.conftest import BUREAU, CENTRE, CLINIC, OTHER, TODAY

COLLEAGUE = as_role("qian", "doctor", Scope(frozenset({7})), Scope(frozenset({7})))
DAY = datetime(2026, 3, 1)


@pytest.fixture
def kept(register):
    """``kept(of, key, by)``: the row of a piece of evidence."""

    def keep(of: str, key: str, by: str = "zhao"):
        with register.writing() as connection:
            number = len(connection.execute(select(evidence)).all()) + 1
            row = {
                "evidence": number,
                "of": of,
                "key": key,
                "name": "a.pdf",
                "media": "application/pdf",
                "size": 1,
            }
            row |= {"sha256": str(number), "added_at": DAY, "added_by": by}
            connection.execute(insert(evidence).values(row))
        return row

    return keep


def who_may(ask, row) -> list[str]:
    return [p.name for p in (BUREAU, CENTRE, CLINIC, COLLEAGUE, OTHER) if ask(is_removable, p, row)]


def test_of_an_open_finding_who_added_it_or_supervises(do, ask, issue, kept):
    number = issue("2026-03-02")
    row = kept("finding", str(number))
    assert who_may(ask, row) == ["li", "wang", "zhao"]
    ask(require_removable, CLINIC, row["evidence"])
    with pytest.raises(EvidenceError, match=r"不能删除[\s\S]*stays"):
        ask(require_removable, COLLEAGUE, row["evidence"])
    with pytest.raises(LookupError):
        ask(require_removable, OTHER, row["evidence"])
    with pytest.raises(LookupError):
        ask(require_removable, BUREAU, 99)
    do(record, CLINIC, number, 1, "a", "b", on=TODAY, today=TODAY)
    assert who_may(ask, row) == ["li", "wang", "zhao"]
    do(recheck, BUREAU, number, 2, mended=True, on=TODAY, today=TODAY)
    assert who_may(ask, row) == []


def test_of_a_withdrawn_finding_and_a_cancelled_visit_nobody(do, ask, issue, kept):
    number = issue("2026-03-02")
    row = kept("finding", str(number))
    do(withdraw, BUREAU, number, 1, "误发")
    assert who_may(ask, row) == []
    visit = do(plan, CENTRE, 7, "monthly", TODAY)
    row = kept("visit", str(visit), by="wang")
    assert who_may(ask, row) == ["li", "wang"]
    do(cancel, CENTRE, visit, 1, "雨")
    assert who_may(ask, row) == []


def a_round(register, state: str) -> int:
    row = {"sheet": "clinic", "sheet_version": "2024", "subject": "unit", "month": 24314, "period": "quarter"}
    with register.writing() as connection:
        number = add(connection, appraisal_round, {**row, "state": state}, "li")
        add(connection, appraisal_entry, {"round": number, "unit": 7, "staff_no": "", "item": "a/b"}, "li")
    return number


def test_of_a_score_only_while_it_is_a_draft(register, ask, kept):
    draft, published = a_round(register, "draft"), a_round(register, "published")
    # A unit is scored by the bureau: the centre does not take away what its own points rest on.
    assert who_may(ask, kept("appraisal_entry", f"{draft}/7//a/b", by="li")) == ["li"]
    assert who_may(ask, kept("appraisal_entry", f"{draft}/7//a/b", by="wang")) == ["li", "wang"]
    assert who_may(ask, kept("appraisal_entry", f"{published}/7//a/b", by="li")) == []
    assert who_may(ask, kept("appraisal_entry", "99/7//a")) == []


def test_of_an_appeal_until_it_is_decided(register, ask, kept):
    values = {
        "round": 1,
        "unit": 7,
        "staff_no": "",
        "item": "a",
        "asked_at": DAY,
        "asked_by": "zhao",
        "reason": "r",
    }
    with register.writing() as connection:
        numbers = [
            add(connection, appeal, values | {"state": state}, "zhao") for state in ("open", "refused")
        ]
    rows = [kept("appeal", str(number)) for number in numbers]
    assert [who_may(ask, row) for row in rows] == [["li", "wang", "zhao"], []]


def test_everything_is_everybodys_whose_scope_it_is(ask, issue, kept):
    row = kept("finding", str(issue("2026-03-02", unit=8)))
    mine = as_role("zhao", "doctor", EVERYTHING, Scope(frozenset({7})))
    assert not ask(is_removable, mine, row), "added by oneself, of a unit that is no longer one's own"
