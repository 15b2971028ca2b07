"""The map of coverage as native shapes: one shape a colour, so that a class can be recoloured with one click."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import SubElement
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from charts.labelling import Wish, placed
from charts.spec import Area, Border, Path, Point, Shapes
from exports import fitting
from exports.pptx_base import Box, Said, paint, rectangle, rgb, text_box

_LEGEND = 132.0  # points on the right
_LINE = 22.0  # of the legend
_NAME, _TOWN = 11.0, 9.5
_LARGE, _SMALL = 9.0, 5.0
_EMU = 12_700  # a point: whole EMU, so that neighbours meet


def add_map(shapes, box: Box, chart: Shapes) -> None:
    """Cells, borders, points, the names that have room, legend and scale."""
    room = Box(box.x, box.y, box.width - _LEGEND, box.height)
    width = min(room.width, room.height * chart.aspect)
    height = width / chart.aspect
    frame = Box(room.x + (room.width - width) / 2, room.y + (room.height - height) / 2, width, height)
    words = dict(chart.legend)
    for area in chart.areas:
        _area(shapes, frame, area, words.get(area.fill, ""), chart.outlined)
    for border in chart.borders:
        _border(shapes, frame, border)
    for point in chart.points:
        _dot(shapes, *_at(frame, point), _LARGE if point.large else _SMALL, point.name)
    _names(shapes, frame, chart)
    _legend(shapes, Box(box.x + box.width - _LEGEND + 10, box.y, _LEGEND - 10, box.height), frame, chart)


def _at(frame: Box, place: Point) -> tuple[float, float]:
    return frame.x + place.x * frame.width, frame.y + place.y * frame.height


def _freeform(shapes, frame: Box, paths: Iterable[Path], close: bool):
    """One shape of several paths.

    The builder of python-pptx makes its frame; the paths are written into it here, because the builder looks at all
    corners for each of them: a large district would take minutes.
    """
    made = [
        [
            (round((frame.x + x * frame.width) * _EMU), round((frame.y + y * frame.height) * _EMU))
            for x, y in path
        ]
        for path in paths
    ]
    every = [corner for path in made for corner in path]
    left, top = (min(corner[axis] for corner in every) for axis in (0, 1))
    right, bottom = (max(corner[axis] for corner in every) for axis in (0, 1))
    builder = shapes.build_freeform(left, top)
    builder.add_line_segments([(right, bottom)], close=False)
    shape = builder.convert_to_shape()
    drawn = shape._element.find(f".//{qn('a:path')}")
    for child in list(drawn):
        drawn.remove(child)
    for path in made:
        for place, (x, y) in enumerate(path):
            step = SubElement(drawn, qn("a:lnTo" if place else "a:moveTo"))
            SubElement(step, qn("a:pt"), x=str(x - left), y=str(y - top))
        if close:
            SubElement(drawn, qn("a:close"))
    return shape


def _area(shapes, frame: Box, area: Area, words: str, outlined: bool) -> None:
    made = _freeform(shapes, frame, area.rings, close=True)
    made.name = words
    paint(made, area.fill)
    if outlined:
        made.line.fill.solid()
        made.line.fill.fore_color.rgb = rgb("paper")
        made.line.width = Pt(0.25)


def _border(shapes, frame: Box, border: Border) -> None:
    made = _freeform(shapes, frame, border.lines, close=False)
    made.name = border.words
    paint(made, "muted")
    made.fill.background()
    made.line.fill.solid()
    made.line.fill.fore_color.rgb = rgb("ink" if border.strong else "muted")
    made.line.width = Pt(1.5 if border.strong else 0.75)


def _dot(shapes, x: float, y: float, size: float, name: str) -> None:
    made = shapes.add_shape(MSO_SHAPE.OVAL, *Box(x - size / 2, y - size / 2, size, size).emu)
    if name:
        made.name = name
    paint(made, "line")
    made.line.fill.solid()
    made.line.fill.fore_color.rgb = rgb("paper")
    made.line.width = Pt(0.75)


def _names(shapes, frame: Box, chart: Shapes) -> None:
    """Centres on paper so that they are read on any colour; towns where these leave room."""
    centres = [point for point in chart.points if point.name]
    both = [(*_at(frame, one), one.name, _NAME) for one in centres]
    both += [(*_at(frame, one), one.name, _TOWN) for one in chart.names]
    wishes = [
        Wish(
            x - frame.x,
            y - frame.y,
            fitting.em(name) * size + 6,
            size * fitting.LINE + 1,
            _LARGE / 2 + 2 if size == _NAME else None,
        )
        for x, y, name, size in both
    ]
    dots = [
        (one.x * frame.width - _LARGE / 2, one.y * frame.height - _LARGE / 2, _LARGE, _LARGE)
        for one in centres
    ]
    for (_, _, name, size), wish, corner in zip(
        both, wishes, placed(wishes, frame.width, frame.height, dots), strict=True
    ):
        if corner is None:
            continue
        at_centre = size == _NAME
        said = Said(text=name, size=size, colour="ink" if at_centre else "muted", bold=not at_centre)
        place = Box(frame.x + corner[0], frame.y + corner[1], wish.width, wish.height)
        made = text_box(shapes, place, [said], align="c", anchor=MSO_ANCHOR.MIDDLE)
        if at_centre:
            made.fill.solid()
            made.fill.fore_color.rgb = rgb("paper")


def _legend(shapes, box: Box, frame: Box, chart: Shapes) -> None:
    """What is shown, its classes, what points and cells are, and the scale."""
    text_box(
        shapes,
        Box(box.x, box.y, box.width, 32),
        [Said(text=chart.legend_title, size=12, bold=True)],
        anchor=MSO_ANCHOR.BOTTOM,
    )
    y = box.y + 38
    for fill, words in chart.legend:
        rectangle(shapes, Box(box.x, y + 1, 18, 14), fill)
        _said(shapes, box, y, words)
        y += _LINE
    if chart.points:
        _dot(shapes, box.x + 9, y + 8, 8, chart.points_word)
        _said(shapes, box, y, chart.points_word)
        y += _LINE
    y += 6
    text_box(shapes, Box(box.x, y, box.width, 15), [Said(text=chart.cell_words, size=11, colour="muted")])
    share, words = chart.scale
    rectangle(shapes, Box(box.x, y + 34, share * frame.width, 3), "muted", words)
    text_box(shapes, Box(box.x, y + 18, box.width, 14), [Said(text=words, size=11, colour="muted")])


def _said(shapes, box: Box, y: float, words: str) -> None:
    text_box(
        shapes,
        Box(box.x + 26, y, box.width - 26, 16),
        [Said(text=words, size=12, colour="muted")],
        anchor=MSO_ANCHOR.MIDDLE,
    )
