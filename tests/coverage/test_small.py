"""What is hidden, case by case."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.small_numbers import names_somebody


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_hidden"),
    [
        (3, 4, True),  # few people
        (0, 4, True),
        (4, 100, True),  # few who have it
        (96, 100, True),  # few who lack it
        (0, 100, False),  # nobody
        (100, 100, False),  # everybody
        (5, 100, False),
        (95, 100, False),
        (0, 0, False),  # nobody lives here
        (np.nan, 100, False),  # missing is missing, not small
        (2, np.nan, True),
        (np.nan, 3, True),
    ],
)
def test_hidden(numerator: float, denominator: float, is_hidden: bool) -> None:
    assert bool(names_somebody(numerator, denominator, 5)) is is_hidden


def test_whole_columns_and_no_threshold() -> None:
    assert names_somebody([1, 50, 99], 100, 5).tolist() == [True, False, True]
    assert not names_somebody(np.arange(101), 100, 1).any()
    assert not names_somebody(np.arange(101), 100, 0).any()
    with pytest.raises(ValueError, match="threshold"):
        names_somebody(1, 2, -1)
