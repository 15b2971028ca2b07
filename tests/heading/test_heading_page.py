"""The section of the indicator page: what is said, why nothing is, and what is taken away."""

from __future__ import annotations

import datetime as dt
import io
import math
from types import SimpleNamespace

import pandas as pd
import pytest
from openpyxl import load_workbook

from exports.sheets import sheet_of, sheets_bytes
from metrics.cards import CARDS
from metrics.heading import chances
from metrics.heading.headings import REASONS, Heading
from metrics.heading.reaching import Reach
from pages import _heading
from pages._text import LANGUAGES, text

JULY = 2025 * 12 + 6
FOUND = Heading("", (JULY + 1, JULY + 2), (0.5, 0.6), (0.6, 0.8), (0.4, 0.5), (0.7, 0.9), (0.55, 0.7), 0.21)


def here(language="zh"):
    return SimpleNamespace(
        text=text(language), language=language, month=JULY, view=SimpleNamespace(link=lambda *a, **k: "/x")
    )


def now(**values) -> pd.Series:
    row = {"value": 0.45, "target": 0.75, "per_month": 210.0, "best_pace": 180.0, "numerator": 1178.0}
    row["denominator"] = 1440.0
    return pd.Series(row | values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_range_the_chance_and_the_pace_are_said(language):
    said = _heading._sentences(here(language), CARDS["el_exam_rate"], FOUND, now())
    for part in ("60.0%", "80.0%", "75.0%", "20%", "210", "180", text(language)("likelihood.unlikely")):
        assert part in said
    assert text(language)("heading.more_than_best") in said


def test_without_a_target_or_a_need_nothing_is_said_of_them():
    found = Heading("", *(getattr(FOUND, name) for name in Heading.__match_args__[1:-1]), math.nan)
    said = _heading._sentences(here(), CARDS["el_exam_rate"], found, now(target=math.nan, per_month=math.nan))
    assert "目标" not in said and "60.0%" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_every_word_of_chance_is_said(language):
    said = text(language)
    assert all(said(f"heading.none_{reason}", n=10, months=3) for reason in REASONS)
    assert len({said(f"likelihood.{word}") for word in chances.WORDS}) == len(chances.WORDS)


def test_the_ceiling_in_a_sentence():
    card = CARDS["htn_standard_rate"]
    said = _heading.ceiling_words(here(), card, now(), Reach(56, 7, 12, dt.date(2025, 9, 30), 90))
    assert all(part in said for part in ("56", "1,234", "85.7%", "12", "9月30日", "7", "90"))
    assert "7" in _heading.ceiling_words(here(), card, now(), Reach(0, 7, 0, None, 90))
    assert _heading.ceiling_words(here(), card, now(), Reach(0, 0, 0, None, 90)) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ceiling_by_windows_promises_no_total_of_the_year(language):
    """More newborns are to come: what is reached at most is not known."""
    card = CARDS["ch_newborn_visit_rate"]
    said = _heading.ceiling_words(here(language), card, now(), Reach(56, 7, 12, dt.date(2025, 9, 30), 0))
    assert "56" in said and "12" in said and "7" in said and "1,234" not in said
    assert _heading.ceiling_words(here(language), card, now(), Reach(0, 7, 0, None, 0)) == text(language)(
        "ceiling.nobody_window", n=7
    )


def test_children_s_checks_are_not_called_follow_ups():
    said = _heading.ceiling_words(
        here(), CARDS["ch_421_exam_rate"], now(), Reach(5, 0, 5, dt.date(2025, 9, 30), 60)
    )
    assert "60" in said and "体检" in said and "随访" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_season_is_not_called_a_year(language):
    said = _heading.ceiling_words(
        here(language), CARDS["im_flu60_rate"], now(), Reach(56, 7, 56, dt.date(2026, 6, 30), 0)
    )
    assert "56" in said and "85.7%" in said and "7" in said
    assert (
        ("季" in said and "年" not in said) if language == "zh" else ("season" in said and "year" not in said)
    )


def test_what_is_taken_away_has_the_months_ahead():
    months = text("zh")("column.month")
    frame = pd.DataFrame({months: ["2025-06", "2025-07"], "n": [3, None]})
    out = _heading.with_range(here(), frame, CARDS["el_exam_rate"], FOUND)
    assert list(out[months]) == ["2025-06", "2025-07", "2025-08", "2025-09"]
    assert out.iloc[-1].tolist()[2:] == [60.0, 80.0, 50.0, 90.0, 21.0]
    book = io.BytesIO(sheets_bytes("t", [sheet_of("t", out)], "about", ["from"]))
    rows = list(load_workbook(book)["t"].values)
    assert [row[0] for row in rows] == list(out.columns)[:1] + list(out[months])
    assert rows[-1][1:] == (None, 60, 80, 50, 90, 21) and rows[1][1] == 3
    for nothing in (None, Heading("few")):
        assert _heading.with_range(here(), frame, CARDS["el_exam_rate"], nothing) is frame
