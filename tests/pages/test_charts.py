"""Charts: what is drawn, what is a gap, and that nothing comes from outside."""

from __future__ import annotations

import json
import math
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pydeck as pdk
import pytest
import shapely

from charts import grid_layers
from charts.bars import bars
from charts.grid import MODES, OutsideError, classes, map_deck, palette, shades, values_of
from charts.grid_layers import HIDDEN, grid_map
from charts.grid_view import bounds_of, map_view, pixels_of, scale_bar
from charts.ground_lines import pieces
from charts.look import colours, config
from charts.map_names import name_layers
from charts.spark import least_height, spark, strokes
from charts.trend import trend
from metrics import coverage, figures
from metrics.cards import CARDS
from metrics.coverage.earth import Plane
from metrics.coverage.lattice import Lattice
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


def test_small_changes_look_small():
    """One point of a share takes a tenth of the height, about its middle; eleven points take all of it."""
    share, number = CARDS["htn_control_rate"], CARDS["warn_severe_reading"]
    assert _heights(spark([0.60, 0.61], least=least_height(share, [0.60, 0.61]))) == [16.5, 13.5]
    assert _heights(spark([0.60, 0.71], least=least_height(share, [0.60, 0.71]))) == [30.0, 0.0]
    assert least_height(number, [950.0, math.nan, 1000.0]) == 100.0
    assert least_height(number, []) == 0.0
    assert strokes([0.60, 0.61], 0.1) == "▄▅"


def _heights(drawn: str) -> list[float]:
    return [float(point.split()[1]) for point in re.findall(r"[ML]([0-9. ]+)", drawn)]


def deck_of(read, dark=False, chosen=None, classes_=None):
    """The map of the sample's cells, all in the first class where nothing else is said."""
    cells, about = read(coverage.cells), read(coverage.about)
    units = read(figures.units).assign(about="", mark=False)
    shown = cells.assign(
        head=cells["place_name"], value="1", **{"class": 0 if classes_ is None else classes_}
    )
    names = units.assign(size=13, below=False, weight=1.0)
    with_shapes = read_ground(read)
    view = map_view(bounds_of(cells, about.lattice), 800, 500)
    words = dict.fromkeys(("value", "people", "metres"), "word")
    colours = shades("bad", dark)
    return grid_map(shown, about.lattice, colours, units, names, with_shapes, view, words, dark, chosen)


def read_ground(read):
    return read(lambda _who, connection: coverage.ground(connection, "boundaries", "roads"))


@pytest.mark.parametrize("mode", MODES)
def test_classes_of_a_mode(read, mode):
    limits = classes(mode, values_of(read(coverage.cells), mode), 2000)
    assert len(limits) == 4
    assert limits == sorted(set(limits))
    assert len(palette(mode, True)) == 5


@pytest.mark.parametrize("dark", [False, True])
def test_map_holds_no_address(read, dark):
    deck = deck_of(read, dark, chosen=read(coverage.cells)["cell"].iloc[3])
    assert "http" not in deck.to_json()
    found = json.loads(deck.to_json())
    assert not found.get("mapProvider")
    assert {"chosen", "line_county", "line_roads"} <= {layer["id"] for layer in found["layers"]}


def test_every_cell_is_drawn_once_in_its_class(read):
    cells = read(coverage.cells)
    marks = [HIDDEN if place % 7 == 0 else place % 5 for place in range(len(cells))]
    layers = json.loads(deck_of(read, classes_=marks).to_json())["layers"]
    drawn = {layer["id"]: layer["data"] for layer in layers if layer["id"].startswith("cells")}
    assert sum(len(rows) for rows in drawn.values()) == len(cells)
    assert len(drawn[f"cells{HIDDEN}//"]) == marks.count(HIDDEN)


def test_a_cell_costs_few_bytes(read):
    """Of 50,000 cells with Chinese names the map stays below 8 MB."""
    one, rows = deck_of(read), read(coverage.cells)
    layer = next(layer for layer in json.loads(one.to_json())["layers"] if layer["id"].startswith("cells"))
    size = len(json.dumps(layer["data"], ensure_ascii=False, separators=(",", ":")).encode())
    assert size / len(rows) < 8_000_000 / 50_000 - 20


@pytest.mark.parametrize("kind", ["square", "hexagon"])
@pytest.mark.parametrize("odd", [0, 1])  # every other row of hexagons is shifted
def test_cells_tile(kind, odd):
    """The corners that the browser computes are the lattice's own to a centimetre, so that neighbours meet."""
    lattice = Lattice(kind, 500, Plane.around(104, 30.6))
    column, row = map(int, lattice.cell_of(104, 30.6))
    row += odd
    cells = pd.DataFrame({"cell": ["a"], "column": [column], "row": [row], "class": [0], "head": ["a"]})
    cells = cells.assign(value="1", people=1.0, metres=1.0)
    layer = json.loads(grid_layers._cells(cells, lattice, [(0, 0, 0)], "")[0].to_json())
    expression = layer["getPolygon"].removeprefix("@@=")
    drawn = eval(expression, {"__builtins__": {}, **layer["data"][0]})
    middle = np.column_stack(lattice.centre(cells["column"], cells["row"]))[0]
    wanted = middle + (coverage.corners(cells, lattice)[0] - middle) * 0.94  # few cells: with a gap
    assert np.abs(np.array(drawn) - wanted).max() < 1e-7


def test_the_scale_is_as_long_as_it_says():
    view = map_view((104.0, 30.0, 104.5, 30.5), 800, 500)
    metres, pixels = scale_bar(view)
    degree_m = 40_075_016.7 / 360 * math.cos(math.radians(view.latitude))
    pixel_degrees = 360 / (512 * 2**view.zoom)
    assert metres == pytest.approx(pixels * pixel_degrees * degree_m, rel=0.02)
    assert str(metres)[0] in "125"


def test_names_have_room_in_the_first_view():
    """Of two names on one place the weightier stays; every other one lies where its offset says, over none."""
    rows = [(104.0, 30.6, "清溪镇", 15, True, 9.0), (104.0, 30.6, "望山村", 11, True, 1.0)]
    rows += [(104.05 + n / 1000, 30.6, f"石桥{n}", 13, False, 5.0 - n) for n in range(3)]
    names = pd.DataFrame(rows, columns=["lon", "lat", "name", "size", "below", "weight"])
    view = map_view((103.8, 30.4, 104.2, 30.8), 800, 500)
    (layer,) = name_layers(names, view, colours(False))
    found = json.loads(layer.to_json())["data"]
    assert [row["t"] for row in found][:3] == ["清溪镇", "石桥0", "石桥1"]
    assert "望山村" not in {row["t"] for row in found}
    boxes = []
    for row in found:
        (across,), (down,) = pixels_of(np.array([row["p"][0]]), np.array([row["p"][1]]), view)
        wide, tall = len(row["t"]) * row["z"] / 2 + 2, row["z"] * 0.65
        x, y = across + row["o"][0], down + row["o"][1]
        boxes.append(shapely.box(x - wide, y - tall, x + wide, y + tall))
    assert not any(one.intersection(other).area for one, other in combinations(boxes, 2))


def test_a_border_of_two_neighbours_is_drawn_once():
    """Every straight piece of the geometries, and no other; what two of them share once, whichever way it runs."""
    left = shapely.box(104.0, 30.0, 104.1, 30.1)
    right = shapely.MultiPolygon([shapely.box(104.1, 30.0, 104.2, 30.1)])
    road = shapely.LineString([(104.0, 30.0), (104.05, 30.05), (104.2, 30.05)])
    drawn = pieces([shapely.to_geojson(one) for one in (left, right, road)])
    assert len(drawn) == 4 + 3 + 2
    lines = shapely.linestrings(drawn.reshape(-1, 2, 2))
    everything = shapely.union_all([left.boundary, right.boundary, road])
    assert shapely.union_all(lines).symmetric_difference(everything).length < 1e-9


def test_map_refuses_what_is_outside():
    """A style, an icon or a tile address in a layer stops the map."""
    layer = pdk.Layer("IconLayer", data=[{"icon": "https://example.invalid/a.png"}], id="x")
    with pytest.raises(OutsideError):
        map_deck([layer], pdk.ViewState(), {})


def test_a_name_may_hold_an_address():
    """What people call a unit stops nobody's map; a row that names a picture does."""
    row = {"h": "http://evil.example", "t": "![z](HTTP://evil.example)"}
    map_deck([pdk.Layer("TextLayer", data=[row], id="x", get_text="t")], pdk.ViewState(), {})
    with pytest.raises(OutsideError):
        map_deck(
            [pdk.Layer("IconLayer", data=[row | {"icon": {"t": "x", "url": "http://x"}}])],
            pdk.ViewState(),
            {},
        )


def test_what_nobody_knows_is_no_number():
    cells = pd.DataFrame({"beyond": [None, 20], "people": [0, 40], "contracted": [0, 10]}).astype("Int64")
    assert values_of(cells, "beyond").isna().tolist() == [True, False]
    assert values_of(cells, "contracted").fillna(-1).tolist() == [-1, 0.25]


def test_charts_pass_no_map_style():
    """Naming a style, even None, makes the browser ask a tile server."""
    sources = Path(__file__).resolve().parents[2] / "charts"
    assert all("map_style=" not in path.read_text("utf-8") for path in sources.glob("*.py"))
