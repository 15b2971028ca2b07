"""A change that lasts is raised once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.change import change
from metrics.statistics.multiplicity import q_values
from metrics.statistics.notices import State, notices, step

SIGNAL = {"+": 1, "-": -1, ".": 0, "?": np.nan}
RAISED = {1: "+", -1: "-", 0: "."}


@pytest.mark.parametrize(
    ("months", "raised"),
    [
        ("+.+.+.", "......"),  # never lasts
        ("++++++", ".+...."),  # once
        ("++.+++", ".+...."),  # still the same
        ("++..++", ".+...+"),  # it was gone for two months
        ("+?+?++", "..+..."),  # a month nobody knows changes nothing
        ("++?.?.++", ".+.....+"),
        ("++----", ".+.-.."),  # turned round: another notice
        ("++--++", ".+.-.+"),
        ("+-+-+-", "......"),
        ("......", "......"),
        ("??????", "......"),
    ],
)
def test_once(months, raised):
    found = notices([[SIGNAL[month]] for month in months], lasting=2, over=2)
    assert "".join(RAISED[one] for one in found[:, 0].tolist()) == raised


def test_pairs_do_not_touch_each_other():
    signals = np.array([[1, 0, -1], [1, 0, -1], [1, 1, 0]])
    assert notices(signals, lasting=2, over=2).tolist() == [[0, 0, 0], [1, 0, -1], [0, 0, 0]]


months = st.lists(st.sampled_from([1, -1, 0, np.nan]), min_size=1, max_size=30)


@given(months, st.integers(1, 4), st.integers(1, 4))
def test_never_twice_without_an_end(signals, lasting, over):
    raised = notices(np.array(signals)[:, None], lasting=lasting, over=over)[:, 0]
    at = np.flatnonzero(raised)
    for first, second in pairwise(at):
        between = np.array(signals[first + 1 : second])
        assert (
            raised[first] != raised[second]
            or (between == 0).sum() >= over
            or (-raised[first] in raised[first:second])
        )
    for one in at:
        run = [value for value in signals[: one + 1] if value == value][-lasting:]
        assert run == [raised[one]] * lasting


@given(months, st.integers(0, 30))
def test_the_state_is_all_that_is_needed(signals, cut):
    """Stopping anywhere and carrying on from the state gives the same notices."""
    whole = notices(np.array(signals)[:, None], lasting=2, over=2)[:, 0]
    state, found = State.empty(1), []
    for part in (signals[:cut], signals[cut:]):
        state = State(state.way.copy(), state.run.copy(), state.quiet.copy(), state.standing.copy())
        for signal in part:
            state, raised = step(state, [signal], lasting=2, over=2)
            found.append(raised[0])
    assert found == whole.tolist()


def raised_in_a_year(districts: int, seed: int, moved: float = 0.0) -> np.ndarray:
    """[districts, pairs] how many notices in a year of 300 pairs, of which the first 30 move by ``moved`` deviations in month 30."""
    random, found = np.random.default_rng(seed), []
    for _ in range(districts):
        x = random.normal(size=(300, 36))
        x[:30, 30:] += moved
        signals = []
        for month in range(24, 36):
            of = change(x[:, : month + 1], 3, enough=12)
            signals.append(np.where(q_values(of.p) <= 0.1, of.way, 0))
        found.append(np.abs(notices(signals, lasting=2, over=3)).sum(0))
    return np.array(found)


def test_a_year_in_which_nothing_happens():
    """What the docstring of ``notices`` states, on fewer districts."""
    assert raised_in_a_year(12, 7).sum(1).mean() <= 0.5


def test_a_real_change_is_raised_once():
    found = raised_in_a_year(4, 8, moved=3.0)
    assert (found[:, :30] >= 1).mean() > 0.9
    assert (found[:, :30] <= 1).mean() > 0.98
    assert (found[:, 30:] > 0).mean() < 0.02
