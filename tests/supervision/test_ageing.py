"""What is open, overdue, repeated and closed in time: by hand, and against a second, plain count."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.supervision import ageing as a
from metrics.supervision.ageing import ageing, by_kind, by_unit, in_all, repeated
from metrics.supervision.deadlines import is_certain, months_before, record_due
from metrics.supervision.findings import escalate, recheck, record, withdraw
from metrics.supervision.kinds import bucket_of, buckets
from tests.supervision.conftest import BUREAU, CLINIC, OTHER, TODAY

D = date.fromisoformat
MARCH = (D("2026-03-01"), D("2026-03-31"))


@pytest.fixture
def four(do, issue):
    """Unit 7: mended in time; never answered; the same kind again. Unit 8: written late, closed late, taken further.

    By 31 March: 1 closed on the 5th (due on the 5th); 2 due on the 13th and silent; 3 due on 2 April;
    4 due on the 12th, written on the 14th, closed on the 20th.
    """
    one = issue("2026-03-02")
    do(record, CLINIC, one, 1, "a", "b", on=D("2026-03-05"), today=TODAY)
    do(recheck, BUREAU, one, 2, mended=True, on=D("2026-03-09"), mended_on=D("2026-03-05"), today=TODAY)
    two = issue("2026-03-10", kind="sup_paper")
    three = issue("2026-03-30")
    four = issue("2026-03-09", unit=8, kind="sup_paper")
    do(escalate, BUREAU, four, 1, "warning_letter", on=D("2026-03-13"), today=TODAY)
    do(record, BUREAU, four, 2, "a", "b", on=D("2026-03-14"), today=TODAY)
    do(recheck, BUREAU, four, 3, mended=True, on=D("2026-03-20"), today=TODAY)
    wrong = issue("2026-03-10")
    do(withdraw, BUREAU, wrong, 1, "误发")
    return one, two, three, four


def test_the_ageing_list(ask, four):
    table = ask(ageing, BUREAU, TODAY)
    names = ["finding", "days_open", "days_left", "overdue", "unwritten", "bucket", "times"]
    assert table[names].values.tolist() == [
        [four[1], 21, -18, True, True, "to_30", 1],
        [four[2], 1, 2, False, False, "to_3", 2],  # drugs were missing on 2 March too
    ]
    assert list(table["record_due"]) == [D("2026-03-13"), D("2026-04-02")]
    assert ask(ageing, OTHER, TODAY).empty


def test_counts_by_unit_and_kind(ask, four):
    """Due by 31 March: 7 on the 5th and 13th (one closed), 8 on the 12th (not in time)."""
    table = ask(by_unit, BUREAU, *MARCH, TODAY).set_index("unit")
    names = ["issued", "repeated", "to_write", "written_in_time", "due", "closed_in_time"]
    assert table[names].values.tolist() == [[3, 1, 2, 1, 2, 1], [1, 0, 1, 0, 1, 0]]
    assert table[["closed", "open", "overdue", "escalated"]].values.tolist() == [[1, 2, 1, 0], [1, 0, 0, 1]]
    assert table["closed_share"].tolist() == [1 / 2, 0]
    kinds = ask(by_kind, BUREAU, *MARCH, TODAY).set_index("kind")
    assert kinds["issued"].to_dict() == {"sup_drugs": 2, "sup_paper": 2}
    assert kinds["closed_share"].to_dict() == {"sup_drugs": 1.0, "sup_paper": 0.0}
    whole = ask(in_all, BUREAU, *MARCH, TODAY)
    assert (whole["issued"], whole["due"], whole["closed_in_time"], whole["open"]) == (4, 3, 1, 2)
    mine = ask(by_unit, CLINIC, *MARCH, TODAY)
    assert mine["unit"].tolist() == [7]
    assert ask(by_unit, OTHER, *MARCH, TODAY).empty


def test_what_is_not_due_yet_is_in_no_share(ask, issue):
    issue("2026-03-30")
    whole = ask(in_all, BUREAU, *MARCH, TODAY)
    assert (whole["due"], whole["to_write"]) == (0, 0)
    assert math.isnan(whole["closed_share"]) and math.isnan(whole["written_share"])


def test_a_past_day_is_seen_as_it_stood(ask, four):
    """At the end of 12 March: finding 2 open, finding 4 open and due that day: not overdue yet."""
    whole = ask(in_all, BUREAU, D("2026-03-01"), D("2026-03-12"), TODAY)
    assert (whole["open"], whole["overdue"]) == (2, 0)
    whole = ask(in_all, BUREAU, D("2026-03-01"), D("2026-03-13"), TODAY)
    assert (whole["open"], whole["overdue"]) == (2, 1)


def test_repeated_problems(ask, four, issue):
    table = ask(repeated, BUREAU, TODAY)
    assert table.values.tolist() == [[7, "sup_drugs", 2, D("2026-03-02"), D("2026-03-30"), 1]]
    issue("2026-03-31")
    assert ask(repeated, CLINIC, TODAY)["times"].tolist() == [3]
    assert ask(repeated, OTHER, TODAY).empty


def test_a_problem_that_was_mended_and_did_not_come_again_counts_no_more(do, ask, issue):
    """Found on 2 March and 1 April 2024: until 1 April 2025 a repeated problem, and for as long as one is open."""
    for day in ("2024-03-02", "2024-04-01"):
        number = issue(day)
        assert len(ask(repeated, BUREAU, TODAY)) == (day == "2024-04-01"), "open"
        do(record, CLINIC, number, 1, "a", "b", on=D(day), today=TODAY)
    for one in (number - 1, number):
        do(recheck, BUREAU, one, 2, mended=True, on=D("2024-04-05"), today=TODAY)
    assert len(ask(repeated, BUREAU, D("2025-03-31"))) == 1
    assert ask(repeated, BUREAU, D("2025-04-01")).empty
    assert ask(repeated, BUREAU, TODAY).empty


@pytest.mark.parametrize(
    ("first", "again", "is_repeated"),
    [
        ("2025-03-02", "2026-03-01", True),  # a day less than twelve months
        ("2025-03-02", "2026-03-02", False),
        ("2025-02-28", "2026-02-28", False),
        ("2025-03-01", "2026-02-28", True),
    ],
)
def test_when_a_problem_is_repeated(ask, issue, first, again, is_repeated):
    issue(first)
    issue(again)
    assert len(ask(repeated, BUREAU, TODAY)) == is_repeated


def test_days_and_months():
    assert months_before(D("2024-02-29"), 12) == D("2023-02-28")
    assert months_before(D("2026-03-31"), 1) == D("2026-02-28")
    assert months_before(D("2026-01-15"), 13) == D("2024-12-15")
    assert record_due(D("2026-03-30")) == D("2026-04-02")
    assert is_certain(D("2030-03-30"))  # calendar days need no notice


def test_every_age_falls_into_one_bucket():
    for days in range(100):
        assert sum(bucket.holds(days) for bucket in buckets(TODAY)) == 1
    edges = [3, 4, 7, 8, 15, 16, 30, 31]
    assert [bucket_of(days, TODAY).code for days in edges] == [
        "to_3",
        "to_7",
        "to_7",
        "to_15",
        "to_15",
        "to_30",
        "to_30",
        "over_30",
    ]
    assert buckets(D("2010-01-01")) == buckets(TODAY)  # the oldest ones also hold before their date


# -- against a second count --------------------------------------------------------------------------

_DAY = st.integers(0, 60)
_STORY = st.tuples(
    st.sampled_from([7, 8]),
    st.sampled_from(["sup_drugs", "sup_paper"]),
    _DAY,
    st.integers(0, 20),  # days until it is due
    st.none() | st.integers(0, 10),  # days until it is written down
    st.none() | st.integers(0, 40),  # days until it is closed
)


def frame(stories) -> pd.DataFrame:
    first, rows = D("2026-02-01"), []
    for number, (unit, kind, issued, due, written, closed) in enumerate(stories, 1):
        on = first + timedelta(issued)
        rows.append(
            {
                "finding": number,
                "unit": unit,
                "kind": kind,
                "issued_on": on,
                "due_on": on + timedelta(due),
                "recorded_on": None if written is None else on + timedelta(written),
                "closed_on": None if closed is None else on + timedelta(closed),
                "state": "open" if closed is None else "closed",
                "escalated_on": None,
            }
        )
    columns = [
        "finding",
        "unit",
        "kind",
        "issued_on",
        "due_on",
        "recorded_on",
        "closed_on",
        "state",
        "escalated_on",
    ]
    return pd.DataFrame(rows, columns=columns, dtype=object)


@given(st.lists(_STORY, max_size=12), _DAY, _DAY, _DAY)
def test_any_findings_are_counted_as_day_by_day(stories, start, length, now):
    """Day by day through the period: what happens on it, and at the end what has begun and not ended."""
    first = D("2026-02-01") + timedelta(start)
    last, today = first + timedelta(length), D("2026-02-01") + timedelta(now)
    table = frame(stories)
    told = a._counted(table.assign(times=a.times(table)).to_dict("records"), first, last, today)
    expected = dict.fromkeys(
        ("issued", "repeated", "to_write", "written_in_time", "due", "closed_in_time", "closed"), 0
    )
    day = first
    while day <= last:
        for story in table.to_dict("records"):
            if story["issued_on"] == day:
                expected["issued"] += 1
                before = [
                    other
                    for other in table.to_dict("records")
                    if (other["unit"], other["kind"]) == (story["unit"], story["kind"])
                    and (other["issued_on"], other["finding"]) < (day, story["finding"])
                ]  # all within two months
                expected["repeated"] += bool(before)
            if story["issued_on"] + timedelta(3) == day and day <= today:
                expected["to_write"] += 1
                expected["written_in_time"] += bool(story["recorded_on"]) and (story["recorded_on"] <= day)
            if story["due_on"] == day and day <= today:
                expected["due"] += 1
                expected["closed_in_time"] += bool(story["closed_on"]) and (story["closed_on"] <= day)
            expected["closed"] += story["closed_on"] == day
        day += timedelta(1)
    end = min(last, today)
    standing = [
        s
        for s in table.to_dict("records")
        if s["issued_on"] <= end and not (s["closed_on"] and s["closed_on"] <= end)
    ]
    assert {name: told[name] for name in expected} == expected
    assert told["open"] == len(standing)
    assert told["overdue"] == sum(s["due_on"] < end for s in standing)
