"""A week from a few gaps written down by hand: from which day a visit counts, and warnings whose day is over."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from metrics.visiting.closings import CENTRE, HOME
from metrics.visiting.owing import CLOSES, Lists
from metrics.visiting.plan import LAST, WARNING, week_plan

WEEK = [dt.date(2026, 11, 2) + dt.timedelta(days=n) for n in range(5)]
NOVEMBER = 2026 * 12 + 9  # lists of the end of October
WARNED = "warn_ncd_no_contact"


def lists(*gaps: tuple[int, str, str | None, str]) -> Lists:
    """Gaps as (person, card, first day, last day), each closed by a visit; everybody in a village and house of their own."""
    rows = [
        (person, card, 1, CLOSES, CLOSES, "htn_followup", pd.Timestamp(first) if first else pd.NaT, pd.Timestamp(last), "")
        for person, card, first, last in gaps
    ]  # fmt: skip
    frame = pd.DataFrame(
        rows,
        columns=["person", "card", "times", HOME, CENTRE, "service", "first", "last", "lost"],
    )
    people = pd.DataFrame(
        {
            "person": sorted({row[0] for row in gaps}),
            "sex": 1,
            "age": 60,
            "place": "一组",
            "family": pd.array([pd.NA] * len({row[0] for row in gaps}), dtype="Int64"),
            "doctor": None,
        }
    )
    people["village"] = people["person"].astype(str)
    people["village_name"] = people["village"]
    return Lists(1, NOVEMBER, frame, people, ())


def test_a_visit_that_counts_from_midweek_is_made_then_and_not_put_off():
    plan = week_plan(lists((1, "htn_on_schedule_rate", "2026-11-04", "2026-11-05")), HOME, WEEK, 9)
    assert plan.visits["day"].tolist() == [dt.date(2026, 11, 4)]
    assert plan.visits["mark"].tolist() == [LAST]
    assert plan.counts.waiting == 0


def test_what_counts_from_the_week_after_waits():
    plan = week_plan(lists((1, "htn_on_schedule_rate", "2026-11-07", "2026-12-31")), HOME, WEEK, 9)
    assert plan.visits.empty and plan.counts.waiting == 1


def test_warnings_whose_day_is_over_are_spread_over_the_week():
    """Twenty warnings of October: four a day, not twenty on Monday."""
    plan = week_plan(lists(*((n, WARNED, None, "2026-10-20") for n in range(20))), HOME, WEEK, 99)
    assert set(plan.visits["mark"]) == {WARNING}
    assert plan.visits["day"].value_counts().to_dict() == dict.fromkeys(WEEK, 4)


def test_a_warning_that_is_over_comes_before_what_can_wait():
    asked = lists((1, "htn_on_schedule_rate", None, "2026-12-31"), (2, WARNED, None, "2026-10-20"))
    assert week_plan(asked, HOME, WEEK, 1).visits["person"].tolist() == [2]
