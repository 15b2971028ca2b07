"""Blocks as a Word document in the look of official papers (A4, large body text, quiet tables).

Fonts are named as officials have them (FangSong for text, SimHei and KaiTi for headings); where a machine lacks
one, its program falls back to another Chinese font, since the east-asian font is named beside the latin one.
"""

from __future__ import annotations

import io
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

_BODY, _HEAD, _SUBHEAD, _TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
_LATIN = "Times New Roman"
_SIZE, _TITLE_SIZE, _TABLE_SIZE, _SMALL = Pt(16), Pt(22), Pt(10.5), Pt(9)
_LINE = Pt(28)
_CELL, _CELL_HEAD = "Table cell", "Table head"
_INK = RGBColor(0x1C, 0x27, 0x33)
_MARGINS = {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}
_SHORT, _LONG = Mm(210), Mm(297)
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def docx_bytes(document: Document) -> bytes:
    """The document as .docx."""
    paper = docx.Document()
    _set_up(paper, document)
    for block in document.blocks:
        _write(paper, block)
    _origin(paper, document)
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _set_up(paper: Docx, document: Document) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = _SHORT, _LONG
    for side, width in _MARGINS.items():
        setattr(section, f"{side}_margin", width)
    normal = paper.styles["Normal"]
    _font(normal, _BODY, _SIZE)
    normal.paragraph_format.space_after = Pt(0)
    _speak_chinese(normal)
    for level, family in ((1, _HEAD), (2, _SUBHEAD)):
        style = paper.styles[f"Heading {level}"]
        _font(style, family, _SIZE)
        style.font.bold = False
        style.font.color.rgb = _INK
        style.paragraph_format.space_before = Pt(6)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.keep_with_next = True
    for name, family, align in ((_CELL, _BODY, "left"), (_CELL_HEAD, _HEAD, "centre")):
        style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, family, _TABLE_SIZE)
        style.paragraph_format.alignment = _ALIGN[align]
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
    _page_number(section.footer.paragraphs[0])
    properties = paper.core_properties
    properties.title = document.name
    properties.author = "Jiceng"
    properties.language = "zh-CN" if document.language == "zh" else "en-GB"
    properties.created = properties.modified = datetime.now().replace(microsecond=0)
    properties.comments = "\n".join(document.about)


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


def _write(paper: Docx, block: Block) -> None:
    match block:
        case Title():
            _title(paper, block)
        case Heading():
            paper.add_heading(block.text, block.level)
        case Paragraph():
            _paragraph(paper, block)
        case Table():
            _table(paper, block)
        case PageBreak(landscape=False):
            paper.add_page_break()
        case PageBreak():
            _lie_down(paper)
        case Signature():
            for line in block.lines:
                _body_line(paper.add_paragraph(line), "right", indent=False)


def _lie_down(paper: Docx) -> None:
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _LONG, _SHORT


def _title(paper: Docx, title: Title) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(12)
    run = paragraph.add_run(title.text)
    _font(run, _TITLE, _TITLE_SIZE)
    if title.under:
        under = paper.add_paragraph(title.under)
        under.paragraph_format.space_after = Pt(14)
        _body_line(under, "centre", indent=False)


def _paragraph(paper: Docx, block: Paragraph) -> None:
    _body_line(paper.add_paragraph(block.text), block.align, block.indent)


def _body_line(paragraph: DocxParagraph, align: str, indent: bool) -> None:
    # Justified, as papers are; at the other ends only where it is asked for.
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if align == "left" and indent else _ALIGN[align]
    format_ = paragraph.paragraph_format
    format_.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    format_.line_spacing = _LINE
    if indent:
        format_.first_line_indent = Pt(2 * _SIZE.pt)


def _table(paper: Docx, block: Table) -> None:
    caption = paper.add_paragraph()
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(10), Pt(4)
    caption.paragraph_format.keep_with_next = True
    _font(caption.add_run(block.caption), _HEAD, Pt(12))
    table = paper.add_table(rows=1 + len(block.rows), cols=len(block.head))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    head, text_style = paper.styles[_CELL_HEAD], paper.styles[_CELL]
    section = paper.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    widths = [int(room * weight / sum(block.weights)) for weight in block.weights]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # Through the elements themselves: python-docx walks the whole table for every row that it is asked for.
    for index, (row, cells) in enumerate(zip(table._tbl.tr_lst, [block.head, *block.rows], strict=True)):
        _keep_whole(row, head=index == 0)
        for cell, text, width, align in zip(row.tc_lst, cells, widths, block.aligns, strict=True):
            cell.width = width
            paragraph = DocxParagraph(cell.p_lst[0], table)
            paragraph.style = head if index == 0 else text_style
            if index and align != "left":
                paragraph.alignment = _ALIGN[align]
            paragraph.add_run(text)
            if index == 0:
                _shade(cell)
    note = paper.add_paragraph()
    note.paragraph_format.space_after = Pt(8)
    if block.note:
        _font(note.add_run(block.note), _BODY, _SMALL)


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


def _page_number(paragraph: DocxParagraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", None), (None, "PAGE"), (" —", None)):
        run = paragraph.add_run(text or "")
        _font(run, "宋体", Pt(14))
        if field:
            for kind, content in (("begin", None), (None, field), ("end", None)):
                element = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element.text = content
                run._r.append(element)


def _origin(paper: Docx, document: Document) -> None:
    """Where the document is from, in small letters at its end."""
    for number, line in enumerate(document.about):
        paragraph = paper.add_paragraph()
        if number == 0:
            paragraph.paragraph_format.space_before = Pt(18)
        run = paragraph.add_run(line)
        _font(run, _BODY, _SMALL)
