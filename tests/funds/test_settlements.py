"""A settlement in the register: drafted, published once a year, taken back with a reason, never silently overwritten."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.register import EditedMeanwhileError, Register, open_register
from metrics.funds import settlements
from metrics.funds.entitlement import entitlements
from metrics.funds.settlements import SettlementError
from metrics.funds.settling import by_coefficient
from metrics.principal import EVERYTHING, LOCAL, Principal, Scope
from tests.funds.test_settling import terms


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return open_register(SimpleNamespace(folder=tmp_path, database=""))


LINES = by_coefficient(
    terms(), entitlements(terms(), {1: 100, 2: 50}), {1: Fraction(80), 2: Fraction(95)}, {1: 70_000}
)


def published(register: Register) -> int:
    with register.writing() as connection:
        number = settlements.open_draft(connection, 2025, "coefficient", 7, "clerk")
        settlements.publish(connection, number, 1, LINES, terms(), 12, "head")
    return number


def test_a_published_settlement_stands_as_it_was(register: Register) -> None:
    number = published(register)
    with register.reading() as connection:
        assert sorted(settlements.lines_of(LOCAL, connection, number), key=_key) == sorted(LINES, key=_key)
        row = settlements.settlements(connection).iloc[0]
    assert (row["state"], row["event"], row["published_by"]) == ("published", 12, "head")
    assert '"prepaid": "7/10"' in row["terms"]


def _key(line) -> tuple[int, str]:
    return line.unit, line.programme


def test_a_year_is_published_once(register: Register) -> None:
    published(register)
    with register.writing() as connection:
        second = settlements.open_draft(connection, 2025, "work_points", None, "clerk")
    with pytest.raises(SettlementError, match="year_published"), register.writing() as connection:
        settlements.publish(connection, second, 1, LINES, terms(), 12, "head")


def test_taken_back_it_makes_room_for_another(register: Register) -> None:
    number = published(register)
    with pytest.raises(SettlementError, match="reason"), register.writing() as connection:
        settlements.withdraw(connection, number, 2, " ", "head")
    with register.writing() as connection:
        settlements.withdraw(connection, number, 2, "a wrong population", "head")
    again = published(register)
    with register.reading() as connection:
        states = settlements.settlements(connection).set_index("settlement")["state"].to_dict()
        assert settlements.lines_of(LOCAL, connection, number), "the lines stay readable"
    assert states == {number: "withdrawn", again: "published"}


def test_two_at_once(register: Register) -> None:
    with register.writing() as connection:
        number = settlements.open_draft(connection, 2025, "coefficient", 7, "clerk")
        settlements.publish(connection, number, 1, LINES, terms(), 12, "head")
    with pytest.raises(EditedMeanwhileError, match="head"), register.writing() as connection:
        settlements.withdraw(connection, number, 1, "seen before it was published", "clerk")


def test_scope(register: Register) -> None:
    number = published(register)
    director = Principal("director", "centre", Scope(frozenset({2})), EVERYTHING)
    with register.reading() as connection:
        assert {line.unit for line in settlements.lines_of(director, connection, number)} == {2}


def test_a_model_by_score_needs_scores(register: Register) -> None:
    with pytest.raises(SettlementError, match="no_round"), register.writing() as connection:
        settlements.open_draft(connection, 2025, "coefficient", None, "clerk")
