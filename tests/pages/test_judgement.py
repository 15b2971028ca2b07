"""The arithmetic behind every page, on numbers small enough to check by eye."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.card import Direction, Unit
from metrics.cards import CARDS as ALL_CARDS
from metrics.judgement import (
    Targets,
    best_pace,
    expected_by_now,
    judge,
    judged,
    last_chance,
    missing,
    months_elapsed,
    ranked,
    seasonal_course,
)
from tests.pages.cards import CARDS, count

SHARE, STOCK, SEASON = CARDS["elder"], CARDS["contract"], CARDS["flu60"]
COUNT, LOWER, LEVEL = CARDS["followups"], CARDS["antibiotic"], CARDS["htn_control"]
OCTOBER, DECEMBER, JANUARY, JULY = 2026 * 12 + 9, 2026 * 12 + 11, 2026 * 12, 2026 * 12 + 6
NAN = math.nan


@pytest.mark.parametrize(
    ("subject", "month", "elapsed"),
    [
        (SHARE, JANUARY, 1),
        (SHARE, OCTOBER, 10),
        (SHARE, DECEMBER, 12),
        (SEASON, JULY, 1),
        (SEASON, DECEMBER, 6),
    ],
)
def test_months_elapsed(subject, month, elapsed):
    assert months_elapsed(subject, month) == elapsed


@pytest.mark.parametrize(
    ("subject", "basis", "month", "target", "expected"),
    [
        (SHARE, "ytd", OCTOBER, 0.72, 0.72 * 10 / 12),  # grows with the year
        (SEASON, "ytd", DECEMBER, 0.70, 0.70 * 6 / 12),  # grows with the season
        (COUNT, "ytd", OCTOBER, 1200, 1200 * 10 / 12),
        (COUNT, "r12", OCTOBER, 1200, 1200),  # twelve months are a whole year
        (STOCK, "as_of", OCTOBER, 0.80, 0.80),  # a stock is due all year
        (LEVEL, "ytd", OCTOBER, 0.70, 0.70),  # its rule already asks pro rata
        (LOWER, "ytd", OCTOBER, 0.15, 0.15),  # less is better: nothing to grow
    ],
)
def test_expected_by_now(subject, basis, month, target, expected):
    assert expected_by_now(subject, basis, month, target) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("subject", "target", "numerator", "denominator", "short"),
    [
        (SHARE, 0.70, 60, 100, 10),
        (SHARE, 0.70, 60, 101, 11),  # 70.7 people are 71
        (SHARE, 0.90, 90, 110, 9),  # 0.9 * 110 is 99, whatever the machine thinks
        (SHARE, 0.70, 80, 100, 0),  # never negative
        (SHARE, 1.00, 0, 0, 0),
        (COUNT, 1200, 900, NAN, 300),
        (SHARE, NAN, 60, 100, NAN),
        (SHARE, 0.70, 60, NAN, NAN),
        (LOWER, 0.15, 60, 100, NAN),  # nobody is missing where less is better
        (CARDS["visits"], 100, 60, NAN, NAN),
        (CARDS["cost"], 100, 60, 10, NAN),
    ],
)
def test_missing(subject, target, numerator, denominator, short):
    assert missing(subject, target, numerator, denominator) == pytest.approx(short, nan_ok=True)


@given(st.integers(1, 999), st.integers(0, 10**6), st.integers(1, 10**6))
def test_missing_is_the_least_that_reaches_the_target(thousandths, numerator, denominator):
    """With so many more the target is reached; with one fewer it is not."""
    numerator = min(numerator, denominator)
    short = int(missing(SHARE, thousandths / 1000, numerator, denominator))
    assert (numerator + short) * 1000 >= thousandths * denominator
    if short:
        assert (numerator + short - 1) * 1000 < thousandths * denominator


@pytest.mark.parametrize(
    ("subject", "status", "value", "target", "expected", "word"),
    [
        (SHARE, "ok", 0.75, 0.70, 0.58, "above"),
        (SHARE, "ok", 0.7004, 0.70, 0.58, "at"),  # 70.0 % as shown
        (SHARE, "ok", 0.9997, 1.00, 1.00, "below"),  # one of three thousand is missing
        (SHARE, "ok", 0.7, 0.1 + 0.6, 0.58, "at"),
        (LOWER, "ok", 0.1504, 0.15, 0.15, "below"),
        (LOWER, "ok", 0.1496, 0.15, 0.15, "at"),
        (SHARE, "ok", 0.60, 0.70, 0.58, "course"),
        (SHARE, "ok", 0.50, 0.70, 0.58, "below"),
        (SHARE, "ok", 0.69, 0.70, 0.70, "below"),
        (LOWER, "ok", 0.12, 0.15, 0.15, "above"),  # better than the target, though smaller
        (LOWER, "ok", 0.16, 0.15, 0.15, "below"),
        (SHARE, "part", 0.10, 0.70, 0.58, "none"),  # part of a figure is not judged
        (SHARE, "none", NAN, 0.70, 0.58, "none"),
        (SHARE, "ok", 0.75, NAN, NAN, "none"),
        (CARDS["visits"], "ok", 100, 50, 50, "none"),
    ],
)
def test_judge(subject, status, value, target, expected, word):
    assert judge(subject, status, value, target, expected) == word


def target_rows(*rows):
    columns = ["indicator", "year", "unit_kind", "unit", "value", "source", "in_force"]
    return Targets(pd.DataFrame(rows, columns=columns))


def test_the_most_particular_target_holds():
    targets = target_rows(
        ("elder", 2026, None, None, 0.70, "district", True),
        ("elder", 2026, "station", None, 0.65, "stations", True),
        ("elder", 2026, None, 12, 0.60, "an agreement", True),
        ("elder", 2026, None, None, 0.90, "a draft", False),
    )
    assert targets.find("elder", 2026, 12, "station") == (0.60, "an agreement")
    assert targets.find("elder", 2026, 13, "station") == (0.65, "stations")
    assert targets.find("elder", 2026, 2, "centre") == (0.70, "district")
    assert math.isnan(targets.find("elder", 2025, 2, "centre")[0])


def figures(*rows):
    columns = ["indicator", "unit", "month", "basis", "numerator", "listed", "denominator", "value", "status"]
    return pd.DataFrame(rows, columns=columns)


def test_judged_adds_what_pages_show():
    """60 of 100, target 70 %, in October: 10 missing, 5 a month; 40 of the 100 are not known by name."""
    frame = figures(
        ("elder", 2, OCTOBER, "ytd", 60.0, 100.0, 100.0, 0.60, "ok"),
        ("contract", 2, OCTOBER, "as_of", 55.0, 60.0, 100.0, 0.55, "ok"),
    )
    targets = target_rows(
        ("elder", 2026, None, None, 0.70, "s", True), ("contract", 2026, None, None, 0.70, "s", True)
    )
    out = judged(frame, CARDS, targets, {2: "centre"}).set_index("indicator")
    assert out.loc["elder", ["missing", "per_month", "months_left"]].tolist() == [10, 5, 2]
    assert out.loc["elder", "judgement"] == "course"  # 70 % * 10/12 = 58.3 %
    assert out.loc["elder", "gap"] == pytest.approx(-0.10)
    assert out.loc["contract", "judgement"] == "below"
    assert out.loc["contract", "unnamed"] == 40
    assert math.isnan(out.loc["elder", "unnamed"])


@pytest.mark.parametrize(
    ("value", "gap"), [(1.5, -0.5), (2.0, 0), (2.4, 0), (3.0, 0), (3.7, 0.7), (NAN, NAN)]
)
def test_the_gap_to_a_range_is_to_its_nearer_end(value, gap):
    """Two to three are asked for."""
    frame = figures(("visits", 2, OCTOBER, "as_of", value, NAN, NAN, value, "ok"))
    columns = ["indicator", "year", "unit_kind", "unit", "value", "source", "in_force", "value_to"]
    targets = Targets(pd.DataFrame([("visits", 2026, None, None, 2.0, "s", True, 3.0)], columns=columns))
    assert judged(frame, CARDS, targets, {}).iloc[0]["gap"] == pytest.approx(gap, nan_ok=True)


def test_more_people_known_than_approved_leaves_nobody_unnamed():
    """101 are listed where 100 were approved: 0, not −1."""
    frame = figures(("contract", 2, OCTOBER, "as_of", 55.0, 101.0, 100.0, 0.55, "ok"))
    assert judged(frame, CARDS, target_rows(), {}).iloc[0]["unnamed"] == 0


def test_what_a_share_of_money_lacks_is_in_yuan():
    """80 of 100 yuan, 90 % is the target: 10 yuan, though both sides are fen."""
    card = ALL_CARDS["fund_usage_scope"]
    assert missing(card, 0.9, 8_000.0, 10_000.0) == 10


def test_a_district_is_judged_though_one_unit_is_late():
    """A centre's part is never held against it; the bureau's answer does not wait for the last station."""
    row = ("elder", 1, OCTOBER, "ytd", 30.0, 100.0, 100.0, 0.30, "part")
    targets = target_rows(("elder", 2026, None, None, 0.70, "s", True))
    assert judged(figures(row), CARDS, targets, {1: "bureau"}).iloc[0]["judgement"] == "below"
    assert judged(figures(row), CARDS, targets, {1: "centre"}).iloc[0]["judgement"] == "none"


def test_in_december_all_that_is_missing_is_due_now():
    frame = figures(("elder", 2, DECEMBER, "ytd", 60.0, 100.0, 100.0, 0.60, "ok"))
    out = judged(frame, CARDS, target_rows(("elder", 2026, None, None, 0.70, "s", True)), {}).iloc[0]
    assert (out["missing"], out["per_month"], out["months_left"]) == (10, 10, 0)


def test_a_month_of_a_count_has_a_twelfth_of_the_task():
    frame = figures(("followups", 2, OCTOBER, "month", 90.0, NAN, NAN, 90.0, "ok"))
    out = judged(frame, CARDS, target_rows(("followups", 2026, None, None, 1200, "s", True)), {}).iloc[0]
    assert (out["target"], out["missing"]) == (100, 10)


def test_only_whole_figures_are_ranked():
    """A unit that delivered nothing or part is never a bad one; equal values share a rank."""
    frame = pd.DataFrame(
        {"value": [0.9, 0.8, 0.9, 0.1, NAN], "status": ["ok", "ok", "ok", "part", "none"]},
        index=["a", "b", "c", "part", "none"],
    )
    out = ranked(frame, SHARE)
    assert out["rank"].dropna().to_dict() == {"a": 1, "c": 1, "b": 3}
    assert set(out["peers"]) == {3}
    assert ranked(frame, LOWER)["rank"].dropna().to_dict() == {"b": 1, "a": 2, "c": 2}
    assert ranked(frame, CARDS["visits"])["rank"].isna().all()


def test_counts_that_are_lower_is_better_have_no_missing_unless_none_is_allowed():
    fewer = count("falls", "x", "x", "S10", unit=Unit.PERSONS, direction=Direction.LOWER)
    assert math.isnan(missing(fewer, 10, 20, NAN))
    assert missing(fewer, 0, 20, NAN) == 20


@pytest.mark.parametrize(
    ("status", "basis", "value", "word", "too_many"),
    [
        ("ok", "ytd", 0.0, "at", 0),  # nothing happened: met
        ("ok", "ytd", 3.0, "below", 3),
        ("ok", "month", 1.0, "below", 1),  # a twelfth of nothing is nothing
        ("none", "ytd", NAN, "none", NAN),  # nothing was delivered: nobody knows
        ("part", "ytd", 0.0, "none", 0),  # nothing as far as is known is not yet met
    ],
)
def test_what_should_not_happen_has_a_target_of_nothing(status, basis, value, word, too_many):
    accidents = count("accidents", "医疗事故", "Accidents", "S17", unit=Unit.CASES, direction=Direction.LOWER)
    frame = figures(("accidents", 2, OCTOBER, basis, value, NAN, NAN, value, status))
    targets = target_rows(("accidents", 2026, None, None, 0.0, "s", True))
    out = judged(frame, {"accidents": accidents}, targets, {2: "centre"}).iloc[0]
    assert (out["target"], out["expected"], out["judgement"]) == (0, 0, word)
    assert out["missing"] == pytest.approx(too_many, nan_ok=True)
    assert math.isnan(out["per_month"])  # what happened cannot be made good month by month
    assert math.isnan(last_chance(accidents, OCTOBER, 3, 1))


def test_a_share_that_should_be_nothing_has_nobody_missing():
    assert math.isnan(missing(LOWER, 0, 3, 100))


def test_what_is_due_by_now_follows_the_course_of_last_year():
    # Last year: 22 % in October, 66 % in December. So a third of this year's 64 % is due in October, not ten twelfths.
    october = 2026 * 12 + 9
    place = {"indicator": "elder", "unit": 3, "basis": "ytd", "status": "ok"}
    now = pd.DataFrame([{**place, "month": october, "value": 0.24}])
    before = pd.DataFrame(
        [
            {**place, "month": october - 12, "value": 0.22},
            {**place, "month": 2025 * 12 + 11, "value": 0.66},
        ]
    )
    reached = seasonal_course(now, before, CARDS)
    assert reached == {("elder", 3, october): pytest.approx(0.22 / 0.66)}
    assert expected_by_now(CARDS["elder"], "ytd", october, 0.64, 0.22 / 0.66) == pytest.approx(0.64 / 3)
    assert expected_by_now(CARDS["elder"], "ytd", october, 0.64) == pytest.approx(0.64 * 10 / 12)


def test_without_a_last_year_nothing_is_known_of_its_course():
    place = {"indicator": "elder", "unit": 3, "basis": "ytd", "status": "ok"}
    now = pd.DataFrame([{**place, "month": 2024 * 12 + 9, "value": 0.24}])
    assert seasonal_course(now, now.iloc[:0], CARDS) == {}


def test_without_a_figure_nobody_is_missing():
    row = dict(indicator="elder", unit=1, month=2026 * 12 + 9, basis="ytd", status="untold")
    frame = pd.DataFrame(
        [{**row, "numerator": 0.0, "listed": 10.0, "denominator": 12.0, "value": float("nan")}]
    )
    out = judged(frame, CARDS, target_rows(("elder", 2026, None, None, 0.70, "s", True)), {}).iloc[0]
    assert pd.isna(out["missing"])
    assert out["judgement"] == "none"


# -- by when it can no longer be reached ------------------------------------------------------------------


def test_best_pace_of_a_figure_that_starts_anew():
    """+120 in January (from nothing), +80 in February, -10 in March; last December's 900 is another year's."""
    numerators = {JANUARY - 1: 900, JANUARY: 120, JANUARY + 1: 200, JANUARY + 2: 190}
    assert best_pace(SHARE, "ytd", numerators) == 120


def test_best_pace_of_a_stock_goes_over_the_years_end():
    """+300 in December, +50 in January; a month that is not published (March) gives no step to April."""
    numerators = {JANUARY - 2: 500, JANUARY - 1: 800, JANUARY: 850, JANUARY + 3: 2000}
    assert best_pace(STOCK, "as_of", numerators) == 300


def test_best_pace_of_single_months_and_of_nothing():
    assert best_pace(COUNT, "month", {JANUARY: 30, JANUARY + 1: 45}) == 45
    assert math.isnan(best_pace(COUNT, "r12", {JANUARY: 30, JANUARY + 1: 45}))
    assert math.isnan(best_pace(SHARE, "ytd", {JANUARY + 5: 30}))


@pytest.mark.parametrize(
    ("month", "short", "pace", "last"),
    [
        (OCTOBER, 200, 100, DECEMBER - 1),  # two months of 100: November and December
        (OCTOBER, 100, 100, DECEMBER),
        (OCTOBER, 201, 100, OCTOBER),  # three months would have been needed: too late
        (JANUARY, 1100, 100, JANUARY + 1),  # eleven months from February on
        (DECEMBER, 1, 100, DECEMBER),  # the year is over
        (OCTOBER, 0, 100, NAN),  # nobody is missing
        (OCTOBER, NAN, 100, NAN),
        (OCTOBER, 5, 0, NAN),  # it never grew
        (OCTOBER, 5, NAN, NAN),
    ],
)
def test_last_chance(month, short, pace, last):
    assert last_chance(SHARE, month, short, pace) == pytest.approx(last, nan_ok=True)


def test_what_should_not_happen_has_no_last_chance():
    assert math.isnan(last_chance(LOWER, OCTOBER, 5, 100))


def test_last_chance_of_a_season_is_its_own_end():
    """In December a season from July to June has six months left: 100 are two months of 50, May and June."""
    assert last_chance(SEASON, DECEMBER, 100, 50) == DECEMBER + 5


# -- ranges -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "value", "judgement"),
    [
        (SHARE, 0.25, "at"),
        (SHARE, 0.2, "at"),
        (SHARE, 0.3, "at"),
        (SHARE, 0.3004, "above"),
        (SHARE, 0.1996, "below"),
        (SHARE, 0.31, "above"),
        (SHARE, 0.19, "below"),
        (LOWER, 0.31, "below"),
        (LOWER, 0.19, "above"),
    ],
)
def test_range(subject, value, judgement):
    assert judge(subject, "ok", value, 0.2, 0.2, 0.3) == judgement


def test_a_unit_comes_before_its_kind_and_before_all():
    columns = ["indicator", "year", "unit_kind", "unit", "value", "value_to", "source", "in_force"]
    frame = pd.DataFrame(
        [
            ("a", 2026, None, None, 0.5, None, "all", True),
            ("a", 2026, "centre", None, 0.6, None, "centres", True),
            ("a", 2026, None, 7, 0.7, 0.8, "unit 7", True),
            ("a", 2026, "centre", None, 0.9, None, "another source", False),
        ],
        columns=columns,
    )
    found = Targets(frame)
    assert found.find("a", 2026, 7, "centre") == (0.7, "unit 7")
    assert found.find_range("a", 2026, 7, "centre") == (0.7, "unit 7", 0.8)
    assert found.find("a", 2026, 8, "centre") == (0.6, "centres")
    assert found.find("a", 2026, 9, "station") == (0.5, "all")


def test_what_is_missing_of_money_is_in_the_cards_unit():
    """Numerators are fen: 80,000 yuan of 100,000 leave 20,000."""
    income = count("income", "收入", "Income", "S21", unit=Unit.WAN_YUAN)
    assert missing(income, 10, 8_000_000, math.nan) == 2
    assert best_pace(income, "ytd", {24300: 2_000_000, 24301: 5_000_000}) == 3
