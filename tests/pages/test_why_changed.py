"""The section "why it changed" of an indicator's page, with causes that are parts of a unit."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

import pytest

from metrics.card import Basis
from metrics.cards import CARDS
from metrics.why.dated import Change
from metrics.why.sharing import Cause, Split
from tests.pages.test_pages import boards

KEY = next(
    key
    for key, card in CARDS.items()
    if card.is_personal and not card.is_events and card.bases[0] == Basis.YTD
)
CHANGES = {
    "sbp_goal": Change(140, 130, dt.date(2026, 3, 1)),
    "dbp_goal": Change(90, 80, dt.date(2026, 3, 1)),
    "elder_bp_age": Change(65, 60, dt.date(2025, 7, 1)),
    "sbp_low": Change(60, 50, dt.date(2025, 7, 1)),
}


def made(*causes: Cause) -> Split:
    """From 50 of 100 on."""
    n, d = (sum(getattr(cause, name) for cause in causes) for name in ("numerator", "denominator"))
    assert sum(cause.value for cause in causes) == Fraction(50 + n, 100 + d) - Fraction(1, 2)
    return Split((50, 100, Fraction(1, 2)), (50 + n, 100 + d, Fraction(50 + n, 100 + d)), causes, "", CHANGES)


THIRDS = made(
    Cause("services", Fraction(4, 3), 0, Fraction(1, 75), people=3),
    Cause("late", Fraction(4, 3), 0, Fraction(1, 75), people=2),
    Cause("parameters", Fraction(1, 3), 0, Fraction(1, 300), people=1, keys=("elder_bp_age",)),
    Cause("parameters", -11, 0, Fraction(-11, 100), people=11, keys=("sbp_goal", "dbp_goal")),
)


@pytest.fixture
def said(page, monkeypatch):
    def told(found: Split, lang: str) -> str:
        monkeypatch.setattr("pages._why.ask_list", lambda *_, **__: found)
        at = page("indicator.py", ind=KEY, unit="02", why="month", lang=lang)
        assert not at.exception
        return boards(at)

    return told


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "zh",
            (
                "影响最大的是标准调整“收缩压达标上限（低于，mmHg）、舒张压达标上限（低于，mmHg）”：−11.00 个百分点。",
                "由 65 改为 60（2025-07-01 起）；受影响的有 1 人",
                "（同时调整的标准超过 3 项，合在一起算）",
                "还改过以下标准，但没有人因此数得不同：",
                "2 人的记录在上报日之后才录入或导入",
            ),
        ),
        (
            "en",
            (
                "Largest effect: Changed standard “Systolic pressure at goal: below (mmHg), Diastolic pressure",
                "65 → 60 (from 2025-07-01); counted otherwise by it (people: 1)",
                "(more than 3 standards changed: told together)",
                "Also changed, but nobody counts otherwise by it:",
                "Entered or imported after the report day (people: 2)",
            ),
        ),
    ],
)
def test_each_cause_is_told_in_words(said, lang, words):
    shown = said(THIRDS, lang)
    assert [one for one in words if one not in shown] == []


def test_numbers_as_shown_add_up(said):
    """Thirds of a person are shown in tenths, of which one is rounded so that all come to -8."""
    shown = re.findall(r"([+−][\d.]+|0) / 0<", said(THIRDS, "zh"))
    assert len(shown) == 4
    assert sum(Fraction(one.replace("−", "-")) for one in shown) == -8


def test_nothing_is_the_most_where_nothing_moves_the_value(said):
    shown = said(made(Cause("denominator", 1, 2, Fraction(0), people=2)), "zh")
    assert "应服务对象" in shown
    assert "影响最大" not in shown
