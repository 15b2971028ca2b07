"""Why a figure changed: worked by hand, and the shares always add up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.why import CAUSES, Parts, parts_of, split

# first month as known then | as known now | merged units | second month | late, merged, services, denominator (points)
BY_HAND = [
    # 60 of 100 were 70 of 100 once the late forms came in; then 84 of 120.
    ((60, 100), (70, 100), [], (84, 120), (10, 0, "77/6", "-77/6")),
    # Nothing but services.
    ((50, 100), (50, 100), [], (65, 100), (0, 0, 15, 0)),
    # Nothing but people.
    ((50, 100), (50, 100), [], (50, 125), (0, 0, 0, -10)),
    # A unit of 20 of 100 joined one of 80 of 100; afterwards nothing happened.
    ((80, 100), (80, 100), [(20, 100)], (100, 200), (0, -30, 0, 0)),
]


@pytest.mark.parametrize(("then", "known", "merged", "now", "shares"), BY_HAND)
def test_by_hand(then, known, merged, now, shares):
    found = split(Parts(*then), Parts(*known), [Parts(*one) for one in merged], Parts(*now))
    assert [found[cause] * 100 for cause in CAUSES] == [Fraction(share) for share in shares]


def test_counts_change_by_services_alone():
    found = split(Parts(30, None), Parts(34, None), [], Parts(50, None))
    assert [found[cause] for cause in CAUSES] == [4, 0, 16, 0]


def test_without_a_denominator_nothing_is_said():
    assert split(Parts(0, 0), Parts(3, 4), [], Parts(4, 4)) is None
    assert parts_of(float("nan"), 4.0, True) is None and parts_of(3.0, float("nan"), True) is None
    assert parts_of(3.0, float("nan"), False) == Parts(3, None)


whole = st.integers(0, 500)
some = st.integers(1, 500)
pairs = st.builds(Parts, whole, some)


@given(then=pairs, known=pairs, merged=st.lists(pairs, max_size=3), now=pairs)
def test_shares_add_up_exactly(then, known, merged, now):
    found = split(then, known, merged, now)
    assert sum(found.values()) == now.value - then.value
