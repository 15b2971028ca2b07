"""Samples: chances kept, estimates unbiased, intervals that cover, bounds, and published sample sizes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.intervals import wilson
from metrics.statistics.sampling import (
    CONFIRMED,
    DENIED,
    NOT_REACHED,
    WRONG_NUMBER,
    chances,
    draw,
    sample_size,
    verified,
)


def test_chances_by_hand():
    """Risks 1 1 2 6, two to draw: 12/10 is too much for the last, which is sure; one of 1 1 2 remains."""
    assert chances([1, 1, 2, 6], 2, least=1e-12) == pytest.approx([0.25, 0.25, 0.5, 1])
    assert chances([1, 1, 2, 6], 2, least=1) == pytest.approx([0.5] * 4)
    assert chances([0, 0, 0], 2, least=0.1) == pytest.approx([2 / 3] * 3)
    assert chances([5, 0], 2, least=0.1).tolist() == [1, 1]
    assert chances([], 0, least=0.1).tolist() == []


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.floats(0, 1), st.floats(0.05, 1))
def test_chances_sum_to_the_size_and_nobody_is_safe(risk, part, least):
    size = max(1, int(part * len(risk)))
    found = chances(risk, size, least=least)
    assert found.sum() == pytest.approx(size)
    assert (found >= size * least / len(risk) * (1 - 1e-9)).all()
    assert (found <= 1).all()
    order = np.argsort(risk)
    assert (np.diff(found[order]) >= -1e-9).all()


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.floats(0, 1), st.integers(0, 10**6))
def test_the_sample_has_its_size_and_its_seed(risk, part, seed):
    size = int(part * len(risk))
    chance = chances(risk, size, least=0.2)
    drawn = draw(chance, seed)
    assert drawn.sum() == size
    assert drawn[chance >= 1].all()
    assert (drawn == draw(chance, seed)).all()


def test_refusals():
    with pytest.raises(ValueError, match="cannot be drawn"):
        chances([1, 2], 3, least=0.1)
    with pytest.raises(ValueError, match="never be drawn"):
        chances([1, 2], 1, least=0)
    with pytest.raises(ValueError, match="not negative"):
        chances([1, np.nan], 1, least=0.1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        draw([1.2], 1)
    with pytest.raises(ValueError, match="no outcome"):
        verified([0.5], ["maybe"], 0.95)
    with pytest.raises(ValueError, match="above 0"):
        verified([0], [DENIED], 0.95)


def test_everyone_is_drawn_as_often_as_said():
    """The example of R's sampling::UPbrewer and pivotal: six records, three drawn."""
    chance = np.array([0.2, 0.7, 0.8, 0.5, 0.4, 0.4])
    drawn = np.array([draw(chance, seed) for seed in range(4000)])
    assert (drawn.sum(1) == 3).all()
    assert drawn.mean(0) == pytest.approx(chance, abs=4 * 0.5 / np.sqrt(4000))
    pairs = drawn[:, :, None] & drawn[:, None, :]
    assert (pairs.mean(0) > 0).all()  # every two can meet, so a variance can be had


def test_a_simple_sample_is_wilsons_with_the_finite_population():
    """20 of 100 drawn evenly, 15 confirm: the answers are worth 20 / (1 - 0.2) = 25."""
    found = verified([0.2] * 20, [CONFIRMED] * 15 + [DENIED] * 5, 0.95)
    assert found.estimate == 0.75
    assert found.answers == pytest.approx(25)
    assert np.allclose(found.interval, wilson(0.75 * 25, 25, 0.95))
    assert found.bounds == (0.75, 0.75)
    assert found.reached == 1


def test_when_everybody_was_asked_and_answered_there_is_no_doubt():
    found = verified([1, 1, 1, 1], [CONFIRMED, DENIED, CONFIRMED, CONFIRMED], 0.95)
    assert found.interval == (0.75, 0.75)
    silent = verified([1, 1, 1, 1], [CONFIRMED, NOT_REACHED, CONFIRMED, CONFIRMED], 0.95)
    assert silent.estimate == 1
    assert silent.interval.low < 1  # who was not reached may be different
    assert silent.bounds == (0.75, 1)


def test_bounds_have_chance_too():
    outcome = [CONFIRMED] * 10 + [DENIED] * 5 + [NOT_REACHED] * 5
    found = verified([0.2] * 20, outcome, 0.95)
    assert found.bounds == (0.5, 0.75)
    assert np.isclose(found.bounds_interval.low, wilson(12.5, 25, 0.95).low)
    assert np.isclose(found.bounds_interval.high, wilson(18.75, 25, 0.95).high)


def test_answers_that_are_all_alike_are_worth_what_their_weights_say():
    """Weights 2 and 4: 36 / (4 x 0.5 + 16 x 0.75)."""
    assert verified([0.5, 0.25], [DENIED, DENIED], 0.95).answers == pytest.approx(36 / 14)


def test_weights_by_hand():
    """One sure record denied, two of chance 1/4 confirmed: 8 of 9."""
    found = verified([1, 0.25, 0.25], [DENIED, CONFIRMED, CONFIRMED], 0.95)
    assert found.estimate == pytest.approx(8 / 9)


def test_who_was_not_reached_is_between_the_bounds():
    found = verified([0.5] * 4, [CONFIRMED, DENIED, NOT_REACHED, WRONG_NUMBER], 0.95)
    assert found.estimate == 0.5
    assert found.bounds == (0.25, 0.75)
    assert found.reached == 0.5
    assert found.answers == pytest.approx(2 / (1 - 0.5 * 0.5))
    nobody = verified([0.5, 0.5], [NOT_REACHED, WRONG_NUMBER], 0.95)
    assert np.isnan(nobody.estimate)
    assert np.isnan(nobody.interval.low)
    assert nobody.bounds == (0, 1)
    assert np.isnan(verified([], [], 0.95).estimate)


@given(
    st.lists(
        st.tuples(st.floats(0.05, 1), st.sampled_from([CONFIRMED, DENIED, NOT_REACHED, WRONG_NUMBER])),
        min_size=1,
        max_size=30,
    )
)
def test_any_answers(rows):
    chance, outcome = zip(*rows, strict=True)
    found = verified(chance, outcome, 0.95)
    low, high = found.bounds
    assert 0 <= low <= high <= 1 + 1e-9
    assert found.bounds_interval.low <= low + 1e-9
    assert found.bounds_interval.high >= high - 1e-9
    if found.reached > 0:
        assert low - 1e-9 <= found.estimate <= high + 1e-9
        assert found.interval.low - 1e-9 <= found.estimate <= found.interval.high + 1e-9


def covered(
    records: int, size: int, true: float, reached: float, times: int, seed: int, foretells: float = 3.0
) -> tuple[float, float]:
    """(share of intervals that hold the truth, mean estimate less truth): false records have so many times the risk."""
    random, inside, off = np.random.default_rng(seed), [], []
    for time in range(times):
        real = random.random(records) < true
        risk = np.where(real, 1, foretells) * random.uniform(0.5, 1.5, records)
        chance = chances(risk, size, least=0.3)
        drawn = draw(chance, seed * 100_000 + time)
        answer = np.where(real, CONFIRMED, DENIED)
        outcome = np.where(random.random(records) < reached, answer, NOT_REACHED)[drawn]
        found = verified(chance[drawn], outcome, 0.95)
        inside.append(found.interval.low <= real.mean() <= found.interval.high)
        off.append(found.estimate - real.mean())
    return float(np.mean(inside)), float(np.nanmean(off))


def test_intervals_cover():
    """What the docstring states, on fewer draws."""
    inside, off = covered(300, 40, 0.85, 1.0, 250, 1)
    assert inside >= 0.92
    assert abs(off) < 0.015


def test_few_that_deny_do_not_make_the_others_sure():
    """Five of great risk are all drawn and deny; ten of 295 others confirm. Of the others 8 % are false: nobody met them.

    The usual variance would give an interval of which every second misses the truth.
    """
    found = verified([1] * 5 + [10 / 295] * 10, [DENIED] * 5 + [CONFIRMED] * 10, 0.95)
    assert found.estimate == pytest.approx(295 / 300)
    assert found.interval.low < 0.8


def test_sizes():
    """Cochran 1977, 4.4: 50 %, 5 points to either side, two standard deviations: 400; of 3,200 people 356."""
    two = 0.9544997361036416
    assert sample_size(10**9, 0.05, two) == 400
    assert sample_size(3200, 0.05, two) == 356
    assert sample_size(10**9, 0.05, 0.95) == 385
    assert sample_size(3200, 0.05, two, answering=0.5) == 712
    assert sample_size(30, 0.01, 0.95) == 30
    assert sample_size(0, 0.05, 0.95) == 0
    with pytest.raises(ValueError, match="lie above 0"):
        sample_size(100, 0, 0.95)


@given(st.integers(1, 5000), st.floats(0.02, 0.3), st.floats(0, 1))
def test_a_sample_of_that_size_is_that_precise(population, half, share):
    n = sample_size(population, half, 0.95, share=share)
    if 1 < n < population:
        error = 1.96 * np.sqrt(share * (1 - share) / n * (population - n) / (population - 1))
        assert error <= half * 1.001
