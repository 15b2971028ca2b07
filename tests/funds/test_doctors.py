"""Village doctors' money: counted by hand, and against a plain second computation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.funds.doctors import (
    CENTRE_NOT_SETTLED,
    NO_CENTRE,
    NO_POPULATION,
    NOT_APPRAISED,
    DoctorMoney,
    doctors_money,
    gathered,
)
from metrics.funds.terms import terms_of
from metrics.funds.village import places
from metrics.principal import EVERYTHING, LOCAL, Scope
from metrics.standards.files import StandardsError
from tests.appraisal import district
from tests.funds.test_settling import terms
from tests.roles import as_role

CENTRE, EAST, WEST = 1, 2, 3
# 1,000 people at the centre, 300 of them in the village of the eastern clinic, 200 in that of the western.
PEOPLE = {CENTRE: 1000, EAST: 300, WEST: 200}
CLINICS = {EAST: CENTRE, WEST: CENTRE}
MONTHS = {(EAST, "a"): 12, (EAST, "b"): 12, (WEST, "c"): 12}


def shared(scores: dict, earned: int = 1_000_000, **changes) -> DoctorMoney:
    asked = {"people": PEOPLE, "centres": CLINICS, "months": MONTHS, "work": None, **changes}
    return doctors_money(
        terms(), {CENTRE: earned}, scores={key: Fraction(score) for key, score in scores.items()}, **asked
    )


def money(found: DoctorMoney) -> dict[str, tuple]:
    return {line.staff_no: (line.entitlement, line.earned) for line in found.lines}


def test_by_people_and_score() -> None:
    """10,000 yuan x 500 of 1,000 people x 40 % = 2,000 yuan for 150 + 150 + 200 people.

    Scores 95, 80 and 50 are worth 1, 0.8 and 0: 150 x 1 to 150 x 0.8 to 0 is 5 to 4 to 0 ninths of 2,000.
    """
    found = shared({(EAST, "a"): 95, (EAST, "b"): 80, (WEST, "c"): 50})
    assert found.pots == {CENTRE: 200_000}
    # 111,111.1 and 88,888.9 fen: the larger remainder gets the fen
    assert money(found) == {"a": (60_000, 111_111), "b": (60_000, 88_889), "c": (80_000, 0)}
    assert (found.held, found.left) == ({CENTRE: 0}, {CENTRE: 0})
    assert [line.people for line in found.lines] == [150, 150, 200]
    assert [line.coefficient for line in found.lines] == [1, Fraction(4, 5), 0]


def test_who_is_not_appraised_is_named_and_not_settled() -> None:
    """c's 800 yuan wait; the other 1,200 go 5 to 4 to a and b: 666.67 and 533.33."""
    found = shared({(EAST, "a"): 95, (EAST, "b"): 80})
    assert money(found) == {"a": (60_000, 66_667), "b": (60_000, 53_333), "c": (80_000, None)}
    assert (found.held, found.left) == ({CENTRE: 80_000}, {CENTRE: 0})
    waits = found.lines[2]
    assert (waits.reason, waits.score, waits.coefficient) == (NOT_APPRAISED, None, None)


def test_money_that_nobody_earned_stays_and_is_told() -> None:
    found = shared({(EAST, "a"): 50, (EAST, "b"): 0})
    assert money(found) == {"a": (60_000, 0), "b": (60_000, 0), "c": (80_000, None)}
    assert (found.held, found.left) == ({CENTRE: 80_000}, {CENTRE: 120_000})


def test_by_work_points() -> None:
    """1 to 3 of 2,000 yuan are 500 and 1,500, the first for two doctors alike; all score full marks."""
    every = dict.fromkeys(MONTHS, 100)
    found = shared(every, work={EAST: Fraction(10), WEST: Fraction(30)})
    assert money(found) == {"a": (25_000, 25_000), "b": (25_000, 25_000), "c": (150_000, 150_000)}
    idle = shared(every, work={})
    assert money(idle) == money(shared(every)), "nobody did anything: by people"


def test_a_year_in_part_is_a_part() -> None:
    """b came in October: 3 of 15 months of the clinic, 60 of its 300 people."""
    found = shared(dict.fromkeys(MONTHS, 100), months=MONTHS | {(EAST, "b"): 3})
    assert [line.people for line in found.lines] == [240, 60, 200]
    assert money(found) == {"a": (96_000, 96_000), "b": (24_000, 24_000), "c": (80_000, 80_000)}


def test_where_nothing_can_be_said_nothing_is_settled() -> None:
    doctors = {(EAST, "a"): 12, (WEST, "c"): 12, (4, "d"): 12, (5, "e"): 12}
    found = shared(
        dict.fromkeys(doctors, 100),
        people={CENTRE: 1000, 9: 100, EAST: 300, 4: 50, 5: 50},
        centres={**CLINICS, 4: None, 5: 9},
        months=doctors,
    )
    assert {line.staff_no: line.reason for line in found.lines} == {
        "a": "",
        "c": NO_POPULATION,
        "d": NO_CENTRE,
        "e": CENTRE_NOT_SETTLED,
    }
    # The pot is that of the 300 people of the clinic that has a doctor: 40 % of 3,000 yuan.
    assert (found.pots, money(found)["a"]) == ({CENTRE: 120_000}, (120_000, 120_000))
    assert all(money(found)[who] == (None, None) for who in "cde")


def test_clinics_that_serve_more_than_their_centre_share_its_whole_part() -> None:
    """300 + 900 people of a centre of 1,000: 40 % of all its money, no more."""
    found = shared(dict.fromkeys(MONTHS, 100), people={CENTRE: 1000, EAST: 300, WEST: 900})
    assert found.pots == {CENTRE: 400_000}


def test_the_share_is_dated_data_with_a_source() -> None:
    assert terms_of(2025).village_doctors == Fraction(2, 5)
    with pytest.raises(StandardsError, match=r"村医[\s\S]*village doctors"):
        terms(village_doctors=Fraction(41, 40))


# -- against a plain second computation ----------------------------------------------------------------

SCORES = st.integers(0, 10_000).map(lambda hundredths: Fraction(hundredths, 100))


@st.composite
def districts(draw) -> dict:
    clinics = {unit: draw(st.sampled_from([1, 2])) for unit in range(10, 10 + draw(st.integers(1, 4)))}
    people = {1: draw(st.integers(1, 3000)), 2: draw(st.integers(1, 3000))}
    people |= {unit: draw(st.integers(1, 2000)) for unit in clinics}
    months = {
        (unit, number): draw(st.integers(1, 12))
        for unit in clinics
        for number in "abc"[: draw(st.integers(1, 3))]
    }
    scores = {doctor: draw(SCORES) for doctor in months if draw(st.integers(0, 4))}
    earned = {1: draw(st.integers(0, 10**9)), 2: draw(st.integers(0, 10**9))}
    work = draw(
        st.none() | st.fixed_dictionaries({unit: st.integers(0, 50).map(Fraction) for unit in clinics})
    )
    return {"earned": earned, "people": people, "centres": clinics, "months": months, "scores": scores,
            "work": work}  # fmt: skip


@given(districts())
def test_every_fen_of_a_pot_is_accounted_for(district: dict) -> None:
    found = doctors_money(terms(), **district)
    for centre, pot in found.pots.items():
        mine = [line for line in found.lines if line.centre == centre]
        assert sum(line.entitlement for line in mine) == pot
        assert sum(line.earned or 0 for line in mine) + found.held[centre] + found.left[centre] == pot
        assert found.held[centre] == sum(line.entitlement for line in mine if line.earned is None)
        assert gathered(found.lines) == found
        assert 0 <= pot <= Fraction(4, 10) * district["earned"][centre] + Fraction(1, 2)


@given(districts())
def test_each_gets_his_part_to_a_fen(district: dict) -> None:
    """In decimals: the money among those appraised x own weight over all weights."""
    found = doctors_money(terms(), **district)
    people, months, work = district["people"], district["months"], district["work"]

    def weight(line) -> Decimal:
        worked = sum(count for (unit, _), count in months.items() if unit == line.unit)
        of_clinic = people[line.unit]
        at_centre = {unit for unit, _ in months if district["centres"][unit] == line.centre}
        if work is not None and any(work[unit] for unit in at_centre):
            of_clinic = int(work[line.unit])
        score = Decimal(line.score.numerator) / line.score.denominator
        worth = Decimal(1) if score >= 90 else score / 100 if score >= 60 else Decimal(0)
        return worth * of_clinic * months[line.unit, line.staff_no] / worked

    for centre, pot in found.pots.items():
        mine = [line for line in found.lines if line.centre == centre and line.earned is not None]
        whole = sum((weight(line) for line in mine), Decimal(0))
        if whole:
            among = pot - found.held[centre]
            assert all(abs(line.earned - among * weight(line) / whole) < 1 for line in mine)


@given(districts(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(district: dict, random) -> None:
    def shuffled(mapping):
        pairs = list(mapping.items())
        random.shuffle(pairs)
        return dict(pairs)

    mixed = {name: None if one is None else shuffled(one) for name, one in district.items()}
    assert doctors_money(terms(), **mixed) == doctors_money(terms(), **district)


@given(districts(), SCORES, st.data())
def test_who_scores_more_never_gets_less(district: dict, better: Fraction, data) -> None:
    who = data.draw(st.sampled_from(sorted(district["months"])))
    low, high = sorted([district["scores"].get(who, Fraction(0)), better])

    def of(score: Fraction) -> int:
        found = doctors_money(terms(), **{**district, "scores": {**district["scores"], who: score}})
        return next(line.earned for line in found.lines if (line.unit, line.staff_no) == who)

    assert of(high) >= of(low)


def test_who_sees_a_part_of_a_centre_reckons_nothing_for_it(store) -> None:
    """East has two clinics: its director sees both, their doctor one of them, whose share hangs on the other's score."""
    district.write(store, [])
    east = {district.EAST_1: district.EAST, district.EAST_2: district.EAST}
    doctor = as_role("村医", "doctor", EVERYTHING, Scope(frozenset({district.EAST_1})))
    with store.published() as connection:
        assert places(LOCAL, connection) == {**east, district.WEST_1: district.WEST}
        assert places(district.DIRECTOR, connection) == east
        assert places(doctor, connection) == {}
