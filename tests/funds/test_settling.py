"""Entitlements and settlements by hand, and against a plain second computation."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.funds.entitlement import entitlements
from metrics.funds.settling import Line, NotScoredError, by_coefficient, by_work_points
from metrics.funds.terms import Band, Terms, terms_of
from metrics.funds.what_if import compared
from metrics.standards.files import StandardsError

BANDS = (Band(Fraction(90), Fraction(1)), Band(Fraction(60), None), Band(Fraction(0), Fraction(0)))


def terms(**changes) -> Terms:
    """10 yuan a head, 70 % in advance, 30 % by score, two programmes of equal worth."""
    return Terms(
        **{
            "year": 2025,
            "per_head": 1000,
            "prepaid": Fraction(7, 10),
            "held_back": Fraction(3, 10),
            "bands": BANDS,
            "programmes": {"S10": Fraction(1, 2), "S11": Fraction(1, 2)},
            "work_points": {("S10", "checks"): Fraction(5), ("S11", "visits"): Fraction(2)},
            "quality": Fraction(85, 100),
            "village_doctors": Fraction(4, 10),
            **changes,
        }
    )


def whole(lines: list[Line]) -> dict[int, Line]:
    return {line.unit: line for line in lines if line.programme == ""}


@pytest.mark.parametrize(
    # 100 people x 10 yuan = 1,000 yuan: 700 in advance, 300 by score
    ("score", "paid", "earned", "settled", "clawed_back", "withheld"),
    [
        (95, 70_000, 100_000, 30_000, 0, 0),  # 90 and more: all of the reward
        (90, 70_000, 100_000, 30_000, 0, 0),
        (80, 70_000, 94_000, 24_000, 0, 6_000),  # 700 + 80 % of 300
        (60, 70_000, 88_000, 18_000, 0, 12_000),  # 700 + 60 % of 300
        (59, 70_000, 70_000, 0, 0, 30_000),  # below 60: nothing of the reward
        (59, 72_000, 70_000, 0, 2_000, 30_000),  # 20 yuan too much were paid
        (80, 0, 94_000, 94_000, 0, 6_000),  # nothing was paid in advance
    ],
)
def test_by_coefficient(score, paid, earned, settled, clawed_back, withheld) -> None:
    due = entitlements(terms(), {1: 100})
    line = whole(by_coefficient(terms(), due, {1: Fraction(score)}, {1: paid}))[1]
    assert (line.earned, line.settled, line.clawed_back, line.withheld) == (
        earned,
        settled,
        clawed_back,
        withheld,
    )
    assert line.entitlement == 100_000
    assert line.in_advance == 70_000


def test_by_work_points() -> None:
    """Two units of 50 people: 500 yuan a programme, 250 of each unit's population.

    S10: unit 1 did 10 checks of 5 points = 50, unit 2 did 40 = 200: 500 x 50/250 = 100 and 400.
    S11: unit 1 did 100 visits = 200, unit 2 100 = 200 cut by a coefficient of 0.5 to 100: 500 x 200/300 = 333.33, 166.67.
    """
    due = entitlements(terms(), {1: 50, 2: 50})
    done = {(1, "checks"): 10, (2, "checks"): 40, (1, "visits"): 100, (2, "visits"): 100}
    quality = {(2, "S11"): Fraction(1, 2), (1, "S11"): Fraction(85, 100)}
    lines = by_work_points(terms(), due, done, quality, {1: 35_000})
    earned = {(line.unit, line.programme): line.earned for line in lines}
    assert earned == {
        (1, "S10"): 10_000,
        (2, "S10"): 40_000,
        (1, "S11"): 33_333,
        (2, "S11"): 16_667,
        (1, ""): 43_333,
        (2, ""): 56_667,
    }
    assert whole(lines)[1].settled == 43_333 - 35_000


def test_work_points_when_nobody_did_anything() -> None:
    """The programme's money is due by population: 30 and 70 people."""
    due = entitlements(terms(), {1: 30, 2: 70})
    lines = by_work_points(terms(), due, {}, {}, {})
    assert {unit: line.earned for unit, line in whole(lines).items()} == {1: 30_000, 2: 70_000}


def test_a_unit_without_a_score_stops_the_settlement() -> None:
    due = entitlements(terms(), {1: 100, 2: 100})
    with pytest.raises(NotScoredError) as told:
        by_coefficient(terms(), due, {1: Fraction(90)}, {})
    assert told.value.units == [2]


def test_shares_of_more_than_everything_are_refused() -> None:
    with pytest.raises(StandardsError, match=r"0\.9"):
        terms(prepaid=Fraction(9, 10))


units = st.dictionaries(st.integers(1, 60), st.integers(0, 90_000), min_size=1, max_size=12)


@given(units, st.integers(1, 20_000), st.integers(0, 100), st.integers(0, 100), st.data())
def test_always_adds_up(people, per_head, prepaid, other, data) -> None:
    held_back = min(other, 100 - prepaid)
    of = terms(per_head=per_head, prepaid=Fraction(prepaid, 100), held_back=Fraction(held_back, 100))
    due = entitlements(of, people)
    total = sum(people.values()) * per_head
    assert sum(money.entitlement for money in due.values()) == total
    assert sum(money.in_advance for money in due.values()) == _half_up(Decimal(total) * prepaid / 100)
    for money in due.values():
        assert money.in_advance + money.reward + money.kept == money.entitlement
        assert min(money.in_advance, money.reward, money.kept) >= 0
        assert sum(money.programmes.values()) == money.entitlement
        assert abs(money.in_advance - Decimal(money.entitlement) * prepaid / 100) < 1
    scores = {unit: Fraction(data.draw(st.integers(0, 10_000)), 100) for unit in people}
    done = {(unit, "visits"): data.draw(st.integers(0, 500)) for unit in people}
    already = {unit: data.draw(st.integers(0, 2 * total + 1)) for unit in people}
    for lines in (by_coefficient(of, due, scores, already), by_work_points(of, due, done, {}, already)):
        for unit, line in whole(lines).items():
            parts = [part for part in lines if part.unit == unit and part.programme]
            for column in ("entitlement", "in_advance", "paid", "earned"):
                assert sum(getattr(part, column) for part in parts) == getattr(line, column)
            assert line.paid + line.settled - line.clawed_back == line.earned
            assert line.withheld + line.earned == line.entitlement
    for unit, line in whole(by_coefficient(of, due, scores, already)).items():
        score = Decimal(scores[unit].numerator) / Decimal(scores[unit].denominator)
        share = Decimal(1) if score >= 90 else score / 100 if score >= 60 else Decimal(0)
        assert line.earned == due[unit].in_advance + _half_up(share * due[unit].reward)
    earned = [line.earned for line in whole(by_work_points(of, due, done, {}, already)).values()]
    assert sum(earned) == total


def _half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def test_terms_are_dated() -> None:
    assert [terms_of(year).per_head for year in (2023, 2024, 2025)] == [8_900, 9_400, 9_900]
    assert sum(terms_of(2025).programmes.values()) == 1
    assert terms_of(2025).prepaid + terms_of(2025).held_back == 1


def test_work_points_read_cards_of_their_programme() -> None:
    from metrics.cards import CARDS

    for programme, card in terms_of(2025).work_points:
        assert CARDS[card].system == programme
    assert {programme for programme, _ in terms_of(2025).work_points} == set(terms_of(2025).programmes)


def test_what_if() -> None:
    """Raising unit 2 from 80 to 92 takes it past unit 1 and brings it all of its reward."""
    due = entitlements(terms(), {1: 100, 2: 100})
    before, after = {1: Fraction(85), 2: Fraction(80)}, {1: Fraction(85), 2: Fraction(92)}
    frame = compared(
        before, after, by_coefficient(terms(), due, before, {}), by_coefficient(terms(), due, after, {})
    )
    assert frame[
        ["unit", "rank_before", "rank_after", "moved", "earned_before", "earned_after", "change"]
    ].values.tolist() == [
        [2, 2, 1, 1, 94_000, 100_000, 6_000],
        [1, 1, 2, -1, 95_500, 95_500, 0],
    ]
