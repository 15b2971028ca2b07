"""Money shared out adds up, and nobody is further than a fen from their exact part."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.funds.money import exact, rounded, shared_out, yuan


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # 33.3 each: the one left over goes to the first
        (100, [2, 1], [67, 33]),  # 66.7 and 33.3
        (1, [1, 3], [0, 1]),  # 0.25 and 0.75
        (0, [0, 0], [0, 0]),
        (7, [0, 5], [0, 7]),
        (10, [3, 3, 4], [3, 3, 4]),
    ],
)
def test_by_hand(total: int, weights: list[int], parts: list[int]) -> None:
    assert list(shared_out(total, dict(enumerate(weights))).values()) == parts


@given(
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any),
)
def test_adds_up_and_is_fair(total: int, weights: list[int]) -> None:
    parts = list(shared_out(total, dict(enumerate(weights))).values())
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Decimal(part) - Decimal(total) * weight / sum(weights)) < 1
    rest = [
        (Fraction(total * w, sum(weights)) % 1, part > total * w // sum(weights))
        for part, w in zip(parts, weights, strict=True)
    ]
    assert min([r for r, up in rest if up], default=1) >= max([r for r, up in rest if not up], default=0)


@pytest.mark.parametrize(("total", "weights"), [(5, {}), (5, {1: 0}), (-1, {1: 1}), (1, {1: -1, 2: 3})])
def test_what_cannot_be_shared_out(total: int, weights: dict[int, int]) -> None:
    with pytest.raises(ValueError, match=r"fen|negative"):
        shared_out(total, weights)


def test_numbers_are_as_they_are_written() -> None:
    assert exact(0.7) == Fraction(7, 10)
    assert rounded(Fraction(1, 2)) == 1
    assert [yuan(fen) for fen in (0, 5, -105, 123_456_789)] == ["0.00", "0.05", "-1.05", "1,234,567.89"]
