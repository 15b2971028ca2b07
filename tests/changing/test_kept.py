"""Builds one after the other: a change that was raised stays where it was told, and is not raised once more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics.changing.kept import kept
from metrics.changing.noticing import COLUMNS
from metrics.small_numbers import NUMERATOR
from metrics.statistics.lasting import Terms, raised

FIRST, LAST = 24_300, 24_330
MAY, JUNE, JULY = 24_316, 24_317, 24_318


def notices(*rows: tuple[str, int, int, int, int]) -> pd.DataFrame:
    """indicator, unit, month, since, way."""
    found = pd.DataFrame(
        rows, columns=["indicator", "unit", "month", "since", "way"]
    ).astype({"unit": int, "month": int, "since": int, "way": int})  # fmt: skip
    return found.assign(before=0.5, after=0.6, p=0.001, q=0.01)[list(COLUMNS)]


def figures(hidden: tuple[int, int] = (0, 0)) -> pd.DataFrame:
    """Every month of two indicators and two units; ``hidden``: unit and month that are not public."""
    rows = [(key, unit, month) for key in "ab" for unit in (1, 2) for month in range(FIRST, LAST + 1)]
    frame = pd.DataFrame(rows, columns=["indicator", "unit", "month"])
    is_hidden = (frame["unit"] == hidden[0]) & (frame["month"] == hidden[1])
    return frame.assign(basis="month", stratum="", value=0.5, hidden=np.where(is_hidden, NUMERATOR, 0))


def months(rows: pd.DataFrame) -> list[tuple]:
    return list(rows[["indicator", "unit", "month", "way"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("told", "found", "expected"),
    [
        # Late rows move the month in which it is raised, to later or to sooner: it stays where it was told.
        ([("a", 1, MAY, MAY - 4, 1)], [("a", 1, JUNE, MAY - 3, 1)], [("a", 1, MAY, 1)]),
        ([("a", 1, JUNE, MAY - 3, 1)], [("a", 1, MAY, MAY - 4, 1)], [("a", 1, JUNE, 1)]),
        # What is no longer found was told all the same.
        ([("a", 1, MAY, MAY - 4, 1)], [], [("a", 1, MAY, 1)]),
        # Another change: another pair, the other way, or one that began after the first was raised.
        ([("a", 1, MAY, MAY - 4, 1)], [("b", 1, JUNE, MAY, 1)], [("a", 1, MAY, 1), ("b", 1, JUNE, 1)]),
        ([("a", 1, MAY, MAY - 4, 1)], [("a", 1, JULY, JUNE, -1)], [("a", 1, MAY, 1), ("a", 1, JULY, -1)]),
        ([("a", 1, MAY, MAY - 4, 1)], [("a", 1, LAST, JULY, 1)], [("a", 1, MAY, 1), ("a", 1, LAST, 1)]),
        # A month that was not over may still change.
        ([("a", 1, LAST, LAST - 4, 1)], [], []),
        ([], [("a", 2, JUNE, MAY, 1)], [("a", 2, JUNE, 1)]),
    ],
)
def test_what_was_told_is_not_told_again(told, found, expected):
    assert months(kept(notices(*told), notices(*found), figures(), LAST)) == expected


@pytest.mark.parametrize("month", [MAY, MAY - 4])
def test_what_is_not_public_any_more_is_told_no_longer(month):
    told = notices(("a", 1, MAY, MAY - 4, 1), ("a", 2, MAY, MAY - 4, 1))
    assert months(kept(told, notices(), figures(hidden=(1, month)), LAST)) == [("a", 2, MAY, 1)]


@pytest.mark.parametrize(
    ("mark", "stays"),
    [((1, "a", MAY - 4), False), ((None, None, MAY), False), ((1, None, JUNE), True), ((2, "a", MAY), True),
     ((1, "b", MAY), True)],
)  # fmt: skip
def test_what_was_marked_after_it_was_told_is_no_news(mark, stays):
    told = notices(("a", 1, MAY, MAY - 4, 1))
    marked = pd.DataFrame([mark], columns=["unit", "indicator", "month"]).astype(object)
    found = kept(told, notices(), figures(), LAST, marked)
    assert months(found) == ([("a", 1, MAY, 1)] if stays else [])


def test_what_an_earlier_mark_does_not_explain_stays_as_it_was_told():
    told = notices(("a", 1, MAY, MAY - 4, 1))
    marked = pd.DataFrame([(1, "a", FIRST)], columns=["unit", "indicator", "month"]).astype(object)
    found = notices(("a", 1, JUNE, MAY - 3, 1))  # late rows have moved it
    assert months(kept(told, found, figures(), LAST, marked)) == [("a", 1, MAY, 1)]
    found = notices(("a", 1, LAST, JUNE, 1))  # another change
    assert months(kept(told, found, figures(), LAST, marked)) == [("a", 1, LAST, 1)]


def test_signals_of_before_a_marked_month_do_not_count_after_it():
    """Three months of a change, then a merger and months unknown: one more month alone raises nothing."""
    random = np.random.default_rng(5)
    values = random.normal(0, 1, (1, 60))
    values[0, 40:43] += 30
    values[0, 43:49] = np.nan
    values[0, 55] += 30  # the first month that is tested after the merger
    terms = Terms(recent=1, history=24, settled=6, false=0.2, lasting=4, over=9)
    assert [one.month for one in raised(values, np.zeros(1), 0, terms, {0: [43]})] == []
    values[0, 43] = values[0, 42]  # without the merger the fourth month raises it
    assert raised(values, np.zeros(1), 0, terms)[0].month == 43
