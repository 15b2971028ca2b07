"""Comparisons of units: intervals, verdicts, ranks and case mix as small tables counted by hand or by scipy."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from metrics.card import Change, Derived, Direction, Form, Unit
from metrics.cards import CARDS
from metrics.comparing.case_mix import adjusted
from metrics.comparing.judging import chance_in, compared, funnel_of
from metrics.comparing.levels import levels_in
from metrics.comparing.places import placed
from metrics.comparing.plot import plot_of
from metrics.comparing.sorts import Sort, sort_of
from tests.pages import cards

MONTH = 2026 * 12 + 9
SHARE = cards.card("share", "率", "Share")
RATE = cards.card("rate", "每人次数", "Visits", unit=Unit.PER_PERSON)


def table(*rows: tuple[float, float], target: float = math.nan, scale: float = 1, **given) -> pd.DataFrame:
    """Units 1, 2, ... with numerator and denominator, as ``figures.comparison`` has them before chance is told."""
    x, n = (np.array(side, float) for side in zip(*rows, strict=True))
    frame = pd.DataFrame(
        {
            "indicator": "share",
            "unit": np.arange(1, len(x) + 1),
            "status": "ok",
            "numerator": x,
            "listed": n,
            "denominator": n,
            "value": x / n / scale,
            "target": target,
            "target_to": math.nan,
            "expected": target,
            "deviation": math.nan,
        }
    )
    return frame.assign(**given)


def test_the_sort_follows_from_the_card():
    """No card is named in the code; a share of rooms is counted, a share of people is chance."""
    expected = {
        "htn_control_rate": Sort.SHARE,
        "hr_filing_rate": Sort.SHARE,
        "fd_renewal_rate": Sort.SHARE,
        "htn_followups_per_patient": Sort.RATE,
        "el_fall_rate": Sort.RATE,
        "gp_per_10k": Sort.STOCK,
        "village_clinic_per_village": Sort.STOCK,
        "wait_time": Sort.MEAN,
        "rx_amount_per_visit": Sort.APART,
        "ap_total_score": Sort.MEAN,
        "drug_ratio": Sort.AMOUNT,
        "clinic_land_area": Sort.AMOUNT,
        "fund_prepay_70": Sort.AMOUNT,
        "fund_per_capita": Sort.AMOUNT,
        "rf_down_up_ratio": Sort.RATIO,
        "hr_count_total": Sort.COUNT,
        "drug_ratio_change": Sort.MADE,
        "clinic_six_rooms": Sort.TASK,
        "warn_severe_reading": Sort.TASK,
    }
    assert {key: sort_of(CARDS[key]) for key in expected} == expected
    assert sort_of(cards.card("c", "c", "c", derived=Derived(how=Change.POINTS, of="x"))) is Sort.MADE
    assert sort_of(cards.card("c", "c", "c", form=Form.DUTY)) is Sort.TASK


def test_wilson_as_published():
    """Newcombe 1998, table I: 81 of 263 is 25.53 % to 36.62 %, 15 of 148 is 6.24 % to 16.05 %, 0 of 20 is 0 to 16.11 %."""
    found = compared(table((81, 263), (15, 148), (0, 20), (3, 4)), SHARE, MONTH)
    assert found["low"].round(4).tolist() == [0.2553, 0.0624, 0, 0.3006]
    assert found["high"].round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.9544]


def test_shares_against_a_second_library():
    rows = [(81, 263), (15, 148), (0, 20), (29, 29), (700, 1000)]
    found = compared(table(*rows, target=0.3), SHARE, MONTH)
    for (x, n), low, high in zip(rows, found["low"], found["high"], strict=True):
        told = stats.binomtest(x, n).proportion_ci(0.95, method="wilson")
        assert np.allclose([low, high], [told.low, told.high])
    # The score test, at 5 %: z of 81/263 is 0.28, of 15/148 -5.3, of 0/20 -2.9, of all of 29 and of 70 % far above.
    assert found["to_target"].tolist() == ["same", "worse", "worse", "better", "better"]


def test_rates_against_a_second_library():
    """Exact limits by chi-square below ten events; ten or more by Byar, within 1 % of exact."""
    rows = [(3, 20), (9, 30), (40, 10), (400, 100)]
    found = compared(table(*rows, target=1.0), RATE, MONTH)
    for (x, n), low, high in zip(rows, found["low"], found["high"], strict=True):
        exact = stats.chi2.ppf(0.025, 2 * x) / 2 / n, stats.chi2.ppf(0.975, 2 * x + 2) / 2 / n
        assert np.allclose([low, high], exact, rtol=1e-9 if x < 10 else 0.01)
    assert found["to_target"].tolist() == ["worse", "worse", "better", "better"]


def test_a_rate_for_ten_thousand_is_in_its_unit():
    card = cards.card("rate", "每万人", "For 10,000", unit=Unit.PER_10K)
    found = compared(table((5, 20_000), (8, 10_000), scale=1 / 10_000, target=8.0), card, MONTH)
    assert found["value"].tolist() == [2.5, 8.0]
    assert np.allclose(found["low"], [stats.chi2.ppf(0.025, 10) / 4, stats.chi2.ppf(0.025, 16) / 2])
    assert found["to_target"].tolist() == ["worse", "same"]


def test_lower_is_better_and_neither_is():
    rows = table((95, 263), (15, 148), target=0.2)
    lower = cards.card("share", "率", "Share", direction=Direction.LOWER)
    neither = cards.card("share", "率", "Share", direction=Direction.NONE)
    assert compared(rows, lower, MONTH)["to_target"].tolist() == ["worse", "better"]
    assert compared(rows, lower, MONTH)["to_peers"].tolist() == ["worse", "better"]
    found = compared(rows, neither, MONTH)
    assert found["to_target"].tolist() == ["none", "none"]
    assert found["to_peers"].tolist() == ["higher", "lower"]
    assert set(found["unranked"]) == {"direction"}


def test_a_range_is_met_within_its_ends():
    rows = table((30, 200), (60, 200), (120, 200), (46, 200), target=0.25, target_to=0.4)
    neither = cards.card("share", "率", "Share", direction=Direction.NONE)
    assert compared(rows, neither, MONTH)["to_target"].tolist() == ["worse", "same", "worse", "same"]
    assert compared(rows, SHARE, MONTH)["to_target"].tolist() == ["worse", "same", "better", "same"]


def test_a_growing_figure_is_held_against_what_is_due_by_now():
    rows = table((60, 200), (30, 200), target=0.9).assign(expected=0.3)
    assert compared(rows, SHARE, MONTH)["to_target"].tolist() == ["same", "worse"]


def test_the_verdict_against_peers_is_the_outer_line():
    """Exact binomial tails around the pooled share, doubled, at 0.2 %."""
    rows = [(50, 100)] * 6 + [(80, 100), (36, 100), (20, 100)]
    frame = table(*rows)
    pooled = sum(x for x, _ in rows) / 900
    expected = []
    for x, n in rows:
        p = 2 * min(stats.binom.cdf(x, n, pooled), stats.binom.sf(x - 1, n, pooled))
        expected.append("same" if p >= 0.002 else "better" if x / n > pooled else "worse")
    found = compared(frame, SHARE, MONTH)
    assert found["to_peers"].tolist() == expected
    assert expected[-3:] == ["better", "same", "worse"]
    plot = plot_of(found, SHARE, MONTH)
    assert math.isclose(plot.centre, pooled)
    levels = levels_in(MONTH)
    outside = funnel_of(chance_in(frame, SHARE, levels), levels).outside(0.998)
    assert [{1: "better", 0: "same", -1: "worse"}[one] for one in outside] == expected
    assert (np.diff(plot.outer.high) <= 1e-12).all() and (plot.outer.high >= plot.inner.high).all()


def test_ranks_where_units_differ():
    rows = [(90, 100), (88, 100), (50, 100), (48, 100), (10, 100), (12, 100)]
    found = compared(table(*rows), SHARE, MONTH)
    assert set(found["unranked"]) == {""}
    assert found["place"].tolist() == [1, 2, 3, 4, 6, 5]
    assert found["place_low"].tolist() == [1, 1, 3, 3, 5, 5]
    assert found["place_high"].tolist() == [2, 2, 4, 4, 6, 6]


@pytest.mark.parametrize(
    "rows, card, reason",
    [
        ([(90, 100), (50, 100), (10, 100), (70, 100)], SHARE, "few"),
        ([(2, 4), (1, 4), (2, 4), (3, 4), (1, 4)], SHARE, "alike"),
        ([(3, 4), (0, 4), (2, 4), (4, 4), (1, 4)], SHARE, "noisy"),
        ([(5, 1)] * 6, cards.card("c", "c", "c", unit=Unit.YUAN), "apart"),
        ([(5, 1)] * 6, CARDS["rx_amount_per_visit"], "apart"),
        ([(5, 1)] * 6, cards.count("c", "c", "c", "S11"), "count"),
        ([(1, 2)] * 6, CARDS["village_clinic_per_village"], "alike"),
        ([(x, 20) for x in range(6)], CARDS["clinic_six_rooms"], "task"),
    ],
)
def test_not_to_be_ranked(rows, card, reason):
    found = compared(table(*rows), card, MONTH)
    assert set(found["unranked"]) == {reason}
    assert found[["place", "place_low", "place_high"]].isna().all(axis=None)
    if sort_of(card) is not Sort.SHARE:
        assert found["low"].isna().all() and set(found["to_peers"]) == {"none"}


WAIT = CARDS["wait_time"]
COST = CARDS["op_cost_per_visit"]


def test_means_against_a_second_library():
    """Minutes waited by Student on logarithms: of 40 visits, mean 30, deviation 24, the logarithm's error is 0.8 / sqrt(40)."""
    rows = table((1_200, 40), (6_000, 400), (300, 10), (2_000, 50), target=20.0)
    found = compared(rows.assign(deviation=[24.0, 9.0, 5.0, math.nan]), WAIT, MONTH)
    for place, (n, middle, sd) in enumerate([(40, 30, 24), (400, 15, 9)]):
        ends = stats.t.interval(0.95, n - 1, math.log(middle), sd / middle / math.sqrt(n))
        assert np.allclose(found.loc[place, ["low", "high"]].astype(float), np.exp(ends))
    # 20 minutes at most: 30 (23 to 39) is surely more, 15 (14 to 16) surely less; ten visits, or only a sum, say nothing.
    assert found["to_target"].tolist() == ["worse", "better", "none", "none"]
    assert found["unranked"].tolist()[2:] == ["thin", "thin"]
    assert found.loc[2:, ["low", "high"]].isna().all(axis=None)


def test_scores_have_no_tail():
    """Points end at a hundred: plain Student, the same way up and down."""
    found = compared(
        table((36_000, 40), (34_000, 40), scale=10).assign(deviation=4.0), CARDS["ap_medical_ethics"], MONTH
    )
    ends = stats.t.interval(0.95, 39, 90, 4 / math.sqrt(40))
    assert np.allclose(found.loc[0, ["low", "high"]].astype(float), ends)


def test_means_have_a_funnel_and_ranks():
    """Eight units of 200 visits at 50 yuan, one at 80, one at 35; in fen, as they are counted."""
    rows = [(200 * 5_000, 200)] * 8 + [(200 * 8_000, 200), (200 * 3_500, 200)]
    frame = table(*rows, scale=100).assign(deviation=30.0)
    found = compared(frame, COST, MONTH)
    assert found["to_peers"].tolist() == ["same"] * 8 + ["worse", "better"]
    assert set(found["unranked"]) == {""}
    assert found["place"].tolist() == [2] * 8 + [10, 1]
    assert found.loc[8:, ["place_low", "place_high"]].to_numpy().tolist() == [[10, 10], [1, 1]]
    plot = plot_of(found, COST, MONTH)
    assert math.isclose(plot.centre, (8 * 50 + 80 + 35) / 10)
    assert (plot.outer.low > 0).all() and (plot.outer.high > plot.inner.high).all()
    # A point lies beyond the outer line where its word says so.
    at = [np.interp(200, plot.size, side) for side in plot.outer]
    assert ((frame["value"] > at[1]) == (found["to_peers"] == "worse")).all()
    assert ((frame["value"] < at[0]) == (found["to_peers"] == "better")).all()


def test_means_that_chance_explains_are_not_ranked():
    rows = [(200 * fen, 200) for fen in (5_000, 5_010, 4_990, 5_005, 4_995, 5_000)]
    assert set(compared(table(*rows, scale=100).assign(deviation=30.0), COST, MONTH)["unranked"]) == {"alike"}


def test_prices_that_never_vary_have_no_verdict_against_the_others():
    """Every visit costs 10 yuan at eleven clinics and 50 at one: nothing says what chance would do."""
    rows = [(100 * 1_000, 100)] * 11 + [(100 * 5_000, 100)]
    found = compared(table(*rows, scale=100).assign(deviation=0.0), COST, MONTH)
    assert set(found["to_peers"]) == {"none"}
    assert plot_of(found, COST, MONTH) is None


def test_a_card_is_a_mean_where_its_sort_is():
    """Both ways: what is published as a spread is of a mean, and every mean has one. A rank is made of a mean, and is none."""
    means = {key for key, card in CARDS.items() if card.is_mean}
    assert means == {key for key, card in CARDS.items() if sort_of(card) is Sort.MEAN}
    assert "ap_total_score" in means and "ap_rank" not in means


def test_things_counted_one_by_one_have_plain_ranks():
    found = compared(table(*((x, 20) for x in (5, 9, 9, 1, 20))), CARDS["village_clinic_per_village"], MONTH)
    assert found["place"].tolist() == [4, 2, 2, 5, 1]
    assert found[["low", "high", "place_low", "place_high"]].isna().all(axis=None)


def test_what_is_no_share_or_not_whole_takes_no_part():
    """Above 100 %, delivered in part, nothing delivered: no interval, no verdict, no rank, and nobody's peer."""
    rows = [(90, 100), (88, 100), (50, 100), (48, 100), (10, 100), (12, 100)]
    plain = compared(table(*rows), SHARE, MONTH)
    more = table(*rows, (103, 100), (5, 100), (math.nan, 100))
    more["status"] = ["ok"] * 7 + ["part", "none"]
    found = compared(more, SHARE, MONTH)
    columns = ["low", "high", "to_peers", "place", "place_low", "place_high"]
    pd.testing.assert_frame_equal(found.loc[:5, columns], plain[columns])
    assert found["unranked"].tolist()[6:] == ["over", "part", "unknown"]
    assert found.loc[6:, ["low", "high", "place", "place_low"]].isna().all(axis=None)
    assert set(found.loc[6:, "to_target"]) | set(found.loc[6:, "to_peers"]) == {"none"}


def test_many_cards_at_once_are_as_one_by_one():
    random = np.random.default_rng(7)
    keys = [
        "htn_control_rate",
        "el_fall_rate",
        "gp_per_10k",
        "hr_count_total",
        "drug_ratio_change",
        "wait_time",
    ]
    frames = []
    for key in keys:
        n = random.integers(50, 400, 9).astype(float)
        x = np.round(n * random.uniform(0.1, 0.9, 9))
        frames.append(table(*zip(x, n, strict=True)).assign(indicator=key, deviation=0.3))
    together = placed(pd.concat(frames, ignore_index=True), {key: CARDS[key] for key in keys}, MONTH)
    for key, frame in zip(keys, frames, strict=True):
        alone = placed(frame, {key: CARDS[key]}, MONTH)
        many = together[together["indicator"] == key].reset_index(drop=True)
        pd.testing.assert_frame_equal(many, alone)


def test_case_mix_by_hand():
    """Two strata, 20 % and 80 % in all; unit 2 has the old alone: expected 80 of 100, found 60."""
    rows = pd.DataFrame(
        [
            (1, "age:0-6", 20, 100),
            (1, "age:80+", 100, 100),
            (2, "age:80+", 60, 100),
            (3, "age:0-6", 5, 10),
            (3, "age:80+", math.nan, math.nan),  # hidden: all of the unit stays out
        ],
        columns=["unit", "stratum", "numerator", "listed"],
    ).astype({"numerator": float, "listed": float})
    units, found = adjusted(rows, "age", 0.95)
    assert units.tolist() == [1, 2]
    assert np.allclose(found.expected, [20 + 80, 80])
    assert np.allclose(found.rate, [1.2 * 180 / 300, 0.75 * 180 / 300])
    assert adjusted(rows, "sex", 0.95)[1] is None
