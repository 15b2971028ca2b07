"""What is carried from the register stands in the records as it says now, whatever it said before."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from data import records
from data.intake.undoing import undo
from data.register.carrying import TABLES, carry
from tests.intake.helpers import District

A = {"no": 1, "unit": "S1", "kind": "sup_drugs", "day": date(2026, 3, 2), "severity": "low"}
B = {"no": 2, "unit": "S2", "kind": "sup_paper", "day": date(2026, 5, 4), "severity": "high"}


@pytest.fixture
def district(store, installation, tmp_path):
    made = District(store, installation, tmp_path / "files")
    made.masters()
    return made


def numbers(district) -> dict[str, int]:
    return dict(
        district.query(
            select(records.unit.c.code, records.unit.c.unit).where(records.unit.c.known_to.is_(None))
        )
    )


def bring(district, **tables) -> bool:
    units = numbers(district)
    rows = {name: [row | {"unit": units[row["unit"]]} for row in given] for name, given in tables.items()}
    return carry(district.store, district.installation, rows)


def in_force(district, *columns: str) -> list[tuple]:
    codes = {unit: code for code, unit in numbers(district).items()}
    return sorted((codes[unit], *rest) for unit, *rest in district.now("finding", "unit", *columns))


def problems(district) -> list[tuple]:
    return district.query(select(records.problem.c.rule).where(records.problem.c.batch > 2))


def test_rows_come_with_all_that_they_say(district):
    units = numbers(district)
    rows = {
        "finding": [
            A
            | {
                "unit": units["S1"],
                "due_on": date(2026, 3, 5),
                "recorded_on": date(2026, 3, 4),
                "closed_on": date(2026, 3, 5),
                "outcome": "mended",
            }
        ],
        "inspection": [
            {"no": 9, "unit": units["S2"], "kind": "monthly", "day": date(2026, 3, 1), "announced": False, "recorded": True}
        ],
        "appraisal": [
            {"no": "1/2/", "unit": units["S1"], "kind": "unit", "staff_no": None, "day": date(2026, 3, 31), "month": 2026 * 12 + 2, "score": 92.35, "full": 100.0, "grade": "excellent"}
        ],
        "appraisal_item": [
            {"no": "1/2/funds", "unit": units["S1"], "kind": "unit", "dimension": "own_section", "day": date(2026, 3, 31), "month": 2026 * 12 + 2, "weight": 8.0, "score": 6.25, "full": 8.0}
        ],
        "money": [{"no": "1/3", "unit": units["C1"], "account": "fund_settled", "day": date(2025, 12, 31), "amount": -1234567}],
    }  # fmt: skip
    assert carry(district.store, district.installation, rows)
    assert district.now(
        "finding", "kind", "severity", "due_on", "recorded_on", "closed_on", "outcome", "month"
    ) == [("sup_drugs", "low", date(2026, 3, 5), date(2026, 3, 4), date(2026, 3, 5), "mended", 2026 * 12 + 2)]
    assert district.now("inspection", "unit", "kind", "day", "announced", "recorded") == [
        (units["S2"], "monthly", date(2026, 3, 1), False, True)
    ]
    assert district.now("appraisal", "kind", "staff_no", "month", "score", "full", "grade") == [
        ("unit", None, 2026 * 12 + 2, 92.35, 100.0, "excellent")
    ]
    assert district.now("appraisal_item", "dimension", "weight", "score", "full") == [
        ("own_section", 8.0, 6.25, 8.0)
    ]
    assert district.now("money", "unit", "account", "amount", "month") == [
        (units["C1"], "fund_settled", -1234567, 2025 * 12 + 11)
    ]
    assert problems(district) == []


def test_what_did_not_change_makes_no_event(district):
    assert not bring(district)  # nothing was ever there
    assert bring(district, finding=[A, B])
    generation = district.store.generation()
    assert not bring(district, finding=[B, A])  # the order does not matter
    assert district.store.generation() == generation


def test_what_no_longer_stands_there_is_withdrawn_on_the_same_day(district):
    """Also where a unit, or a month, has no row left, and where nothing at all is left."""
    assert bring(district, finding=[A, B])
    assert [row[0] for row in in_force(district)] == ["S1", "S2"]
    assert bring(district, finding=[A])
    assert [row[0] for row in in_force(district)] == ["S1"]
    assert bring(district, finding=[])
    assert in_force(district) == []
    assert not bring(district, finding=[])


def test_a_row_that_comes_back_word_for_word_is_there_again(district):
    for rows in ([A, B], [A], [A, B], [], [B], [A, B]):
        assert bring(district, finding=rows)
        expected = sorted((row["unit"], row["kind"]) for row in rows)
        assert in_force(district, "kind") == expected
    assert problems(district) == []


def test_the_newest_wording_of_a_row_is_in_force(district):
    bring(district, finding=[A, B])
    bring(district, finding=[A | {"severity": "high", "closed_on": date(2026, 3, 9), "outcome": "mended"}, B])
    assert in_force(district, "severity", "closed_on", "outcome") == [
        ("S1", "high", date(2026, 3, 9), "mended"),
        ("S2", "high", None, None),
    ]
    bring(district, finding=[A, B])
    assert in_force(district, "severity", "closed_on", "outcome") == [
        ("S1", "low", None, None),
        ("S2", "high", None, None),
    ]


def test_rows_of_other_sources_stay(district):
    path = district.file(
        "问题整改登记表_20260601.csv", "机构编码, 问题类型, 问题通知日期\nS1, sup_folic, 2026-03-02\n"
    )
    district.load(path)
    bring(district, finding=[A])
    bring(district, finding=[])
    assert in_force(district, "kind") == [("S1", "sup_folic")]


def test_a_batch_that_was_taken_back_comes_again(district):
    bring(district, finding=[A])
    bring(district, finding=[A, B])
    last = max(district.query(select(records.batch.c.batch)))[0]
    undo(district.store, district.installation, last, by="li")
    assert [row[0] for row in in_force(district)] == ["S1"]
    assert bring(district, finding=[A, B])
    assert [row[0] for row in in_force(district)] == ["S1", "S2"]


def test_without_units_nothing_is_carried(store, installation):
    assert not carry(store, installation, {"finding": [A | {"unit": 1}]})
    assert store.generation() == 0


def test_every_table_has_its_layout():
    from data.intake.layouts import load_layouts

    ours = {name for name in load_layouts() if name.startswith("register.")}
    assert ours == {f"register.{table}" for table in TABLES}
