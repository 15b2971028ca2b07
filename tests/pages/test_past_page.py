"""Why a figure changed, on its page: for whom, in words that add up."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from html import unescape

import pytest

from metrics.changed import Changed
from metrics.past import Known
from metrics.principal import EVERYTHING
from pages import _past
from tests.pages import test_pages
from tests.roles import as_role

FOUND = Changed(
    until=datetime(2025, 11, 15),
    then=Known(1, 60.0, 100.0, 0.60, "ok"),
    before=Known(3, 70.0, 100.0, 0.70, "ok"),
    merged=(),
    now=Known(3, 84.0, 120.0, 0.70, "ok"),
    shares={
        "late": Fraction(1, 10),
        "merged": Fraction(0),
        "services": Fraction(77, 600),
        "denominator": Fraction(-77, 600),
    },
    parameters=(("sbp_goal", 140.0, 130.0),),
)


@pytest.fixture
def found(monkeypatch):
    asked = []
    monkeypatch.setattr(_past, "ask_known", lambda _, **about: asked.append(about) or FOUND)
    return asked


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            [
                "变化 +10.0 个百分点",
                "+12.8 个百分点",
                "−12.8 个百分点",
                "60 / 100",
                "84 / 120",
                "由 140 改为 130",
            ],
        ),
        ("en", ["+10.0 points", "+12.8 points", "−12.8 points", "60 / 100", "84 / 120", "from 140 to 130"]),
    ],
)
def test_a_change_in_words(page, found, language, words):
    at = page("indicator.py", ind="htn_control_rate", unit="0", why="year", lang=language)
    assert not at.exception
    said = unescape(test_pages.boards(at))
    assert [word for word in words if word not in said] == []
    assert found[0]["month"] - found[0]["before"] == 12


def test_nothing_is_computed_until_asked(page, found):
    at = page("indicator.py", ind="htn_control_rate", unit="0")
    assert not at.exception and found == []


def test_who_may_not_see_the_people_is_shown_no_past(page, found, asked_by):
    asked_by(as_role("领导", "leader", EVERYTHING, EVERYTHING))
    at = page("indicator.py", ind="htn_control_rate", unit="0", why="year")
    assert not at.exception and found == []
