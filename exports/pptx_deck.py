"""A deck as a pptx file: native charts, tables and shapes on 16:9 slides, with notes; no template file is needed."""

from __future__ import annotations

import io
from collections.abc import Callable

from lxml import etree
from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Pt

from charts.spec import Bars, Lines, Shapes
from exports import fitting
from exports.about import footer
from exports.office_fonts import SCREEN, in_drawing
from exports.pptx_base import (
    COLOURS,
    HEIGHT,
    MARGIN,
    WIDTH,
    Box,
    Said,
    rectangle,
    slide_number,
    text_box,
    tint,
    write,
)
from exports.pptx_chart import add_bars, add_lines
from exports.pptx_map import add_map
from exports.pptx_table import add_table
from exports.slides import Block, Deck, Points, Slide, Table, Tile, Tiles

MEDIA = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_TITLE_ONLY = 5  # of the layouts that python-pptx brings
_COVER = 38.0  # points of the cover's title
_OLD_WIDTH = 9144000  # EMU: those layouts are 4:3
_BODY_TOP, _BODY_END, _NOTE_END = 112.0, 486.0, 502.0
_FOOT = Box(MARGIN, 512, WIDTH - 2 * MARGIN - 60, 14)

Progress = Callable[[str, float], None]


def pptx_bytes(deck: Deck, progress: Progress = lambda what, share: None) -> bytes:
    """The file. ``progress`` is told the title of each slide and the share that is done."""
    made = Presentation()
    _prepare(made, deck)
    _cover(made, deck)
    for place, slide in enumerate(deck.slides):
        progress(slide.title, place / len(deck.slides))
        _slide(made, deck, slide, place + 2)
    out = io.BytesIO()
    made.save(out)
    progress("done", 1.0)
    return out.getvalue()


# -- the file ------------------------------------------------------------------------------------------------------


def _prepare(made: Presentation, deck: Deck) -> None:
    """16:9 with our faces and colours in the theme, so that slides added by hand look like the others."""
    made.slide_width, made.slide_height = Pt(WIDTH), Pt(HEIGHT)
    master = made.slide_masters[0]
    for holder in (master, *made.slide_layouts):
        for shape in holder.shapes:
            shape.left, shape.width = (
                int(shape.left * Pt(WIDTH) / _OLD_WIDTH),
                int(shape.width * Pt(WIDTH) / _OLD_WIDTH),
            )
    theme = master.part.part_related_by(RT.THEME)
    theme._blob = _themed(theme.blob)
    about, properties = deck.about, made.core_properties
    properties.title, properties.subject = deck.title, deck.subtitle
    properties.author = properties.last_modified_by = about.by
    properties.created = properties.modified = about.at
    properties.comments = footer(about, deck.language)
    properties.keywords = f"data {about.event}; definitions {about.definitions}"
    properties.language = "zh-CN" if deck.language == "zh" else "en"


def _themed(blob: bytes) -> bytes:
    root = etree.fromstring(blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for part in ("majorFont", "minorFont"):
        for tag, name in (("latin", SCREEN.latin), ("ea", SCREEN.east_asian), ("cs", SCREEN.latin)):
            root.find(f".//a:{part}/a:{tag}", space).set("typeface", name)
    accents = ("line", "above", "course", "below", "before", "muted")
    for number, name in enumerate(accents, 1):
        holder = root.find(f".//a:clrScheme/a:accent{number}", space)
        holder[0].set("val", COLOURS[name].removeprefix("#").upper())
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _cover(made: Presentation, deck: Deck) -> None:
    slide = made.slides.add_slide(made.slide_layouts[_TITLE_ONLY])
    rectangle(slide.shapes, Box(0, 0, 18, HEIGHT), "line", "band")
    box = Box(90, 150, WIDTH - 180, 100)
    one_line = _COVER * fitting.size_for([(deck.title, _COVER)], box.width, _COVER * fitting.LINE, 0.75)
    is_one = len(fitting.wrapped(deck.title, box.width / one_line)) == 1
    _place_title(slide, box, deck.title, one_line if is_one else _COVER, MSO_ANCHOR.BOTTOM)
    text_box(
        slide.shapes,
        Box(90, 264, WIDTH - 180, 34),
        [Said(text=deck.subtitle, size=22, colour="muted")],
        name="subtitle",
    )
    lines = [Said(text=line, size=13, colour="muted", after=3) for line in deck.cover]
    if deck.about.is_demo:
        lines[0] = Said(text=deck.cover[0], size=13, colour="below", bold=True, after=3)
    text_box(slide.shapes, Box(90, 390, WIDTH - 180, 110), lines, name="about")
    _notes(slide, deck.cover)


def _slide(made: Presentation, deck: Deck, said: Slide, number: int) -> None:
    slide = made.slides.add_slide(made.slide_layouts[_TITLE_ONLY])
    shapes = slide.shapes
    rectangle(shapes, Box(0, 26, 8, 36), "line", "band")
    _place_title(slide, Box(MARGIN, 24, WIDTH - 2 * MARGIN, 40), said.title, 27, MSO_ANCHOR.MIDDLE)
    text_box(
        shapes,
        Box(MARGIN, 66, WIDTH - 2 * MARGIN, 38),
        [Said(text=said.message, size=16, colour="line", bold=True)],
        name="message",
        least=0.75,
    )
    end = _BODY_END - 16 if said.note else _BODY_END
    body = Box(MARGIN, _BODY_TOP, WIDTH - 2 * MARGIN, end - _BODY_TOP)
    for box, block in zip(_boxes(body, said), said.blocks, strict=True):
        _draw(shapes, box, block)
    if said.note:
        text_box(
            shapes,
            Box(MARGIN, end + 3, WIDTH - 2 * MARGIN, _NOTE_END - end - 3),
            [Said(text=said.note, size=10.5, colour="muted")],
            name="note",
            least=0.7,
        )
    _foot(slide, deck, number)
    _notes(slide, said.notes)


def _place_title(slide, box: Box, title: str, size: float, anchor: MSO_ANCHOR) -> None:
    holder = slide.shapes.title
    holder.left, holder.top, holder.width, holder.height = box.emu
    write(holder.text_frame, [Said(text=title, size=size, bold=True)], box.width, box.height, "l", anchor)


def _foot(slide, deck: Deck, number: int) -> None:
    text_box(
        slide.shapes,
        _FOOT,
        [Said(text=footer(deck.about, deck.language), size=9.5, colour="muted")],
        anchor=MSO_ANCHOR.MIDDLE,
        name="footer",
    )
    made = slide.shapes.add_textbox(*Box(WIDTH - MARGIN - 50, 512, 50, 14).emu)
    made.name = "number"
    write(made.text_frame, [], 50, 14)
    frame = made.text_frame
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    slide_number(frame.paragraphs[0], number, 10)


def _notes(slide, paragraphs: tuple[str, ...]) -> None:
    if not paragraphs:
        return
    frame = slide.notes_slide.notes_text_frame
    frame.text = "\n".join(paragraphs)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            in_drawing(run._r.get_or_add_rPr())


# -- blocks --------------------------------------------------------------------------------------------------------


def _boxes(body: Box, said: Slide) -> list[Box]:
    """Side by side; four charts two by two."""
    n = len(said.blocks)
    if n == 4:
        return [box for row in body.rows(2, 8) for box in row.split((1, 1), 16)]
    return body.split(said.shares or (1,) * n, 18)


def _draw(shapes, box: Box, block: Block) -> None:
    if isinstance(block, Table):
        add_table(shapes, box, block)
    elif isinstance(block, Bars):
        add_bars(shapes, box, block, block.caption.title)
    elif isinstance(block, Lines):
        add_lines(shapes, box, block, block.caption.title)
    elif isinstance(block, Shapes):
        add_map(shapes, box, block)
    elif isinstance(block, Tiles):
        _tiles(shapes, box, block)
    elif isinstance(block, Points):
        text_box(shapes, box, [Said(text=line, size=18, after=8) for line in block.lines])


def _tiles(shapes, box: Box, block: Tiles) -> None:
    rows = -(-len(block.tiles) // 4)
    for place, row in enumerate(box.rows(max(rows, 1), 14)):
        for tile, cell in zip(
            block.tiles[place * 4 : place * 4 + 4], row.split((1, 1, 1, 1), 14), strict=False
        ):
            _tile(shapes, cell, tile)


def _tile(shapes, box: Box, tile: Tile) -> None:
    rectangle(shapes, box, tint("line", 0.05))
    rectangle(shapes, Box(box.x, box.y, 4, box.height), tile.judgement)
    inner = Box(box.x + 16, box.y + 10, box.width - 26, box.height - 18)
    text_box(
        shapes,
        Box(inner.x, inner.y, inner.width, 40),
        [Said(text=tile.name, size=14)],
        least=0.75,
    )
    text_box(
        shapes,
        Box(inner.x, inner.y + 42, inner.width, 40),
        [Said(text=tile.value, size=30, bold=True)],
        anchor=MSO_ANCHOR.MIDDLE,
    )
    below = [Said(text=tile.mark, size=14, colour=tile.judgement, bold=True)] if tile.mark else []
    below += [Said(text=line, size=13, colour="muted") for line in tile.lines]
    if below:
        text_box(shapes, Box(inner.x, inner.y + 86, inner.width, inner.height - 86), below, least=0.7)
