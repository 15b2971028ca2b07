"""Who can still meet the standard, and until when: by hand, and against every schedule there is."""

from __future__ import annotations

from datetime import date
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.heading.ceiling import see_by

END = np.datetime64("2026-12-31")
NONE = np.datetime64("NaT", "D")


def one(owed, last_on, other=False, here=True, today="2026-07-31", spacing=90):
    found = see_by(
        np.array([owed]),
        np.array([last_on], "datetime64[D]"),
        np.array([other]),
        np.array([here]),
        np.datetime64(today),
        END,
        spacing,
    )
    return None if np.isnat(found[0]) else found[0].item()


@pytest.mark.parametrize(
    ("owed", "last_on", "other", "here", "today", "by"),
    [
        # One owed: any day until the year's end that is 90 days after the last one.
        (1, "2026-07-20", False, True, "2026-07-31", date(2026, 12, 31)),
        (1, "2026-10-02", False, True, "2026-10-31", date(2026, 12, 31)),
        (1, "2026-10-03", False, True, "2026-10-31", None),
        # Two owed: the first of them 90 days before the year's end, 2 October.
        (2, "2026-07-04", False, True, "2026-07-31", date(2026, 10, 2)),
        (2, "2026-07-05", False, True, "2026-07-31", None),
        (2, NONE, False, True, "2026-10-01", date(2026, 10, 2)),
        (2, NONE, False, True, "2026-10-02", None),
        # Nobody who had none by the middle of the year can have four a quarter apart.
        (4, NONE, False, True, "2026-04-04", date(2026, 4, 5)),
        (4, NONE, False, True, "2026-06-30", None),
        # Only the health check is owed: any day will do, however lately the last follow-up was.
        (0, "2026-12-20", True, True, "2026-12-21", date(2026, 12, 31)),
        (0, NONE, True, True, "2026-12-31", None),
        # Who died or left cannot be seen.
        (1, NONE, True, False, "2026-07-31", None),
    ],
)
def test_by_hand(owed, last_on, other, here, today, by):
    assert one(owed, last_on, other, here, today) == by


def brute(owed, last, today, end, spacing):
    """The latest first day of all schedules of ``owed`` days after ``today``, ``spacing`` apart; None without any."""
    best = None
    for days in combinations(range(today + 1, end + 1), owed):
        line = ([] if last is None else [last]) + list(days)
        if all(b - a >= spacing for a, b in pairwise(line)):
            best = days[0] if best is None else max(best, days[0])
    return best


@settings(max_examples=max(60, settings.default.max_examples))
@given(
    owed=st.integers(1, 3),
    today=st.integers(0, 14),
    since=st.none() | st.integers(0, 14),
    spacing=st.integers(1, 7),
)
def test_as_every_schedule_says(owed, today, since, spacing):
    """A year of 15 days: what is told is the latest beginning of all schedules that there are."""
    start, end = np.datetime64("2026-12-17"), 14
    last = None if since is None or since > today else today - since
    found = one(
        owed, NONE if last is None else start + last, False, True, str(start + today), spacing=spacing
    )
    latest = brute(owed, last, today, end, spacing)
    assert found == (None if latest is None else (start + latest).item())


@given(owed=st.integers(1, 4), today=st.integers(0, 300), spacing=st.integers(1, 120))
def test_fewer_owed_or_an_earlier_day_never_loses_anybody(owed, today, spacing):
    def day(n):
        return str(np.datetime64("2026-01-01") + n)

    now = one(owed, NONE, False, True, day(today), spacing=spacing)
    if now is not None:
        assert one(owed, NONE, False, True, day(max(0, today - 7)), spacing=spacing) == now
        if owed > 1:
            assert one(owed - 1, NONE, False, True, day(today), spacing=spacing) >= now


@given(today=st.integers(0, 14), since=st.integers(-10, 20), within=st.integers(0, 12))
def test_a_window_is_told_by_its_last_day_whatever_the_year(today, since, within):
    """Every day to come is tried: the last one that lies within so many days of the birth or discharge."""
    start = np.datetime64("2026-12-17")
    until = np.array([start + since + within])
    found = see_by(
        np.array([0]), np.array([NONE]), np.array([True]), np.array([True]), start + today, END, 90, until
    )
    fitting = [n for n in range(today + 1, 60) if n - since <= within]
    assert np.isnat(found[0]) == (not fitting)
    assert not fitting or found[0] == start + max(fitting)


def test_who_owes_nothing_is_not_asked_about():
    with pytest.raises(ValueError, match="owes nothing"):
        one(0, NONE)
    with pytest.raises(ValueError, match="at least one day"):
        one(1, NONE, spacing=0)
