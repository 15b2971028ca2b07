"""What-if, counted by hand: two centres, an item of 60 points by its figure and one of 40 by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from metrics.appraisal.material import Material, standing
from metrics.appraisal.scoring import Entry, Figure
from metrics.appraisal.what_if import compared, rebased, rescored, reweighted, shares
from tests.appraisal.sheets import SHARE, sheet_of

EAST, WEST = (2, ""), (3, "")


def material(**fields: str) -> Material:
    """East: 30 of 50 people controlled, 40 points by hand. West: 50 of 50, 10 points."""
    control = fields.get("control", f'method = "proportional"; weight = 60; {SHARE}; baseline = 0.8')
    sheet = sheet_of(
        {"control": control, "plan": 'method = "manual"; weight = 40'}, {"false": 'method = "veto"'}
    )
    return Material(
        sheet,
        (EAST, WEST),
        pd.DataFrame({"unit": [2, 3], "name": ["东", "西"], "kind": ["centre"] * 2, "parent": [1, 1]}),
        {2: {"control": Figure(30, 50, 0.6, 0.8)}, 3: {"control": Figure(50, 50, 1.0, 0.8)}},
        {EAST: {"plan": Entry(points=4000)}, WEST: {"plan": Entry(points=1000)}},
    )


def points(made: Material) -> dict[int, int]:
    return {unit: one.points for (unit, _), one in standing(made).scores.items()}


def test_as_it_stands():
    # East 60 x 0.6 / 0.8 + 40 = 45 + 40; West 60 + 10
    assert points(material()) == {2: 8500, 3: 7000}


def test_another_weight_takes_scores_by_hand_along():
    tried = reweighted(material(), "plan", 1000)
    assert tried.sheet.full == 7000  # 60 + 10
    # East 45 + 10 x 40 / 40; West 60 + 10 x 10 / 40
    assert points(tried) == {2: 5500, 3: 6250}
    table = compared(standing(material()), standing(tried)).set_index("unit")
    assert table["rank_before"].to_dict() == {2: 1, 3: 2}
    assert table["rank_after"].to_dict() == {2: 2, 3: 1}
    assert table["moved"].to_dict() == {2: -1, 3: 1}


def test_a_deduction_goes_along_too():
    by_ten = f'method = "deduction"; weight = 60; {SHARE}; baseline = 0.8; per = 0.05; off = 6; cap = 30'
    # East is 0.2 below: four steps of 0.05, 24 off; of twice the weight 48.
    assert points(material(control=by_ten))[2] == 3600 + 4000
    assert points(reweighted(material(control=by_ten), "control", 12000))[2] == 7200 + 4000


def test_another_baseline_holds_for_every_unit():
    tried = rebased(material(), "control", Decimal("1"), 24320, "quarter")
    assert points(tried) == {2: 3600 + 4000, 3: 6000 + 1000}  # 60 x 0.6; 60 x 1


def test_another_score():
    assert points(rescored(material(), WEST, "plan", 4000)) == {2: 8500, 3: 10000}


def test_nothing_of_the_material_is_changed():
    made = material()
    for tried in (
        reweighted(made, "plan", 1000),
        rebased(made, "control", Decimal("1"), 24320, "quarter"),
        rescored(made, WEST, "plan", 4000),
    ):
        assert tried is not made
        assert points(made) == {2: 8500, 3: 7000}


def test_shares_are_of_a_hundred_and_a_veto_leaves_nothing():
    made = reweighted(material(), "plan", 1000)
    assert shares(standing(made)) == {2: Fraction(5500 * 100, 7000), 3: Fraction(6250 * 100, 7000)}
    vetoed = material()
    entries = {**vetoed.entries, EAST: {**vetoed.entries[EAST], "false": Entry(applies=True)}}
    stands = standing(Material(vetoed.sheet, vetoed.subjects, vetoed.units, vetoed.figures, entries))
    assert shares(stands)[2] == 0


@pytest.mark.parametrize("weight", [1, 37, 6000, 99_999])
def test_any_weight_can_be_scored(weight):
    for steps in ("[[0.9, 60], [0.5, 33.33]]",):
        made = material(control=f'method = "steps"; weight = 60; {SHARE}; steps = {steps}')
        tried = points(reweighted(made, "control", weight))
        assert tried[3] == weight + 1000  # the best step is the whole weight
