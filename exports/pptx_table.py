"""A table as a native table of a slide: rows fit into their box, letters no smaller than can be read."""

from __future__ import annotations

from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from exports import fitting
from exports.pptx_base import COLOURS, Box, Said, rgb, tint, write
from exports.slides import Cell, Table

_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the built-in style without fills and lines
_LARGEST, _MIDDLE, _SMALLEST = 14.0, 11.0, 8.0
_PAD_X, _PAD_Y = 5.0, 2.5
_BOLD = 1.08  # bold letters are wider
_SAFE = 0.6  # letters less in a line than would fit: a closing bracket takes one to the next line
_SHORT = 3.0  # a head of so many Chinese characters stands on one line
_WIDEST = 0.2  # of a table, for a column that asks for its own width
_TALLEST = 32.0  # a row is not stretched beyond this


def add_table(shapes, box: Box, table: Table, name: str = "") -> None:
    """Draw the table from the top of the box; text that has no room even at the smallest size ends in an ellipsis."""
    widths = _widths(table, box.width)
    size, heights = _layout(table, widths, box.height)
    frame = shapes.add_table(
        len(table.rows) + 1, len(table.head), Pt(box.x), Pt(box.y), Pt(box.width), Pt(sum(heights))
    )
    if name:
        frame.name = name
    made = frame.table
    _plain(made)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Pt(width)
    for row, height in zip(made.rows, heights, strict=True):
        row.height = Pt(height)
    head = tuple(Cell(text, strong=True) for text in table.head)
    for place, cells in enumerate((head, *table.rows)):
        last = place == len(table.rows)
        for column, cell in enumerate(cells):
            _fill(
                made.cell(place, column),
                cell,
                table.align[column],
                size,
                Box(0, 0, widths[column] - 2 * _PAD_X - size * _SAFE, heights[place] - 2 * _PAD_Y),
                is_head=place == 0,
                is_sum=last and table.last_is_sum,
            )


def _widths(table: Table, room: float) -> list[float]:
    """By the table's proportions, but no column narrower than its longest word; the widest ones give way."""
    widths = [room * share / sum(table.widths) for share in table.widths]
    for _ in widths:
        for column, least in enumerate(_least(table, room)):
            if widths[column] < least:
                widest = max(range(len(widths)), key=widths.__getitem__)
                widths[widest] -= least - widths[column]
                widths[column] = least
    return widths


def _least(table: Table, room: float) -> list[float]:
    """Points that each column needs at a middle size: the longest word of its head, its longest number on one line."""
    found = []
    for column, (head, align) in enumerate(zip(table.head, table.align, strict=True)):
        said = [piece.strip() for piece in fitting.pieces(head)]
        said += [head] if fitting.em(head) <= _SHORT else []
        if align != "l":
            said += [row[column].text for row in table.rows if any(map(str.isdigit, row[column].text))]
        wide = max(map(fitting.em, said), default=0) * _MIDDLE * _BOLD + 2 * _PAD_X + _MIDDLE * _SAFE
        found.append(min(wide, room * _WIDEST))
    return found


def _layout(table: Table, widths: list[float], room: float) -> tuple[float, list[float]]:
    """(size, heights of head and rows) at the largest size at which all rows fit; the last resort cuts texts."""
    size = _LARGEST
    while True:
        heights = _heights(table, widths, size)
        if sum(heights) <= room and (size <= _MIDDLE or _whole(table, widths, size)):
            break
        if size <= _SMALLEST:
            even = room / len(heights)  # rows that are short leave their room to the others
            spare = sum(max(0.0, even - one) for one in heights)
            over = sum(max(0.0, one - even) for one in heights)
            part = min(1.0, spare / over) if over else 0.0
            return size, [one if one <= even else even + (one - even) * part for one in heights]
        size -= 0.5
    stretch = min(room / sum(heights), 1.6)
    return size, [max(one, min(one * stretch, _TALLEST)) for one in heights]


def _whole(table: Table, widths: list[float], size: float) -> bool:
    """Whether no word of the head would be broken."""
    return all(
        fitting.em(piece.strip()) * size * _BOLD <= width - 2 * _PAD_X
        for head, width in zip(table.head, widths, strict=True)
        for piece in fitting.pieces(head)
    )


def _heights(table: Table, widths: list[float], size: float) -> list[float]:
    def tall(texts: tuple[str, ...]) -> float:
        return max(
            fitting.height(text, size, width - 2 * _PAD_X - size * _SAFE)
            for text, width in zip(texts, widths, strict=True)
        )

    rows = [table.head, *(tuple(cell.text for cell in row) for row in table.rows)]
    return [tall(row) + 2 * _PAD_Y for row in rows]


def _plain(made) -> None:
    properties = made._tbl.tblPr
    style = properties.find(qn("a:tableStyleId"))
    if style is None:
        style = etree.SubElement(properties, qn("a:tableStyleId"))
    style.text = _PLAIN
    made.horz_banding = False
    made.first_row = True


def _fill(target, cell: Cell, align: str, size: float, room: Box, is_head: bool, is_sum: bool) -> None:
    colour = "muted" if is_head else "ink"
    said = Said(text=cell.text, size=size, colour=colour, bold=cell.strong or is_sum)
    write(target.text_frame, [said], room.width, max(room.height, size * fitting.LINE), align, least=1.0)
    target.vertical_anchor = MSO_ANCHOR.MIDDLE
    target.margin_left = target.margin_right = Pt(_PAD_X)
    target.margin_top = target.margin_bottom = Pt(_PAD_Y)
    _line(target, "muted" if is_head or is_sum else "grid", top=is_sum)
    if cell.judgement:
        target.fill.solid()
        target.fill.fore_color.rgb = rgb(tint(cell.judgement, 0.2))
    elif is_head:
        target.fill.solid()
        target.fill.fore_color.rgb = rgb(tint("line", 0.07))
    else:
        target.fill.background()


def _line(target, colour: str, top: bool) -> None:
    """A thin line below a cell, and above it where it ends a table."""
    properties = target._tc.get_or_add_tcPr()
    for tag in ("a:lnT", "a:lnB") if top else ("a:lnB",):
        line = properties.makeelement(qn(tag), {"w": "9525", "cap": "flat", "cmpd": "sng", "algn": "ctr"})
        fill = etree.SubElement(line, qn("a:solidFill"))
        etree.SubElement(fill, qn("a:srgbClr")).set("val", COLOURS[colour].removeprefix("#").upper())
        properties.insert(0 if tag == "a:lnT" else len(properties.findall(qn("a:lnT"))), line)
