"""A figure that grows with the year, where last year's course is hidden: nobody is judged by another rule than others."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from metrics.cards import CARDS
from metrics.judgement import COURSE, NONE, Targets, accumulates, judged, seasonal_course

KEY = next(key for key, card in CARDS.items() if card.is_listed and accumulates(card, str(card.bases[0])))
BASIS = str(CARDS[KEY].bases[0])
NOW, THEN, END = 2026 * 12 + 5, 2025 * 12 + 5, 2025 * 12 + 11


def frame(*rows: tuple[int, float, str]) -> pd.DataFrame:
    columns = ["indicator", "unit", "month", "basis", "value", "status", "numerator", "denominator", "listed"]
    return pd.DataFrame(
        [[KEY, 1, month, BASIS, value, status, value * 100, 100.0, 100.0] for month, value, status in rows],
        columns=columns,
    )


# June of last year, its year's end, this June: what is due by then of a target of 80 %, and the judgement.
COURSES = [
    ((0.20, "ok"), (0.80, "ok"), 0.25, 0.20, COURSE),  # a quarter was reached by June
    ((math.nan, "hidden"), (0.80, "ok"), 0.25, math.nan, NONE),
    ((0.20, "ok"), (math.nan, "hidden"), 0.25, math.nan, NONE),
    ((math.nan, "hidden"), (0.80, "ok"), 0.85, math.nan, "above"),  # beyond the target, whatever is due
]


@pytest.mark.parametrize(("then", "end", "value", "expected", "judgement"), COURSES)
def test_what_is_due_by_now(then, end, value, expected, judgement):
    now = frame((NOW, value, "ok"))
    reached = seasonal_course(now, frame((THEN, *then), (END, *end)), CARDS)
    target = pd.DataFrame(
        [{"indicator": KEY, "year": 2026, "unit_kind": None, "unit": None, "value": 0.8, "value_to": None}]
    ).assign(source="x", in_force=True)
    row = judged(now, CARDS, Targets(target), {1: "centre"}, reached).iloc[0]
    assert row["expected"] == pytest.approx(expected, nan_ok=True)
    assert row["judgement"] == judgement
