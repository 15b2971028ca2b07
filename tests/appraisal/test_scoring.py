"""Scores counted by hand. Weights and points are hundredths: 1000 is 10 points."""

from __future__ import annotations

import pytest

from metrics.appraisal.scoring import Entry, Figure, apportion, mean_points, ranks, score

from .sheets import COUNT, SHARE, sheet_of


def share(top: int, bottom: int, baseline: float | None = None, status: str = "ok") -> Figure:
    return Figure(top, bottom, top / bottom if bottom else None, baseline, status)


def number(n: float, baseline: float | None = None) -> Figure:
    return Figure(n, None, n, baseline)


def points(fields: str, figure: Figure | None = None, entry: Entry | None = None) -> int | None:
    """The points of one item of weight 10 beside another of weight 90 that has full marks."""
    sheet = sheet_of({"a": fields, "b": "method = 'manual'; weight = 90"})
    figures = {"a": figure} if figure else {}
    entries = {"b": Entry(points=9000)} | ({"a": entry} if entry else {})
    return score(sheet, figures, entries).line("a").points


PROPORTIONAL = f"method = 'proportional'; weight = 10; {SHARE}; baseline = 0.8"


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (share(1234, 1707), 904),  # 10 x (1234 / 1707) / 0.8 = 9.0363...
        (share(80, 100), 1000),  # at the baseline
        (share(110, 100), 1000),  # over 100 %: no more than full marks
        (share(0, 100), 0),
        (share(723, 1000), 904),  # 9.0375: half a hundredth goes up
        (share(1, 1600), 1),  # 0.0078125
        (share(1, 3200), 0),  # 0.00390625
    ],
)
def test_proportional(figure: Figure, expected: int) -> None:
    assert points(PROPORTIONAL, figure) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2, 1000),  # at the baseline of 2
        (0, 1000),
        (4, 500),  # 10 x 2 / 4
        (3, 667),  # 6.666...
    ],
)
def test_proportional_where_less_is_better(value: int, expected: int) -> None:
    assert points(f"method = 'proportional'; weight = 10; {COUNT}; baseline = 2", number(value)) == expected


def test_proportional_to_nothing() -> None:
    none_allowed = f"method = 'proportional'; weight = 10; {COUNT}; baseline = 0"
    assert points(none_allowed, number(0)) == 1000
    assert points(none_allowed, number(1)) == 0


def test_target_comes_with_the_figure() -> None:
    fields = f"method = 'proportional'; weight = 10; {SHARE}; baseline = 'target'"
    assert points(fields, share(45, 100, baseline=0.9)) == 500  # 10 x 0.45 / 0.9
    assert points(fields, share(45, 100)) is None  # no target: somebody must decide


STEPS = f"method = 'steps'; weight = 10; {SHARE}; steps = [[0.9, 10], [0.8, 7.5], [0.6, 4]]"


@pytest.mark.parametrize(
    ("top", "expected"), [(95, 1000), (90, 1000), (89, 750), (80, 750), (79, 400), (60, 400), (59, 0)]
)
def test_steps(top: int, expected: int) -> None:
    assert points(STEPS, share(top, 100)) == expected


def test_a_step_is_reached_exactly() -> None:
    # 0.6 is no binary fraction: 3 of 5 reach it all the same.
    assert points(STEPS, share(3, 5)) == 400


def test_steps_where_less_is_better() -> None:
    fields = f"method = 'steps'; weight = 10; {COUNT}; steps = [[0, 10], [2, 5]]"
    assert [points(fields, number(n)) for n in (0, 1, 2, 3)] == [1000, 500, 500, 0]


@pytest.mark.parametrize(
    ("fields", "figure", "expected"),
    [
        # 2 off for every complaint
        (f"{COUNT}; off = 2", number(0), 1000),
        (f"{COUNT}; off = 2", number(3), 400),
        (f"{COUNT}; off = 2", number(9), 0),  # 18 off, but only 10 there
        (f"{COUNT}; off = 2; cap = 5", number(9), 500),  # at most 5 off
        # 3 complaints are let pass
        (f"{COUNT}; off = 2; baseline = 3", number(4), 800),
        (f"{COUNT}; off = 2; baseline = 3", number(2), 1000),
        # half a point for every full 2 percentage points below 90 %
        (f"{SHARE}; off = 0.5; per = 0.02; baseline = 0.9", share(87, 100), 950),  # 3 below: one step
        (f"{SHARE}; off = 0.5; per = 0.02; baseline = 0.9", share(86, 100), 900),  # 4 below: two steps
        (f"{SHARE}; off = 0.5; per = 0.02; baseline = 0.9", share(95, 100), 1000),
        # one point for each of the 7 who are missing
        (f"{SHARE}; off = 1", share(93, 100), 300),
        # one point for every 3 who are missing: 7 are two times 3
        (f"{SHARE}; off = 1; per = 3", share(93, 100), 800),
        # 4 sessions are due, 1 was held: 3 x 1.5
        ("card = 'he_lectures'; off = 1.5; baseline = 4", number(1), 550),
    ],
)
def test_deduction(fields: str, figure: Figure, expected: int) -> None:
    assert points(f"method = 'deduction'; weight = 10; {fields}", figure) == expected


def test_yes_no() -> None:
    fields = f"method = 'yes_no'; weight = 10; {SHARE}; baseline = 1"
    assert points(fields, share(10, 10)) == 1000
    assert points(fields, share(9, 10)) == 0
    assert points("method = 'yes_no'; weight = 10", entry=Entry(points=0)) == 0


def test_manual_points_stand_instead_of_the_figure() -> None:
    assert points(PROPORTIONAL, share(1, 10), Entry(points=800, note="现场核对")) == 800
    with pytest.raises(ValueError, match="item a"):
        points("method = 'manual'; weight = 10", entry=Entry(points=1001))


# -- what does not apply, what is not there ----------------------------------------------------------

TWO_PARTS = (
    {
        "a": f"method = 'proportional'; weight = 10; {SHARE}; baseline = 1",
        "b": f"method = 'proportional'; weight = 20; {SHARE}; baseline = 1",
        "c": f"method = 'proportional'; weight = 30; {SHARE}; baseline = 1",
    },
    {"d": f"method = 'proportional'; weight = 40; {SHARE}; baseline = 1"},
)


def test_weight_passes_to_the_section() -> None:
    # c does not apply: its 30 pass to a and b in proportion 10 : 20. a 10 + 10, b 20 + 20; d keeps 40.
    figures = {"a": share(1, 2), "b": share(1, 1), "c": share(0, 0, status="empty"), "d": share(1, 4)}
    found = score(sheet_of(*TWO_PARTS), figures, {})
    assert {line.item: (line.state, line.weight, line.points) for line in found.lines} == {
        "a": ("scored", 2000, 1000),
        "b": ("scored", 4000, 4000),
        "c": ("not_applicable", 0, None),
        "d": ("scored", 4000, 1000),
    }
    assert (found.points, found.full, found.grade) == (6000, 10000, "qualified")


def test_weight_of_a_whole_section_passes_to_the_others() -> None:
    # The 40 of d pass to a, b, c: 100 in proportion 10 : 20 : 30 are 16.666, 33.333, 50.
    figures = {key: share(1, 1) for key in "abc"}
    found = score(sheet_of(*TWO_PARTS), figures, {"d": Entry(applies=False, note="没有")})
    assert [line.weight for line in found.lines] == [1667, 3333, 5000, 0]
    assert (found.points, found.grade) == (10000, "excellent")


def test_weights_add_up_when_they_do_not_divide() -> None:
    items = dict.fromkeys("abcd", f"method = 'proportional'; weight = 25; {SHARE}; baseline = 1")
    figures = {key: share(1, 1) for key in "abc"} | {"d": share(0, 0, status="empty")}
    found = score(sheet_of(items), figures, {})
    assert [line.weight for line in found.lines] == [3334, 3333, 3333, 0]
    assert found.points == 10000  # all of it, not 99.99


def test_nothing_applies() -> None:
    figures = {key: share(0, 0, status="empty") for key in "abcd"}
    found = score(sheet_of(*TWO_PARTS), figures, {})
    assert (found.points, found.full, found.grade, found.open_items) == (0, 0, None, ())


@pytest.mark.parametrize("status", ["none", "part", "untold", "no_denominator"])
def test_a_figure_that_was_not_delivered_is_open(status: str) -> None:
    figures = {key: share(1, 1) for key in "bcd"} | {"a": share(1, 2, status=status)}
    found = score(sheet_of(*TWO_PARTS), figures, {})
    line = found.line("a")
    assert (line.state, line.points, line.weight, line.reason) == ("no_figure", None, 1000, status)
    assert (found.open_items, found.grade) == (("a",), None)
    absent = score(sheet_of(*TWO_PARTS), {key: share(1, 1) for key in "bcd"}, {})
    assert absent.open_items == ("a",)


def test_somebody_decides_what_is_open() -> None:
    figures = {key: share(1, 1) for key in "bcd"} | {"a": share(1, 2, status="part")}
    sheet = sheet_of(*TWO_PARTS)
    accepted = score(sheet, figures, {"a": Entry(applies=True, note="已核")})
    assert (accepted.line("a").points, accepted.line("a").reason, accepted.grade) == (
        500,
        "part",
        "excellent",
    )
    by_hand = score(sheet, figures, {"a": Entry(points=300, note="已核")})
    assert (by_hand.line("a").state, by_hand.points) == ("manual", 9300)
    without = score(sheet, figures, {"a": Entry(applies=False, note="不考核")})
    assert (without.line("a").state, without.points) == ("not_applicable", 10000)


def test_manual_items_are_open_until_scored_and_share_what_passes() -> None:
    sheet = sheet_of(
        {"a": "method = 'manual'; weight = 60", "b": f"method = 'yes_no'; weight = 40; {SHARE}; baseline = 1"}
    )
    assert score(sheet, {"b": share(1, 1)}, {}).open_items == ("a",)
    # b does not apply: 45 of 60 points become 75 of 100.
    found = score(sheet, {"b": share(0, 0, status="empty")}, {"a": Entry(points=4500)})
    assert (found.line("a").weight, found.points, found.grade) == (10000, 7500, "good")


def test_empty_but_said_to_apply_is_open() -> None:
    figures = {key: share(1, 1) for key in "bcd"} | {"a": share(0, 0, status="empty")}
    assert score(sheet_of(*TWO_PARTS), figures, {"a": Entry(applies=True)}).open_items == ("a",)


# -- bonus, veto, grades, ranks ----------------------------------------------------------------------

WITH_EXTRAS = (
    {"a": "method = 'manual'; weight = 100"},
    {
        "x": "method = 'bonus'; weight = 3",
        "y": "method = 'bonus'; weight = 4; card = 'he_lectures'; baseline = 12; per = 2; off = 1",
        "v": "method = 'veto'",
        "w": f"method = 'veto'; {COUNT}; baseline = 5",
    },
)


def extras(entries: dict[str, Entry], lectures: int = 0, complaints: int = 0, bonus: float = 5):
    sheet = sheet_of(*WITH_EXTRAS, bonus=bonus)
    figures = {"y": number(lectures), "w": number(complaints)}
    return score(sheet, figures, {"a": Entry(points=9000)} | entries)


def test_bonus_is_on_top_and_capped() -> None:
    assert extras({}).points == 9000
    assert extras({"x": Entry(points=250)}).points == 9250
    assert extras({}, lectures=17).points == 9200  # 5 beyond 12: two times 2
    assert extras({}, lectures=40).points == 9400  # 14 times, but 4 at most
    both = extras({"x": Entry(points=300)}, lectures=40)  # 3 + 4, but 5 together
    assert [both.line(key).points for key in "xy"] == [300, 200]
    assert (both.points, both.full) == (9500, 10000)


def test_a_bonus_without_a_figure_is_no_bonus_and_not_open() -> None:
    sheet = sheet_of(*WITH_EXTRAS, bonus=5)
    found = score(sheet, {"w": number(0)}, {"a": Entry(points=9000)})
    assert (found.line("y").points, found.open_items, found.points) == (None, (), 9000)


def test_a_veto_makes_the_grade_unqualified_and_leaves_the_points() -> None:
    assert (extras({}).veto, extras({}).grade) == (None, "excellent")
    said = extras({"v": Entry(applies=True, note="造假")})
    assert (said.veto, said.grade, said.points) == ("v", "unqualified", 9000)
    assert extras({}, complaints=5).veto is None
    assert extras({}, complaints=6).veto == "w"
    lifted = extras({"w": Entry(applies=False, note="核实不属实")}, complaints=6)
    assert (lifted.veto, lifted.grade) == (None, "excellent")


def test_a_veto_without_its_figure_is_open() -> None:
    found = score(sheet_of(*WITH_EXTRAS, bonus=5), {}, {"a": Entry(points=9000)})
    assert (found.open_items, found.grade) == (("w",), None)


@pytest.mark.parametrize(
    ("hundredths", "grade"),
    [
        (10000, "excellent"),
        (9000, "excellent"),
        (8999, "good"),
        (7500, "good"),
        (7499, "qualified"),
        (6000, "qualified"),
        (5999, "unqualified"),
        (0, "unqualified"),
    ],
)
def test_grades(hundredths: int, grade: str) -> None:
    sheet = sheet_of({"a": "method = 'manual'; weight = 100"})
    assert score(sheet, {}, {"a": Entry(points=hundredths)}).grade == grade


def test_grades_of_a_sheet_of_other_full_points() -> None:
    sheet = sheet_of({"a": "method = 'manual'; weight = 300"}, full=300)
    assert score(sheet, {}, {"a": Entry(points=27000)}).grade == "excellent"  # 270 of 300 is 90 %
    assert score(sheet, {}, {"a": Entry(points=26999)}).grade == "good"


def test_ranks() -> None:
    points = {"a": 9000, "b": 9500, "c": 9000, "d": 8000, "e": 9900, "z": 100}
    group = dict.fromkeys("abcde", "centre") | {"z": "clinic"}
    # e was vetoed: after everybody else of its kind, in spite of its points.
    assert ranks(points, group, {"e"}) == {"b": 1, "a": 2, "c": 2, "d": 4, "e": 5, "z": 1}


def test_apportion() -> None:
    assert apportion(100, [1, 1, 1]) == [34, 33, 33]
    assert apportion(100, [2, 1]) == [67, 33]  # 66.67, 33.33
    assert apportion(0, [3, 4]) == [0, 0]
    assert apportion(7, [0, 0]) == [0, 0]


@pytest.mark.parametrize(
    ("points", "mean"), [((8_000, 8_001), 8_001), ((8_001, 8_002), 8_002), ((9_000,), 9_000), ((), None)]
)
def test_the_mean_of_points_is_rounded_as_by_hand(points, mean):
    """Half a hundredth goes up: a circular once had 80.00 where a calculator has 80.01."""
    assert mean_points(points) == mean
