"""The pptx read back: charts and tables hold what the deck says, text stays on the slides, LibreOffice opens it."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.util import Pt

from charts.spec import Bars, Lines, Shapes
from exports.about import footer
from exports.office_fonts import SCREEN
from exports.pptx_base import HEIGHT, WIDTH
from exports.pptx_deck import pptx_bytes
from exports.slides import Cell, Table, Tile, Tiles
from tests.exports.conftest import make_deck
from tests.exports.meeting import APPRAISAL, FINDINGS
from tests.exports.office import flat, printed

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.fixture(scope="module", params=["zh", "en"])
def deck(request, district):
    return make_deck(district, request.param, appraisal=APPRAISAL, findings=FINDINGS)


@pytest.fixture(scope="module")
def content(deck):
    return pptx_bytes(deck)


@pytest.fixture(scope="module")
def slides(content):
    return list(Presentation(io.BytesIO(content)).slides)


def charts_of(slide) -> list:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def tables_of(slide) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for shape in slide.shapes
        if shape.has_table
    ]


def test_one_slide_each_and_a_cover(deck, slides):
    assert [slide.shapes.title.text for slide in slides] == [deck.title, *(one.title for one in deck.slides)]


def test_tables_hold_what_the_deck_says(deck, slides):
    """Every cell, none shortened: the sample's rules are short."""
    for said, slide in zip(deck.slides, slides[1:], strict=True):
        wanted = [
            [list(block.head), *([cell.text for cell in row] for row in block.rows)]
            for block in said.blocks
            if isinstance(block, Table)
        ]
        assert tables_of(slide) == wanted


def test_charts_hold_what_the_deck_says(deck, slides):
    """Names and values of every chart, read back from the file; a missing value is no value, never 0."""
    told = 0
    for said, slide in zip(deck.slides, slides[1:], strict=True):
        wanted = [block for block in said.blocks if isinstance(block, Bars | Lines)]
        for block, chart in zip(wanted, charts_of(slide), strict=True):
            told += 1
            plot = chart.plots[0]
            if isinstance(block, Bars):
                assert list(plot.categories) == [bar.label for bar in block.bars]
                # One series a colour: each bar stands in one of them.
                columns = list(zip(*(series.values for series in plot.series), strict=True))
                found = [[v for v in column if v is not None] for column in columns]
                assert found == [[] if math.isnan(bar.value) else [bar.value] for bar in block.bars]
            else:
                assert list(plot.categories) == list(block.labels)
                for series, line in zip(plot.series, block.lines, strict=True):
                    assert series.name == line.name
                    assert list(series.values) == [None if math.isnan(v) else v for v in line.values]
    assert told >= 7


def test_series_say_in_words_what_their_colour_means(deck, slides):
    for said, slide in zip(deck.slides, slides[1:], strict=True):
        for block, chart in zip(
            [one for one in said.blocks if isinstance(one, Bars)],
            [one for one in charts_of(slide) if "BAR" in str(one.chart_type)],
            strict=True,
        ):
            if block.legend:
                names = [series.name for series in chart.plots[0].series]
                assert names[: len(block.legend)] == [words for _, words in block.legend]
                assert chart.has_legend


def test_gaps_stay_gaps(slides):
    for slide in slides:
        for chart in charts_of(slide):
            blanks = chart._chartSpace.find(".//{*}dispBlanksAs")
            assert blanks is not None and blanks.get("val") == "gap"


def test_charts_are_editable(slides):
    """Each has its workbook inside."""
    for slide in slides:
        for chart in charts_of(slide):
            assert chart.part.chart_workbook.xlsx_part.blob.startswith(b"PK")


def test_map_is_made_of_shapes(deck, slides):
    place = next(i for i, one in enumerate(deck.slides) if one.key == "map")
    block = deck.slides[place].blocks[0]
    assert isinstance(block, Shapes)
    named = [shape.name for shape in slides[place + 1].shapes]
    drawn = {area.fill for area in block.areas}
    assert all(words in named for fill, words in block.legend if fill in drawn)
    assert not [shape for shape in slides[place + 1].shapes if shape.shape_type == 13]  # no picture


def test_nothing_lies_outside_its_slide(slides):
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0, (slide.shapes.title.text, shape.name)
            assert shape.left + shape.width <= Pt(WIDTH) + 1, (slide.shapes.title.text, shape.name)
            assert shape.top + shape.height <= Pt(HEIGHT) + 1, (slide.shapes.title.text, shape.name)


def test_tables_end_above_the_foot(slides):
    for slide in slides:
        for shape in slide.shapes:
            if shape.has_table:
                tall = sum(row.height for row in shape.table.rows)
                assert shape.top + tall <= Pt(490), slide.shapes.title.text


def test_every_run_has_both_faces(slides):
    """A run without an East Asian face would be drawn in whatever the program likes."""
    for slide in slides:
        for shape in slide.shapes:
            frames = [shape._element] if not shape.has_chart else [shape.chart._chartSpace]
            for frame in frames:
                for run in frame.iter(f"{_A}r"):
                    properties = run.find(f"{_A}rPr")
                    assert properties.find(f"{_A}ea").get("typeface") == SCREEN.east_asian
                    assert properties.find(f"{_A}latin").get("typeface") == SCREEN.latin


def test_notes_hold_the_definitions(deck, slides):
    for said, slide in zip(deck.slides, slides[1:], strict=True):
        if said.notes:
            assert slide.notes_slide.notes_text_frame.text.split("\n") == list(said.notes)
        else:
            assert not slide.has_notes_slide


def test_every_slide_says_where_it_is_from(deck, slides):
    line = footer(deck.about, deck.language)
    assert "2026-10-31" in line and "zhang" in line
    for number, slide in enumerate(slides[1:], 2):
        texts = {shape.name: shape.text_frame for shape in slide.shapes if shape.has_text_frame}
        assert texts["footer"].text == line
        field = texts["number"]._element.find(f".//{_A}fld")
        assert field.get("type") == "slidenum" and field.find(f"{_A}t").text == str(number)


def test_the_file_says_who_made_it(content):
    properties = Presentation(io.BytesIO(content)).core_properties
    assert properties.author == "zhang"
    assert "definitions 5f1c9a70" in properties.keywords


def test_libreoffice_opens_it(deck, content, tmp_path):
    """One page a slide; titles, cells of tables and names in charts are read from the print."""
    pages = printed(content, "deck.pptx", tmp_path)
    assert len(pages) == len(deck.slides) + 1
    for said, page in zip(deck.slides, pages[1:], strict=True):
        assert flat(said.title) in page
        for block in said.blocks:
            if isinstance(block, Table):
                for row in block.rows:
                    assert flat(row[1].text) in page
            if isinstance(block, Bars):
                assert all(flat(bar.label) in page for bar in block.bars)


def test_a_deck_of_forty_units_tells_its_progress(flat_district):
    """From nothing to all, never back, in both parts of the work. How long it takes ``manage.py bench`` says."""
    told, written = [], []
    deck = make_deck(flat_district, "zh", progress=lambda what, share: told.append(share))
    pptx_bytes(deck, lambda what, share: written.append(share))
    for shares in (told, written):
        assert len(shares) > 5
        assert shares == sorted(shares) and shares[-1] == 1.0
    ranking = next(slide for slide in deck.slides if slide.key == "ranking")
    assert sum(len(block.rows) for block in ranking.blocks if isinstance(block, Table)) > 30


def test_long_names_are_kept_in_their_boxes(district):
    """A name of sixty characters is smaller or cut, never over the edge: every shape still lies on its slide."""
    deck = make_deck(district, "zh")
    long = "某某某自治县某某某镇某某社区卫生服务中心附设某某村第一第二第三联合卫生室（原某某卫生所）" * 2
    first, second = deck.slides[0], deck.slides[1]
    tiles = Tiles(tiles=(Tile(name=long, value="1", mark="", judgement="none"),) * 8)
    table = second.blocks[0]
    rows = tuple((Cell(long), *row[1:]) for row in table.rows)
    slides = (
        replace(first, title=long, message=long * 2, blocks=(tiles,)),
        replace(second, blocks=(replace(table, rows=rows),)),
    )
    made = Presentation(io.BytesIO(pptx_bytes(replace(deck, title=long, slides=slides))))
    test_nothing_lies_outside_its_slide(list(made.slides))
    test_tables_end_above_the_foot(list(made.slides))
