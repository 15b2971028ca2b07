"""Two files of evidence in the demo: a photo of what was found, and a signed sheet on which points rest."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw
from sqlalchemy import Connection, func, select

from data.installation import Installation
from data.register import Register
from data.register import evidence as files
from data.register.book import key_of
from data.register.tables import appraisal_entry, evidence, finding
from metrics.principal import LOCAL

_INK, _PAPER, _WALL, _WOOD, _BOX = "#33404d", "#fbfaf6", "#e7ebe6", "#b08a5b", "#f3f1ea"
_LABELS = ("#4f7f6f", "#7c93b2", "#c28f5c")


@dataclass(frozen=True)
class File:
    """What proves a row of the register, and how it is made."""

    of: str
    key: str
    name: str
    draw: Callable[[], bytes]


def keep(register: Register, installation: Installation) -> bool:
    """Keep what is not there yet and was never taken away; whether anything was."""
    with register.reading() as connection:
        found = lacking(connection)
    for file in found:
        files.keep(register, installation, file.of, file.key, file.name, file.draw(), LOCAL.name)
    return bool(found)


def lacking(connection: Connection) -> list[File]:
    """What is not there yet and was never taken away."""
    return [file for file in _files(connection) if not _ever(connection, file)]


def _files(connection: Connection) -> list[File]:
    first = connection.execute(select(func.min(finding.c.finding))).scalar()
    e = appraisal_entry
    scored = connection.execute(
        select(*e.primary_key.columns)
        .where(e.c.staff_no == "", e.c.points.is_not(None))
        .order_by(*e.primary_key.columns)
        .limit(1)
    ).mappings()
    entry = scored.first()
    found = [] if first is None else [File("finding", str(first), "现场照片.png", photo)]
    return found if entry is None else [*found, File(e.name, key_of(e, entry), "签到表.pdf", sheet)]


def _ever(connection: Connection, file: File) -> bool:
    """Whether the row has, or had, evidence."""
    c = evidence.c
    return (
        connection.execute(select(c.evidence).where(c.of == file.of, c.key == file.key)).first() is not None
    )


def photo() -> bytes:
    """A drug shelf with empty places, drawn: PNG."""
    picture = Image.new("RGB", (960, 640), _WALL)
    draw = ImageDraw.Draw(picture)
    for shelf in range(3):
        floor = 200 + 190 * shelf
        draw.rectangle((60, floor, 900, floor + 16), fill=_WOOD)
        for place in range(7):
            if (shelf * 7 + place) % 5 == 3:
                continue  # what should stand here is missing
            left, high = 84 + 116 * place, 90 + 12 * ((shelf + place) % 3)
            draw.rectangle((left, floor - high, left + 84, floor - 1), fill=_BOX, outline=_INK, width=2)
            label = _LABELS[(shelf + place) % len(_LABELS)]
            draw.rectangle((left + 10, floor - high + 18, left + 74, floor - high + 44), fill=label)
    return _bytes(picture, "PNG")


def sheet() -> bytes:
    """A sign-in sheet, drawn: rows of lines and strokes on a page of A4, PDF."""
    page = Image.new("RGB", (827, 1169), _PAPER)
    draw = ImageDraw.Draw(page)
    draw.rectangle((250, 80, 577, 110), fill=_INK)
    for row in range(13):
        height = 170 + 64 * row
        draw.line((90, height, 737, height), fill=_INK, width=2)
        if row and row % 4:
            for stroke in range(6 + row % 5):
                left = 330 + 22 * stroke
                draw.arc((left, height - 44, left + 30, height - 14), 20 * stroke, 200 + 20 * stroke, _INK, 3)
    for column in (90, 180, 310, 540, 737):
        draw.line((column, 170, column, 170 + 64 * 12), fill=_INK, width=2)
    return _bytes(page, "PDF")


def _bytes(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    # A paper that told the hour in which it was made would be another one each time.
    picture.save(out, form, creationDate=time.gmtime(0), modDate=time.gmtime(0))
    return out.getvalue()
