"""What would win points back, counted by hand; and doing exactly that does win them back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.appraisal.restoring import loss_words, losses
from metrics.appraisal.scoring import Entry, Figure, score

from .sheets import COUNT, SHARE, sheet_of


def loss(fields: str, figure: Figure | None = None, entry: Entry | None = None):
    sheet = sheet_of({"a": fields, "b": "method = 'manual'; weight = 90"})
    found = score(sheet, {"a": figure} if figure else {}, {"a": entry} if entry else {})
    table = losses(sheet, found.lines)
    return None if table.empty else table.iloc[0], sheet.item("a")


def share(top: int, bottom: int) -> Figure:
    return Figure(top, bottom, top / bottom, None)


def number(n: float) -> Figure:
    return Figure(n, None, float(n), None)


@pytest.mark.parametrize(
    ("fields", "figure", "lost", "points", "way", "needed", "zh"),
    [
        # 80 % of 110 are 88: 18 more than 70. 10 x (70 / 110) / 0.8 = 7.95
        (f"method = 'proportional'; weight = 10; {SHARE}; baseline = 0.8", share(70, 110), 205, 205, "more_people", 18, "再做 18 人可得回 2.05 分"),
        (f"method = 'yes_no'; weight = 10; {SHARE}; baseline = 0.9", share(98, 110), 1000, 1000, "more_people", 1, "再做 1 人可得回 10 分"),
        # The next step is 80 %: 88 of 110
        (f"method = 'steps'; weight = 10; {SHARE}; steps = [[0.9, 10], [0.8, 7], [0.6, 4]]", share(70, 110), 600, 300, "more_people", 18, "再做 18 人可得回 3 分"),
        # 86 of 100 are two steps of 2 points below 90: none any more from 89 on, which is only 1 below
        (f"method = 'deduction'; weight = 10; {SHARE}; baseline = 0.9; per = 0.02; off = 1", share(86, 100), 200, 200, "more_people", 3, "再做 3 人可得回 2 分"),
        (f"method = 'deduction'; weight = 10; {COUNT}; off = 2", number(3), 600, 600, "over", 3, "已发生 3 例，本期这 6 分不能得回"),
        ("method = 'proportional'; weight = 10; card = 'he_lectures'; baseline = 12", number(9), 250, 250, "more", 3, "再增加 3 场可得回 2.5 分"),
        # A month without a settlement is past.
        ("method = 'deduction'; weight = 10; card = 'fin_monthly_settlement'; off = 2", share(7, 9), 400, 400, "missed", 2, "缺 2 项，都已过去，本期这 4 分不能得回"),
        # 15 % of 200 are 30: antibiotics are too many by 10
        ("method = 'proportional'; weight = 10; card = 'antibiotic_rate'; baseline = 0.15", share(40, 200), 250, 250, "fewer_things", 10, "减少 10 项可得回 2.5 分"),
    ],
)  # fmt: skip
def test_by_hand(fields, figure, lost, points, way, needed, zh) -> None:
    row, item = loss(fields, figure)
    assert (row.lost, row.points, row.way, row.needed) == (lost, points, way, needed)
    assert loss_words(row, item, "zh") == zh
    assert str(needed) in loss_words(row, item, "en")


def test_points_given_by_hand_come_back_by_hand() -> None:
    row, item = loss("method = 'manual'; weight = 10", entry=Entry(points=700))
    assert (row.lost, row.way, math.isnan(row.needed)) == (300, "by_hand", True)
    assert loss_words(row, item, "en") == "scored by hand, 3 points lost"


def test_full_marks_open_items_and_bonuses_lose_nothing() -> None:
    assert loss(f"method = 'proportional'; weight = 10; {SHARE}; baseline = 0.8", share(88, 110))[0] is None
    assert loss("method = 'manual'; weight = 10")[0] is None


def test_the_dearest_item_comes_first() -> None:
    sheet = sheet_of(
        {"a": f"method = 'yes_no'; weight = 40; {SHARE}; baseline = 1", "b": "method = 'manual'; weight = 60"}
    )
    found = score(sheet, {"a": share(1, 2)}, {"b": Entry(points=0)})
    assert losses(sheet, found.lines)["item"].tolist() == ["b", "a"]


@given(
    st.integers(0, 150),
    st.integers(1, 150),
    st.sampled_from(["proportional", "yes_no", "steps", "deduction"]),
    st.integers(1, 20),
)
def test_so_many_win_them_back_and_one_fewer_does_not(
    top: int, bottom: int, method: str, twentieths: int
) -> None:
    base = twentieths / 20
    fields = {
        "proportional": f"baseline = {base}",
        "yes_no": f"baseline = {base}",
        "steps": f"steps = [[{base}, 10], [{base / 2}, 5]]",
        "deduction": f"baseline = {base}; per = 0.02; off = 0.7",
    }[method]
    fields = f"method = '{method}'; weight = 10; {SHARE}; {fields}"
    row, _ = loss(fields, share(top, bottom))
    if row is None:
        return
    sheet = sheet_of({"a": fields, "b": "method = 'manual'; weight = 90"})

    def points(n: int) -> int:
        return score(sheet, {"a": share(n, bottom)}, {}).line("a").points

    wanted = points(top) + row.points
    assert points(top + int(row.needed)) == wanted
    assert method == "proportional" or points(top + int(row.needed) - 1) < wanted
