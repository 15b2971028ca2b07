"""Whole people shared out: they add up, nobody is further than one from their part, rooms hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.coverage.apportion import apportioned
from metrics.funds.money import shared_out

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@given(st.integers(0, 10**7), WEIGHTS)
def test_like_money(total: int, weights: list[int]) -> None:
    """The same rule as for money, which is reckoned in exact fractions: parts differ where two are as good."""
    parts = apportioned(total, weights)
    exact = np.array(list(shared_out(total, dict(enumerate(weights))).values()))
    assert parts.sum() == total
    wanted = np.array(weights) * total / sum(weights)
    assert (abs(parts - wanted) < 1 + 1e-6).all()
    assert sorted(abs(parts - wanted)) == pytest.approx(sorted(abs(exact - wanted)), abs=1e-6)


@given(WEIGHTS, st.data())
def test_a_group_fits_into_its_people(people: list[int], data: st.DataObject) -> None:
    group = data.draw(st.integers(0, sum(people)))
    parts = apportioned(group, people, np.array(people))
    assert parts.sum() == group
    assert (parts <= people).all()


@given(WEIGHTS, st.data())
def test_rooms_hold_whatever_the_weights(room: list[int], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(0, 9), min_size=len(room), max_size=len(room)).filter(any))
    total = data.draw(st.integers(0, min(sum(room), 2_000)))
    parts = apportioned(total, weights, np.array(room))
    assert parts.sum() == total
    assert (parts <= room).all()
    assert (parts >= 0).all()


@pytest.mark.parametrize(
    ("total", "weights", "room"),
    [
        (5, [], None),
        (5, [0], None),
        (-1, [1], None),
        (1, [1, -1], None),
        (1, [np.nan], None),
        (5, [1, 1], [2, 2]),
    ],
)
def test_what_cannot_be_shared_out(total, weights, room) -> None:
    with pytest.raises(ValueError, match="people"):
        apportioned(total, weights, room)


def test_nobody_needs_no_weight() -> None:
    assert apportioned(0, [0, 0]).tolist() == [0, 0]
    assert apportioned(3, [0, 1]).tolist() == [0, 3]
