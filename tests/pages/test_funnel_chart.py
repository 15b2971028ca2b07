"""The funnel plot as it is drawn: what stands where, in which shape, and what is named."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from charts.funnel import funnel
from metrics.card import Unit
from metrics.comparing.judging import WORDS, compared
from metrics.comparing.plot import plot_of
from tests.pages import cards
from tests.pages.test_comparing import MONTH, SHARE, table

SAID = {name: name for name in (*WORDS, "size", "all", "target", "beyond")}
NAMES = {unit: f"U{unit}" for unit in range(1, 20)}
ROWS = [(50, 100), (55, 110), (60, 120), (45, 90), (90, 100), (15, 100)]


def drawn(card=SHARE, here=-1, dark=False, **given) -> dict:
    frame = compared(table(*ROWS, **given), card, MONTH)
    return funnel(plot_of(frame, card, MONTH), NAMES, card, SAID, "zh", dark, here)


def points(figure: dict) -> dict[str, dict]:
    """Symbol -> the points that have it."""
    return {one["marker"]["symbol"]: one for one in figure["data"] if one["mode"] != "lines"}


@pytest.mark.parametrize("dark", [False, True])
def test_it_is_a_figure_of_plotly_with_its_own_colours(dark):
    figure = drawn(dark=dark, target=0.6)
    assert go.Figure(figure)
    assert "#0000" not in json.dumps(figure)


def test_shapes_and_names_follow_the_verdict():
    found = points(drawn(here=2))
    assert {symbol: one["y"] for symbol, one in found.items()} == {
        "circle": [50, 50, 50, 50],
        "triangle-up": [90],
        "triangle-down": [15],
    }
    assert found["triangle-up"]["text"] == ["U5"] and found["triangle-down"]["text"] == ["U6"]
    assert found["circle"]["text"] == ["", "U2", "", ""]  # the one that is looked at


def test_a_hover_says_all_of_it():
    (name, value, interval, size, word) = points(drawn())["triangle-up"]["customdata"][0]
    assert (name, value, size, word) == ("U5", "90.0%", "size 100", "better")
    assert interval == "82.6%–94.5%"


def test_limits_target_and_centre_are_lines():
    lines = [one for one in drawn(target=0.6)["data"] if one["mode"] == "lines"]
    assert [one["line"].get("dash") for one in lines] == ["solid", "solid", "dot", "dot", None, "dash"]
    low, high, inner_low, inner_high, centre, target = (np.array(one["y"]) for one in lines)
    assert (low <= inner_low).all() and (inner_low <= centre).all()
    assert (centre <= inner_high).all() and (inner_high <= high).all()
    assert np.allclose(centre, 100 * sum(x for x, _ in ROWS) / sum(n for _, n in ROWS))
    assert np.allclose(target, 60)


def test_a_target_far_off_is_told_and_leaves_the_picture_its_room():
    rows = compared(table(*[(5, 100), (6, 110), (4, 90), (5, 120)], target=0.95), SHARE, MONTH)
    figure = funnel(plot_of(rows, SHARE, MONTH), NAMES, SHARE, SAID, "zh", False)
    assert figure["layout"]["yaxis"]["range"][1] < 40
    assert "95.0%beyond" in figure["layout"]["annotations"][0]["text"]
    assert len([one for one in figure["data"] if one["mode"] == "lines"]) == 5


def test_a_rate_is_drawn_in_its_unit():
    card = cards.card("rate", "每万人", "For 10,000", unit=Unit.PER_10K)
    rows = table((5, 20_000), (8, 10_000), (9, 30_000), scale=1 / 10_000)
    plot = plot_of(compared(rows, card, MONTH), card, MONTH)
    assert plot.centre == pytest.approx(22 / 6)
    figure = funnel(plot, NAMES, card, SAID, "en", False)
    (points_of,) = (one["y"] for one in figure["data"] if one["mode"] != "lines")
    assert points_of == pytest.approx([2.5, 8.0, 3.0])
    assert figure["layout"]["xaxis"]["range"][1] > 30_000


ALIKE = [(50, 100), (155, 310), (118, 240), (100, 190), (250, 500)]


def names_in(figure: dict) -> set[str]:
    return {name for one in figure["data"] if one["mode"] != "lines" for name in one["text"]} - {""}


def test_where_nobody_is_out_the_few_are_named_for_paper():
    rows = compared(table(*ALIKE), SHARE, MONTH)
    assert names_in(funnel(plot_of(rows, SHARE, MONTH), NAMES, SHARE, SAID, "zh", False)) == {
        f"U{unit}" for unit in range(1, 6)
    }


def test_of_names_that_would_lie_on_each_other_one_is_written():
    """Two units of one size and one figure: the one that is looked at is named, the other is not written over it."""
    rows = compared(table((250, 500), (250, 500), (49, 100)), SHARE, MONTH)
    found = names_in(funnel(plot_of(rows, SHARE, MONTH), NAMES, SHARE, SAID, "zh", False, here=2))
    assert found == {"U2", "U3"}


def test_of_many_alike_the_largest_is_named():
    rows = compared(table(*[(50 + n, 100 + 2 * n) for n in range(18)]), SHARE, MONTH)
    found = names_in(funnel(plot_of(rows, SHARE, MONTH), NAMES, SHARE, SAID, "zh", False))
    assert "U18" in found and len(found) <= 3
