"""Charts: what is drawn, what is a gap, and that nothing comes from outside."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pydeck as pdk
import pytest

from charts.bars import bars
from charts.grid import MODES, OutsideError, classes, grid_map, map_deck, values_of
from charts.look import config
from charts.spark import spark
from charts.trend import trend
from metrics import coverage, figures
from metrics.cards import CARDS
from metrics.principal import LOCAL
from pages._words import SHAPES
from tests.pages import sample

CARD = CARDS["hr_filing_rate"]
WORDS = {
    name: name for name in ("value", "last_year", "target", "part", "above", "at", "course", "below", "none")
}


@pytest.fixture
def read(sample_store):
    def call(function, **arguments):
        with sample_store.published() as connection:
            return function(LOCAL, connection, **arguments)

    return call


@pytest.mark.parametrize("dark", [False, True])
def test_trend_is_a_valid_figure_with_its_own_colours(read, dark):
    course = read(figures.course, unit=1, card=CARD, basis="as_of")
    figure = trend(course, CARD, WORDS, "zh", str, dark, sample.LAST)
    assert go.Figure(figure)
    assert "#0000" not in json.dumps(figure)  # no placeholder colour of a foreign template


def test_a_month_without_a_figure_is_a_gap(read):
    course = read(figures.course, unit=12, card=CARD, basis="as_of")
    line = trend(course, CARD, WORDS, "zh", str, False, sample.LAST)["data"][-1]
    assert line["y"][-2:] == [None, None]
    assert line["y"][0] is not None


def test_bars_leave_out_the_undelivered_and_draw_the_target(read):
    frame = read(figures.comparison, unit=2, card=CARD, month=sample.LAST, basis="as_of")
    figure = bars(frame, dict.fromkeys(range(60), "n"), CARD, WORDS, SHAPES, "zh", False)
    assert go.Figure(figure)
    assert len(figure["data"][0]["x"]) == 3  # of five, one delivered nothing and one has no denominator
    assert len(figure["layout"]["shapes"]) == 1
    assert [text[0] in "▲●◆▼" for text in figure["data"][0]["text"]].count(True) == 2  # one is only part


def test_the_chart_offers_a_picture_and_no_cloud():
    given = config("a chart")
    assert given["modeBarButtons"] == [["toImage"]]
    assert given["toImageButtonOptions"]["filename"] == "a chart"


def test_spark():
    assert spark([1.0]) == ""
    assert spark([math.nan, 1.0, math.nan]) == ""
    drawn = spark([1.0, math.nan, 2.0, 3.0], target=2.0)
    assert drawn.count("M") == 2  # the gap lifts the pen
    assert "<line" in drawn
    assert "<line" not in spark([1.0, 2.0], target=90.0)  # far away: it would flatten the line


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dark", [False, True])
def test_map_holds_no_address(read, mode, dark):
    cells, units = read(coverage.cells), read(figures.units)
    tips = dict.fromkeys(cells["cell"], "tip")
    names = dict.fromkeys(units["unit"], "name")
    limits = classes(mode, values_of(cells, mode), 2000)
    assert len(limits) == 4
    assert limits == sorted(set(limits))
    deck = grid_map(cells, units, mode, limits, tips, names, names, dark, chosen=3)
    assert "http" not in deck.to_json()
    assert not json.loads(deck.to_json()).get("mapProvider")


def test_map_refuses_what_is_outside():
    """A style, an icon or a tile address in a layer stops the map."""
    layer = pdk.Layer("IconLayer", data=[{"icon": "https://example.invalid/a.png"}], id="x")
    with pytest.raises(OutsideError):
        map_deck([layer], pdk.ViewState(), {})


def test_unknown_distance_is_not_beyond():
    cells = pd.DataFrame({"people": [10, 20], "within": [None, False]})
    assert values_of(cells, "beyond").tolist() == [0, 20]


def test_charts_pass_no_map_style():
    """Naming a style, even None, makes the browser ask a tile server."""
    sources = Path(__file__).resolve().parents[2] / "charts"
    assert all("map_style=" not in path.read_text("utf-8") for path in sources.glob("*.py"))
