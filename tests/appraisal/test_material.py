"""What items read: months added up, baselines pro rata, kinds of units; and a large draft is scored whole."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import update

from metrics import published
from metrics.appraisal.material import (
    Material,
    added_up,
    appraised_units,
    baseline_of,
    figures_of,
    standing,
    with_ranks,
)
from metrics.appraisal.scoring import Entry, Figure
from metrics.appraisal.sheet import shipped
from metrics.cards import CARDS
from tests.roles import as_role

from .district import BOSS, DIRECTOR, EAST, EAST_1, EAST_2, SEPTEMBER, WEST, WEST_1, figure, target, write
from .sheets import sheet_of

DUTY = CARDS["fin_monthly_settlement"]  # a share of months
TALKS = CARDS["he_lectures"]  # a count


def part(top, bottom=None, status="ok") -> tuple:
    return (top, bottom, None, status)


@pytest.mark.parametrize(
    ("card", "parts", "expected"),
    [
        (DUTY, [part(1, 1), part(0, 1), part(1, 1)], (2, 3, 2 / 3, "ok")),
        (
            DUTY,
            [part(1, 1), part(0, 0, "empty"), part(1, 1)],
            (2, 2, 1.0, "ok"),
        ),  # nothing was due in one month
        (DUTY, [part(0, 0, "empty")] * 3, (None, 0, None, "empty")),
        (DUTY, [part(1, 1), part(None, None, "none"), part(1, 1)], (2, 2, 1.0, "part")),
        (DUTY, [part(1, 1), None, part(1, 1)], (2, 2, 1.0, "part")),
        (DUTY, [part(1, 1), part(1, 1, "part"), part(1, 1)], (3, 3, 1.0, "part")),
        (DUTY, [part(None, None, "untold")] * 3, (None, None, None, "untold")),
        (DUTY, [part(0, 0, "empty"), None, None], (None, None, None, "none")),
        (DUTY, [None] * 3, None),
        (TALKS, [part(2), part(0), part(3)], (5, None, 5.0, "ok")),
        (CARDS["fin_clinic_other"], [part(150), part(50), part(0)], (200, None, 2.0, "ok")),  # fen, yuan
    ],
)
def test_months_of_a_period_add_up(card, parts, expected) -> None:
    public = [part and (*part, False) for part in parts]
    assert added_up(card, public) == (expected and (*expected, False))
    if expected is not None:  # what has a hidden month is hidden
        some = next(place for place, part in enumerate(public) if part)
        public[some] = (*public[some][:4], True)
        assert added_up(card, public) == (*expected, True)


@pytest.mark.parametrize(
    ("card", "fields", "target_", "months", "expected"),
    [
        ("htn_control_rate", "baseline = 0.6", None, 3, 0.6),
        ("htn_control_rate", "baseline = 'target'", 0.6, 3, 0.6),
        ("htn_control_rate", "baseline = 'target'", float("nan"), 3, None),
        ("htn_control_rate", "baseline = 0.6; pro_rata = true", None, 3, 0.6),  # does not grow with the year
        ("el_mgmt_rate", "baseline = 'target'; pro_rata = true", 0.64, 3, 0.48),  # 0.64 x 9 / 12
        ("he_lectures", "baseline = 'target'; pro_rata = true", 12, 3, 9),
        ("he_lectures", "baseline = 'target'; basis = 'period'", 12, 3, 3),  # a quarter of the year's
        ("he_lectures", "baseline = 'target'; basis = 'period'", 12, 12, 12),
        ("he_lectures", "baseline = 'target'; basis = 'month'", 12, 3, 1),
        ("he_lectures", "baseline = 3; basis = 'period'", None, 3, 3),  # a number is meant as it stands
    ],
)
def test_baselines(card, fields, target_, months, expected) -> None:
    item = sheet_of({"a": f"method = 'proportional'; weight = 100; card = '{card}'; {fields}"}).items[0]
    basis = item.basis or str(CARDS[card].bases[0])
    told = float("nan") if target_ is None else target_
    assert baseline_of(item, CARDS[card], basis, SEPTEMBER, told, months) == expected


SHEET = sheet_of(
    {
        "aim": "method = 'proportional'; weight = 30; card = 'htn_control_rate'; baseline = 'target'",
        "duty": "method = 'deduction'; weight = 30; card = 'fin_monthly_settlement'; basis = 'period'; off = 1",
        "only": "method = 'proportional'; weight = 40; card = 'five_records'; baseline = 1",
    },
    kinds='["centre", "clinic"]',
)


@pytest.fixture
def written(store):
    rows = [
        figure("htn_control_rate", EAST, 45, 100),
        figure("htn_control_rate", EAST, 99, 100, SEPTEMBER - 1),  # another month
        figure("htn_control_rate", EAST, 98, 100, basis="month"),  # another basis
        figure("htn_control_rate", EAST, 97, 100) | {"stratum": "sex:1"},
        *(figure("fin_monthly_settlement", EAST_1, n, 1, SEPTEMBER - 2 + n, "month") for n in range(2)),
        figure("fin_monthly_settlement", EAST_1, 1, 1, SEPTEMBER, "month"),
        figure("five_records", EAST_1, 4, 5, basis="as_of"),
    ]
    write(store, rows, [target("htn_control_rate", 0.6), target("htn_control_rate", 0.9, year=2025)])
    return store


def test_every_item_reads_its_own_figure(written) -> None:
    with written.published() as connection:
        units = appraised_units(BOSS, connection, SHEET, SEPTEMBER, "quarter")
        found = figures_of(BOSS, connection, SHEET, units, SEPTEMBER, "quarter")
    assert units["unit"].tolist() == [EAST, EAST_1, EAST_2, WEST, WEST_1]
    assert found[EAST]["aim"] == Figure(45, 100, 0.45, 0.6)
    assert found[EAST_1]["duty"] == Figure(2, 3, 2 / 3, None)
    assert found[EAST_1]["only"] == Figure(4, 5, 0.8, 1.0)
    assert "aim" not in found[EAST_2]  # not delivered: open, not 0
    table = standing(Material(SHEET, ((EAST_1, ""),), units, found, {})).table
    # 29 of 30 for the duty, 32 of 40 for the records, the first item open
    assert table[["points", "open"]].to_numpy().tolist() == [[6100, 1]]


def test_scope_and_open_units(written) -> None:
    with written.change("published") as draft:
        u = published.unit
        draft.published.execute(update(u).where(u.c.unit == WEST_1).values(closed_on=date(2026, 9, 30)))
        draft.published.execute(update(u).where(u.c.unit == EAST_2).values(opened_on=date(2026, 10, 1)))
    east = as_role("东", "director", DIRECTOR.own, DIRECTOR.own)
    with written.published() as connection:
        assert appraised_units(BOSS, connection, SHEET, SEPTEMBER, "quarter")["unit"].tolist() == [
            EAST,
            EAST_1,
            WEST,
        ]
        assert appraised_units(east, connection, SHEET, SEPTEMBER, "quarter")["unit"].tolist() == [
            EAST,
            EAST_1,
        ]
        seen = figures_of(
            east, connection, SHEET, pd.DataFrame({"unit": [WEST], "kind": ["centre"]}), SEPTEMBER, "quarter"
        )
    assert seen == {WEST: {}}


def test_ranks_are_among_units_of_the_same_kind_in_the_district_and_under_the_parent() -> None:
    rows = [  # unit, kind, parent, points
        (1, "centre", 9, 8000),
        (2, "centre", 9, 8000),
        (3, "clinic", 1, 9000),
        (4, "clinic", 1, 7000),
        (5, "clinic", 2, 7000),
        (6, "clinic", 2, 0),
    ]
    table = pd.DataFrame(rows, columns=["unit", "kind", "parent", "points"])
    table = with_ranks(table.assign(staff_no="", full=[10000] * 5 + [0], veto=None))
    assert table[["rank", "peers"]].iloc[:5].to_numpy().tolist() == [[1, 2], [1, 2], [1, 3], [2, 3], [2, 3]]
    assert table[["parent_rank", "parent_peers"]].iloc[:5].to_numpy().tolist() == [
        [1, 2],
        [1, 2],
        [1, 2],
        [2, 2],
        [1, 1],
    ]
    assert table.iloc[5][["rank", "peers", "parent_rank"]].isna().all()  # nothing applied to it


def test_a_draft_of_forty_centres_and_four_hundred_clinics_is_scored_whole() -> None:
    scored = 0
    for sheet, n in ((one, {"centre": 40, "clinic": 400}.get(one.key)) for one in shipped()):
        if n is None:
            continue
        units = pd.DataFrame(
            {"unit": range(n), "name": "", "kind": sheet.kinds[0], "parent": [i % 40 for i in range(n)]}
        )
        figures = {
            unit: {
                item.key: Figure(unit % 97, 97, (unit % 97) / 97, 0.8)
                for item in sheet.items
                if item.card is not None
            }
            for unit in range(n)
        }
        entries = {
            (unit, ""): {i.key: Entry(points=i.weight) for i in sheet.items if i.card is None and i.weight}
            for unit in range(n)
        }
        material = Material(sheet, tuple((unit, "") for unit in range(n)), units, figures, entries)
        table = standing(material).table
        assert len(table) == n
        assert table["open"].sum() == 0
        assert table["rank"].min() == 1
        scored += 1
    assert scored == 2
