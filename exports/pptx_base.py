"""Slides: sizes, colours, and text that stays in its box. Lengths are points unless a name says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Pt

from charts.look import colours
from exports import fitting
from exports.office_fonts import in_drawing

WIDTH, HEIGHT = 960, 540  # 16:9
MARGIN = 40
COLOURS = colours(dark=False)
_ALIGN = {"l": PP_ALIGN.LEFT, "c": PP_ALIGN.CENTER, "r": PP_ALIGN.RIGHT}


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide."""

    x: float
    y: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """As python-pptx wants it."""
        return Pt(self.x), Pt(self.y), Pt(self.width), Pt(self.height)

    def split(self, shares: tuple[float, ...], gap: float) -> list[Box]:
        """The box in columns of these proportions."""
        room = self.width - gap * (len(shares) - 1)
        found, x = [], self.x
        for share in shares:
            width = room * share / sum(shares)
            found.append(Box(x, self.y, width, self.height))
            x += width + gap
        return found

    def rows(self, n: int, gap: float) -> list[Box]:
        """The box in rows of one height."""
        height = (self.height - gap * (n - 1)) / n
        return [Box(self.x, self.y + i * (height + gap), self.width, height) for i in range(n)]


@dataclass(frozen=True, kw_only=True)
class Said:
    """A paragraph: text, points, the name of a colour of ``charts.look``."""

    text: str
    size: float
    colour: str = "ink"
    bold: bool = False
    after: float = 0  # points of room below


def rgb(colour: str) -> RGBColor:
    """A colour by its meaning, or "#rrggbb"."""
    return RGBColor.from_string(COLOURS.get(colour, colour).removeprefix("#").upper())


def tint(colour: str, share: float = 0.13) -> str:
    """A light shade of a colour on paper, as "#rrggbb"."""
    given = COLOURS.get(colour, colour)
    parts = [round(255 - (255 - int(given[i : i + 2], 16)) * share) for i in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*parts)


def add_run(paragraph: _Paragraph, text: str, size: float, colour: str = "ink", bold: bool = False) -> None:
    """A run with its faces, size and colour."""
    run = paragraph.add_run()
    run.text = text
    dress(run.font, size, colour, bold)


def dress(font, size: float, colour: str = "ink", bold: bool = False) -> None:
    """Size, colour, weight and faces of a font object of python-pptx."""
    font.size = Pt(round(size * 2) / 2)
    font.bold = bold
    font.color.rgb = rgb(colour)
    in_drawing(font._rPr)


def write(
    frame: TextFrame,
    paragraphs: list[Said],
    width: float,
    room: float,
    align: str = "l",
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
    least: float = 0.5,
) -> None:
    """Write paragraphs into a frame of ``width`` x ``room``, smaller where they would not fit, cut at the least size."""
    frame.word_wrap = True
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    share = fitting.size_for(
        [(one.text, one.size) for one in paragraphs], width, room - _gaps(paragraphs), least
    )
    left = room - _gaps(paragraphs)
    for place, one in enumerate(paragraphs):
        size = one.size * share
        lines = max(1, int(left / (size * fitting.LINE) + 0.01))
        text = fitting.cut(one.text, size, width, lines)
        left -= fitting.height(text, size, width)
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = _ALIGN[align]
        paragraph.line_spacing = Pt(round(size * fitting.LINE, 1))  # exact: Chinese fonts differ widely
        if one.after:
            paragraph.space_after = Pt(one.after)
        add_run(paragraph, text, size, one.colour, one.bold)


def _gaps(paragraphs: list[Said]) -> float:
    return sum(one.after for one in paragraphs[:-1])


def text_box(
    shapes,
    box: Box,
    paragraphs: list[Said],
    align: str = "l",
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
    name: str = "",
    least: float = 0.5,
):
    """A text box whose text stays in it."""
    made = shapes.add_textbox(*box.emu)
    if name:
        made.name = name
    write(made.text_frame, paragraphs, box.width, box.height, align, anchor, least)
    return made


def rectangle(shapes, box: Box, fill: str, name: str = ""):
    """A plain rectangle without an outline or shadow."""
    made = shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu)
    if name:
        made.name = name
    paint(made, fill)
    return made


def paint(shape, fill: str) -> None:
    """One flat colour, no outline, no shadow."""
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(fill)
    shape.line.fill.background()
    style = shape._element.find(qn("p:style"))  # the theme's effects: a shadow
    if style is not None:
        shape._element.remove(style)


def slide_number(paragraph: _Paragraph, shown: int, size: float) -> None:
    """The number of the slide as a field, which follows when slides are moved."""
    field = paragraph._p.makeelement(
        qn("a:fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"}
    )
    properties = field.makeelement(qn("a:rPr"), {"lang": "zh-CN", "sz": str(int(size * 100))})
    fill = properties.makeelement(qn("a:solidFill"), {})
    colour = fill.makeelement(qn("a:srgbClr"), {"val": COLOURS["muted"].removeprefix("#").upper()})
    fill.append(colour)
    properties.append(fill)
    in_drawing(properties)
    field.append(properties)
    text = field.makeelement(qn("a:t"), {})
    text.text = str(shown)
    field.append(text)
    paragraph._p.append(field)
