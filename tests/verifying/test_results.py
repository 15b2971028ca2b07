"""The true rate against a second computation, its bounds, who is shown what of it, and a study in which the truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sqlalchemy import Connection, create_engine, insert
from sqlalchemy.schema import CreateSchema

from metrics import published
from metrics.small_numbers import DENOMINATOR, NUMERATOR, VALUE
from metrics.verifying import book, drawing
from metrics.verifying.book import Answer
from metrics.verifying.outcomes import OUTCOMES, as_told
from metrics.verifying.points import shares_of
from metrics.verifying.results import COLUMNS, estimates, results
from metrics.verifying.withholding import withheld
from tests.verifying.conftest import (
    BUREAU,
    CARD,
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
    made_up,
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


@pytest.fixture
def known() -> Iterator[Callable[..., Connection]]:
    """``known({unit: bits})``: published figures of which some are hidden; others of the card are hidden throughout."""
    engine = create_engine("duckdb:///:memory:")
    table = published.figure
    with engine.connect() as connection:
        connection.execute(CreateSchema(table.schema))

        def made(hidden: Mapping[int, int]) -> Connection:
            table.drop(connection, checkfirst=True)
            table.create(connection)
            common = {"numerator": 9, "listed": 9, "denominator": 20, "value": 0.45}
            common |= {"status": "ok", "origin": "records"}
            asked = {"indicator": CARD, "month": OCTOBER, "basis": "ytd", "stratum": ""}
            rows = [{**common, **asked, "unit": unit, "hidden": hidden.get(unit, 0)} for unit in TREE]
            for name, other in (("month", OCTOBER - 1), ("basis", "month"), ("stratum", "sex:1")):
                rows += [{**common, **asked, name: other, "unit": unit, "hidden": 15} for unit in TREE]
            rows += [{**common, **asked, "indicator": "dm_standard_rate", "unit": BUREAU, "hidden": 15}]
            connection.execute(insert(table), rows)
            return connection

        yield made
    engine.dispose()


def test_others_see_their_own_units_and_not_who_denied(closed, ask, known):
    def seen(who, hidden=None) -> pd.DataFrame:
        return ask(results, who, known(hidden or {}), closed).set_index("unit")

    officer = seen(OFFICER)
    assert list(officer.index) == [BUREAU, CENTRE, OTHER] and officer["denied"].sum() > 0
    director = seen(DIRECTOR)
    assert list(director.index) == [CENTRE]  # the clinic was not asked for by itself
    assert director.loc[CENTRE, "estimate"] == officer.loc[CENTRE, "estimate"]
    for bit in (NUMERATOR, DENOMINATOR, VALUE):
        leader = seen(LEADER, {OTHER: bit})
        assert leader[["confirmed", "denied", "unknown"]].isna().all(axis=None)
        assert leader.loc[OTHER, "why"] == "hidden"
        assert (
            leader.loc[OTHER, [name for name in COLUMNS if name not in ("unit", "parent", "why")]]
            .isna()
            .all()
        )
        assert leader.loc[CENTRE, "estimate"] == officer.loc[CENTRE, "estimate"]
        assert leader.loc[CENTRE, "drawn"] == officer.loc[CENTRE, "drawn"] > 0
    assert seen(OFFICER, {OTHER: NUMERATOR}).loc[OTHER, "why"] == ""
    assert seen(DIRECTOR, {CENTRE: NUMERATOR}).loc[CENTRE, "why"] == ""  # people of their own


def answered(start, do, ask, denied: Callable[[pd.DataFrame], pd.Series], **drawn) -> int:
    """A closed check in which these of the lines denied and all others confirmed."""
    number = start(**drawn)
    lines = ask(book.lines, OFFICER, number)
    told = ["denied" if one else "confirmed" for one in denied(lines)]
    answers = [Answer(int(line), what) for line, what in zip(lines["line"], told, strict=True)]
    do(book.enter_many, OFFICER, number, answers)
    do(book.close, OFFICER, number, 1)
    return number


SAID = [
    "answered",
    "confirmed",
    "denied",
    "unknown",
    "share",
    "share_low",
    "share_high",
    "estimate",
    "low",
    "high",
]
SAID += ["worst", "best", "outer_low", "outer_high"]


@pytest.mark.parametrize(
    ("denied", "size", "why"),
    [
        (lambda lines: lines["line"] % 3 == 0, 180, "single"),  # all 90 of the centre were drawn
        (lambda lines: lines["unit"] < 0, 60, "single"),  # nobody denied
        (lambda lines: lines["unit"] > 0, 60, "single"),  # everybody
        (lambda lines: lines["line"] % 3 == 0, 60, ""),
    ],
)
def test_the_unit_is_not_told_what_single_people_said(start, do, ask, known, denied, size, why):
    number = answered(start, do, ask, denied, size=size)
    officer = ask(results, OFFICER, known({}), number).set_index("unit").loc[CENTRE]
    assert officer["why"] == "" and not officer[SAID].isna().any()
    director = ask(results, DIRECTOR, known({}), number).set_index("unit").loc[CENTRE]
    assert director["why"] == why and director["reported"] == officer["reported"]
    assert director[SAID].isna().all() == bool(why)
    assert shares_of(pd.DataFrame([director.to_dict() | {"unit": CENTRE}])).keys() == (
        {CENTRE} if not why else set()
    )


def test_of_three_people_who_were_all_asked_the_bounds_tell_nothing_either(start, do, ask, known):
    """Were they told, worst = best = 2 / 3 of what is reported would say that one of three denied."""
    few = made_up({CENTRE: 30, CLINIC: 3, OTHER: 90}, dict.fromkeys(TREE, 150))
    number = answered(start, do, ask, lambda lines: lines["person"] == 1030, size=70, spread="each", of=few)
    officer = ask(results, OFFICER, known({}), number).set_index("unit").loc[CLINIC]
    assert (officer["why"], officer["denied"]) == ("few", 1)
    assert officer["worst"] == officer["best"] == pytest.approx(2 / 150)
    director = ask(results, DIRECTOR, known({}), number).set_index("unit").loc[CLINIC]
    assert director["why"] == "few" and director[SAID].isna().all()


def test_the_list_tells_others_no_numbers_of_people(closed, ask):
    numbers = ["size", "drawn", "asked", "answered"]
    assert ask(book.verifications, OFFICER)[numbers].iloc[0].tolist() == [60] * 4
    assert ask(book.verifications, DIRECTOR)[numbers].isna().all(axis=None)


def test_what_is_withheld_cannot_be_had_by_subtraction(start, do, ask, known):
    """Of the clinic's three everybody was drawn; the district less both centres' own would be them, so one more is withheld."""
    few = made_up({CENTRE: 60, CLINIC: 3, OTHER: 90}, dict.fromkeys(TREE, 150))
    number = answered(start, do, ask, lambda lines: lines["line"] % 3 == 0, size=80, spread="each", of=few)
    officer = ask(results, OFFICER, known({}), number).set_index("unit")
    assert officer.loc[[CENTRE, OTHER], "why"].tolist() == ["", ""]
    leader = ask(results, LEADER, known({}), number).set_index("unit")
    shown = set(leader.index[leader["why"] == ""])
    assert leader.loc[CLINIC, "why"] == "few" and leader.loc[CLINIC, SAID].isna().all()
    for unit, row in leader[leader["why"] == "beside"].iterrows():
        assert row[SAID].isna().all(), unit
    lines = ask(book.lines, OFFICER, number)
    for unit in shown:  # what is left of it, without any set of shown units below it, holds no few
        below = [one for one in shown if one != unit and unit in line(one)]
        rest = [unit in line(one) and not any(other in line(one) for other in below) for one in lines["unit"]]
        assert sum(rest) == 0 or sum(rest) > 3


SMALL_TREE = pd.DataFrame(
    [(1, None, 100), (2, 1, 40), (3, 1, 30), (4, 1, 30)], columns=["unit", "parent", "numerator"]
)


@pytest.mark.parametrize(
    ("shown", "of_four", "also"),
    [
        ({1, 2, 3}, ["denied"] * 6, {3}),  # the district less two is the fourth, all of whom denied
        ({1, 2, 3}, ["denied", "confirmed"] * 10, set()),  # enough, and not alike
        ({1, 2, 3}, ["not_reached"] * 6, set()),  # nobody said anything
        ({1, 2}, ["denied"] * 6, set()),  # together with the third it tells nobody
        ({2, 3}, ["denied"] * 6, set()),  # no sum to take them off
    ],
)
def test_one_more_is_withheld_only_where_the_rest_tells(shown, of_four, also):
    said = {2: ["confirmed", "denied"] * 8, 3: ["confirmed", "denied"] * 6, 4: of_four}
    sample = pd.DataFrame([(unit, one) for unit, told in said.items() for one in told])
    sample.columns = ["unit", "outcome"]
    assert withheld(shown, sample, SMALL_TREE, least=10, few=5) == also
