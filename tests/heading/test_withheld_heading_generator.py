"""The withheld histories keep their contract: two whole years, cumulative, whole people, a target some reach."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.heading import withheld


@pytest.fixture(scope="module")
def histories():
    return withheld.districts(5, 40)


def test_two_years_of_each_unit(histories):
    assert len(histories) == 40
    for frame in histories:
        assert list(frame.columns) == ["unit", "month", "numerator", "denominator", "target"]
        assert 15 <= frame.unit.nunique() <= 40
        first = frame.month.min()
        assert first % 12 == 0
        assert np.array_equal(
            frame.month.to_numpy().reshape(-1, 24), np.tile(first + np.arange(24), (frame.unit.nunique(), 1))
        )
        assert (frame.groupby("unit").target.nunique() == 1).all() and frame.target.between(0, 1).all()


def test_whole_people_within_the_denominator(histories):
    every = pd.concat(histories)
    for column in ("numerator", "denominator"):
        assert every[column].dtype == float and (every[column] % 1 == 0).all()
    assert (every.numerator >= 0).all() and (every.numerator <= every.denominator).all()
    assert every.denominator.min() >= 18 and every.denominator.max() > 5000


def test_cumulative_within_a_year_but_for_corrections(histories):
    falling = 0
    for frame in histories:
        step = frame.numerator.diff().where(frame.month % 12 > 0)
        assert (step / frame.denominator).min() > -0.06
        falling += bool((step < 0).any())
        restarts = frame[frame.month % 12 == 0]
        assert (restarts.numerator / restarts.denominator).median() < 0.5
    assert 3 < falling < 30


def test_neither_all_nor_none_reach_the_target(histories):
    reached = []
    for frame in histories:
        end = frame[frame.month == frame.month.max()]
        reached.append((end.numerator / end.denominator >= end.target).mean())
        assert 0 < reached[-1] < 1
    assert 0.35 < np.mean(reached) < 0.7


def test_districts_differ_and_a_seed_repeats(histories):
    again = withheld.districts(5, 2)
    for one, two in zip(again, histories, strict=False):
        pd.testing.assert_frame_equal(one, two)
    ends = []
    for frame in histories:
        total = frame.groupby("month").numerator.sum()
        ends.append((total.iloc[17] / total.iloc[23], total.iloc[5] / total.iloc[11]))
    half = np.array(ends)
    assert half.max() - half.min() > 0.4
