"""Forecasts of the year's end: worked examples, what must always hold, and how often they are right."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.card import Unit
from metrics.cards import CARDS
from metrics.heading import chances
from metrics.heading.course import district_course, filled, shrunk
from metrics.heading.forecast import Histories, Outlook, outlook, outlooks
from metrics.heading.headings import of_figures
from metrics.heading.pace import Ahead, total
from metrics.heading.reserve import with_reserve
from metrics.judgement import accumulates
from metrics.small_numbers import HIDDEN
from tests.heading import calibration, tuning

EVEN = np.full(12, 1 / 12)
CARD = CARDS["el_exam_rate"]
JULY = 2025 * 12 + 6


# -- the course --------------------------------------------------------------------------------------


def test_the_course_is_what_fell_into_each_month():
    """Two units with 30 and 10 services: 20 in January, 20 in June; a tenth is spread evenly."""
    last = np.array([[15.0] * 5 + [30.0] * 7, [5.0] * 5 + [10.0] * 7])
    assert district_course(last, 0.0)[[0, 5]] == pytest.approx([0.5, 0.5])
    assert district_course(last, 0.1)[0] == pytest.approx(0.45 + 0.1 / 12)
    assert district_course(last, 0.1).sum() == pytest.approx(1)
    assert district_course(np.full((1, 12), np.nan), 0.1) == pytest.approx(EVEN)


@pytest.mark.parametrize(("weight", "share"), [(0.0, 1.0), (100.0, 0.5 + 0.5 / 12), (math.inf, 1 / 12)])
def test_small_units_have_the_district_s_course(weight, share):
    """100 services, all in January; the district's course is even: a weight of 100 puts it half way."""
    assert shrunk(np.full((1, 12), 100.0), EVEN, weight)[0, 0] == pytest.approx(share)


def test_gaps_are_closed_along_the_course():
    gaps = np.array([[np.nan, np.nan, 30.0, np.nan, 50.0, np.nan]])
    assert filled(gaps, EVEN)[0, :5] == pytest.approx([10, 20, 30, 40, 50])
    assert math.isnan(filled(gaps, EVEN)[0, 5])


# -- the range ---------------------------------------------------------------------------------------


def test_the_sum_of_uncertain_months_is_a_lognormal_of_the_same_mean_and_variance():
    """Two months of 10, each lognormal(0, 0.04), independent: mean 20 e^0.02, variance 2 (10 e^0.02)^2 (e^0.04 - 1)."""
    mean, spread = total(
        np.full((1, 2), 10.0),
        Ahead(0.0, np.zeros((1, 2)), 0.04 * np.eye(2)[None], np.full((1, 2), 0.04)),
        np.zeros(1),
    )
    expected = 20 * math.exp(0.02)
    variance = 2 * (10 * math.exp(0.02)) ** 2 * math.expm1(0.04)
    assert spread[0] ** 2 == pytest.approx(math.log1p(variance / expected**2))
    assert math.exp(mean[0] + spread[0] ** 2 / 2) == pytest.approx(expected)


def test_a_month_that_was_large_by_chance_is_not_expected_so_again():
    """Of a unit's own last year the noise is in the expectation already: its mean is 20, not 20 e^0.02."""
    months = Ahead(0.0, np.zeros((1, 2)), 0.04 * np.eye(2)[None], np.full((1, 2), 0.04))
    mean, spread = total(np.full((1, 2), 10.0), months, np.ones(1))
    assert math.exp(mean[0] + spread[0] ** 2 / 2) == pytest.approx(20)


def test_chances_are_binomial_among_those_left():
    """6 of 10 done; each of 4 left is served with 1/2: 8 or more means 2 or more of 4, 11 in 16."""
    one = Outlook(np.array([6.0]), np.array([4.0]), np.array([10.0]), np.array([[0.5]]), np.array([1.0]))
    assert one.chance(np.array([8.0]))[0] == pytest.approx(11 / 16)
    assert one.chance(np.array([6.0]))[0] == 1
    assert one.chance(np.array([11.0]))[0] == 0
    assert math.isnan(one.chance(np.array([math.nan]))[0])
    # P(at most 7) = 5/16, P(at most 8) = 11/16
    assert [one.reached(share)[0] for share in (0.05, 0.3, 0.4, 0.95)] == [6, 7, 8, 10]


def test_counts_have_no_end():
    """3 done and 2 to come: P(3 or more of Poisson 2) = 1 - 5 e^-2."""
    one = Outlook(np.array([3.0]), np.array([np.inf]), np.array([np.nan]), np.array([[2.0]]), np.array([1.0]))
    assert one.chance(np.array([6.0]))[0] == pytest.approx(1 - 5 * math.exp(-2))
    assert one.reached(0.5)[0] == 5


def histories(this_year, last_year, people, once=True) -> Histories:
    last = np.array(last_year, float)
    of = np.array(people, float)
    return Histories(np.array(this_year, float), last, of, np.repeat(of[:, None], 12, axis=1), once)


ends = st.lists(st.integers(200, 900), min_size=1, max_size=5)


few = settings(max_examples=max(6, settings.default.max_examples // 3))  # each takes a tenth of a second


@few
@given(end=ends, months=st.integers(3, 11), pace=st.floats(0.5, 1.05))
def test_an_exact_continuation_lies_within_the_range(end, months, pace):
    """This year goes as last year did, at another pace: the range has what it then reaches."""
    course = np.cumsum([3, 1, 2, 5, 4, 2, 1, 1, 6, 5, 2, 2]) / 34
    last = np.round(np.outer(end, course))
    truth = np.round(last * pace)
    found = outlook(histories(truth[:, :months], last, np.array(end) * 2.0), 0.1)
    assert (found.reached(0.1) <= truth[:, -1]).all()
    assert (found.reached(0.9) >= truth[:, -1]).all()


def cumulative(months):
    return st.lists(st.integers(0, 60), min_size=months, max_size=months).map(np.cumsum)


@few
@given(last=cumulative(12), now=cumulative(6), extra=st.integers(0, 80))
def test_ranges_and_chances_are_what_they_are(last, now, extra):
    """A chance lies in 0..1, falls with the target; the range lies between what is done and everybody, and is in order."""
    people = max(last[-1], now[-1], 1) + extra
    found = outlook(histories([now + 1], [last + 1], [people + 1]), 0.1)
    chance = [found.chance(np.array([float(n)]))[0] for n in range(0, int(people) + 3, 7)]
    assert all(0 <= one <= 1 for one in chance)
    assert (np.diff(chance) <= 1e-9).all()
    marks = [found.reached(share)[0] for share in (0.025, 0.1, 0.5, 0.9, 0.975)]
    assert marks == sorted(marks)
    assert now[-1] + 1 <= marks[0] and marks[-1] <= people + 1


@few
@given(now=st.lists(st.integers(20, 60), min_size=6, max_size=6), pace=st.floats(1.1, 1.6))
def test_more_services_never_make_a_worse_outlook(now, pace):
    """The same months at a better pace: at least as many are expected by the year's end, and no smaller a chance."""
    last = np.cumsum(np.full(12, 40))
    fewer = np.cumsum(now)
    better = np.cumsum(np.ceil(np.array(now) * pace))
    a, b = (outlook(histories([one], [last], [1200.0]), 0.1) for one in (fewer, better))
    assert b.reached(0.5)[0] >= a.reached(0.5)[0]
    for target in (400.0, 500.0, 600.0):
        assert b.chance(np.array([target]))[0] >= a.chance(np.array([target]))[0] - 1e-6


def test_ranges_widen_with_the_months_ahead():
    last = np.cumsum(np.full((4, 12), 30.0), axis=1)
    found = outlooks(histories(last[:, :5], last, np.full(4, 600.0)), 0.1, [1, 4, 7], place=2)
    width = [float(one.reached(0.9)[0] - one.reached(0.1)[0]) for one in found]
    assert width == sorted(width) and width[0] < width[-1]


# -- the reserve of chances --------------------------------------------------------------------------


def test_a_chance_moves_towards_a_half():
    """12 months ahead and a quarter a month: twice the spread. One standard deviation above becomes half of one."""
    said = with_reserve(np.array([0.841345, 0.5, 0.158655]), 12, 0.25)
    assert said == pytest.approx([0.691462, 0.5, 0.308538], abs=1e-6)
    assert with_reserve(np.array([0.3]), 12, 0.0)[0] == pytest.approx(0.3)


def test_what_is_certain_stays_certain():
    said = with_reserve(np.array([0.0, 1.0, math.nan]), 5, 0.25)
    assert said[:2].tolist() == [0, 1] and math.isnan(said[2])


@given(chance=st.floats(0.001, 0.999), more=st.floats(0, 0.5), months=st.integers(1, 9))
def test_the_reserve_grows_with_the_months_and_changes_no_order(chance, more, months):
    near, far = (with_reserve(np.array([chance]), n, 0.25)[0] for n in (months, months + 1))
    assert abs(far - 0.5) <= abs(near - 0.5) + 1e-12 and (far - 0.5) * (chance - 0.5) >= 0
    better = with_reserve(np.array([chance + more * (1 - chance)]), months, 0.25)[0]
    assert better >= near - 1e-12


# -- from figures ------------------------------------------------------------------------------------


def figures(units=(1, 2, 3), upto=JULY) -> pd.DataFrame:
    """Published figures of last year and this one: 20 a month and unit of 400, each unit alike."""
    rows = [
        (unit, month, 20.0 * (month % 12 + 1), 400.0, "ok")
        for unit in units
        for month in range(2024 * 12, upto + 1)
    ]
    return pd.DataFrame(rows, columns=["unit", "month", "numerator", "denominator", "status"])


def changed(frame, unit, month, **values) -> pd.DataFrame:
    frame = frame.copy()
    for name, value in values.items():
        frame.loc[(frame["unit"] == unit) & (frame["month"] == month), name] = value
    return frame


def test_a_heading_in_the_value_s_own_unit():
    found = of_figures(figures(), 2, "station", CARD, JULY, 0.6)
    assert found.reason == ""
    assert found.months == tuple(range(JULY + 1, 2025 * 12 + 12))
    assert 0.35 < found.low_outer[-1] <= found.low[-1] < 0.6 < found.high[-1] <= found.high_outer[-1] <= 1
    assert 0.3 < found.chance < 0.75
    assert math.isnan(of_figures(figures(), 2, "station", CARD, JULY).chance)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"month": JULY, "status": HIDDEN, "numerator": math.nan}, "hidden"),
        ({"month": JULY, "numerator": math.nan}, "hidden"),
        ({"month": 2024 * 12 + 11, "status": HIDDEN, "numerator": math.nan}, "hidden"),
        ({"month": JULY, "status": "part"}, "no_figure"),
        ({"month": 2024 * 12 + 11, "status": "none", "numerator": math.nan}, "no_last_year"),
        ({"month": JULY, "numerator": 9.0}, "few"),
        ({"month": JULY, "numerator": 401.0}, "not_share"),
        ({"month": JULY, "denominator": math.nan}, "not_share"),
    ],
)
def test_why_there_is_no_forecast(change, reason):
    frame = changed(figures(), 2, change.pop("month"), **change)
    found = of_figures(frame, 2, "station", CARD, JULY, 0.6)
    assert found.reason == reason and not found.months and math.isnan(found.chance)


def test_a_bureau_is_told_from_figures_of_part_of_its_units():
    frame = changed(figures((1,)), 1, JULY, status="part")
    assert of_figures(frame, 1, "bureau", CARD, JULY).reason == ""


def test_what_is_hidden_has_no_part_in_a_forecast():
    """Another number behind a hidden figure changes nothing: of the unit's past, and of its peers."""
    told = []
    for secret in (3.0, 4.0):
        frame = changed(figures(), 2, JULY - 2, numerator=secret)
        frame = changed(frame, 3, 2024 * 12 + 11, numerator=secret)
        masked = frame.copy()  # as ``shown_to`` gives it
        gone = ((frame["unit"] == 2) & (frame["month"] == JULY - 2)) | (
            (frame["unit"] == 3) & (frame["month"] == 2024 * 12 + 11)
        )
        masked.loc[gone, "numerator"] = math.nan
        masked.loc[gone, "status"] = HIDDEN
        told.append(of_figures(masked, 2, "station", CARD, JULY, 0.6))
    assert told[0] == told[1] and told[0].reason == ""


def test_every_growing_card_is_a_share_a_mean_or_a_count():
    growing = [card for card in CARDS.values() if accumulates(card, "ytd")]
    assert len(growing) > 50
    assert all(card.unit is not Unit.PERCENT or card.is_ratio for card in growing)


# -- words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chance", "word", "percent"),
    [
        (0.0, "hardly", "<1%"),
        (0.01, "very_unlikely", "1%"),
        (0.21, "unlikely", "20%"),
        (0.5, "even", "50%"),
        (0.7, "likely", "70%"),
        (0.96, "very_likely", "96%"),
        (1.0, "almost_sure", ">99%"),
    ],
)
def test_chances_in_words(chance, word, percent):
    assert (chances.word(chance), chances.percent(chance)) == (word, percent)


@pytest.mark.parametrize("chance", [-0.1, 1.1, math.nan])
def test_what_is_no_chance_has_no_word(chance):
    with pytest.raises(ValueError, match="no chance"):
        chances.word(chance)


# -- calibration -------------------------------------------------------------------------------------


def holds(found: pd.DataFrame, bands: int) -> None:
    """What was said is what happened, within what so many forecasts allow."""
    table = calibration.reliability(found)
    table = table[table["targets"] >= 25]
    assert len(table) >= bands
    # Forecasts of one district miss together: three times the spread of as many independent ones.
    allowed = 3 * np.sqrt(table["said"] * (1 - table["said"]) / table["targets"]) + 0.03
    assert ((table["said"] - table["met"]).abs() <= allowed).all(), table
    assert 0.72 <= found["inside80"].mean() <= 0.92
    assert 0.90 <= found["inside95"].mean() <= 0.995


def test_what_is_said_happens_as_often():
    found = calibration.forecasts(tuning.districts(3, 12), 7)
    holds(found, 4)


@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "inner", "outer", "surest"),
    [
        ("withheld", (0.75, 0.88), (0.92, 0.98), 0.95),
        (
            "withheld_fresh",
            (0.71, 0.88),
            (0.87, 0.98),
            0.95,
        ),  # ranges are too narrow there: docs/statistics.md
        ("withheld_third", (0.55, 0.88), (0.70, 0.98), 0.85),  # and far too narrow there
    ],
)
def test_what_is_promised_holds_in_fifty_districts_that_were_withheld(module, inner, outer, surest):
    """Of targets given 70 to 90 % that share is met; bands are in order; ranges are as the docs tell."""
    districts = importlib.import_module(f"tests.heading.{module}").districts(20261124, 50)
    for some in (districts, calibration.aimed_beforehand(districts, 20261124)):
        found = pd.concat([calibration.forecasts(some, after) for after in calibration.AFTER])
        table = calibration.reliability(found)
        assert table["targets"].iloc[4] > 400 and 0.7 <= table["met"].iloc[4] <= 0.9
        assert table["met"].is_monotonic_increasing
        assert table["met"].iloc[0] < 0.15 and table["met"].iloc[-1] > surest
        assert inner[0] <= found["inside80"].mean() <= inner[1]
        assert outer[0] <= found["inside95"].mean() <= outer[1]
