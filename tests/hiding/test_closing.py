"""Complementary hiding on trees of a few units, by hand."""

from __future__ import annotations

import numpy as np

from metrics.closing import Groups, closed

# 0 the bureau; 1, 2, 3, 4 centres; 5, 6, 7 stations of the first.
PARENTS, DEPTH = [-1, 0, 0, 0, 0, 1, 1, 1], [0, 1, 1, 1, 1, 2, 2, 2]
GROUPS = Groups.of(PARENTS, DEPTH)
OWN_OF_BUREAU, OWN_OF_FIRST = 9, 8  # the deepest group comes first


def hidden(counts: list[int], *primary: int, may_be_none: bool = False) -> set[int]:
    """Which of the units are hidden, those that do so for their own sake given."""
    with_own = GROUPS.with_own(np.array([[counts]], float))
    first = np.zeros(with_own.shape[1:], dtype=bool)
    first[0, list(primary)] = True
    return set(np.flatnonzero(closed(with_own, first, GROUPS, 5, np.array([may_be_none]))[0]).tolist())


def test_nothing_hidden_hides_nothing():
    assert hidden([100, 40, 30, 20, 10, 20, 10, 10]) == set()


def test_what_a_parent_counted_itself_is_one_of_its_children():
    own = GROUPS.with_own(np.array([100, 40, 30, 20, 10, 20, 10, 4], float))
    assert own[OWN_OF_FIRST] == 6
    assert own[OWN_OF_BUREAU] == 0


def test_one_station_takes_another_with_it():
    """20 + 17 + 3 = 40, nothing at the centre itself: the next smallest is 17, and together they leave both open."""
    assert hidden([100, 40, 30, 20, 10, 20, 17, 3], 7) == {6, 7}


def test_what_the_centre_did_itself_is_hidden_first():
    """It is shown nowhere."""
    assert hidden([100, 40, 30, 20, 10, 15, 12, 3], 7) == {7, OWN_OF_FIRST}


def test_two_that_their_sum_gives_away_take_a_third():
    """1 and 1 come to 2: whoever knows that neither is 0 knows both."""
    assert hidden([100, 40, 30, 20, 10, 38, 1, 1], 6, 7) == {5, 6, 7}


def test_a_group_that_is_too_small_hides_its_parent_and_that_two_more():
    """The only station with anybody: its centre says the same, and a director who knows one centre must not tell another."""
    found = hidden([100, 3, 47, 30, 20, 3, 0, 0], 1, 5)
    assert found == {1, 5, 3, 4}


def test_centres_are_hidden_so_that_whoever_knows_the_largest_tells_none():
    assert hidden([100, 40, 30, 27, 3, 20, 10, 10], 4) >= {2, 3, 4}


def test_a_hidden_parent_hides_a_child():
    """Else it would be their sum; the bureau's without one that any director may know."""
    assert hidden([100, 40, 30, 20, 10, 20, 10, 10], 0) == {0, 3, 4}
    assert 1 in (found := hidden([100, 40, 30, 20, 10, 20, 12, 8], 1)) and found & {5, 6, 7}


def test_of_a_sensitive_programme_a_hidden_number_may_be_nought():
    """All stations are hidden, 0 too: a sum of 4 leaves each five possibilities."""
    assert hidden([100, 4, 46, 30, 20, 4, 0, 0], 5, 6, 7, may_be_none=True) == {5, 6, 7}
