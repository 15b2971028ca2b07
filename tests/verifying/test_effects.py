"""What a verified share would do to points and money, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from metrics.appraisal.scoring import Figure
from metrics.appraisal.sheet import sheets_in_force
from metrics.principal import EVERYTHING, Scope
from metrics.verifying import money as paying
from metrics.verifying.points import _scored, item_of
from tests.funds.test_settling import terms
from tests.roles import as_role

DECEMBER = 2025 * 12 + 11


def test_points_in_proportion_to_a_target() -> None:
    """60 of 100 against a target of 80 %: 3/4 of 5 points. Were half of the 60 true, 30 of 100: 1.875 points; two fifths, 24: 1.5."""
    (sheet,) = sheets_in_force("centre", DECEMBER)[:1]
    item = replace(item_of(sheet, "el_mgmt_rate", "ytd"), weight=500)
    figure = Figure(60, 100, 0.6, 0.8)
    assert _scored(item, figure, 500, (0.5, 0.4, 1)) == [375, 188, 150, 375]


def test_money_by_score(monkeypatch) -> None:
    """100 people at 10 yuan: 700 yuan in advance and 300 by the score of 80. The item had 5 of 100 points; with 1, 0 and 3 the score
    is 76, 75 and 78, and the reward 228, 225 and 234 yuan. What the other unit earns does not change it."""
    monkeypatch.setattr(paying.scoring, "scores", lambda *_asked: {1: Fraction(80), 2: Fraction(95)})
    monkeypatch.setattr(
        paying, "in_round", lambda *asked: (asked[5], 500, 100, 0, 300, 10_000, 7, True, None)
    )
    reader = type("Reader", (), {"number": 7})
    people, shares = {1: 100, 2: 50}, {1: (0.2, 0.0, 0.6)}
    found = paying._by_score(None, None, None, {}, terms(), people, reader, shares)
    assert found.to_dict("records") == [
        {"unit": 1, "before": 94_000, "after": 92_800, "after_low": 92_500, "after_high": 93_400}
    ]


def test_who_sees_some_units_only_is_told_no_money() -> None:
    """The pot would be shared among these alone."""
    doctor = as_role("he", "doctor", Scope(frozenset({1})), Scope(frozenset({1})))
    asked = (None, None, {"month": DECEMBER, "indicator": "el_mgmt_rate"}, {1: (0.5, 0.4, 0.6)})
    why = {"coefficient": "not_all_units", "work_points": "not_all_units"}
    assert paying.money(doctor, *asked) == paying.Money(why_not=why)
    assert paying.money(as_role("chen", "leader", EVERYTHING, EVERYTHING), *asked[:3], {}).why_not == {
        "coefficient": "no_estimate",
        "work_points": "no_estimate",
    }
