"""The third withheld histories keep their contract and hold what they promise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.heading import withheld_third

SEED, COUNT = 4, 30


@pytest.fixture(scope="module")
def histories():
    return withheld_third.districts(SEED, COUNT)


def test_two_years_of_whole_people_within_the_list(histories):
    assert len(histories) == COUNT
    for frame in histories:
        first, units = frame["month"].min(), frame["unit"].nunique()
        assert first % 12 == 0 and 12 <= units <= 35
        months = frame["month"].to_numpy().reshape(units, 24)
        assert np.array_equal(months, np.tile(first + np.arange(24), (units, 1)))
        numbers = frame[["numerator", "denominator"]]
        assert (numbers % 1 == 0).all().all() and (numbers >= 0).all().all()
        assert (frame["numerator"] <= frame["denominator"]).all()
        assert (frame.groupby("unit")["target"].nunique() == 1).all() and frame["target"].between(
            0.05, 0.97
        ).all()


def test_targets_are_met_by_some_and_missed_by_some(histories):
    met = []
    for frame in histories:
        end = frame[frame["month"] == frame["month"].max()]
        met.append((end["numerator"] >= end["target"] * end["denominator"]).mean())
    assert 0.25 < np.mean(met) < 0.75 and np.std(met) > 0.1


def test_lists_grow_months_stand_still_and_a_seed_repeats(histories):
    ratio, still = [], []
    for frame in histories:
        of = frame["denominator"].to_numpy().reshape(-1, 24)
        ratio.append(np.median(of[:, 23] / of[:, 12]))
        added = np.diff(frame["numerator"].to_numpy().reshape(-1, 24)[:, 12:], axis=1).sum(axis=0)
        still.append(added.min() / max(added.mean(), 1))
    assert max(ratio) > 1.15 and np.median(ratio) < 1.05
    assert min(still) < 0.05 and np.max(still) > 0.4
    for one, two in zip(withheld_third.districts(SEED, 2), histories, strict=False):
        pd.testing.assert_frame_equal(one, two)
