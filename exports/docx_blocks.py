"""Blocks as a Word document in the look of official papers (A4, large body text, quiet tables).

Fonts are named as officials have them (FangSong for text, SimHei and KaiTi for headings); where a machine lacks
one, its program falls back to another Chinese font, since the east-asian font is named beside the latin one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import docx
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

from exports.blocks import Block, Document, Heading, PageBreak, Paragraph, Signature, Table, Title

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_BODY, _HEAD, _SUBHEAD, _TITLE = "FangSong", "SimHei", "KaiTi", "FZXiaoBiaoSong-B05S"
_LATIN = "Times New Roman"
_MOST_OF_PROPERTY = 255  # characters of a property of an Office file
_CELL, _CELL_HEAD = "Table cell", "Table head"
_INK = RGBColor(0x1C, 0x27, 0x33)
_SHORT, _LONG = Mm(210), Mm(297)
_LYING = Mm(20)  # margin of pages that lie on their side: annexes, mostly long tables
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


@dataclass(frozen=True)
class _Look:
    """Sizes of letters, distances and margins (top, bottom, left, right)."""

    body: Pt
    title: Pt
    table: Pt
    small: Pt
    caption: Pt
    number: Pt  # of the page
    line: Pt
    gap: float  # of the distances between blocks
    cell: Pt  # above and below a cell's text
    margins: tuple[Mm, Mm, Mm, Mm]


_OFFICIAL = _Look(
    body=Pt(16),
    title=Pt(22),
    table=Pt(10.5),
    small=Pt(9),
    caption=Pt(12),
    number=Pt(14),
    line=Pt(28),
    gap=1,
    cell=Pt(2),
    margins=(Mm(37), Mm(35), Mm(28), Mm(26)),
)
_COMPACT = _Look(
    body=Pt(9),
    title=Pt(16),
    table=Pt(8),
    small=Pt(7),
    caption=Pt(9.5),
    number=Pt(8),
    line=Pt(13),
    gap=0.3,
    cell=Pt(0.5),
    margins=(Mm(12), Mm(10), Mm(14), Mm(14)),
)


def docx_bytes(document: Document) -> bytes:
    """The document as .docx."""
    paper = docx.Document()
    look = _COMPACT if document.compact else _OFFICIAL
    _set_up(paper, document, look)
    for block in document.blocks:
        _write(paper, block, look)
    _origin(paper, document, look)
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _set_up(paper: Docx, document: Document, look: _Look) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = _SHORT, _LONG
    for side, width in zip(("top", "bottom", "left", "right"), look.margins, strict=True):
        setattr(section, f"{side}_margin", width)
    if document.compact:
        section.header_distance = section.footer_distance = look.margins[1] // 2
    normal = paper.styles["Normal"]
    _font(normal, _BODY, look.body)
    normal.paragraph_format.space_after = Pt(0)
    _speak_chinese(normal)
    for level, family in ((1, _HEAD), (2, _SUBHEAD)):
        style = paper.styles[f"Heading {level}"]
        _font(style, family, look.body)
        style.font.bold = False
        style.font.color.rgb = _INK
        style.paragraph_format.space_before = Pt(6 * look.gap)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.keep_with_next = True
    for name, family, align in ((_CELL, _BODY, "left"), (_CELL_HEAD, _HEAD, "centre")):
        style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, family, look.table)
        style.paragraph_format.alignment = _ALIGN[align]
        style.paragraph_format.space_before = style.paragraph_format.space_after = look.cell
    _page_number(section.footer.paragraphs[0], look)
    properties = paper.core_properties
    properties.title = document.name
    properties.author = "Jiceng"
    properties.language = "zh-CN" if document.language == "zh" else "en-GB"
    properties.created = properties.modified = datetime.now().replace(microsecond=0)
    properties.comments = _fitting(document.about)


def _fitting(about: Sequence[str]) -> str:
    """As many lines as a property holds; all of them stand in the paper itself."""
    found = ""
    for line in about:
        if len(found) + len(line) + 1 > _MOST_OF_PROPERTY:
            break
        found += f"{line}\n"
    return found.rstrip("\n")


def _font(styled, east_asian: str, size: Pt) -> None:
    """Latin and east-asian font: the latter alone decides how Chinese looks in Word, WPS and LibreOffice."""
    styled.font.name = _LATIN
    styled.font.size = size
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), east_asian)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _speak_chinese(style) -> None:
    """Chinese text is simplified Chinese: otherwise a fallback font may draw the letters of Taiwan or Japan."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(language)


def _write(paper: Docx, block: Block, look: _Look) -> None:
    match block:
        case Title():
            _title(paper, block, look)
        case Heading():
            paper.add_heading(block.text, block.level)
        case Paragraph():
            _paragraph(paper, block, look)
        case Table():
            _table(paper, block, look)
        case PageBreak(landscape=False):
            paper.add_page_break()
        case PageBreak():
            _lie_down(paper)
        case Signature():
            _signature(paper, block, look)


def _signature(paper: Docx, block: Signature, look: _Look) -> None:
    """Kept together with the paragraph before: a signature never stands on a page of its own."""
    before = paper.paragraphs[-1:]
    lines = [paper.add_paragraph(line) for line in block.lines]
    for line in lines:
        _body_line(line, "right", False, look)
    for paragraph in [*before, *lines[:-1]]:
        paragraph.paragraph_format.keep_with_next = True


def _lie_down(paper: Docx) -> None:
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _LONG, _SHORT
    for side in ("top", "bottom", "left", "right"):
        setattr(section, f"{side}_margin", _LYING)


def _title(paper: Docx, title: Title, look: _Look) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(12 * look.gap)
    run = paragraph.add_run(title.text)
    _font(run, _TITLE, look.title)
    if title.under:
        under = paper.add_paragraph(title.under)
        under.paragraph_format.space_after = Pt(14 * look.gap)
        _body_line(under, "centre", False, look)


def _paragraph(paper: Docx, block: Paragraph, look: _Look) -> None:
    paragraph = paper.add_paragraph()
    if block.lead:
        _font(paragraph.add_run(block.lead), _HEAD, look.body)
    paragraph.add_run(block.text)
    _body_line(paragraph, block.align, block.indent, look)


def _body_line(paragraph: DocxParagraph, align: str, indent: bool, look: _Look) -> None:
    # Not justified: a line before a long number, which is not broken, would be torn apart.
    paragraph.alignment = _ALIGN[align]
    format_ = paragraph.paragraph_format
    format_.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    format_.line_spacing = look.line
    if indent:
        format_.first_line_indent = Pt(2 * look.body.pt)


def _table(paper: Docx, block: Table, look: _Look) -> None:
    caption = paper.add_paragraph()
    caption.paragraph_format.space_before = Pt(10 * look.gap)
    caption.paragraph_format.space_after = Pt(4 * look.gap)
    caption.paragraph_format.keep_with_next = True
    _font(caption.add_run(block.caption), _HEAD, look.caption)
    table = paper.add_table(rows=1 + len(block.rows), cols=len(block.head))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    head, text_style = (paper.styles[name].style_id for name in (_CELL_HEAD, _CELL))
    section = paper.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    widths = [int(room * weight / sum(block.weights)) for weight in block.weights]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # Through the elements themselves: python-docx walks the whole table for every row that it is asked for, and all
    # styles for every paragraph that gets one.
    for index, (row, cells) in enumerate(zip(table._tbl.tr_lst, [block.head, *block.rows], strict=True)):
        _keep_whole(row, head=index == 0)
        for cell, text, width, align in zip(row.tc_lst, cells, widths, block.aligns, strict=True):
            cell.width = width
            paragraph = DocxParagraph(cell.p_lst[0], table)
            cell.p_lst[0].style = head if index == 0 else text_style
            if index and align != "left":
                paragraph.alignment = _ALIGN[align]
            paragraph.add_run(text)
            if index == 0:
                _shade(cell)
    note = paper.add_paragraph()
    note.paragraph_format.space_after = Pt(8 * look.gap)
    if look is _COMPACT:  # an empty paragraph between two tables is as high as its letters
        note.paragraph_format.line_spacing = Pt(look.small.pt + 2 if block.note else 3)
    if block.note:
        _font(note.add_run(block.note), _BODY, look.small)


def _keep_whole(row, head: bool) -> None:
    """A row is not torn over two pages; the head stands on each page again."""
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _shade(cell) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), "EEF2F6")
    cell.get_or_add_tcPr().append(shading)


def _page_number(paragraph: DocxParagraph, look: _Look) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", None), (None, "PAGE"), (" —", None)):
        run = paragraph.add_run(text or "")
        _font(run, "SimSun", look.number)
        if field:
            for kind, content in (("begin", None), (None, field), ("end", None)):
                element = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element.text = content
                run._r.append(element)


def _origin(paper: Docx, document: Document, look: _Look) -> None:
    """Where the document is from, in small letters at its end."""
    lines = [" · ".join(document.about)] if document.compact else document.about
    for number, line in enumerate(lines):
        paragraph = paper.add_paragraph()
        if number == 0:
            paragraph.paragraph_format.space_before = Pt(18 * look.gap)
        run = paragraph.add_run(line)
        _font(run, _BODY, look.small)
