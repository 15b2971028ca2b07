"""The rectification notice as a document: what was found, what is required by when, and a slip to answer on."""

from __future__ import annotations

from datetime import date

from exports.about import About, lines
from exports.blocks import Document, Heading, PageBreak, Paragraph, Signature, Table, Title
from exports.words import text
from metrics.supervision.deadlines import WORKING, day_kind
from metrics.supervision.notice import Notice
from metrics.units import MISSING
from metrics.wording import paper_words

_ROOM = "\n" * 5  # to write by hand


def document(notice: Notice, about: About, language: str) -> Document:
    """The notice on one page, and on the next the slip on which the unit writes measure and effect."""
    said = text(language)
    working = day_kind(notice.issued_on) == WORKING
    source = paper_words(notice.source, said)
    blocks = (
        Title(said("notice.title"), said("notice.number", number=notice.number)),
        Paragraph(said("notice.to", unit=notice.unit), indent=False),
        Paragraph(said("notice.found", day=_day(notice.issued_on, said), n=len(notice.items), source=source)),
        Table(
            caption=said("notice.problems"),
            head=[
                said(f"notice.{name}")
                for name in ("no", "kind", "severity", "what", "demand", "due", "responsible")
            ],
            rows=[
                [
                    str(place),
                    item.kind,
                    item.severity,
                    item.what,
                    item.demand or MISSING,
                    f"{item.due_on:%Y-%m-%d}",
                    item.responsible or MISSING,
                ]
                for place, item in enumerate(notice.items, 1)
            ],
            weights=[1.3, 2.1, 2.0, 3.2, 3.2, 2.5, 2.6],
            aligns=["centre", "left", "centre", "left", "left", "centre", "left"],
            note=_evidence(notice, said),
        ),
        Paragraph(
            said(
                "notice.answer_working" if working else "notice.answer_calendar",
                n=notice.answer_days,
                day=_day(notice.answer_by, said),
            )
        ),
        Paragraph(said("notice.recheck")),
        Signature((notice.bureau, _day(notice.issued_on, said))),
        PageBreak(),
        Heading(said("notice.slip")),
        Paragraph(said("notice.slip_of", number=notice.number, unit=notice.unit), indent=False),
        Table(
            caption=said("notice.slip_caption"),
            head=[said(f"notice.{name}") for name in ("no", "what", "measure", "effect", "mended_on")],
            rows=[[str(place), item.what, _ROOM, _ROOM, ""] for place, item in enumerate(notice.items, 1)],
            weights=[1.3, 3.5, 3.9, 3.5, 2.3],
            aligns=["centre", "left", "left", "left", "centre"],
        ),
        Signature((said("notice.sign_unit"), said("notice.sign_day"))),
    )
    return Document(
        name=said("notice.name", unit=notice.unit, day=f"{notice.issued_on:%Y%m%d}"),
        language=language,
        blocks=blocks,
        about=tuple(lines(about, language)),
    )


def _evidence(notice: Notice, said) -> str:
    named = [
        said("notice.evidence_of", no=place, names=said("notice.comma").join(item.evidence))
        for place, item in enumerate(notice.items, 1)
        if item.evidence
    ]
    return said("notice.evidence", files=said("notice.semicolon").join(named)) if named else ""


def _day(day: date, said) -> str:
    return said("notice.day", year=day.year, month=day.month, day=day.day)
