"""XmR charts: published limits, every rule on tiny series, the two signs, and how often nothing is called something."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics import xmr
from metrics.statistics.xmr import (
    MAKING_DATA_COUNT,
    WHEELER,
    Limits,
    Rules,
    attainment,
    changed,
    chart,
    limits,
)

NAN = np.nan
# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rate of ten batches.
NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# Montgomery, Introduction to Statistical Quality Control: the viscosity of an aircraft primer paint.
# fmt: off
PAINT = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84]
# fmt: on


def test_nist():
    found = limits(NIST)
    assert found.centre == pytest.approx(50.81)
    assert found.moving == pytest.approx(1.8778, abs=1e-4)
    assert found.high == pytest.approx(55.8041, abs=2e-3)  # with 3 / 1.128 in place of 2.66
    assert found.low == pytest.approx(45.8159, abs=2e-3)


def test_montgomery():
    found = limits(PAINT)
    assert round(found.centre, 2) == 33.52
    assert round(found.moving, 2) == 0.48
    assert round(found.high, 2) == 34.80
    assert found.low == pytest.approx(32.24, abs=0.012)  # from rounded figures there
    assert round(found.moving_high, 2) == 1.57
    assert (chart(PAINT, WHEELER).rule == "").all()


def test_median_limits_by_hand():
    """1 5 2 4 30: median 4; ranges 4 3 2 26, median 3.5."""
    found = limits([1, 5, 2, 4, 30], median=True)
    assert (found.centre, found.moving) == (4, 3.5)
    assert found.high == pytest.approx(4 + 3.145 * 3.5)
    assert found.moving_high == pytest.approx(3.865 * 3.5)


def test_a_gap_is_no_step():
    """Ranges are 2 and 1: from 3 to 10 nobody knows."""
    assert limits([1, 3, NAN, 10, 9]).moving == 1.5
    assert limits([1, 3, NAN, 10, 9]).points == 4


ROOM = Limits(centre=0, low=-9, high=9, moving=3, moving_high=10, points=20)


def marks(values, rules):
    rule, way = xmr.signals(np.array(values, dtype=float), ROOM, rules)
    return "".join(
        "." if not name else name[0].upper() if up > 0 else name[0]
        for name, up in zip(rule, way, strict=True)
    )


@pytest.mark.parametrize(
    ("rules", "values", "expected"),
    [
        (WHEELER, [0, 10, -9, 9, -10], ".B..b"),  # on the limit is within
        (WHEELER, [1, 2, 1, 2, 1, 2, 1, -1], "........"),  # seven
        (WHEELER, [1, 2, 1, 2, 1, 2, 1, 2, -1], "SSSSSSSS."),
        (WHEELER, [-1, -2, -1, -2, -1, -2, -1, -2], "ssssssss"),
        (WHEELER, [1, 2, 1, 0, 1, 2, 1, 2, 1], "........."),  # on the centre is on no side
        (MAKING_DATA_COUNT, [1, 2, 1, 2, 1, 2, 1, -1], "SSSSSSS."),
        (WHEELER, [-3, -2, -1, 0, 1, 2, 0], "TTTTTT."),  # six points
        (WHEELER, [-3, -2, -1, 0, 1, 0, 2], "......."),
        (WHEELER, [3, 2, 1, 0, -1, -2, -1], "tttttt."),
        (WHEELER, [-3, -2, -1, -1, 0, 1, 2], "......."),  # equal is not rising
        (MAKING_DATA_COUNT, [0, 7, 1, 7, -1], ".N.N."),
        (MAKING_DATA_COUNT, [0, 7, -1, 7, -1], "....."),  # not on one side
        (MAKING_DATA_COUNT, [7, 1, 1, 7], "...."),
        (MAKING_DATA_COUNT, [-7, -7, -1], "nn."),
        (MAKING_DATA_COUNT, [6, 6, 1], "..."),  # two thirds of the way is not beyond it
        (WHEELER, [0, 7, 1, 7, -1], "....."),
        (WHEELER, [NAN, 1, 2, 1, NAN, 2, 1, 2, 1, 2], ".SSS.SSSSS"),  # a missing month is skipped
        (Rules(side=7, trend=7, near=True), [-3, -2, -1, 0, 1, 2, 0], "......."),
        (WHEELER, [], ""),
    ],
)
def test_rules(rules, values, expected):
    assert marks(values, rules) == expected


def test_limits_start_anew_at_an_event():
    values = [10, 12] * 6 + [30, 32] * 6
    whole, parted = chart(values, WHEELER), chart(values, WHEELER, events=[12])
    assert (whole.rule != "").any()
    assert (parted.rule == "").all()
    assert parted.centre.tolist() == [11] * 12 + [31] * 12
    assert [part.points for part in parted.parts] == [12, 12]


def test_limits_of_a_baseline_stay():
    found = chart([10, 12] * 6 + [30], WHEELER, baseline=12)
    assert found.centre[-1] == 11
    assert found.rule[-1] == "beyond"


def test_limits_stop_where_the_figure_does():
    found = chart([0.98, 0.9, 1.0, 0.85] * 4, WHEELER, within=(0, 1))
    assert found.high[0] == 1
    assert found.rule[0] == ""


def test_limits_stop_below_too():
    assert chart([0.02, 0.1, 0.0, 0.15] * 4, WHEELER, within=(0, 1)).low[0] == 0


def test_an_event_in_the_newest_month_leaves_nothing_to_say():
    found = chart([10, 12] * 8, WHEELER, events=[15])
    assert [part.points for part in found.parts] == [15, 1]
    assert changed(found, 1) == "unclear"


def test_a_limit_that_reaches_the_target_may_meet_it():
    assert attainment(chart([0.9, 1.0] * 8, WHEELER, within=(0, 1)), 1.0, 1) == "sometimes"
    assert attainment(chart([0.0, 0.1] * 8, WHEELER, within=(0, 1)), 0.0, -1) == "sometimes"
    assert attainment(chart([0.0, 0.1] * 8, WHEELER, within=(0, 1)), 0.0, 1) == "always"


def test_changed():
    quiet, up = [10, 12] * 8, [10, 12] * 8 + [20]
    assert changed(chart(quiet, WHEELER), 1) == "steady"
    for sign, word in [(1, "improving"), (-1, "worsening"), (0, "rising")]:
        assert changed(chart(up, WHEELER, baseline=16), sign) == word
    assert changed(chart([*up, NAN], WHEELER, baseline=16), 1) == "improving"  # the newest known month
    assert changed(chart(up[-5:], WHEELER), 1) == "unclear"
    assert changed(chart([NAN] * 20, WHEELER), 1) == "unclear"


@pytest.mark.parametrize(
    ("target", "sign", "word"),
    [(5, 1, "always"), (11, 1, "sometimes"), (17, 1, "never"), (17, -1, "always"), (5, -1, "never"), (NAN, 1, "unclear"), (11, 0, "unclear")],
)  # fmt: skip
def test_attainment(target, sign, word):
    """10 and 12 in turn: limits 11 +- 5.32."""
    assert attainment(chart([10, 12] * 8, WHEELER), target, sign) == word
    assert attainment(chart([10, 12] * 3, WHEELER), target, sign) == "unclear"


@given(st.lists(st.one_of(st.floats(-1e3, 1e3), st.just(NAN)), max_size=40), st.integers(0, 39))
def test_any_series(values, event):
    found = chart(values, MAKING_DATA_COUNT, events=[event]) if values else chart([NAN], MAKING_DATA_COUNT)
    assert ((found.rule == "") == (found.way == 0)).all()
    assert (found.rule[np.isnan(found.value)] == "").all()
    known = ~np.isnan(found.low)
    assert (found.low[known] <= found.centre[known]).all()
    out = np.maximum(found.value - found.high, found.low - found.value)
    assert (out[found.rule == "beyond"] > 0).all()
    assert not (out[found.rule != "beyond"] > 1e-5).any()  # more than rounding


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e9 + 0.1])
def test_what_never_varies_is_never_beyond(value):
    """Figures of which the mean is not quite themselves, in binary."""
    assert (chart([value] * 27, MAKING_DATA_COUNT).rule == "").all()


@given(st.lists(st.integers(-50, 50), min_size=3, max_size=40))
def test_upside_down(values):
    """Less in place of more turns every signal round, and changes nothing else."""
    up, down = chart(values, WHEELER), chart(np.negative(values), WHEELER)
    assert (up.way == -down.way).all()
    assert (up.rule == down.rule).all()


def false_alarms(rules: Rules, series: int, seed: int) -> tuple[float, float]:
    """(share of unchanged series with a signal in the year after two years' baseline, of months that have one)."""
    random = np.random.default_rng(seed)
    way = [chart(one, rules, baseline=24).way[24:] != 0 for one in random.normal(size=(series, 36))]
    return float(np.mean([months.any() for months in way])), float(np.mean(way))


def test_false_alarms():
    """What the docstring of ``xmr`` states, on fewer series."""
    assert false_alarms(WHEELER, 400, 7)[0] == pytest.approx(0.18, abs=0.06)
    assert false_alarms(MAKING_DATA_COUNT, 400, 7)[0] == pytest.approx(0.25, abs=0.06)
