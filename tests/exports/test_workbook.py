"""The workbook: numbers are numbers, missing ones are empty, and no text is a formula."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from data.installation import Installation
from exports.workbook import Content, workbook_bytes
from metrics import figures
from metrics.cards import CARDS
from metrics.principal import LOCAL
from tests.exports.material import DECEMBER, about_unit, published


def content_of(demo: Installation, name: str | None = None) -> tuple[Content, object]:
    with published(demo) as connection:
        tree = figures.units(LOCAL, connection)
        unit = tree.iloc[0]
        standing = figures.standing(LOCAL, connection, int(unit["unit"]), DECEMBER, CARDS)
        matrix = figures.matrix(LOCAL, connection, int(unit["unit"]), DECEMBER, CARDS)
        names = dict(zip(tree["unit"].astype(int), tree["name"], strict=True))
        if name is not None:
            names = dict.fromkeys(names, name)
        return Content(unit["name"], DECEMBER, standing, matrix, names), about_unit(connection, unit["name"])


@pytest.fixture(scope="module", params=["zh", "en"])
def opened(request, demo: Installation):
    content, origin = content_of(demo)
    made = workbook_bytes(content, CARDS, origin, request.param)
    return content, openpyxl.load_workbook(io.BytesIO(made)), made, request.param


def test_a_sheet_a_programme_with_every_figure(opened) -> None:
    content, book, _, language = opened
    known = [key for key in content.standing.index if CARDS[key].alert is None]
    systems = dict.fromkeys(CARDS[key].system for key in known)
    assert len(book.sheetnames) == len(systems) + 2
    for sheet in book.worksheets[1:-1]:
        system = sheet.title[:3]
        rows = {}
        for row in sheet.iter_rows(min_row=4, max_col=9):
            rows.setdefault(row[0].value, row)  # the chart's table and the units stand below
        for key in (key for key in known if CARDS[key].system == system):
            figure, row = content.standing.loc[key], rows[CARDS[key].name[language]]
            if figure["value"] == figure["value"]:
                assert row[3].value == pytest.approx(figure["value"], rel=1e-12, abs=1e-12), key
                assert isinstance(row[3].value, int | float)
            else:
                assert isinstance(row[3].value, str)
                assert row[3].value
            for place, name in ((2, "denominator"), (5, "last_year")):
                if figure[name] == figure[name]:
                    scale = CARDS[key].bottom_scale if name == "denominator" else 1
                    assert row[place].value == pytest.approx(figure[name] / scale)
                else:
                    assert row[place].value is None


def test_units_side_by_side(opened) -> None:
    """A unit's value under its name, in the row of the indicator."""
    content, book, _, language = opened
    sheet = next(sheet for sheet in book.worksheets if sheet.title.startswith("S11"))
    wanted = {
        (content.names[int(row.unit)], CARDS[row.indicator].name[language]): row.value
        for row in content.matrix.itertuples()
        if CARDS[row.indicator].system == "S11"
        and CARDS[row.indicator].alert is None
        and row.value == row.value
    }
    heads, found = {}, {}
    for row in sheet.iter_rows(min_row=4):
        cells = [cell.value for cell in row]
        if set(cells[1:]) & set(content.names.values()):
            heads = dict(enumerate(cells))
        elif heads and isinstance(cells[0], str):
            found |= {
                (heads[place], cells[0]): value
                for place, value in enumerate(cells)
                if place and heads.get(place)
            }
    assert wanted
    for place, value in wanted.items():
        assert found[place] == pytest.approx(value)


def test_charts_are_native_and_read_the_sheet(opened) -> None:
    _, _, made, _ = opened
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) > 10
        assert b"<c:f>" in parts.read(charts[0])


def test_the_totals_are_formulas_with_their_values(opened) -> None:
    content, book, made, _ = opened
    values = openpyxl.load_workbook(io.BytesIO(made), data_only=True).worksheets[0]
    known = [key for key in content.standing.index if CARDS[key].alert is None]
    last = max(row for row in range(1, values.max_row + 1) if isinstance(values.cell(row, 2).value, int))
    assert values.cell(last, 2).value == int(content.standing.loc[known, "value"].notna().sum())
    assert book.worksheets[0].cell(last, 2).value.startswith("=SUM(")


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+cmd|'/c calc'!A0", "http://example.org/", "-2"])
def test_no_text_is_a_formula_or_an_address(demo: Installation, name: str) -> None:
    content, origin = content_of(demo, name)
    cards = {key: card for key, card in CARDS.items() if card.system == "S11"}
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(content, cards, origin, "zh")))
    hits = [
        cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value == name
    ]
    assert hits
    for cell in hits:
        assert cell.data_type == "s"
        assert cell.hyperlink is None
