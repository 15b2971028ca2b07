"""How values are written."""

from __future__ import annotations

import math
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.card import Unit
from metrics.cards import CARDS
from metrics.units import MISSING, aim, count, difference, number, show
from metrics.wording import common
from pages._words import made_of


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (0.873, Unit.PERCENT, "87.3%", "87.3%"),
        (1.204, Unit.PERCENT, "120.4%", "120.4%"),
        (0.0, Unit.PERCENT, "0.0%", "0.0%"),
        (128_000, Unit.PERSON_TIMES, "128,000 人次", "128,000 person-times"),
        (128.54, Unit.YUAN, "128.5 元", "128.5 yuan"),
        (3.456, Unit.PER_PERSON, "3.46 次/人", "3.46 per person"),
        (math.nan, Unit.PERSONS, MISSING, MISSING),
        (None, Unit.PERSONS, MISSING, MISSING),
    ],
)
def test_show(value, unit, zh, en):
    assert show(value, unit, "zh") == zh
    assert show(value, unit, "en") == en


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1, Unit.PERSONS, "1 person"),
        (1, Unit.COPIES, "1 copy"),
        (1, Unit.SESSIONS, "1 session"),
        (1, Unit.PIECES, "1"),
        (2, Unit.PERSONS, "2 people"),
        (1.0, Unit.HOURS, "1.0 hours"),
        (11, Unit.CASES, "11 cases"),
    ],
)
def test_english_has_one_person_and_two_people(value, unit, words):
    assert show(value, unit, "en") == words


@pytest.mark.parametrize(
    ("value", "beside", "words"),
    [
        (0.9997, None, "99.97%"),  # not all
        (0.99999, None, "99.999%"),
        (1.0, None, "100.0%"),
        (1.0004, None, "100.04%"),
        (0.0003, None, "0.03%"),  # not nothing
        (0.9497, None, "95.0%"),
        (0.9497, 0.95, "94.97%"),  # it misses the target that stands beside it
        (0.94, 0.95, "94.0%"),
        (0.95, 0.95, "95.0%"),
        (0.1 + 0.2, 0.3, "30.0%"),  # the same number, computed in two ways
        (0.1503, 0.15, "15.03%"),  # of what should not happen
        (99_999_999 / 100_000_000, 1.0, "99.999999%"),
        (0.9497, math.nan, "95.0%"),
    ],
)
def test_what_misses_a_target_never_reads_as_if_it_had_reached_it(value, beside, words):
    assert show(value, Unit.PERCENT, "zh", beside=beside) == words


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from([1, 0.95, 0.9, 0.15, 0.005]))
def test_a_figure_and_its_target_are_written_alike_only_where_they_are_alike(top, of, target):
    written = show(top / of, Unit.PERCENT, "en", beside=target)
    alike = Fraction(top, of) == Fraction(str(target))
    assert (written == show(target, Unit.PERCENT, "en")) == alike


def test_a_distance_to_a_target_is_never_written_as_none():
    assert difference(-0.0003, Unit.PERCENT, "en", fine=True) == "−0.03 points"
    assert difference(0.0, Unit.PERCENT, "en", fine=True) == "0.0 points"
    assert difference(-0.087, Unit.PERCENT, "en", fine=True) == "−8.7 points"


def test_a_rank_is_a_place():
    assert (show(3, Unit.RANK, "zh"), show(3, Unit.RANK, "en")) == ("第 3 名", "No. 3")
    assert difference(-1, Unit.RANK, "en") == "−1 place"


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (2, 3, Unit.PER_10K, "2.00–3.00 per 10,000"),
        (0.3, 0.4, Unit.PERCENT, "30.0%–40.0%"),
        (12, math.nan, Unit.SESSIONS, "12 sessions"),
        (math.nan, math.nan, Unit.SESSIONS, MISSING),
    ],
)
def test_a_target_shows_both_ends(low, high, unit, words):
    assert aim(low, high, unit, "en") == words


def test_every_unit_has_words():
    for unit in Unit:
        assert show(1, unit, "zh") != show(1, unit, "en") or unit is Unit.PERCENT


@pytest.mark.parametrize(
    ("gap", "unit", "text"),
    [
        (-0.087, Unit.PERCENT, "−8.7 points"),
        (0.021, Unit.PERCENT, "+2.1 points"),
        (0.0, Unit.PERCENT, "0.0 points"),
        (-0.00001, Unit.PERCENT, "0.0 points"),  # no "minus nothing"
        (-1200, Unit.VISITS, "−1,200 visits"),
        (math.nan, Unit.PERCENT, MISSING),
    ],
)
def test_difference(gap, unit, text):
    assert difference(gap, unit, "en") == text


def test_missing_is_never_zero():
    assert count(math.nan) == MISSING
    assert number(None, Unit.DOSES) == MISSING
    assert count(0) == "0"
    assert count(-0.3) == "0"
    assert count(-1234.0) == "−1,234"


def _sides(numerator, denominator, status="ok"):
    return SimpleNamespace(numerator=numerator, denominator=denominator, status=status)


def test_a_hidden_side_has_a_word_of_its_own():
    """Neither 0 nor the sign of what is missing."""
    card, words = CARDS["fd_fulfilment_rate"], common("zh")
    assert made_of(_sides(math.nan, 40.0, "hidden"), card, words) == "未公开 / 40"
    assert made_of(_sides(math.nan, 40.0, "none"), card, words) == f"{MISSING} / 40"


def test_both_sides_of_a_share_of_money_are_in_yuan():
    """80.50 of 100 yuan, kept as fen."""
    card, words = CARDS["fund_usage_scope"], common("zh")
    assert made_of(_sides(8_050.0, 10_000.0), card, words) == "80.5 / 100.0 元"
    assert made_of(_sides(3.0, 4.0), CARDS["fd_fulfilment_rate"], words) == "3 / 4"
