"""Splits of a change: Das Gupta's worked examples, exact sums, and what a fair share must be."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.splitting import by_group, shapley, switched

# Das Gupta 1993, tables 2.1 to 2.4, as computed again by the authors of DasGuptR: factors before, after, effects.
DAS_GUPTA = {
    "earnings of men, US 1980": ([10930, 0.717892], [16591, 0.825974], [4369.913, 1487.262]),
    "births, Austria and Chile 1981": (
        [51.78746, 0.45919, 0.52638], [84.90502, 0.75756, 0.51065], [10.4340333, 10.5608476, -0.6670084],
    ),
    "births outside marriage, US 1971 and 1979": (
        [25.3, 0.214, 0.279, 0.949], [32.7, 0.290, 0.473, 0.986], [0.6889411, 0.8125381, 1.3829055, 0.1047547],
    ),
    "fertility, Korea 1980 and 1970": (
        [0.58, 0.76, 0.84, 0.66, 16.573], [0.72, 0.97, 0.97, 0.56, 16.158],
        [1.0909785, 1.2298438, 0.7278399, -0.8398707, -0.1290187],
    ),
}  # fmt: skip


@pytest.mark.parametrize("example", DAS_GUPTA)
def test_das_gupta(example):
    before, after, effects = DAS_GUPTA[example]
    names = range(len(before))
    figure = switched(
        dict(zip(names, before, strict=True)),
        dict(zip(names, after, strict=True)),
        lambda d: prod(d.values()),
    )
    found = shapley(names, figure)
    assert list(found.values()) == pytest.approx(effects, rel=2e-6)


def test_das_gupta_by_age():
    """Table 4.3: crude births of Taiwan 1960 and 1970, from vectors of seven ages; the effects add up to the change."""
    old = dict(
        births=np.array([393, 407, 369, 274, 184, 90, 16]),
        married=np.array([0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800]),
        women=np.array([0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018]),
    )
    new = dict(
        births=np.array([488, 452, 338, 156, 63, 22, 3]),
        married=np.array([0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876]),
        women=np.array([0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019]),
    )
    found = shapley(list(old), switched(old, new, lambda d: (d["births"] * d["married"] * d["women"]).sum()))
    assert list(found.values()) == pytest.approx([-7.285632, -2.720633, -1.565181], abs=1e-6)
    assert sum(found.values()) == pytest.approx(-11.571446, abs=1e-6)


numbers = st.fractions(-50, 50, max_denominator=20)


@given(st.dictionaries(st.frozensets(st.sampled_from("abcd")), numbers))
def test_it_adds_up_exactly(worth):
    """Any function of any subset whatever: the shares are fractions and add up to the last digit."""

    def figure(chosen):
        return worth.get(chosen, Fraction(0))

    shares = shapley("abcd", figure)
    assert sum(shares.values()) == figure(frozenset("abcd")) - figure(frozenset())


@given(st.lists(st.floats(-1e3, 1e3), min_size=16, max_size=16))
def test_floats_add_up_to_their_last_digits(values):
    subsets = [
        frozenset(c for c, bit in zip("abcd", f"{n:04b}", strict=True) if bit == "1") for n in range(16)
    ]
    worth = dict(zip(subsets, values, strict=True))
    shares = shapley("abcd", worth.__getitem__)
    assert sum(shares.values()) == pytest.approx(worth[frozenset("abcd")] - worth[frozenset()], abs=1e-9)


def test_what_does_nothing_gets_nothing_and_equals_get_the_same():
    figure = switched(
        dict(services=30, denominator=100, idle=1, late=0), dict(services=50, denominator=80, idle=9, late=20),
        lambda d: (d["services"] + d["late"]) / d["denominator"],
    )  # fmt: skip
    shares = shapley(["services", "denominator", "idle", "late"], figure)
    assert shares["idle"] == 0
    assert shares["services"] == pytest.approx(shares["late"])  # 20 more each


def test_arrays_of_units_and_what_is_unknown():
    figure = switched(
        dict(x=np.array([1.0, 2, 0]), n=np.array([4.0, 4, 0])),
        dict(x=np.array([3.0, 2, 1]), n=np.array([4.0, 8, 5])),
        lambda d: d["x"] / np.where(d["n"] > 0, d["n"], np.nan),
    )
    shares = shapley(["x", "n"], figure)
    assert np.allclose(shares["x"], [0.5, 0, np.nan], equal_nan=True)
    assert np.allclose(shares["n"], [0, -0.25, np.nan], equal_nan=True)


def test_refusals():
    with pytest.raises(ValueError, match="at most 8"):
        shapley(range(9), lambda _: 0)
    with pytest.raises(ValueError, match="twice"):
        shapley("aa", lambda _: 0)
    with pytest.raises(ValueError, match="not in both"):
        switched({"a": 1}, {"b": 1}, sum)
    assert shapley([], lambda _: 3) == {}


groups = st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=6)


@given(groups)
def test_groups_add_up_exactly(rows):
    x, n, x1, n1 = (
        [Fraction(row[k] if k % 2 else min(row[k], row[k + 1])) for row in rows] for k in range(4)
    )
    if not sum(n) or not sum(n1):
        with pytest.raises(ZeroDivisionError):
            by_group(x, n, x1, n1)
        return
    services, structure = by_group(x, n, x1, n1)
    assert sum(services) + sum(structure) == sum(x1) / sum(n1) - sum(x) / sum(n)


def test_a_new_group_is_structure():
    """A: 20 of 100 both times; B comes with 80 of 100. The pooled rate is 0.35 on average of both times."""
    services, structure = by_group([20, 0], [100, 0], [20, 80], [100, 100])
    assert services == [0, 0]
    assert structure == pytest.approx([-0.5 * (0.2 - 0.35), 0.5 * (0.8 - 0.35)])
    gone = by_group([20, 80], [100, 100], [20, 0], [100, 0])
    assert gone[0] == [0, 0]
    assert sum(gone[1]) == pytest.approx(-0.3)


def test_kitagawa_is_shapleys_for_two():
    rates, parts = np.array([0.2, 0.6]), np.array([0.5, 0.5])
    rates1, parts1 = np.array([0.3, 0.6]), np.array([0.2, 0.8])
    services, structure = by_group(rates * parts, parts, rates1 * parts1, parts1)
    shares = shapley(
        ["rates", "parts"],
        switched(
            dict(rates=rates, parts=parts),
            dict(rates=rates1, parts=parts1),
            lambda d: d["rates"] @ d["parts"],
        ),
    )
    assert sum(services) == pytest.approx(shares["rates"])
    assert sum(structure) == pytest.approx(shares["parts"])
    assert structure[0] > 0  # fewer of the worse group
