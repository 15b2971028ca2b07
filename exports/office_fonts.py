"""Fonts of office files: a Latin and an East Asian face side by side, so that neither program has to guess.

Names are the English ones, which Office, WPS and LibreOffice all know; each falls back to what its machine has.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: What must come before the faces in the properties of a run.
_BEFORE = (
    "ln",
    "noFill",
    "solidFill",
    "gradFill",
    "blipFill",
    "pattFill",
    "grpFill",
    "effectLst",
    "effectDag",
)
_BEFORE += ("highlight", "uLnTx", "uLn", "uFillTx", "uFill")


@dataclass(frozen=True)
class Face:
    """A pair of faces that look well together."""

    latin: str
    east_asian: str


SCREEN = Face("Arial", "Microsoft YaHei")  # slides, sheets
BODY = Face("Times New Roman", "FangSong")  # papers
HEADING = Face("Arial", "SimHei")
EMPHASIS = Face("Times New Roman", "KaiTi")
TITLE = Face("Times New Roman", "SimSun")  # set bold


def in_drawing(properties: etree._Element, face: Face = SCREEN) -> None:
    """Set the faces in the properties of a run in DrawingML (``a:rPr``, ``a:defRPr``, ``a:endParaRPr``)."""
    for tag in ("latin", "ea", "cs", "sym"):
        for old in properties.findall(f"{{{_DRAWING}}}{tag}"):
            properties.remove(old)
    at = sum(1 for child in properties if etree.QName(child).localname in _BEFORE)
    for place, (tag, name) in enumerate((("latin", face.latin), ("ea", face.east_asian), ("cs", face.latin))):
        made = etree.Element(f"{{{_DRAWING}}}{tag}")
        made.set("typeface", name)
        properties.insert(at + place, made)


def in_word(properties: etree._Element, face: Face = BODY) -> None:
    """Set the faces in the properties of a run in WordprocessingML (``w:rPr``)."""
    tag = f"{{{_WORD}}}rFonts"
    fonts = properties.find(tag)
    if fonts is None:
        fonts = etree.Element(tag)
        style = properties.find(f"{{{_WORD}}}rStyle")
        properties.insert(0 if style is None else properties.index(style) + 1, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in (
        ("ascii", face.latin),
        ("hAnsi", face.latin),
        ("eastAsia", face.east_asian),
        ("cs", face.latin),
    ):
        fonts.set(f"{{{_WORD}}}{name}", value)
