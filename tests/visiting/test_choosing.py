"""The choice of visits against every choice there is, and the days against what they promise."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.visiting.choosing import choose
from metrics.visiting.days import by_day, first_week, monday_of, working_days


def worth(some, points, village, cost) -> int:
    return sum(points[one] for one in some) - cost * len({village[one] for one in some})


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), max_size=9),
    st.integers(0, 10),
    st.integers(0, 15),
)
def test_no_other_choice_of_as_many_visits_is_worth_more(places, visits, cost):
    points, village = [one for one, _ in places], [one for _, one in places]
    chosen = choose(np.array(points, int), np.array(village, int), visits, cost).tolist()
    many = min(visits, len(points))
    best = max(worth(some, points, village, cost) for some in combinations(range(len(points)), many))
    assert len(set(chosen)) == len(chosen) == many
    assert worth(chosen, points, village, cost) == best


def test_a_negative_number_of_visits_is_refused():
    with pytest.raises(ValueError, match="cannot be made"):
        choose(np.array([1]), np.array([0]), -1, 0)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=40), st.integers(1, 5))
def test_nobody_is_seen_after_the_last_day(places, days):
    last, village = [one for one, _ in places], [one for _, one in places]
    at = by_day(last, village, days)
    assert len(at) == len(last)
    assert all(0 <= day <= min(one, days - 1) for day, one in zip(at, last, strict=True))


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.integers(1, 5))
def test_without_last_days_the_week_is_even_and_a_village_is_done_in_one_go(village, days):
    at = by_day([days] * len(village), village, days)
    each = np.bincount(at, minlength=days)
    assert each.max() <= -(-len(village) // days)
    whole = sum(
        len({day for day, one in zip(at, village, strict=True) if one == name}) for name in set(village)
    )
    assert whole <= len(set(village)) + days - 1  # a day's end cuts one village at most


def test_a_day_that_is_over_is_refused():
    with pytest.raises(ValueError, match="in time"):
        by_day([-1], [0], 3)


def test_holidays_and_days_that_are_over_are_left_out():
    # The Spring Festival of 2026: 15 to 23 February off, 14 and 28 February worked.
    assert working_days(date(2026, 2, 16), date(2026, 2, 1)) == []
    assert working_days(date(2026, 2, 9), date(2026, 2, 10)) == [
        date(2026, 2, day) for day in (11, 12, 13, 14)
    ]
    assert first_week(date(2026, 2, 14)) == date(2026, 2, 23)
    assert monday_of(date(2026, 2, 15)) == date(2026, 2, 9)
