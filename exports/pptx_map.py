"""The map of coverage as native shapes: one shape a colour, so that a class can be recoloured with one click."""

from __future__ import annotations

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt

from charts.spec import Point, Shapes
from exports import fitting
from exports.pptx_base import Box, Said, paint, rectangle, rgb, text_box

_LEGEND = 150.0  # points on the right
_NAME = 11.0


def add_map(shapes, box: Box, chart: Shapes) -> None:
    """Cells, points with the names that have room, and the legend."""
    room = Box(box.x, box.y, box.width - _LEGEND, box.height)
    width = min(room.width, room.height * chart.aspect)
    height = width / chart.aspect
    frame = Box(room.x + (room.width - width) / 2, room.y + (room.height - height) / 2, width, height)
    for place, (fill, words) in enumerate(chart.legend):
        _cells(shapes, frame, chart, fill, words)
        _legend_line(shapes, box, place, words, fill)
    for point in chart.points:
        _point(shapes, frame, point)
    taken: list[Box] = []
    for point in chart.points:
        if point.name:
            _name(shapes, frame, box, point, taken)
    if chart.points:
        y = box.y + 24 + len(chart.legend) * 26
        _dot(shapes, box.x + box.width - _LEGEND + 19, y + 8, 8, chart.points_word)
        text_box(
            shapes,
            Box(box.x + box.width - _LEGEND + 36, y, _LEGEND - 36, 16),
            [Said(text=chart.points_word, size=12, colour="muted")],
            anchor=MSO_ANCHOR.MIDDLE,
        )


def _cells(shapes, frame: Box, chart: Shapes, fill: str, words: str) -> None:
    cells = [cell for cell in chart.cells if cell.fill == fill]
    if not cells:
        return
    scale = 12700  # EMU a point: whole EMU, so that neighbours meet

    def corner(x: float, y: float) -> tuple[int, int]:
        return round((frame.x + x * frame.width) * scale), round((frame.y + y * frame.height) * scale)

    first, *others = cells
    builder = shapes.build_freeform(*corner(first.x, first.y))
    for place, cell in enumerate([first, *others]):
        left, top = corner(cell.x, cell.y)
        right, bottom = corner(cell.x + cell.width, cell.y + cell.height)
        if place:
            builder.move_to(left, top)
        builder.add_line_segments([(right, top), (right, bottom), (left, bottom)], close=True)
    made = builder.convert_to_shape()
    made.name = words
    paint(made, fill)
    made.line.fill.solid()
    made.line.fill.fore_color.rgb = rgb("paper")
    made.line.width = Pt(0.25)


def _legend_line(shapes, box: Box, place: int, words: str, fill: str) -> None:
    x, y = box.x + box.width - _LEGEND + 10, box.y + 24 + place * 26
    rectangle(shapes, Box(x, y + 1, 18, 14), fill)
    text_box(
        shapes,
        Box(x + 26, y, _LEGEND - 36, 16),
        [Said(text=words, size=12, colour="muted")],
        anchor=MSO_ANCHOR.MIDDLE,
    )


def _point(shapes, frame: Box, point: Point) -> None:
    size = 9 if point.large else 5
    _dot(shapes, frame.x + point.x * frame.width, frame.y + point.y * frame.height, size, point.name)


def _dot(shapes, x: float, y: float, size: float, name: str) -> None:
    made = shapes.add_shape(MSO_SHAPE.OVAL, *Box(x - size / 2, y - size / 2, size, size).emu)
    if name:
        made.name = name
    paint(made, "line")
    made.line.fill.solid()
    made.line.fill.fore_color.rgb = rgb("paper")
    made.line.width = Pt(0.75)


def _name(shapes, frame: Box, whole: Box, point: Point, taken: list[Box]) -> None:
    """The name above its point, below it, or not at all where others stand."""
    width = fitting.em(point.name) * _NAME + 8
    height = _NAME * fitting.LINE + 1
    x = frame.x + point.x * frame.width - width / 2
    y = frame.y + point.y * frame.height
    x = min(max(x, whole.x), whole.x + whole.width - _LEGEND - width)
    for top in (y - 7 - height, y + 7):
        place = Box(x, top, width, height)
        if whole.y <= top and top + height <= whole.y + whole.height and not _hits(place, taken):
            taken.append(place)
            made = text_box(
                shapes, place, [Said(text=point.name, size=_NAME)], align="c", anchor=MSO_ANCHOR.MIDDLE
            )
            made.fill.solid()
            made.fill.fore_color.rgb = rgb("paper")
            return


def _hits(place: Box, taken: list[Box]) -> bool:
    return any(
        place.x < one.x + one.width
        and one.x < place.x + place.width
        and place.y < one.y + one.height
        and one.y < place.y + place.height
        for one in taken
    )
