"""The control chart of published months against a plain loop over them; what suits one, and what does not."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from metrics.card import Basis, Period
from metrics.cards import CARDS
from metrics.changing import control as controlling
from metrics.changing.control import of_course
from metrics.changing.events import MERGED, PARAMETER, Mark, of_population, of_rule, of_unit
from metrics.changing.suited import unsuited
from metrics.changing.terms import Lengths, lengths_in
from metrics.comparing.sorts import Sort, sort_of
from metrics.statistics import xmr

LAST = 2026 * 12 + 9
SHARE = next(
    card
    for card in CARDS.values()
    if not unsuited(card) and sort_of(card) is Sort.SHARE and card.direction == "higher"
)
COUNT = next(
    card
    for card in CARDS.values()
    if not unsuited(card) and sort_of(card) is Sort.COUNT and card.direction == "higher"
)
LENGTHS = lengths_in(LAST)


def course(values, status="ok", target=np.nan, cases=50.0) -> pd.DataFrame:
    """A frame as ``figures.course`` gives it, its last month ``LAST``."""
    number = len(values)
    values = np.array(values, float)
    return pd.DataFrame(
        {
            "month": range(LAST - number + 1, LAST + 1),
            "value": values,
            "numerator": cases,
            "denominator": 100.0,
            "status": status,
            "target": target,
            "target_to": np.nan,
        }
    )


def by_hand(values: list[float], lengths: Lengths, starts: list[int], top: float) -> list[tuple]:
    """(centre, low, high, rule, way) a month, as somebody with a pocket calculator would."""
    out = []
    for first, last in zip([0, *starts], [*starts, len(values)], strict=True):
        part = values[first:last]
        base = part[: lengths.base]
        centre = sum(base) / len(base)
        moves = [abs(a - b) for a, b in zip(base[1:], base[:-1], strict=True)]
        wide = 2.66 * sum(moves) / len(moves)
        found = [("", 0)] * len(part)

        def mark(places, rule, way, found=found):
            for one in places:
                if found[one] == ("", 0):
                    found[one] = (rule, way)

        for at, value in enumerate(part):
            if value > centre + wide:
                mark([at], "beyond", 1)
            if value < centre - wide:
                mark([at], "beyond", -1)
        for length, rule in ((lengths.rules.side, "side"), (lengths.rules.trend, "trend")):
            for at in range(len(part) - length + 1):
                window, places = part[at : at + length], range(at, at + length)
                steps = [b - a for a, b in pairwise(window)]
                signs = [value - centre for value in window] if rule == "side" else steps
                if all(one > 0 for one in signs):
                    mark(places, rule, 1)
                if all(one < 0 for one in signs):
                    mark(places, rule, -1)
        low, high = max(centre - wide, 0.0), min(centre + wide, top)
        out += [(centre, low, high, *one) for one in found]
    return out


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("starts", [[], [14]])
def test_limits_and_rules_by_hand(seed, starts):
    random = np.random.default_rng(seed)
    values = np.clip(
        0.7 + random.normal(0, 0.04, LENGTHS.shown) + np.linspace(0, 0.03 * seed, LENGTHS.shown), 0, 1
    )
    marks = [Mark(LAST - LENGTHS.shown + 1 + at, MERGED, "x", rebase=True) for at in starts]
    found = of_course(course(values), SHARE, "station", LAST, LENGTHS, marks)
    expected = by_hand(values.tolist(), LENGTHS, starts, 1.0)
    assert found.reason == ""
    chart = found.chart
    np.testing.assert_allclose(chart.centre, [one[0] for one in expected])
    np.testing.assert_allclose(chart.low, [one[1] for one in expected])
    np.testing.assert_allclose(chart.high, [one[2] for one in expected])
    assert list(chart.rule) == [one[3] for one in expected]
    assert list(chart.way) == [one[4] for one in expected]


def test_a_written_event_begins_limits_anew_and_a_mark_alone_does_not():
    values = [10.0, 12.0] * 9 + [30.0, 33.0] * 9
    middle = LAST - 17
    plain = of_course(course(values), COUNT, "station", LAST, LENGTHS, [])
    assert plain.changed == xmr.IMPROVING
    rebased = of_course(course(values), COUNT, "station", LAST, LENGTHS, [], (middle,))
    assert rebased.changed == xmr.STEADY
    assert rebased.chart.centre[-1] == 31.5
    marked = of_course(
        course(values), COUNT, "station", LAST, LENGTHS, [Mark(middle, MERGED, "x", rebase=False)]
    )
    np.testing.assert_array_equal(marked.chart.centre, plain.chart.centre)
    assert [one.month for one in marked.marks] == [middle]


@pytest.mark.parametrize(("target", "said"), [(5.0, xmr.ALWAYS), (11.0, xmr.SOMETIMES), (30.0, xmr.NEVER)])
def test_whether_the_target_can_be_met_is_another_question(target, said):
    found = of_course(course([10.0, 12.0] * 18, target=target), COUNT, "station", LAST, LENGTHS, [])
    assert (found.changed, found.attained) == (xmr.STEADY, said)


def test_cumulative_figures_have_none():
    """Whatever is published on other bases alone, and nothing that is published by month but duties, checks and what is made of others."""
    for card in CARDS.values():
        by_month = Basis.MONTH in card.bases
        assert by_month == (card.period in (Period.FLOW, Period.COHORT))
        if not by_month:
            assert unsuited(card)
        elif unsuited(card):
            assert sort_of(card) in (Sort.TASK, Sort.MADE)


REFUSED = [
    (course([0.5, 0.6] * 5), "short"),
    (course([0.5] * 30), "flat"),
    (course([0.5, 0.6] * 15, cases=0.4), "rare"),
    (course([0.5, 0.6] * 14 + [0.5, np.nan], status=["ok"] * 29 + ["none"]), controlling.RECENT),
    (course([np.nan] * 4 + [0.5, 0.6] * 13, status=["hidden"] * 4 + ["ok"] * 26), controlling.HIDDEN_MONTHS),
    (course([0.5, 0.6] * 10, status="part"), "short"),
]


@pytest.mark.parametrize(("frame", "reason"), REFUSED, ids=[reason for _, reason in REFUSED[:-1]] + ["part"])
def test_why_there_is_none(frame, reason):
    assert of_course(frame, SHARE, "station", LAST, LENGTHS, []).reason == reason


def test_a_bureau_of_which_one_is_late_has_one():
    assert of_course(course([0.5, 0.6] * 10, status="part"), SHARE, "bureau", LAST, LENGTHS, []).reason == ""


def units() -> pd.DataFrame:
    rows = [
        (1, "县", "bureau", None, None, None, None),
        (2, "甲", "centre", 1, None, None, None),
        (3, "乙", "station", 2, date(2026, 3, 1), None, None),
        (4, "丙", "station", 2, None, date(2026, 6, 15), 3),
    ]
    columns = ["unit", "name", "kind", "parent", "opened_on", "closed_on", "successor"]
    return pd.DataFrame(rows, columns=columns).astype({"parent": "Int64", "successor": "Int64"})


def test_events_of_units():
    told = {
        unit: [(m.month % 12 + 1, m.kind, m.about, m.rebase) for m in of_unit(unit, units())]
        for unit in (1, 2, 3, 4)
    }
    assert told == {
        1: [],
        2: [(3, "below_opened", "乙", False), (7, "below_closed", "丙", False)],
        3: [(3, "opened", "", True), (7, "merged", "丙", True)],
        4: [(7, "closed", "", True)],
    }


def test_events_of_rules_and_populations():
    card = next(card for card in CARDS.values() if card.parameters)
    key = card.parameters[0]
    days = [date(2017, 1, 1), date(2025, 1, 1), date(2026, 5, 1)]
    values = pd.DataFrame({"key": key, "from_on": days, "value": [1.0, 1.0, 2.0]})
    assert [(one.month, one.kind, one.about) for one in of_rule(card, values)] == [
        (2026 * 12 + 4, PARAMETER, key)
    ]
    rate = next(card for card in CARDS.values() if card.statistic)
    sides = pd.DataFrame(
        [(7, 2024, "resident"), (7, 2025, "registered"), (7, 2026, "registered"), (8, 2025, "recorded")],
        columns=["unit", "year", "kind"],
    ).assign(band=rate.statistic.band, in_force=True)
    found = [(one.month, one.about) for one in of_population(7, rate, sides)]
    assert found == [(2025 * 12, "registered")]
