"""Trap 1: the printed advance of 70 % and reward of 30 % belong to different populations."""

from __future__ import annotations

from fractions import Fraction

from metrics.funds.reconciling import reconciled

PER_HEAD, PREPAID, HELD_BACK = 800, Fraction(7, 10), Fraction(3, 10)  # 8 yuan


def test_the_printed_amounts_do_not_reconcile() -> None:
    """1,946,960 / 0.7 / 8 = 347,671.4 people; 1,287,680 / 0.3 / 8 = 536,533.3; 30 % of the first base is 834,411.43."""
    found = reconciled(PER_HEAD, PREPAID, HELD_BACK, 194_696_000, 128_768_000)
    assert int(found.people_prepaid) == 347_671
    assert int(found.people_rewarded) == 536_533
    assert found.reward_due == 83_441_143
    assert found.gap == 128_768_000 - 83_441_143
    assert not found.agrees


def test_amounts_of_one_population_do() -> None:
    """1,000 people: 8,000 yuan, 5,600 in advance and 2,400 after."""
    found = reconciled(PER_HEAD, PREPAID, HELD_BACK, 560_000, 240_000)
    assert (found.people_prepaid, found.people_rewarded, found.gap) == (1_000, 1_000, 0)
    assert found.agrees
