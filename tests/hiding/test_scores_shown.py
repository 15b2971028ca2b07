"""Who is shown what of a score: lines, totals and ranks; and of money by work points."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from metrics.appraisal.explaining import sentence
from metrics.appraisal.guessing import NEVER, safe_step
from metrics.appraisal.scoring import MANUAL, SCORED, Line
from metrics.appraisal.showing import shown_line, shown_results
from metrics.funds.settling import WORK_POINTS
from metrics.funds.settling import Line as Money
from metrics.funds.showing import Counts, shown_lines
from metrics.funds.terms import terms_of
from metrics.principal import EVERYTHING, LOCAL, Scope
from tests.appraisal.sheets import sheet_of
from tests.roles import as_role

SHEET = sheet_of(
    {
        "control": 'card = "htn_control_rate"; method = "proportional"; weight = 60; baseline = 0.8',
        "visit": 'method = "manual"; weight = 40',
    }
)
HIDDEN = Line("control", SCORED, 6000, 4500, 3.0, 5.0, 0.6, 0.8, hidden=True)
LEADER = as_role("领导", "leader", EVERYTHING, EVERYTHING)
DIRECTOR = as_role("主任", "director", EVERYTHING, Scope(frozenset({2})))
OFFICER = as_role("专干", "officer", EVERYTHING, EVERYTHING)
OF_HYPERTENSION, OF_CHILDREN = (replace(OFFICER, systems=frozenset({one})) for one in ("S11", "S08"))


@pytest.mark.parametrize(
    ("principal", "unit", "sees"),
    [(LEADER, 2, False), (DIRECTOR, 2, True), (DIRECTOR, 3, False), (OFFICER, 2, True), (OF_HYPERTENSION, 3, True),
     (OF_CHILDREN, 3, False), (LOCAL, 3, True)],
)  # fmt: skip
def test_a_hidden_line_is_for_who_may_see_the_people(principal, unit: int, sees: bool):
    line = shown_line(principal, unit, HIDDEN, SHEET.item("control"))
    told = (line.numerator, line.denominator, line.value, line.points)
    assert told == ((3.0, 5.0, 0.6, 4500) if sees else (None,) * 4)
    said = sentence(line, SHEET.item("control"), "zh")
    assert ("未公开" in said) is not sees
    assert ("3" in said) is sees


def test_points_by_hand_stay():
    line = shown_line(LEADER, 2, replace(HIDDEN, state=MANUAL), SHEET.item("control"))
    assert (line.points, line.value) == (4500, None)


def test_totals_are_cut_alike_and_ranks_are_of_what_is_shown():
    table = pd.DataFrame(
        {
            "unit": [2, 3, 4, 5],
            "staff_no": "",
            "kind": "centre",
            "parent": 1.0,
            "points": [9460, 9480, 9999, 9412],
            "full": 10_000,
            "veto": None,
            "step": [100, 1, NEVER, 50],
        }
    )
    shown = shown_results(LEADER, table, ("points", "veto", ""))
    assert shown[["unit", "points", "rank", "step"]].to_numpy().tolist() == [
        [2, 9400, 1, 100],
        [3, 9400, 1, 100],
        [5, 9400, 1, 100],
    ]
    own = shown_results(DIRECTOR, table, ("points", "veto", "")).set_index("unit")
    assert own.loc[2, ["points", "step"]].tolist() == [9460, 1]
    assert own.loc[[3, 5], ["points", "step"]].to_numpy().tolist() == [[9450, 50], [9400, 50]]
    everything = shown_results(LOCAL, table, ("points", "veto", ""))
    assert everything["points"].tolist() == table["points"].tolist()


def test_the_step_leaves_one_more_and_one_less_possible():
    """Of 100 people one is worth 75 hundredths here: that fits into no whole point on both sides, but into five."""

    def of(total: int, numerator: float = 60.0) -> int:
        line = replace(HIDDEN, numerator=numerator, denominator=100.0, value=numerator / 100)
        by_hand = Line("visit", MANUAL, 4000, total - line.points)
        return safe_step(SHEET, [line, by_hand], 5)

    assert of(7700) == 500  # 75 less would be below 77
    assert of(7720) == 500
    assert of(7580) == 500
    assert of(7500) == NEVER  # nor would five points do: below is another grade


def test_money_by_work_points_is_shown_whole_or_not_at_all():
    lines = [
        Money(unit, programme, 1000, 5, 3, 0, 4, None) for unit in (2, 3) for programme in ("", "S10", "S11")
    ]
    terms = terms_of(2025)
    open_, one_hidden = (Counts({}, frozenset(gone), frozenset()) for gone in ((), {(3, "el_mgmt_rate")}))
    everything_hidden = Counts({}, frozenset(), frozenset({"el_mgmt_rate"}))

    def units(principal, known: Counts) -> set[int]:
        return {one.unit for one in shown_lines(principal, None, lines, WORK_POINTS, None, terms, known, {})}

    assert units(LEADER, open_) == {2, 3}
    assert units(LEADER, one_hidden) == units(LEADER, everything_hidden) == set()
    assert units(DIRECTOR, one_hidden) == {2}
    assert units(LOCAL, one_hidden) == {2, 3}
