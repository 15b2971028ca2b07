"""In which order a circular lists units, by which side it judges them, and what it knows of how widely means spread."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from exports.circular import Indicator, Ranked, _indicator_tables
from exports.circular_material import _ranked, indicators
from exports.words import text
from metrics import figures, published
from metrics.appraisal.scoring import Line
from metrics.card import Direction
from metrics.cards import CARDS
from metrics.comparing.places import THIN, UNKEPT
from tests.appraisal.district import BOSS, EAST, EAST_1, EAST_2, SEPTEMBER, WEST, WEST_1, figure, write
from tests.appraisal.sheets import sheet_of

SHARE, MEAN = CARDS["htn_control_rate"], CARDS["wait_time"]
BASIS = str(MEAN.bases[0])


@pytest.mark.parametrize(("direction", "best_first"), [("higher", "bcdhgfei"), ("lower", "dcbefghi")])
def test_units_without_a_rank_are_listed_by_value_too(direction, best_first):
    """Whole figures with ranks, then those in part, each from the best on; who has no figure at all comes last."""

    def row(name: str, top: float, status: str = "ok") -> Ranked:
        return Ranked(name, top, 100.0, top / 100, status)

    rows = [
        row("e", 50, "part"),
        Ranked("i", math.nan, math.nan, math.nan, "none"),
        row("f", 60, "part"),
        row("h", 80, "part"),
        row("g", 70, "part"),
        row("c", 51),
        row("b", 52),
        row("d", 50),
    ]
    listed = _ranked(replace(SHARE, direction=Direction(direction)), rows, SEPTEMBER)
    assert "".join(one.unit for one in listed) == best_first


def _line(item: str, top: float, bottom: float) -> Line:
    return Line(item, "scored", 1000, 1000, top, bottom, top / bottom)


def test_a_sheet_that_asks_for_less_is_judged_by_that(store):
    """The sheet asks for few where the card asks for many: who has least is first, better, and reaches what was asked."""
    item = (
        "method = 'proportional'; weight = 100; card = 'htn_control_rate'; baseline = 0.5; better = 'lower'"
    )
    sheet = sheet_of({"a": item})
    told = {EAST: 900, WEST: 100}
    write(store, [figure(SHARE.key, unit, top, 1000) for unit, top in told.items()])
    scores = {unit: [_line("a", top, 1000)] for unit, top in told.items()}
    with store.published() as connection:
        tree = figures.units(BOSS, connection)
        (one,) = indicators(BOSS, connection, sheet, scores, SEPTEMBER, "quarter", tree)
    assert [(row.unit, row.place.to_peers) for row in one.sides["with"]] == [
        (f"机构{WEST}", "better"),
        (f"机构{EAST}", "worse"),
    ]


@pytest.fixture
def waits(store) -> dict[str, np.ndarray]:
    """Minutes that each patient waited, by where; published as means, with their spread."""
    draw = np.random.default_rng(20260901)
    of = {
        "own": draw.lognormal(3.0, 0.5, 80).round(),
        EAST_1: draw.lognormal(2.6, 0.4, 60).round(),
        EAST_2: draw.lognormal(3.2, 0.6, 70).round(),
        WEST_1: draw.lognormal(2.9, 0.5, 90).round(),
    }
    all_ = {
        EAST: np.concatenate([of["own"], of[EAST_1], of[EAST_2]]),
        WEST: of[WEST_1],
        **{unit: of[unit] for unit in (EAST_1, EAST_2, WEST_1)},
    }
    write(store, [figure(MEAN.key, unit, float(x.sum()), len(x), basis=BASIS) for unit, x in all_.items()])
    rows = [
        {"indicator": MEAN.key, "unit": unit, "month": SEPTEMBER, "basis": BASIS, "deviation": float(x.std(ddof=1)), "hidden": 0}
        for unit, x in all_.items()
    ]  # fmt: skip
    with store.change("published") as draft:
        draft.published.execute(published.spread.insert(), rows)
    return all_ | {"own": of["own"]}


def test_means_are_held_against_each_other_by_their_published_spread(store, waits):
    """Of the frozen figures none was kept, and that is what the table says; of the others the very spread is known."""
    sheet = sheet_of({"a": f"method = 'proportional'; weight = 100; card = '{MEAN.key}'; baseline = 30"})
    scores = {unit: [_line("a", waits[unit].sum(), len(waits[unit]))] for unit in (EAST, WEST)}
    with store.published() as connection:
        tree = figures.units(BOSS, connection)
        (one,) = indicators(BOSS, connection, sheet, scores, SEPTEMBER, "quarter", tree)
    assert {row.place.unranked for row in one.sides["with"]} == {UNKEPT}
    below = {row.unit: row for row in one.sides["below"]}
    for unit in (EAST_1, EAST_2, WEST_1):
        row = below[f"机构{unit}"]
        assert row.deviation == pytest.approx(waits[unit].std(ddof=1))
        assert row.place.unranked == "few"
        assert row.place.low < waits[unit].mean() < row.place.high
    (own,) = one.sides["own"]  # of WEST all was done by its clinic
    assert (own.denominator, own.deviation) == (80, pytest.approx(waits["own"].std(ddof=1)))
    said = text("zh")
    notes = [table.note for table in _indicator_tables(one, said)]
    assert said("circular.not_ranked", why=said("comparing.unranked.unkept")) in notes[0]
    assert not any("只报了合计数" in note for note in notes)


def test_too_few_cases_remain_too_few():
    """A mean of three is thin whatever was kept; where the others lack their spread, that is the reason told."""
    rows = [Ranked("甲", 60.0, 3.0, 20.0, "ok"), Ranked("乙", 6000.0, 300.0, 20.0, "ok")]
    thin, unkept = (row.place.unranked for row in _ranked(MEAN, rows, SEPTEMBER, is_kept=False)[::-1])
    assert {thin, unkept} == {THIN, UNKEPT}
    assert {row.place.unranked for row in _ranked(MEAN, rows, SEPTEMBER)} == {THIN}
    sheet = sheet_of({"a": f"method = 'proportional'; weight = 100; card = '{MEAN.key}'; baseline = 30"})
    listed = _ranked(MEAN, rows, SEPTEMBER, is_kept=False)
    one = Indicator(sheet.items[0], MEAN, BASIS, math.nan, {}, {"with": listed}, SEPTEMBER)
    (table,) = _indicator_tables(one, text("en"))
    assert text("en")("comparing.unranked.unkept") in table.note
