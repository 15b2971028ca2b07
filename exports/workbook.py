"""The workbook: one sheet a programme with its figures, its units side by side and native charts; definitions at the end.

Numbers are numbers (shares as 0.873 with a percent format), missing ones stay empty with a word beside them, and no
text is ever taken for a formula or an address.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data.words import Text
from exports.about import About, lines
from exports.phrases import target_words
from exports.sheets import plain_book
from exports.words import text
from metrics.card import Card, Form, Unit
from metrics.judgement import missed
from metrics.small_numbers import HIDDEN
from metrics.units import decimals_of, enough_decimals, is_missing, unit_suffix
from metrics.wording import SHAPES, hidden_word, month_name, paper_words

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FONT = "Microsoft YaHei"
_COLUMNS = ("indicator", "top", "bottom", "value", "unit", "last_year", "target", "judgement", "missing")
_WIDTHS = (38, 13, 13, 12, 8, 12, 16, 14, 12)
_ACROSS = len(_COLUMNS) - 1  # units in a block, so that a sheet is as wide as its first table
_CHARTED = 12  # shares in a chart: more cannot be read
_DECIMALS = {Unit.PERCENT: "0.0%", Unit.PER_PERSON: "0.00", Unit.PER_10K: "0.00", Unit.RATIO: "0.00"}
_ONE_DECIMAL = {
    Unit.YUAN,
    Unit.WAN_YUAN,
    Unit.MINUTES,
    Unit.HOURS,
    Unit.KILOGRAMS,
    Unit.TONNES,
    Unit.SCORE,
}


@dataclass(frozen=True)
class Content:
    """What a workbook is made of.

    standing  ``figures.standing`` of the unit in the month
    matrix    ``figures.matrix`` of the units below it, in tree order
    """

    unit: str
    month: int
    standing: pd.DataFrame
    matrix: pd.DataFrame
    names: Mapping[int, str]


class _Book:
    """A workbook being written, with its formats."""

    def __init__(self, book: Workbook, said: Text) -> None:
        self.book, self.said = book, said
        self._formats: dict[tuple, Format] = {}

    def format(self, **how: object) -> Format:
        key = tuple(sorted(how.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(
                {"font_name": _FONT, "font_size": 10, "valign": "vcenter", **how}
            )
        return self._formats[key]

    def head(self) -> Format:
        return self.format(
            bold=True, border=1, border_color="#c9d1d9", bg_color="#eef2f6", align="center", text_wrap=True
        )

    def cell(self, **how: object) -> Format:
        return self.format(border=1, border_color="#c9d1d9", **how)


def workbook_bytes(
    content: Content,
    cards: Mapping[str, Card],
    about: About,
    language: str,
    progress: Callable[[float], None] = lambda share: None,
) -> bytes:
    """The workbook as .xlsx; ``cards`` in the order in which they are shown."""
    said = text(language)
    stream = io.BytesIO()
    book = plain_book(stream)
    book.set_properties(
        {"title": _title(content, said), "author": "Jiceng", "comments": "\n".join(lines(about, language))}
    )
    made = _Book(book, said)
    known = [key for key in content.standing.index if key in cards and cards[key].alert is None]
    systems = list(dict.fromkeys(cards[key].system for key in known))
    sheets = {system: _sheet_name(system, said) for system in systems}
    _contents(made, content, cards, known, sheets, about)
    for place, system in enumerate(systems, 1):
        keys = [key for key in known if cards[key].system == system]
        _programme(made, content, cards, keys, sheets[system], about)
        progress(place / (len(systems) + 1))
    _definitions(made, cards, known)
    book.close()
    progress(1.0)
    return stream.getvalue()


def _title(content: Content, said: Text) -> str:
    return said("workbook.title", unit=content.unit, month=month_name(content.month, said))


def _sheet_name(system: str, said: Text) -> str:
    """At most 31 letters and none that a sheet's name may not have."""
    return re.sub(r"[\[\]:*?/\\']", " ", f"{system} {said(f'system.{system}')}")[:31].strip()


# -- sheets ----------------------------------------------------------------------------------------


def _contents(
    made: _Book,
    content: Content,
    cards: Mapping[str, Card],
    known: list[str],
    sheets: Mapping[str, str],
    about: About,
) -> None:
    """The first sheet: programmes with how many indicators stand where, each a link to its sheet."""
    said, sheet = made.said, made.book.add_worksheet(made.said("workbook.contents"))
    _page(sheet, landscape=False)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 5, 12)
    sheet.merge_range(0, 0, 0, 5, _title(content, said), made.format(bold=True, font_size=15, align="center"))
    sheet.set_row(0, 28)
    heads = [
        said(f"workbook.contents_{name}")
        for name in ("programme", "figures", "reached", "course", "behind", "none")
    ]
    for column, head in enumerate(heads):
        sheet.write_string(2, column, head, made.head())
    row = 3
    for system, name in sheets.items():
        keys = [key for key in known if cards[key].system == system]
        judged = content.standing.loc[keys, "judgement"]
        sheet.write_url(row, 0, f"internal:'{name}'!A1", made.cell(font_color="#1d5a8a"), name)
        counts = [
            int(content.standing.loc[keys, "value"].notna().sum()),
            int(judged.isin(["above", "at"]).sum()),
            int((judged == "course").sum()),
            int((judged == "below").sum()),
            int(content.standing.loc[keys, "value"].isna().sum()),
        ]
        for column, count in enumerate(counts, 1):
            sheet.write_number(row, column, count, made.cell())
        row += 1
    sheet.write_string(row, 0, said("workbook.total"), made.cell(bold=True))
    for column in range(1, 6):
        letter = "ABCDEF"[column]
        total = sum(_counts(content, known, column))
        sheet.write_formula(row, column, f"=SUM({letter}4:{letter}{row})", made.cell(bold=True), total)
    for number, line in enumerate(lines(about, said.language)):
        sheet.write_string(row + 2 + number, 0, line, made.format(font_size=9, font_color="#5a6673"))
    sheet.freeze_panes(3, 1)


def _counts(content: Content, known: list[str], column: int) -> list[int]:
    rows = content.standing.loc[known]
    tests = {
        1: rows["value"].notna(),
        2: rows["judgement"].isin(["above", "at"]),
        3: rows["judgement"] == "course",
        4: rows["judgement"] == "below",
        5: rows["value"].isna(),
    }
    return [int(tests[column].sum())]


def _programme(
    made: _Book, content: Content, cards: Mapping[str, Card], keys: list[str], name: str, about: About
) -> None:
    said, sheet = made.said, made.book.add_worksheet(name)
    _page(sheet, landscape=True)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    title = f"{_title(content, said)} · {name}"
    sheet.merge_range(0, 0, 0, len(_COLUMNS) - 1, title, made.format(bold=True, font_size=15, align="center"))
    sheet.set_row(0, 28)
    for column, head in enumerate(_COLUMNS):
        sheet.write_string(2, column, said(f"workbook.{head}"), made.head())
    row = 3
    for key in keys:
        _figure(made, sheet, row, content.standing.loc[key], cards[key])
        row += 1
    sheet.freeze_panes(3, 1)
    sheet.autofilter(2, 0, row - 1, len(_COLUMNS) - 1)
    row = _chart(made, sheet, content, cards, keys, name, row + 1)
    row = _side_by_side(made, sheet, content, cards, keys, row)
    sheet.write_string(row + 1, 0, said("workbook.signed", unit=content.unit), made.format())
    for number, line in enumerate(lines(about, said.language)):
        sheet.write_string(row + 3 + number, 0, line, made.format(font_size=9, font_color="#5a6673"))


def _figure(made: _Book, sheet: Worksheet, row: int, figure: pd.Series, card: Card) -> None:
    said = made.said
    sheet.write_string(row, 0, card.name[said.language], made.cell(text_wrap=True))
    for column, side, scale in ((1, "numerator", card.top_scale), (2, "denominator", card.bottom_scale)):
        if figure["status"] == HIDDEN and is_missing(figure[side]):
            _secret(made, sheet, row, column)
        else:
            _number(made, sheet, row, column, figure[side] / scale, "#,##0.##" if scale > 1 else "#,##0")
    if is_missing(figure["value"]):
        sheet.write_string(row, 3, said(f"status.{figure['status']}"), made.cell(font_color="#5a6673"))
    else:
        over = card.unit is Unit.PERCENT and card.is_ratio and figure["value"] > 1
        _number(
            made,
            sheet,
            row,
            3,
            figure["value"],
            number_format(card.unit, figure["value"], missed(figure)),
            bold=True,
            **({"bg_color": "#fbe9e6"} if over else {}),
        )
    sheet.write_string(row, 4, unit_suffix(card.unit, said.language), made.cell(align="center"))
    _number(made, sheet, row, 5, figure["last_year"], number_format(card.unit, figure["last_year"]))
    target = "" if is_missing(figure["target"]) else target_words(figure, card, said.language)
    sheet.write_string(row, 6, target, made.cell(align="right"))
    judgement = figure["judgement"]
    word = "" if judgement == "none" else f"{SHAPES[judgement]} {said(f'judgement.{judgement}')}"
    colour = {"below": "#c4432f", "course": "#b7791f"}.get(judgement, "#23805a")
    sheet.write_string(row, 7, word, made.cell(font_color=colour))
    _number(made, sheet, row, 8, figure["missing"], "#,##0")


def _secret(made: _Book, sheet: Worksheet, row: int, column: int) -> None:
    """In words: an empty cell would look like a missing number."""
    sheet.write_string(row, column, hidden_word(made.said), made.cell(font_color="#5a6673", align="right"))


def _number(
    made: _Book, sheet: Worksheet, row: int, column: int, value: float, shown: str, **how: object
) -> None:
    """A number, or an empty cell: what is missing is no 0."""
    if is_missing(value):
        sheet.write_blank(row, column, None, made.cell())
    else:
        sheet.write_number(row, column, value, made.cell(num_format=shown, **how))


def _chart(
    made: _Book,
    sheet: Worksheet,
    content: Content,
    cards: Mapping[str, Card],
    keys: list[str],
    name: str,
    row: int,
) -> int:
    """Shares with a target as native bars beside last year's; gives the row below the chart."""
    aimed = [
        place
        for place, key in enumerate(keys)
        if cards[key].unit is Unit.PERCENT
        and cards[key].form is Form.INDICATOR
        and not is_missing(content.standing.at[key, "value"])
        and not is_missing(content.standing.at[key, "target"])
    ][:_CHARTED]
    if not aimed:
        return row
    said = made.said
    first = row + 1
    sheet.write_row(
        row,
        0,
        [said(f"workbook.chart_{c}") for c in ("indicator", "value", "last_year", "target")],
        made.head(),
    )
    for offset, place in enumerate(aimed):
        figure = content.standing.loc[keys[place]]
        sheet.write_string(first + offset, 0, cards[keys[place]].name[said.language], made.cell())
        for column, field in enumerate(("value", "last_year", "target"), 1):
            _number(
                made, sheet, first + offset, column, figure[field], number_format(Unit.PERCENT, figure[field])
            )
    last = first + len(aimed) - 1
    chart = made.book.add_chart({"type": "bar"})
    for column, colour in ((1, "#1d5a8a"), (2, "#a9b4bf"), (3, "#1c2733")):
        chart.add_series(
            {
                "name": [name, row, column],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    chart.set_title({"name": said("workbook.chart", name=name), "name_font": {"name": _FONT, "size": 12}})
    chart.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#e8ecf0"}}})
    chart.set_y_axis({"reverse": True, "num_font": {"name": _FONT, "size": 9}})
    chart.set_legend({"position": "bottom", "font": {"name": _FONT}})
    chart.set_size({"width": 980, "height": 120 + 46 * len(aimed)})
    sheet.insert_chart(last + 2, 0, chart)
    return last + 3 + (120 + 46 * len(aimed)) // 20 + 1


def _side_by_side(
    made: _Book, sheet: Worksheet, content: Content, cards: Mapping[str, Card], keys: list[str], row: int
) -> int:
    """Indicators down, the units below across, in blocks that fit a printed page; gives the row below."""
    shown = [key for key in keys if (content.matrix["indicator"] == key).any()]
    if not shown:
        return row
    said = made.said
    rows = content.matrix[content.matrix["indicator"].isin(shown)]
    values = {(int(one.unit), one.indicator): one.value for one in rows.itertuples()}
    beside = {(int(one.unit), one.indicator): missed(one) for one in rows.itertuples()}
    secret = {(int(one.unit), one.indicator) for one in rows.itertuples() if one.status == HIDDEN}
    units = [int(one) for one in content.matrix["unit"].unique()]
    sheet.write_string(row, 0, said("workbook.units"), made.format(bold=True, font_size=12))
    row += 1
    for start in range(0, len(units), _ACROSS):
        block = units[start : start + _ACROSS]
        sheet.set_row(row, 44)
        sheet.write_string(row, 0, said("workbook.indicator"), made.head())
        for column, unit in enumerate(block, 1):
            sheet.write_string(row, column, content.names[unit], made.head())
        for key in shown:
            row += 1
            sheet.write_string(row, 0, cards[key].name[said.language], made.cell(text_wrap=True))
            for column, unit in enumerate(block, 1):
                value = values.get((unit, key), float("nan"))
                if (unit, key) in secret:
                    _secret(made, sheet, row, column)
                else:
                    aside = beside.get((unit, key), float("nan"))
                    written = number_format(cards[key].unit, value, aside)
                    _number(made, sheet, row, column, value, written)
        row += 2
    return row


def _definitions(made: _Book, cards: Mapping[str, Card], known: list[str]) -> None:
    """What every indicator means, where it comes from, and what to mind."""
    said, sheet = made.said, made.book.add_worksheet(made.said("workbook.definitions"))
    _page(sheet, landscape=True)
    for column, width in enumerate((8, 34, 80, 40, 50)):
        sheet.set_column(column, column, width)
    heads = ("system", "indicator", "rule", "source", "caveat")
    for column, head in enumerate(heads):
        sheet.write_string(0, column, said(f"workbook.definition_{head}"), made.head())
    wrap = made.cell(text_wrap=True)
    for row, key in enumerate(known, 1):
        card = cards[key]
        cells = (
            card.system,
            card.name[said.language],
            card.rule[said.language],
            paper_words(card.source, said),
            card.caveat[said.language] if card.caveat else "",
        )
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, wrap)
    sheet.freeze_panes(1, 2)


def _page(sheet: Worksheet, landscape: bool) -> None:
    sheet.set_paper(9)
    sheet.set_landscape() if landscape else sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.set_footer("&C&P / &N")


def number_format(unit: Unit, value: float | None = None, beside: float | None = None) -> str:
    """How a spreadsheet shows a value of a unit; ``beside``: a target that it missed (``units.enough_decimals``)."""
    if not is_missing(value) and (decimals := enough_decimals(value, unit, beside)) > decimals_of(unit):
        return (
            f"{'0' if unit in _DECIMALS else '#,##0'}.{'0' * decimals}{'%' if unit is Unit.PERCENT else ''}"
        )
    return _DECIMALS.get(unit) or ("#,##0.0" if unit in _ONE_DECIMAL else "#,##0")
