"""The true rate against a second computation, its bounds, who is shown what of it, and a study in which the truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from metrics.verifying import book, drawing
from metrics.verifying.book import Answer
from metrics.verifying.outcomes import OUTCOMES, as_told
from metrics.verifying.results import COLUMNS, estimates, results
from tests.verifying.conftest import (
    BUREAU,
    CENTRE,
    CLINIC,
    DIRECTOR,
    FRAME,
    LEADER,
    OCTOBER,
    OFFICER,
    OTHER,
    TREE,
    line,
)

UNITS = pd.DataFrame(
    [
        {"unit": unit, "parent": TREE[unit], "numerator": figure.numerator, "denominator": figure.denominator}
        for unit, figure in FRAME.figures.items()
    ]
)


def by_hand(sample: pd.DataFrame, unit: int) -> dict[str, float]:
    """The same from the textbook: weights of one over the chance, person by person."""
    mine = [one for one in sample.itertuples() if unit in line(one.unit)]
    told = [one for one in mine if one.outcome in ("confirmed", "denied")]
    yes = sum(1 / one.chance for one in told if one.outcome == "confirmed")
    weight, all_ = sum(1 / one.chance for one in told), sum(1 / one.chance for one in mine)
    figure = FRAME.figures[unit]
    rate = figure.numerator / figure.denominator
    return {
        "drawn": len(mine),
        "answered": len(told),
        "estimate": rate * yes / weight,
        "worst": rate * yes / all_,
        "best": rate * (yes + all_ - weight) / all_,
    }


def sample_of(seed: int, outcome: Callable[[int, np.random.Generator], str | None]) -> pd.DataFrame:
    drawn = drawing.drawn(FRAME, OCTOBER, BUREAU, 90, "below", seed)
    random = np.random.default_rng(seed)
    return drawn.assign(outcome=[outcome(int(person), random) for person in drawn["person"]])


@pytest.mark.parametrize("seed", range(5))
def test_rates_are_those_of_a_second_computation(seed):
    chosen = [*OUTCOMES, "confirmed", "confirmed", None]
    sample = sample_of(seed, lambda person, random: chosen[random.integers(len(chosen))])
    found = estimates(sample, UNITS, OCTOBER).set_index("unit")
    assert list(found.reset_index().columns) == list(COLUMNS)
    for unit in (BUREAU, CENTRE, OTHER, CLINIC):
        for name, value in by_hand(sample, unit).items():
            assert found.loc[unit, name] == pytest.approx(value), (unit, name)
        row = found.loc[unit]
        assert row["confirmed"] + row["denied"] == row["answered"]
        assert row["drawn"] - row["answered"] == row["unknown"]
        assert row["outer_low"] <= row["worst"] <= row["estimate"] <= row["best"] <= row["outer_high"]
        assert row["low"] <= row["estimate"] <= row["high"]


def test_the_interval_of_equal_chances_is_wilsons():
    """Everybody at one unit with the same chance: 24 of 30 answers true, of 60 people, by the formula of 1927 with the
    number of answers that the correction for a small place makes of them."""
    sample = pd.DataFrame({"unit": CLINIC, "chance": 0.5, "outcome": ["confirmed"] * 24 + ["denied"] * 6})
    one = estimates(sample, UNITS[UNITS["unit"] == CLINIC].assign(parent=None), OCTOBER).iloc[0]
    z, share, n = norm.ppf(0.975), 0.8, 30 / (1 - 0.5)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    rate = 60 / 100
    assert one["estimate"] == pytest.approx(rate * 0.8)
    assert (one["low"], one["high"]) == pytest.approx((rate * (middle - half), rate * (middle + half)))


def test_what_each_outcome_says():
    """Only confirmed is true and only denied is false; who was not asked yet is not known."""
    told = dict(zip([*OUTCOMES, None], as_told([*OUTCOMES, None]), strict=True))
    assert [one for one, said in told.items() if said == "confirmed"] == ["confirmed"]
    assert [one for one, said in told.items() if said == "denied"] == ["denied"]
    assert {said for one, said in told.items() if one not in ("confirmed", "denied")} == {
        "not_reached",
        "wrong_number",
    }


def test_few_answers_give_no_estimate_and_their_bounds_stand():
    answers = ["confirmed"] * 5 + ["not_reached"] * 10
    sample = pd.DataFrame({"unit": CLINIC, "chance": 0.25, "outcome": answers})
    few = estimates(sample, UNITS, OCTOBER).set_index("unit").loc[CLINIC]
    assert few["why"] == "few" and np.isnan([few["share"], few["estimate"], few["low"], few["high"]]).all()
    assert (few["worst"], few["best"]) == pytest.approx((0.6 / 3, 0.6))
    sample.loc[5, "outcome"] = "denied"
    assert estimates(sample, UNITS, OCTOBER).set_index("unit").loc[CLINIC, "why"] == ""
    nobody = estimates(sample, UNITS, OCTOBER).set_index("unit").loc[OTHER]
    assert nobody["why"] == "nobody" and math.isnan(nobody["best"])


def test_a_study_in_which_the_truth_is_known():
    """300 draws from records of which those entered late are the likelier false: the interval holds the truth as often as it says,
    of the whole and of each centre, also where a third cannot be reached; and on average the estimate is the truth."""
    people = FRAME.counted
    late = (pd.to_datetime(people["entered_on"]) - people["day"]).dt.days > 14
    random = np.random.default_rng(7)
    false = dict(zip(people["person"], random.random(len(people)) < np.where(late, 0.5, 0.1), strict=True))
    truth = {
        unit: sum(not false[one.person] for one in people.itertuples() if unit in line(one.unit))
        / FRAME.figures[unit].denominator
        for unit in (BUREAU, CENTRE, OTHER)
    }

    def said(person: int, random: np.random.Generator) -> str:
        if random.random() < 1 / 3:
            return "not_reached"
        return "denied" if false[person] else "confirmed"

    held = dict.fromkeys(truth, 0)
    seen: dict[int, list[float]] = {unit: [] for unit in truth}
    for seed in range(300):
        found = estimates(sample_of(seed, said), UNITS, OCTOBER).set_index("unit")
        for unit, rate in truth.items():
            one = found.loc[unit]
            held[unit] += one["low"] <= rate <= one["high"]
            seen[unit].append(one["estimate"])
            assert one["outer_low"] <= one["low"] + 0.15 and one["outer_high"] >= one["high"] - 0.15
    assert all(times >= 0.93 * 300 for times in held.values()), held
    for unit, rate in truth.items():
        assert np.mean(seen[unit]) == pytest.approx(rate, abs=0.012)


@pytest.fixture
def closed(start, do, ask) -> int:
    number = start(size=60)
    lines = ask(book.lines, OFFICER, number)["line"]
    answers = [Answer(int(one), "denied" if one % 6 == 0 else "confirmed") for one in lines]
    do(book.enter_many, OFFICER, number, answers)
    do(book.close, OFFICER, number, 1)
    return number


@pytest.fixture
def engine_name() -> str:
    """Tables are tried on both engines in test_book.py; here one will do."""
    return "duckdb"


class Published:
    """Published figures of which some are hidden: rows of (unit, hidden)."""

    def __init__(self, **hidden: int) -> None:
        self.rows = [(unit, hidden.get(f"u{unit}", 0)) for unit in TREE]

    def execute(self, _statement) -> list[tuple[int, int]]:
        return self.rows


def test_others_see_their_own_units_and_not_who_denied(closed, ask):
    def seen(who, known) -> pd.DataFrame:
        return ask(results, who, known, closed)

    officer = seen(OFFICER, Published()).set_index("unit")
    assert list(officer.index) == [BUREAU, CENTRE, OTHER] and officer["denied"].sum() > 0
    director = seen(DIRECTOR, Published()).set_index("unit")
    assert list(director.index) == [CENTRE]  # the clinic was not asked for by itself
    assert director.loc[CENTRE, "estimate"] == officer.loc[CENTRE, "estimate"]
    leader = seen(LEADER, Published(u3=8)).set_index("unit")
    assert leader[["confirmed", "denied", "unknown"]].isna().all(axis=None)
    assert leader.loc[OTHER, "why"] == "hidden"
    numbers = [name for name in COLUMNS if name not in ("unit", "parent", "why", "drawn")]
    assert leader.loc[OTHER, numbers].isna().all()
    assert leader.loc[CENTRE, "estimate"] == officer.loc[CENTRE, "estimate"]
    assert seen(OFFICER, Published(u3=8)).set_index("unit").loc[OTHER, "why"] == ""
