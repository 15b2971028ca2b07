"""A settlement in the register: drafted, published once a year, taken back with a reason, never silently overwritten."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.register import EditedMeanwhileError, Register, add, open_register
from data.register.tables import appraisal_round
from metrics.funds import settlements
from metrics.funds.entitlement import entitlements
from metrics.funds.settlements import SettlementError
from metrics.funds.settling import by_coefficient
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from tests.funds.test_settling import terms
from tests.roles import as_role


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return open_register(SimpleNamespace(folder=tmp_path, database=""))


LINES = by_coefficient(
    terms(), entitlements(terms(), {1: 100, 2: 50}), {1: Fraction(80), 2: Fraction(95)}, {1: 70_000}
)


def a_round(connection, state: str = "published") -> int:
    """A round of centres in this state."""
    row = {"sheet": "centre", "sheet_version": "2024", "subject": "unit", "month": 24311, "period": "year"}
    return add(connection, appraisal_round, {**row, "state": state}, "li")


def published(register: Register) -> int:
    with register.writing() as connection:
        number = settlements.open_draft(LOCAL, connection, 2025, "coefficient", a_round(connection))
        settlements.publish(LOCAL, connection, number, 1, LINES, terms(), 12)
    return number


def test_a_published_settlement_stands_as_it_was(register: Register) -> None:
    number = published(register)
    with register.reading() as connection:
        assert sorted(settlements.lines_of(LOCAL, connection, number), key=_key) == sorted(LINES, key=_key)
        row = settlements.settlements(LOCAL, connection).iloc[0]
    assert (row["state"], row["event"], row["published_by"]) == ("published", 12, "local")
    assert '"prepaid": "7/10"' in row["terms"]


def _key(line) -> tuple[int, str]:
    return line.unit, line.programme


def test_a_year_is_published_once(register: Register) -> None:
    published(register)
    with register.writing() as connection:
        second = settlements.open_draft(LOCAL, connection, 2025, "work_points", None)
    with pytest.raises(SettlementError, match="year_published"), register.writing() as connection:
        settlements.publish(LOCAL, connection, second, 1, LINES, terms(), 12)


def test_taken_back_it_makes_room_for_another(register: Register) -> None:
    number = published(register)
    with pytest.raises(SettlementError, match="reason"), register.writing() as connection:
        settlements.withdraw(LOCAL, connection, number, 2, " ")
    with register.writing() as connection:
        settlements.withdraw(LOCAL, connection, number, 2, "a wrong population")
    again = published(register)
    with register.reading() as connection:
        states = settlements.settlements(LOCAL, connection).set_index("settlement")["state"].to_dict()
        assert settlements.lines_of(LOCAL, connection, number), "the lines stay readable"
    assert states == {number: "withdrawn", again: "published"}


def test_two_at_once(register: Register) -> None:
    with register.writing() as connection:
        number = settlements.open_draft(LOCAL, connection, 2025, "coefficient", a_round(connection))
        settlements.publish(LOCAL, connection, number, 1, LINES, terms(), 12)
    with pytest.raises(EditedMeanwhileError, match="local"), register.writing() as connection:
        settlements.withdraw(LOCAL, connection, number, 1, "seen before it was published")


def test_scope(register: Register) -> None:
    number = published(register)
    director = as_role("director", "director", Scope(frozenset({2})), EVERYTHING)
    with register.reading() as connection:
        assert {line.unit for line in settlements.lines_of(director, connection, number)} == {2}


def test_a_model_by_score_needs_scores(register: Register) -> None:
    with pytest.raises(SettlementError, match="no_round"), register.writing() as connection:
        settlements.open_draft(LOCAL, connection, 2025, "coefficient", None)


@pytest.mark.parametrize("role", ["director", "doctor", "clerk", "administrator"])
def test_the_bureau_alone_settles(register: Register, role: str) -> None:
    number = published(register)
    other = as_role("director", role, EVERYTHING, EVERYTHING)
    with register.writing() as connection:
        for forbidden in (
            lambda: settlements.open_draft(other, connection, 2024, "work_points", None),
            lambda: settlements.publish(other, connection, number, 2, LINES, terms(), 12),
            lambda: settlements.withdraw(other, connection, number, 2, "because"),
        ):
            with pytest.raises(NotAllowedError):
                forbidden()


def test_who_sees_a_part_does_not_publish_the_whole(register: Register) -> None:
    some = Scope(frozenset({1}))
    with register.writing() as connection:
        draft = settlements.open_draft(LOCAL, connection, 2025, "work_points", None)
        for figures, persons in ((some, EVERYTHING), (EVERYTHING, some)):
            with pytest.raises(NotAllowedError):
                part = as_role("clerk", "officer", figures, persons)
                settlements.publish(part, connection, draft, 1, LINES, terms(), 12)


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_round_that_does_not_stand_settles_nothing(register: Register, state: str) -> None:
    with register.writing() as connection:
        draft = settlements.open_draft(LOCAL, connection, 2025, "coefficient", a_round(connection, state))
        with pytest.raises(SettlementError, match="round"):
            settlements.publish(LOCAL, connection, draft, 1, LINES, terms(), 12)


def test_nothing_is_not_published(register: Register) -> None:
    with register.writing() as connection:
        draft = settlements.open_draft(LOCAL, connection, 2025, "work_points", None)
        with pytest.raises(SettlementError, match="empty"):
            settlements.publish(LOCAL, connection, draft, 1, [], terms(), 12)
