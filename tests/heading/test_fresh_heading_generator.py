"""The fresh withheld histories keep their contract, and hold the processes and targets they promise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.heading import withheld_fresh

SEED, COUNT = 5, 55


@pytest.fixture(scope="module")
def histories():
    return withheld_fresh.districts(SEED, COUNT)


@pytest.fixture(scope="module")
def by_process(histories):
    """Histories of each process; five of each."""
    shift = int(np.random.default_rng(SEED).integers(len(withheld_fresh.PROCESSES)))
    found = {name: [] for name in withheld_fresh.PROCESSES}
    for place, frame in enumerate(histories):
        found[withheld_fresh.PROCESSES[(place + shift) % len(withheld_fresh.PROCESSES)]].append(frame)
    return found


def _course(frame):
    """Share of each year's result that stood at each month's end, in the district: 2 x 12."""
    total = frame.groupby("month").numerator.sum().to_numpy().reshape(2, 12)
    return total / total[:, -1:]


def test_two_years_of_each_unit(histories):
    assert len(histories) == COUNT
    for frame in histories:
        assert list(frame.columns) == ["unit", "month", "numerator", "denominator", "target"]
        assert 15 <= frame.unit.nunique() <= 40
        first = frame.month.min()
        assert first % 12 == 0
        assert np.array_equal(
            frame.month.to_numpy().reshape(-1, 24), np.tile(first + np.arange(24), (frame.unit.nunique(), 1))
        )
        assert (frame.groupby("unit").target.nunique() == 1).all() and frame.target.between(0.1, 0.97).all()


def test_whole_people_within_the_denominator(histories):
    every = pd.concat(histories)
    for column in ("numerator", "denominator"):
        assert every[column].dtype == float and (every[column] % 1 == 0).all()
    assert (every.numerator >= 0).all() and (every.numerator <= every.denominator).all()
    assert every.denominator.min() >= 18 and every.denominator.max() > 5000


def test_the_denominator_drifts_a_little(histories):
    for frame in histories:
        people = frame.denominator.to_numpy().reshape(-1, 12)
        people = people[people[:, 0] > 200]
        assert (people[:, -1] / people[:, 0]).max() < 1.25 and (people[:, -1] / people[:, 0]).min() > 0.85


def test_cumulative_within_a_year_but_for_small_falls(histories):
    falling = 0
    for frame in histories:
        step = frame.numerator.diff().where(frame.month % 12 > 0)
        assert (step / frame.denominator).min() > -0.15
        assert (step / frame.denominator).quantile(0.02) > -0.05
        falling += bool((step < 0).any())
    assert 5 < falling < COUNT


def test_targets_are_round_or_of_the_unit_and_near_what_is_reached(histories):
    one, own, reached = 0, 0, []
    for frame in histories:
        end = frame[frame.month == frame.month.max()]
        reached.append((end.numerator / end.denominator >= end.target).mean())
        if end.target.nunique() == 1:
            one += 1
            assert np.abs(withheld_fresh.ROUND - end.target.iloc[0]).min() < 1e-9
        own += end.target.nunique() > 5
        assert np.allclose(end.target * 100, np.round(end.target * 100))
    assert one >= COUNT * 0.4 and own >= COUNT * 0.1
    assert 0.35 < np.mean(reached) < 0.75 and np.std(reached) > 0.1


def test_the_months_go_as_each_process_says(by_process):
    assert all(len(frames) == 5 for frames in by_process.values())
    course = {name: np.array([_course(frame) for frame in frames]) for name, frames in by_process.items()}
    half, april = {n: c[:, :, 5].mean() for n, c in course.items()}, course["renewal"][:, :, 3].mean()
    # Most of the renewals stand in spring, hardly any vaccine is given before summer, third contacts come late.
    assert april > 0.4 and half["doses"] < 0.35 and half["fourth_visit"] < half["renewal"]
    # The team's month is most of a unit's year; so are the days of the upload.
    most = {
        name: np.mean(
            [
                (
                    np.diff(f.numerator.to_numpy().reshape(-1, 12), axis=1).max(axis=1) / f.denominator[::12]
                ).median()
                for f in frames
            ]
        )
        for name, frames in by_process.items()
    }
    assert most["team_rota"] > 1.5 * most["rankings"]
    still = {
        name: np.mean([(f.numerator.diff()[f.month % 12 > 0] == 0).mean() for f in frames])
        for name, frames in by_process.items()
    }
    assert still["batches"] > 0.35 > still["rankings"]


def test_cold_months_and_quotas_are_seen(by_process):
    falls = [(f.numerator.diff()[f.month % 12 == 11] < 0).mean() for f in by_process["latest_reading"]]
    assert np.mean(falls) > 0.1
    ends = pd.concat([f[f.month == f.month.max()] for f in by_process["paid_to_quota"]])
    over = ends.numerator / ends.denominator - ends.target
    others = pd.concat([f[f.month == f.month.max()] for f in by_process["farming_weather"]])
    far = others.numerator / others.denominator - others.target
    assert ((over >= -0.02) & (over < 0.06)).mean() > ((far >= -0.02) & (far < 0.06)).mean()


def test_districts_differ_and_a_seed_repeats(histories):
    for one, two in zip(withheld_fresh.districts(SEED, 2), histories, strict=False):
        pd.testing.assert_frame_equal(one, two)
    half = np.array([_course(frame)[:, 5] for frame in histories])
    assert half.max() - half.min() > 0.5
    assert np.abs(half[:, 1] - half[:, 0]).max() > 0.1
